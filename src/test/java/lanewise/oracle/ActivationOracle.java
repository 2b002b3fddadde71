package lanewise.oracle;

import static org.junit.jupiter.api.Assertions.fail;

import lanewise.kernel.Activation;

/** The activations in double, as their formulas say. */
public final class ActivationOracle {

    /** No activation is steeper anywhere: hard swish at 3 has slope 3/2. */
    private static final double STEEPEST = 1.5;

    /** What evaluating an activation may cost besides: a few units in the last place of its argument and result. */
    private static final double ULPS = 4;

    private ActivationOracle() {}

    /** {@code activation(v)}. */
    public static double apply(Activation activation, double v) {
        return switch (activation) {
            case NONE -> v;
            case RELU -> Math.max(v, 0);
            case RELU6 -> Math.min(Math.max(v, 0), 6);
            case HARD_SIGMOID -> Math.min(Math.max(v / 6 + 0.5, 0), 1);
            case HARD_SWISH -> v * Math.min(Math.max(v / 6 + 0.5, 0), 1);
            case SIGMOID -> 1 / (1 + Math.exp(-v));
            case TANH -> Math.tanh(v);
            case SOFTPLUS -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
            case SILU -> v / (1 + Math.exp(-v));
            case GELU -> v / 2 * (1 + erf(v / Math.sqrt(2)));
            case GELU_TANH -> v / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
        };
    }

    /** Fails unless every float is the activation of its sum, within the sum's bound and the activation's own error. */
    public static void assertClose(Activation activation, Sums sums, Guarded actual, Object what) {
        for (int i = 0; i < sums.length(); i++) {
            double v = sums.value(i);
            double expected = apply(activation, v);
            double tolerance = STEEPEST * sums.tolerance(i) + ULPS * Sums.EPS * (1 + Math.abs(v));
            if (!(Math.abs(actual.get(i) - expected) <= tolerance)) {
                fail("%s %s: element %d is %s, must be %s +- %s".formatted(what, activation, i, actual.get(i), expected,
                        tolerance));
            }
        }
    }

    /** erf by the series {@code 2/sqrt(pi) exp(-v^2) sum of 2^n v^(2n+1) / (1 3 5 ... (2n+1))}, whose terms have one sign. */
    public static double erf(double v) {
        if (Math.abs(v) > 6) {
            return Math.signum(v);
        }
        double term = v;
        double sum = v;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * v * v / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-v * v) * sum;
    }
}
