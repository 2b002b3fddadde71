package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums, differences, products, quotients and roots of ranges, element by element.
 */
public final class Arithmetic {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private Arithmetic() {}

    /** {@code y = a + b}. */
    public static void add(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            v.add(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a[aOffset + i] + b[bOffset + i];
        }
    }

    /** {@code y = a - b}. */
    public static void sub(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            v.sub(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a[aOffset + i] - b[bOffset + i];
        }
    }

    /** {@code y = a * b}. */
    public static void mul(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            v.mul(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a[aOffset + i] * b[bOffset + i];
        }
    }

    /** {@code y = a / b}. */
    public static void div(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            v.div(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a[aOffset + i] / b[bOffset + i];
        }
    }

    /** {@code y = alpha x}. */
    public static void scale(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, x, xOffset + i).mul(alpha).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = x[xOffset + i] * alpha;
        }
    }

    /** {@code y += alpha x}, rounded once. */
    public static void axpy(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector w = FloatVector.fromArray(S, y, yOffset + i);
            v.fma(FloatVector.broadcast(S, alpha), w).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.fma(x[xOffset + i], alpha, y[yOffset + i]);
        }
    }

    /** {@code y = sqrt(x)}. */
    public static void sqrt(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, x, xOffset + i).sqrt().intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = (float) Math.sqrt(x[xOffset + i]);
        }
    }

    /** {@code y = x - a - b}, in this order. */
    public static void shift(float a, float b, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, x, xOffset + i).sub(a).sub(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = x[xOffset + i] - a - b;
        }
    }

    /** {@code y[row][c] += bias[c]}. */
    public static void addBias(float[] bias, int biasOffset, float[] y, int yOffset, int rows, int channels) {
        for (int row = 0; row < rows; row++) {
            int at = yOffset + row * channels;
            add(y, at, bias, biasOffset, y, at, channels);
        }
    }

    /** {@code y = scale y + shift}, in place. */
    public static void affine(float scale, float shift, float[] y, int offset, int length) {
        FloatVector factor = FloatVector.broadcast(S, scale);
        FloatVector summand = FloatVector.broadcast(S, shift);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, y, offset + i).fma(factor, summand).intoArray(y, offset + i);
        }
        for (int i = body; i < length; i++) {
            y[offset + i] = Math.fma(y[offset + i], scale, shift);
        }
    }
}
