package lanewise.onnx.fold;

import java.util.Arrays;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** Operators that read or write at the places an index tensor names; a negative index counts from the end. */
final class GatherOps {

    private GatherOps() {}

    /** {@code y[.., i.., ..] = x[.., indices[i..], ..]} on one axis. */
    static OnnxTensor gather(Call call) {
        OnnxTensor x = call.input(0);
        OnnxTensor indices = integers(call.input(1));
        int axis = Sizes.axis(call.attributes().getInt("axis", 0), x.rank());
        long[] dims = new long[x.rank() - 1 + indices.rank()];
        for (int i = 0; i < dims.length; i++) {
            int j = i - axis;
            dims[i] = j < 0 ? x.dim(i) : j < indices.rank() ? indices.dim(j) : x.dim(i - indices.rank() + 1);
        }
        OnnxTensor y = Elements.zeros(x.type(), Sizes.checked(dims));
        int size = x.dim(axis);
        int block = Sizes.product(x.dims(), axis + 1, x.rank());
        int outer = y.size() == 0 ? 0 : Sizes.product(x.dims(), 0, axis);
        long[] picks = indices.longs();
        for (int i = 0; i < outer; i++) {
            for (int j = 0; j < picks.length; j++) {
                int from = (i * size + index(picks[j], size)) * block;
                System.arraycopy(Elements.data(x), from, Elements.data(y), (i * picks.length + j) * block, block);
            }
        }
        return y;
    }

    /** {@code y[i][j] = x[indices[i][j]][j]} for axis 0, likewise for the others. */
    static OnnxTensor gatherElements(Call call) {
        OnnxTensor x = call.input(0);
        OnnxTensor indices = integers(call.input(1));
        int axis = Sizes.axis(call.attributes().getInt("axis", 0), x.rank());
        boolean fits = x.rank() == indices.rank();
        for (int i = 0; fits && i < x.rank(); i++) {
            fits = i == axis || indices.dim(i) <= x.dim(i);
        }
        if (!fits) {
            throw new IllegalArgumentException("indices are " + indices + ", must fit in " + x + " on every axis but " + axis);
        }
        OnnxTensor y = Elements.zeros(x.type(), indices.dims());
        int[] dims = indices.dims();
        int[] strides = Sizes.strides(x.dims());
        long[] picks = indices.longs();
        for (int i = 0; i < picks.length; i++) {
            int from = 0;
            int rest = i;
            for (int a = dims.length - 1; a >= 0; a--) {
                from += (a == axis ? index(picks[i], x.dim(axis)) : rest % dims[a]) * strides[a];
                rest /= dims[a];
            }
            System.arraycopy(Elements.data(x), from, Elements.data(y), i, 1);
        }
        return y;
    }

    /** {@code y[b][i] = x[b][indices[b][i]]}: the last axis of the indices holds the first places of a block. */
    static OnnxTensor gatherNd(Call call) {
        OnnxTensor x = call.input(0);
        OnnxTensor indices = integers(call.input(1));
        long batchDims = call.attributes().getInt("batch_dims", 0);
        int[] xs = x.dims();
        int[] is = indices.dims();
        if (batchDims < 0 || batchDims >= Math.min(xs.length, is.length)
                || !Arrays.equals(Arrays.copyOf(xs, (int) batchDims), Arrays.copyOf(is, (int) batchDims))) {
            throw new IllegalArgumentException(
                    "batch_dims is " + batchDims + ", inputs " + x + " and " + indices + " must share so many sizes and have more");
        }
        int lead = (int) batchDims;
        int depth = depth(indices, xs.length - lead);
        long[] dims = new long[is.length - 1 + xs.length - lead - depth];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < is.length - 1 ? is[i] : xs[i - is.length + 1 + lead + depth];
        }
        OnnxTensor y = Elements.zeros(x.type(), Sizes.checked(dims));
        if (y.size() == 0) {
            return y;
        }
        int block = Sizes.product(xs, lead + depth, xs.length);
        int batch = Sizes.product(xs, lead, xs.length);
        int rows = Sizes.product(is, 0, is.length - 1);
        int rowsPerBatch = Sizes.product(is, lead, is.length - 1);
        for (int row = 0; row < rows; row++) {
            int from = row / rowsPerBatch * batch + place(indices, row, depth, xs, lead);
            System.arraycopy(Elements.data(x), from, Elements.data(y), row * block, block);
        }
        return y;
    }

    /** A copy of {@code x} whose blocks at the places of the indices are replaced by, or reduced with, the updates, in order. */
    static OnnxTensor scatterNd(Call call) {
        OnnxTensor x = call.input(0);
        OnnxTensor indices = integers(call.input(1));
        OnnxTensor updates = call.input(2);
        String reduction = call.attributes().getString("reduction", "none");
        Elements.sameType(x, updates);
        int[] xs = x.dims();
        if (indices.rank() == 0) {
            throw new IllegalArgumentException("indices are " + indices + ", must have at least one axis");
        }
        int depth = depth(indices, xs.length);
        int[] is = Arrays.copyOf(indices.dims(), indices.rank() - 1);
        int[] dims = Arrays.copyOf(is, is.length + xs.length - depth);
        System.arraycopy(xs, depth, dims, is.length, xs.length - depth);
        if (!Arrays.equals(dims, updates.dims())) {
            throw new IllegalArgumentException("updates are " + updates + ", must have sizes " + Arrays.toString(dims));
        }
        OnnxTensor y = Views.view(x, 0, Sizes.strides(xs), xs);
        int block = Sizes.product(xs, depth, xs.length);
        int rows = updates.size() == 0 ? 0 : OnnxTensor.size(is);
        for (int row = 0; row < rows; row++) {
            int to = place(indices, row, depth, xs, 0);
            OnnxTensor update = Views.view(updates, row * block, new int[] {1}, new int[] {block});
            if (!reduction.equals("none")) {
                OnnxTensor old = Views.view(y, to, new int[] {1}, new int[] {block});
                update = ArithmeticOps.reduce(reduction, old, update);
            }
            System.arraycopy(Elements.data(update), 0, Elements.data(y), to, block);
        }
        return y;
    }

    /** The places of all elements that are not 0, one column each. */
    static OnnxTensor nonZero(Call call) {
        OnnxTensor x = call.input(0);
        int n = x.size();
        int found = 0;
        for (int i = 0; i < n; i++) {
            found += x.get(i) != 0 ? 1 : 0;
        }
        OnnxTensor y = Elements.zeros(ElementType.INT64, Sizes.checked(x.rank(), found));
        int column = 0;
        for (int i = 0; i < n; i++) {
            if (x.get(i) != 0) {
                int rest = i;
                for (int a = x.rank() - 1; a >= 0; a--) {
                    y.longs()[a * found + column] = rest % x.dim(a);
                    rest /= x.dim(a);
                }
                column++;
            }
        }
        return y;
    }

    private static int depth(OnnxTensor indices, int most) {
        int depth = indices.dim(indices.rank() - 1);
        if (depth < 1 || depth > most) {
            throw new IllegalArgumentException("indices are " + indices + ", must have a last size from 1 to " + most);
        }
        return depth;
    }

    /** Where the block begins that row {@code row} of the indices names in the axes of {@code dims} from {@code lead} on. */
    private static int place(OnnxTensor indices, int row, int depth, int[] dims, int lead) {
        int place = 0;
        int stride = Sizes.product(dims, lead, dims.length);
        for (int i = 0; i < depth; i++) {
            int size = dims[lead + i];
            int pick = index(indices.longs()[row * depth + i], size); // refuses first where the size is 0
            stride /= size;
            place += pick * stride;
        }
        return place;
    }

    private static int index(long index, int size) {
        if (index < -size || index >= size) {
            throw new IllegalArgumentException("index is " + index + ", must be from " + -size + " to " + (size - 1));
        }
        return (int) (index < 0 ? index + size : index);
    }

    private static OnnxTensor integers(OnnxTensor indices) {
        if (!indices.isIntegral()) {
            throw new IllegalArgumentException("indices are " + indices + ", must be integers");
        }
        return indices;
    }
}
