package lanewise.infer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.internal.simd.Simd;

/**
 * Places of all values of a program. Values that are not the caller's lie in one array, and those that do not live at the same time
 * share memory: the largest is placed first, each in the lowest gap that is free while it lives.
 */
final class Arena {

    /** Where in the array the first value begins. */
    static final int FIRST = Simd.lineFrom(0);

    /** Values begin at whole cache lines of each other. */
    private static final int GRAIN = 16;

    private record Life(Value root, int birth, int death, long floats) {
        boolean overlaps(Life other) {
            return birth <= other.death && other.birth <= death;
        }
    }

    private final int networkInputs;
    private final Map<Value, Long> offsets = new HashMap<>();
    private final long floats;
    private final long largestNeed;

    /** Places what {@code ops} read and write, one after the other. */
    Arena(List<Op> ops, int networkInputs) {
        this.networkInputs = networkInputs;
        List<Life> lives = lives(ops);
        List<Life> bySize = new ArrayList<>(lives);
        bySize.sort(Comparator.comparingLong(Life::floats).reversed());
        List<Life> placed = new ArrayList<>();
        long end = 0;
        for (Life life : bySize) {
            long offset = lowestGap(life, placed);
            offsets.put(life.root, offset);
            placed.add(life);
            end = Math.max(end, offset + life.floats);
        }
        if (end > Integer.MAX_VALUE - FIRST) {
            throw new IllegalArgumentException("activations need " + end + " floats, more than the " + Integer.MAX_VALUE
                    + " a Java array can hold: take a smaller batch");
        }
        floats = end;
        largestNeed = largestNeed(ops);
    }

    private static List<Life> lives(List<Op> ops) {
        Map<Value, int[]> spans = new LinkedHashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            touch(spans, ops.get(i).output, i);
            for (Value input : ops.get(i).reads()) {
                touch(spans, input, i);
            }
        }
        List<Life> lives = new ArrayList<>();
        spans.forEach((root, span) -> lives.add(new Life(root, span[0], span[1], rounded(root))));
        return lives;
    }

    private static void touch(Map<Value, int[]> spans, Value value, int step) {
        Value root = value.root();
        if (root.kind() == Value.Kind.ARENA) {
            spans.computeIfAbsent(root, r -> new int[] {step, step})[1] = step;
        }
    }

    private static long rounded(Value root) {
        return (root.length + GRAIN - 1L) / GRAIN * GRAIN;
    }

    private long lowestGap(Life life, List<Life> placed) {
        List<Life> neighbours = placed.stream().filter(life::overlaps).sorted(Comparator.comparing(l -> offsets.get(l.root))).toList();
        long at = 0;
        for (Life neighbour : neighbours) {
            long begin = offsets.get(neighbour.root);
            if (begin - at >= life.floats) {
                return at;
            }
            at = Math.max(at, begin + neighbour.floats);
        }
        return at;
    }

    /** The most that one operation reads and writes, the caller's arrays aside: none of these operations can do with less. */
    private static long largestNeed(List<Op> ops) {
        long most = 0;
        for (Op op : ops) {
            List<Value> roots = new ArrayList<>(op.reads().stream().map(Value::root).toList());
            roots.add(op.output.root());
            most = Math.max(most, roots.stream().distinct().filter(root -> root.kind() == Value.Kind.ARENA).mapToLong(Arena::rounded)
                    .sum());
        }
        return most;
    }

    /** What the values take of the one array, behind {@link #FIRST}. */
    int floats() {
        return (int) floats;
    }

    /** The most floats that one operation reads and writes in it. */
    long largestNeed() {
        return largestNeed;
    }

    /** Where a value lies. */
    Place place(Value value) {
        if (value.kind() == Value.Kind.ARENA) {
            return new Place(0, (int) (FIRST + offsets.get(value.root()) + value.channelOffset()));
        }
        int first = value.kind() == Value.Kind.INPUT ? 1 : 1 + networkInputs;
        return new Place(first + value.number(), value.channelOffset());
    }
}
