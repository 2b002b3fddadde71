package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel of a 3x3 filter that strides by 2, transposed: one vector of channels of the 4 pixels of dx, 2 by 2, that lie
 * between 4 pixels of dy, for 4 neighbours at once:
 *
 * <pre>
 * c[2 u'][2 j + v'] = start + sum over k of the taps of dy[u][j + v][k] that reach it      u', v', u, v in {0, 1}
 *
 *            dy[0][j]   dy[0][j + 1]   dy[1][j]   dy[1][j + 1]      9 vectors of b for each k, in this order:
 * c[0][2j]      b0                                                  (1, 1)
 * c[0][2j+1]    b1          b4                                      (1, 2), (1, 0)
 * c[1][2j]      b2                        b6                        (2, 1), (0, 1)
 * c[1][2j+1]    b3          b5            b7           b8           (2, 2), (2, 0), (0, 2), (0, 0)   (r, s) of the filter
 * </pre>
 *
 * <p>By itself each of the four kinds of pixels is a product of a depth of its own, the shortest K, and into 16 channels it is one
 * vector wide. Together they are 36 multiply-adds for 19 loads, whatever the number of channels, and dy is copied once instead of
 * four times. dy lies in blocks of 16 channels, its pixels 16 floats apart.
 *
 * <p>Registers of 32: 16 accumulators, 9 of b, broadcasts; with 20 sums, for 5 neighbours, C2 spills.
 */
public final class PhaseTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int DEPTH = Panels.DEPTH;

    /** Vectors of b for each depth. */
    public static final int TAPS = 9;

    /** Whether its sums and a depth of b fit the registers of this machine. */
    public static final boolean FITS = Simd.REGISTERS == 32;

    /** Pixels of dy that a tile reaches over. */
    public static final int PIXELS = 4;

    private PhaseTile() {}

    /**
     * Computes {@link #PIXELS} pairs of pixels in two rows.
     *
     * @param aRow distance of two rows of dy
     * @param aBlock distance of two blocks of 16 channels, of which there are {@code blocks}
     * @param b {@code [k][9][LANES]}
     * @param start where the sums start; distances of 0 for the same vector everywhere; it may be {@code c}
     */
    public static void run(float[] a, int aOffset, int aRow, int aBlock, int blocks, float[] b, int bOffset,
                           float[] start, int startOffset, int startRow, int startStride,
                           float[] c, int cOffset, int cRow, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset);
        FloatVector c01 = FloatVector.fromArray(S, start, startOffset + startStride);
        FloatVector c02 = FloatVector.fromArray(S, start, startOffset + startRow);
        FloatVector c03 = FloatVector.fromArray(S, start, startOffset + startRow + startStride);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + 2 * startStride);
        FloatVector c11 = FloatVector.fromArray(S, start, startOffset + 3 * startStride);
        FloatVector c12 = FloatVector.fromArray(S, start, startOffset + startRow + 2 * startStride);
        FloatVector c13 = FloatVector.fromArray(S, start, startOffset + startRow + 3 * startStride);
        FloatVector c20 = FloatVector.fromArray(S, start, startOffset + 4 * startStride);
        FloatVector c21 = FloatVector.fromArray(S, start, startOffset + 5 * startStride);
        FloatVector c22 = FloatVector.fromArray(S, start, startOffset + startRow + 4 * startStride);
        FloatVector c23 = FloatVector.fromArray(S, start, startOffset + startRow + 5 * startStride);
        FloatVector c30 = FloatVector.fromArray(S, start, startOffset + 6 * startStride);
        FloatVector c31 = FloatVector.fromArray(S, start, startOffset + 7 * startStride);
        FloatVector c32 = FloatVector.fromArray(S, start, startOffset + startRow + 6 * startStride);
        FloatVector c33 = FloatVector.fromArray(S, start, startOffset + startRow + 7 * startStride);
        for (int block = 0; block < blocks; block++) {
            int a0 = aOffset + block * aBlock;
            int a1 = a0 + aRow;
            int bAt = bOffset + block * DEPTH * TAPS * LANES;
            for (int k = 0; k < DEPTH; k++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k);
                FloatVector b1 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k + LANES);
                FloatVector b2 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k + 2 * LANES);
                FloatVector b3 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k + 3 * LANES);
                FloatVector b4 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k + 4 * LANES);
                FloatVector b5 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k + 5 * LANES);
                FloatVector p0 = FloatVector.broadcast(S, a[a0 + k]);
                c00 = b0.fma(p0, c00);
                c01 = b1.fma(p0, c01);
                c02 = b2.fma(p0, c02);
                c03 = b3.fma(p0, c03);
                FloatVector p1 = FloatVector.broadcast(S, a[a0 + k + DEPTH]);
                c10 = b0.fma(p1, c10);
                c11 = b1.fma(p1, c11);
                c12 = b2.fma(p1, c12);
                c13 = b3.fma(p1, c13);
                c01 = b4.fma(p1, c01);
                c03 = b5.fma(p1, c03);
                FloatVector p2 = FloatVector.broadcast(S, a[a0 + k + 2 * DEPTH]);
                c20 = b0.fma(p2, c20);
                c21 = b1.fma(p2, c21);
                c22 = b2.fma(p2, c22);
                c23 = b3.fma(p2, c23);
                c11 = b4.fma(p2, c11);
                c13 = b5.fma(p2, c13);
                FloatVector p3 = FloatVector.broadcast(S, a[a0 + k + 3 * DEPTH]);
                c30 = b0.fma(p3, c30);
                c31 = b1.fma(p3, c31);
                c32 = b2.fma(p3, c32);
                c33 = b3.fma(p3, c33);
                c21 = b4.fma(p3, c21);
                c23 = b5.fma(p3, c23);
                FloatVector p4 = FloatVector.broadcast(S, a[a0 + k + 4 * DEPTH]);
                c31 = b4.fma(p4, c31);
                c33 = b5.fma(p4, c33);
                FloatVector b6 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k + 6 * LANES);
                FloatVector b7 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k + 7 * LANES);
                FloatVector b8 = FloatVector.fromArray(S, b, bAt + TAPS * LANES * k + 8 * LANES);
                FloatVector q0 = FloatVector.broadcast(S, a[a1 + k]);
                c02 = b6.fma(q0, c02);
                c03 = b7.fma(q0, c03);
                FloatVector q1 = FloatVector.broadcast(S, a[a1 + k + DEPTH]);
                c12 = b6.fma(q1, c12);
                c13 = b7.fma(q1, c13);
                c03 = b8.fma(q1, c03);
                FloatVector q2 = FloatVector.broadcast(S, a[a1 + k + 2 * DEPTH]);
                c22 = b6.fma(q2, c22);
                c23 = b7.fma(q2, c23);
                c13 = b8.fma(q2, c13);
                FloatVector q3 = FloatVector.broadcast(S, a[a1 + k + 3 * DEPTH]);
                c32 = b6.fma(q3, c32);
                c33 = b7.fma(q3, c33);
                c23 = b8.fma(q3, c23);
                FloatVector q4 = FloatVector.broadcast(S, a[a1 + k + 4 * DEPTH]);
                c33 = b8.fma(q4, c33);
            }
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + cStride);
        c02.intoArray(c, cOffset + cRow);
        c03.intoArray(c, cOffset + cRow + cStride);
        c10.intoArray(c, cOffset + 2 * cStride);
        c11.intoArray(c, cOffset + 3 * cStride);
        c12.intoArray(c, cOffset + cRow + 2 * cStride);
        c13.intoArray(c, cOffset + cRow + 3 * cStride);
        c20.intoArray(c, cOffset + 4 * cStride);
        c21.intoArray(c, cOffset + 5 * cStride);
        c22.intoArray(c, cOffset + cRow + 4 * cStride);
        c23.intoArray(c, cOffset + cRow + 5 * cStride);
        c30.intoArray(c, cOffset + 6 * cStride);
        c31.intoArray(c, cOffset + 7 * cStride);
        c32.intoArray(c, cOffset + cRow + 6 * cStride);
        c33.intoArray(c, cOffset + cRow + 7 * cStride);
    }
}
