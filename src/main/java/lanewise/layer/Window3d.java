package lanewise.layer;

import java.util.Arrays;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PoolShape;

/**
 * The window that a convolution or a pooling slides over a volume, in elements; three numbers each, for depth, height and width.
 *
 * @param taps elements of the window
 * @param strides elements from one output to the next
 * @param padBefore padding in front, above and left
 * @param padAfter padding behind, below and right
 * @param dilations elements from one tap to the next
 */
public record Window3d(List<Integer> taps, List<Integer> strides, List<Integer> padBefore, List<Integer> padAfter,
                       List<Integer> dilations) {

    private static final List<Integer> ONES = List.of(1, 1, 1);
    private static final List<Integer> ZEROS = List.of(0, 0, 0);

    /** Checks every size. */
    public Window3d {
        taps = three(taps, 1, "taps");
        strides = three(strides, 1, "strides");
        padBefore = three(padBefore, 0, "padBefore");
        padAfter = three(padAfter, 0, "padAfter");
        dilations = three(dilations, 1, "dilations");
    }

    /** A list of three numbers that are at least {@code least}. */
    static List<Integer> three(List<Integer> values, int least, String name) {
        List<Integer> copy = Checks.copy(values, name);
        if (copy.size() != 3) {
            throw new IllegalArgumentException(name + " is " + copy + ", must be three numbers: depth, height and width");
        }
        for (int value : copy) {
            if (value < least) {
                throw new IllegalArgumentException(name + " is " + copy + ", each must be at least " + least);
            }
        }
        return copy;
    }

    /** So many taps in depth, height and width, or one number for all three; stride 1, no padding. */
    public static Window3d of(int... taps) {
        List<Integer> each = taps.length == 1 ? List.of(taps[0], taps[0], taps[0]) : Arrays.stream(taps).boxed().toList();
        return new Window3d(each, ONES, ZEROS, ZEROS, ONES);
    }

    /** The same with other strides. */
    public Window3d withStrides(int depth, int height, int width) {
        return new Window3d(taps, List.of(depth, height, width), padBefore, padAfter, dilations);
    }

    /** The same with padding, both ends of an axis alike. */
    public Window3d withPadding(int depth, int height, int width) {
        List<Integer> both = List.of(depth, height, width);
        return withPadding(both, both);
    }

    /** The same with padding for each end. */
    public Window3d withPadding(List<Integer> before, List<Integer> after) {
        return new Window3d(taps, strides, before, after, dilations);
    }

    /** The same with other dilations. */
    public Window3d withDilations(int depth, int height, int width) {
        return new Window3d(taps, strides, padBefore, padAfter, List.of(depth, height, width));
    }

    /** Height and width alone. */
    Window slice() {
        return new Window(taps.get(1), taps.get(2), strides.get(1), strides.get(2), padBefore.get(1), padBefore.get(2),
                padAfter.get(1), padAfter.get(2), false, dilations.get(1), dilations.get(2));
    }

    /** One slice of a volume. */
    static Shape slice(Shape in) {
        return Shape.of(in.dim(1), in.dim(2), in.dim(3));
    }

    /** The convolution of one slice of {@code n} examples with the filter of one depth tap. */
    ConvShape sliceConvolution(int n, Shape in, int k, int groups) {
        return slice().convolution(n, slice(in), k, groups);
    }

    /** The pooling of every slice of {@code n} examples in height and width. */
    PoolShape slicePooling(int n, Shape in, boolean ceilMode) {
        return slice().pooling(Math.multiplyExact(n, in.dim(0)), slice(in), ceilMode);
    }

    /** The pooling of {@code n} examples in depth, where a pixel is a slice of so many elements. */
    PoolShape depthPooling(int n, int depth, int elements, boolean ceilMode) {
        try {
            return new PoolShape(n, depth, 1, elements, taps.get(0), 1, strides.get(0), 1, padBefore.get(0), 0, padAfter.get(0), 0,
                    dilations.get(0), 1, ceilMode);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage().replace("height", "depth"), e); // depth is the height of that pooling
        }
    }

    /** {@code 3x5x5} and what differs from stride 1 without padding: {@code 3x3x3/2x2x2 pad 1x1x1}. */
    @Override
    public String toString() {
        String text = joined(taps) + (strides.equals(ONES) ? "" : "/" + joined(strides));
        if (!padBefore.equals(ZEROS) || !padAfter.equals(ZEROS)) {
            text += " pad " + joined(padBefore) + (padBefore.equals(padAfter) ? "" : "," + joined(padAfter));
        }
        return dilations.equals(ONES) ? text : text + " dilation " + joined(dilations);
    }

    private static String joined(List<Integer> values) {
        return values.get(0) + "x" + values.get(1) + "x" + values.get(2);
    }
}
