package lanewise.infer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final int networkOutputs;
    private final Map<Value, Long> offsets = new HashMap<>();
    private final long floats;
    private final long imageFloats;
    private final long largestNeed;

    /** Places what the operations of {@code program} read and write, one after the other. */
    Arena(Program program, int networkInputs, int networkOutputs) {
        this.networkInputs = networkInputs;
        this.networkOutputs = networkOutputs;
        List<Op> ops = program.ops();
        List<Life> lives = lives(program);
        lives.sort((a, b) -> Long.compare(b.floats, a.floats));
        floats = place(lives, false);
        imageFloats = place(lives, true);
        largestNeed = largestNeed(ops);
    }

    /** Gives the values of each image, or the others, their places in one array; its length. */
    private long place(List<Life> bySize, boolean ofEach) {
        List<Life> placed = new ArrayList<>();
        long end = 0;
        for (Life life : bySize) {
            if (life.root.isOfEach() != ofEach) {
                continue;
            }
            long offset = lowestGap(life, placed);
            offsets.put(life.root, offset);
            placed.add(life);
            end = Math.max(end, offset + life.floats);
        }
        if (end > Integer.MAX_VALUE - FIRST) {
            throw new IllegalArgumentException("activations need " + end + " floats, more than the " + Integer.MAX_VALUE
                    + " a Java array can hold: take a smaller batch");
        }
        return end;
    }

    private static List<Life> lives(Program program) {
        Map<Value, int[]> spans = new LinkedHashMap<>();
        for (int i = 0; i < program.ops().size(); i++) {
            Op op = program.ops().get(i);
            touch(spans, op.output, i, program);
            for (Value input : op.reads()) {
                touch(spans, input, i, program);
            }
        }
        List<Life> lives = new ArrayList<>();
        spans.forEach((root, span) -> lives.add(new Life(root, span[0], span[1], rounded(root))));
        return lives;
    }

    /** What is made or read for each image must be there for all of them: while all steps of that part of the program run. */
    private static void touch(Map<Value, int[]> spans, Value value, int step, Program program) {
        if (value.batch() != null) {
            touch(spans, value.batch(), program.partBegin(step), program);
            touch(spans, value.batch(), program.partEnd(step) - 1, program);
        } else if (value.kind() == Value.Kind.ARENA) {
            spans.computeIfAbsent(value.root(), r -> new int[] {step, step})[1] = step;
        }
    }

    private static long rounded(Value root) {
        return (root.length + GRAIN - 1L) / GRAIN * GRAIN;
    }

    private long lowestGap(Life life, List<Life> placed) {
        List<Life> neighbours = new ArrayList<>();
        for (Life other : placed) {
            if (life.overlaps(other)) {
                neighbours.add(other);
            }
        }
        neighbours.sort((a, b) -> Long.compare(offsets.get(a.root), offsets.get(b.root)));
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
            Set<Value> roots = new HashSet<>();
            roots.add(op.output.root());
            for (Value input : op.reads()) {
                roots.add(input.root());
            }
            long need = 0;
            for (Value root : roots) {
                need += root.kind() == Value.Kind.ARENA ? rounded(root) : 0;
            }
            most = Math.max(most, need);
        }
        return most;
    }

    /** What the batch's values take of the one array, behind {@link #FIRST}. */
    int floats() {
        return (int) floats;
    }

    /** What those of an image take of another one, where the program runs image by image. */
    int imageFloats() {
        return (int) imageFloats;
    }

    /** The most floats that one operation reads and writes in it. */
    long largestNeed() {
        return largestNeed;
    }

    /** Where a value lies. */
    Place place(Value value) {
        if (value.kind() == Value.Kind.ARENA) {
            Value root = value.batch() == null ? value.root() : value.batch().root();
            int array = root.isOfEach() ? 1 + networkInputs + networkOutputs : 0;
            return new Place(array, (int) (FIRST + offsets.get(root) + value.channelOffset()), value.step());
        }
        int first = value.kind() == Value.Kind.INPUT ? 1 : 1 + networkInputs;
        return new Place(first + value.number(), value.channelOffset(), value.step());
    }
}
