package lanewise.onnx.lower;

import java.util.Arrays;
import lanewise.layer.Add;
import lanewise.layer.Binary;
import lanewise.kernel.BinaryFunction;
import lanewise.layer.BinaryParameter;
import lanewise.layer.Layer;
import lanewise.layer.Node;
import lanewise.layer.Unary;
import lanewise.kernel.UnaryFunction;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** Element-wise operators of two or more inputs, with broadcasting. */
final class ArithmeticOps {

    private ArithmeticOps() {}

    /** An operator of exactly two. */
    static Value binary(Call call, BinaryFunction function) {
        return binary(call, function, call.value(0), call.opset < 7 ? placed(call, call.value(1)) : call.value(1));
    }

    /** Up to opset 6 an attribute says at which axis the second operand's axes stand: those behind get the size 1. */
    private static Value placed(Call call, Value b) {
        int rank = call.value(0).dims().length;
        boolean broadcast = call.attributes.getInt("broadcast", 0) != 0;
        int axis = Axes.normalize(call.attributes.getInt("axis", rank - b.dims().length), rank + 1);
        if (!broadcast || axis + b.dims().length >= rank) {
            return b;
        }
        int[] ones = new int[rank - axis - b.dims().length];
        Arrays.fill(ones, 1);
        int[] dims = Axes.concat(b.dims(), ones);
        return switch (b) {
            case Value.Constant c -> new Value.Constant(c.tensor().reshaped(dims));
            case Tensor t -> call.layouts.unsqueezed(t, java.util.stream.IntStream.range(b.dims().length, dims.length).toArray());
        };
    }

    /** An operator of one or more: from the left to the right. */
    static Value many(Call call, BinaryFunction function) {
        if (function == BinaryFunction.ADD && call.count() > 2 && sameComputed(call)) {
            return addAll(call);
        }
        int first = 0;
        while (first < call.count() - 1 && call.value(first) instanceof Value.Constant) {
            first++; // constants in front come last: the order does not matter to any of these functions
        }
        Value result = call.value(first);
        for (int i = first + 1; i < call.count(); i++) {
            result = binary(call, function, result, call.value(i));
        }
        for (int i = 0; i < first; i++) {
            result = binary(call, function, result, call.value(i));
        }
        return result;
    }

    private static boolean sameComputed(Call call) {
        for (int i = 0; i < call.count(); i++) {
            if (!(call.value(i) instanceof Tensor x) || !Arrays.equals(x.dims(), call.value(0).dims())
                    || x.batch() != ((Tensor) call.value(0)).batch()) {
                return false;
            }
        }
        return true;
    }

    private static Tensor addAll(Call call) {
        Tensor first = call.tensor(0);
        Node[] nodes = new Node[call.count()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = call.layouts.node(call.tensor(i), first.order());
        }
        return Tensor.of(call.layer(new Add(), nodes), first.dims(), first.batch(), first.order());
    }

    static Value mean(Call call) {
        Value sum = many(call, BinaryFunction.ADD);
        return call.count() == 1 ? sum : binary(call, BinaryFunction.DIVIDE, sum, scalar(call.count()));
    }

    static Value.Constant scalar(float value) {
        return new Value.Constant(OnnxTensor.of(new float[] {value}));
    }

    static Value binary(Call call, BinaryFunction function, Value a, Value b) {
        if (a instanceof Tensor x && b instanceof Tensor y) {
            return computed(call, function, call.layouts.plain(x), call.layouts.plain(y));
        }
        if (a instanceof Tensor x && b instanceof Value.Constant c) {
            return withConstant(call, function, x, c.tensor(), false);
        }
        if (a instanceof Value.Constant c && b instanceof Tensor y) {
            return withConstant(call, function, y, c.tensor(), true);
        }
        throw new Refusal("inputs are " + a + " and " + b + ": one must be computed");
    }

    /** Two computed values: the larger one says in which order they lie. */
    private static Value computed(Call call, BinaryFunction function, Tensor a, Tensor b) {
        int[] dims = Axes.broadcast(a.dims(), b.dims());
        int shiftA = dims.length - a.rank();
        int shiftB = dims.length - b.rank();
        if (a.batch() >= 0 && a.batch() + shiftA != b.batch() + shiftB) {
            throw new NotBatchwiseException();
        }
        int batch = a.batch() < 0 ? -1 : a.batch() + shiftA;
        int[] order = leads(a, b) ? extended(a, shiftA, batch) : extended(b, shiftB, batch);
        Tensor idiom = new Idioms(call).product(function, a, b);
        if (idiom != null) {
            return idiom;
        }
        Node x = aligned(call, a, shiftA, order);
        Node y = aligned(call, b, shiftB, order);
        Layer layer = function == BinaryFunction.ADD && x.shape().equals(y.shape()) ? new Add() : new Binary(function);
        return Tensor.of(call.layer(layer, x, y), dims, batch, order);
    }

    private static boolean leads(Tensor a, Tensor b) {
        long sizeA = Axes.product(a.dims());
        long sizeB = Axes.product(b.dims());
        // Of two alike, the one that lies otherwise than its author wrote it: channels-last, most likely, as the next operator wants.
        return sizeA != sizeB ? sizeA > sizeB : !Arrays.equals(a.order(), a.axes());
    }

    /** The order of a result, whose axes are those of x behind {@code shift} more. */
    private static int[] extended(Tensor x, int shift, int batch) {
        int[] added = Arrays.stream(Axes.identity(shift)).filter(axis -> axis != batch).toArray();
        return Axes.concat(added, Arrays.stream(x.order()).map(axis -> axis + shift).toArray());
    }

    /** The node of x with an axis, perhaps of size 1, for each of the result's but leading ones. */
    private static Node aligned(Call call, Tensor x, int shift, int[] order) {
        int[] own = Arrays.stream(order).filter(axis -> axis >= shift).map(axis -> axis - shift).toArray();
        Node node = call.layouts.node(x, own);
        int[] sizes = Arrays.stream(order).map(axis -> axis < shift ? 1 : x.dims()[axis - shift]).toArray();
        return call.layouts.shaped(node, Axes.shape(trimmed(sizes)));
    }

    /** Without leading sizes of 1. */
    private static int[] trimmed(int[] sizes) {
        int from = 0;
        while (from < sizes.length - 1 && sizes[from] == 1) {
            from++;
        }
        return Arrays.copyOfRange(sizes, from, sizes.length);
    }

    /** A computed value and a constant, which becomes a parameter. */
    static Tensor withConstant(Call call, BinaryFunction function, Tensor tensor, OnnxTensor constant, boolean constantFirst) {
        if (constant.isIntegral() || constant.type() == ElementType.DOUBLE) {
            throw new Refusal("an operand is " + constant + ", the other FLOAT");
        }
        Tensor x = constant.size() == 1 && constant.rank() <= tensor.rank() ? tensor : call.layouts.plain(tensor);
        int[] dims = Axes.broadcast(x.dims(), constant.dims());
        int shift = dims.length - x.rank();
        int batch = x.batch() < 0 ? -1 : x.batch() + shift;
        if (constant.size() == 0) {
            throw new Refusal("an operand has sizes " + Arrays.toString(constant.dims()) + ": nothing to compute");
        }
        int[] padded = padded(constant.dims(), dims.length);
        if (batch >= 0 && padded[batch] != 1) {
            return withConstant(call, function, tensor, Axes.once(OnnxTensor.of(constant.floats(), padded), batch), constantFirst);
        }
        int[] order = extended(x, shift, batch);
        float[] values = Axes.permuted(constant.floats(), padded, order);
        Tensor idiom = new Idioms(call).withConstant(function, x, padded, order, values, constantFirst);
        if (idiom != null) {
            return idiom;
        }
        Node node = constant.size() == 1 && shift == 0 ? x.node() : aligned(call, x, shift, order);
        Layer layer = new BinaryParameter(function, Axes.shape(trimmed(Axes.pick(padded, order))), constantFirst);
        Node y = call.layer(layer, node);
        call.builder.set(y, "operand", values);
        return new Tensor(y, dims, batch, order, x.scramble());
    }

    /** Sizes with leading 1s up to a rank. */
    private static int[] padded(int[] dims, int rank) {
        int[] ones = new int[rank - dims.length];
        Arrays.fill(ones, 1);
        return Axes.concat(ones, dims);
    }

    /** Powers that are better known under another name, or any. */
    static Value power(Call call) {
        if (call.opset < 7) {
            return binary(call, BinaryFunction.POWER);
        }
        if (call.has(1) && call.value(1) instanceof Value.Constant c && c.tensor().size() == 1
                && c.tensor().rank() <= call.value(0).dims().length) {
            double exponent = c.tensor().get(0);
            Tensor x = call.scrambled(0);
            if (exponent == 2) {
                return x.with(call.layer(new Binary(BinaryFunction.MULTIPLY), x.node(), x.node()));
            }
            if (exponent == 0.5) {
                return call.elementwise(x, new Unary(UnaryFunction.SQRT));
            }
            return binary(call, BinaryFunction.POWER, x, new Value.Constant(OnnxTensor.of(new float[] {(float) exponent},
                    c.tensor().dims())));
        }
        if (call.value(1) instanceof Value.Constant c && c.tensor().type() != ElementType.FLOAT) {
            float[] exponents = new float[c.tensor().size()];
            for (int i = 0; i < exponents.length; i++) {
                exponents[i] = (float) c.tensor().get(i);
            }
            return binary(call, BinaryFunction.POWER, call.value(0), new Value.Constant(OnnxTensor.of(exponents,
                    c.tensor().dims())));
        }
        return binary(call, BinaryFunction.POWER);
    }

}
