package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Pixels times a factor for each channel. */
public final class Gate {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Floats of repeated factors: a loop over them costs more than its call, and they stay in L1 beside the data. */
    private static final int TILE = 1024;

    private Gate() {}

    /** Floats that {@link #run} needs: factors for as many pixels as fit. */
    public static int scratchFloats(int channels) {
        return Math.max(TILE, channels);
    }

    /**
     * Computes {@code y[p][c] = x[p][c] (gate[c] + summand) + plus[p][c]}; y may be the very range of x or plus.
     *
     * @param plus null for none
     * @param scratch {@link #scratchFloats}, from 0 on
     */
    public static void run(float[] x, int xOffset, int pixels, int channels, float[] gate, int gateOffset, float summand,
                           float[] plus, int plusOffset, float[] y, int yOffset, float[] scratch) {
        int together = Math.clamp(TILE / channels, 1, pixels);
        for (int i = 0; i < together * channels; i++) {
            scratch[i] = gate[gateOffset + i % channels] + summand;
        }
        for (int pixel = 0; pixel < pixels; pixel += together) {
            int at = pixel * channels;
            int length = Math.min(together, pixels - pixel) * channels;
            if (plus == null) {
                Arithmetic.mul(x, xOffset + at, scratch, 0, y, yOffset + at, length);
            } else {
                multiplyAdd(x, xOffset + at, scratch, plus, plusOffset + at, y, yOffset + at, length);
            }
        }
    }

    private static void multiplyAdd(float[] x, int xOffset, float[] factors, float[] plus, int plusOffset, float[] y, int yOffset,
                                    int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, x, xOffset + i).fma(FloatVector.fromArray(S, factors, i),
                    FloatVector.fromArray(S, plus, plusOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.fma(x[xOffset + i], factors[i], plus[plusOffset + i]);
        }
    }
}
