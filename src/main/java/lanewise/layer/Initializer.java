package lanewise.layer;

import java.util.SplittableRandom;
import lanewise.internal.Checks;

/**
 * How a parameter starts. With {@code fanIn} inputs summed into one output and {@code fanOut} outputs fed by one input, the random
 * ones keep the variance of the signals (Glorot) or of those that pass a ReLU (He) from layer to layer.
 *
 * <p><i>Source:</i> Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010;
 * He et al., arXiv 1502.01852.
 */
public enum Initializer {
    /** All 0. */
    ZEROS,
    /** All 1. */
    ONES,
    /** Normal with variance {@code 2 / fanIn}. */
    HE_NORMAL,
    /** Uniform with variance {@code 2 / fanIn}: between {@code -+ sqrt(6 / fanIn)}. */
    HE_UNIFORM,
    /** Normal with variance {@code 2 / (fanIn + fanOut)}. */
    GLOROT_NORMAL,
    /** Uniform with variance {@code 2 / (fanIn + fanOut)}: between {@code -+ sqrt(6 / (fanIn + fanOut))}. */
    GLOROT_UNIFORM,
    /** Normal with variance 1, the custom for embeddings. */
    STANDARD_NORMAL;

    /**
     * Fills {@code length} values; the same seed gives the same values on every machine.
     *
     * @param values overwritten from {@code offset}
     */
    public void fill(float[] values, int offset, int length, long fanIn, long fanOut, long seed) {
        Checks.range(values, offset, length, "values");
        SplittableRandom random = new SplittableRandom(seed);
        double deviation = deviation(fanIn, fanOut);
        for (int i = offset; i < offset + length; i++) {
            values[i] = (float) switch (this) {
                case ZEROS -> 0;
                case ONES -> 1;
                case HE_NORMAL, GLOROT_NORMAL, STANDARD_NORMAL -> deviation * random.nextGaussian();
                case HE_UNIFORM, GLOROT_UNIFORM -> deviation * Math.sqrt(3) * (2 * random.nextDouble() - 1);
            };
        }
    }

    private double deviation(long fanIn, long fanOut) {
        return switch (this) {
            case ZEROS, ONES -> 0;
            case HE_NORMAL, HE_UNIFORM -> Math.sqrt(2.0 / fanIn);
            case GLOROT_NORMAL, GLOROT_UNIFORM -> Math.sqrt(2.0 / (fanIn + (double) fanOut));
            case STANDARD_NORMAL -> 1;
        };
    }
}
