package lanewise.onnx.lower;

import java.util.Arrays;
import java.util.stream.IntStream;
import lanewise.layer.LogSoftmax;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.ReduceFunction;
import lanewise.layer.Reduction;
import lanewise.layer.Softmax;
import lanewise.layer.Unary;
import lanewise.kernel.UnaryFunction;

/** Reductions over axes, and softmax along one. */
final class ReduceOps {

    private ReduceOps() {}

    /** Axes are an attribute up to opset 17 (for sums up to 12) and an input since. */
    static Value reduce(Call call, ReduceFunction function) {
        Tensor x = call.tensor(0);
        boolean keep = call.attributes.getInt("keepdims", 1) != 0;
        boolean nothing = call.attributes.getInt("noop_with_empty_axes", 0) != 0;
        long[] given = call.has(1) ? call.longs(1) : call.attributes.getLongs("axes", new long[0]);
        if (given.length == 0 && nothing) { // what the function makes of a single element
            return switch (function) {
                case L1, L2 -> call.elementwise(x, new Unary(UnaryFunction.ABS));
                case SUM_SQUARE -> ArithmeticOps.binary(call, BinaryFunction.MULTIPLY, x, x);
                default -> x;
            };
        }
        int[] axes = given.length == 0 ? Axes.identity(x.rank()) : Axes.normalize(given, x.rank());
        return reduced(call, function, x, axes, keep);
    }

    static Value logSum(Call call) {
        Tensor sum = (Tensor) reduce(call, ReduceFunction.SUM);
        return call.elementwise(sum, new Unary(UnaryFunction.LOG));
    }

    static Tensor reduced(Call call, ReduceFunction function, Tensor x, int[] axes, boolean keep) {
        if (Axes.contains(axes, x.batch())) {
            throw new NotBatchwiseException();
        }
        int[] sorted = Arrays.stream(axes).sorted().toArray();
        Tensor y = x;
        if (sorted.length > 0) {
            int[] dims = x.dims().clone();
            Arrays.stream(sorted).forEach(axis -> dims[axis] = 1);
            int[] positions = Arrays.stream(sorted).map(x::position).sorted().toArray();
            Reduction layer = new Reduction(function, Axes.list(positions), true);
            y = Tensor.of(call.layer(layer, call.layouts.exact(x)), dims, x.batch(), x.order());
        }
        return keep ? y : call.layouts.squeezed(y, sorted);
    }

    /** Along one axis; up to opset 12 along all from that axis on together. */
    static Value softmax(Call call, boolean log) {
        Tensor x = call.tensor(0);
        int axis = Axes.normalize(call.attributes.getInt("axis", call.opset < 13 ? 1 : -1), Math.max(x.rank(), 1));
        if (x.rank() == 0) {
            throw new Refusal("input is a scalar, must have an axis");
        }
        long behind = IntStream.range(axis + 1, x.rank()).mapToLong(i -> x.dims()[i]).reduce(1, (a, b) -> a * b);
        if (call.opset < 13 && behind != 1) {
            int[] together = Axes.concat(Arrays.copyOf(x.dims(), axis), Math.toIntExact(behind * x.dims()[axis]));
            Tensor y = alongAxis(call, call.layouts.plain(call.layouts.reshaped(x, together)), axis, log);
            return call.layouts.reshaped(y, x.dims());
        }
        return alongAxis(call, x, axis, log);
    }

    private static Tensor alongAxis(Call call, Tensor x, int axis, boolean log) {
        if (axis == x.batch()) {
            throw new NotBatchwiseException();
        }
        int position = x.position(axis);
        int along = position == x.order().length - 1 ? -1 : position;
        return Tensor.of(call.layer(log ? new LogSoftmax(along) : new Softmax(along), call.layouts.exact(x)), x.dims(), x.batch(),
                x.order());
    }
}
