package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * The input's gradient of {@link ChannelNorm} when the moments are fixed: {@code dx = dy gamma / sqrt(variance + epsilon)}. Blocks
 * and strips are those of {@link ChannelNorm}.
 */
public final class ChannelScale {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private ChannelScale() {}

    /** {@code dx} as above, or {@code +=}. */
    public static void gradInput(float[] dy, int dyOffset, int rows, int channels, float[] variance, int varianceOffset, float epsilon,
                                 float[] gamma, int gammaOffset, float[] dx, int dxOffset, boolean accumulate) {
        if (channels < LANES) {
            narrow(dy, dyOffset, rows * channels, channels, variance, varianceOffset, epsilon, gamma, gammaOffset,
                    dx, dxOffset, accumulate);
            return;
        }
        for (int row = 0; row < rows; row += ChannelNorm.ROWS) {
            int count = Math.min(ChannelNorm.ROWS, rows - row);
            int at = row * channels;
            int c = 0;
            for (; channels - c >= 4 * LANES; c += 4 * LANES) {
                gradInput4(dy, dyOffset + at + c, count, channels, variance, varianceOffset + c, epsilon, gamma, gammaOffset + c,
                        dx, dxOffset + at + c, accumulate);
            }
            for (; c < channels; c += LANES) {
                int from = Math.min(c, channels - LANES);
                gradInput1(dy, dyOffset + at + from, count, channels, variance, varianceOffset + from, epsilon,
                        gamma, gammaOffset + from, dx, dxOffset + at + from, accumulate, c - from);
            }
        }
    }

    /** Four vectors of channels. */
    private static void gradInput4(float[] dy, int dyOffset, int rows, int stride, float[] variance, int varianceOffset, float epsilon,
                                   float[] gamma, int gammaOffset, float[] dx, int dxOffset, boolean accumulate) {
        FloatVector deviation0 = FloatVector.fromArray(S, variance, varianceOffset).add(epsilon).sqrt();
        FloatVector deviation1 = FloatVector.fromArray(S, variance, varianceOffset + LANES).add(epsilon).sqrt();
        FloatVector deviation2 = FloatVector.fromArray(S, variance, varianceOffset + 2 * LANES).add(epsilon).sqrt();
        FloatVector deviation3 = FloatVector.fromArray(S, variance, varianceOffset + 3 * LANES).add(epsilon).sqrt();
        FloatVector scale0 = FloatVector.fromArray(S, gamma, gammaOffset).div(deviation0);
        FloatVector scale1 = FloatVector.fromArray(S, gamma, gammaOffset + LANES).div(deviation1);
        FloatVector scale2 = FloatVector.fromArray(S, gamma, gammaOffset + 2 * LANES).div(deviation2);
        FloatVector scale3 = FloatVector.fromArray(S, gamma, gammaOffset + 3 * LANES).div(deviation3);
        for (int row = 0; row < rows; row++) {
            int at = dyOffset + row * stride;
            int to = dxOffset + row * stride;
            FloatVector g0 = FloatVector.fromArray(S, dy, at).mul(scale0);
            FloatVector g1 = FloatVector.fromArray(S, dy, at + LANES).mul(scale1);
            FloatVector g2 = FloatVector.fromArray(S, dy, at + 2 * LANES).mul(scale2);
            FloatVector g3 = FloatVector.fromArray(S, dy, at + 3 * LANES).mul(scale3);
            if (accumulate) {
                g0 = g0.add(FloatVector.fromArray(S, dx, to));
                g1 = g1.add(FloatVector.fromArray(S, dx, to + LANES));
                g2 = g2.add(FloatVector.fromArray(S, dx, to + 2 * LANES));
                g3 = g3.add(FloatVector.fromArray(S, dx, to + 3 * LANES));
            }
            g0.intoArray(dx, to);
            g1.intoArray(dx, to + LANES);
            g2.intoArray(dx, to + 2 * LANES);
            g3.intoArray(dx, to + 3 * LANES);
        }
    }

    /** One vector of channels, of which {@code done} are done: those of dx stay, which may be dy. */
    private static void gradInput1(float[] dy, int dyOffset, int rows, int stride, float[] variance, int varianceOffset, float epsilon,
                                   float[] gamma, int gammaOffset, float[] dx, int dxOffset, boolean accumulate, int done) {
        VectorMask<Float> before = Lanes.INDEX.compare(VectorOperators.LT, done);
        FloatVector deviation = FloatVector.fromArray(S, variance, varianceOffset).add(epsilon).sqrt();
        FloatVector scale = FloatVector.fromArray(S, gamma, gammaOffset).div(deviation);
        for (int row = 0; row < rows; row++) {
            int to = dxOffset + row * stride;
            FloatVector g = FloatVector.fromArray(S, dy, dyOffset + row * stride).mul(scale);
            FloatVector old = FloatVector.fromArray(S, dx, to);
            if (accumulate) {
                g = g.add(old);
            }
            g.blend(old, before).intoArray(dx, to);
        }
    }

    /** All rows as one range of {@code length}, for fewer channels than lanes. */
    private static void narrow(float[] dy, int dyOffset, int length, int channels, float[] variance, int varianceOffset, float epsilon,
                               float[] gamma, int gammaOffset, float[] dx, int dxOffset, boolean accumulate) {
        if (length == 0) {
            return;
        }
        FloatVector variances = FloatVector.zero(S);
        FloatVector gammas = FloatVector.zero(S);
        for (int c = 0; c < channels; c++) {
            VectorMask<Float> lane = Lanes.INDEX.compare(VectorOperators.EQ, c);
            variances = variances.blend(variance[varianceOffset + c], lane);
            gammas = gammas.blend(gamma[gammaOffset + c], lane);
        }
        IntVector scales = gammas.div(variances.add(epsilon).sqrt()).reinterpretAsInts();
        IntVector channel = IntVector.fromArray(Narrow.I, Narrow.REMAINDERS, channels * LANES);
        int step = LANES % channels;
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector g = FloatVector.fromArray(S, dy, dyOffset + i).mul(channel.selectFrom(scales).reinterpretAsFloats());
            if (accumulate) {
                g = g.add(FloatVector.fromArray(S, dx, dxOffset + i));
            }
            g.intoArray(dx, dxOffset + i);
            IntVector next = channel.add(step);
            channel = next.lanewise(VectorOperators.UMIN, next.sub(channels)); // minus channels, unless that is negative
        }
        for (int i = body; i < length; i++) {
            int c = i % channels;
            float g = dy[dyOffset + i] * (gamma[gammaOffset + c] / (float) Math.sqrt(variance[varianceOffset + c] + epsilon));
            dx[dxOffset + i] = accumulate ? dx[dxOffset + i] + g : g;
        }
    }
}
