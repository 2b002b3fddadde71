package lanewise.internal.eltwise;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * Normalisation of {@code x[rows][channels]} by moments of each channel, {@code y = (x - mean) scale + beta} with {@code scale =
 * gamma / sqrt(variance + epsilon)}.
 *
 * <p>Four vectors of channels go down a block of rows: what belongs to their channels stays in registers, and the block in the
 * cache until the next four vectors come. Fewer channels than lanes are walked as one range, see {@link Narrow}.
 */
public final class ChannelNorm {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Rows of a block. */
    static final int ROWS = 128;

    /** Gamma and beta of a norm that no ReLU follows: with {@code cut} 0, {@code y} is 1. */
    static final float[] ONES = new float[2 * LANES];

    static {
        Arrays.fill(ONES, 1);
    }

    private ChannelNorm() {}

    /** {@code y = (x - mean) gamma / sqrt(variance + epsilon) + beta}. */
    public static void forward(float[] x, int xOffset, int rows, int channels, float[] mean, int meanOffset,
                               float[] variance, int varianceOffset, float epsilon, float[] gamma, int gammaOffset,
                               float[] beta, int betaOffset, float[] y, int yOffset) {
        if (channels < LANES) {
            narrow(x, xOffset, rows * channels, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                    gamma, gammaOffset, beta, betaOffset, y, yOffset);
            return;
        }
        for (int row = 0; row < rows; row += ROWS) {
            int count = Math.min(ROWS, rows - row);
            int at = row * channels;
            int c = 0;
            for (; channels - c >= 4 * LANES; c += 4 * LANES) {
                forward4(x, xOffset + at + c, count, channels, mean, meanOffset + c, variance, varianceOffset + c, epsilon,
                        gamma, gammaOffset + c, beta, betaOffset + c, y, yOffset + at + c);
            }
            for (; channels - c >= LANES; c += LANES) {
                forward1(x, xOffset + at + c, count, channels, mean, meanOffset + c, variance, varianceOffset + c, epsilon,
                        gamma, gammaOffset + c, beta, betaOffset + c, y, yOffset + at + c);
            }
            if (c < channels) {
                int last = channels - LANES;
                forwardLast(x, xOffset + at + last, count, channels, mean, meanOffset + last, variance, varianceOffset + last, epsilon,
                        gamma, gammaOffset + last, beta, betaOffset + last, y, yOffset + at + last, c - last);
            }
        }
    }

    /** Four vectors of channels. */
    private static void forward4(float[] x, int xOffset, int rows, int stride, float[] mean, int meanOffset,
                                 float[] variance, int varianceOffset, float epsilon, float[] gamma, int gammaOffset,
                                 float[] beta, int betaOffset, float[] y, int yOffset) {
        FloatVector mean0 = FloatVector.fromArray(S, mean, meanOffset);
        FloatVector mean1 = FloatVector.fromArray(S, mean, meanOffset + LANES);
        FloatVector mean2 = FloatVector.fromArray(S, mean, meanOffset + 2 * LANES);
        FloatVector mean3 = FloatVector.fromArray(S, mean, meanOffset + 3 * LANES);
        FloatVector deviation0 = FloatVector.fromArray(S, variance, varianceOffset).add(epsilon).sqrt();
        FloatVector deviation1 = FloatVector.fromArray(S, variance, varianceOffset + LANES).add(epsilon).sqrt();
        FloatVector deviation2 = FloatVector.fromArray(S, variance, varianceOffset + 2 * LANES).add(epsilon).sqrt();
        FloatVector deviation3 = FloatVector.fromArray(S, variance, varianceOffset + 3 * LANES).add(epsilon).sqrt();
        FloatVector scale0 = FloatVector.fromArray(S, gamma, gammaOffset).div(deviation0);
        FloatVector scale1 = FloatVector.fromArray(S, gamma, gammaOffset + LANES).div(deviation1);
        FloatVector scale2 = FloatVector.fromArray(S, gamma, gammaOffset + 2 * LANES).div(deviation2);
        FloatVector scale3 = FloatVector.fromArray(S, gamma, gammaOffset + 3 * LANES).div(deviation3);
        FloatVector beta0 = FloatVector.fromArray(S, beta, betaOffset);
        FloatVector beta1 = FloatVector.fromArray(S, beta, betaOffset + LANES);
        FloatVector beta2 = FloatVector.fromArray(S, beta, betaOffset + 2 * LANES);
        FloatVector beta3 = FloatVector.fromArray(S, beta, betaOffset + 3 * LANES);
        for (int row = 0; row < rows; row++) {
            int at = xOffset + row * stride;
            int to = yOffset + row * stride;
            FloatVector.fromArray(S, x, at).sub(mean0).fma(scale0, beta0).intoArray(y, to);
            FloatVector.fromArray(S, x, at + LANES).sub(mean1).fma(scale1, beta1).intoArray(y, to + LANES);
            FloatVector.fromArray(S, x, at + 2 * LANES).sub(mean2).fma(scale2, beta2).intoArray(y, to + 2 * LANES);
            FloatVector.fromArray(S, x, at + 3 * LANES).sub(mean3).fma(scale3, beta3).intoArray(y, to + 3 * LANES);
        }
    }

    /** One vector of channels. */
    private static void forward1(float[] x, int xOffset, int rows, int stride, float[] mean, int meanOffset,
                                 float[] variance, int varianceOffset, float epsilon, float[] gamma, int gammaOffset,
                                 float[] beta, int betaOffset, float[] y, int yOffset) {
        FloatVector mean0 = FloatVector.fromArray(S, mean, meanOffset);
        FloatVector deviation0 = FloatVector.fromArray(S, variance, varianceOffset).add(epsilon).sqrt();
        FloatVector scale0 = FloatVector.fromArray(S, gamma, gammaOffset).div(deviation0);
        FloatVector beta0 = FloatVector.fromArray(S, beta, betaOffset);
        for (int row = 0; row < rows; row++) {
            int at = xOffset + row * stride;
            int to = yOffset + row * stride;
            FloatVector.fromArray(S, x, at).sub(mean0).fma(scale0, beta0).intoArray(y, to);
        }
    }

    /** The last vector of channels, of which {@code done} are done: those of y stay, which may be x. */
    private static void forwardLast(float[] x, int xOffset, int rows, int stride, float[] mean, int meanOffset,
                                    float[] variance, int varianceOffset, float epsilon, float[] gamma, int gammaOffset,
                                    float[] beta, int betaOffset, float[] y, int yOffset, int done) {
        VectorMask<Float> before = Lanes.INDEX.compare(VectorOperators.LT, done);
        FloatVector mean0 = FloatVector.fromArray(S, mean, meanOffset);
        FloatVector deviation0 = FloatVector.fromArray(S, variance, varianceOffset).add(epsilon).sqrt();
        FloatVector scale0 = FloatVector.fromArray(S, gamma, gammaOffset).div(deviation0);
        FloatVector beta0 = FloatVector.fromArray(S, beta, betaOffset);
        for (int row = 0; row < rows; row++) {
            int at = xOffset + row * stride;
            int to = yOffset + row * stride;
            FloatVector v = FloatVector.fromArray(S, x, at).sub(mean0).fma(scale0, beta0);
            v.blend(FloatVector.fromArray(S, y, to), before).intoArray(y, to);
        }
    }

    /** All rows as one range of {@code length}, for fewer channels than lanes. */
    private static void narrow(float[] x, int xOffset, int length, int channels, float[] mean, int meanOffset,
                               float[] variance, int varianceOffset, float epsilon, float[] gamma, int gammaOffset,
                               float[] beta, int betaOffset, float[] y, int yOffset) {
        if (length == 0) {
            return;
        }
        FloatVector means0 = FloatVector.zero(S);
        FloatVector variances = FloatVector.zero(S);
        FloatVector gammas = FloatVector.zero(S);
        FloatVector betas0 = FloatVector.zero(S);
        for (int c = 0; c < channels; c++) {
            VectorMask<Float> lane = Lanes.INDEX.compare(VectorOperators.EQ, c);
            means0 = means0.blend(mean[meanOffset + c], lane);
            variances = variances.blend(variance[varianceOffset + c], lane);
            gammas = gammas.blend(gamma[gammaOffset + c], lane);
            betas0 = betas0.blend(beta[betaOffset + c], lane);
        }
        IntVector means = means0.reinterpretAsInts();
        IntVector scales = gammas.div(variances.add(epsilon).sqrt()).reinterpretAsInts();
        IntVector betas = betas0.reinterpretAsInts();
        IntVector channel = IntVector.fromArray(Narrow.I, Narrow.REMAINDERS, channels * LANES);
        int step = LANES % channels;
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector scale = channel.selectFrom(scales).reinterpretAsFloats();
            FloatVector shift = channel.selectFrom(betas).reinterpretAsFloats();
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i).sub(channel.selectFrom(means).reinterpretAsFloats());
            v.fma(scale, shift).intoArray(y, yOffset + i);
            IntVector next = channel.add(step);
            channel = next.lanewise(VectorOperators.UMIN, next.sub(channels)); // minus channels, unless that is negative
        }
        for (int i = body; i < length; i++) {
            int c = i % channels;
            float scale = gamma[gammaOffset + c] / (float) Math.sqrt(variance[varianceOffset + c] + epsilon);
            y[yOffset + i] = Math.fma(x[xOffset + i] - mean[meanOffset + c], scale, beta[betaOffset + c]);
        }
    }
}
