package lanewise.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.layer.Shape;
import lanewise.onnx.OnnxTensor;

/** Arithmetic on lists of axes and sizes. */
final class Axes {

    private Axes() {}

    /** 0, 1, ..., rank - 1. */
    static int[] identity(int rank) {
        return IntStream.range(0, rank).toArray();
    }

    /** The product of some sizes. */
    static long product(int... dims) {
        long product = 1;
        for (int dim : dims) {
            product = Math.multiplyExact(product, (long) dim);
        }
        return product;
    }

    /** {@code values[order[0]], values[order[1]], ...}. */
    static int[] pick(int[] values, int[] order) {
        return Arrays.stream(order).map(i -> values[i]).toArray();
    }

    /** A shape of these sizes; a scalar has one element. */
    static Shape shape(int... dims) {
        return dims.length == 0 ? Shape.of(1) : Shape.of(dims);
    }

    static List<Integer> list(int... values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** An axis that may count from the end. */
    static int normalize(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new Refusal("axis is " + axis + ", must be from " + -rank + " to " + (rank - 1));
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** Several such axes, none of them twice. */
    static int[] normalize(long[] axes, int rank) {
        int[] normal = Arrays.stream(axes).mapToInt(axis -> normalize(axis, rank)).toArray();
        if (Arrays.stream(normal).distinct().count() != normal.length) {
            throw new Refusal("axes are " + Arrays.toString(axes) + ", one of them twice");
        }
        return normal;
    }

    static boolean contains(int[] axes, int axis) {
        return Arrays.stream(axes).anyMatch(a -> a == axis);
    }

    /** The sizes of a result by numpy's rule of broadcasting. */
    static int[] broadcast(int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] out = new int[rank];
        for (int i = 0; i < rank; i++) {
            int x = i < rank - a.length ? 1 : a[i - rank + a.length];
            int y = i < rank - b.length ? 1 : b[i - rank + b.length];
            if (x != y && x != 1 && y != 1) {
                throw new Refusal("sizes are " + Arrays.toString(a) + " and " + Arrays.toString(b) + ", cannot be broadcast");
            }
            out[i] = x == 1 ? y : x;
        }
        return out;
    }

    /**
     * Where the elements of a transposed array come from: element i of the result, whose axis j is axis {@code order[j]}, is
     * element {@code gather[i]} of a row-major array of these sizes.
     */
    static int[] gather(int[] dims, int[] order) {
        int[] strides = strides(dims);
        int[] places = {0};
        for (int axis : order) {
            int[] next = new int[Math.multiplyExact(places.length, dims[axis])];
            int i = 0;
            for (int place : places) {
                for (int k = 0; k < dims[axis]; k++) {
                    next[i++] = place + k * strides[axis];
                }
            }
            places = next;
        }
        return places;
    }

    /** Row-major strides. */
    static int[] strides(int[] dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(dims[axis], 1);
        }
        return strides;
    }

    /** A row-major array with its axes in another order. */
    static float[] permuted(float[] values, int[] dims, int[] order) {
        int[] places = gather(dims, order);
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[places[i]];
        }
        return out;
    }

    /**
     * A constant that says the same for each example, said once; it came of an expansion to the batch.
     *
     * @throws NotBatchwiseException if examples differ
     */
    static OnnxTensor once(OnnxTensor constant, int batch) {
        int[] dims = constant.dims();
        float[] values = constant.floats();
        if (dims[batch] == 0) { // of no example
            throw new NotBatchwiseException();
        }
        int inner = (int) product(Arrays.copyOfRange(dims, batch + 1, dims.length));
        int outer = (int) product(Arrays.copyOf(dims, batch));
        float[] first = new float[outer * inner];
        for (int i = 0; i < outer; i++) {
            int start = i * dims[batch] * inner;
            for (int n = 1; n < dims[batch]; n++) {
                if (!Arrays.equals(values, start, start + inner, values, start + n * inner, start + (n + 1) * inner)) {
                    throw new NotBatchwiseException();
                }
            }
            System.arraycopy(values, start, first, i * inner, inner);
        }
        dims[batch] = 1;
        return OnnxTensor.of(first, dims);
    }

    /** An axis less: those above move down. */
    static int[] without(int[] order, int axis) {
        return Arrays.stream(order).filter(a -> a != axis).map(a -> a > axis ? a - 1 : a).toArray();
    }

    /** Axes without those of size 1: what decides whether data must move. */
    static int[] nonUnit(int[] order, int[] dims) {
        return Arrays.stream(order).filter(axis -> dims[axis] != 1).toArray();
    }

    static int[] concat(int[] a, int... b) {
        int[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    static int[] toArray(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    static List<Integer> mutable(int[] values) {
        return new ArrayList<>(list(values));
    }
}
