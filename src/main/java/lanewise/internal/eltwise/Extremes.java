package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The largest and the smallest element of a range, as {@link Math#max(float, float)} orders them: NaN wins, and -0 is below 0. */
public final class Extremes {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Four accumulators hide the latency of a maximum that knows NaN and -0. */
    private static final int STEP = 4 * LANES;

    private Extremes() {}

    /** {@code max x}; of nothing: -infinity. */
    public static float max(float[] x, int xOffset, int length) {
        FloatVector m0 = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        FloatVector m2 = m0;
        FloatVector m3 = m0;
        int i = 0;
        for (int body = length - length % STEP; i < body; i += STEP) {
            int at = xOffset + i;
            m0 = FloatVector.fromArray(S, x, at).max(m0);
            m1 = FloatVector.fromArray(S, x, at + LANES).max(m1);
            m2 = FloatVector.fromArray(S, x, at + 2 * LANES).max(m2);
            m3 = FloatVector.fromArray(S, x, at + 3 * LANES).max(m3);
        }
        for (int body = S.loopBound(length); i < body; i += LANES) {
            m0 = FloatVector.fromArray(S, x, xOffset + i).max(m0);
        }
        float max = m0.max(m1).max(m2.max(m3)).reduceLanes(VectorOperators.MAX);
        for (; i < length; i++) {
            max = Math.max(max, x[xOffset + i]);
        }
        return max;
    }

    /** {@code min x}; of nothing: infinity. */
    public static float min(float[] x, int xOffset, int length) {
        FloatVector m0 = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
        FloatVector m1 = m0;
        FloatVector m2 = m0;
        FloatVector m3 = m0;
        int i = 0;
        for (int body = length - length % STEP; i < body; i += STEP) {
            int at = xOffset + i;
            m0 = FloatVector.fromArray(S, x, at).min(m0);
            m1 = FloatVector.fromArray(S, x, at + LANES).min(m1);
            m2 = FloatVector.fromArray(S, x, at + 2 * LANES).min(m2);
            m3 = FloatVector.fromArray(S, x, at + 3 * LANES).min(m3);
        }
        for (int body = S.loopBound(length); i < body; i += LANES) {
            m0 = FloatVector.fromArray(S, x, xOffset + i).min(m0);
        }
        float min = m0.min(m1).min(m2.min(m3)).reduceLanes(VectorOperators.MIN);
        for (; i < length; i++) {
            min = Math.min(min, x[xOffset + i]);
        }
        return min;
    }

    /** The index, from {@code xOffset} on, of the first NaN, or else of the first element equal to the largest; of nothing: -1. */
    public static int argMax(float[] x, int xOffset, int length) {
        float max = max(x, xOffset, length);
        int i = 0;
        if (!Float.isNaN(max)) {
            for (int body = S.loopBound(length); i < body; i += LANES) {
                VectorMask<Float> hit = FloatVector.fromArray(S, x, xOffset + i).compare(VectorOperators.EQ, max);
                if (hit.anyTrue()) {
                    return i + hit.firstTrue();
                }
            }
        }
        for (; i < length; i++) {
            if (x[xOffset + i] == max || Float.isNaN(x[xOffset + i])) {
                return i;
            }
        }
        return -1;
    }
}
