package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel over 1 vector of output channels for images of a few channels, where a depth block of 16 would be mostly
 * padding:
 *
 * <pre>c[j][v] = init[j][v] + sum over t of a[taps[t] + j] * b[t][v]</pre>
 *
 * <p>A tap is one value of one channel, and neighbouring pixels are neighbours in memory. Registers, {@code init} and ReLU are as
 * in {@link RowTile1}.
 */
final class PixelTile1 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of the tile and of the packed panel {@code b}. */
    private static final int WIDTH = 1 * LANES;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    private PixelTile1() {}

    /**
     * Computes {@code rows} pixels. A last tile that is not full takes in pixels of the one before and computes them again, if no
     * sum starts from {@code c}.
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
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = c00;
        FloatVector c20 = c00;
        FloatVector c30 = c00;
        FloatVector c40 = c00;
        FloatVector c50 = c00;
        FloatVector c60 = c00;
        FloatVector c70 = c00;
        FloatVector c80 = c00;
        FloatVector c90 = c00;
        FloatVector ca0 = c00;
        FloatVector cb0 = c00;
        FloatVector cc0 = c00;
        FloatVector cd0 = c00;
        if (initStride != 0) {
            c10 = FloatVector.fromArray(S, init, initOffset + initStride);
            c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
            c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
            c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
            c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
            c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
            c70 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
            c80 = FloatVector.fromArray(S, init, initOffset + 8 * initStride);
            c90 = FloatVector.fromArray(S, init, initOffset + 9 * initStride);
            ca0 = FloatVector.fromArray(S, init, initOffset + 10 * initStride);
            cb0 = FloatVector.fromArray(S, init, initOffset + 11 * initStride);
            cc0 = FloatVector.fromArray(S, init, initOffset + 12 * initStride);
            cd0 = FloatVector.fromArray(S, init, initOffset + 13 * initStride);
        }
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c40 = b0.fma(a4, c40);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c50 = b0.fma(a5, c50);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
            c60 = b0.fma(a6, c60);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7]);
            c70 = b0.fma(a7, c70);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8]);
            c80 = b0.fma(a8, c80);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9]);
            c90 = b0.fma(a9, c90);
            FloatVector aa = FloatVector.broadcast(S, a[at + 10]);
            ca0 = b0.fma(aa, ca0);
            FloatVector ab = FloatVector.broadcast(S, a[at + 11]);
            cb0 = b0.fma(ab, cb0);
            FloatVector ac = FloatVector.broadcast(S, a[at + 12]);
            cc0 = b0.fma(ac, cc0);
            FloatVector ad = FloatVector.broadcast(S, a[at + 13]);
            cd0 = b0.fma(ad, cd0);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c60 = c60.blend(zero, c60.compare(LT, zero));
            c70 = c70.blend(zero, c70.compare(LT, zero));
            c80 = c80.blend(zero, c80.compare(LT, zero));
            c90 = c90.blend(zero, c90.compare(LT, zero));
            ca0 = ca0.blend(zero, ca0.compare(LT, zero));
            cb0 = cb0.blend(zero, cb0.compare(LT, zero));
            cc0 = cc0.blend(zero, cc0.compare(LT, zero));
            cd0 = cd0.blend(zero, cd0.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
        c40.intoArray(c, cOffset + 4 * cStride);
        c50.intoArray(c, cOffset + 5 * cStride);
        c60.intoArray(c, cOffset + 6 * cStride);
        c70.intoArray(c, cOffset + 7 * cStride);
        c80.intoArray(c, cOffset + 8 * cStride);
        c90.intoArray(c, cOffset + 9 * cStride);
        ca0.intoArray(c, cOffset + 10 * cStride);
        cb0.intoArray(c, cOffset + 11 * cStride);
        cc0.intoArray(c, cOffset + 12 * cStride);
        cd0.intoArray(c, cOffset + 13 * cStride);
    }

    private static void rows10(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = c00;
        FloatVector c20 = c00;
        FloatVector c30 = c00;
        FloatVector c40 = c00;
        FloatVector c50 = c00;
        FloatVector c60 = c00;
        FloatVector c70 = c00;
        FloatVector c80 = c00;
        FloatVector c90 = c00;
        if (initStride != 0) {
            c10 = FloatVector.fromArray(S, init, initOffset + initStride);
            c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
            c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
            c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
            c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
            c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
            c70 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
            c80 = FloatVector.fromArray(S, init, initOffset + 8 * initStride);
            c90 = FloatVector.fromArray(S, init, initOffset + 9 * initStride);
        }
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c40 = b0.fma(a4, c40);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c50 = b0.fma(a5, c50);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
            c60 = b0.fma(a6, c60);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7]);
            c70 = b0.fma(a7, c70);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8]);
            c80 = b0.fma(a8, c80);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9]);
            c90 = b0.fma(a9, c90);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c60 = c60.blend(zero, c60.compare(LT, zero));
            c70 = c70.blend(zero, c70.compare(LT, zero));
            c80 = c80.blend(zero, c80.compare(LT, zero));
            c90 = c90.blend(zero, c90.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
        c40.intoArray(c, cOffset + 4 * cStride);
        c50.intoArray(c, cOffset + 5 * cStride);
        c60.intoArray(c, cOffset + 6 * cStride);
        c70.intoArray(c, cOffset + 7 * cStride);
        c80.intoArray(c, cOffset + 8 * cStride);
        c90.intoArray(c, cOffset + 9 * cStride);
    }

    private static void rows7(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = c00;
        FloatVector c20 = c00;
        FloatVector c30 = c00;
        FloatVector c40 = c00;
        FloatVector c50 = c00;
        FloatVector c60 = c00;
        if (initStride != 0) {
            c10 = FloatVector.fromArray(S, init, initOffset + initStride);
            c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
            c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
            c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
            c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
            c60 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        }
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c40 = b0.fma(a4, c40);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c50 = b0.fma(a5, c50);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
            c60 = b0.fma(a6, c60);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c60 = c60.blend(zero, c60.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
        c40.intoArray(c, cOffset + 4 * cStride);
        c50.intoArray(c, cOffset + 5 * cStride);
        c60.intoArray(c, cOffset + 6 * cStride);
    }

    private static void rows4(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = c00;
        FloatVector c20 = c00;
        FloatVector c30 = c00;
        if (initStride != 0) {
            c10 = FloatVector.fromArray(S, init, initOffset + initStride);
            c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
            c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        }
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
    }

    private static void rows2(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
    }

    private static void rows1(float[] a, int aOffset, int[] taps, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, boolean relu, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        for (int t = 0; t < taps.length; t++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * t);
            int at = aOffset + taps[t];
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
    }
}
