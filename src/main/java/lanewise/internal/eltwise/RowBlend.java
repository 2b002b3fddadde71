package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Weighted sums of one, two or four rows of one array. */
public final class RowBlend {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private RowBlend() {}

    /** {@code y = w x}; a weight of 1 copies, so that NaN keeps its bits. */
    public static void set1(float w, float[] x, int at, float[] y, int yOffset, int length) {
        if (w == 1) {
            System.arraycopy(x, at, y, yOffset, length);
        } else {
            Arithmetic.scale(w, x, at, y, yOffset, length);
        }
    }

    /** {@code y[i] = w0 x[at0 + i] + w1 x[at1 + i]}, the products added in this order. */
    public static void set2(float w0, int at0, float w1, int at1, float[] x, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector sum = FloatVector.fromArray(S, x, at0 + i).mul(w0);
            FloatVector.fromArray(S, x, at1 + i).fma(FloatVector.broadcast(S, w1), sum).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.fma(x[at1 + i], w1, x[at0 + i] * w0);
        }
    }

    /** {@code y[i] = w[first] x[at0 + i] + w[first + 1] x[at1 + i] + ...}, the products added in this order. */
    public static void set4(float[] w, int first, int at0, int at1, int at2, int at3, float[] x, float[] y, int yOffset, int length) {
        float w0 = w[first];
        float w1 = w[first + 1];
        float w2 = w[first + 2];
        float w3 = w[first + 3];
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector sum = FloatVector.fromArray(S, x, at0 + i).mul(w0);
            sum = FloatVector.fromArray(S, x, at1 + i).fma(FloatVector.broadcast(S, w1), sum);
            sum = FloatVector.fromArray(S, x, at2 + i).fma(FloatVector.broadcast(S, w2), sum);
            FloatVector.fromArray(S, x, at3 + i).fma(FloatVector.broadcast(S, w3), sum).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float sum = Math.fma(x[at1 + i], w1, x[at0 + i] * w0);
            y[yOffset + i] = Math.fma(x[at3 + i], w3, Math.fma(x[at2 + i], w2, sum));
        }
    }
}
