package lanewise.internal.gemm;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel of sums of outer products over pixels, 4 vectors wide, for an {@code a} that is read where it lies:
 *
 * <pre>c[j][v] = init[j][v] + sum over d &lt; pixels of a[aStep d + j] * b[WIDTH d + v]      j &lt; 5 or 6</pre>
 *
 * <p>{@code j} runs over neighbouring channels of a pixel, {@code v} over a packed panel of {@link #WIDTH} columns. A pixel costs 4
 * loads and 6 broadcasts for 24 multiply-adds, where {@link OuterPanelTile} has 2 and 14 for 28: so few broadcasts that their
 * addresses may be any distance apart, range checks and all. Sixes and fives add up to every number of rows from 20 on, so none is
 * computed in vain.
 *
 * <p>Registers of 32: 24 or 20 accumulators, 4 of b, 1 or 2 broadcasts. {@code init} is {@code c} to go on, or zeros a distance of
 * 0 apart.
 */
public final class OuterTile4 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of the tile and of a packed panel {@code b}. */
    public static final int WIDTH = 4 * LANES;

    /** Whether its sums fit the registers of this machine. */
    public static final boolean FITS = Simd.REGISTERS == 32;

    private static final int SIX = 6;
    private static final int FIVE = 5;

    private OuterTile4() {}

    /** Whether {@code rows} are a sum of sixes and fives. */
    public static boolean covers(int rows) {
        return SIX * tiles(rows) - rows <= tiles(rows);
    }

    /** Tiles over {@code rows} rows: as few as can be. */
    public static int tiles(int rows) {
        return (rows - 1) / SIX + 1;
    }

    /** The first row of tile {@code i}, or all of them for {@code i = tiles(rows)}: sixes come first. */
    public static int firstRow(int rows, int i) {
        int sixes = rows - FIVE * tiles(rows);
        return FIVE * i + Math.min(i, sixes);
    }

    /** The height of the tile that begins where {@code left} rows are left: 6 until fives are as few. */
    public static int height(int left) {
        return left <= FIVE * FIVE && left % FIVE == 0 ? FIVE : SIX;
    }

    /** Whether {@code n} columns a pixel, from {@code offset} of their array on, are a panel as they lie: whole rows of it at lines. */
    public static boolean isPanel(int offset, int n) {
        return n == WIDTH && Simd.lineFrom(offset) == offset;
    }

    /**
     * Packs {@code pixels} rows of {@code n} columns, {@code stride} floats apart, into panels {@code [n / WIDTH][pixels][WIDTH]};
     * columns past the end become zero.
     */
    public static void pack(float[] b, int offset, int stride, int pixels, int n, float[] to, int toOffset) {
        int whole = n / WIDTH * WIDTH;
        for (int column = 0; column < whole; column += WIDTH) {
            for (int d = 0; d < pixels; d++) {
                int from = offset + d * stride + column;
                int at = toOffset + column * pixels + d * WIDTH;
                FloatVector v0 = FloatVector.fromArray(S, b, from);
                FloatVector v1 = FloatVector.fromArray(S, b, from + LANES);
                FloatVector v2 = FloatVector.fromArray(S, b, from + 2 * LANES);
                FloatVector v3 = FloatVector.fromArray(S, b, from + 3 * LANES);
                v0.intoArray(to, at);
                v1.intoArray(to, at + LANES);
                v2.intoArray(to, at + 2 * LANES);
                v3.intoArray(to, at + 3 * LANES);
            }
        }
        if (whole < n) {
            int at = toOffset + whole * pixels;
            Arrays.fill(to, at, at + pixels * WIDTH, 0);
            Tiles.copy(pixels, n - whole, b, offset + whole, stride, to, at, WIDTH);
        }
    }

    /** Computes a tile of {@code height} rows, 5 or 6. */
    public static void run(int height, float[] a, int aOffset, int aStep, float[] b, int bOffset, int pixels,
                           float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        if (height == SIX) {
            rows6(a, aOffset, aStep, b, bOffset, pixels, init, initOffset, initStride, c, cOffset, cStride);
        } else {
            rows5(a, aOffset, aStep, b, bOffset, pixels, init, initOffset, initStride, c, cOffset, cStride);
        }
    }

    private static void rows6(float[] a, int aOffset, int aStep, float[] b, int bOffset, int pixels,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(S, init, initOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, init, initOffset + 3 * LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c12 = FloatVector.fromArray(S, init, initOffset + initStride + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(S, init, initOffset + initStride + 3 * LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c22 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + 2 * LANES);
        FloatVector c23 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + 3 * LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        FloatVector c32 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + 2 * LANES);
        FloatVector c33 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + 3 * LANES);
        FloatVector c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
        FloatVector c42 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + 2 * LANES);
        FloatVector c43 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + 3 * LANES);
        FloatVector c50 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c51 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + LANES);
        FloatVector c52 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + 2 * LANES);
        FloatVector c53 = FloatVector.fromArray(S, init, initOffset + 5 * initStride + 3 * LANES);
        int at = aOffset;
        for (int d = 0; d < pixels; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * d);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + 3 * LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            c32 = b2.fma(a3, c32);
            c33 = b3.fma(a3, c33);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            c42 = b2.fma(a4, c42);
            c43 = b3.fma(a4, c43);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            c52 = b2.fma(a5, c52);
            c53 = b3.fma(a5, c53);
            at += aStep;
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

    private static void rows5(float[] a, int aOffset, int aStep, float[] b, int bOffset, int pixels,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c01 = FloatVector.fromArray(S, init, initOffset + LANES);
        FloatVector c02 = FloatVector.fromArray(S, init, initOffset + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(S, init, initOffset + 3 * LANES);
        FloatVector c10 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c11 = FloatVector.fromArray(S, init, initOffset + initStride + LANES);
        FloatVector c12 = FloatVector.fromArray(S, init, initOffset + initStride + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(S, init, initOffset + initStride + 3 * LANES);
        FloatVector c20 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c21 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + LANES);
        FloatVector c22 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + 2 * LANES);
        FloatVector c23 = FloatVector.fromArray(S, init, initOffset + 2 * initStride + 3 * LANES);
        FloatVector c30 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c31 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + LANES);
        FloatVector c32 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + 2 * LANES);
        FloatVector c33 = FloatVector.fromArray(S, init, initOffset + 3 * initStride + 3 * LANES);
        FloatVector c40 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c41 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + LANES);
        FloatVector c42 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + 2 * LANES);
        FloatVector c43 = FloatVector.fromArray(S, init, initOffset + 4 * initStride + 3 * LANES);
        int at = aOffset;
        for (int d = 0; d < pixels; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * d);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + 3 * LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            c02 = b2.fma(a0, c02);
            c03 = b3.fma(a0, c03);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            c12 = b2.fma(a1, c12);
            c13 = b3.fma(a1, c13);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            c22 = b2.fma(a2, c22);
            c23 = b3.fma(a2, c23);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            c32 = b2.fma(a3, c32);
            c33 = b3.fma(a3, c33);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            c42 = b2.fma(a4, c42);
            c43 = b3.fma(a4, c43);
            at += aStep;
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
}
