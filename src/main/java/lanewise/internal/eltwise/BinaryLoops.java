package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The loops of functions of two elements that {@link Arithmetic} does not have: two ranges, or a range and one number. */
public final class BinaryLoops {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private BinaryLoops() {}

    /** {@code y[i] = a[i] + b}. */
    public static void add(float b, float[] a, int aOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, a, aOffset + i).add(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a[aOffset + i] + b;
        }
    }

    /** {@code y[i] = a - b[i]}. */
    public static void subtractFrom(float a, float[] b, int bOffset, float[] y, int yOffset, int length) {
        FloatVector from = FloatVector.broadcast(S, a);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            from.sub(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a - b[bOffset + i];
        }
    }

    /** {@code y[i] = a[i] / b}. */
    public static void divide(float[] a, int aOffset, float b, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, a, aOffset + i).div(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a[aOffset + i] / b;
        }
    }

    /** {@code y[i] = a / b[i]}. */
    public static void divideInto(float a, float[] b, int bOffset, float[] y, int yOffset, int length) {
        FloatVector into = FloatVector.broadcast(S, a);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            into.div(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = a / b[bOffset + i];
        }
    }

    /** {@code y[i] = min(a[i], b[i])}, NaN if one is. */
    public static void min(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            v.min(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.min(a[aOffset + i], b[bOffset + i]);
        }
    }

    /** {@code y[i] = min(a[i], b)}. */
    public static void min(float[] a, int aOffset, float b, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, a, aOffset + i).min(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.min(a[aOffset + i], b);
        }
    }

    /** {@code y[i] = max(a[i], b[i])}, NaN if one is. */
    public static void max(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            v.max(FloatVector.fromArray(S, b, bOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.max(a[aOffset + i], b[bOffset + i]);
        }
    }

    /** {@code y[i] = max(a[i], b)}. */
    public static void max(float[] a, int aOffset, float b, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, a, aOffset + i).max(b).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.max(a[aOffset + i], b);
        }
    }

    /** {@code y[i] = a[i] < 0 ? a[i] b[i] : a[i]}. */
    public static void prelu(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, a, aOffset + i);
            FloatVector w = v.mul(FloatVector.fromArray(S, b, bOffset + i));
            v.blend(w, v.compare(VectorOperators.LT, 0)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = a[aOffset + i];
            y[yOffset + i] = v < 0 ? v * b[bOffset + i] : v;
        }
    }
}
