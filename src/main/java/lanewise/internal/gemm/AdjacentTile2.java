package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel over 2 vectors of output channels for rows whose values of one depth are neighbours:
 *
 * <pre>c[j][v] = sum over d of a[d][j] * b[d][v]      j &lt; 28</pre>
 *
 * <p>Registers are as in {@link RowTile2}. A sum starts from zero, for it is transformed before anything is added to it; and depths lie
 * a constant apart, for these products are so short that their range checks must stand before them.
 */
public final class AdjacentTile2 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of the tile and of the packed panel {@code b}. */
    private static final int WIDTH = 2 * LANES;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    /** Rows, at most. */
    public static final int ROWS = 28;

    /** Distance of two depths in {@code a}: the rows, and what fills their last vector. */
    public static final int PITCH = 32;

    private AdjacentTile2() {}

    /**
     * Computes {@code rows} rows or a few more, with as few and as high tiles as the registers allow.
     *
     * @param a depth d is {@link #PITCH} d further; there must be a value for all 28 rows
     * @param b a column panel, {@code depth} deep
     * @param c written: row j is two vectors times j further; there must be room for 28 rows; {@code null} for a call that HotSpot counts
     *     and that returns at once ({@link TileRehearsal}), not of 7 rows
     */
    public static void run(int rows, float[] a, int aOffset, int depth, float[] b, int bOffset, float[] c, int cOffset) {
        int height;
        for (int row = 0; row < rows; row += height) {
            height = height(rows - row);
            if (height == 14) {
                rows14(a, aOffset + row, depth, b, bOffset, c, cOffset + row * WIDTH);
            } else if (height == 7) {
                rows7(a, aOffset + row, depth, b, bOffset, c, cOffset + row * WIDTH);
            } else {
                rows4(a, aOffset + row, depth, b, bOffset, c, cOffset + row * WIDTH);
            }
        }
    }

    /** Rows of the next tile when there are {@code left}. */
    static int height(int left) {
        return !MANY_REGISTERS ? 4 : left > 7 ? 14 : 7;
    }

    /** How many rows it computes for {@code rows}. */
    public static int computed(int rows) {
        int computed = 0;
        while (computed < rows) {
            computed += height(rows - computed);
        }
        return computed;
    }

    private static void rows14(float[] a, int aOffset, int depth, float[] b, int bOffset, float[] c, int cOffset) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        FloatVector c60 = FloatVector.zero(S);
        FloatVector c61 = FloatVector.zero(S);
        FloatVector c70 = FloatVector.zero(S);
        FloatVector c71 = FloatVector.zero(S);
        FloatVector c80 = FloatVector.zero(S);
        FloatVector c81 = FloatVector.zero(S);
        FloatVector c90 = FloatVector.zero(S);
        FloatVector c91 = FloatVector.zero(S);
        FloatVector ca0 = FloatVector.zero(S);
        FloatVector ca1 = FloatVector.zero(S);
        FloatVector cb0 = FloatVector.zero(S);
        FloatVector cb1 = FloatVector.zero(S);
        FloatVector cc0 = FloatVector.zero(S);
        FloatVector cc1 = FloatVector.zero(S);
        FloatVector cd0 = FloatVector.zero(S);
        FloatVector cd1 = FloatVector.zero(S);
        for (int d = 0; d < depth; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + d * WIDTH);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + d * WIDTH + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[aOffset + d * PITCH]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 4]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 5]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 6]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
            FloatVector a7 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 7]);
            c70 = b0.fma(a7, c70);
            c71 = b1.fma(a7, c71);
            FloatVector a8 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 8]);
            c80 = b0.fma(a8, c80);
            c81 = b1.fma(a8, c81);
            FloatVector a9 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 9]);
            c90 = b0.fma(a9, c90);
            c91 = b1.fma(a9, c91);
            FloatVector aa = FloatVector.broadcast(S, a[aOffset + d * PITCH + 10]);
            ca0 = b0.fma(aa, ca0);
            ca1 = b1.fma(aa, ca1);
            FloatVector ab = FloatVector.broadcast(S, a[aOffset + d * PITCH + 11]);
            cb0 = b0.fma(ab, cb0);
            cb1 = b1.fma(ab, cb1);
            FloatVector ac = FloatVector.broadcast(S, a[aOffset + d * PITCH + 12]);
            cc0 = b0.fma(ac, cc0);
            cc1 = b1.fma(ac, cc1);
            FloatVector ad = FloatVector.broadcast(S, a[aOffset + d * PITCH + 13]);
            cd0 = b0.fma(ad, cd0);
            cd1 = b1.fma(ad, cd1);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + WIDTH);
        c11.intoArray(c, cOffset + WIDTH + LANES);
        c20.intoArray(c, cOffset + 2 * WIDTH);
        c21.intoArray(c, cOffset + 2 * WIDTH + LANES);
        c30.intoArray(c, cOffset + 3 * WIDTH);
        c31.intoArray(c, cOffset + 3 * WIDTH + LANES);
        c40.intoArray(c, cOffset + 4 * WIDTH);
        c41.intoArray(c, cOffset + 4 * WIDTH + LANES);
        c50.intoArray(c, cOffset + 5 * WIDTH);
        c51.intoArray(c, cOffset + 5 * WIDTH + LANES);
        c60.intoArray(c, cOffset + 6 * WIDTH);
        c61.intoArray(c, cOffset + 6 * WIDTH + LANES);
        c70.intoArray(c, cOffset + 7 * WIDTH);
        c71.intoArray(c, cOffset + 7 * WIDTH + LANES);
        c80.intoArray(c, cOffset + 8 * WIDTH);
        c81.intoArray(c, cOffset + 8 * WIDTH + LANES);
        c90.intoArray(c, cOffset + 9 * WIDTH);
        c91.intoArray(c, cOffset + 9 * WIDTH + LANES);
        ca0.intoArray(c, cOffset + 10 * WIDTH);
        ca1.intoArray(c, cOffset + 10 * WIDTH + LANES);
        cb0.intoArray(c, cOffset + 11 * WIDTH);
        cb1.intoArray(c, cOffset + 11 * WIDTH + LANES);
        cc0.intoArray(c, cOffset + 12 * WIDTH);
        cc1.intoArray(c, cOffset + 12 * WIDTH + LANES);
        cd0.intoArray(c, cOffset + 13 * WIDTH);
        cd1.intoArray(c, cOffset + 13 * WIDTH + LANES);
    }

    private static void rows7(float[] a, int aOffset, int depth, float[] b, int bOffset, float[] c, int cOffset) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        FloatVector c60 = FloatVector.zero(S);
        FloatVector c61 = FloatVector.zero(S);
        for (int d = 0; d < depth; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + d * WIDTH);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + d * WIDTH + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[aOffset + d * PITCH]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 4]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 5]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 6]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + WIDTH);
        c11.intoArray(c, cOffset + WIDTH + LANES);
        c20.intoArray(c, cOffset + 2 * WIDTH);
        c21.intoArray(c, cOffset + 2 * WIDTH + LANES);
        c30.intoArray(c, cOffset + 3 * WIDTH);
        c31.intoArray(c, cOffset + 3 * WIDTH + LANES);
        c40.intoArray(c, cOffset + 4 * WIDTH);
        c41.intoArray(c, cOffset + 4 * WIDTH + LANES);
        c50.intoArray(c, cOffset + 5 * WIDTH);
        c51.intoArray(c, cOffset + 5 * WIDTH + LANES);
        c60.intoArray(c, cOffset + 6 * WIDTH);
        c61.intoArray(c, cOffset + 6 * WIDTH + LANES);
    }

    private static void rows4(float[] a, int aOffset, int depth, float[] b, int bOffset, float[] c, int cOffset) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        for (int d = 0; d < depth; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + d * WIDTH);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + d * WIDTH + LANES);
            FloatVector a0 = FloatVector.broadcast(S, a[aOffset + d * PITCH]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 1]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 2]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[aOffset + d * PITCH + 3]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + WIDTH);
        c11.intoArray(c, cOffset + WIDTH + LANES);
        c20.intoArray(c, cOffset + 2 * WIDTH);
        c21.intoArray(c, cOffset + 2 * WIDTH + LANES);
        c30.intoArray(c, cOffset + 3 * WIDTH);
        c31.intoArray(c, cOffset + 3 * WIDTH + LANES);
    }
}
