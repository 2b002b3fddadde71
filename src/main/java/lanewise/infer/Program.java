package lanewise.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lanewise.layer.Network;

/**
 * Operations in the order in which they run. The first layers of a network run image by image where a batch's activations would come
 * from memory and those of an image, with the filters of these layers, stay in a cache:
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
final class Program {

    /** Floats of filters and of the activations of an image that a part may have together: 12 MB. */
    static final long NEAR = 12 << 18;

    /** Floats that a layer of a batch must read and write, at least, for it to pay: 24 MB. */
    static final long FAR = 24 << 18;

    private final long near;
    private final long far;
    private List<Op> ops;
    private int[] imageEnds = {};
    /** Who owns the memory of the values of the batch between the parts. */
    private final Set<Value> ends = new HashSet<>();

    /** The program of a network, image by image where that pays within the limits, which are {@link #NEAR} and {@link #FAR}. */
    Program(Network network, PredictorOptions options, long near, long far) {
        this.near = near;
        this.far = far;
        ops = Lowering.of(network, options);
        if (options.batch() > 1 && isFar(0, ops.size())) {
            cut(Lowering.ofEach(network, options));
        }
    }

    /** All operations. */
    List<Op> ops() {
        return ops;
    }

    /** The ends, rising, of the first parts, each of which runs for one image of the batch after the other. */
    int[] imageEnds() {
        return imageEnds;
    }

    /** How many operations run image by image. */
    int imageSteps() {
        return imageEnds.length == 0 ? 0 : imageEnds[imageEnds.length - 1];
    }

    /** Where the part that operation {@code i} is in begins. */
    int partBegin(int i) {
        int begin = 0;
        for (int end : imageEnds) {
            begin = end <= i ? end : begin;
        }
        return begin;
    }

    /** Where it ends. */
    int partEnd(int i) {
        for (int end : imageEnds) {
            if (end > i) {
                return end;
            }
        }
        return ops.size();
    }

    /** Puts operations of an image in the place of the batch's, part after part, each as long as can be. */
    private void cut(List<Op> each) {
        int from = 0; // where the part begins, of the batch and of the image
        int eachFrom = 0;
        int to = 0; // and where it may end, none yet if that is there, too
        int eachTo = 0;
        for (int i = 1; i < ops.size(); i++) {
            Value value = onlyValue(ops, i);
            int same = value == null ? 0 : indexOf(value, each);
            if (same == 0) {
                continue;
            }
            if (to > from && !isNear(each.subList(eachFrom, same))) {
                end(to, each, eachTo);
                from = to;
                eachFrom = eachTo;
            }
            if (!isNear(each.subList(eachFrom, same))) {
                break;
            }
            Value batch = onlyValue(each, same).batch(); // of an earlier part, whose memory it shares
            boolean alike = batch == null ? !ends.contains(value.root()) : batch.root() == value.root(); // the batch's do, too, or neither
            if (isFar(Math.max(from, to), i) && alike) {
                to = i;
                eachTo = same;
            }
        }
        if (to > from) {
            end(to, each, eachTo);
        }
        int images = imageSteps();
        List<Op> all = new ArrayList<>(each.subList(0, images));
        all.addAll(ops.subList(images == 0 ? 0 : to, ops.size()));
        ops = all;
    }

    private void end(int to, List<Op> each, int eachTo) {
        Value whole = onlyValue(ops, to);
        onlyValue(each, eachTo).becomeImageOf(whole);
        ends.add(whole.root());
        imageEnds = Arrays.copyOf(imageEnds, imageEnds.length + 1);
        imageEnds[imageEnds.length - 1] = eachTo;
    }

    /** Before which operation the value of the same node is all that is left; 0 if before none. */
    private static int indexOf(Value value, List<Op> each) {
        for (int i = each.size() - 1; i > 0; i--) {
            Value only = onlyValue(each, i);
            if (only != null && only.node == value.node) {
                return i;
            }
        }
        return 0;
    }

    /** The value that is all that operations from {@code i} on read of what is made before, if it is the program's own; or null. */
    private static Value onlyValue(List<Op> ops, int i) {
        Set<Value> made = new HashSet<>(); // a concatenation that is written in place is made by those of its parts
        for (Op op : ops.subList(0, i)) {
            if (op.output.kind() != Value.Kind.ARENA) {
                return null;
            }
            for (Value value = op.output; value != null; value = value.home()) {
                made.add(value);
            }
        }
        Set<Value> read = new HashSet<>();
        for (Op op : ops.subList(i, ops.size())) {
            for (Value value : op.reads()) {
                if (made.contains(value) || value.kind() == Value.Kind.INPUT) {
                    read.add(value);
                }
            }
        }
        Value value = read.size() == 1 ? read.iterator().next() : null;
        return value != null && value.kind() == Value.Kind.ARENA && value.root().length == value.length ? value : null;
    }

    /** Whether filters and activations stay in a cache from image to image; the filters, read for each, may be two thirds of it. */
    private boolean isNear(List<Op> part) {
        long filters = 0;
        long activations = 0;
        for (Op op : part) {
            filters += op.filterFloats();
            activations = Math.max(activations, activations(op));
        }
        return filters <= near / 3 * 2 && filters + activations <= near;
    }

    /** Whether one of these operations of the batch reads and writes so much that it pays. */
    private boolean isFar(int begin, int end) {
        for (Op op : ops.subList(begin, end)) {
            if (activations(op) >= far) {
                return true;
            }
        }
        return false;
    }

    /** What an operation reads and writes, in floats. */
    private static long activations(Op op) {
        long floats = op.output.length;
        for (Value input : op.reads()) {
            floats += input.length;
        }
        return floats;
    }
}
