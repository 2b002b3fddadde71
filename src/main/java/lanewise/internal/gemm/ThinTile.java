package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernels of 4 rows by 6 vectors and of 3 by 9 for products of little depth, whose rows are read where they lie:
 *
 * <pre>c[j][v] = clamp(start[j][v] + bias[v] + sum over d of a[j aStride + d] b[d][v], floor, ceiling)</pre>
 *
 * <p>At a depth of 16 or 32 a tile spends as long beside its multiplications as in them. Few rows of many columns have few addresses
 * and few range checks, and clamp in registers, where 28 sums are too many for C2 to inline (NOTES 73); c is written in long pieces.
 * The same sums in the same order as in {@link RowTile2}, so the same bits.
 */
final class ThinTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of both forms. */
    static final int WIDTH = 6 * LANES;
    static final int WIDEST = 9 * LANES;

    /** Whether there are registers for them: 24 or 27 sums, a broadcast, and vectors of b, of which C2 loads the last ones late. */
    static final boolean FITS = Simd.REGISTERS == 32;

    private ThinTile() {}

    /** Rows of a tile of {@code width} columns. */
    static int rows(int width) {
        return width == WIDEST ? 3 : 4;
    }

    /**
     * Computes {@link #rows} rows. With all three distances 0 it is one row, several times.
     *
     * @param width {@link #WIDTH} or {@link #WIDEST}
     * @param adds whether to read {@code start}, which is added to the bias
     * @param floor least result, minus infinity for any
     * @param ceiling largest, infinity for any; NaN stays NaN
     */
    static void run(int width, float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                    boolean adds, float[] start, int startOffset, int startStride, float[] bias, int biasOffset,
                    float floor, float ceiling, float[] c, int cOffset, int cStride) {
        if (width == WIDEST) {
            rows3(a, aOffset, aStride, depth, b, bOffset, adds, start, startOffset, startStride, bias, biasOffset, floor, ceiling,
                    c, cOffset, cStride);
        } else {
            rows4(a, aOffset, aStride, depth, b, bOffset, adds, start, startOffset, startStride, bias, biasOffset, floor, ceiling,
                    c, cOffset, cStride);
        }
    }

    /** By 6 vectors. */
    private static void rows4(float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                              boolean adds, float[] start, int startOffset, int startStride, float[] bias, int biasOffset,
                              float floor, float ceiling, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(S, bias, biasOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, bias, biasOffset + 3 * LANES);
        FloatVector c04 = FloatVector.fromArray(S, bias, biasOffset + 4 * LANES);
        FloatVector c05 = FloatVector.fromArray(S, bias, biasOffset + 5 * LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c12 = c02;
        FloatVector c13 = c03;
        FloatVector c14 = c04;
        FloatVector c15 = c05;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c22 = c02;
        FloatVector c23 = c03;
        FloatVector c24 = c04;
        FloatVector c25 = c05;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c32 = c02;
        FloatVector c33 = c03;
        FloatVector c34 = c04;
        FloatVector c35 = c05;
        if (adds) {
            c00 = FloatVector.fromArray(S, start, startOffset).add(c00);
            c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(c01);
            c02 = FloatVector.fromArray(S, start, startOffset + 2 * LANES).add(c02);
            c03 = FloatVector.fromArray(S, start, startOffset + 3 * LANES).add(c03);
            c04 = FloatVector.fromArray(S, start, startOffset + 4 * LANES).add(c04);
            c05 = FloatVector.fromArray(S, start, startOffset + 5 * LANES).add(c05);
            c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(c10);
            c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(c11);
            c12 = FloatVector.fromArray(S, start, startOffset + startStride + 2 * LANES).add(c12);
            c13 = FloatVector.fromArray(S, start, startOffset + startStride + 3 * LANES).add(c13);
            c14 = FloatVector.fromArray(S, start, startOffset + startStride + 4 * LANES).add(c14);
            c15 = FloatVector.fromArray(S, start, startOffset + startStride + 5 * LANES).add(c15);
            c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(c20);
            c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(c21);
            c22 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 2 * LANES).add(c22);
            c23 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 3 * LANES).add(c23);
            c24 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 4 * LANES).add(c24);
            c25 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 5 * LANES).add(c25);
            c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(c30);
            c31 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + LANES).add(c31);
            c32 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 2 * LANES).add(c32);
            c33 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 3 * LANES).add(c33);
            c34 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 4 * LANES).add(c34);
            c35 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + 5 * LANES).add(c35);
        }
        for (int k = 0; k < depth; k++) {
            int at = bOffset + 6 * LANES * k;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * LANES);
            FloatVector b4 = FloatVector.fromArray(S, b, at + 4 * LANES);
            FloatVector b5 = FloatVector.fromArray(S, b, at + 5 * LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[aOffset + k]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            c04 = b4.fma(a0, c04);
            c05 = b5.fma(a0, c05);
            FloatVector a1 = FloatVector.broadcast(S, a[aOffset + k + aStride]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            c14 = b4.fma(a1, c14);
            c15 = b5.fma(a1, c15);
            FloatVector a2 = FloatVector.broadcast(S, a[aOffset + k + 2 * aStride]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            c24 = b4.fma(a2, c24);
            c25 = b5.fma(a2, c25);
            FloatVector a3 = FloatVector.broadcast(S, a[aOffset + k + 3 * aStride]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            c32 = b2.fma(a3, c32);
            c33 = b3.fma(a3, c33);
            c34 = b4.fma(a3, c34);
            c35 = b5.fma(a3, c35);
        }
        FloatVector least = FloatVector.broadcast(S, floor);
        FloatVector most = FloatVector.broadcast(S, ceiling);
        c00 = c00.blend(least, c00.compare(LT, least));
        c00 = c00.blend(most, c00.compare(GT, most));
        c01 = c01.blend(least, c01.compare(LT, least));
        c01 = c01.blend(most, c01.compare(GT, most));
        c02 = c02.blend(least, c02.compare(LT, least));
        c02 = c02.blend(most, c02.compare(GT, most));
        c03 = c03.blend(least, c03.compare(LT, least));
        c03 = c03.blend(most, c03.compare(GT, most));
        c04 = c04.blend(least, c04.compare(LT, least));
        c04 = c04.blend(most, c04.compare(GT, most));
        c05 = c05.blend(least, c05.compare(LT, least));
        c05 = c05.blend(most, c05.compare(GT, most));
        c10 = c10.blend(least, c10.compare(LT, least));
        c10 = c10.blend(most, c10.compare(GT, most));
        c11 = c11.blend(least, c11.compare(LT, least));
        c11 = c11.blend(most, c11.compare(GT, most));
        c12 = c12.blend(least, c12.compare(LT, least));
        c12 = c12.blend(most, c12.compare(GT, most));
        c13 = c13.blend(least, c13.compare(LT, least));
        c13 = c13.blend(most, c13.compare(GT, most));
        c14 = c14.blend(least, c14.compare(LT, least));
        c14 = c14.blend(most, c14.compare(GT, most));
        c15 = c15.blend(least, c15.compare(LT, least));
        c15 = c15.blend(most, c15.compare(GT, most));
        c20 = c20.blend(least, c20.compare(LT, least));
        c20 = c20.blend(most, c20.compare(GT, most));
        c21 = c21.blend(least, c21.compare(LT, least));
        c21 = c21.blend(most, c21.compare(GT, most));
        c22 = c22.blend(least, c22.compare(LT, least));
        c22 = c22.blend(most, c22.compare(GT, most));
        c23 = c23.blend(least, c23.compare(LT, least));
        c23 = c23.blend(most, c23.compare(GT, most));
        c24 = c24.blend(least, c24.compare(LT, least));
        c24 = c24.blend(most, c24.compare(GT, most));
        c25 = c25.blend(least, c25.compare(LT, least));
        c25 = c25.blend(most, c25.compare(GT, most));
        c30 = c30.blend(least, c30.compare(LT, least));
        c30 = c30.blend(most, c30.compare(GT, most));
        c31 = c31.blend(least, c31.compare(LT, least));
        c31 = c31.blend(most, c31.compare(GT, most));
        c32 = c32.blend(least, c32.compare(LT, least));
        c32 = c32.blend(most, c32.compare(GT, most));
        c33 = c33.blend(least, c33.compare(LT, least));
        c33 = c33.blend(most, c33.compare(GT, most));
        c34 = c34.blend(least, c34.compare(LT, least));
        c34 = c34.blend(most, c34.compare(GT, most));
        c35 = c35.blend(least, c35.compare(LT, least));
        c35 = c35.blend(most, c35.compare(GT, most));
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c03.intoArray(c, cOffset + 3 * LANES);
        c04.intoArray(c, cOffset + 4 * LANES);
        c05.intoArray(c, cOffset + 5 * LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c12.intoArray(c, cOffset + cStride + 2 * LANES);
        c13.intoArray(c, cOffset + cStride + 3 * LANES);
        c14.intoArray(c, cOffset + cStride + 4 * LANES);
        c15.intoArray(c, cOffset + cStride + 5 * LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c23.intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        c24.intoArray(c, cOffset + 2 * cStride + 4 * LANES);
        c25.intoArray(c, cOffset + 2 * cStride + 5 * LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c32.intoArray(c, cOffset + 3 * cStride + 2 * LANES);
        c33.intoArray(c, cOffset + 3 * cStride + 3 * LANES);
        c34.intoArray(c, cOffset + 3 * cStride + 4 * LANES);
        c35.intoArray(c, cOffset + 3 * cStride + 5 * LANES);
    }

    /** By 9 vectors. */
    private static void rows3(float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                              boolean adds, float[] start, int startOffset, int startStride, float[] bias, int biasOffset,
                              float floor, float ceiling, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(S, bias, biasOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, bias, biasOffset + 3 * LANES);
        FloatVector c04 = FloatVector.fromArray(S, bias, biasOffset + 4 * LANES);
        FloatVector c05 = FloatVector.fromArray(S, bias, biasOffset + 5 * LANES);
        FloatVector c06 = FloatVector.fromArray(S, bias, biasOffset + 6 * LANES);
        FloatVector c07 = FloatVector.fromArray(S, bias, biasOffset + 7 * LANES);
        FloatVector c08 = FloatVector.fromArray(S, bias, biasOffset + 8 * LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c12 = c02;
        FloatVector c13 = c03;
        FloatVector c14 = c04;
        FloatVector c15 = c05;
        FloatVector c16 = c06;
        FloatVector c17 = c07;
        FloatVector c18 = c08;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c22 = c02;
        FloatVector c23 = c03;
        FloatVector c24 = c04;
        FloatVector c25 = c05;
        FloatVector c26 = c06;
        FloatVector c27 = c07;
        FloatVector c28 = c08;
        if (adds) {
            c00 = FloatVector.fromArray(S, start, startOffset).add(c00);
            c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(c01);
            c02 = FloatVector.fromArray(S, start, startOffset + 2 * LANES).add(c02);
            c03 = FloatVector.fromArray(S, start, startOffset + 3 * LANES).add(c03);
            c04 = FloatVector.fromArray(S, start, startOffset + 4 * LANES).add(c04);
            c05 = FloatVector.fromArray(S, start, startOffset + 5 * LANES).add(c05);
            c06 = FloatVector.fromArray(S, start, startOffset + 6 * LANES).add(c06);
            c07 = FloatVector.fromArray(S, start, startOffset + 7 * LANES).add(c07);
            c08 = FloatVector.fromArray(S, start, startOffset + 8 * LANES).add(c08);
            c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(c10);
            c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(c11);
            c12 = FloatVector.fromArray(S, start, startOffset + startStride + 2 * LANES).add(c12);
            c13 = FloatVector.fromArray(S, start, startOffset + startStride + 3 * LANES).add(c13);
            c14 = FloatVector.fromArray(S, start, startOffset + startStride + 4 * LANES).add(c14);
            c15 = FloatVector.fromArray(S, start, startOffset + startStride + 5 * LANES).add(c15);
            c16 = FloatVector.fromArray(S, start, startOffset + startStride + 6 * LANES).add(c16);
            c17 = FloatVector.fromArray(S, start, startOffset + startStride + 7 * LANES).add(c17);
            c18 = FloatVector.fromArray(S, start, startOffset + startStride + 8 * LANES).add(c18);
            c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(c20);
            c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(c21);
            c22 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 2 * LANES).add(c22);
            c23 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 3 * LANES).add(c23);
            c24 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 4 * LANES).add(c24);
            c25 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 5 * LANES).add(c25);
            c26 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 6 * LANES).add(c26);
            c27 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 7 * LANES).add(c27);
            c28 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + 8 * LANES).add(c28);
        }
        for (int k = 0; k < depth; k++) {
            int at = bOffset + 9 * LANES * k;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * LANES);
            FloatVector b4 = FloatVector.fromArray(S, b, at + 4 * LANES);
            FloatVector b5 = FloatVector.fromArray(S, b, at + 5 * LANES);
            FloatVector b6 = FloatVector.fromArray(S, b, at + 6 * LANES);
            FloatVector b7 = FloatVector.fromArray(S, b, at + 7 * LANES);
            FloatVector b8 = FloatVector.fromArray(S, b, at + 8 * LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[aOffset + k]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            c04 = b4.fma(a0, c04);
            c05 = b5.fma(a0, c05);
            c06 = b6.fma(a0, c06);
            c07 = b7.fma(a0, c07);
            c08 = b8.fma(a0, c08);
            FloatVector a1 = FloatVector.broadcast(S, a[aOffset + k + aStride]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            c14 = b4.fma(a1, c14);
            c15 = b5.fma(a1, c15);
            c16 = b6.fma(a1, c16);
            c17 = b7.fma(a1, c17);
            c18 = b8.fma(a1, c18);
            FloatVector a2 = FloatVector.broadcast(S, a[aOffset + k + 2 * aStride]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            c24 = b4.fma(a2, c24);
            c25 = b5.fma(a2, c25);
            c26 = b6.fma(a2, c26);
            c27 = b7.fma(a2, c27);
            c28 = b8.fma(a2, c28);
        }
        FloatVector least = FloatVector.broadcast(S, floor);
        FloatVector most = FloatVector.broadcast(S, ceiling);
        c00 = c00.blend(least, c00.compare(LT, least));
        c00 = c00.blend(most, c00.compare(GT, most));
        c01 = c01.blend(least, c01.compare(LT, least));
        c01 = c01.blend(most, c01.compare(GT, most));
        c02 = c02.blend(least, c02.compare(LT, least));
        c02 = c02.blend(most, c02.compare(GT, most));
        c03 = c03.blend(least, c03.compare(LT, least));
        c03 = c03.blend(most, c03.compare(GT, most));
        c04 = c04.blend(least, c04.compare(LT, least));
        c04 = c04.blend(most, c04.compare(GT, most));
        c05 = c05.blend(least, c05.compare(LT, least));
        c05 = c05.blend(most, c05.compare(GT, most));
        c06 = c06.blend(least, c06.compare(LT, least));
        c06 = c06.blend(most, c06.compare(GT, most));
        c07 = c07.blend(least, c07.compare(LT, least));
        c07 = c07.blend(most, c07.compare(GT, most));
        c08 = c08.blend(least, c08.compare(LT, least));
        c08 = c08.blend(most, c08.compare(GT, most));
        c10 = c10.blend(least, c10.compare(LT, least));
        c10 = c10.blend(most, c10.compare(GT, most));
        c11 = c11.blend(least, c11.compare(LT, least));
        c11 = c11.blend(most, c11.compare(GT, most));
        c12 = c12.blend(least, c12.compare(LT, least));
        c12 = c12.blend(most, c12.compare(GT, most));
        c13 = c13.blend(least, c13.compare(LT, least));
        c13 = c13.blend(most, c13.compare(GT, most));
        c14 = c14.blend(least, c14.compare(LT, least));
        c14 = c14.blend(most, c14.compare(GT, most));
        c15 = c15.blend(least, c15.compare(LT, least));
        c15 = c15.blend(most, c15.compare(GT, most));
        c16 = c16.blend(least, c16.compare(LT, least));
        c16 = c16.blend(most, c16.compare(GT, most));
        c17 = c17.blend(least, c17.compare(LT, least));
        c17 = c17.blend(most, c17.compare(GT, most));
        c18 = c18.blend(least, c18.compare(LT, least));
        c18 = c18.blend(most, c18.compare(GT, most));
        c20 = c20.blend(least, c20.compare(LT, least));
        c20 = c20.blend(most, c20.compare(GT, most));
        c21 = c21.blend(least, c21.compare(LT, least));
        c21 = c21.blend(most, c21.compare(GT, most));
        c22 = c22.blend(least, c22.compare(LT, least));
        c22 = c22.blend(most, c22.compare(GT, most));
        c23 = c23.blend(least, c23.compare(LT, least));
        c23 = c23.blend(most, c23.compare(GT, most));
        c24 = c24.blend(least, c24.compare(LT, least));
        c24 = c24.blend(most, c24.compare(GT, most));
        c25 = c25.blend(least, c25.compare(LT, least));
        c25 = c25.blend(most, c25.compare(GT, most));
        c26 = c26.blend(least, c26.compare(LT, least));
        c26 = c26.blend(most, c26.compare(GT, most));
        c27 = c27.blend(least, c27.compare(LT, least));
        c27 = c27.blend(most, c27.compare(GT, most));
        c28 = c28.blend(least, c28.compare(LT, least));
        c28 = c28.blend(most, c28.compare(GT, most));
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c02.intoArray(c, cOffset + 2 * LANES);
        c03.intoArray(c, cOffset + 3 * LANES);
        c04.intoArray(c, cOffset + 4 * LANES);
        c05.intoArray(c, cOffset + 5 * LANES);
        c06.intoArray(c, cOffset + 6 * LANES);
        c07.intoArray(c, cOffset + 7 * LANES);
        c08.intoArray(c, cOffset + 8 * LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c12.intoArray(c, cOffset + cStride + 2 * LANES);
        c13.intoArray(c, cOffset + cStride + 3 * LANES);
        c14.intoArray(c, cOffset + cStride + 4 * LANES);
        c15.intoArray(c, cOffset + cStride + 5 * LANES);
        c16.intoArray(c, cOffset + cStride + 6 * LANES);
        c17.intoArray(c, cOffset + cStride + 7 * LANES);
        c18.intoArray(c, cOffset + cStride + 8 * LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c22.intoArray(c, cOffset + 2 * cStride + 2 * LANES);
        c23.intoArray(c, cOffset + 2 * cStride + 3 * LANES);
        c24.intoArray(c, cOffset + 2 * cStride + 4 * LANES);
        c25.intoArray(c, cOffset + 2 * cStride + 5 * LANES);
        c26.intoArray(c, cOffset + 2 * cStride + 6 * LANES);
        c27.intoArray(c, cOffset + 2 * cStride + 7 * LANES);
        c28.intoArray(c, cOffset + 2 * cStride + 8 * LANES);
    }
}
