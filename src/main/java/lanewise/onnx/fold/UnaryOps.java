package lanewise.onnx.fold;

import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** {@code y = f(x)}, element by element. */
final class UnaryOps {

    private UnaryOps() {}

    static Function<Call, OnnxTensor> of(DoubleUnaryOperator f) {
        return of(f, null);
    }

    static Function<Call, OnnxTensor> of(DoubleUnaryOperator f, LongUnaryOperator integers) {
        return call -> Elements.map(call.input(0), f, integers);
    }

    static OnnxTensor abs(Call call) {
        boolean unsigned = call.input(0).type() == ElementType.UINT64;
        return Elements.map(call.input(0), Math::abs, x -> unsigned ? x : Math.abs(x));
    }

    static OnnxTensor sign(Call call) {
        boolean unsigned = call.input(0).type() == ElementType.UINT64;
        return Elements.map(call.input(0), Math::signum, x -> unsigned ? Math.min(1, x & 1 | x >>> 1) : Long.signum(x));
    }

    static OnnxTensor leakyRelu(Call call) {
        float alpha = call.attributes().getFloat("alpha", 0.01f);
        return Elements.map(call.input(0), x -> x < 0 ? alpha * x : x, null);
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /**
     * The error function by its series {@code 2/sqrt(pi) e^(-x^2) sum_n 2^n x^(2n+1) / (1 3 5 .. (2n+1))}, whose terms have one
     * sign.
     *
     * <p><i>Source:</i> Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6.
     */
    static double erf(double x) {
        if (Double.isNaN(x) || Math.abs(x) > 6) {
            return Math.signum(x); // 1 - erf(6) is below 1e-16
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    static OnnxTensor not(Call call) {
        OnnxTensor x = call.input(0);
        LogicOps.truth(x);
        return Elements.map(x, null, v -> 1 - v);
    }

    /** {@code min(max(x, low), high)}; bounds are attributes before opset 11, inputs from then on. */
    static OnnxTensor clip(Call call) {
        OnnxTensor x = call.input(0);
        OnnxTensor low = bound(call, x, "min", 1);
        OnnxTensor high = bound(call, x, "max", 2);
        OnnxTensor y = low == null ? x : ArithmeticOps.max(x, low);
        return high == null ? y : ArithmeticOps.min(y, high);
    }

    private static OnnxTensor bound(Call call, OnnxTensor x, String name, int index) {
        OnnxTensor bound = call.input(index);
        if (call.opset() >= 11) {
            if (bound != null && bound.size() != 1) {
                throw new IllegalArgumentException(name + " is " + bound + ", must be one number");
            }
            return bound == null ? null : bound.reshaped();
        }
        if (bound != null) {
            throw new IllegalArgumentException(name + " is input " + index + ", must be an attribute before opset 11");
        }
        float value = call.attributes().getFloat(name, 0);
        return call.attributes().has(name) ? Elements.convert(OnnxTensor.of(new float[] {value}), x.type()) : null;
    }

    static OnnxTensor cast(Call call) {
        ElementType type = call.opset() < 6 ? named(call.attributes().getString("to", "")) : call.type("to", 0);
        return convert(call, type);
    }

    private static ElementType named(String name) {
        try {
            return ElementType.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("attribute to is \"" + name + "\", must be the name of a number type", e);
        }
    }

    static OnnxTensor castLike(Call call) {
        return convert(call, call.input(1).type());
    }

    private static OnnxTensor convert(Call call, ElementType type) {
        call.attributes().getInt("saturate", 1); // these two are about 8-bit floats only, which are refused as types
        call.attributes().getString("round_mode", "up");
        return Elements.convert(call.input(0), type);
    }
}
