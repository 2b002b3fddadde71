package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;

/**
 * The input's gradient of {@link ChannelNorm} when the moments are those of x itself,
 *
 * <pre>dx = (dy - sumDy / rows - (x - mean) slope) scale,   slope = sumDyXhat / rows / deviation,   scale = gamma / deviation</pre>
 *
 * <p>with {@code deviation = sqrt(variance + epsilon)}. Behind a ReLU, dy counts as 0 where the norm's output, computed again, is 0 or
 * less: {@code (x - mean) scale cut + beta} with {@code cut} 1; without one that is 1, or NaN, as cut is 0. Blocks and strips are
 * those of {@link ChannelNorm}, two vectors wide.
 */
public final class ChannelNormGrad {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private ChannelNormGrad() {}

    /**
     * {@code dx} as above, or {@code +=}, for {@code rows} of the {@code all} rows that the sums are over.
     *
     * @param beta null if no ReLU follows
     */
    public static void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int all, int channels,
                                 float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                 float[] gamma, int gammaOffset, float[] beta, int betaOffset,
                                 float[] sumDyXhat, int sumDyXhatOffset, float[] sumDy, int sumDyOffset,
                                 float[] dx, int dxOffset, boolean accumulate) {
        float cut = beta == null ? 0 : 1;
        float[] shift = beta == null ? ChannelNorm.ONES : beta;
        int shiftOffset = beta == null ? 0 : betaOffset;
        int shiftStep = beta == null ? 0 : 1;
        if (channels < LANES) {
            narrow(x, xOffset, dy, dyOffset, rows, all, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                    gamma, gammaOffset, cut, shift, shiftOffset, sumDyXhat, sumDyXhatOffset, sumDy, sumDyOffset,
                    dx, dxOffset, accumulate);
            return;
        }
        for (int row = 0; row < rows; row += ChannelNorm.ROWS) {
            int count = Math.min(ChannelNorm.ROWS, rows - row);
            int at = row * channels;
            int c = 0;
            for (; channels - c >= 2 * LANES; c += 2 * LANES) {
                gradInput2(x, xOffset + at + c, dy, dyOffset + at + c, count, channels, all, mean, meanOffset + c,
                        variance, varianceOffset + c, epsilon, gamma, gammaOffset + c, cut, shift, shiftOffset + c * shiftStep,
                        sumDyXhat, sumDyXhatOffset + c, sumDy, sumDyOffset + c, dx, dxOffset + at + c, accumulate);
            }
            for (; channels - c >= LANES; c += LANES) {
                gradInput1(x, xOffset + at + c, dy, dyOffset + at + c, count, channels, all, mean, meanOffset + c,
                        variance, varianceOffset + c, epsilon, gamma, gammaOffset + c, cut, shift, shiftOffset + c * shiftStep,
                        sumDyXhat, sumDyXhatOffset + c, sumDy, sumDyOffset + c, dx, dxOffset + at + c, accumulate);
            }
            if (c < channels) {
                int last = channels - LANES;
                gradInputLast(x, xOffset + at + last, dy, dyOffset + at + last, count, channels, all, mean, meanOffset + last,
                        variance, varianceOffset + last, epsilon, gamma, gammaOffset + last, cut, shift, shiftOffset + last * shiftStep,
                        sumDyXhat, sumDyXhatOffset + last, sumDy, sumDyOffset + last, dx, dxOffset + at + last, accumulate, c - last);
            }
        }
    }

    /** Two vectors of channels, {@code count} of all {@code rows} rows. */
    private static void gradInput2(float[] x, int xOffset, float[] dy, int dyOffset, int count, int stride, int rows,
                                   float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                   float[] gamma, int gammaOffset, float cut, float[] beta, int betaOffset,
                                   float[] sumDyXhat, int sumDyXhatOffset, float[] sumDy, int sumDyOffset,
                               float[] dx, int dxOffset, boolean accumulate) {
        FloatVector deviation0 = FloatVector.fromArray(S, variance, varianceOffset).add(epsilon).sqrt();
        FloatVector deviation1 = FloatVector.fromArray(S, variance, varianceOffset + LANES).add(epsilon).sqrt();
        FloatVector scale0 = FloatVector.fromArray(S, gamma, gammaOffset).div(deviation0);
        FloatVector scale1 = FloatVector.fromArray(S, gamma, gammaOffset + LANES).div(deviation1);
        FloatVector slope0 = FloatVector.fromArray(S, sumDyXhat, sumDyXhatOffset).div(-rows).div(deviation0);
        FloatVector slope1 = FloatVector.fromArray(S, sumDyXhat, sumDyXhatOffset + LANES).div(-rows).div(deviation1);
        FloatVector meanDy0 = FloatVector.fromArray(S, sumDy, sumDyOffset).div(rows);
        FloatVector meanDy1 = FloatVector.fromArray(S, sumDy, sumDyOffset + LANES).div(rows);
        FloatVector mean0 = FloatVector.fromArray(S, mean, meanOffset);
        FloatVector mean1 = FloatVector.fromArray(S, mean, meanOffset + LANES);
        FloatVector cut0 = scale0.mul(cut);
        FloatVector cut1 = scale1.mul(cut);
        FloatVector beta0 = FloatVector.fromArray(S, beta, betaOffset);
        FloatVector beta1 = FloatVector.fromArray(S, beta, betaOffset + LANES);
        for (int row = 0; row < count; row++) {
            int at = row * stride;
            FloatVector v0 = FloatVector.fromArray(S, x, xOffset + at).sub(mean0);
            FloatVector v1 = FloatVector.fromArray(S, x, xOffset + at + LANES).sub(mean1);
            FloatVector d0 = FloatVector.fromArray(S, dy, dyOffset + at)
                    .blend(0f, v0.fma(cut0, beta0).compare(VectorOperators.LE, 0f));
            FloatVector d1 = FloatVector.fromArray(S, dy, dyOffset + at + LANES)
                    .blend(0f, v1.fma(cut1, beta1).compare(VectorOperators.LE, 0f));
            FloatVector g0 = v0.fma(slope0, d0.sub(meanDy0)).mul(scale0);
            FloatVector g1 = v1.fma(slope1, d1.sub(meanDy1)).mul(scale1);
            if (accumulate) {
                g0 = g0.add(FloatVector.fromArray(S, dx, dxOffset + at));
                g1 = g1.add(FloatVector.fromArray(S, dx, dxOffset + at + LANES));
            }
            g0.intoArray(dx, dxOffset + at);
            g1.intoArray(dx, dxOffset + at + LANES);
        }
    }

    /** One vector of channels. */
    private static void gradInput1(float[] x, int xOffset, float[] dy, int dyOffset, int count, int stride, int rows,
                                   float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                   float[] gamma, int gammaOffset, float cut, float[] beta, int betaOffset,
                                   float[] sumDyXhat, int sumDyXhatOffset, float[] sumDy, int sumDyOffset,
                               float[] dx, int dxOffset, boolean accumulate) {
        FloatVector deviation = FloatVector.fromArray(S, variance, varianceOffset).add(epsilon).sqrt();
        FloatVector scale = FloatVector.fromArray(S, gamma, gammaOffset).div(deviation);
        FloatVector slope = FloatVector.fromArray(S, sumDyXhat, sumDyXhatOffset).div(-rows).div(deviation);
        FloatVector meanDy = FloatVector.fromArray(S, sumDy, sumDyOffset).div(rows);
        FloatVector mean0 = FloatVector.fromArray(S, mean, meanOffset);
        FloatVector cut0 = scale.mul(cut);
        FloatVector beta0 = FloatVector.fromArray(S, beta, betaOffset);
        for (int row = 0; row < count; row++) {
            int at = row * stride;
            FloatVector v = FloatVector.fromArray(S, x, xOffset + at).sub(mean0);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + at)
                    .blend(0f, v.fma(cut0, beta0).compare(VectorOperators.LE, 0f));
            FloatVector g = v.fma(slope, d.sub(meanDy)).mul(scale);
            if (accumulate) {
                g = g.add(FloatVector.fromArray(S, dx, dxOffset + at));
            }
            g.intoArray(dx, dxOffset + at);
        }
    }

    /** The last vector of channels, of which {@code done} are done: those of dx stay. */
    private static void gradInputLast(float[] x, int xOffset, float[] dy, int dyOffset, int count, int stride, int rows,
                                      float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                      float[] gamma, int gammaOffset, float cut, float[] beta, int betaOffset,
                                      float[] sumDyXhat, int sumDyXhatOffset, float[] sumDy, int sumDyOffset,
                                      float[] dx, int dxOffset, boolean accumulate, int done) {
        VectorMask<Float> before = Lanes.INDEX.compare(VectorOperators.LT, done);
        FloatVector deviation = FloatVector.fromArray(S, variance, varianceOffset).add(epsilon).sqrt();
        FloatVector scale = FloatVector.fromArray(S, gamma, gammaOffset).div(deviation);
        FloatVector slope = FloatVector.fromArray(S, sumDyXhat, sumDyXhatOffset).div(-rows).div(deviation);
        FloatVector meanDy = FloatVector.fromArray(S, sumDy, sumDyOffset).div(rows);
        FloatVector mean0 = FloatVector.fromArray(S, mean, meanOffset);
        FloatVector cut0 = scale.mul(cut);
        FloatVector beta0 = FloatVector.fromArray(S, beta, betaOffset);
        for (int row = 0; row < count; row++) {
            int at = row * stride;
            FloatVector v = FloatVector.fromArray(S, x, xOffset + at).sub(mean0);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + at)
                    .blend(0f, v.fma(cut0, beta0).compare(VectorOperators.LE, 0f));
            FloatVector g = v.fma(slope, d.sub(meanDy)).mul(scale);
            FloatVector old = FloatVector.fromArray(S, dx, dxOffset + at);
            if (accumulate) {
                g = g.add(old);
            }
            g.blend(old, before).intoArray(dx, dxOffset + at);
        }
    }

    /** All rows as one range, for fewer channels than lanes. */
    private static void narrow(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int all, int channels,
                               float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                               float[] gamma, int gammaOffset, float cut, float[] beta, int betaOffset,
                               float[] sumDyXhat, int sumDyXhatOffset, float[] sumDy, int sumDyOffset,
                               float[] dx, int dxOffset, boolean accumulate) {
        if (rows == 0 || channels == 0) {
            return;
        }
        FloatVector variances = FloatVector.zero(S);
        FloatVector gammas = FloatVector.zero(S);
        FloatVector sumsDyXhat = FloatVector.zero(S);
        FloatVector sumsDy = FloatVector.zero(S);
        FloatVector means0 = FloatVector.zero(S);
        FloatVector betas0 = FloatVector.zero(S);
        for (int c = 0; c < channels; c++) {
            VectorMask<Float> lane = Lanes.INDEX.compare(VectorOperators.EQ, c);
            variances = variances.blend(variance[varianceOffset + c], lane);
            gammas = gammas.blend(gamma[gammaOffset + c], lane);
            sumsDyXhat = sumsDyXhat.blend(sumDyXhat[sumDyXhatOffset + c], lane);
            sumsDy = sumsDy.blend(sumDy[sumDyOffset + c], lane);
            means0 = means0.blend(mean[meanOffset + c], lane);
            betas0 = betas0.blend(beta[betaOffset + c], lane);
        }
        FloatVector deviation = variances.add(epsilon).sqrt();
        IntVector scales = gammas.div(deviation).reinterpretAsInts();
        IntVector slopes = sumsDyXhat.div(-all).div(deviation).reinterpretAsInts();
        IntVector meansDy = sumsDy.div(all).reinterpretAsInts();
        IntVector means = means0.reinterpretAsInts();
        IntVector betas = betas0.reinterpretAsInts();
        IntVector channel = IntVector.fromArray(Narrow.I, Narrow.REMAINDERS, channels * LANES);
        int step = LANES % channels;
        int length = rows * channels;
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector slope = channel.selectFrom(slopes).reinterpretAsFloats();
            FloatVector scale = channel.selectFrom(scales).reinterpretAsFloats();
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i).sub(channel.selectFrom(means).reinterpretAsFloats());
            FloatVector y = v.fma(scale.mul(cut), channel.selectFrom(betas).reinterpretAsFloats());
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i).blend(0f, y.compare(VectorOperators.LE, 0f))
                    .sub(channel.selectFrom(meansDy).reinterpretAsFloats());
            FloatVector g = v.fma(slope, d).mul(scale);
            if (accumulate) {
                g = g.add(FloatVector.fromArray(S, dx, dxOffset + i));
            }
            g.intoArray(dx, dxOffset + i);
            IntVector next = channel.add(step);
            channel = next.lanewise(VectorOperators.UMIN, next.sub(channels)); // minus channels, unless that is negative
        }
        for (int i = body; i < length; i++) {
            int c = i % channels;
            float root = (float) Math.sqrt(variance[varianceOffset + c] + epsilon);
            float scale = gamma[gammaOffset + c] / root;
            float v = x[xOffset + i] - mean[meanOffset + c];
            float d = (Math.fma(v, scale * cut, beta[betaOffset + c]) <= 0 ? 0 : dy[dyOffset + i]) - sumDy[sumDyOffset + c] / all;
            float g = Math.fma(v, sumDyXhat[sumDyXhatOffset + c] / -all / root, d) * scale;
            dx[dxOffset + i] = accumulate ? dx[dxOffset + i] + g : g;
        }
    }
}
