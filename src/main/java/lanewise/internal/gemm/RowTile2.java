package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel over 2 vectors of output channels, a row panel times a column panel ({@link Panels}):
 *
 * <pre>c[j][v] = start[j][v] + bias[v] + sum over d of a[runs[d / RUN] + j ROW + d % RUN] * b[d][v]</pre>
 *
 * <p>A row {@code j} is a pixel or a row of a matrix. Rows lie a constant apart, for with a variable distance each broadcast needs
 * an address register of its own and x86 has not enough of them: 2 to 5% slower ({@link StrideTile}). All addresses of a run are
 * affine in its counter, so C2 checks them before the run and not in it: about 100 instructions, which are few beside 64 depths.
 *
 * <pre>
 *              b: depth x {@code WIDTH}
 *              | b0 | b1 |   registers of 32: 28 accumulators, 2 of b, 1 broadcast
 *   a: a run   +----+----+   registers of 16: 8 accumulators, 2 of b, 1 broadcast
 *   of a row   | c00| c01|
 *              | c10| c11|   j = 0 .. rows - 1
 * </pre>
 *
 * <p>All sums are read before any is written, so a product can go on where another stopped. The flat repetition is meant:
 * accumulators in an array, or in more than two loops, are boxed (NOTES 3).
 */
final class RowTile2 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int RUN = Panels.RUN;
    private static final int ROW = Panels.ROW;
    private static final int DEPTH = Panels.DEPTH;

    /** Columns of the tile and of the packed panel {@code b}. */
    private static final int WIDTH = 2 * LANES;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    private RowTile2() {}

    /**
     * Computes {@code rows} rows, 1 to 14, with as few and as high tiles as the registers allow.
     *
     * @param runs where each run of {@code RUN} depths of the first row begins, from {@code aOffset}
     * @param next where in {@code b} a tile of 14 rows begins to fetch, meanwhile, from the next panel
     * @param step floats by which it goes on after each 16 depths; 0 to fetch nothing
     * @param gap distance of the 8 places at which it fetches; 0 to fetch nothing, and {@code next} is then {@code bOffset}
     * @param start where the sums of a row start, rows {@code startStride} apart; 0 says that they all start from the bias alone,
     *         and what is there is -0; it may be {@code c}
     * @param c {@code null} for a call that HotSpot counts and that returns at once ({@link TileRehearsal})
     */
    static void run(int rows, float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset, int next, int step, int gap,
                    float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                    float[] c, int cOffset, int cStride) {
        if (rows == 14 && MANY_REGISTERS) {
            rows14(a, aOffset, runs, depth, b, bOffset, next, step, gap, start, startOffset, startStride, bias, biasOffset, relu,
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

    /**
     * Also reads a float at 8 places of the next panel, four times after each run, so that its lines come from memory behind the
     * multiplications. The places lie an 8th of the panel apart: 8 misses take little longer than one, and there is one in every
     * page, where the prefetchers start anew. Returns a meaningless sum of what was read, or it would not be read.
     */
    private static int rows14(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset, int next, int step, int gap,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return 0;
        }
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = FloatVector.fromArray(S, bias, biasOffset + LANES);
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
        if (startStride != 0) { // 28 loads, each with its check, are a twentieth of a tile that is 64 deep
            c00 = FloatVector.fromArray(S, start, startOffset).add(c00);
            c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(c01);
            c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(c10);
            c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(c11);
            c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(c20);
            c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(c21);
            c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(c30);
            c31 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + LANES).add(c31);
            c40 = FloatVector.fromArray(S, start, startOffset + 4 * startStride).add(c40);
            c41 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + LANES).add(c41);
            c50 = FloatVector.fromArray(S, start, startOffset + 5 * startStride).add(c50);
            c51 = FloatVector.fromArray(S, start, startOffset + 5 * startStride + LANES).add(c51);
            c60 = FloatVector.fromArray(S, start, startOffset + 6 * startStride).add(c60);
            c61 = FloatVector.fromArray(S, start, startOffset + 6 * startStride + LANES).add(c61);
            c70 = FloatVector.fromArray(S, start, startOffset + 7 * startStride).add(c70);
            c71 = FloatVector.fromArray(S, start, startOffset + 7 * startStride + LANES).add(c71);
            c80 = FloatVector.fromArray(S, start, startOffset + 8 * startStride).add(c80);
            c81 = FloatVector.fromArray(S, start, startOffset + 8 * startStride + LANES).add(c81);
            c90 = FloatVector.fromArray(S, start, startOffset + 9 * startStride).add(c90);
            c91 = FloatVector.fromArray(S, start, startOffset + 9 * startStride + LANES).add(c91);
            ca0 = FloatVector.fromArray(S, start, startOffset + 10 * startStride).add(ca0);
            ca1 = FloatVector.fromArray(S, start, startOffset + 10 * startStride + LANES).add(ca1);
            cb0 = FloatVector.fromArray(S, start, startOffset + 11 * startStride).add(cb0);
            cb1 = FloatVector.fromArray(S, start, startOffset + 11 * startStride + LANES).add(cb1);
            cc0 = FloatVector.fromArray(S, start, startOffset + 12 * startStride).add(cc0);
            cc1 = FloatVector.fromArray(S, start, startOffset + 12 * startStride + LANES).add(cc1);
            cd0 = FloatVector.fromArray(S, start, startOffset + 13 * startStride).add(cd0);
            cd1 = FloatVector.fromArray(S, start, startOffset + 13 * startStride + LANES).add(cd1);
        }
        int nextAt = next;
        int touched = 0;
        int whole = depth / RUN;
        int bAt = bOffset;
        for (int run = 0; run < whole; run++) {
            int aAt = aOffset + runs[run];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * ROW]);
                c40 = b0.fma(a4, c40);
                c41 = b1.fma(a4, c41);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * ROW]);
                c50 = b0.fma(a5, c50);
                c51 = b1.fma(a5, c51);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * ROW]);
                c60 = b0.fma(a6, c60);
                c61 = b1.fma(a6, c61);
                FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * ROW]);
                c70 = b0.fma(a7, c70);
                c71 = b1.fma(a7, c71);
                FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * ROW]);
                c80 = b0.fma(a8, c80);
                c81 = b1.fma(a8, c81);
                FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * ROW]);
                c90 = b0.fma(a9, c90);
                c91 = b1.fma(a9, c91);
                FloatVector aa = FloatVector.broadcast(S, a[at + 10 * ROW]);
                ca0 = b0.fma(aa, ca0);
                ca1 = b1.fma(aa, ca1);
                FloatVector ab = FloatVector.broadcast(S, a[at + 11 * ROW]);
                cb0 = b0.fma(ab, cb0);
                cb1 = b1.fma(ab, cb1);
                FloatVector ac = FloatVector.broadcast(S, a[at + 12 * ROW]);
                cc0 = b0.fma(ac, cc0);
                cc1 = b1.fma(ac, cc1);
                FloatVector ad = FloatVector.broadcast(S, a[at + 13 * ROW]);
                cd0 = b0.fma(ad, cd0);
                cd1 = b1.fma(ad, cd1);
            }
            bAt += WIDTH * RUN;
            for (int i = 0; gap > 0 && i < RUN / DEPTH; i++) {
                touched += Float.floatToRawIntBits(b[nextAt]) + Float.floatToRawIntBits(b[nextAt + gap])
                        + Float.floatToRawIntBits(b[nextAt + 2 * gap]) + Float.floatToRawIntBits(b[nextAt + 3 * gap])
                        + Float.floatToRawIntBits(b[nextAt + 4 * gap]) + Float.floatToRawIntBits(b[nextAt + 5 * gap])
                        + Float.floatToRawIntBits(b[nextAt + 6 * gap]) + Float.floatToRawIntBits(b[nextAt + 7 * gap]);
                nextAt += step;
            }
        }
        int left = depth % RUN;
        int aAt = left > 0 ? aOffset + runs[whole] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
            int at = aAt + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * ROW]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * ROW]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * ROW]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * ROW]);
            c70 = b0.fma(a7, c70);
            c71 = b1.fma(a7, c71);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * ROW]);
            c80 = b0.fma(a8, c80);
            c81 = b1.fma(a8, c81);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * ROW]);
            c90 = b0.fma(a9, c90);
            c91 = b1.fma(a9, c91);
            FloatVector aa = FloatVector.broadcast(S, a[at + 10 * ROW]);
            ca0 = b0.fma(aa, ca0);
            ca1 = b1.fma(aa, ca1);
            FloatVector ab = FloatVector.broadcast(S, a[at + 11 * ROW]);
            cb0 = b0.fma(ab, cb0);
            cb1 = b1.fma(ab, cb1);
            FloatVector ac = FloatVector.broadcast(S, a[at + 12 * ROW]);
            cc0 = b0.fma(ac, cc0);
            cc1 = b1.fma(ac, cc1);
            FloatVector ad = FloatVector.broadcast(S, a[at + 13 * ROW]);
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
        return touched;
    }

    private static void rows7(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector bias1 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(bias1);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(bias0);
        FloatVector c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(bias1);
        FloatVector c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(bias0);
        FloatVector c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(bias1);
        FloatVector c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(bias0);
        FloatVector c31 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + LANES).add(bias1);
        FloatVector c40 = FloatVector.fromArray(S, start, startOffset + 4 * startStride).add(bias0);
        FloatVector c41 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + LANES).add(bias1);
        FloatVector c50 = FloatVector.fromArray(S, start, startOffset + 5 * startStride).add(bias0);
        FloatVector c51 = FloatVector.fromArray(S, start, startOffset + 5 * startStride + LANES).add(bias1);
        FloatVector c60 = FloatVector.fromArray(S, start, startOffset + 6 * startStride).add(bias0);
        FloatVector c61 = FloatVector.fromArray(S, start, startOffset + 6 * startStride + LANES).add(bias1);
        int whole = depth / RUN;
        int bAt = bOffset;
        for (int run = 0; run < whole; run++) {
            int aAt = aOffset + runs[run];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * ROW]);
                c40 = b0.fma(a4, c40);
                c41 = b1.fma(a4, c41);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * ROW]);
                c50 = b0.fma(a5, c50);
                c51 = b1.fma(a5, c51);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * ROW]);
                c60 = b0.fma(a6, c60);
                c61 = b1.fma(a6, c61);
            }
            bAt += WIDTH * RUN;
        }
        int left = depth % RUN;
        int aAt = left > 0 ? aOffset + runs[whole] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
            int at = aAt + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * ROW]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * ROW]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * ROW]);
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

    private static void rows4(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector bias1 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(bias1);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(bias0);
        FloatVector c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(bias1);
        FloatVector c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(bias0);
        FloatVector c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(bias1);
        FloatVector c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(bias0);
        FloatVector c31 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + LANES).add(bias1);
        int whole = depth / RUN;
        int bAt = bOffset;
        for (int run = 0; run < whole; run++) {
            int aAt = aOffset + runs[run];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
            }
            bAt += WIDTH * RUN;
        }
        int left = depth % RUN;
        int aAt = left > 0 ? aOffset + runs[whole] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
            int at = aAt + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * ROW]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * ROW]);
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

    private static void rows2(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector bias1 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(bias1);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(bias0);
        FloatVector c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(bias1);
        int whole = depth / RUN;
        int bAt = bOffset;
        for (int run = 0; run < whole; run++) {
            int aAt = aOffset + runs[run];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
            }
            bAt += WIDTH * RUN;
        }
        int left = depth % RUN;
        int aAt = left > 0 ? aOffset + runs[whole] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
            int at = aAt + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + ROW]);
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

    private static void rows1(float[] a, int aOffset, int[] runs, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector bias1 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(bias1);
        int whole = depth / RUN;
        int bAt = bOffset;
        for (int run = 0; run < whole; run++) {
            int aAt = aOffset + runs[run];
            for (int k = 0; k < RUN; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
                int at = aAt + k;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
            }
            bAt += WIDTH * RUN;
        }
        int left = depth % RUN;
        int aAt = left > 0 ? aOffset + runs[whole] : 0;
        for (int k = 0; k < left; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bAt + WIDTH * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + WIDTH * k + LANES);
            int at = aAt + k;
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
