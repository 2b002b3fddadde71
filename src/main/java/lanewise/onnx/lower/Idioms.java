package lanewise.onnx.lower;

import java.util.Arrays;
import lanewise.kernel.Activation;
import lanewise.kernel.BinaryFunction;
import lanewise.layer.BinaryParameter;
import lanewise.layer.Clip;
import lanewise.layer.Conv1d;
import lanewise.layer.Conv2d;
import lanewise.layer.ConvTranspose2d;
import lanewise.layer.Dense;
import lanewise.layer.Gelu;
import lanewise.layer.HardSigmoid;
import lanewise.layer.HardSwish;
import lanewise.layer.Layer;
import lanewise.layer.Mish;
import lanewise.layer.Node;
import lanewise.layer.Relu6;
import lanewise.layer.Sigmoid;
import lanewise.layer.Silu;
import lanewise.layer.Softplus;
import lanewise.layer.Tanh;
import lanewise.layer.Unary;
import lanewise.kernel.UnaryFunction;

/**
 * What exporters write in several operators and the library has as one layer. Nodes that nobody reads any more are left out of the
 * network by themselves.
 *
 * <pre>
 * x sigmoid(x)                       Silu
 * x hardSigmoid(x)                   HardSwish
 * x clip(x + 3, 0, 6) / 6            HardSwish
 * x tanh(softplus(x))                Mish
 * x (1 + erf(x / sqrt 2)) / 2        Gelu
 * convolution without bias + c       the convolution with this bias
 * </pre>
 */
final class Idioms {

    private static final HardSigmoid STANDARD = new HardSigmoid();

    private final Call call;

    Idioms(Call call) {
        this.call = call;
    }

    /** A product of two computed values that is one activation, or null. */
    Tensor product(BinaryFunction function, Tensor a, Tensor b) {
        boolean alike = Arrays.equals(a.dims(), b.dims()) && Arrays.equals(a.order(), b.order()); // not one the other's transpose
        if (function != BinaryFunction.MULTIPLY || !alike) {
            return null;
        }
        Layer layer = gated(a.node(), b.node());
        if (layer != null) {
            return a.with(call.layer(layer, a.node()));
        }
        layer = gated(b.node(), a.node());
        if (layer != null) {
            return b.with(call.layer(layer, b.node()));
        }
        Node half = halved(a.node(), b.node()) != null ? halved(a.node(), b.node()) : halved(b.node(), a.node());
        return half == null ? null : a.with(call.layer(new Gelu(), half));
    }

    /** The x of {@code x/2} and {@code 1 + erf(x / sqrt 2)}, or null. */
    private Node halved(Node half, Node gate) {
        boolean halves = half.layer() instanceof BinaryParameter scale
                && (scale.function() == BinaryFunction.MULTIPLY && constant(half, 0.5f)
                        || scale.function() == BinaryFunction.DIVIDE && !scale.operandFirst() && constant(half, 2));
        return halves && erf(gate) == half.inputs().getFirst() ? half.inputs().getFirst() : null;
    }

    /** {@code x f(x)}. */
    private Layer gated(Node x, Node gate) {
        if (gate.layer() == null || !feeds(x, gate)) {
            return gate.layer() instanceof Tanh && gate.inputs().getFirst().layer() instanceof Softplus
                    && feeds(x, gate.inputs().getFirst()) ? new Mish() : null;
        }
        return switch (gate.layer()) {
            case Sigmoid _ -> new Silu();
            case HardSigmoid hard when hard.equals(STANDARD) -> new HardSwish();
            default -> null;
        };
    }

    private static boolean feeds(Node x, Node node) {
        return node.inputs().size() == 1 && node.inputs().getFirst() == x;
    }

    /** A computed value and a constant, lying in {@code order}, that are one layer together, or null. */
    Tensor withConstant(BinaryFunction function, Tensor x, int[] dims, int[] order, float[] values, boolean constantFirst) {
        if (x.dims().length != dims.length) {
            return null;
        }
        Layer layer = values.length == 1 ? scaled(function, x.node(), values[0], constantFirst) : null;
        if (layer != null) {
            Node source = source(x.node(), layer);
            return x.with(call.layer(layer, source));
        }
        boolean perChannel = values.length > 1 && x.scramble() == null && dims[order[order.length - 1]] == values.length;
        return function == BinaryFunction.ADD && perChannel ? biased(x, values) : null;
    }

    /** A convolution or dense layer that nothing else reads, with a bias it did not have. */
    private Tensor biased(Tensor x, float[] bias) {
        Node node = x.node();
        boolean alone = call.value(0) == x ? call.readsAlone(0) : call.count() > 1 && call.value(1) == x && call.readsAlone(1);
        Layer with = node.layer() == null || !alone ? null : switch (node.layer()) {
            case Conv2d conv when !conv.bias() -> new Conv2d(conv.filters(), conv.window(), conv.groups(), true, Activation.NONE,
                    conv.initializer());
            case Conv1d conv when !conv.bias() -> new Conv1d(conv.filters(), conv.window(), conv.groups(), true, Activation.NONE,
                    conv.initializer());
            case ConvTranspose2d conv when !conv.bias() -> new ConvTranspose2d(conv.filters(), conv.window(), conv.outputPaddingH(),
                    conv.outputPaddingW(), conv.groups(), true, Activation.NONE, conv.initializer());
            case Dense dense when !dense.bias() -> new Dense(dense.units(), true, Activation.NONE, dense.initializer());
            default -> null;
        };
        if (with == null || node.shape().channels() != bias.length) {
            return null;
        }
        Node y = call.builder.replace(node, with);
        call.builder.set(y, "bias", bias);
        return x.with(y);
    }

    /** {@code x gate / 6}, {@code x (1 + erf) / 2}, {@code clip / 6}; the layer stands on {@link #source}. */
    private Layer scaled(BinaryFunction function, Node node, float value, boolean constantFirst) {
        float factor = function == BinaryFunction.MULTIPLY ? value
                : function == BinaryFunction.DIVIDE && !constantFirst ? 1 / value : Float.NaN;
        if (near(factor, 1 / 6f) && product(node) && hardGate(node.inputs().get(0), node.inputs().get(1)) != null) {
            return new HardSwish();
        }
        if (near(factor, 1 / 6f) && sixth(node) != null) {
            return STANDARD;
        }
        return near(factor, 0.5f) && product(node) && erfGate(node.inputs().get(0), node.inputs().get(1)) != null ? new Gelu()
                : null;
    }

    private Node source(Node node, Layer layer) {
        if (layer instanceof HardSigmoid) {
            return sixth(node);
        }
        Node a = node.inputs().get(0);
        Node b = node.inputs().get(1);
        return layer instanceof HardSwish ? hardGate(a, b) : erfGate(a, b);
    }

    private static boolean near(float a, float b) {
        return Math.abs(a - b) < 1e-5f;
    }

    private static boolean product(Node node) {
        return node.layer() instanceof lanewise.layer.Binary binary && binary.function() == BinaryFunction.MULTIPLY;
    }

    /** The x of {@code clip(x + 3, 0, 6)}, or null. */
    private Node sixth(Node node) {
        boolean clips = node.layer() instanceof Relu6 || node.layer() instanceof Clip clip && clip.min() == 0 && clip.max() == 6;
        return clips ? shifted(node.inputs().getFirst(), 3) : null;
    }

    private Node shifted(Node node, float by) {
        return node.layer() instanceof BinaryParameter sum && sum.function() == BinaryFunction.ADD && constant(node, by)
                ? node.inputs().getFirst() : null;
    }

    private boolean constant(Node node, float value) {
        float[] operand = call.builder.operand(node);
        return operand.length == 1 && near(operand[0], value);
    }

    private Node hardGate(Node a, Node b) {
        return sixth(b) == a ? a : sixth(a) == b ? b : null;
    }

    private Node erfGate(Node a, Node b) {
        return erf(b) == a ? a : erf(a) == b ? b : null;
    }

    /** The x of {@code 1 + erf(x / sqrt 2)}, or null. */
    private Node erf(Node node) {
        Node erf = shifted(node, 1);
        if (erf == null || !(erf.layer() instanceof Unary unary) || unary.function() != UnaryFunction.ERF) {
            return null;
        }
        Node scaled = erf.inputs().getFirst();
        if (!(scaled.layer() instanceof BinaryParameter scale) || scale.operandFirst()
                && scale.function() == BinaryFunction.DIVIDE) {
            return null;
        }
        float root = (float) Math.sqrt(2);
        boolean halved = scale.function() == BinaryFunction.DIVIDE ? constant(scaled, root)
                : scale.function() == BinaryFunction.MULTIPLY && constant(scaled, 1 / root);
        return halved ? scaled.inputs().getFirst() : null;
    }
}
