package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions made of straight pieces, over ranges; hard swish is a parabola between its two. NaN is in no piece and stays NaN.
 */
public final class Piecewise {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final float SIXTH = 1 / 6f;

    private Piecewise() {}

    /** {@code y = x < 0 ? 0 : x}. */
    public static void relu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            v.blend(0, v.compare(VectorOperators.LT, 0)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            y[yOffset + i] = v < 0 ? 0 : v;
        }
    }

    /** {@code y = x < 0 ? alpha x : x}. */
    public static void leakyRelu(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            v.blend(v.mul(alpha), v.compare(VectorOperators.LT, 0)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            y[yOffset + i] = v < 0 ? v * alpha : v;
        }
    }

    /** {@code y = x < low ? low : x > high ? high : x}. */
    public static void clip(float low, float high, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector u = v.blend(low, v.compare(VectorOperators.LT, low));
            u.blend(high, v.compare(VectorOperators.GT, high)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            y[yOffset + i] = v > high ? high : v < low ? low : v;
        }
    }

    /** {@code y = x <= alpha ? 0 : x}. */
    public static void thresholdedRelu(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            v.blend(0, v.compare(VectorOperators.LE, alpha)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            y[yOffset + i] = v <= alpha ? 0 : v;
        }
    }

    /** {@code y = min(max(alpha x + beta, 0), 1)}. */
    public static void hardSigmoid(float alpha, float beta, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i).fma(alpha, beta);
            FloatVector u = v.blend(0, v.compare(VectorOperators.LT, 0));
            u.blend(1, v.compare(VectorOperators.GT, 1)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = Math.fma(x[xOffset + i], alpha, beta);
            y[yOffset + i] = v > 1 ? 1 : v < 0 ? 0 : v;
        }
    }

    /** {@code y = x <= -3 ? 0 : x >= 3 ? x : x (x / 6 + 1/2)}. */
    public static void hardSwish(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector u = v.mul(v.fma(SIXTH, 0.5f)).blend(0, v.compare(VectorOperators.LE, -3));
            u.blend(v, v.compare(VectorOperators.GE, 3)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            y[yOffset + i] = v >= 3 ? v : v <= -3 ? 0 : v * Math.fma(v, SIXTH, 0.5f);
        }
    }
}
