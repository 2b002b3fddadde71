package lanewise.train;

import java.util.List;
import java.util.stream.IntStream;
import lanewise.layer.Shape;

/**
 * Examples by number: an input and its target each. Any number of threads may read, and the same number gives the same example.
 */
public interface Dataset {

    /**
     * Two parts that share no example.
     *
     * @param first for instance to train with
     * @param second for instance to validate with
     */
    record Split(Dataset first, Dataset second) {}

    /** The number of examples. */
    int size();

    /** The shape of one input. */
    Shape inputShape();

    /** The floats of one target: 1 for the number of a class. */
    int targetSize();

    /** The names of the classes, if targets are numbers of classes; else empty. */
    List<String> classNames();

    /**
     * Writes one example.
     *
     * @param index from 0 to {@link #size} - 1
     * @param x {@code inputShape().size()} elements are overwritten, from {@code xOffset}
     * @param target {@link #targetSize} elements are overwritten, from {@code targetOffset}
     * @throws IndexOutOfBoundsException if the index is out of range, or an example leaves an array
     */
    void read(int index, float[] x, int xOffset, float[] target, int targetOffset);

    /**
     * Writes the target of one example, for those who need no input. Implementations do so without reading one; this default reads it
     * and drops it.
     *
     * @throws IndexOutOfBoundsException as {@link #read}
     */
    default void readTarget(int index, float[] target, int targetOffset) {
        read(index, new float[inputShape().size()], 0, target, targetOffset);
    }

    /**
     * The examples {@code from} (inclusive) to {@code to} (exclusive), renumbered from 0. A view, not a copy.
     *
     * @throws IllegalArgumentException if not {@code 0 <= from < to <= size()}
     */
    default Dataset subset(int from, int to) {
        if (from < 0 || from >= to || to > size()) {
            throw new IllegalArgumentException("subset is from " + from + " to " + to + ", must be at least one of " + size()
                    + " examples");
        }
        return new Selection(this, IntStream.range(from, to).toArray());
    }

    /**
     * Two parts drawn at random. With classes (there are {@link #classNames} and one target) they are stratified: each class is shared
     * out by the same fraction, to one example. The same seed gives the same parts. Both are views in ascending order of the numbers
     * here.
     *
     * @param fraction of the first part, greater than 0 and less than 1; it gets {@code fraction * size()} examples, rounded
     * @throws IllegalArgumentException if the fraction is out of range or would leave a part empty
     */
    default Split split(double fraction, long seed) {
        Hyper.positive(Hyper.fraction(fraction, "fraction"), "fraction");
        Selection.Halves halves = Selection.split(this, fraction, seed);
        if (halves.first().length == 0 || halves.second().length == 0) {
            throw new IllegalArgumentException("fraction is " + fraction + ": of " + size() + " examples, the parts would get "
                    + halves.first().length + " and " + halves.second().length);
        }
        return new Split(new Selection(this, halves.first()), new Selection(this, halves.second()));
    }
}
