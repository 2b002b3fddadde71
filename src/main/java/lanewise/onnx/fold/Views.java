package lanewise.onnx.fold;

import java.util.Arrays;
import lanewise.onnx.OnnxTensor;

/**
 * The one copy behind everything that only moves elements: transposes, slices, concatenations and broadcasts differ in strides
 * alone.
 */
final class Views {

    private static final int TILE = 32;

    private Views() {}

    /** The same elements stretched to {@code dims} by numpy's rules; the tensor itself if they are its own. */
    static OnnxTensor expand(OnnxTensor x, int... dims) {
        if (Arrays.equals(x.dims(), dims)) {
            return x;
        }
        int[] strides = new int[dims.length];
        int[] own = Sizes.strides(x.dims());
        int lead = dims.length - x.rank();
        for (int i = 0; i < x.rank(); i++) {
            strides[lead + i] = x.dim(i) == 1 ? 0 : own[i];
        }
        return view(x, 0, strides, dims);
    }

    /** Axis {@code i} of the result is axis {@code permutation[i]} of {@code x}. */
    static OnnxTensor transpose(OnnxTensor x, int... permutation) {
        int[] own = Sizes.strides(x.dims());
        int[] dims = new int[permutation.length];
        int[] strides = new int[permutation.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = x.dim(permutation[i]);
            strides[i] = own[permutation[i]];
        }
        return view(x, 0, strides, dims);
    }

    /**
     * A new tensor of {@code dims} whose element {@code i, j, ...} is at {@code offset + i strides[0] + j strides[1] + ...} of
     * {@code x}.
     */
    static OnnxTensor view(OnnxTensor x, int offset, int[] strides, int[] dims) {
        OnnxTensor y = Elements.zeros(x.type(), dims);
        copy(x, offset, strides, y, 0, Sizes.strides(dims), dims);
        return y;
    }

    /**
     * Copies a box of {@code dims} elements between two tensors of one type, each seen through an offset and strides in elements.
     */
    static void copy(OnnxTensor from, int fromOffset, int[] fromStrides, OnnxTensor to, int toOffset, int[] toStrides, int[] dims) {
        if (OnnxTensor.size(dims) == 0) {
            return;
        }
        // Axes of size 1 and neighbours that run on as one axis are joined: fewer, longer loops, and never more than 28 of them.
        int[] box = new int[dims.length + 2];
        int[] fromBox = new int[box.length];
        int[] toBox = new int[box.length];
        Arrays.fill(box, 1);
        int last = box.length;
        for (int i = dims.length - 1; i >= 0; i--) {
            if (dims[i] == 1) {
                continue;
            }
            if (last < box.length && fromStrides[i] == fromBox[last] * box[last] && toStrides[i] == toBox[last] * box[last]) {
                box[last] *= dims[i];
            } else {
                last--;
                box[last] = dims[i];
                fromBox[last] = fromStrides[i];
                toBox[last] = toStrides[i];
            }
        }
        Box plan = new Box(Elements.data(from), fromBox, Elements.data(to), toBox, box);
        plan.copy(Math.min(last, box.length - 2), fromOffset, toOffset);
    }

    private record Box(Object from, int[] fromStrides, Object to, int[] toStrides, int[] dims) {

        void copy(int axis, int i, int j) {
            if (axis == dims.length - 2) {
                plane(axis, i, j);
                return;
            }
            for (int n = 0; n < dims[axis]; n++) {
                copy(axis + 1, i + n * fromStrides[axis], j + n * toStrides[axis]);
            }
        }

        /** In tiles, so that a transposed matrix reads each cache line a few times in a row and not once a column. */
        private void plane(int axis, int i, int j) {
            int rows = dims[axis];
            int columns = dims[axis + 1];
            boolean dense = fromStrides[axis + 1] == 1 && toStrides[axis + 1] == 1;
            int tile = dense ? columns : TILE;
            for (int column = 0; column < columns; column += tile) {
                int count = Math.min(tile, columns - column);
                for (int row = 0; row < rows; row++) {
                    int source = i + row * fromStrides[axis] + column * fromStrides[axis + 1];
                    int target = j + row * toStrides[axis] + column * toStrides[axis + 1];
                    if (dense) {
                        System.arraycopy(from, source, to, target, count);
                    } else {
                        line(source, fromStrides[axis + 1], target, toStrides[axis + 1], count);
                    }
                }
            }
        }

        private void line(int i, int step, int j, int toStep, int count) {
            switch (from) {
                case float[] source -> {
                    float[] target = (float[]) to;
                    for (int n = 0; n < count; n++) {
                        target[j + n * toStep] = source[i + n * step];
                    }
                }
                case double[] source -> {
                    double[] target = (double[]) to;
                    for (int n = 0; n < count; n++) {
                        target[j + n * toStep] = source[i + n * step];
                    }
                }
                default -> {
                    long[] source = (long[]) from;
                    long[] target = (long[]) to;
                    for (int n = 0; n < count; n++) {
                        target[j + n * toStep] = source[i + n * step];
                    }
                }
            }
        }
    }
}
