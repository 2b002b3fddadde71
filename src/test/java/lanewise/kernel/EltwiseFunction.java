package lanewise.kernel;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import lanewise.oracle.ActivationOracle;
import lanewise.oracle.Data;

/**
 * One function of {@link Eltwise} with its gradient, and what it has to be.
 *
 * @param f the function in double
 * @param tolerance the documented error at x, of a result y
 * @param low the lowest argument of interest for the gradient
 * @param high the highest
 * @param kinks where there is no derivative
 */
record EltwiseFunction(String name, Map map, Gradient gradient, boolean fromOutput, DoubleUnaryOperator f,
                       DoubleBinaryOperator tolerance, float low, float high, double... kinks) {

    interface Map {
        void run(float[] x, int xOffset, float[] y, int yOffset, int length);
    }

    interface Gradient {
        void run(float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length, WriteMode mode);
    }

    private static final float ALPHA = 1.5f;
    private static final float LEAK = 0.01f;
    private static final float GAMMA = 1.25f;
    private static final float RATE = 0.75f;

    static final List<EltwiseFunction> ALL = List.of(
            of("relu", Eltwise::relu, Eltwise::reluGradInput, true, x -> Math.max(x, 0), 0, 0),
            of("leakyRelu", (x, xo, y, yo, n) -> Eltwise.leakyRelu(LEAK, x, xo, y, yo, n),
                    (x, xo, dy, dyo, dx, dxo, n, m) -> Eltwise.leakyReluGradInput(LEAK, x, xo, dy, dyo, dx, dxo, n, m), false,
                    x -> x < 0 ? LEAK * x : x, 0.5, 0),
            of("clip", (x, xo, y, yo, n) -> Eltwise.clip(-2, 3, x, xo, y, yo, n),
                    (y, yo, dy, dyo, dx, dxo, n, m) -> Eltwise.clipGradInput(-2, 3, y, yo, dy, dyo, dx, dxo, n, m), true,
                    x -> Math.min(Math.max(x, -2), 3), 0, -2, 3),
            new EltwiseFunction("hardSigmoid", Eltwise::hardSigmoid, Eltwise::hardSigmoidGradInput, true,
                    EltwiseFunction::hardSigmoid, (x, y) -> ulp(0.5), -10, 10, -3, 3),
            new EltwiseFunction("hardSwish", Eltwise::hardSwish, Eltwise::hardSwishGradInput, false,
                    x -> x <= -3 ? 0 : x >= 3 ? x : x * hardSigmoid(x),
                    (x, y) -> Math.abs(x) * 2 * ulp(0.5) + Float.MIN_VALUE, -10, 10, -3, 3),
            of("exp", Eltwise::exp, Eltwise::expGradInput, true, Math::exp, 1.01),
            new EltwiseFunction("log", Eltwise::log, Eltwise::logGradInput, false, Math::log, ulps(2), 0.1f, 10),
            new EltwiseFunction("sqrt", Eltwise::sqrt, Eltwise::sqrtGradInput, true, Math::sqrt, ulps(0.5), 0.1f, 10),
            of("sigmoid", Eltwise::sigmoid, Eltwise::sigmoidGradInput, true, EltwiseFunction::sigmoid, 3),
            of("tanh", Eltwise::tanh, Eltwise::tanhGradInput, true, Math::tanh, 3),
            of("softplus", Eltwise::softplus, Eltwise::softplusGradInput, false,
                    x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 3.5),
            of("elu", (x, xo, y, yo, n) -> Eltwise.elu(ALPHA, x, xo, y, yo, n),
                    (y, yo, dy, dyo, dx, dxo, n, m) -> Eltwise.eluGradInput(ALPHA, y, yo, dy, dyo, dx, dxo, n, m), true,
                    x -> x < 0 ? ALPHA * Math.expm1(x) : x, 2, 0),
            of("selu", (x, xo, y, yo, n) -> Eltwise.selu(ALPHA, GAMMA, x, xo, y, yo, n),
                    (y, yo, dy, dyo, dx, dxo, n, m) -> Eltwise.seluGradInput(ALPHA, GAMMA, y, yo, dy, dyo, dx, dxo, n, m), true,
                    x -> GAMMA * (x < 0 ? ALPHA * Math.expm1(x) : x), 3, 0),
            of("celu", (x, xo, y, yo, n) -> Eltwise.celu(ALPHA, x, xo, y, yo, n),
                    (y, yo, dy, dyo, dx, dxo, n, m) -> Eltwise.celuGradInput(ALPHA, y, yo, dy, dyo, dx, dxo, n, m), true,
                    x -> x < 0 ? ALPHA * Math.expm1(x / ALPHA) : x, 4, 0),
            of("thresholdedRelu", (x, xo, y, yo, n) -> Eltwise.thresholdedRelu(LEAK, x, xo, y, yo, n),
                    (x, xo, dy, dyo, dx, dxo, n, m) -> Eltwise.thresholdedReluGradInput(LEAK, x, xo, dy, dyo, dx, dxo, n, m), false,
                    x -> Double.isNaN(x) || x > LEAK ? x : 0, 0, LEAK),
            new EltwiseFunction("hardSigmoidOf", (x, xo, y, yo, n) -> Eltwise.hardSigmoid(0.25f, 0.5f, x, xo, y, yo, n),
                    (y, yo, dy, dyo, dx, dxo, n, m) -> Eltwise.hardSigmoidGradInput(0.25f, y, yo, dy, dyo, dx, dxo, n, m), true,
                    x -> Math.min(Math.max(x / 4 + 0.5, 0), 1), (x, y) -> ulp(0.5), -10, 10, -2, 2),
            new EltwiseFunction("siluOf", (x, xo, y, yo, n) -> Eltwise.silu(RATE, x, xo, y, yo, n),
                    (x, xo, dy, dyo, dx, dxo, n, m) -> Eltwise.siluGradInput(RATE, x, xo, dy, dyo, dx, dxo, n, m), false,
                    x -> gate(RATE * x, sigmoid(-Math.abs(RATE * x))) / RATE,
                    (x, y) -> (6 + Math.abs(RATE * x)) * ulp(y) + (RATE * x > -87 ? 0 : 2e-43), -10, 10),
            unary(UnaryFunction.ABS, Math::abs, 0, -10, 0),
            unary(UnaryFunction.NEGATE, x -> -x, 0, -10),
            unary(UnaryFunction.RECIPROCAL, x -> 1 / x, 0.5, 0.3f),
            unary(UnaryFunction.EXP, Math::exp, 1.01, -10),
            unary(UnaryFunction.LOG, Math::log, 2, 0.1f),
            unary(UnaryFunction.SQRT, Math::sqrt, 0.5, 0.1f),
            unary(UnaryFunction.ERF, ActivationOracle::erf, 4, -10),
            unary(UnaryFunction.FLOOR, Math::floor, 0, 0.2f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            unary(UnaryFunction.CEIL, Math::ceil, 0, 0.2f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            unary(UnaryFunction.ROUND, Math::rint, 0, 0.6f, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5),
            unary(UnaryFunction.SIGN, Math::signum, 0, 0.2f),
            unary(UnaryFunction.SIN, Math::sin, 0.51, -10),
            unary(UnaryFunction.COS, Math::cos, 0.51, -10),
            unary(UnaryFunction.SOFTSIGN, x -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x)), 1.5, -10),
            new EltwiseFunction("MISH", (x, xo, y, yo, n) -> Eltwise.unary(UnaryFunction.MISH, x, xo, y, yo, n),
                    (v, vo, dy, dyo, dx, dxo, n, m) -> Eltwise.unaryGradInput(UnaryFunction.MISH, v, vo, dy, dyo, dx, dxo, n, m), false,
                    EltwiseFunction::mish, (x, y) -> x > -87 ? 6 * ulp(y) : 2e-43, -10, 10),
            new EltwiseFunction("silu", Eltwise::silu, Eltwise::siluGradInput, false, x -> gate(x, sigmoid(-Math.abs(x))),
                    (x, y) -> x > -87 ? 4 * ulp(y) : 2e-43, -10, 10),
            new EltwiseFunction("gelu", Eltwise::gelu, Eltwise::geluGradInput, false, x -> gate(x, normalTail(Math.abs(x))),
                    (x, y) -> x > -12.8 ? 8 * ulp(y) : 2e-43, -10, 10),
            new EltwiseFunction("geluTanh", Eltwise::geluTanh, Eltwise::geluTanhGradInput, false, EltwiseFunction::geluTanh,
                    (x, y) -> 4 * ulp(x), -10, 10));

    private static EltwiseFunction of(String name, Map map, Gradient gradient, boolean fromOutput, DoubleUnaryOperator f,
                                      double ulps, double... kinks) {
        return new EltwiseFunction(name, map, gradient, fromOutput, f, ulps(ulps), -10, 10, kinks);
    }

    private static EltwiseFunction unary(UnaryFunction function, DoubleUnaryOperator f, double ulps, float low, double... kinks) {
        return new EltwiseFunction(function.name(), (x, xo, y, yo, n) -> Eltwise.unary(function, x, xo, y, yo, n),
                (v, vo, dy, dyo, dx, dxo, n, m) -> Eltwise.unaryGradInput(function, v, vo, dy, dyo, dx, dxo, n, m),
                function.gradInputReadsOutput(), f, ulps(ulps), low, 10, kinks);
    }

    private static double mish(double x) {
        if (Double.isInfinite(x)) {
            return Math.max(x, 0);
        }
        double e = Math.exp(-Math.abs(x)); // tanh(ln(1 + e^x)), without overflow
        return x * (x > 0 ? (1 + 2 * e) / (1 + 2 * e + 2 * e * e) : e * (e + 2) / (e * (e + 2) + 2));
    }

    private static DoubleBinaryOperator ulps(double count) {
        return (x, y) -> count * ulp(y);
    }

    /** The distance of floats at {@code y}. */
    private static double ulp(double y) {
        return Math.ulp((float) y);
    }

    private static double hardSigmoid(double x) {
        return Math.min(Math.max(x / 6 + 0.5, 0), 1);
    }

    private static double sigmoid(double x) {
        return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
    }

    private static double geluTanh(double x) {
        double t = Math.min(Math.abs(x), 100);
        return gate(x, sigmoid(-Math.sqrt(8 / Math.PI) * (t + 0.044715 * t * t * t)));
    }

    /** {@code x F(x)} of the tail {@code F(-|x|)}, and its limits. */
    private static double gate(double x, double tail) {
        return Double.isInfinite(x) ? Math.max(x, 0) : Math.max(x, 0) - Math.abs(x) * tail;
    }

    /** {@code Phi(-t)}: near 0 by a series of positive terms, in the tail by Laplace's continued fraction. */
    private static double normalTail(double t) {
        double density = Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI);
        if (t < 4) {
            double sum = t;
            double term = t;
            for (int k = 1; term > 1e-20 * sum; k++) {
                term *= t * t / (2 * k + 1);
                sum += term;
            }
            return 0.5 - density * sum;
        }
        double fraction = 0;
        for (int k = 100; k > 0; k--) {
            fraction = k / (t + fraction);
        }
        return density / (t + fraction);
    }

    /** The derivative in double, off the kinks. */
    double derivative(double x) {
        return (f.applyAsDouble(x + STEP) - f.applyAsDouble(x - STEP)) / (2 * STEP);
    }

    static final double STEP = 1e-5;

    /** Random arguments between {@code low} and {@code high}, none near a kink. */
    float[] arguments(long seed, int length) {
        float[] x = Data.reals(seed, length);
        for (int i = 0; i < length; i++) {
            x[i] = low + (high - low) * (x[i] + 1) / 2;
            for (double kink : kinks) {
                if (Math.abs(x[i] - kink) < 0.01) {
                    x[i] += 0.03f;
                }
            }
        }
        return x;
    }

    /** What the gradient reads: x, or y. */
    float[] gradientArguments(float[] x) {
        float[] v = x.clone();
        if (fromOutput) {
            map.run(x, 0, v, 0, v.length);
        }
        return v;
    }

    @Override
    public String toString() {
        return name;
    }
}
