package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.eltwise.Activations;
import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.eltwise.Exponentials;
import lanewise.internal.eltwise.Gelu;
import lanewise.internal.eltwise.Logistic;
import lanewise.internal.eltwise.Logistic.Unit;
import lanewise.internal.eltwise.Piecewise;
import lanewise.internal.eltwise.Slopes;
import lanewise.internal.eltwise.Swish;
import lanewise.internal.eltwise.UnaryLoops;

/**
 * Element-wise functions and their gradients,
 *
 * <pre>y[yOffset + i] = f(x[xOffset + i])
 * dx[dxOffset + i] = dy[dyOffset + i] f'(x[xOffset + i]),   0 &lt;= i &lt; length</pre>
 *
 * <p>Arguments are scalars first, then inputs, then the output, each array with the offset of its first element, in floats.
 * Outputs are overwritten, and their old contents may be NaN; a gradient follows its {@link WriteMode}. Inputs are not modified.
 * An output may be exactly the range of an input (in place), but not overlap it otherwise. A length of 0 does nothing.
 *
 * <p>A gradient reads x or y, as its parameter is called; where y serves, the function may run in place.
 *
 * <p>NaN gives NaN and infinity the limit. An element's result has the same bits wherever it lies and on every machine; errors are
 * given in units in the last place of the exact result. Any number of threads may call, on outputs that do not overlap. Nothing is
 * allocated.
 *
 * <p>All methods throw {@link NullPointerException} if an array or mode is null, {@link IllegalArgumentException} if a length is
 * negative or ranges overlap, {@link IndexOutOfBoundsException} if a range leaves its array, and {@link IllegalStateException} if
 * this JVM runs without the Vector API.
 */
public final class Eltwise {

    private Eltwise() {}

    /** {@code y = function(x)}. */
    public static void unary(UnaryFunction function, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Checks.notNull(function, "function");
        Ranges.map(x, xOffset, y, yOffset, length);
        UnaryLoops.forward(function, x, xOffset, y, yOffset, length);
    }

    /**
     * {@code dx = dy function'(x)}.
     *
     * @param xOrY y if {@link UnaryFunction#gradInputReadsOutput()}, else x
     */
    public static void unaryGradInput(UnaryFunction function, float[] xOrY, int xOrYOffset, float[] dy, int dyOffset,
                                 float[] dx, int dxOffset, int length, WriteMode mode) {
        Checks.notNull(function, "function");
        boolean accumulate = Ranges.gradInput(xOrY, xOrYOffset, function.gradInputReadsOutput() ? "y" : "x", dy, dyOffset, dx, dxOffset,
                length, mode);
        UnaryLoops.gradInput(function, xOrY, xOrYOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = activation(x)}. */
    public static void forward(Activation activation, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Checks.notNull(activation, "activation");
        Ranges.map(x, xOffset, y, yOffset, length);
        Activations.forward(activation, x, xOffset, y, yOffset, length);
    }

    /**
     * {@code dx = dy activation'(x)}.
     *
     * @param xOrY y if {@link Activation#gradInputReadsOutput()}, else x
     */
    public static void gradInput(Activation activation, float[] xOrY, int xOrYOffset, float[] dy, int dyOffset,
                                 float[] dx, int dxOffset, int length, WriteMode mode) {
        Checks.notNull(activation, "activation");
        boolean accumulate = Ranges.gradInput(xOrY, xOrYOffset, "xOrY", dy, dyOffset, dx, dxOffset, length, mode);
        Activations.gradInput(activation, xOrY, xOrYOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = x < 0 ? 0 : x}: keeps NaN and -0. */
    public static void relu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Piecewise.relu(x, xOffset, y, yOffset, length);
    }

    /** {@code dx = y <= 0 ? 0 : dy}, from y (or from x, which is the same). At NaN it is dy. */
    public static void reluGradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                     WriteMode mode) {
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.relu(y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = x < 0 ? alpha x : x}. */
    public static void leakyRelu(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Piecewise.leakyRelu(alpha, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = x < 0 ? alpha dy : dy}, from x; if {@code alpha > 0}, y serves as well. */
    public static void leakyReluGradInput(float alpha, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                          int length, WriteMode mode) {
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.leakyRelu(alpha, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /**
     * {@code y = min(max(x, low), high)}; ReLU6 is {@code clip(0, 6, ...)}. NaN stays NaN.
     *
     * @throws IllegalArgumentException also if not {@code low <= high}
     */
    public static void clip(float low, float high, float[] x, int xOffset, float[] y, int yOffset, int length) {
        checkBounds(low, high);
        Ranges.map(x, xOffset, y, yOffset, length);
        Piecewise.clip(low, high, x, xOffset, y, yOffset, length);
    }

    /**
     * {@code dx = y <= low || y >= high ? 0 : dy}, from y (or from x, which is the same). An infinite bound is none; at NaN it is
     * dy.
     *
     * @throws IllegalArgumentException also if not {@code low <= high}
     */
    public static void clipGradInput(float low, float high, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx,
                                     int dxOffset, int length, WriteMode mode) {
        checkBounds(low, high);
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.clip(low, high, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = x <= alpha ? 0 : x}. NaN stays NaN. */
    public static void thresholdedRelu(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Piecewise.thresholdedRelu(alpha, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = x <= alpha ? 0 : dy}, from x. At NaN it is dy. */
    public static void thresholdedReluGradInput(float alpha, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx,
                                                int dxOffset, int length, WriteMode mode) {
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.thresholdedRelu(alpha, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = min(max(x / 6 + 1/2, 0), 1)}: the slope of PyTorch and MobileNetV3; ONNX's default is 0.2. */
    public static void hardSigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
        hardSigmoid(1 / 6f, 0.5f, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = y <= 0 || y >= 1 ? 0 : dy / 6}, from y. At NaN it is dy / 6. */
    public static void hardSigmoidGradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                            WriteMode mode) {
        hardSigmoidGradInput(1 / 6f, y, yOffset, dy, dyOffset, dx, dxOffset, length, mode);
    }

    /** {@code y = min(max(alpha x + beta, 0), 1)}. */
    public static void hardSigmoid(float alpha, float beta, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Piecewise.hardSigmoid(alpha, beta, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = y <= 0 || y >= 1 ? 0 : alpha dy}, from y. At NaN it is alpha dy. */
    public static void hardSigmoidGradInput(float alpha, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                            int length, WriteMode mode) {
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.hardSigmoid(alpha, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = x min(max(x / 6 + 1/2, 0), 1)}, 0 at -infinity. */
    public static void hardSwish(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Piecewise.hardSwish(x, xOffset, y, yOffset, length);
    }

    /** {@code dx = x <= -3 ? 0 : x >= 3 ? dy : dy (x / 3 + 1/2)}, from x. */
    public static void hardSwishGradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                          WriteMode mode) {
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.hardSwish(x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = e^x}. Error below 1.01 ulp. */
    public static void exp(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Exponentials.exp(0, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy y}, from y. */
    public static void expGradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                    WriteMode mode) {
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.exp(y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = ln x}. Error below 2 ulp; -infinity at 0 and -0, NaN below. */
    public static void log(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Exponentials.log(x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy / x}, from x. */
    public static void logGradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                    WriteMode mode) {
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.log(x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = sqrt(x)}, correctly rounded; NaN below 0. */
    public static void sqrt(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Arithmetic.sqrt(x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy / (2 y)}, from y. */
    public static void sqrtGradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                     WriteMode mode) {
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.sqrt(y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = 1 / (1 + e^-x)}. Error below 3 ulp, however small y is. */
    public static void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Logistic.forward(Unit.SIGMOID, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy y (1 - y)}, from y. */
    public static void sigmoidGradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                        WriteMode mode) {
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.sigmoid(y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = tanh x}. Error below 3 ulp, also near 0; odd, bit for bit. */
    public static void tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Exponentials.tanh(x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy (1 - y^2)}, from y. */
    public static void tanhGradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                     WriteMode mode) {
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.tanh(y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = ln(1 + e^x)}. Error below 3.5 ulp, however small y is. */
    public static void softplus(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Logistic.forward(Unit.SOFTPLUS, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy / (1 + e^-x)}, from x. */
    public static void softplusGradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                         WriteMode mode) {
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Logistic.gradInput(Unit.SOFTPLUS, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /**
     * {@code y = x < 0 ? alpha (e^x - 1) : x}. Error below 2 ulp, also near 0.
     *
     * @throws IllegalArgumentException also if not {@code alpha > 0}
     */
    public static void elu(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        checkPositive(alpha, "alpha");
        Ranges.map(x, xOffset, y, yOffset, length);
        Exponentials.elu(alpha, 1, 1, x, xOffset, y, yOffset, length);
    }

    /**
     * {@code dx = y < 0 ? dy (y + alpha) : dy}, from y.
     *
     * @throws IllegalArgumentException also if not {@code alpha > 0}
     */
    public static void eluGradInput(float alpha, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                    int length, WriteMode mode) {
        checkPositive(alpha, "alpha");
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.elu(alpha, 1, 1, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /**
     * {@code y = gamma (x < 0 ? alpha (e^x - 1) : x)}. Error below 3 ulp.
     *
     * @throws IllegalArgumentException also if not {@code alpha > 0} and {@code gamma > 0}
     */
    public static void selu(float alpha, float gamma, float[] x, int xOffset, float[] y, int yOffset, int length) {
        checkPositive(alpha, "alpha");
        checkPositive(gamma, "gamma");
        Ranges.map(x, xOffset, y, yOffset, length);
        Exponentials.elu(alpha * gamma, 1, gamma, x, xOffset, y, yOffset, length);
    }

    /**
     * {@code dx = y < 0 ? dy (y + alpha gamma) : gamma dy}, from y.
     *
     * @throws IllegalArgumentException also if not {@code alpha > 0} and {@code gamma > 0}
     */
    public static void seluGradInput(float alpha, float gamma, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx,
                                     int dxOffset, int length, WriteMode mode) {
        checkPositive(alpha, "alpha");
        checkPositive(gamma, "gamma");
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.elu(alpha * gamma, 1, gamma, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /**
     * {@code y = x < 0 ? alpha (e^(x / alpha) - 1) : x}. Error below 4 ulp.
     *
     * @throws IllegalArgumentException also if not {@code alpha > 0}
     */
    public static void celu(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        checkPositive(alpha, "alpha");
        Ranges.map(x, xOffset, y, yOffset, length);
        Exponentials.elu(alpha, 1 / alpha, 1, x, xOffset, y, yOffset, length);
    }

    /**
     * {@code dx = y < 0 ? dy (y + alpha) / alpha : dy}, from y.
     *
     * @throws IllegalArgumentException also if not {@code alpha > 0}
     */
    public static void celuGradInput(float alpha, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                     int length, WriteMode mode) {
        checkPositive(alpha, "alpha");
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        Slopes.elu(alpha, 1 / alpha, 1, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /**
     * {@code y = x / (1 + e^(-alpha x))}, swish with a factor. Error below {@code 6 + |alpha x|} ulp where {@code alpha x} is in
     * range; below -87, 2e-43 more.
     *
     * @throws IllegalArgumentException also if alpha is 0 or not finite
     */
    public static void silu(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Checks.factor(alpha, "alpha");
        Ranges.map(x, xOffset, y, yOffset, length);
        Swish.forward(alpha, x, xOffset, y, yOffset, length);
    }

    /**
     * {@code dx = dy s (1 + alpha x (1 - s))} with {@code s = 1 / (1 + e^(-alpha x))}, from x.
     *
     * @throws IllegalArgumentException also if alpha is 0 or not finite
     */
    public static void siluGradInput(float alpha, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                     int length, WriteMode mode) {
        Checks.factor(alpha, "alpha");
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Swish.gradInput(alpha, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = x / (1 + e^-x)}, also called swish; 0 at -infinity. Error below 4 ulp for {@code x > -87}, below 2e-43 beyond. */
    public static void silu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Logistic.forward(Unit.SILU, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy s (1 + x (1 - s))} with {@code s = 1 / (1 + e^-x)}, from x; the limits 0 and dy at the infinities. */
    public static void siluGradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                     WriteMode mode) {
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Logistic.gradInput(Unit.SILU, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /**
     * {@code y = x Phi(x) = x/2 (1 + erf(x / sqrt(2)))}; 0 at -infinity. Error below 8 ulp for {@code x > -12.8}, below 1e-43
     * beyond.
     */
    public static void gelu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Gelu.forward(x, xOffset, y, yOffset, length);
    }

    /** {@code dx = dy (Phi(x) + x phi(x))}, phi the normal density, from x; the limits 0 and dy at the infinities. */
    public static void geluGradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                     WriteMode mode) {
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Gelu.gradInput(x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /**
     * {@code y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}, the approximation of {@link #gelu} that GPT-2 was trained with; 0
     * at
     * -infinity. Error below 4 ulp of x.
     */
    public static void geluTanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Logistic.forward(Unit.GELU_TANH, x, xOffset, y, yOffset, length);
    }

    /**
     * {@code dx = dy s (1 + x u' (1 - s))} with {@code u = sqrt(8/pi) (x + 0.044715 x^3), s = 1 / (1 + e^-u)}, from x; the limits 0
     * and
     * dy at the infinities.
     */
    public static void geluTanhGradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                         WriteMode mode) {
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Logistic.gradInput(Unit.GELU_TANH, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code y = a + b}. */
    public static void add(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        checkBinary(a, aOffset, b, bOffset, y, yOffset, length);
        Arithmetic.add(a, aOffset, b, bOffset, y, yOffset, length);
    }

    /** {@code y = a - b}. */
    public static void sub(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        checkBinary(a, aOffset, b, bOffset, y, yOffset, length);
        Arithmetic.sub(a, aOffset, b, bOffset, y, yOffset, length);
    }

    /** {@code y = a * b}. */
    public static void mul(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        checkBinary(a, aOffset, b, bOffset, y, yOffset, length);
        Arithmetic.mul(a, aOffset, b, bOffset, y, yOffset, length);
    }

    /** {@code y = a / b}. */
    public static void div(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        checkBinary(a, aOffset, b, bOffset, y, yOffset, length);
        Arithmetic.div(a, aOffset, b, bOffset, y, yOffset, length);
    }

    /** {@code y = alpha x}. */
    public static void scale(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Arithmetic.scale(alpha, x, xOffset, y, yOffset, length);
    }

    /** {@code y += alpha x}, each element rounded once. Added to: y. */
    public static void axpy(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Arithmetic.axpy(alpha, x, xOffset, y, yOffset, length);
    }

    /** {@code y = value}. */
    public static void fill(float value, float[] y, int yOffset, int length) {
        Ranges.of(y, yOffset, length, "y");
        Arrays.fill(y, yOffset, yOffset + length, value);
    }

    /**
     * {@code y[row][c] += bias[c]}.
     *
     * @param bias {@code float[channels]} from {@code biasOffset}; must not overlap y
     * @param y {@code float[rows*channels]} from {@code yOffset}; added to
     */
    public static void addBias(float[] bias, int biasOffset, float[] y, int yOffset, int rows, int channels) {
        int length = Ranges.matrix(rows, channels, "rows", "channels", "y");
        Ranges.of(y, yOffset, length, "y");
        Checks.range(bias, biasOffset, channels, "bias");
        Checks.disjoint(bias, biasOffset, channels, "bias", y, yOffset, length, "y");
        Arithmetic.addBias(bias, biasOffset, y, yOffset, rows, channels);
    }

    private static void checkBinary(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        Ranges.of(y, yOffset, length, "y");
        Ranges.input(a, aOffset, "a", y, yOffset, "y", length);
        Ranges.input(b, bOffset, "b", y, yOffset, "y", length);
    }

    private static void checkBounds(float low, float high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException("low is " + low + ", must be at most high, which is " + high);
        }
    }

    private static void checkPositive(float value, String name) {
        Checks.require(value > 0, name, value, "must be greater than 0");
    }
}
