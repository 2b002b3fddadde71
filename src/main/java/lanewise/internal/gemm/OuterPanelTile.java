package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernel of sums of outer products over packed pixels, 2 vectors wide, or 1 ({@link OuterGemm}):
 *
 * <pre>c[j][v] = init[j][v] + sum over d of a[HEIGHT d + j] * b[width d + v]      depth a multiple of {@code RUN}</pre>
 *
 * <p>Unlike {@link OuterTile2} it walks a constant distance, a constant number of pixels at a time: all addresses of a run are
 * affine in its counter, so C2 checks them before the run. If the number is no constant, it keeps sums on the stack, at half the speed.
 *
 * <p>Registers of 32, 2 vectors wide: 28 accumulators, 2 of b, 2 broadcasts; of 16: 8 accumulators, for {@code HEIGHT} is 12 there.
 * {@code init} is {@code c} to go on, or zeros a distance of 0 apart.
 */
final class OuterPanelTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int HEIGHT = OuterGemm.HEIGHT;
    private static final int RUN = OuterGemm.RUN;

    /** Columns of the wider tile and of its packed panel {@code b}. */
    private static final int WIDTH = 2 * LANES;

    private OuterPanelTile() {}

    /**
     * Computes {@code rows} rows of {@code width} columns, and up to 3 more rows ({@link OuterGemm#height}) for which {@code c} has room.
     */
    static void run(int width, int rows, float[] a, int aOffset, int depth, float[] b, int bOffset,
                    float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        boolean two = width == WIDTH;
        int height;
        for (int row = 0; row < rows; row += height) {
            int aAt = aOffset + row;
            int initAt = initOffset + row * initStride;
            int cAt = cOffset + row * cStride;
            height = OuterGemm.height(rows - row);
            if (height == 14 && two) {
                tile2x14(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else if (height == 14) {
                tile1x14(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else if (height == 7 && two) {
                tile2x7(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else if (height == 7) {
                tile1x7(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else if (two) {
                tile2x4(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            } else {
                tile1x4(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            }
        }
    }

    private static void tile2x14(float[] a, int aOffset, int depth, float[] b, int bOffset,
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
        FloatVector c80 = FloatVector.fromArray(S, init, initOffset + 8 * initStride);
        FloatVector c81 = FloatVector.fromArray(S, init, initOffset + 8 * initStride + LANES);
        FloatVector c90 = FloatVector.fromArray(S, init, initOffset + 9 * initStride);
        FloatVector c91 = FloatVector.fromArray(S, init, initOffset + 9 * initStride + LANES);
        FloatVector ca0 = FloatVector.fromArray(S, init, initOffset + 10 * initStride);
        FloatVector ca1 = FloatVector.fromArray(S, init, initOffset + 10 * initStride + LANES);
        FloatVector cb0 = FloatVector.fromArray(S, init, initOffset + 11 * initStride);
        FloatVector cb1 = FloatVector.fromArray(S, init, initOffset + 11 * initStride + LANES);
        FloatVector cc0 = FloatVector.fromArray(S, init, initOffset + 12 * initStride);
        FloatVector cc1 = FloatVector.fromArray(S, init, initOffset + 12 * initStride + LANES);
        FloatVector cd0 = FloatVector.fromArray(S, init, initOffset + 13 * initStride);
        FloatVector cd1 = FloatVector.fromArray(S, init, initOffset + 13 * initStride + LANES);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int left = depth; left > 0; left -= RUN) {
            for (int d = 0; d < RUN; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * d);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * d + LANES);
                int at = aAt + HEIGHT * d;
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
                FloatVector aa = FloatVector.broadcast(S, a[at + 10]);
                ca0 = b0.fma(aa, ca0);
                ca1 = b1.fma(aa, ca1);
                FloatVector ab = FloatVector.broadcast(S, a[at + 11]);
                cb0 = b0.fma(ab, cb0);
                cb1 = b1.fma(ab, cb1);
                FloatVector ac = FloatVector.broadcast(S, a[at + 12]);
                cc0 = b0.fma(ac, cc0);
                cc1 = b1.fma(ac, cc1);
                FloatVector ad = FloatVector.broadcast(S, a[at + 13]);
                cd0 = b0.fma(ad, cd0);
                cd1 = b1.fma(ad, cd1);
            }
            aAt += HEIGHT * RUN;
            bAt += WIDTH * RUN;
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

    private static void tile2x7(float[] a, int aOffset, int depth, float[] b, int bOffset,
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
        int aAt = aOffset;
        int bAt = bOffset;
        for (int left = depth; left > 0; left -= RUN) {
            for (int d = 0; d < RUN; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * d);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * d + LANES);
                int at = aAt + HEIGHT * d;
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
            aAt += HEIGHT * RUN;
            bAt += WIDTH * RUN;
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

    /** All depths in one loop: so few sums stay in registers whatever its length. */
    private static void tile2x4(float[] a, int aOffset, int depth, float[] b, int bOffset,
                                float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        for (int d = 0; d < depth; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * d);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + LANES);
            int at = aOffset + HEIGHT * d;
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

    private static void tile1x14(float[] a, int aOffset, int depth, float[] b, int bOffset,
                                 float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c0 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c1 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c2 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c3 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c4 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c5 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c6 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        FloatVector c7 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
        FloatVector c8 = FloatVector.fromArray(S, init, initOffset + 8 * initStride);
        FloatVector c9 = FloatVector.fromArray(S, init, initOffset + 9 * initStride);
        FloatVector ca = FloatVector.fromArray(S, init, initOffset + 10 * initStride);
        FloatVector cb = FloatVector.fromArray(S, init, initOffset + 11 * initStride);
        FloatVector cc = FloatVector.fromArray(S, init, initOffset + 12 * initStride);
        FloatVector cd = FloatVector.fromArray(S, init, initOffset + 13 * initStride);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int left = depth; left > 0; left -= RUN) {
            for (int d = 0; d < RUN; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + LANES * d);
                int at = aAt + HEIGHT * d;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c0 = b0.fma(a0, c0);
                FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
                c1 = b0.fma(a1, c1);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
                c2 = b0.fma(a2, c2);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
                c3 = b0.fma(a3, c3);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
                c4 = b0.fma(a4, c4);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
                c5 = b0.fma(a5, c5);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
                c6 = b0.fma(a6, c6);
                FloatVector a7 = FloatVector.broadcast(S, a[at + 7]);
                c7 = b0.fma(a7, c7);
                FloatVector a8 = FloatVector.broadcast(S, a[at + 8]);
                c8 = b0.fma(a8, c8);
                FloatVector a9 = FloatVector.broadcast(S, a[at + 9]);
                c9 = b0.fma(a9, c9);
                FloatVector aa = FloatVector.broadcast(S, a[at + 10]);
                ca = b0.fma(aa, ca);
                FloatVector ab = FloatVector.broadcast(S, a[at + 11]);
                cb = b0.fma(ab, cb);
                FloatVector ac = FloatVector.broadcast(S, a[at + 12]);
                cc = b0.fma(ac, cc);
                FloatVector ad = FloatVector.broadcast(S, a[at + 13]);
                cd = b0.fma(ad, cd);
            }
            aAt += HEIGHT * RUN;
            bAt += LANES * RUN;
        }
        c0.intoArray(c, cOffset);
        c1.intoArray(c, cOffset + cStride);
        c2.intoArray(c, cOffset + 2 * cStride);
        c3.intoArray(c, cOffset + 3 * cStride);
        c4.intoArray(c, cOffset + 4 * cStride);
        c5.intoArray(c, cOffset + 5 * cStride);
        c6.intoArray(c, cOffset + 6 * cStride);
        c7.intoArray(c, cOffset + 7 * cStride);
        c8.intoArray(c, cOffset + 8 * cStride);
        c9.intoArray(c, cOffset + 9 * cStride);
        ca.intoArray(c, cOffset + 10 * cStride);
        cb.intoArray(c, cOffset + 11 * cStride);
        cc.intoArray(c, cOffset + 12 * cStride);
        cd.intoArray(c, cOffset + 13 * cStride);
    }

    private static void tile1x7(float[] a, int aOffset, int depth, float[] b, int bOffset,
                                float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c0 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c1 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c2 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c3 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c4 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c5 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c6 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int left = depth; left > 0; left -= RUN) {
            for (int d = 0; d < RUN; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + LANES * d);
                int at = aAt + HEIGHT * d;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c0 = b0.fma(a0, c0);
                FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
                c1 = b0.fma(a1, c1);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
                c2 = b0.fma(a2, c2);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
                c3 = b0.fma(a3, c3);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
                c4 = b0.fma(a4, c4);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
                c5 = b0.fma(a5, c5);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
                c6 = b0.fma(a6, c6);
            }
            aAt += HEIGHT * RUN;
            bAt += LANES * RUN;
        }
        c0.intoArray(c, cOffset);
        c1.intoArray(c, cOffset + cStride);
        c2.intoArray(c, cOffset + 2 * cStride);
        c3.intoArray(c, cOffset + 3 * cStride);
        c4.intoArray(c, cOffset + 4 * cStride);
        c5.intoArray(c, cOffset + 5 * cStride);
        c6.intoArray(c, cOffset + 6 * cStride);
    }

    /** All depths in one loop: so few sums stay in registers whatever its length. */
    private static void tile1x4(float[] a, int aOffset, int depth, float[] b, int bOffset,
                                float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c0 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c1 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c2 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c3 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        for (int d = 0; d < depth; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + LANES * d);
            int at = aOffset + HEIGHT * d;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0 = b0.fma(a0, c0);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1 = b0.fma(a1, c1);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c2 = b0.fma(a2, c2);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c3 = b0.fma(a3, c3);
        }
        c0.intoArray(c, cOffset);
        c1.intoArray(c, cOffset + cStride);
        c2.intoArray(c, cOffset + 2 * cStride);
        c3.intoArray(c, cOffset + 3 * cStride);
    }
}
