package lanewise.internal.plain;

import lanewise.internal.eltwise.Exponentials;
import lanewise.internal.eltwise.Gelu;
import lanewise.internal.eltwise.Logistic;
import lanewise.kernel.Activation;

/** Each {@link Activation} of a row in place, one element after the other, by the operations of the vector loops. */
final class PlainActivation {

    private static final float SIXTH = 1 / 6f;

    private PlainActivation() {}

    /** {@code y[k] = activation(y[k])}, {@code k < n}. */
    static void apply(Activation activation, float[] y, int n) {
        switch (activation) {
            case NONE -> { }
            case RELU -> PlainLoops.relu(y, n);
            case RELU6 -> PlainLoops.relu6(y, n);
            default -> {
                for (int k = 0; k < n; k++) {
                    y[k] = of(activation, y[k]);
                }
            }
        }
    }

    private static float of(Activation activation, float v) {
        return switch (activation) {
            case NONE -> v;
            case RELU -> Math.max(v, 0);
            case RELU6 -> Math.min(Math.max(v, 0), 6);
            case HARD_SIGMOID -> Math.min(Math.max(Math.fma(v, SIXTH, 0.5f), 0), 1);
            case HARD_SWISH -> v >= 3 ? v : v <= -3 ? 0 : v * Math.fma(v, SIXTH, 0.5f);
            case SIGMOID -> Logistic.of(Logistic.Unit.SIGMOID, v);
            case TANH -> Exponentials.tanh(v);
            case SOFTPLUS -> Logistic.of(Logistic.Unit.SOFTPLUS, v);
            case SILU -> Logistic.of(Logistic.Unit.SILU, v);
            case GELU -> Gelu.of(v);
            case GELU_TANH -> Logistic.of(Logistic.Unit.GELU_TANH, v);
        };
    }
}
