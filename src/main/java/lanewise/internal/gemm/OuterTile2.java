package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel for sums of outer products over the pixels of an image as it lies in memory, 2 vectors wide:
 *
 * <pre>c[j][v] = init[j][v] + sum over i &lt; pixels of a[aPlaces[i] + j] * b[bPlaces[i] + v]</pre>
 *
 * <p>Neither side is packed: {@code j} runs over neighbouring floats of one pixel of {@code a}, {@code v} over those of {@code b}. Tables
 * say where each pixel lies, so one loop serves images with and without gaps between their rows.
 *
 * <p>Registers of 32: 16 accumulators, 2 of b, some broadcasts (C2 spills 28 here); of 16: 8 accumulators. {@code init} is as in
 * {@link RowTile1}.
 */
public final class OuterTile2 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    private OuterTile2() {}

    /** Computes {@code rows} rows of {@link Panels#WIDTH} floats; {@code b} is read in whole vectors. */
    public static void run(int rows, int pixels, float[] a, int aOffset, int[] aPlaces, float[] b, int bOffset, int[] bPlaces,
                           float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        for (int row = 0; row < rows; ) {
            int aAt = aOffset + row;
            int initAt = initOffset + row * initStride;
            int cAt = cOffset + row * cStride;
            int height = height(rows - row);
            switch (height) {
                case 8 -> rows8(pixels, a, aAt, aPlaces, b, bOffset, bPlaces, init, initAt, initStride, c, cAt, cStride);
                case 7 -> rows7(pixels, a, aAt, aPlaces, b, bOffset, bPlaces, init, initAt, initStride, c, cAt, cStride);
                case 6 -> rows6(pixels, a, aAt, aPlaces, b, bOffset, bPlaces, init, initAt, initStride, c, cAt, cStride);
                case 4 -> rows4(pixels, a, aAt, aPlaces, b, bOffset, bPlaces, init, initAt, initStride, c, cAt, cStride);
                case 2 -> rows2(pixels, a, aAt, aPlaces, b, bOffset, bPlaces, init, initAt, initStride, c, cAt, cStride);
                default -> rows1(pixels, a, aAt, aPlaces, b, bOffset, bPlaces, init, initAt, initStride, c, cAt, cStride);
            }
            row += height;
        }
    }

    /** Nearly equal tiles, 8 rows at most: low ones wait for their own sums. */
    private static int height(int left) {
        if (MANY_REGISTERS && left >= 6) {
            int equal = (left - 1) / ((left + 7) / 8) + 1;
            return equal >= 6 ? equal : Math.max(6, left - 4);
        }
        return left >= 4 ? 4 : Math.min(left, 2);
    }

    private static void rows8(int pixels, float[] a, int aOffset, int[] aPlaces, float[] b, int bOffset, int[] bPlaces,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        FloatVector c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
        FloatVector c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c51 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + LANES);
        FloatVector c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        FloatVector c61 = FloatVector.fromArray(S, init, initOffset + 6 * initStride + LANES);
        FloatVector c70 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
        FloatVector c71 = FloatVector.fromArray(S, init, initOffset + 7 * initStride + LANES);
        for (int i = 0; i < pixels; i++) {
            int at = aOffset + aPlaces[i];
            int bAt = bOffset + bPlaces[i];
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7]);
            c70 = b0.fma(a7, c70);
            c71 = b1.fma(a7, c71);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
        c60.intoArray(c, cOffset + 6 * cStride);
        c61.intoArray(c, cOffset + 6 * cStride + LANES);
        c70.intoArray(c, cOffset + 7 * cStride);
        c71.intoArray(c, cOffset + 7 * cStride + LANES);
    }

    private static void rows7(int pixels, float[] a, int aOffset, int[] aPlaces, float[] b, int bOffset, int[] bPlaces,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        FloatVector c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
        FloatVector c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c51 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + LANES);
        FloatVector c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        FloatVector c61 = FloatVector.fromArray(S, init, initOffset + 6 * initStride + LANES);
        for (int i = 0; i < pixels; i++) {
            int at = aOffset + aPlaces[i];
            int bAt = bOffset + bPlaces[i];
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
        c60.intoArray(c, cOffset + 6 * cStride);
        c61.intoArray(c, cOffset + 6 * cStride + LANES);
    }

    private static void rows6(int pixels, float[] a, int aOffset, int[] aPlaces, float[] b, int bOffset, int[] bPlaces,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        FloatVector c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
        FloatVector c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c51 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + LANES);
        for (int i = 0; i < pixels; i++) {
            int at = aOffset + aPlaces[i];
            int bAt = bOffset + bPlaces[i];
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
    }

    private static void rows4(int pixels, float[] a, int aOffset, int[] aPlaces, float[] b, int bOffset, int[] bPlaces,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        for (int i = 0; i < pixels; i++) {
            int at = aOffset + aPlaces[i];
            int bAt = bOffset + bPlaces[i];
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
    }

    private static void rows2(int pixels, float[] a, int aOffset, int[] aPlaces, float[] b, int bOffset, int[] bPlaces,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        for (int i = 0; i < pixels; i++) {
            int at = aOffset + aPlaces[i];
            int bAt = bOffset + bPlaces[i];
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
    }

    private static void rows1(int pixels, float[] a, int aOffset, int[] aPlaces, float[] b, int bOffset, int[] bPlaces,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        for (int i = 0; i < pixels; i++) {
            int at = aOffset + aPlaces[i];
            int bAt = bOffset + bPlaces[i];
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
    }
}
