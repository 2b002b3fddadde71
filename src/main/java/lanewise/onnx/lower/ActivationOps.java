package lanewise.onnx.lower;

import lanewise.layer.Celu;
import lanewise.layer.Clip;
import lanewise.layer.Elu;
import lanewise.layer.Gelu;
import lanewise.layer.HardSigmoid;
import lanewise.layer.Layer;
import lanewise.layer.LeakyRelu;
import lanewise.layer.Node;
import lanewise.layer.PRelu;
import lanewise.layer.Relu;
import lanewise.layer.Relu6;
import lanewise.layer.Selu;
import lanewise.layer.Silu;
import lanewise.layer.ThresholdedRelu;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** Element-wise functions of one value. */
final class ActivationOps {

    private ActivationOps() {}

    static Value plain(Call call, Layer layer) {
        return call.elementwise(call.scrambled(0), layer);
    }

    static Value leaky(Call call) {
        return plain(call, new LeakyRelu(call.attributes.getFloat("alpha", 0.01f)));
    }

    static Value elu(Call call) {
        return plain(call, new Elu(call.attributes.getFloat("alpha", 1)));
    }

    static Value selu(Call call) {
        return plain(call, new Selu(call.attributes.getFloat("alpha", 1.67326319217681884765625f),
                call.attributes.getFloat("gamma", 1.05070102214813232421875f)));
    }

    static Value celu(Call call) {
        return plain(call, new Celu(call.attributes.getFloat("alpha", 1)));
    }

    static Value thresholded(Call call) {
        return plain(call, new ThresholdedRelu(call.attributes.getFloat("alpha", 1)));
    }

    static Value hardSigmoid(Call call) {
        float alpha = call.attributes.getFloat("alpha", 0.2f);
        float beta = call.attributes.getFloat("beta", 0.5f);
        boolean standard = Math.abs(alpha - 1 / 6f) < 1e-6f && beta == 0.5f; // written as 0.1666667 by some
        return plain(call, standard ? new HardSigmoid() : new HardSigmoid(alpha, beta));
    }

    static Value swish(Call call) {
        return plain(call, new Silu(call.attributes.getFloat("alpha", 1)));
    }

    static Value gelu(Call call) {
        String approximate = call.attributes.getString("approximate", "none");
        return switch (approximate) {
            case "none" -> plain(call, new Gelu());
            case "tanh" -> plain(call, new Gelu(true));
            default -> throw new Refusal("approximate is " + approximate + ", must be none or tanh");
        };
    }

    /** Bounds are attributes up to opset 10 and inputs since. */
    static Value clip(Call call) {
        float min = call.opset < 11 ? call.attributes.getFloat("min", -Float.MAX_VALUE) : call.has(1) ? call.scalar(1)
                : Float.NEGATIVE_INFINITY;
        float max = call.opset < 11 ? call.attributes.getFloat("max", Float.MAX_VALUE) : call.has(2) ? call.scalar(2)
                : Float.POSITIVE_INFINITY;
        if (min == 0 && max >= Float.MAX_VALUE) {
            return plain(call, new Relu());
        }
        return plain(call, min == 0 && max == 6 ? new Relu6() : new Clip(Math.min(min, max), max));
    }

    static Value prelu(Call call) {
        Tensor x = call.tensor(0);
        OnnxTensor slope = call.constant(1);
        if (slope.rank() > x.rank()) {
            throw new Refusal("slope is " + slope + ", cannot be broadcast to " + java.util.Arrays.toString(x.dims()));
        }
        int[] ones = new int[x.rank() - slope.rank()];
        java.util.Arrays.fill(ones, 1);
        boolean perChannel = call.opset < 7 && slope.rank() == 1 && x.rank() > 1; // since then it is broadcast from the right
        int[] dims = perChannel ? Axes.concat(new int[] {1, slope.size()}, java.util.Arrays.copyOf(ones, x.rank() - 2))
                : Axes.concat(ones, slope.dims());
        if (!java.util.Arrays.equals(Axes.broadcast(x.dims(), dims), x.dims())) {
            throw new Refusal("slope is " + slope + ", cannot be broadcast to " + java.util.Arrays.toString(x.dims()));
        }
        if (x.batch() >= 0 && dims[x.batch()] != 1) {
            throw new NotBatchwiseException();
        }
        Node y = call.layer(new PRelu(Axes.shape(Axes.pick(dims, x.order()))), call.layouts.exact(x));
        call.builder.set(y, "slope", Axes.permuted(call.floats(1), dims, x.order()));
        return Tensor.of(y, x.dims(), x.batch(), x.order());
    }

    /** To FLOAT, which computed values are already. */
    static Value cast(Call call) {
        long to = call.attributes.requireInt("to");
        call.attributes.getInt("saturate", 1);
        call.attributes.getString("round_mode", "up");
        if (to != ElementType.FLOAT.code()) {
            throw new Refusal("to is " + to + ", must be 1 (FLOAT): networks compute nothing else");
        }
        return call.value(0);
    }
}
