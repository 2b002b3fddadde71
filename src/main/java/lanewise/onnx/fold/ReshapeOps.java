package lanewise.onnx.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.onnx.OnnxTensor;

/** Operators that change sizes and leave the order of the elements alone; the result shares the array of the input. */
final class ReshapeOps {

    private ReshapeOps() {}

    /** To the sizes of input 1; 0 keeps a size (unless {@code allowzero}), one -1 takes what is left. */
    static OnnxTensor reshape(Call call) {
        OnnxTensor x = call.input(0);
        long[] shape = call.attributeOrInput("shape", 5, 1);
        boolean allowZero = call.flag("allowzero", false);
        if (shape == null) {
            throw new IllegalArgumentException("shape is missing, must be a vector of integers");
        }
        return x.reshaped(shape(x.dims(), shape, allowZero));
    }

    private static int[] shape(int[] dims, long[] wanted, boolean allowZero) {
        long[] shape = wanted.clone();
        int open = -1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0 && !allowZero) {
                if (i >= dims.length) {
                    throw new IllegalArgumentException(
                            "shape is " + Arrays.toString(wanted) + ", its 0 at " + i + " must keep a size of "
                            + Arrays.toString(dims));
                }
                shape[i] = dims[i];
            } else if (shape[i] == -1) {
                if (open >= 0) {
                    throw new IllegalArgumentException("shape is " + Arrays.toString(wanted) + ", must have one -1 at most");
                }
                open = i;
                shape[i] = 1;
            }
        }
        int size = OnnxTensor.size(dims);
        int known = OnnxTensor.size(Sizes.checked(shape));
        if (open >= 0 && known != 0 && size % known == 0) {
            shape[open] = size / known;
        } else if (open >= 0 || known != size) {
            throw new IllegalArgumentException(
                    "shape is " + Arrays.toString(wanted) + ", must fit the " + size + " elements of " + Arrays.toString(dims));
        }
        return Sizes.checked(shape);
    }

    /** To a matrix: the sizes before {@code axis} and those from it on. */
    static OnnxTensor flatten(Call call) {
        OnnxTensor x = call.input(0);
        long value = call.attributes().getInt("axis", 1);
        int rank = x.rank();
        if (value < -rank || value > rank) {
            throw new IllegalArgumentException("axis is " + value + ", must be from " + -rank + " to " + rank);
        }
        int axis = (int) (value < 0 ? value + rank : value);
        int[] dims = x.dims();
        return x.reshaped(Sizes.product(dims, 0, axis), Sizes.product(dims, axis, rank));
    }

    static OnnxTensor squeeze(Call call) {
        OnnxTensor x = call.input(0);
        long[] axes = call.attributeOrInput("axes", 13, 1);
        boolean[] named = axes == null ? null : Sizes.axes(axes, x.rank());
        List<Integer> dims = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            if (named != null && named[i] && x.dim(i) != 1) {
                throw new IllegalArgumentException(
                        "axes are " + Arrays.toString(axes) + ", sizes " + Arrays.toString(x.dims()) + " must be 1 there");
            }
            if (named == null ? x.dim(i) != 1 : !named[i]) {
                dims.add(x.dim(i));
            }
        }
        return x.reshaped(dims.stream().mapToInt(Integer::intValue).toArray());
    }

    static OnnxTensor unsqueeze(Call call) {
        OnnxTensor x = call.input(0);
        long[] axes = call.attributeOrInput("axes", 13, 1);
        if (axes == null) {
            throw new IllegalArgumentException("axes are missing, must be integers");
        }
        boolean[] named = Sizes.axes(axes, x.rank() + axes.length);
        int[] dims = new int[named.length];
        int next = 0;
        for (int i = 0; i < dims.length; i++) {
            dims[i] = named[i] ? 1 : x.dim(next++);
        }
        return x.reshaped(dims);
    }
}
