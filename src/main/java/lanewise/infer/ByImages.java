package lanewise.infer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.layer.Network;
import lanewise.layer.Node;

/**
 * Lets the first layers of a network run image by image where a batch's activations would come from memory and those of an image,
 * with the filters of these layers, stay in a cache:
 *
 * <pre>
 * for each image:  stem, stage 1          one arena for all images; the last value of each is kept
 * for each image:  a block of stage 2
 * for the batch:   the rest               large filters, read once for all images
 * </pre>
 *
 * <p>Several threads take an image each, and need not wait for each other within a part. A part can end where one value is all that
 * later layers read (NOTES 112).
 */
final class ByImages {

    /**
     * How much a part may have, in floats.
     *
     * @param near of filters and of the activations of an image together
     * @param filters of filters: they are read for each image, where a batch reads them once
     * @param far that a layer of a batch must read and write, at least, for it to pay
     */
    record Limits(long near, long filters, long far) {
        /** 12, 8 and 24 MB. */
        static final Limits USUAL = new Limits(12 << 18, 8 << 18, 24 << 18);
    }

    /**
     * A place where a part can end.
     *
     * @param batch operations of the batch before it
     * @param each operations of an image before it
     * @param value all that is read after it
     * @param image the same for an image
     */
    private record Cut(int batch, int each, Value value, Value image) {}

    private final List<Op> batch;
    private final List<Op> each;
    private final List<Integer> ends = new ArrayList<>();
    private final Limits limits;
    /** Where the parts so far end. */
    private Cut last = new Cut(0, 0, null, null);

    private ByImages(List<Op> batch, List<Op> each, Limits limits) {
        this.batch = batch;
        this.each = each;
        this.limits = limits;
    }

    /** The program of a network, image by image where that pays. */
    static Program of(Network network, PredictorOptions options, Limits limits) {
        List<Op> batch = Lowering.of(network, options);
        if (options.batch() == 1 || batch.stream().noneMatch(op -> activations(op) >= limits.far)) {
            return new Program(batch, List.of());
        }
        return new ByImages(batch, Lowering.ofEach(network, options), limits).cut();
    }

    private Program cut() {
        Cut good = null;
        for (Cut cut : cuts()) {
            if (good != null && !isNear(cut)) {
                end(good);
                good = null;
            }
            if (!isNear(cut)) {
                break;
            }
            boolean pays = batch.subList((good == null ? last : good).batch, cut.batch).stream()
                    .anyMatch(op -> activations(op) >= limits.far);
            if (pays && hasRoom(cut)) {
                good = cut;
            }
        }
        if (good != null) {
            end(good);
        }
        List<Op> ops = new ArrayList<>(each.subList(0, last.each));
        ops.addAll(batch.subList(last.batch, batch.size()));
        return new Program(ops, List.copyOf(ends));
    }

    /** An image lies in its batch, and what shares its memory there, too. */
    private static boolean hasRoom(Cut cut) {
        return cut.image.batch() == null || cut.image.batch().root() == cut.value.root();
    }

    private void end(Cut cut) {
        cut.image.becomeImageOf(cut.value);
        ends.add(cut.each);
        last = cut;
    }

    private List<Cut> cuts() {
        Map<Node, Integer> ofEach = new HashMap<>();
        for (int i = 1; i < each.size(); i++) {
            Value value = onlyValue(each, i);
            if (value != null) {
                ofEach.put(value.node, i);
            }
        }
        List<Cut> cuts = new ArrayList<>();
        for (int i = 1; i < batch.size(); i++) {
            Value value = onlyValue(batch, i);
            Integer same = value == null ? null : ofEach.get(value.node);
            if (same != null) {
                cuts.add(new Cut(i, same, value, onlyValue(each, same)));
            }
        }
        return cuts;
    }

    /** The value that is all that operations from {@code i} on read of what is made before, if it is the program's own; or null. */
    private static Value onlyValue(List<Op> ops, int i) {
        Set<Value> read = ops.subList(i, ops.size()).stream().flatMap(op -> op.reads().stream()).collect(Collectors.toSet());
        ops.subList(i, ops.size()).forEach(op -> read.remove(op.output));
        boolean inner = ops.subList(0, i).stream().allMatch(op -> op.output.kind() == Value.Kind.ARENA);
        Value value = read.size() == 1 ? read.iterator().next() : null;
        return value != null && inner && value.kind() == Value.Kind.ARENA && value.root().length == value.length ? value : null;
    }

    /** Whether filters and activations up to {@code cut} stay in a cache from image to image. */
    private boolean isNear(Cut cut) {
        List<Op> part = each.subList(last.each, cut.each);
        long filters = part.stream().mapToLong(Op::filterFloats).sum();
        long activations = part.stream().mapToLong(ByImages::activations).max().orElse(0);
        return filters <= limits.filters && filters + activations <= limits.near;
    }

    /** What an operation reads and writes, in floats. */
    private static long activations(Op op) {
        return Stream.concat(op.reads().stream(), Stream.of(op.output)).distinct().mapToLong(value -> value.length).sum();
    }
}
