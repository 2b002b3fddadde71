package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lanewise.internal.Checks;

/**
 * The sizes of one example, without the batch, channels last: {@code 28x28x1} for a grey picture (H x W x C), {@code 160x2} for a
 * stereo signal (W x C), {@code 10} for a vector of features. Also the sizes of a parameter.
 *
 * @param dims the sizes, outermost first, each at least 1
 */
public record Shape(List<Integer> dims) {

    /**
     * Checks every size.
     *
     * @throws IllegalArgumentException if there is no size, one is below 1, or the product is more than an array can hold
     */
    public Shape {
        dims = Checks.copy(dims, "dims");
        if (dims.isEmpty()) {
            throw new IllegalArgumentException("a shape has at least one size");
        }
        int[] sizes = new int[dims.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Checks.atLeast(dims.get(i), 1, "size");
        }
        Checks.product("shape", sizes);
    }

    /** The shape with these sizes, outermost first. */
    public static Shape of(int... dims) {
        List<Integer> list = new ArrayList<>(Checks.notNull(dims, "dims").length);
        for (int size : dims) {
            list.add(size);
        }
        return new Shape(list);
    }

    /** How many sizes there are. */
    public int rank() {
        return dims.size();
    }

    /** The size at {@code axis}, counted from 0. */
    public int dim(int axis) {
        return dims.get(axis);
    }

    /** The last size. */
    public int channels() {
        return dims.getLast();
    }

    /** The product of all sizes but the last: the places that each hold {@link #channels} values. */
    public int positions() {
        return size() / channels();
    }

    /** The product of all sizes, in elements, not bytes. */
    public int size() {
        int size = 1;
        for (int axis = 0; axis < dims.size(); axis++) { // without an iterator: it is asked in every step of training
            size *= dims.get(axis);
        }
        return size;
    }

    /** This shape with another last size. */
    public Shape withChannels(int channels) {
        List<Integer> changed = new ArrayList<>(dims);
        changed.set(changed.size() - 1, channels);
        return new Shape(changed);
    }

    /** The sizes joined by x: {@code 28x28x1}. */
    @Override
    public String toString() {
        return dims.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
