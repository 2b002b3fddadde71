package lanewise.onnx.fold;

import java.util.Arrays;
import lanewise.onnx.OnnxTensor;

/** Sizes, strides and axes; every size that a file declares passes here before memory is taken. */
final class Sizes {

    /** A constant of more elements is refused. */
    static final long LIMIT = 1L << 28;

    private Sizes() {}

    /**
     * Declared sizes as ints.
     *
     * @throws IllegalArgumentException if one is negative or those that are not 0 have a product above {@link #LIMIT}
     */
    static int[] checked(long... dims) {
        int[] sizes = new int[dims.length];
        long product = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] < 0 || dims[i] > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "sizes are " + Arrays.toString(dims) + ", each must be from 0 to " + Integer.MAX_VALUE);
            }
            sizes[i] = (int) dims[i];
            product = Math.min(product * Math.max(dims[i], 1), LIMIT + 1); // below 2^60, so it never overflows
        }
        if (product > LIMIT) {
            throw new IllegalArgumentException(
                    "sizes are " + Arrays.toString(dims) + ", a constant must have at most " + LIMIT + " elements");
        }
        return sizes;
    }

    /** {@code axis} counted from 0; a negative one counts from the end. */
    static int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new IllegalArgumentException("axis is " + axis + ", must be from " + -rank + " to " + (rank - 1));
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** Which axes are named; naming one twice is refused. */
    static boolean[] axes(long[] axes, int rank) {
        boolean[] named = new boolean[rank];
        for (long value : axes) {
            int axis = axis(value, rank);
            if (named[axis]) {
                throw new IllegalArgumentException("axes are " + Arrays.toString(axes) + ", each must stand there once");
            }
            named[axis] = true;
        }
        return named;
    }

    /** 0, 1, ... below {@code n}. */
    static long[] range(int n) {
        long[] values = new long[n];
        Arrays.setAll(values, i -> i);
        return values;
    }

    /** Elements from one index to the next along each axis, row-major. */
    static int[] strides(int... dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= dims[i];
        }
        return strides;
    }

    /** The product of sizes {@code from} to {@code to}, exclusive. */
    static int product(int[] dims, int from, int to) {
        return OnnxTensor.size(Arrays.copyOfRange(dims, from, to));
    }

    /** The common sizes by numpy's rules: aligned at the end, a 1 stretches. */
    static int[] broadcast(int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        long[] dims = new long[rank];
        for (int i = 1; i <= rank; i++) {
            int m = i <= a.length ? a[a.length - i] : 1;
            int n = i <= b.length ? b[b.length - i] : 1;
            if (m != n && m != 1 && n != 1) {
                throw new IllegalArgumentException(
                        "sizes are " + Arrays.toString(a) + " and " + Arrays.toString(b)
                        + ", must be equal or 1, seen from the end");
            }
            dims[rank - i] = m == 1 ? n : m;
        }
        return checked(dims);
    }

    static long[] toLongs(int... dims) {
        return Arrays.stream(dims).asLongStream().toArray();
    }
}
