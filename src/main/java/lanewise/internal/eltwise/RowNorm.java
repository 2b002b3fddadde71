package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Normalisation of one row by its own moments, and its gradient. The sums are blocks of floats, and of blocks in double, as in
 * {@link Sums}; what is left of a row is scalar, since masked tails merged with whole vectors were boxed in some runs (NOTES 26).
 */
public final class RowNorm {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int STEP = 2 * LANES;
    private static final int BLOCK = Sums.STEPS * STEP;

    private RowNorm() {}

    /** {@code sum (x - mean)^2}. */
    public static double squares(float mean, float[] x, int xOffset, int length) {
        double total = 0;
        int i = 0;
        for (int body = length - length % STEP; i < body; ) {
            FloatVector s0 = FloatVector.zero(S);
            FloatVector s1 = FloatVector.zero(S);
            for (int end = i + Math.min(BLOCK, body - i); i < end; i += STEP) {
                FloatVector d0 = FloatVector.fromArray(S, x, xOffset + i).sub(mean);
                FloatVector d1 = FloatVector.fromArray(S, x, xOffset + i + LANES).sub(mean);
                s0 = d0.fma(d0, s0);
                s1 = d1.fma(d1, s1);
            }
            FloatVector sum = s0.add(s1);
            FloatVector eight = LANES > 8 ? sum.add(sum.rearrange(Sums.SWAP_8)) : sum;
            FloatVector four = LANES > 4 ? eight.add(eight.rearrange(Sums.SWAP_4)) : eight;
            FloatVector two = four.add(four.rearrange(Sums.SWAP_2));
            total += two.add(two.rearrange(Sums.SWAP_1)).lane(0);
        }
        for (; i < length; i++) {
            float d = x[xOffset + i] - mean;
            total += (double) d * d;
        }
        return total;
    }

    /** {@code sum dy gamma (x - mean)}. */
    public static double dot(float mean, float[] x, int xOffset, float[] dy, int dyOffset, float[] gamma, int gammaOffset, int length) {
        double total = 0;
        int i = 0;
        for (int body = length - length % STEP; i < body; ) {
            FloatVector s0 = FloatVector.zero(S);
            FloatVector s1 = FloatVector.zero(S);
            for (int end = i + Math.min(BLOCK, body - i); i < end; i += STEP) {
                FloatVector d0 = FloatVector.fromArray(S, dy, dyOffset + i).mul(FloatVector.fromArray(S, gamma, gammaOffset + i));
                s0 = FloatVector.fromArray(S, x, xOffset + i).sub(mean).fma(d0, s0);
                int at = i + LANES;
                FloatVector d1 = FloatVector.fromArray(S, dy, dyOffset + at).mul(FloatVector.fromArray(S, gamma, gammaOffset + at));
                s1 = FloatVector.fromArray(S, x, xOffset + at).sub(mean).fma(d1, s1);
            }
            FloatVector sum = s0.add(s1);
            FloatVector eight = LANES > 8 ? sum.add(sum.rearrange(Sums.SWAP_8)) : sum;
            FloatVector four = LANES > 4 ? eight.add(eight.rearrange(Sums.SWAP_4)) : eight;
            FloatVector two = four.add(four.rearrange(Sums.SWAP_2));
            total += two.add(two.rearrange(Sums.SWAP_1)).lane(0);
        }
        for (; i < length; i++) {
            total += (double) (x[xOffset + i] - mean) * (dy[dyOffset + i] * gamma[gammaOffset + i]);
        }
        return total;
    }

    /** {@code y = (x - mean) inverse gamma + beta}. */
    public static void forward(float mean, float inverse, float[] x, int xOffset, float[] gamma, int gammaOffset,
                               float[] beta, int betaOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i).sub(mean).mul(inverse);
            FloatVector g = FloatVector.fromArray(S, gamma, gammaOffset + i);
            v.fma(g, FloatVector.fromArray(S, beta, betaOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.fma((x[xOffset + i] - mean) * inverse, gamma[gammaOffset + i], beta[betaOffset + i]);
        }
    }

    /** {@code dx = (dy gamma - meanDy - (x - mean) slope) inverse}, or {@code +=}. */
    public static void gradInput(float mean, float inverse, float meanDy, float slope, float[] x, int xOffset, float[] dy, int dyOffset,
                                 float[] gamma, int gammaOffset, float[] dx, int dxOffset, int length, boolean accumulate) {
        FloatVector back = FloatVector.broadcast(S, -slope);
        FloatVector shift = FloatVector.broadcast(S, -meanDy);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = FloatVector.fromArray(S, gamma, gammaOffset + i);
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector r = v.sub(mean).fma(back, d.fma(g, shift)).mul(inverse);
            if (accumulate) {
                r.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                r.intoArray(dx, dxOffset + i);
            }
        }
        for (int i = body; i < length; i++) {
            float r = Math.fma(x[xOffset + i] - mean, -slope, Math.fma(dy[dyOffset + i], gamma[gammaOffset + i], -meanDy)) * inverse;
            dx[dxOffset + i] = accumulate ? r + dx[dxOffset + i] : r;
        }
    }
}
