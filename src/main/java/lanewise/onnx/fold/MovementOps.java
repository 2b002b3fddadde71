package lanewise.onnx.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** Operators whose result holds elements of the input at other places. */
final class MovementOps {

    private MovementOps() {}

    static OnnxTensor transpose(Call call) {
        OnnxTensor x = call.input(0);
        int rank = x.rank();
        int[] permutation = call.attributes().getInts("perm", null);
        if (permutation == null) {
            permutation = new int[rank];
            for (int i = 0; i < rank; i++) {
                permutation[i] = rank - 1 - i;
            }
        }
        int[] sorted = permutation.clone();
        Arrays.sort(sorted);
        if (!Arrays.equals(Sizes.toLongs(sorted), Sizes.range(rank))) {
            throw new IllegalArgumentException(
                    "perm is " + Arrays.toString(permutation) + ", must hold 0 to " + (rank - 1) + " once each");
        }
        return Views.transpose(x, permutation);
    }

    static OnnxTensor concat(Call call) {
        OnnxTensor first = call.input(0);
        long named = call.opset() < 4 ? call.attributes().getInt("axis", 1) : call.attributes().requireInt("axis");
        int axis = Sizes.axis(named, first.rank());
        long[] dims = Sizes.toLongs(first.dims());
        dims[axis] = 0;
        for (OnnxTensor x : call.inputs()) {
            Elements.sameType(first, x);
            int[] own = x.dims();
            for (int i = 0; i < Math.max(own.length, dims.length); i++) {
                if (own.length != dims.length || i != axis && own[i] != dims[i]) {
                    throw new IllegalArgumentException(
                            "inputs are " + first + " and " + x + ", must have equal sizes except on axis " + axis);
                }
            }
            dims[axis] += own[axis];
        }
        OnnxTensor y = Elements.zeros(first.type(), Sizes.checked(dims));
        int[] strides = Sizes.strides(y.dims());
        int at = 0;
        for (OnnxTensor x : call.inputs()) {
            Views.copy(x, 0, Sizes.strides(x.dims()), y, at * strides[axis], strides, x.dims());
            at += x.dim(axis);
        }
        return y;
    }

    /** Parts of the sizes that are given, or as many equal parts as there are outputs; since opset 18 the last may be smaller. */
    static List<OnnxTensor> split(Call call) {
        OnnxTensor x = call.input(0);
        int axis = Sizes.axis(call.attributes().getInt("axis", 0), x.rank());
        long[] sizes = call.attributeOrInput("split", call.opset() < 2 && call.input(1) != null ? 1 : 13, 1);
        long parts = call.attributes().getInt("num_outputs", call.outputs());
        if (parts != call.outputs() || sizes != null && sizes.length != parts) {
            throw new IllegalArgumentException(
                    "there are " + call.outputs() + " outputs, must be " + (sizes != null ? sizes.length : parts));
        }
        if (sizes == null) {
            sizes = equalParts(x.dim(axis), call.outputs(), call.opset() >= 18);
        }
        long sum = 0;
        for (long size : sizes) {
            sum = size < 0 || size > x.dim(axis) ? Long.MIN_VALUE / 2 : sum + size;
        }
        if (sum != x.dim(axis)) {
            throw new IllegalArgumentException("split is " + Arrays.toString(sizes) + ", must sum up to size " + x.dim(axis));
        }
        List<OnnxTensor> results = new ArrayList<>();
        int[] dims = x.dims();
        int[] strides = Sizes.strides(dims);
        int at = 0;
        for (long size : sizes) {
            dims[axis] = (int) size;
            results.add(Views.view(x, at * strides[axis], strides, dims));
            at += dims[axis];
        }
        return results;
    }

    private static long[] equalParts(int size, int parts, boolean uneven) {
        long[] sizes = new long[parts];
        long part = Math.ceilDiv(size, parts);
        Arrays.fill(sizes, part);
        if (uneven) {
            sizes[parts - 1] = size - part * (parts - 1);
        }
        return sizes;
    }

    /** {@code x[start : end : step]} on each named axis, as Python means it. */
    static OnnxTensor slice(Call call) {
        OnnxTensor x = call.input(0);
        long[] starts = call.attributeOrInput("starts", 10, 1);
        long[] ends = call.attributeOrInput("ends", 10, 2);
        long[] axes = call.attributeOrInput("axes", 10, 3);
        call.inputsBefore(10, 1);
        long[] steps = call.longs(4, "steps");
        if (starts == null || ends == null || starts.length != ends.length || axes != null && axes.length != starts.length
                || steps != null && steps.length != starts.length) {
            throw new IllegalArgumentException(
                    "starts, ends, axes and steps are " + Arrays.toString(starts) + ", " + Arrays.toString(ends) + ", "
                    + Arrays.toString(axes) + " and " + Arrays.toString(steps) + ", must be of one length");
        }
        axes = axes == null ? Sizes.range(starts.length) : axes;
        Sizes.axes(axes, x.rank());
        int[] dims = x.dims();
        int[] strides = Sizes.strides(dims);
        int offset = 0;
        for (int i = 0; i < starts.length; i++) {
            int axis = Sizes.axis(axes[i], x.rank());
            long step = steps == null ? 1 : steps[i];
            if (step == 0) {
                throw new IllegalArgumentException("steps are " + Arrays.toString(steps) + ", must not hold 0");
            }
            int size = dims[axis];
            int least = step > 0 ? 0 : -1;
            long start = bound(starts[i], size, least);
            long end = bound(ends[i], size, least);
            step = Math.clamp(step, -Integer.MAX_VALUE, Integer.MAX_VALUE); // longer than any axis all the same
            dims[axis] = (int) Math.max(Math.ceilDiv(end - start, step), 0);
            offset += dims[axis] > 0 ? (int) start * strides[axis] : 0;
            strides[axis] *= (int) step;
        }
        return Views.view(x, offset, strides, dims);
    }

    /** A bound counted from 0; going down, the last is {@code size - 1} and the end may be before 0. */
    private static long bound(long value, int size, int least) {
        return Math.clamp(value < 0 ? value + size : value, least, size + least);
    }

    static OnnxTensor expand(Call call) {
        OnnxTensor x = call.input(0);
        return Views.expand(x, Sizes.broadcast(x.dims(), Sizes.checked(call.longs(1, "shape"))));
    }

    static OnnxTensor tile(Call call) {
        OnnxTensor x = call.input(0);
        long[] repeats = call.longs(1, "repeats");
        int rank = x.rank();
        if (repeats.length != rank) {
            throw new IllegalArgumentException("repeats are " + Arrays.toString(repeats) + ", must be " + rank);
        }
        int[] own = Sizes.strides(x.dims());
        int[] counts = Sizes.checked(repeats);
        long[] result = new long[rank];
        int[] strides = new int[2 * rank];
        int[] dims = new int[2 * rank];
        for (int i = 0; i < rank; i++) {
            result[i] = (long) counts[i] * x.dim(i);
            dims[2 * i] = counts[i];
            dims[2 * i + 1] = x.dim(i);
            strides[2 * i + 1] = own[i];
        }
        int[] sizes = Sizes.checked(result);
        return Views.view(x, 0, strides, dims).reshaped(sizes);
    }

    /** The lower or upper triangle of each matrix, from diagonal {@code k}; the rest is 0. */
    static OnnxTensor trilu(Call call) {
        OnnxTensor x = call.input(0);
        boolean upper = call.flag("upper", true);
        long k = call.scalar(1, "k", 0);
        int rank = x.rank();
        if (rank < 2) {
            throw new IllegalArgumentException("input is " + x + ", must have at least 2 axes");
        }
        int rows = x.dim(rank - 2);
        int columns = x.dim(rank - 1);
        OnnxTensor y = Elements.zeros(x.type(), x.dims());
        int lines = Sizes.product(x.dims(), 0, rank - 1);
        for (int line = 0; line < lines; line++) {
            // The cut is exact for any k: clamped before it is added.
            int cut = Math.clamp(line % rows + Math.clamp(k, -rows - 1L, columns + 1L) + (upper ? 0 : 1), 0, columns);
            int from = upper ? cut : 0;
            int count = upper ? columns - cut : cut;
            System.arraycopy(Elements.data(x), line * columns + from, Elements.data(y), line * columns + from, count);
        }
        return y;
    }

    /** Elements that a truth value of the first input picks from the second or the third. */
    static OnnxTensor where(Call call) {
        OnnxTensor condition = call.input(0);
        if (condition.type() != ElementType.BOOL) {
            throw new IllegalArgumentException("condition is " + condition + ", must be of type BOOL");
        }
        Elements.sameType(call.input(1), call.input(2));
        int[] dims = Sizes.broadcast(Sizes.broadcast(condition.dims(), call.input(1).dims()), call.input(2).dims());
        long[] picks = Views.expand(condition, dims).longs();
        Object yes = Elements.data(Views.expand(call.input(1), dims));
        OnnxTensor y = Views.expand(call.input(2), dims);
        y = y == call.input(2) ? Views.view(y, 0, Sizes.strides(dims), dims) : y;
        for (int i = 0; i < picks.length; i++) {
            if (picks[i] != 0) {
                System.arraycopy(yes, i, Elements.data(y), i, 1);
            }
        }
        return y;
    }
}
