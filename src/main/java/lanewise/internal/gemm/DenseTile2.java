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
 * <p>Registers: 8 accumulators, 2 of b, 1 broadcast; the 8 rows, for 32 registers only, have 16. {@code init} and ReLU are as in
 * {@link RowTile2}.
 */
final class DenseTile2 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of a full panel. */
    private static final int WIDTH = 2 * LANES;

    private DenseTile2() {}

    /** Computes {@code rows} rows, 1 to 4, or to 8 if there are 32 registers. */
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
}
