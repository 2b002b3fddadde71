package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * As {@link DenseTile2}, over two column panels that lie {@code panel} floats apart: half the broadcasts, two streams of weights.
 * For 32 registers: 16 accumulators, 4 of b, 1 broadcast.
 */
final class DenseTile4 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of a full panel. */
    private static final int WIDTH = 2 * LANES;

    private DenseTile4() {}

    /**
     * Computes {@code rows} rows, 1 to 4.
     *
     * @param c {@code null} for a call that HotSpot counts and that returns at once ({@link TileRehearsal}); of one row
     */
    static void run(int rows, float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt, int panel,
                    float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        switch (rows) {
            case 1 -> rows1(x, xAt, from, to, b, bAt, panel, init, initAt, relu, c, cAt);
            case 2 -> rows2(x, xAt, xStride, from, to, b, bAt, panel, init, initAt, initStride, relu, c, cAt, cStride);
            case 3, 4 -> rows4(rows, x, xAt, xStride, from, to, b, bAt, panel, init, initAt, initStride, relu, c, cAt, cStride);
            default -> throw new AssertionError(rows + " rows: only 1 to 4");
        }
    }

    private static void rows1(float[] x, int xAt, int from, int to, float[] b, int bAt, int panel,
                              float[] init, int initAt, boolean relu, float[] c, int cAt) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c0a = FloatVector.fromArray(S, init, initAt);
        FloatVector c1a = FloatVector.fromArray(S, init, initAt + LANES);
        FloatVector c2a = FloatVector.fromArray(S, init, initAt + 2 * LANES);
        FloatVector c3a = FloatVector.fromArray(S, init, initAt + 3 * LANES);
        FloatVector c0b = FloatVector.zero(S);
        FloatVector c1b = c0b;
        FloatVector c2b = c0b;
        FloatVector c3b = c0b;
        FloatVector c0c = c0b;
        FloatVector c1c = c0b;
        FloatVector c2c = c0b;
        FloatVector c3c = c0b;
        FloatVector c0d = c0b;
        FloatVector c1d = c0b;
        FloatVector c2d = c0b;
        FloatVector c3d = c0b;
        int d = from;
        for (; d <= to - 4; d += 4) {
            int at = bAt + WIDTH * d;
            FloatVector aa = FloatVector.broadcast(S, x[xAt + d]);
            c0a = FloatVector.fromArray(S, b, at).fma(aa, c0a);
            c1a = FloatVector.fromArray(S, b, at + LANES).fma(aa, c1a);
            c2a = FloatVector.fromArray(S, b, at + panel).fma(aa, c2a);
            c3a = FloatVector.fromArray(S, b, at + panel + LANES).fma(aa, c3a);
            FloatVector ab = FloatVector.broadcast(S, x[xAt + d + 1]);
            c0b = FloatVector.fromArray(S, b, at + WIDTH).fma(ab, c0b);
            c1b = FloatVector.fromArray(S, b, at + WIDTH + LANES).fma(ab, c1b);
            c2b = FloatVector.fromArray(S, b, at + panel + WIDTH).fma(ab, c2b);
            c3b = FloatVector.fromArray(S, b, at + panel + WIDTH + LANES).fma(ab, c3b);
            FloatVector ac = FloatVector.broadcast(S, x[xAt + d + 2]);
            c0c = FloatVector.fromArray(S, b, at + 2 * WIDTH).fma(ac, c0c);
            c1c = FloatVector.fromArray(S, b, at + 2 * WIDTH + LANES).fma(ac, c1c);
            c2c = FloatVector.fromArray(S, b, at + panel + 2 * WIDTH).fma(ac, c2c);
            c3c = FloatVector.fromArray(S, b, at + panel + 2 * WIDTH + LANES).fma(ac, c3c);
            FloatVector ad = FloatVector.broadcast(S, x[xAt + d + 3]);
            c0d = FloatVector.fromArray(S, b, at + 3 * WIDTH).fma(ad, c0d);
            c1d = FloatVector.fromArray(S, b, at + 3 * WIDTH + LANES).fma(ad, c1d);
            c2d = FloatVector.fromArray(S, b, at + panel + 3 * WIDTH).fma(ad, c2d);
            c3d = FloatVector.fromArray(S, b, at + panel + 3 * WIDTH + LANES).fma(ad, c3d);
        }
        for (; d < to; d++) {
            int at = bAt + WIDTH * d;
            FloatVector a = FloatVector.broadcast(S, x[xAt + d]);
            c0a = FloatVector.fromArray(S, b, at).fma(a, c0a);
            c1a = FloatVector.fromArray(S, b, at + LANES).fma(a, c1a);
            c2a = FloatVector.fromArray(S, b, at + panel).fma(a, c2a);
            c3a = FloatVector.fromArray(S, b, at + panel + LANES).fma(a, c3a);
        }
        c0a = c0a.add(c0b).add(c0c.add(c0d));
        c1a = c1a.add(c1b).add(c1c.add(c1d));
        c2a = c2a.add(c2b).add(c2c.add(c2d));
        c3a = c3a.add(c3b).add(c3c.add(c3d));
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c0a = c0a.blend(zero, c0a.compare(LT, zero));
            c1a = c1a.blend(zero, c1a.compare(LT, zero));
            c2a = c2a.blend(zero, c2a.compare(LT, zero));
            c3a = c3a.blend(zero, c3a.compare(LT, zero));
        }
        c0a.intoArray(c, cAt);
        c1a.intoArray(c, cAt + LANES);
        c2a.intoArray(c, cAt + 2 * LANES);
        c3a.intoArray(c, cAt + 3 * LANES);
    }

    private static void rows2(float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt, int panel,
                              float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        FloatVector c00a = FloatVector.fromArray(S, init, initAt);
        FloatVector c01a = FloatVector.fromArray(S, init, initAt + LANES);
        FloatVector c02a = FloatVector.fromArray(S, init, initAt + 2 * LANES);
        FloatVector c03a = FloatVector.fromArray(S, init, initAt + 3 * LANES);
        FloatVector c10a = FloatVector.fromArray(S, init, initAt + initStride);
        FloatVector c11a = FloatVector.fromArray(S, init, initAt + initStride + LANES);
        FloatVector c12a = FloatVector.fromArray(S, init, initAt + initStride + 2 * LANES);
        FloatVector c13a = FloatVector.fromArray(S, init, initAt + initStride + 3 * LANES);
        FloatVector c00b = FloatVector.zero(S);
        FloatVector c01b = c00b;
        FloatVector c02b = c00b;
        FloatVector c03b = c00b;
        FloatVector c10b = c00b;
        FloatVector c11b = c00b;
        FloatVector c12b = c00b;
        FloatVector c13b = c00b;
        int x1 = xAt + xStride;
        int d = from;
        for (; d <= to - 2; d += 2) {
            int at = bAt + WIDTH * d;
            FloatVector b0a = FloatVector.fromArray(S, b, at);
            FloatVector b1a = FloatVector.fromArray(S, b, at + LANES);
            FloatVector b2a = FloatVector.fromArray(S, b, at + panel);
            FloatVector b3a = FloatVector.fromArray(S, b, at + panel + LANES);
            FloatVector a0a = FloatVector.broadcast(S, x[xAt + d]);
            c00a = b0a.fma(a0a, c00a);
            c01a = b1a.fma(a0a, c01a);
            c02a = b2a.fma(a0a, c02a);
            c03a = b3a.fma(a0a, c03a);
            FloatVector a1a = FloatVector.broadcast(S, x[x1 + d]);
            c10a = b0a.fma(a1a, c10a);
            c11a = b1a.fma(a1a, c11a);
            c12a = b2a.fma(a1a, c12a);
            c13a = b3a.fma(a1a, c13a);
            FloatVector b0b = FloatVector.fromArray(S, b, at + WIDTH);
            FloatVector b1b = FloatVector.fromArray(S, b, at + WIDTH + LANES);
            FloatVector b2b = FloatVector.fromArray(S, b, at + panel + WIDTH);
            FloatVector b3b = FloatVector.fromArray(S, b, at + panel + WIDTH + LANES);
            FloatVector a0b = FloatVector.broadcast(S, x[xAt + d + 1]);
            c00b = b0b.fma(a0b, c00b);
            c01b = b1b.fma(a0b, c01b);
            c02b = b2b.fma(a0b, c02b);
            c03b = b3b.fma(a0b, c03b);
            FloatVector a1b = FloatVector.broadcast(S, x[x1 + d + 1]);
            c10b = b0b.fma(a1b, c10b);
            c11b = b1b.fma(a1b, c11b);
            c12b = b2b.fma(a1b, c12b);
            c13b = b3b.fma(a1b, c13b);
        }
        for (; d < to; d++) {
            int at = bAt + WIDTH * d;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, at + panel);
            FloatVector b3 = FloatVector.fromArray(S, b, at + panel + LANES);
            FloatVector a0 = FloatVector.broadcast(S, x[xAt + d]);
            c00a = b0.fma(a0, c00a);
            c01a = b1.fma(a0, c01a);
            c02a = b2.fma(a0, c02a);
            c03a = b3.fma(a0, c03a);
            FloatVector a1 = FloatVector.broadcast(S, x[x1 + d]);
            c10a = b0.fma(a1, c10a);
            c11a = b1.fma(a1, c11a);
            c12a = b2.fma(a1, c12a);
            c13a = b3.fma(a1, c13a);
        }
        c00a = c00a.add(c00b);
        c01a = c01a.add(c01b);
        c02a = c02a.add(c02b);
        c03a = c03a.add(c03b);
        c10a = c10a.add(c10b);
        c11a = c11a.add(c11b);
        c12a = c12a.add(c12b);
        c13a = c13a.add(c13b);
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00a = c00a.blend(zero, c00a.compare(LT, zero));
            c01a = c01a.blend(zero, c01a.compare(LT, zero));
            c02a = c02a.blend(zero, c02a.compare(LT, zero));
            c03a = c03a.blend(zero, c03a.compare(LT, zero));
            c10a = c10a.blend(zero, c10a.compare(LT, zero));
            c11a = c11a.blend(zero, c11a.compare(LT, zero));
            c12a = c12a.blend(zero, c12a.compare(LT, zero));
            c13a = c13a.blend(zero, c13a.compare(LT, zero));
        }
        c00a.intoArray(c, cAt);
        c01a.intoArray(c, cAt + LANES);
        c02a.intoArray(c, cAt + 2 * LANES);
        c03a.intoArray(c, cAt + 3 * LANES);
        c10a.intoArray(c, cAt + cStride);
        c11a.intoArray(c, cAt + cStride + LANES);
        c12a.intoArray(c, cAt + cStride + 2 * LANES);
        c13a.intoArray(c, cAt + cStride + 3 * LANES);
    }

    private static void rows4(int rows, float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt, int panel,
                              float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        int r3 = Math.min(3, rows - 1);
        FloatVector c00 = FloatVector.fromArray(S, init, initAt);
        FloatVector c01 = FloatVector.fromArray(S, init, initAt + LANES);
        FloatVector c02 = FloatVector.fromArray(S, init, initAt + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, init, initAt + 3 * LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initAt + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initAt + initStride + LANES);
        FloatVector c12 = FloatVector.fromArray(S, init, initAt + initStride + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(S, init, initAt + initStride + 3 * LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initAt + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initAt + 2 * initStride + LANES);
        FloatVector c22 = FloatVector.fromArray(S, init, initAt + 2 * initStride + 2 * LANES);
        FloatVector c23 = FloatVector.fromArray(S, init, initAt + 2 * initStride + 3 * LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initAt + r3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initAt + r3 * initStride + LANES);
        FloatVector c32 = FloatVector.fromArray(S, init, initAt + r3 * initStride + 2 * LANES);
        FloatVector c33 = FloatVector.fromArray(S, init, initAt + r3 * initStride + 3 * LANES);
        int x1 = xAt + xStride;
        int x2 = xAt + 2 * xStride;
        int x3 = xAt + r3 * xStride;
        for (int d = from; d < to; d++) {
            int at = bAt + WIDTH * d;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, at + panel);
            FloatVector b3 = FloatVector.fromArray(S, b, at + panel + LANES);
            FloatVector a0 = FloatVector.broadcast(S, x[xAt + d]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            FloatVector a1 = FloatVector.broadcast(S, x[x1 + d]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            FloatVector a2 = FloatVector.broadcast(S, x[x2 + d]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            FloatVector a3 = FloatVector.broadcast(S, x[x3 + d]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            c32 = b2.fma(a3, c32);
            c33 = b3.fma(a3, c33);
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
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c02.intoArray(c, cAt + 2 * LANES);
        c03.intoArray(c, cAt + 3 * LANES);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c12.intoArray(c, cAt + cStride + 2 * LANES);
        c13.intoArray(c, cAt + cStride + 3 * LANES);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + LANES);
        c22.intoArray(c, cAt + 2 * cStride + 2 * LANES);
        c23.intoArray(c, cAt + 2 * cStride + 3 * LANES);
        c30.intoArray(c, cAt + r3 * cStride);
        c31.intoArray(c, cAt + r3 * cStride + LANES);
        c32.intoArray(c, cAt + r3 * cStride + 2 * LANES);
        c33.intoArray(c, cAt + r3 * cStride + 3 * LANES);
    }
}
