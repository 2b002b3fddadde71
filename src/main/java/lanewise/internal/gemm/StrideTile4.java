package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel of 6 rows by 4 vectors, or 5, 4 or a single row, whose rows are read where they lie, any distance apart:
 *
 * <pre>c[j][v] = start[j][v] + bias[v] + sum over d of a[j aStride + d] b[d][v]</pre>
 *
 * <p>24 sums need 10 loads a depth, where the 28 of {@link StrideTile} need 16; so few rows have their addresses in registers, and c
 * is written in pieces of 4 vectors. Each vector of b serves 6 rows instead of 14, so a slice of it should lie in the first cache. The
 * same sums in the same order as in {@link RowTile2}, so the same bits.
 */
final class StrideTile4 {

    /** Rows at most. */
    static final int ROWS = 6;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns: a wide panel of b. */
    private static final int COLUMNS = 4 * LANES;

    /** Whether there are registers for it: 24 sums, 4 vectors of b and a broadcast or two. */
    static final boolean FITS = Simd.REGISTERS == 32;

    private StrideTile4() {}

    /** Rows of the next tile when {@code left} are left: 6, 5 or 4, but for the ends of 7, 3, 2 and 1. */
    static int next(int left) {
        return switch (left % ROWS) {
            case 0 -> 6;
            case 1 -> left >= 13 ? 5 : left == 7 ? 6 : 1;
            case 2 -> left >= 8 ? 4 : 1;
            case 3 -> left >= 9 ? 5 : 1;
            case 4 -> 4;
            default -> 5;
        };
    }

    /**
     * Computes {@link #next} rows.
     *
     * @param start added to the bias, rows {@code startStride} apart; -0 at a distance of 0 adds nothing. It is read always: behind a
     *     branch, C2 lays the loop out so that addresses go through vector registers, and the tile takes an eighth longer (NOTES 80)
     * @param bias 4 vectors
     * @param c {@code null} for a call that HotSpot counts and that returns at once ({@link TileRehearsal}); of 6 and 4 rows
     */
    static void run(int rows, float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                    float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                    float[] c, int cOffset, int cStride) {
        switch (rows) {
            case 6 -> rows6(a, aOffset, aStride, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
            case 5 -> rows5(a, aOffset, aStride, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
            case 4 -> rows4(a, aOffset, aStride, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
            default -> rows1(a, aOffset, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset);
        }
    }

    private static void rows6(float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(S, bias, biasOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, bias, biasOffset + 3 * LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c12 = c02;
        FloatVector c13 = c03;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c22 = c02;
        FloatVector c23 = c03;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c32 = c02;
        FloatVector c33 = c03;
        FloatVector c40 = c00;
        FloatVector c41 = c01;
        FloatVector c42 = c02;
        FloatVector c43 = c03;
        FloatVector c50 = c00;
        FloatVector c51 = c01;
        FloatVector c52 = c02;
        FloatVector c53 = c03;
        c00 = FloatVector.fromArray(S, start, startOffset).add(c00);
        c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(c01);
        c02 = FloatVector.fromArray(S, start, startOffset + 2 * LANES).add(c02);
        c03 = FloatVector.fromArray(S, start, startOffset + 3 * LANES).add(c03);
        c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(c10);
        c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(c11);
        c12 = FloatVector.fromArray(S, start, startOffset + startStride + 2 * LANES).add(c12);
        c13 = FloatVector.fromArray(S, start, startOffset + startStride + 3 * LANES).add(c13);
        c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(c20);
        c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(c21);
        c22 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 2 * LANES).add(c22);
        c23 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 3 * LANES).add(c23);
        c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(c30);
        c31 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + LANES).add(c31);
        c32 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 2 * LANES).add(c32);
        c33 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 3 * LANES).add(c33);
        c40 = FloatVector.fromArray(S, start, startOffset + 4 * startStride).add(c40);
        c41 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + LANES).add(c41);
        c42 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + 2 * LANES).add(c42);
        c43 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + 3 * LANES).add(c43);
        c50 = FloatVector.fromArray(S, start, startOffset + 5 * startStride).add(c50);
        c51 = FloatVector.fromArray(S, start, startOffset + 5 * startStride + LANES).add(c51);
        c52 = FloatVector.fromArray(S, start, startOffset + 5 * startStride + 2 * LANES).add(c52);
        c53 = FloatVector.fromArray(S, start, startOffset + 5 * startStride + 3 * LANES).add(c53);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + 3 * LANES);
            int at = aOffset + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            FloatVector a1 = FloatVector.broadcast(S, a[at + aStride]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * aStride]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * aStride]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            c32 = b2.fma(a3, c32);
            c33 = b3.fma(a3, c33);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * aStride]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            c42 = b2.fma(a4, c42);
            c43 = b3.fma(a4, c43);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * aStride]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            c52 = b2.fma(a5, c52);
            c53 = b3.fma(a5, c53);
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
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c12.intoArray(c, cOffset + cStride + 2 * LANES);
        c13.intoArray(c, cOffset + cStride + 3 * LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c23.intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c32.intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        c33.intoArray(c, cOffset + 3 * cStride + 3 * LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c42.intoArray(c, cOffset + 4 * cStride + 2 * LANES);
        c43.intoArray(c, cOffset + 4 * cStride + 3 * LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
        c52.intoArray(c, cOffset + 5 * cStride + 2 * LANES);
        c53.intoArray(c, cOffset + 5 * cStride + 3 * LANES);
    }

    private static void rows5(float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(S, bias, biasOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, bias, biasOffset + 3 * LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c12 = c02;
        FloatVector c13 = c03;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c22 = c02;
        FloatVector c23 = c03;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c32 = c02;
        FloatVector c33 = c03;
        FloatVector c40 = c00;
        FloatVector c41 = c01;
        FloatVector c42 = c02;
        FloatVector c43 = c03;
        c00 = FloatVector.fromArray(S, start, startOffset).add(c00);
        c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(c01);
        c02 = FloatVector.fromArray(S, start, startOffset + 2 * LANES).add(c02);
        c03 = FloatVector.fromArray(S, start, startOffset + 3 * LANES).add(c03);
        c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(c10);
        c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(c11);
        c12 = FloatVector.fromArray(S, start, startOffset + startStride + 2 * LANES).add(c12);
        c13 = FloatVector.fromArray(S, start, startOffset + startStride + 3 * LANES).add(c13);
        c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(c20);
        c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(c21);
        c22 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 2 * LANES).add(c22);
        c23 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 3 * LANES).add(c23);
        c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(c30);
        c31 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + LANES).add(c31);
        c32 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 2 * LANES).add(c32);
        c33 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 3 * LANES).add(c33);
        c40 = FloatVector.fromArray(S, start, startOffset + 4 * startStride).add(c40);
        c41 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + LANES).add(c41);
        c42 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + 2 * LANES).add(c42);
        c43 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + 3 * LANES).add(c43);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + 3 * LANES);
            int at = aOffset + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            FloatVector a1 = FloatVector.broadcast(S, a[at + aStride]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * aStride]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * aStride]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            c32 = b2.fma(a3, c32);
            c33 = b3.fma(a3, c33);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * aStride]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            c42 = b2.fma(a4, c42);
            c43 = b3.fma(a4, c43);
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
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c03.intoArray(c, cOffset + 3 * LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c12.intoArray(c, cOffset + cStride + 2 * LANES);
        c13.intoArray(c, cOffset + cStride + 3 * LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c23.intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c32.intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        c33.intoArray(c, cOffset + 3 * cStride + 3 * LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c42.intoArray(c, cOffset + 4 * cStride + 2 * LANES);
        c43.intoArray(c, cOffset + 4 * cStride + 3 * LANES);
    }

    private static void rows4(float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset, int cStride) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(S, bias, biasOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, bias, biasOffset + 3 * LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c12 = c02;
        FloatVector c13 = c03;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c22 = c02;
        FloatVector c23 = c03;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c32 = c02;
        FloatVector c33 = c03;
        c00 = FloatVector.fromArray(S, start, startOffset).add(c00);
        c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(c01);
        c02 = FloatVector.fromArray(S, start, startOffset + 2 * LANES).add(c02);
        c03 = FloatVector.fromArray(S, start, startOffset + 3 * LANES).add(c03);
        c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(c10);
        c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(c11);
        c12 = FloatVector.fromArray(S, start, startOffset + startStride + 2 * LANES).add(c12);
        c13 = FloatVector.fromArray(S, start, startOffset + startStride + 3 * LANES).add(c13);
        c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(c20);
        c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(c21);
        c22 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 2 * LANES).add(c22);
        c23 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 3 * LANES).add(c23);
        c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(c30);
        c31 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + LANES).add(c31);
        c32 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 2 * LANES).add(c32);
        c33 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 3 * LANES).add(c33);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + 3 * LANES);
            int at = aOffset + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            FloatVector a1 = FloatVector.broadcast(S, a[at + aStride]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * aStride]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * aStride]);
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
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c03.intoArray(c, cOffset + 3 * LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c12.intoArray(c, cOffset + cStride + 2 * LANES);
        c13.intoArray(c, cOffset + cStride + 3 * LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c23.intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c32.intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        c33.intoArray(c, cOffset + 3 * cStride + 3 * LANES);
    }

    private static void rows1(float[] a, int aOffset, int depth, float[] b, int bOffset,
                              float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                              float[] c, int cOffset) {
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(S, bias, biasOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, bias, biasOffset + 3 * LANES);
        c00 = FloatVector.fromArray(S, start, startOffset).add(c00);
        c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(c01);
        c02 = FloatVector.fromArray(S, start, startOffset + 2 * LANES).add(c02);
        c03 = FloatVector.fromArray(S, start, startOffset + 3 * LANES).add(c03);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bOffset + COLUMNS * k + 3 * LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[aOffset + k]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c01 = c01.blend(zero, c01.compare(LT, zero));
            c02 = c02.blend(zero, c02.compare(LT, zero));
            c03 = c03.blend(zero, c03.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c03.intoArray(c, cOffset + 3 * LANES);
    }
}
