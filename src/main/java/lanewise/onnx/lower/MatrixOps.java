package lanewise.onnx.lower;

import java.util.Arrays;
import java.util.stream.IntStream;
import lanewise.kernel.Activation;
import lanewise.kernel.BinaryFunction;
import lanewise.layer.Dense;
import lanewise.layer.Initializer;
import lanewise.layer.MatMul;
import lanewise.layer.Node;
import lanewise.onnx.OnnxTensor;

/** Gemm and MatMul: dense layers where one operand is a constant, products of two computed matrices otherwise. */
final class MatrixOps {

    private MatrixOps() {}

    /** {@code alpha A' B' + beta C}. */
    static Value gemm(Call call) {
        float alpha = call.attributes.getFloat("alpha", 1);
        float beta = call.attributes.getFloat("beta", 1);
        boolean transA = call.attributes.getInt("transA", 0) != 0;
        boolean transB = call.attributes.getInt("transB", 0) != 0;
        call.attributes.getInt("broadcast", 1); // up to opset 6; since then C is broadcast always
        for (int i = 0; i < 2; i++) {
            if (call.value(i).dims().length != 2) {
                throw new Refusal("input " + i + " has sizes " + Arrays.toString(call.value(i).dims()) + ", must be a matrix");
            }
        }
        if (call.value(0) instanceof Tensor && call.value(1) instanceof Value.Constant) {
            return dense(call, alpha, beta, transA, transB);
        }
        Value product = product(call, turned(call, call.value(0), transA), turned(call, call.value(1), transB));
        if (alpha != 1) {
            product = ArithmeticOps.binary(call, BinaryFunction.MULTIPLY, product, ArithmeticOps.scalar(alpha));
        }
        if (!call.has(2) || beta == 0) {
            return product;
        }
        Value c = call.value(2);
        if (beta != 1) {
            c = c instanceof Value.Constant constant ? new Value.Constant(scaled(constant.tensor(), beta))
                    : ArithmeticOps.binary(call, BinaryFunction.MULTIPLY, c, ArithmeticOps.scalar(beta));
        }
        return ArithmeticOps.binary(call, BinaryFunction.ADD, product, c);
    }

    private static Value dense(Call call, float alpha, float beta, boolean transA, boolean transB) {
        Tensor a = transA ? call.layouts.transposed(call.tensor(0), new int[] {1, 0}) : call.scrambled(0);
        OnnxTensor b = call.constant(1);
        float[] matrix = Axes.permuted(call.floats(1), b.dims(), transB ? new int[] {1, 0} : new int[] {0, 1});
        int columns = b.dim(transB ? 0 : 1);
        for (int i = 0; alpha != 1 && i < matrix.length; i++) {
            matrix[i] *= alpha;
        }
        OnnxTensor c = call.has(2) && beta != 0 && call.value(2) instanceof Value.Constant
                ? scaled(OnnxTensor.of(call.floats(2), call.constant(2).dims()), beta) : null;
        boolean bias = c != null && c.size() == columns && (c.rank() == 1 || c.rank() == 2 && c.dim(0) == 1);
        Tensor y = contracted(call, a, 1, matrix, columns, bias ? c.floats() : null);
        if (c != null && !bias) {
            return ArithmeticOps.withConstant(call, BinaryFunction.ADD, y, c, false);
        }
        if (call.has(2) && beta != 0 && c == null) {
            Value other = beta == 1 ? call.value(2)
                    : ArithmeticOps.binary(call, BinaryFunction.MULTIPLY, call.value(2), ArithmeticOps.scalar(beta));
            return ArithmeticOps.binary(call, BinaryFunction.ADD, y, other);
        }
        return y;
    }

    private static OnnxTensor scaled(OnnxTensor tensor, float factor) {
        float[] values = tensor.floats().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return OnnxTensor.of(values, tensor.dims());
    }

    private static Value turned(Call call, Value value, boolean transpose) {
        int[] order = {1, 0};
        if (!transpose) {
            return value;
        }
        return switch (value) {
            case Tensor t -> call.layouts.transposed(t, order);
            case Value.Constant c -> new Value.Constant(OnnxTensor.of(Axes.permuted(c.tensor().floats(), c.dims(), order),
                    Axes.pick(c.dims(), order)));
        };
    }

    /** The product over the last axis of the first and the last but one of the second, as numpy has it. */
    static Value matMul(Call call) {
        return product(call, call.value(0), call.value(1));
    }

    private static Value product(Call call, Value a, Value b) {
        if (a.dims().length == 0 || b.dims().length == 0) {
            throw new Refusal("inputs are " + a + " and " + b + ", must not be scalars");
        }
        if (a instanceof Tensor x && b instanceof Value.Constant c && c.dims().length <= 2) {
            boolean vector = c.dims().length == 1;
            Tensor y = contracted(call, x, x.rank() - 1, floats(c), vector ? 1 : c.dims()[1], null);
            return vector ? call.layouts.squeezed(y, new int[] {y.rank() - 1}) : y;
        }
        if (a instanceof Value.Constant c && b instanceof Tensor y && c.dims().length <= 2 && y.rank() >= 2) {
            return constantFirst(call, c, y);
        }
        if (a instanceof Tensor x && b instanceof Tensor y) {
            return computed(call, call.layouts.plain(x), call.layouts.plain(y));
        }
        return stacked(call, a, b);
    }

    /** A stack of constant matrices: a node of its own. */
    private static Value stacked(Call call, Value a, Value b) {
        if (a instanceof Tensor x && b instanceof Value.Constant c) {
            return computed(call, call.layouts.plain(x), constantNode(call, c, x));
        }
        if (a instanceof Value.Constant c && b instanceof Tensor y) {
            return computed(call, constantNode(call, c, y), call.layouts.plain(y));
        }
        throw new Refusal("inputs are " + a + " and " + b + ": one must be computed");
    }

    private static Tensor constantNode(Call call, Value.Constant c, Tensor like) {
        int batch = like.batch() < 0 ? -1 : like.batch() - like.rank() + c.dims().length;
        if (like.batch() >= 0) {
            if (batch >= 0 && c.dims()[batch] != 1) {
                return constantNode(call, new Value.Constant(Axes.once(c.tensor(), batch)), like);
            }
            if (batch < 0) { // an axis for the batch, and those between
                int[] ones = new int[-batch];
                Arrays.fill(ones, 1);
                return constantNode(call, new Value.Constant(c.tensor().reshaped(Axes.concat(ones, c.dims()))), like);
            }
        }
        int[] order = Arrays.stream(Axes.identity(c.dims().length)).filter(axis -> axis != batch).toArray();
        return Tensor.of(ConstantNode.of(call, OnnxTensor.of(floats(c), c.dims()), order, like.node()), c.dims(), batch, order);
    }

    private static float[] floats(Value.Constant c) {
        if (c.tensor().isIntegral() || c.tensor().type() == lanewise.onnx.ElementType.DOUBLE) {
            throw new Refusal("an operand is " + c.tensor() + ", the other FLOAT");
        }
        return c.tensor().floats();
    }

    /** {@code A y} with constant A: over an axis of y that is not the last. */
    private static Value constantFirst(Call call, Value.Constant a, Tensor y) {
        int axis = y.rank() - 2;
        boolean vector = a.dims().length == 1;
        int rows = vector ? 1 : a.dims()[0];
        int depth = a.dims()[a.dims().length - 1];
        Tensor product = contracted(call, call.layouts.plain(y), axis,
                Axes.permuted(floats(a), new int[] {rows, depth}, new int[] {1, 0}), rows, null);
        return vector ? call.layouts.squeezed(product, new int[] {axis}) : product;
    }

    /** A sum over one axis with a constant matrix: a dense layer with this axis innermost. */
    private static Tensor contracted(Call call, Tensor given, int axis, float[] matrix, int columns, float[] bias) {
        // A scrambled vector is summed over as it lies, unless the sum is over one of the axes of size 1 beside it.
        Tensor tensor = given.scramble() != null && given.dims()[axis] != Axes.product(given.scramble().dims())
                ? call.layouts.plain(given) : given;
        int depth = tensor.dims()[axis];
        if (columns == 0 || matrix.length / columns != depth) {
            throw new Refusal("sizes are " + Arrays.toString(tensor.dims()) + " and " + matrix.length / Math.max(columns, 1) + " x "
                    + columns + ", do not fit a product");
        }
        if (axis == tensor.batch()) {
            throw new NotBatchwiseException();
        }
        float[] weight = matrix;
        Tensor x = tensor;
        if (tensor.scramble() != null) {
            weight = new float[matrix.length];
            int[] places = tensor.scramble().places();
            for (int row = 0; row < depth; row++) {
                System.arraycopy(matrix, places[row] * columns, weight, row * columns, columns);
            }
        } else {
            x = call.layouts.innermost(tensor, axis);
        }
        Node y = call.layer(new Dense(columns, bias != null, Activation.NONE, Initializer.GLOROT_UNIFORM), x.node());
        call.builder.set(y, "weight", weight);
        if (bias != null) {
            call.builder.set(y, "bias", bias);
        }
        int[] dims = x.dims().clone();
        dims[axis] = columns;
        return Tensor.of(y, dims, x.batch(), x.order());
    }

    private static Value computed(Call call, Tensor a, Tensor b) {
        if (a.rank() == 1 || b.rank() == 1) {
            Tensor x = a.rank() == 1 ? call.layouts.unsqueezed(a, new int[] {0}) : a;
            Tensor y = b.rank() == 1 ? call.layouts.unsqueezed(b, new int[] {1}) : b;
            Tensor product = (Tensor) computed(call, x, y);
            int rank = product.rank();
            Tensor columns = b.rank() == 1 ? call.layouts.squeezed(product, new int[] {rank - 1}) : product;
            return a.rank() == 1 ? call.layouts.squeezed(columns, new int[] {rank - 2}) : columns;
        }
        int rank = Math.max(a.rank(), b.rank());
        int batchA = a.batch() < 0 ? -1 : a.batch() + rank - a.rank();
        int batchB = b.batch() < 0 ? -1 : b.batch() + rank - b.rank();
        if (batchA != batchB || batchA >= rank - 2) {
            throw new NotBatchwiseException();
        }
        int[] leading = Axes.broadcast(Arrays.copyOf(a.dims(), a.rank() - 2), Arrays.copyOf(b.dims(), b.rank() - 2));
        Factor x = Factor.of(call, a);
        Factor y = Factor.of(call, b);
        int[] dims = Axes.concat(leading, a.dims()[a.rank() - 2], b.dims()[b.rank() - 1]);
        if (a.dims()[a.rank() - 1] != b.dims()[b.rank() - 2]) {
            throw new Refusal("sizes are " + Arrays.toString(a.dims()) + " and " + Arrays.toString(b.dims())
                    + ", do not fit a product");
        }
        int[] order = IntStream.range(0, rank).filter(axis -> axis != batchA).toArray();
        return Tensor.of(call.layer(new MatMul(x.transposed, y.transposed), x.node, y.node), dims, batchA, order);
    }

    /** One operand: leading axes as its author has them, then rows and columns as they lie. */
    private record Factor(Node node, boolean transposed) {

        static Factor of(Call call, Tensor t) {
            int[] order = t.order();
            int rows = t.rank() - 2;
            int columns = t.rank() - 1;
            boolean transposed = Axes.list(order).indexOf(columns) < Axes.list(order).indexOf(rows);
            int[] wanted = Axes.concat(Arrays.stream(Axes.identity(rows)).filter(axis -> axis != t.batch()).toArray(),
                    transposed ? new int[] {columns, rows} : new int[] {rows, columns});
            return new Factor(call.layouts.node(t, wanted), transposed);
        }
    }
}
