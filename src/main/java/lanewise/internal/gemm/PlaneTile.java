package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel with vectors along the pixels, for fewer output channels than a vector has lanes:
 *
 * <pre>c[k][v] = init[k] + sum over t of a[taps[t] + v] * b[t][k]</pre>
 *
 * <p>A tap is a run of pixels of one plane of {@code a}; {@code c} is planes, too. Weights are broadcast: 6 or 4 channels at a time,
 * packed one after the other.
 *
 * <p>Registers of 32: 24 or 16 accumulators, 4 of a, 1 broadcast; of 16: 8 accumulators, 2 of a, 1 broadcast, the same 4 channels
 * twice.
 */
public final class PlaneTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    /** Pixels of a block. */
    public static final int PIXELS = 4 * LANES;

    private PlaneTile() {}

    /** Channels of the next block when {@code left} are left: 6 or 4, the last ones of them perhaps padding. */
    public static int channels(int left) {
        return MANY_REGISTERS && left % 4 != 0 && left > 4 && left != 7 ? 6 : 4;
    }

    /**
     * Computes {@link #PIXELS} pixels of {@code channels} planes, {@code plane} floats apart in {@code c}.
     *
     * @param c {@code null} for a call that HotSpot counts and that returns at once ({@link TileRehearsal}); of 6 channels
     */
    public static void run(int channels, float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                           float[] init, int initOffset, boolean relu, float[] c, int cOffset, int plane) {
        if (channels == 6) {
            block4x6(a, aOffset, taps, b, bOffset, init, initOffset, relu, c, cOffset, plane);
        } else if (MANY_REGISTERS) {
            block4x4(a, aOffset, taps, b, bOffset, init, initOffset, relu, c, cOffset, plane);
        } else {
            for (int v = 0; v < PIXELS; v += 2 * LANES) {
                block2x4(a, aOffset + v, taps, b, bOffset, init, initOffset, relu, c, cOffset + v, plane);
            }
        }
    }

    private static void block4x6(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                                 float[] init, int initOffset, boolean relu, float[] c, int cOffset, int plane) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.broadcast(S, init[initOffset]);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c10 = FloatVector.broadcast(S, init[initOffset + 1]);
        FloatVector c11 = c10;
        FloatVector c12 = c10;
        FloatVector c13 = c10;
        FloatVector c20 = FloatVector.broadcast(S, init[initOffset + 2]);
        FloatVector c21 = c20;
        FloatVector c22 = c20;
        FloatVector c23 = c20;
        FloatVector c30 = FloatVector.broadcast(S, init[initOffset + 3]);
        FloatVector c31 = c30;
        FloatVector c32 = c30;
        FloatVector c33 = c30;
        FloatVector c40 = FloatVector.broadcast(S, init[initOffset + 4]);
        FloatVector c41 = c40;
        FloatVector c42 = c40;
        FloatVector c43 = c40;
        FloatVector c50 = FloatVector.broadcast(S, init[initOffset + 5]);
        FloatVector c51 = c50;
        FloatVector c52 = c50;
        FloatVector c53 = c50;
        for (int t = 0; t < taps.length; t++) {
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.fromArray(S, a, at);
            FloatVector a1 = FloatVector.fromArray(S, a, at + LANES);
            FloatVector a2 = FloatVector.fromArray(S, a, at + 2 * LANES);
            FloatVector a3 = FloatVector.fromArray(S, a, at + 3 * LANES);
            int bAt = bOffset + 6 * t;
            FloatVector b0 = FloatVector.broadcast(S, b[bAt]);
            c00 = a0.fma(b0, c00);
            c01 = a1.fma(b0, c01);
            c02 = a2.fma(b0, c02);
            c03 = a3.fma(b0, c03);
            FloatVector b1 = FloatVector.broadcast(S, b[bAt + 1]);
            c10 = a0.fma(b1, c10);
            c11 = a1.fma(b1, c11);
            c12 = a2.fma(b1, c12);
            c13 = a3.fma(b1, c13);
            FloatVector b2 = FloatVector.broadcast(S, b[bAt + 2]);
            c20 = a0.fma(b2, c20);
            c21 = a1.fma(b2, c21);
            c22 = a2.fma(b2, c22);
            c23 = a3.fma(b2, c23);
            FloatVector b3 = FloatVector.broadcast(S, b[bAt + 3]);
            c30 = a0.fma(b3, c30);
            c31 = a1.fma(b3, c31);
            c32 = a2.fma(b3, c32);
            c33 = a3.fma(b3, c33);
            FloatVector b4 = FloatVector.broadcast(S, b[bAt + 4]);
            c40 = a0.fma(b4, c40);
            c41 = a1.fma(b4, c41);
            c42 = a2.fma(b4, c42);
            c43 = a3.fma(b4, c43);
            FloatVector b5 = FloatVector.broadcast(S, b[bAt + 5]);
            c50 = a0.fma(b5, c50);
            c51 = a1.fma(b5, c51);
            c52 = a2.fma(b5, c52);
            c53 = a3.fma(b5, c53);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c01 = c01.blend(zero, c01.compare(LT, zero));
            c02 = c02.blend(zero, c02.compare(LT, zero));
            c03 = c03.blend(zero, c03.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c11 = c11.blend(zero, c11.compare(LT, zero));
            c12 = c12.blend(zero, c12.compare(LT, zero));
            c13 = c13.blend(zero, c13.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c21 = c21.blend(zero, c21.compare(LT, zero));
            c22 = c22.blend(zero, c22.compare(LT, zero));
            c23 = c23.blend(zero, c23.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
            c31 = c31.blend(zero, c31.compare(LT, zero));
            c32 = c32.blend(zero, c32.compare(LT, zero));
            c33 = c33.blend(zero, c33.compare(LT, zero));
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c41 = c41.blend(zero, c41.compare(LT, zero));
            c42 = c42.blend(zero, c42.compare(LT, zero));
            c43 = c43.blend(zero, c43.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c51 = c51.blend(zero, c51.compare(LT, zero));
            c52 = c52.blend(zero, c52.compare(LT, zero));
            c53 = c53.blend(zero, c53.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c03.intoArray(c, cOffset + 3 * LANES);
        c10.intoArray(c, cOffset + plane);
        c11.intoArray(c, cOffset + plane + LANES);
        c12.intoArray(c, cOffset + plane + 2 * LANES);
        c13.intoArray(c, cOffset + plane + 3 * LANES);
        c20.intoArray(c, cOffset + 2 * plane);
        c21.intoArray(c, cOffset + 2 * plane + LANES);
        c22.intoArray(c, cOffset + 2 * plane + 2 * LANES);
        c23.intoArray(c, cOffset + 2 * plane + 3 * LANES);
        c30.intoArray(c, cOffset + 3 * plane);
        c31.intoArray(c, cOffset + 3 * plane + LANES);
        c32.intoArray(c, cOffset + 3 * plane + 2 * LANES);
        c33.intoArray(c, cOffset + 3 * plane + 3 * LANES);
        c40.intoArray(c, cOffset + 4 * plane);
        c41.intoArray(c, cOffset + 4 * plane + LANES);
        c42.intoArray(c, cOffset + 4 * plane + 2 * LANES);
        c43.intoArray(c, cOffset + 4 * plane + 3 * LANES);
        c50.intoArray(c, cOffset + 5 * plane);
        c51.intoArray(c, cOffset + 5 * plane + LANES);
        c52.intoArray(c, cOffset + 5 * plane + 2 * LANES);
        c53.intoArray(c, cOffset + 5 * plane + 3 * LANES);
    }

    private static void block4x4(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                                 float[] init, int initOffset, boolean relu, float[] c, int cOffset, int plane) {
        FloatVector c00 = FloatVector.broadcast(S, init[initOffset]);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c10 = FloatVector.broadcast(S, init[initOffset + 1]);
        FloatVector c11 = c10;
        FloatVector c12 = c10;
        FloatVector c13 = c10;
        FloatVector c20 = FloatVector.broadcast(S, init[initOffset + 2]);
        FloatVector c21 = c20;
        FloatVector c22 = c20;
        FloatVector c23 = c20;
        FloatVector c30 = FloatVector.broadcast(S, init[initOffset + 3]);
        FloatVector c31 = c30;
        FloatVector c32 = c30;
        FloatVector c33 = c30;
        for (int t = 0; t < taps.length; t++) {
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.fromArray(S, a, at);
            FloatVector a1 = FloatVector.fromArray(S, a, at + LANES);
            FloatVector a2 = FloatVector.fromArray(S, a, at + 2 * LANES);
            FloatVector a3 = FloatVector.fromArray(S, a, at + 3 * LANES);
            int bAt = bOffset + 4 * t;
            FloatVector b0 = FloatVector.broadcast(S, b[bAt]);
            c00 = a0.fma(b0, c00);
            c01 = a1.fma(b0, c01);
            c02 = a2.fma(b0, c02);
            c03 = a3.fma(b0, c03);
            FloatVector b1 = FloatVector.broadcast(S, b[bAt + 1]);
            c10 = a0.fma(b1, c10);
            c11 = a1.fma(b1, c11);
            c12 = a2.fma(b1, c12);
            c13 = a3.fma(b1, c13);
            FloatVector b2 = FloatVector.broadcast(S, b[bAt + 2]);
            c20 = a0.fma(b2, c20);
            c21 = a1.fma(b2, c21);
            c22 = a2.fma(b2, c22);
            c23 = a3.fma(b2, c23);
            FloatVector b3 = FloatVector.broadcast(S, b[bAt + 3]);
            c30 = a0.fma(b3, c30);
            c31 = a1.fma(b3, c31);
            c32 = a2.fma(b3, c32);
            c33 = a3.fma(b3, c33);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c01 = c01.blend(zero, c01.compare(LT, zero));
            c02 = c02.blend(zero, c02.compare(LT, zero));
            c03 = c03.blend(zero, c03.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c11 = c11.blend(zero, c11.compare(LT, zero));
            c12 = c12.blend(zero, c12.compare(LT, zero));
            c13 = c13.blend(zero, c13.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c21 = c21.blend(zero, c21.compare(LT, zero));
            c22 = c22.blend(zero, c22.compare(LT, zero));
            c23 = c23.blend(zero, c23.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
            c31 = c31.blend(zero, c31.compare(LT, zero));
            c32 = c32.blend(zero, c32.compare(LT, zero));
            c33 = c33.blend(zero, c33.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c03.intoArray(c, cOffset + 3 * LANES);
        c10.intoArray(c, cOffset + plane);
        c11.intoArray(c, cOffset + plane + LANES);
        c12.intoArray(c, cOffset + plane + 2 * LANES);
        c13.intoArray(c, cOffset + plane + 3 * LANES);
        c20.intoArray(c, cOffset + 2 * plane);
        c21.intoArray(c, cOffset + 2 * plane + LANES);
        c22.intoArray(c, cOffset + 2 * plane + 2 * LANES);
        c23.intoArray(c, cOffset + 2 * plane + 3 * LANES);
        c30.intoArray(c, cOffset + 3 * plane);
        c31.intoArray(c, cOffset + 3 * plane + LANES);
        c32.intoArray(c, cOffset + 3 * plane + 2 * LANES);
        c33.intoArray(c, cOffset + 3 * plane + 3 * LANES);
    }

    private static void block2x4(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                                 float[] init, int initOffset, boolean relu, float[] c, int cOffset, int plane) {
        FloatVector c00 = FloatVector.broadcast(S, init[initOffset]);
        FloatVector c01 = c00;
        FloatVector c10 = FloatVector.broadcast(S, init[initOffset + 1]);
        FloatVector c11 = c10;
        FloatVector c20 = FloatVector.broadcast(S, init[initOffset + 2]);
        FloatVector c21 = c20;
        FloatVector c30 = FloatVector.broadcast(S, init[initOffset + 3]);
        FloatVector c31 = c30;
        for (int t = 0; t < taps.length; t++) {
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.fromArray(S, a, at);
            FloatVector a1 = FloatVector.fromArray(S, a, at + LANES);
            int bAt = bOffset + 4 * t;
            FloatVector b0 = FloatVector.broadcast(S, b[bAt]);
            c00 = a0.fma(b0, c00);
            c01 = a1.fma(b0, c01);
            FloatVector b1 = FloatVector.broadcast(S, b[bAt + 1]);
            c10 = a0.fma(b1, c10);
            c11 = a1.fma(b1, c11);
            FloatVector b2 = FloatVector.broadcast(S, b[bAt + 2]);
            c20 = a0.fma(b2, c20);
            c21 = a1.fma(b2, c21);
            FloatVector b3 = FloatVector.broadcast(S, b[bAt + 3]);
            c30 = a0.fma(b3, c30);
            c31 = a1.fma(b3, c31);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c01 = c01.blend(zero, c01.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c11 = c11.blend(zero, c11.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c21 = c21.blend(zero, c21.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
            c31 = c31.blend(zero, c31.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + plane);
        c11.intoArray(c, cOffset + plane + LANES);
        c20.intoArray(c, cOffset + 2 * plane);
        c21.intoArray(c, cOffset + 2 * plane + LANES);
        c30.intoArray(c, cOffset + 3 * plane);
        c31.intoArray(c, cOffset + 3 * plane + LANES);
    }
}
