package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernel of a few rows that lie where they are, against one column panel of 2 vectors:
 *
 * <pre>c[j][v] = init[j][v] + sum over d in [from, to) of x[j xStride + d] * b[WIDTH d + v]</pre>
 *
 * <p>With so few rows each weight is used a few times at most: the loads of b bound the speed, and packing x would cost what it
 * saves. One or two rows keep several sums for each lane, added at the end, for the latency of a multiply-add.
 * A tile of 4 or 8 with fewer rows computes and writes its last row several times.
 *
 * <p>Registers: 8 accumulators, 2 of b, 1 broadcast; the 8 and 12 rows, for 32 registers only, have 16 and 24. {@code init} and ReLU are as in
 * {@link RowTile2}.
 */
final class DenseTile2 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of a full panel. */
    private static final int WIDTH = 2 * LANES;

    /** Depth of a slice of packed rows, and their distance: odd, so that they pass to their next cache lines one after the other. */
    static final int SLICE = 512;
    static final int ROW = SLICE + 1;

    private static final int HALF = SLICE / 2;

    private DenseTile2() {}

    /** Computes {@code rows} rows, 1 to 4, or to 8 if there are 32 registers. A {@code null} c is as in {@link DenseTile4#run}. */
    static void run(int rows, float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt,
                    float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        switch (rows) {
            case 1 -> rows1(x, xAt, from, to, b, bAt, init, initAt, relu, c, cAt);
            case 2 -> rows2(x, xAt, xStride, from, to, b, bAt, init, initAt, initStride, relu, c, cAt, cStride);
            case 3, 4 -> rows4(rows, x, xAt, xStride, from, to, b, bAt, init, initAt, initStride, relu, c, cAt, cStride);
            case 5, 6, 7, 8 -> rows8(rows, x, xAt, xStride, from, to, b, bAt, init, initAt, initStride, relu, c, cAt, cStride);
            default -> throw new AssertionError(rows + " rows: only 1 to 8");
        }
    }

    private static void rows1(float[] x, int xAt, int from, int to, float[] b, int bAt,
                              float[] init, int initAt, boolean relu, float[] c, int cAt) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c0a = FloatVector.fromArray(S, init, initAt);
        FloatVector c1a = FloatVector.fromArray(S, init, initAt + LANES);
        FloatVector c0b = FloatVector.zero(S);
        FloatVector c1b = c0b;
        FloatVector c0c = c0b;
        FloatVector c1c = c0b;
        FloatVector c0d = c0b;
        FloatVector c1d = c0b;
        int d = from;
        for (; d <= to - 4; d += 4) {
            int at = bAt + WIDTH * d;
            FloatVector aa = FloatVector.broadcast(S, x[xAt + d]);
            c0a = FloatVector.fromArray(S, b, at).fma(aa, c0a);
            c1a = FloatVector.fromArray(S, b, at + LANES).fma(aa, c1a);
            FloatVector ab = FloatVector.broadcast(S, x[xAt + d + 1]);
            c0b = FloatVector.fromArray(S, b, at + WIDTH).fma(ab, c0b);
            c1b = FloatVector.fromArray(S, b, at + WIDTH + LANES).fma(ab, c1b);
            FloatVector ac = FloatVector.broadcast(S, x[xAt + d + 2]);
            c0c = FloatVector.fromArray(S, b, at + 2 * WIDTH).fma(ac, c0c);
            c1c = FloatVector.fromArray(S, b, at + 2 * WIDTH + LANES).fma(ac, c1c);
            FloatVector ad = FloatVector.broadcast(S, x[xAt + d + 3]);
            c0d = FloatVector.fromArray(S, b, at + 3 * WIDTH).fma(ad, c0d);
            c1d = FloatVector.fromArray(S, b, at + 3 * WIDTH + LANES).fma(ad, c1d);
        }
        for (; d < to; d++) {
            int at = bAt + WIDTH * d;
            FloatVector a = FloatVector.broadcast(S, x[xAt + d]);
            c0a = FloatVector.fromArray(S, b, at).fma(a, c0a);
            c1a = FloatVector.fromArray(S, b, at + LANES).fma(a, c1a);
        }
        c0a = c0a.add(c0b).add(c0c.add(c0d));
        c1a = c1a.add(c1b).add(c1c.add(c1d));
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c0a = c0a.blend(zero, c0a.compare(LT, zero));
            c1a = c1a.blend(zero, c1a.compare(LT, zero));
        }
        c0a.intoArray(c, cAt);
        c1a.intoArray(c, cAt + LANES);
    }

    private static void rows2(float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt,
                              float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        FloatVector c00a = FloatVector.fromArray(S, init, initAt);
        FloatVector c01a = FloatVector.fromArray(S, init, initAt + LANES);
        FloatVector c10a = FloatVector.fromArray(S, init, initAt + initStride);
        FloatVector c11a = FloatVector.fromArray(S, init, initAt + initStride + LANES);
        FloatVector c00b = FloatVector.zero(S);
        FloatVector c01b = c00b;
        FloatVector c10b = c00b;
        FloatVector c11b = c00b;
        int x1 = xAt + xStride;
        int d = from;
        for (; d <= to - 2; d += 2) {
            int at = bAt + WIDTH * d;
            FloatVector b0a = FloatVector.fromArray(S, b, at);
            FloatVector b1a = FloatVector.fromArray(S, b, at + LANES);
            FloatVector a0a = FloatVector.broadcast(S, x[xAt + d]);
            c00a = b0a.fma(a0a, c00a);
            c01a = b1a.fma(a0a, c01a);
            FloatVector a1a = FloatVector.broadcast(S, x[x1 + d]);
            c10a = b0a.fma(a1a, c10a);
            c11a = b1a.fma(a1a, c11a);
            FloatVector b0b = FloatVector.fromArray(S, b, at + WIDTH);
            FloatVector b1b = FloatVector.fromArray(S, b, at + WIDTH + LANES);
            FloatVector a0b = FloatVector.broadcast(S, x[xAt + d + 1]);
            c00b = b0b.fma(a0b, c00b);
            c01b = b1b.fma(a0b, c01b);
            FloatVector a1b = FloatVector.broadcast(S, x[x1 + d + 1]);
            c10b = b0b.fma(a1b, c10b);
            c11b = b1b.fma(a1b, c11b);
        }
        for (; d < to; d++) {
            int at = bAt + WIDTH * d;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector a0 = FloatVector.broadcast(S, x[xAt + d]);
            c00a = b0.fma(a0, c00a);
            c01a = b1.fma(a0, c01a);
            FloatVector a1 = FloatVector.broadcast(S, x[x1 + d]);
            c10a = b0.fma(a1, c10a);
            c11a = b1.fma(a1, c11a);
        }
        c00a = c00a.add(c00b);
        c01a = c01a.add(c01b);
        c10a = c10a.add(c10b);
        c11a = c11a.add(c11b);
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00a = c00a.blend(zero, c00a.compare(LT, zero));
            c01a = c01a.blend(zero, c01a.compare(LT, zero));
            c10a = c10a.blend(zero, c10a.compare(LT, zero));
            c11a = c11a.blend(zero, c11a.compare(LT, zero));
        }
        c00a.intoArray(c, cAt);
        c01a.intoArray(c, cAt + LANES);
        c10a.intoArray(c, cAt + cStride);
        c11a.intoArray(c, cAt + cStride + LANES);
    }

    private static void rows4(int rows, float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt,
                              float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        int r3 = Math.min(3, rows - 1);
        FloatVector c00 = FloatVector.fromArray(S, init, initAt);
        FloatVector c01 = FloatVector.fromArray(S, init, initAt + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initAt + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initAt + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initAt + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initAt + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initAt + r3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initAt + r3 * initStride + LANES);
        int x1 = xAt + xStride;
        int x2 = xAt + 2 * xStride;
        int x3 = xAt + r3 * xStride;
        for (int d = from; d < to; d++) {
            int at = bAt + WIDTH * d;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector a0 = FloatVector.broadcast(S, x[xAt + d]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, x[x1 + d]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, x[x2 + d]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, x[x3 + d]);
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
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + r3 * cStride);
        c31.intoArray(c, cAt + r3 * cStride + LANES);
    }

    private static void rows8(int rows, float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt,
                              float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        int r5 = Math.min(5, rows - 1);
        int r6 = Math.min(6, rows - 1);
        int r7 = Math.min(7, rows - 1);
        FloatVector c00 = FloatVector.fromArray(S, init, initAt);
        FloatVector c01 = FloatVector.fromArray(S, init, initAt + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initAt + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initAt + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initAt + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initAt + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initAt + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initAt + 3 * initStride + LANES);
        FloatVector c40 = FloatVector.fromArray(S, init, initAt + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(S, init, initAt + 4 * initStride + LANES);
        FloatVector c50 = FloatVector.fromArray(S, init, initAt + r5 * initStride);
        FloatVector c51 = FloatVector.fromArray(S, init, initAt + r5 * initStride + LANES);
        FloatVector c60 = FloatVector.fromArray(S, init, initAt + r6 * initStride);
        FloatVector c61 = FloatVector.fromArray(S, init, initAt + r6 * initStride + LANES);
        FloatVector c70 = FloatVector.fromArray(S, init, initAt + r7 * initStride);
        FloatVector c71 = FloatVector.fromArray(S, init, initAt + r7 * initStride + LANES);
        int x1 = xAt + xStride;
        int x2 = xAt + 2 * xStride;
        int x3 = xAt + 3 * xStride;
        int x4 = xAt + 4 * xStride;
        int x5 = xAt + r5 * xStride;
        int x6 = xAt + r6 * xStride;
        int x7 = xAt + r7 * xStride;
        for (int d = from; d < to; d++) {
            int at = bAt + WIDTH * d;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector a0 = FloatVector.broadcast(S, x[xAt + d]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, x[x1 + d]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, x[x2 + d]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, x[x3 + d]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, x[x4 + d]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, x[x5 + d]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, x[x6 + d]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
            FloatVector a7 = FloatVector.broadcast(S, x[x7 + d]);
            c70 = b0.fma(a7, c70);
            c71 = b1.fma(a7, c71);
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
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + LANES);
        c50.intoArray(c, cAt + r5 * cStride);
        c51.intoArray(c, cAt + r5 * cStride + LANES);
        c60.intoArray(c, cAt + r6 * cStride);
        c61.intoArray(c, cAt + r6 * cStride + LANES);
        c70.intoArray(c, cAt + r7 * cStride);
        c71.intoArray(c, cAt + r7 * cStride + LANES);
    }

    /**
     * 5 to 12 rows, {@code ROW} floats apart. A whole slice is gone over in two halves side by side: two streams of weights come from
     * memory faster than one, which stops at the end of each page (NOTES 85). Rows behind the last one repeat it.
     */
    static void rows12(int rows, float[] x, int xAt, int depth, float[] b, int bAt,
                       float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        int r5 = Math.min(5, rows - 1);
        int r6 = Math.min(6, rows - 1);
        int r7 = Math.min(7, rows - 1);
        int r8 = Math.min(8, rows - 1);
        int r9 = Math.min(9, rows - 1);
        int r10 = Math.min(10, rows - 1);
        int r11 = Math.min(11, rows - 1);
        FloatVector c00 = FloatVector.fromArray(S, init, initAt);
        FloatVector c01 = FloatVector.fromArray(S, init, initAt + LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initAt + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initAt + initStride + LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initAt + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initAt + 2 * initStride + LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initAt + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initAt + 3 * initStride + LANES);
        FloatVector c40 = FloatVector.fromArray(S, init, initAt + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(S, init, initAt + 4 * initStride + LANES);
        FloatVector c50 = FloatVector.fromArray(S, init, initAt + r5 * initStride);
        FloatVector c51 = FloatVector.fromArray(S, init, initAt + r5 * initStride + LANES);
        FloatVector c60 = FloatVector.fromArray(S, init, initAt + r6 * initStride);
        FloatVector c61 = FloatVector.fromArray(S, init, initAt + r6 * initStride + LANES);
        FloatVector c70 = FloatVector.fromArray(S, init, initAt + r7 * initStride);
        FloatVector c71 = FloatVector.fromArray(S, init, initAt + r7 * initStride + LANES);
        FloatVector c80 = FloatVector.fromArray(S, init, initAt + r8 * initStride);
        FloatVector c81 = FloatVector.fromArray(S, init, initAt + r8 * initStride + LANES);
        FloatVector c90 = FloatVector.fromArray(S, init, initAt + r9 * initStride);
        FloatVector c91 = FloatVector.fromArray(S, init, initAt + r9 * initStride + LANES);
        FloatVector ca0 = FloatVector.fromArray(S, init, initAt + r10 * initStride);
        FloatVector ca1 = FloatVector.fromArray(S, init, initAt + r10 * initStride + LANES);
        FloatVector cb0 = FloatVector.fromArray(S, init, initAt + r11 * initStride);
        FloatVector cb1 = FloatVector.fromArray(S, init, initAt + r11 * initStride + LANES);
        int d = 0;
        if (depth == SLICE) {
            for (; d < HALF; d++) {
                int at = bAt + WIDTH * d;
                int a = xAt + d;
                FloatVector b0 = FloatVector.fromArray(S, b, at);
                FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
                FloatVector a0 = FloatVector.broadcast(S, x[a]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, x[a + ROW]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, x[a + 2 * ROW]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, x[a + 3 * ROW]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
                FloatVector a4 = FloatVector.broadcast(S, x[a + 4 * ROW]);
                c40 = b0.fma(a4, c40);
                c41 = b1.fma(a4, c41);
                FloatVector a5 = FloatVector.broadcast(S, x[a + 5 * ROW]);
                c50 = b0.fma(a5, c50);
                c51 = b1.fma(a5, c51);
                FloatVector a6 = FloatVector.broadcast(S, x[a + 6 * ROW]);
                c60 = b0.fma(a6, c60);
                c61 = b1.fma(a6, c61);
                FloatVector a7 = FloatVector.broadcast(S, x[a + 7 * ROW]);
                c70 = b0.fma(a7, c70);
                c71 = b1.fma(a7, c71);
                FloatVector a8 = FloatVector.broadcast(S, x[a + 8 * ROW]);
                c80 = b0.fma(a8, c80);
                c81 = b1.fma(a8, c81);
                FloatVector a9 = FloatVector.broadcast(S, x[a + 9 * ROW]);
                c90 = b0.fma(a9, c90);
                c91 = b1.fma(a9, c91);
                FloatVector aa = FloatVector.broadcast(S, x[a + 10 * ROW]);
                ca0 = b0.fma(aa, ca0);
                ca1 = b1.fma(aa, ca1);
                FloatVector ab = FloatVector.broadcast(S, x[a + 11 * ROW]);
                cb0 = b0.fma(ab, cb0);
                cb1 = b1.fma(ab, cb1);
                FloatVector b0q = FloatVector.fromArray(S, b, at + WIDTH * HALF);
                FloatVector b1q = FloatVector.fromArray(S, b, at + WIDTH * HALF + LANES);
                FloatVector a0q = FloatVector.broadcast(S, x[a + HALF]);
                c00 = b0q.fma(a0q, c00);
                c01 = b1q.fma(a0q, c01);
                FloatVector a1q = FloatVector.broadcast(S, x[a + ROW + HALF]);
                c10 = b0q.fma(a1q, c10);
                c11 = b1q.fma(a1q, c11);
                FloatVector a2q = FloatVector.broadcast(S, x[a + 2 * ROW + HALF]);
                c20 = b0q.fma(a2q, c20);
                c21 = b1q.fma(a2q, c21);
                FloatVector a3q = FloatVector.broadcast(S, x[a + 3 * ROW + HALF]);
                c30 = b0q.fma(a3q, c30);
                c31 = b1q.fma(a3q, c31);
                FloatVector a4q = FloatVector.broadcast(S, x[a + 4 * ROW + HALF]);
                c40 = b0q.fma(a4q, c40);
                c41 = b1q.fma(a4q, c41);
                FloatVector a5q = FloatVector.broadcast(S, x[a + 5 * ROW + HALF]);
                c50 = b0q.fma(a5q, c50);
                c51 = b1q.fma(a5q, c51);
                FloatVector a6q = FloatVector.broadcast(S, x[a + 6 * ROW + HALF]);
                c60 = b0q.fma(a6q, c60);
                c61 = b1q.fma(a6q, c61);
                FloatVector a7q = FloatVector.broadcast(S, x[a + 7 * ROW + HALF]);
                c70 = b0q.fma(a7q, c70);
                c71 = b1q.fma(a7q, c71);
                FloatVector a8q = FloatVector.broadcast(S, x[a + 8 * ROW + HALF]);
                c80 = b0q.fma(a8q, c80);
                c81 = b1q.fma(a8q, c81);
                FloatVector a9q = FloatVector.broadcast(S, x[a + 9 * ROW + HALF]);
                c90 = b0q.fma(a9q, c90);
                c91 = b1q.fma(a9q, c91);
                FloatVector aaq = FloatVector.broadcast(S, x[a + 10 * ROW + HALF]);
                ca0 = b0q.fma(aaq, ca0);
                ca1 = b1q.fma(aaq, ca1);
                FloatVector abq = FloatVector.broadcast(S, x[a + 11 * ROW + HALF]);
                cb0 = b0q.fma(abq, cb0);
                cb1 = b1q.fma(abq, cb1);
            }
            d = depth;
        }
        for (; d < depth; d++) {
            int at = bAt + WIDTH * d;
            int a = xAt + d;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector a0 = FloatVector.broadcast(S, x[a]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, x[a + ROW]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, x[a + 2 * ROW]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, x[a + 3 * ROW]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, x[a + 4 * ROW]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, x[a + 5 * ROW]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, x[a + 6 * ROW]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
            FloatVector a7 = FloatVector.broadcast(S, x[a + 7 * ROW]);
            c70 = b0.fma(a7, c70);
            c71 = b1.fma(a7, c71);
            FloatVector a8 = FloatVector.broadcast(S, x[a + 8 * ROW]);
            c80 = b0.fma(a8, c80);
            c81 = b1.fma(a8, c81);
            FloatVector a9 = FloatVector.broadcast(S, x[a + 9 * ROW]);
            c90 = b0.fma(a9, c90);
            c91 = b1.fma(a9, c91);
            FloatVector aa = FloatVector.broadcast(S, x[a + 10 * ROW]);
            ca0 = b0.fma(aa, ca0);
            ca1 = b1.fma(aa, ca1);
            FloatVector ab = FloatVector.broadcast(S, x[a + 11 * ROW]);
            cb0 = b0.fma(ab, cb0);
            cb1 = b1.fma(ab, cb1);
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
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + LANES);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + LANES);
        c50.intoArray(c, cAt + r5 * cStride);
        c51.intoArray(c, cAt + r5 * cStride + LANES);
        c60.intoArray(c, cAt + r6 * cStride);
        c61.intoArray(c, cAt + r6 * cStride + LANES);
        c70.intoArray(c, cAt + r7 * cStride);
        c71.intoArray(c, cAt + r7 * cStride + LANES);
        c80.intoArray(c, cAt + r8 * cStride);
        c81.intoArray(c, cAt + r8 * cStride + LANES);
        c90.intoArray(c, cAt + r9 * cStride);
        c91.intoArray(c, cAt + r9 * cStride + LANES);
        ca0.intoArray(c, cAt + r10 * cStride);
        ca1.intoArray(c, cAt + r10 * cStride + LANES);
        cb0.intoArray(c, cAt + r11 * cStride);
        cb1.intoArray(c, cAt + r11 * cStride + LANES);
    }
}
