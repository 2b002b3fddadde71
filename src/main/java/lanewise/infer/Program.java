package lanewise.infer;

import java.util.List;

/**
 * Operations in the order in which they run.
 *
 * @param ops all of them
 * @param imageEnds the ends, rising, of the first parts, each of which runs for one image of the batch after the other
 */
record Program(List<Op> ops, List<Integer> imageEnds) {

    /** Where the part that operation {@code i} is in begins. */
    int partBegin(int i) {
        return imageEnds.stream().filter(end -> end <= i).reduce(0, Math::max);
    }

    /** Where it ends. */
    int partEnd(int i) {
        return imageEnds.stream().filter(end -> end > i).findFirst().orElse(ops.size());
    }
}
