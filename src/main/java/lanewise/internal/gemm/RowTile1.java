package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel over 1 vector of output channels, a row panel times a column panel ({@link Panels}):
 *
 * <pre>c[j][v] = start[j][v] + bias[v] + sum over d of a[runs[d / RUN] + j ROW + d % RUN] * b[d][v]</pre>
 *
 * <p>A row {@code j} is a pixel or a row of a matrix. Rows lie a constant apart, for with a variable distance each broadcast needs
 * an address register of its own and x86 has not enough of them: 2 to 5% slower ({@link StrideTile}). All addresses of a run are
 * affine in its counter, so C2 checks them before the run and not in it: about 100 instructions, which are few beside 64 depths.
 *
 * <pre>
 *              b: depth x {@code WIDTH}
 *              | b0 |   registers of 32: 14 accumulators, 1 of b, 1 broadcast
 *   a: a run   +----+   registers of 16: 4 accumulators, 1 of b, 1 broadcast
 *   of a row   | c00|
 *              | c10|   j = 0 .. rows - 1
 * </pre>
 *
 * <p>All sums are read before any is written, so a product can go on where another stopped. The flat repetition is meant:
 * accumulators in an array, or in more than two loops, are boxed (NOTES 3).
 */
final class RowTile1 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int RUN = Panels.RUN;
    private static final int ROW = Panels.ROW;

    /** Columns of the tile and of the packed panel {@code b}. */
    private static final int WIDTH = 1 * LANES;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    private RowTile1() {}

    /**
     * Computes {@code rows} rows, 1 to 14, with as few and as high tiles as the registers allow.
     *
     * @param runs where each run of {@code RUN} depths of the first row begins, from {@code aOffset}
     * @param start where the sums of a row start, rows {@code startStride} apart, 0 for the same in all rows; it may be {@code c}
     */
    static void run(int rows, float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                    float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                    float[] c, int cOffset, int cStride) {
        if (rows == 14 && MANY_REGISTERS) {
            rows14(a, aOffset, runs, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
            return;
        }
        for (int row = 0; row < rows; ) {
            int left = rows - row;
            int aAt = aOffset + row * ROW;
            int cAt = cOffset + row * cStride;
            int startAt = startOffset + row * startStride;
            if (left >= 7 && MANY_REGISTERS) {
                rows7(a, aAt, runs, depth, b, bOffset, start, startAt, startStride, bias, biasOffset, relu,
                        c, cAt, cStride);
                row += 7;
            } else if (left >= 4) {
                rows4(a, aAt, runs, depth, b, bOffset, start, startAt, startStride, bias, biasOffset, relu,
                        c, cAt, cStride);
                row += 4;
            } else if (left >= 2) {
                rows2(a, aAt, runs, depth, b, bOffset, start, startAt, startStride, bias, biasOffset, relu,
                        c, cAt, cStride);
                row += 2;
            } else {
                rows1(a, aAt, runs, depth, b, bOffset, start, startAt, startStride, bias, biasOffset, relu,
                        c, cAt, cStride);
                row += 1;
            }
        }
    }

    private static void rows14(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(bias0);
        FloatVector c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(bias0);
        FloatVector c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(bias0);
        FloatVector c40 = FloatVector.fromArray(S, start, startOffset + 4 * startStride).add(bias0);
        FloatVector c50 = FloatVector.fromArray(S, start, startOffset + 5 * startStride).add(bias0);
        FloatVector c60 = FloatVector.fromArray(S, start, startOffset + 6 * startStride).add(bias0);
        FloatVector c70 = FloatVector.fromArray(S, start, startOffset + 7 * startStride).add(bias0);
        FloatVector c80 = FloatVector.fromArray(S, start, startOffset + 8 * startStride).add(bias0);
        FloatVector c90 = FloatVector.fromArray(S, start, startOffset + 9 * startStride).add(bias0);
        FloatVector ca0 = FloatVector.fromArray(S, start, startOffset + 10 * startStride).add(bias0);
        FloatVector cb0 = FloatVector.fromArray(S, start, startOffset + 11 * startStride).add(bias0);
        FloatVector cc0 = FloatVector.fromArray(S, start, startOffset + 12 * startStride).add(bias0);
        FloatVector cd0 = FloatVector.fromArray(S, start, startOffset + 13 * startStride).add(bias0);
        int run = 0;
        int bAt = bOffset;
        int left = depth;
        for (; left >= RUN; left -= RUN) {
            int aAt = aOffset + runs[run++];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
                c10 = b0.fma(a1, c10);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
                c20 = b0.fma(a2, c20);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
                c30 = b0.fma(a3, c30);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * ROW]);
                c40 = b0.fma(a4, c40);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * ROW]);
                c50 = b0.fma(a5, c50);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * ROW]);
                c60 = b0.fma(a6, c60);
                FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * ROW]);
                c70 = b0.fma(a7, c70);
                FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * ROW]);
                c80 = b0.fma(a8, c80);
                FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * ROW]);
                c90 = b0.fma(a9, c90);
                FloatVector aa = FloatVector.broadcast(S, a[at + 10 * ROW]);
                ca0 = b0.fma(aa, ca0);
                FloatVector ab = FloatVector.broadcast(S, a[at + 11 * ROW]);
                cb0 = b0.fma(ab, cb0);
                FloatVector ac = FloatVector.broadcast(S, a[at + 12 * ROW]);
                cc0 = b0.fma(ac, cc0);
                FloatVector ad = FloatVector.broadcast(S, a[at + 13 * ROW]);
                cd0 = b0.fma(ad, cd0);
            }
            bAt += WIDTH * RUN;
        }
        int aAt = left > 0 ? aOffset + runs[run] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            int at = aAt + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
            c30 = b0.fma(a3, c30);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * ROW]);
            c40 = b0.fma(a4, c40);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * ROW]);
            c50 = b0.fma(a5, c50);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * ROW]);
            c60 = b0.fma(a6, c60);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * ROW]);
            c70 = b0.fma(a7, c70);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * ROW]);
            c80 = b0.fma(a8, c80);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * ROW]);
            c90 = b0.fma(a9, c90);
            FloatVector aa = FloatVector.broadcast(S, a[at + 10 * ROW]);
            ca0 = b0.fma(aa, ca0);
            FloatVector ab = FloatVector.broadcast(S, a[at + 11 * ROW]);
            cb0 = b0.fma(ab, cb0);
            FloatVector ac = FloatVector.broadcast(S, a[at + 12 * ROW]);
            cc0 = b0.fma(ac, cc0);
            FloatVector ad = FloatVector.broadcast(S, a[at + 13 * ROW]);
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

    private static void rows7(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(bias0);
        FloatVector c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(bias0);
        FloatVector c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(bias0);
        FloatVector c40 = FloatVector.fromArray(S, start, startOffset + 4 * startStride).add(bias0);
        FloatVector c50 = FloatVector.fromArray(S, start, startOffset + 5 * startStride).add(bias0);
        FloatVector c60 = FloatVector.fromArray(S, start, startOffset + 6 * startStride).add(bias0);
        int run = 0;
        int bAt = bOffset;
        int left = depth;
        for (; left >= RUN; left -= RUN) {
            int aAt = aOffset + runs[run++];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
                c10 = b0.fma(a1, c10);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
                c20 = b0.fma(a2, c20);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
                c30 = b0.fma(a3, c30);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * ROW]);
                c40 = b0.fma(a4, c40);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * ROW]);
                c50 = b0.fma(a5, c50);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * ROW]);
                c60 = b0.fma(a6, c60);
            }
            bAt += WIDTH * RUN;
        }
        int aAt = left > 0 ? aOffset + runs[run] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            int at = aAt + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
            c30 = b0.fma(a3, c30);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * ROW]);
            c40 = b0.fma(a4, c40);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * ROW]);
            c50 = b0.fma(a5, c50);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * ROW]);
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

    private static void rows4(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(bias0);
        FloatVector c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(bias0);
        FloatVector c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(bias0);
        int run = 0;
        int bAt = bOffset;
        int left = depth;
        for (; left >= RUN; left -= RUN) {
            int aAt = aOffset + runs[run++];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
                c10 = b0.fma(a1, c10);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
                c20 = b0.fma(a2, c20);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
                c30 = b0.fma(a3, c30);
            }
            bAt += WIDTH * RUN;
        }
        int aAt = left > 0 ? aOffset + runs[run] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            int at = aAt + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
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

    private static void rows2(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(bias0);
        int run = 0;
        int bAt = bOffset;
        int left = depth;
        for (; left >= RUN; left -= RUN) {
            int aAt = aOffset + runs[run++];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
                c10 = b0.fma(a1, c10);
            }
            bAt += WIDTH * RUN;
        }
        int aAt = left > 0 ? aOffset + runs[run] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            int at = aAt + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
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

    private static void rows1(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        int run = 0;
        int bAt = bOffset;
        int left = depth;
        for (; left >= RUN; left -= RUN) {
            int aAt = aOffset + runs[run++];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
            }
            bAt += WIDTH * RUN;
        }
        int aAt = left > 0 ? aOffset + runs[run] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            int at = aAt + k;
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
