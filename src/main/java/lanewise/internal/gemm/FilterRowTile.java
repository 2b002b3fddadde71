package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.UGT;
import static jdk.incubator.vector.VectorOperators.UMAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel for filters of five columns over images of few channels, 1 vector of output channels wide:
 *
 * <pre>c[i][j][v] = bias[v] + sum over t, s &lt; 5 of a[taps[t] + i aRow + 16 (j + s)] * b[t][s][v],   i &lt; 2, j &lt; 10</pre>
 *
 * <p>A tap is one channel of a row of the filter. Each pixel of it is broadcast once and meets all five columns: 33 loads for 100
 * multiply-adds, where a tile that broadcasts every factor anew takes more loads than multiply-adds.
 *
 * <p>Registers of 32: 20 accumulators, 5 of b, 1 broadcast. One row after the other, or C2 spills.
 */
public final class FilterRowTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of the filter. */
    public static final int COLUMNS = 5;

    /** Rows of the tile, and pixels of each. */
    public static final int ROWS = 2;
    public static final int PIXELS = 10;

    /** Distance of two pixels in {@code a}. */
    public static final int PITCH = 16;

    /** Whether the sums stay in registers: with 16 it is correct, and slow. */
    public static final boolean FITS = Simd.REGISTERS == 32;

    private static final int MINUS_INFINITY = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);

    private FilterRowTile() {}

    /**
     * Computes two rows of ten pixels, {@code cRow} and {@code cStep} floats apart.
     *
     * @param pool write the largest of each window of 2x2 instead, a row of five, in the order of {@link Math#max}
     * @param c {@code null} for a call that HotSpot counts and that returns at once ({@link TileRehearsal})
     */
    public static void run(float[] a, int aOffset, int aRow, int[] taps, float[] b, int bOffset, float[] bias, int biasOffset,
                           boolean relu, boolean pool, float[] c, int cOffset, int cStep, int cRow) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c03 = c00;
        FloatVector c04 = c00;
        FloatVector c05 = c00;
        FloatVector c06 = c00;
        FloatVector c07 = c00;
        FloatVector c08 = c00;
        FloatVector c09 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c12 = c00;
        FloatVector c13 = c00;
        FloatVector c14 = c00;
        FloatVector c15 = c00;
        FloatVector c16 = c00;
        FloatVector c17 = c00;
        FloatVector c18 = c00;
        FloatVector c19 = c00;
        for (int t = 0; t < taps.length; t++) {
            int at = aOffset + taps[t];
            int bAt = bOffset + t * COLUMNS * LANES;
            FloatVector b0 = FloatVector.fromArray(S, b, bAt);
            FloatVector b1 = FloatVector.fromArray(S, b, bAt + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bAt + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bAt + 3 * LANES);
            FloatVector b4 = FloatVector.fromArray(S, b, bAt + 4 * LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + PITCH]);
            c01 = b0.fma(a1, c01);
            c00 = b1.fma(a1, c00);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * PITCH]);
            c02 = b0.fma(a2, c02);
            c01 = b1.fma(a2, c01);
            c00 = b2.fma(a2, c00);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * PITCH]);
            c03 = b0.fma(a3, c03);
            c02 = b1.fma(a3, c02);
            c01 = b2.fma(a3, c01);
            c00 = b3.fma(a3, c00);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * PITCH]);
            c04 = b0.fma(a4, c04);
            c03 = b1.fma(a4, c03);
            c02 = b2.fma(a4, c02);
            c01 = b3.fma(a4, c01);
            c00 = b4.fma(a4, c00);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * PITCH]);
            c05 = b0.fma(a5, c05);
            c04 = b1.fma(a5, c04);
            c03 = b2.fma(a5, c03);
            c02 = b3.fma(a5, c02);
            c01 = b4.fma(a5, c01);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * PITCH]);
            c06 = b0.fma(a6, c06);
            c05 = b1.fma(a6, c05);
            c04 = b2.fma(a6, c04);
            c03 = b3.fma(a6, c03);
            c02 = b4.fma(a6, c02);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * PITCH]);
            c07 = b0.fma(a7, c07);
            c06 = b1.fma(a7, c06);
            c05 = b2.fma(a7, c05);
            c04 = b3.fma(a7, c04);
            c03 = b4.fma(a7, c03);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * PITCH]);
            c08 = b0.fma(a8, c08);
            c07 = b1.fma(a8, c07);
            c06 = b2.fma(a8, c06);
            c05 = b3.fma(a8, c05);
            c04 = b4.fma(a8, c04);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * PITCH]);
            c09 = b0.fma(a9, c09);
            c08 = b1.fma(a9, c08);
            c07 = b2.fma(a9, c07);
            c06 = b3.fma(a9, c06);
            c05 = b4.fma(a9, c05);
            FloatVector aa = FloatVector.broadcast(S, a[at + 10 * PITCH]);
            c09 = b1.fma(aa, c09);
            c08 = b2.fma(aa, c08);
            c07 = b3.fma(aa, c07);
            c06 = b4.fma(aa, c06);
            FloatVector ab = FloatVector.broadcast(S, a[at + 11 * PITCH]);
            c09 = b2.fma(ab, c09);
            c08 = b3.fma(ab, c08);
            c07 = b4.fma(ab, c07);
            FloatVector ac = FloatVector.broadcast(S, a[at + 12 * PITCH]);
            c09 = b3.fma(ac, c09);
            c08 = b4.fma(ac, c08);
            FloatVector ad = FloatVector.broadcast(S, a[at + 13 * PITCH]);
            c09 = b4.fma(ad, c09);
            int below = at + aRow;
            FloatVector d0 = FloatVector.broadcast(S, a[below]);
            c10 = b0.fma(d0, c10);
            FloatVector d1 = FloatVector.broadcast(S, a[below + PITCH]);
            c11 = b0.fma(d1, c11);
            c10 = b1.fma(d1, c10);
            FloatVector d2 = FloatVector.broadcast(S, a[below + 2 * PITCH]);
            c12 = b0.fma(d2, c12);
            c11 = b1.fma(d2, c11);
            c10 = b2.fma(d2, c10);
            FloatVector d3 = FloatVector.broadcast(S, a[below + 3 * PITCH]);
            c13 = b0.fma(d3, c13);
            c12 = b1.fma(d3, c12);
            c11 = b2.fma(d3, c11);
            c10 = b3.fma(d3, c10);
            FloatVector d4 = FloatVector.broadcast(S, a[below + 4 * PITCH]);
            c14 = b0.fma(d4, c14);
            c13 = b1.fma(d4, c13);
            c12 = b2.fma(d4, c12);
            c11 = b3.fma(d4, c11);
            c10 = b4.fma(d4, c10);
            FloatVector d5 = FloatVector.broadcast(S, a[below + 5 * PITCH]);
            c15 = b0.fma(d5, c15);
            c14 = b1.fma(d5, c14);
            c13 = b2.fma(d5, c13);
            c12 = b3.fma(d5, c12);
            c11 = b4.fma(d5, c11);
            FloatVector d6 = FloatVector.broadcast(S, a[below + 6 * PITCH]);
            c16 = b0.fma(d6, c16);
            c15 = b1.fma(d6, c15);
            c14 = b2.fma(d6, c14);
            c13 = b3.fma(d6, c13);
            c12 = b4.fma(d6, c12);
            FloatVector d7 = FloatVector.broadcast(S, a[below + 7 * PITCH]);
            c17 = b0.fma(d7, c17);
            c16 = b1.fma(d7, c16);
            c15 = b2.fma(d7, c15);
            c14 = b3.fma(d7, c14);
            c13 = b4.fma(d7, c13);
            FloatVector d8 = FloatVector.broadcast(S, a[below + 8 * PITCH]);
            c18 = b0.fma(d8, c18);
            c17 = b1.fma(d8, c17);
            c16 = b2.fma(d8, c16);
            c15 = b3.fma(d8, c15);
            c14 = b4.fma(d8, c14);
            FloatVector d9 = FloatVector.broadcast(S, a[below + 9 * PITCH]);
            c19 = b0.fma(d9, c19);
            c18 = b1.fma(d9, c18);
            c17 = b2.fma(d9, c17);
            c16 = b3.fma(d9, c16);
            c15 = b4.fma(d9, c15);
            FloatVector da = FloatVector.broadcast(S, a[below + 10 * PITCH]);
            c19 = b1.fma(da, c19);
            c18 = b2.fma(da, c18);
            c17 = b3.fma(da, c17);
            c16 = b4.fma(da, c16);
            FloatVector db = FloatVector.broadcast(S, a[below + 11 * PITCH]);
            c19 = b2.fma(db, c19);
            c18 = b3.fma(db, c18);
            c17 = b4.fma(db, c17);
            FloatVector dc = FloatVector.broadcast(S, a[below + 12 * PITCH]);
            c19 = b3.fma(dc, c19);
            c18 = b4.fma(dc, c18);
            FloatVector dd = FloatVector.broadcast(S, a[below + 13 * PITCH]);
            c19 = b4.fma(dd, c19);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c01 = c01.blend(zero, c01.compare(LT, zero));
            c02 = c02.blend(zero, c02.compare(LT, zero));
            c03 = c03.blend(zero, c03.compare(LT, zero));
            c04 = c04.blend(zero, c04.compare(LT, zero));
            c05 = c05.blend(zero, c05.compare(LT, zero));
            c06 = c06.blend(zero, c06.compare(LT, zero));
            c07 = c07.blend(zero, c07.compare(LT, zero));
            c08 = c08.blend(zero, c08.compare(LT, zero));
            c09 = c09.blend(zero, c09.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c11 = c11.blend(zero, c11.compare(LT, zero));
            c12 = c12.blend(zero, c12.compare(LT, zero));
            c13 = c13.blend(zero, c13.compare(LT, zero));
            c14 = c14.blend(zero, c14.compare(LT, zero));
            c15 = c15.blend(zero, c15.compare(LT, zero));
            c16 = c16.blend(zero, c16.compare(LT, zero));
            c17 = c17.blend(zero, c17.compare(LT, zero));
            c18 = c18.blend(zero, c18.compare(LT, zero));
            c19 = c19.blend(zero, c19.compare(LT, zero));
        }
        if (pool) { // on the bits, as MaxPool
            IntVector p0 = c00.reinterpretAsInts();
            IntVector p1 = c01.reinterpretAsInts();
            IntVector p2 = c10.reinterpretAsInts();
            IntVector p3 = c11.reinterpretAsInts();
            IntVector high = p0.max(p1).max(p2.max(p3));
            IntVector low = p0.min(p1).min(p2.min(p3));
            IntVector unsigned = p0.lanewise(UMAX, p1).lanewise(UMAX, p2.lanewise(UMAX, p3));
            high.blend(low, high.compare(LT, 0)).blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(c, cOffset);
            p0 = c02.reinterpretAsInts();
            p1 = c03.reinterpretAsInts();
            p2 = c12.reinterpretAsInts();
            p3 = c13.reinterpretAsInts();
            high = p0.max(p1).max(p2.max(p3));
            low = p0.min(p1).min(p2.min(p3));
            unsigned = p0.lanewise(UMAX, p1).lanewise(UMAX, p2.lanewise(UMAX, p3));
            high.blend(low, high.compare(LT, 0)).blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(c, cOffset + cStep);
            p0 = c04.reinterpretAsInts();
            p1 = c05.reinterpretAsInts();
            p2 = c14.reinterpretAsInts();
            p3 = c15.reinterpretAsInts();
            high = p0.max(p1).max(p2.max(p3));
            low = p0.min(p1).min(p2.min(p3));
            unsigned = p0.lanewise(UMAX, p1).lanewise(UMAX, p2.lanewise(UMAX, p3));
            high.blend(low, high.compare(LT, 0)).blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(c, cOffset + 2 * cStep);
            p0 = c06.reinterpretAsInts();
            p1 = c07.reinterpretAsInts();
            p2 = c16.reinterpretAsInts();
            p3 = c17.reinterpretAsInts();
            high = p0.max(p1).max(p2.max(p3));
            low = p0.min(p1).min(p2.min(p3));
            unsigned = p0.lanewise(UMAX, p1).lanewise(UMAX, p2.lanewise(UMAX, p3));
            high.blend(low, high.compare(LT, 0)).blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(c, cOffset + 3 * cStep);
            p0 = c08.reinterpretAsInts();
            p1 = c09.reinterpretAsInts();
            p2 = c18.reinterpretAsInts();
            p3 = c19.reinterpretAsInts();
            high = p0.max(p1).max(p2.max(p3));
            low = p0.min(p1).min(p2.min(p3));
            unsigned = p0.lanewise(UMAX, p1).lanewise(UMAX, p2.lanewise(UMAX, p3));
            high.blend(low, high.compare(LT, 0)).blend(unsigned, unsigned.compare(UGT, MINUS_INFINITY))
                    .reinterpretAsFloats().intoArray(c, cOffset + 4 * cStep);
            return;
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + cStep);
        c02.intoArray(c, cOffset + 2 * cStep);
        c03.intoArray(c, cOffset + 3 * cStep);
        c04.intoArray(c, cOffset + 4 * cStep);
        c05.intoArray(c, cOffset + 5 * cStep);
        c06.intoArray(c, cOffset + 6 * cStep);
        c07.intoArray(c, cOffset + 7 * cStep);
        c08.intoArray(c, cOffset + 8 * cStep);
        c09.intoArray(c, cOffset + 9 * cStep);
        c10.intoArray(c, cOffset + cRow);
        c11.intoArray(c, cOffset + cRow + cStep);
        c12.intoArray(c, cOffset + cRow + 2 * cStep);
        c13.intoArray(c, cOffset + cRow + 3 * cStep);
        c14.intoArray(c, cOffset + cRow + 4 * cStep);
        c15.intoArray(c, cOffset + cRow + 5 * cStep);
        c16.intoArray(c, cOffset + cRow + 6 * cStep);
        c17.intoArray(c, cOffset + cRow + 7 * cStep);
        c18.intoArray(c, cOffset + cRow + 8 * cStep);
        c19.intoArray(c, cOffset + cRow + 9 * cStep);
    }
}
