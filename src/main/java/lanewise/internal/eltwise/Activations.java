package lanewise.internal.eltwise;

import lanewise.internal.eltwise.Logistic.Unit;
import lanewise.kernel.Activation;

/**
 * The loops of each {@link Activation}.
 */
public final class Activations {

    private Activations() {}

    /** {@code y[i] = activation(y[i])} in place; for the convolutions, a piece at a time while it is in cache. */
    public static void apply(Activation activation, float[] y, int offset, int length) {
        if (activation != Activation.NONE) {
            forward(activation, y, offset, y, offset, length);
        }
    }

    /** {@code y[i] = activation(x[i])}. */
    public static void forward(Activation activation, float[] x, int xOffset, float[] y, int yOffset, int length) {
        switch (activation) {
            case NONE -> System.arraycopy(x, xOffset, y, yOffset, length);
            case RELU -> Piecewise.relu(x, xOffset, y, yOffset, length);
            case RELU6 -> Piecewise.clip(0, 6, x, xOffset, y, yOffset, length);
            case HARD_SIGMOID -> Piecewise.hardSigmoid(1 / 6f, 0.5f, x, xOffset, y, yOffset, length);
            case HARD_SWISH -> Piecewise.hardSwish(x, xOffset, y, yOffset, length);
            case SIGMOID -> Logistic.forward(Unit.SIGMOID, x, xOffset, y, yOffset, length);
            case TANH -> Exponentials.tanh(x, xOffset, y, yOffset, length);
            case SOFTPLUS -> Logistic.forward(Unit.SOFTPLUS, x, xOffset, y, yOffset, length);
            case SILU -> Logistic.forward(Unit.SILU, x, xOffset, y, yOffset, length);
            case GELU -> Gelu.forward(x, xOffset, y, yOffset, length);
            case GELU_TANH -> Logistic.forward(Unit.GELU_TANH, x, xOffset, y, yOffset, length);
        }
    }

    /** {@code activation(v)} by the operations of the loops, one number at a time. */
    public static float of(Activation activation, float v) {
        return switch (activation) {
            case NONE -> v;
            case RELU -> Math.max(v, 0);
            case RELU6 -> Math.min(Math.max(v, 0), 6);
            case HARD_SIGMOID -> Math.min(Math.max(Math.fma(v, 1 / 6f, 0.5f), 0), 1);
            case HARD_SWISH -> v >= 3 ? v : v <= -3 ? 0 : v * Math.fma(v, 1 / 6f, 0.5f);
            case SIGMOID -> Logistic.of(Unit.SIGMOID, v);
            case TANH -> Exponentials.tanh(v);
            case SOFTPLUS -> Logistic.of(Unit.SOFTPLUS, v);
            case SILU -> Logistic.of(Unit.SILU, v);
            case GELU -> Gelu.of(v);
            case GELU_TANH -> Logistic.of(Unit.GELU_TANH, v);
        };
    }

    /** {@code dx[i] = dy[i] activation'(x[i])}, or {@code +=}; v: y if {@link Activation#gradInputReadsOutput()}, else x. */
    public static void gradInput(Activation activation, float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                 int length, boolean accumulate) {
        switch (activation) {
            case NONE -> {
                if (accumulate) {
                    Arithmetic.add(dx, dxOffset, dy, dyOffset, dx, dxOffset, length);
                } else {
                    System.arraycopy(dy, dyOffset, dx, dxOffset, length);
                }
            }
            case SOFTPLUS -> Logistic.gradInput(Unit.SOFTPLUS, v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case SILU -> Logistic.gradInput(Unit.SILU, v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case GELU -> Gelu.gradInput(v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case GELU_TANH -> Logistic.gradInput(Unit.GELU_TANH, v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case RELU -> Slopes.relu(v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case RELU6 -> Slopes.clip(0, 6, v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case HARD_SIGMOID -> Slopes.hardSigmoid(1 / 6f, v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case HARD_SWISH -> Slopes.hardSwish(v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case SIGMOID -> Slopes.sigmoid(v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case TANH -> Slopes.tanh(v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
        }
    }
}
