package lanewise.internal.conv;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;

/**
 * The microkernel of {@link GroupedConv}, for one block of 16 output channels and a row of pixels that lie 16 floats apart:
 *
 * <pre>y[j][v] = bias[v] + sum over t of x[taps[t] + 16 j + v] * w[t][v]</pre>
 *
 * <p>A tap is a place in the filter and an input of the group. The sums of up to 8 pixels stay in registers while all taps
 * go by, and share each load of a weight: 9 loads for 8 multiply-adds. 10 registers.
 */
final class GroupTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int GRAIN = Panels.DEPTH;

    private GroupTile() {}

    /** Computes {@code pixels} outputs, all 16 channels. */
    static void run(int pixels, float[] x, int xOffset, int[] taps, float[] w, int wOffset, float[] bias, int biasOffset,
                    float[] y, int yOffset) {
        for (int pixel = 0; pixel < pixels; ) {
            int left = pixels - pixel;
            int taken = left >= 8 ? 8 : left >= 4 ? 4 : 1;
            for (int v = 0; v < GRAIN; v += LANES) {
                int xAt = xOffset + pixel * GRAIN + v;
                int yAt = yOffset + pixel * GRAIN + v;
                switch (taken) {
                    case 8 -> pixels8(x, xAt, taps, w, wOffset + v, bias, biasOffset + v, y, yAt);
                    case 4 -> pixels4(x, xAt, taps, w, wOffset + v, bias, biasOffset + v, y, yAt);
                    default -> pixels1(x, xAt, taps, w, wOffset + v, bias, biasOffset + v, y, yAt);
                }
            }
            pixel += taken;
        }
    }

    private static void pixels8(float[] x, int xOffset, int[] taps, float[] w, int wOffset, float[] bias, int biasOffset,
                                float[] y, int yOffset) {
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c0 = b;
        FloatVector c1 = b;
        FloatVector c2 = b;
        FloatVector c3 = b;
        FloatVector c4 = b;
        FloatVector c5 = b;
        FloatVector c6 = b;
        FloatVector c7 = b;
        for (int t = 0; t < taps.length; t++) {
            FloatVector v = FloatVector.fromArray(S, w, wOffset + GRAIN * t);
            int at = xOffset + taps[t];
            c0 = FloatVector.fromArray(S, x, at).fma(v, c0);
            c1 = FloatVector.fromArray(S, x, at + GRAIN).fma(v, c1);
            c2 = FloatVector.fromArray(S, x, at + 2 * GRAIN).fma(v, c2);
            c3 = FloatVector.fromArray(S, x, at + 3 * GRAIN).fma(v, c3);
            c4 = FloatVector.fromArray(S, x, at + 4 * GRAIN).fma(v, c4);
            c5 = FloatVector.fromArray(S, x, at + 5 * GRAIN).fma(v, c5);
            c6 = FloatVector.fromArray(S, x, at + 6 * GRAIN).fma(v, c6);
            c7 = FloatVector.fromArray(S, x, at + 7 * GRAIN).fma(v, c7);
        }
        c0.intoArray(y, yOffset);
        c1.intoArray(y, yOffset + GRAIN);
        c2.intoArray(y, yOffset + 2 * GRAIN);
        c3.intoArray(y, yOffset + 3 * GRAIN);
        c4.intoArray(y, yOffset + 4 * GRAIN);
        c5.intoArray(y, yOffset + 5 * GRAIN);
        c6.intoArray(y, yOffset + 6 * GRAIN);
        c7.intoArray(y, yOffset + 7 * GRAIN);
    }

    private static void pixels4(float[] x, int xOffset, int[] taps, float[] w, int wOffset, float[] bias, int biasOffset,
                                float[] y, int yOffset) {
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c0 = b;
        FloatVector c1 = b;
        FloatVector c2 = b;
        FloatVector c3 = b;
        for (int t = 0; t < taps.length; t++) {
            FloatVector v = FloatVector.fromArray(S, w, wOffset + GRAIN * t);
            int at = xOffset + taps[t];
            c0 = FloatVector.fromArray(S, x, at).fma(v, c0);
            c1 = FloatVector.fromArray(S, x, at + GRAIN).fma(v, c1);
            c2 = FloatVector.fromArray(S, x, at + 2 * GRAIN).fma(v, c2);
            c3 = FloatVector.fromArray(S, x, at + 3 * GRAIN).fma(v, c3);
        }
        c0.intoArray(y, yOffset);
        c1.intoArray(y, yOffset + GRAIN);
        c2.intoArray(y, yOffset + 2 * GRAIN);
        c3.intoArray(y, yOffset + 3 * GRAIN);
    }

    private static void pixels1(float[] x, int xOffset, int[] taps, float[] w, int wOffset, float[] bias, int biasOffset,
                                float[] y, int yOffset) {
        FloatVector c0 = FloatVector.fromArray(S, bias, biasOffset);
        for (int t = 0; t < taps.length; t++) {
            FloatVector v = FloatVector.fromArray(S, w, wOffset + GRAIN * t);
            int at = xOffset + taps[t];
            c0 = FloatVector.fromArray(S, x, at).fma(v, c0);
        }
        c0.intoArray(y, yOffset);
    }
}
