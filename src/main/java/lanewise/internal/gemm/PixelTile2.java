package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel over 2 vectors of output channels for images of a few channels, where a depth block of 16 would be mostly
 * padding:
 *
 * <pre>c[j][v] = init[j][v] + sum over t of a[taps[t] + j] * b[t][v]</pre>
 *
 * <p>A tap is one value of one channel, and neighbouring pixels are neighbours in memory. Registers, {@code init} and ReLU are as
 * in {@link RowTile2}.
 */
final class PixelTile2 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of the tile and of the packed panel {@code b}. */
    private static final int WIDTH = 2 * LANES;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    private PixelTile2() {}

    /**
     * Computes {@code rows} pixels. A last tile that is not full takes in pixels of the one before and computes them again, if no
     * sum starts from {@code c}.
     *
     * @param c {@code null} for a call that HotSpot counts and that returns at once ({@link TileRehearsal})
     */
    static void run(int rows, float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                    float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        for (int row = 0; row < rows; ) {
            int left = rows - row;
            int taken = PixelGemm.fullTile(left);
            if (initStride == 0 && taken <= rows) {
                row -= taken - left;
                left = taken;
            }
            int initAt = initOffset + row * initStride;
            int cAt = cOffset + row * cStride;
            if (left >= 14 && MANY_REGISTERS) {
                rows14(a, aOffset + row, taps, b, bOffset, init, initAt, initStride, relu, c, cAt, cStride);
                row += 14;
            } else if (left >= 10 && MANY_REGISTERS) {
                rows10(a, aOffset + row, taps, b, bOffset, init, initAt, initStride, relu, c, cAt, cStride);
                row += 10;
            } else if (left >= 7 && MANY_REGISTERS) {
                rows7(a, aOffset + row, taps, b, bOffset, init, initAt, initStride, relu, c, cAt, cStride);
                row += 7;
            } else if (left >= 4) {
                rows4(a, aOffset + row, taps, b, bOffset, init, initAt, initStride, relu, c, cAt, cStride);
                row += 4;
            } else if (left >= 2) {
                rows2(a, aOffset + row, taps, b, bOffset, init, initAt, initStride, relu, c, cAt, cStride);
                row += 2;
            } else {
                rows1(a, aOffset + row, taps, b, bOffset, init, initAt, initStride, relu, c, cAt, cStride);
                row += 1;
            }
        }
    }

    private static void rows14(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c40 = c00;
        FloatVector c41 = c01;
        FloatVector c50 = c00;
        FloatVector c51 = c01;
        FloatVector c60 = c00;
        FloatVector c61 = c01;
        FloatVector c70 = c00;
        FloatVector c71 = c01;
        FloatVector c80 = c00;
        FloatVector c81 = c01;
        FloatVector c90 = c00;
        FloatVector c91 = c01;
        FloatVector ca0 = c00;
        FloatVector ca1 = c01;
        FloatVector cb0 = c00;
        FloatVector cb1 = c01;
        FloatVector cc0 = c00;
        FloatVector cc1 = c01;
        FloatVector cd0 = c00;
        FloatVector cd1 = c01;
        if (initStride != 0) {
            c10 = FloatVector.fromArray(S, init, initOffset + initStride);
            c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
            c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
            c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
            c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
            c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
            c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
            c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
            c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
            c51 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + LANES);
            c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
            c61 = FloatVector.fromArray(S, init, initOffset + 6 * initStride + LANES);
            c70 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
            c71 = FloatVector.fromArray(S, init, initOffset + 7 * initStride + LANES);
            c80 = FloatVector.fromArray(S, init, initOffset + 8 * initStride);
            c81 = FloatVector.fromArray(S, init, initOffset + 8 * initStride + LANES);
            c90 = FloatVector.fromArray(S, init, initOffset + 9 * initStride);
            c91 = FloatVector.fromArray(S, init, initOffset + 9 * initStride + LANES);
            ca0 = FloatVector.fromArray(S, init, initOffset + 10 * initStride);
            ca1 = FloatVector.fromArray(S, init, initOffset + 10 * initStride + LANES);
            cb0 = FloatVector.fromArray(S, init, initOffset + 11 * initStride);
            cb1 = FloatVector.fromArray(S, init, initOffset + 11 * initStride + LANES);
            cc0 = FloatVector.fromArray(S, init, initOffset + 12 * initStride);
            cc1 = FloatVector.fromArray(S, init, initOffset + 12 * initStride + LANES);
            cd0 = FloatVector.fromArray(S, init, initOffset + 13 * initStride);
            cd1 = FloatVector.fromArray(S, init, initOffset + 13 * initStride + LANES);
        }
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * t + LANES);
            int at = aOffset + taps[t];
            float first = a[at]; // both range checks at once: between them C2 would keep a sum on the stack
            float last = a[at + 13];
            FloatVector a0 = FloatVector.broadcast(S, first);
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
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8]);
            c80 = b0.fma(a8, c80);
            c81 = b1.fma(a8, c81);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9]);
            c90 = b0.fma(a9, c90);
            c91 = b1.fma(a9, c91);
            FloatVector aa = FloatVector.broadcast(S, a[at + 10]);
            ca0 = b0.fma(aa, ca0);
            ca1 = b1.fma(aa, ca1);
            FloatVector ab = FloatVector.broadcast(S, a[at + 11]);
            cb0 = b0.fma(ab, cb0);
            cb1 = b1.fma(ab, cb1);
            FloatVector ac = FloatVector.broadcast(S, a[at + 12]);
            cc0 = b0.fma(ac, cc0);
            cc1 = b1.fma(ac, cc1);
            FloatVector ad = FloatVector.broadcast(S, last);
            cd0 = b0.fma(ad, cd0);
            cd1 = b1.fma(ad, cd1);
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
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c41 = c41.blend(zero, c41.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c51 = c51.blend(zero, c51.compare(LT, zero));
            c60 = c60.blend(zero, c60.compare(LT, zero));
            c61 = c61.blend(zero, c61.compare(LT, zero));
            c70 = c70.blend(zero, c70.compare(LT, zero));
            c71 = c71.blend(zero, c71.compare(LT, zero));
            c80 = c80.blend(zero, c80.compare(LT, zero));
            c81 = c81.blend(zero, c81.compare(LT, zero));
            c90 = c90.blend(zero, c90.compare(LT, zero));
            c91 = c91.blend(zero, c91.compare(LT, zero));
            ca0 = ca0.blend(zero, ca0.compare(LT, zero));
            ca1 = ca1.blend(zero, ca1.compare(LT, zero));
            cb0 = cb0.blend(zero, cb0.compare(LT, zero));
            cb1 = cb1.blend(zero, cb1.compare(LT, zero));
            cc0 = cc0.blend(zero, cc0.compare(LT, zero));
            cc1 = cc1.blend(zero, cc1.compare(LT, zero));
            cd0 = cd0.blend(zero, cd0.compare(LT, zero));
            cd1 = cd1.blend(zero, cd1.compare(LT, zero));
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
        c80.intoArray(c, cOffset + 8 * cStride);
        c81.intoArray(c, cOffset + 8 * cStride + LANES);
        c90.intoArray(c, cOffset + 9 * cStride);
        c91.intoArray(c, cOffset + 9 * cStride + LANES);
        ca0.intoArray(c, cOffset + 10 * cStride);
        ca1.intoArray(c, cOffset + 10 * cStride + LANES);
        cb0.intoArray(c, cOffset + 11 * cStride);
        cb1.intoArray(c, cOffset + 11 * cStride + LANES);
        cc0.intoArray(c, cOffset + 12 * cStride);
        cc1.intoArray(c, cOffset + 12 * cStride + LANES);
        cd0.intoArray(c, cOffset + 13 * cStride);
        cd1.intoArray(c, cOffset + 13 * cStride + LANES);
    }

    private static void rows10(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c40 = c00;
        FloatVector c41 = c01;
        FloatVector c50 = c00;
        FloatVector c51 = c01;
        FloatVector c60 = c00;
        FloatVector c61 = c01;
        FloatVector c70 = c00;
        FloatVector c71 = c01;
        FloatVector c80 = c00;
        FloatVector c81 = c01;
        FloatVector c90 = c00;
        FloatVector c91 = c01;
        if (initStride != 0) {
            c10 = FloatVector.fromArray(S, init, initOffset + initStride);
            c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
            c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
            c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
            c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
            c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
            c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
            c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
            c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
            c51 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + LANES);
            c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
            c61 = FloatVector.fromArray(S, init, initOffset + 6 * initStride + LANES);
            c70 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
            c71 = FloatVector.fromArray(S, init, initOffset + 7 * initStride + LANES);
            c80 = FloatVector.fromArray(S, init, initOffset + 8 * initStride);
            c81 = FloatVector.fromArray(S, init, initOffset + 8 * initStride + LANES);
            c90 = FloatVector.fromArray(S, init, initOffset + 9 * initStride);
            c91 = FloatVector.fromArray(S, init, initOffset + 9 * initStride + LANES);
        }
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * t + LANES);
            int at = aOffset + taps[t];
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
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8]);
            c80 = b0.fma(a8, c80);
            c81 = b1.fma(a8, c81);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9]);
            c90 = b0.fma(a9, c90);
            c91 = b1.fma(a9, c91);
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
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c41 = c41.blend(zero, c41.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c51 = c51.blend(zero, c51.compare(LT, zero));
            c60 = c60.blend(zero, c60.compare(LT, zero));
            c61 = c61.blend(zero, c61.compare(LT, zero));
            c70 = c70.blend(zero, c70.compare(LT, zero));
            c71 = c71.blend(zero, c71.compare(LT, zero));
            c80 = c80.blend(zero, c80.compare(LT, zero));
            c81 = c81.blend(zero, c81.compare(LT, zero));
            c90 = c90.blend(zero, c90.compare(LT, zero));
            c91 = c91.blend(zero, c91.compare(LT, zero));
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
        c80.intoArray(c, cOffset + 8 * cStride);
        c81.intoArray(c, cOffset + 8 * cStride + LANES);
        c90.intoArray(c, cOffset + 9 * cStride);
        c91.intoArray(c, cOffset + 9 * cStride + LANES);
    }

    private static void rows7(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c40 = c00;
        FloatVector c41 = c01;
        FloatVector c50 = c00;
        FloatVector c51 = c01;
        FloatVector c60 = c00;
        FloatVector c61 = c01;
        if (initStride != 0) {
            c10 = FloatVector.fromArray(S, init, initOffset + initStride);
            c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
            c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
            c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
            c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
            c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
            c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
            c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
            c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
            c51 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + LANES);
            c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
            c61 = FloatVector.fromArray(S, init, initOffset + 6 * initStride + LANES);
        }
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * t + LANES);
            int at = aOffset + taps[t];
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
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c41 = c41.blend(zero, c41.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c51 = c51.blend(zero, c51.compare(LT, zero));
            c60 = c60.blend(zero, c60.compare(LT, zero));
            c61 = c61.blend(zero, c61.compare(LT, zero));
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

    private static void rows4(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        if (initStride != 0) {
            c10 = FloatVector.fromArray(S, init, initOffset + initStride);
            c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
            c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
            c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
            c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
            c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        }
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * t + LANES);
            int at = aOffset + taps[t];
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
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
    }

    private static void rows2(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * t + LANES);
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c01 = c01.blend(zero, c01.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c11 = c11.blend(zero, c11.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
    }

    private static void rows1(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * t + LANES);
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c01 = c01.blend(zero, c01.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
    }
}
