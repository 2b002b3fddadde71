package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernel for weight gradients of {@link AdjacentTile2}'s products, over 2 vectors of output channels:
 *
 * <pre>c[d][v] += sum over runs, j of a[run][d][j] * b[run][j][v]      j &lt; 28</pre>
 *
 * <p>Registers are as in {@link RowTile2}; the sums stay in them for all runs. That a run has two values at least is told to C2, which else
 * keeps a third of them on the stack.
 */
public final class AdjacentOuterTile2 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of the tile and of {@code b}. */
    private static final int WIDTH = 2 * LANES;

    private static final int PITCH = AdjacentTile2.PITCH;

    private AdjacentOuterTile2() {}

    /**
     * Adds to {@code depth} rows of sums, or {@link AdjacentTile2#computed} a few more, for which there must be values and room.
     *
     * @param a depth d is {@link AdjacentTile2#PITCH} d further; the next run begins {@code aRun} further
     * @param runs how often
     * @param length values of each depth in a run, 2 or more
     * @param b two vectors for each of them, the next run {@code bRun} further
     * @param c two vectors for each depth
     */
    public static void run(int depth, float[] a, int aOffset, int aRun, int runs, int length, float[] b, int bOffset, int bRun,
                           float[] c, int cOffset) {
        assert length >= 2 : length;
        int height;
        for (int d = 0; d < depth; d += height) {
            height = AdjacentTile2.height(depth - d);
            if (height == 14) {
                rows14(a, aOffset + d * PITCH, aRun, runs, length, b, bOffset, bRun, c, cOffset + d * WIDTH);
            } else if (height == 7) {
                rows7(a, aOffset + d * PITCH, aRun, runs, length, b, bOffset, bRun, c, cOffset + d * WIDTH);
            } else {
                rows4(a, aOffset + d * PITCH, aRun, runs, length, b, bOffset, bRun, c, cOffset + d * WIDTH);
            }
        }
    }

    private static void rows14(float[] a, int aOffset, int aRun, int runs, int length, float[] b, int bOffset, int bRun,
                               float[] c, int cOffset) {
        FloatVector c00 = FloatVector.fromArray(S, c, cOffset);
        FloatVector c01 = FloatVector.fromArray(S, c, cOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, c, cOffset + WIDTH);
        FloatVector c11 = FloatVector.fromArray(S, c, cOffset + WIDTH + LANES);
        FloatVector c20 = FloatVector.fromArray(S, c, cOffset + 2 * WIDTH);
        FloatVector c21 = FloatVector.fromArray(S, c, cOffset + 2 * WIDTH + LANES);
        FloatVector c30 = FloatVector.fromArray(S, c, cOffset + 3 * WIDTH);
        FloatVector c31 = FloatVector.fromArray(S, c, cOffset + 3 * WIDTH + LANES);
        FloatVector c40 = FloatVector.fromArray(S, c, cOffset + 4 * WIDTH);
        FloatVector c41 = FloatVector.fromArray(S, c, cOffset + 4 * WIDTH + LANES);
        FloatVector c50 = FloatVector.fromArray(S, c, cOffset + 5 * WIDTH);
        FloatVector c51 = FloatVector.fromArray(S, c, cOffset + 5 * WIDTH + LANES);
        FloatVector c60 = FloatVector.fromArray(S, c, cOffset + 6 * WIDTH);
        FloatVector c61 = FloatVector.fromArray(S, c, cOffset + 6 * WIDTH + LANES);
        FloatVector c70 = FloatVector.fromArray(S, c, cOffset + 7 * WIDTH);
        FloatVector c71 = FloatVector.fromArray(S, c, cOffset + 7 * WIDTH + LANES);
        FloatVector c80 = FloatVector.fromArray(S, c, cOffset + 8 * WIDTH);
        FloatVector c81 = FloatVector.fromArray(S, c, cOffset + 8 * WIDTH + LANES);
        FloatVector c90 = FloatVector.fromArray(S, c, cOffset + 9 * WIDTH);
        FloatVector c91 = FloatVector.fromArray(S, c, cOffset + 9 * WIDTH + LANES);
        FloatVector ca0 = FloatVector.fromArray(S, c, cOffset + 10 * WIDTH);
        FloatVector ca1 = FloatVector.fromArray(S, c, cOffset + 10 * WIDTH + LANES);
        FloatVector cb0 = FloatVector.fromArray(S, c, cOffset + 11 * WIDTH);
        FloatVector cb1 = FloatVector.fromArray(S, c, cOffset + 11 * WIDTH + LANES);
        FloatVector cc0 = FloatVector.fromArray(S, c, cOffset + 12 * WIDTH);
        FloatVector cc1 = FloatVector.fromArray(S, c, cOffset + 12 * WIDTH + LANES);
        FloatVector cd0 = FloatVector.fromArray(S, c, cOffset + 13 * WIDTH);
        FloatVector cd1 = FloatVector.fromArray(S, c, cOffset + 13 * WIDTH + LANES);
        int turns = Math.max(2, length);
        for (int run = 0; run < runs; run++) {
            int from = aOffset + run * aRun;
            int panel = bOffset + run * bRun;
            for (int i = 0; i < turns; i++) {
                FloatVector b0 = FloatVector.fromArray(S, b, panel + i * WIDTH);
                FloatVector b1 = FloatVector.fromArray(S, b, panel + i * WIDTH + LANES);
                FloatVector a0 = FloatVector.broadcast(S, a[from + i]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[from + i + PITCH]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, a[from + i + 2 * PITCH]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, a[from + i + 3 * PITCH]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
                FloatVector a4 = FloatVector.broadcast(S, a[from + i + 4 * PITCH]);
                c40 = b0.fma(a4, c40);
                c41 = b1.fma(a4, c41);
                FloatVector a5 = FloatVector.broadcast(S, a[from + i + 5 * PITCH]);
                c50 = b0.fma(a5, c50);
                c51 = b1.fma(a5, c51);
                FloatVector a6 = FloatVector.broadcast(S, a[from + i + 6 * PITCH]);
                c60 = b0.fma(a6, c60);
                c61 = b1.fma(a6, c61);
                FloatVector a7 = FloatVector.broadcast(S, a[from + i + 7 * PITCH]);
                c70 = b0.fma(a7, c70);
                c71 = b1.fma(a7, c71);
                FloatVector a8 = FloatVector.broadcast(S, a[from + i + 8 * PITCH]);
                c80 = b0.fma(a8, c80);
                c81 = b1.fma(a8, c81);
                FloatVector a9 = FloatVector.broadcast(S, a[from + i + 9 * PITCH]);
                c90 = b0.fma(a9, c90);
                c91 = b1.fma(a9, c91);
                FloatVector aa = FloatVector.broadcast(S, a[from + i + 10 * PITCH]);
                ca0 = b0.fma(aa, ca0);
                ca1 = b1.fma(aa, ca1);
                FloatVector ab = FloatVector.broadcast(S, a[from + i + 11 * PITCH]);
                cb0 = b0.fma(ab, cb0);
                cb1 = b1.fma(ab, cb1);
                FloatVector ac = FloatVector.broadcast(S, a[from + i + 12 * PITCH]);
                cc0 = b0.fma(ac, cc0);
                cc1 = b1.fma(ac, cc1);
                FloatVector ad = FloatVector.broadcast(S, a[from + i + 13 * PITCH]);
                cd0 = b0.fma(ad, cd0);
                cd1 = b1.fma(ad, cd1);
            }
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

    private static void rows7(float[] a, int aOffset, int aRun, int runs, int length, float[] b, int bOffset, int bRun,
                              float[] c, int cOffset) {
        FloatVector c00 = FloatVector.fromArray(S, c, cOffset);
        FloatVector c01 = FloatVector.fromArray(S, c, cOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, c, cOffset + WIDTH);
        FloatVector c11 = FloatVector.fromArray(S, c, cOffset + WIDTH + LANES);
        FloatVector c20 = FloatVector.fromArray(S, c, cOffset + 2 * WIDTH);
        FloatVector c21 = FloatVector.fromArray(S, c, cOffset + 2 * WIDTH + LANES);
        FloatVector c30 = FloatVector.fromArray(S, c, cOffset + 3 * WIDTH);
        FloatVector c31 = FloatVector.fromArray(S, c, cOffset + 3 * WIDTH + LANES);
        FloatVector c40 = FloatVector.fromArray(S, c, cOffset + 4 * WIDTH);
        FloatVector c41 = FloatVector.fromArray(S, c, cOffset + 4 * WIDTH + LANES);
        FloatVector c50 = FloatVector.fromArray(S, c, cOffset + 5 * WIDTH);
        FloatVector c51 = FloatVector.fromArray(S, c, cOffset + 5 * WIDTH + LANES);
        FloatVector c60 = FloatVector.fromArray(S, c, cOffset + 6 * WIDTH);
        FloatVector c61 = FloatVector.fromArray(S, c, cOffset + 6 * WIDTH + LANES);
        int turns = Math.max(2, length);
        for (int run = 0; run < runs; run++) {
            int from = aOffset + run * aRun;
            int panel = bOffset + run * bRun;
            for (int i = 0; i < turns; i++) {
                FloatVector b0 = FloatVector.fromArray(S, b, panel + i * WIDTH);
                FloatVector b1 = FloatVector.fromArray(S, b, panel + i * WIDTH + LANES);
                FloatVector a0 = FloatVector.broadcast(S, a[from + i]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[from + i + PITCH]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, a[from + i + 2 * PITCH]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, a[from + i + 3 * PITCH]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
                FloatVector a4 = FloatVector.broadcast(S, a[from + i + 4 * PITCH]);
                c40 = b0.fma(a4, c40);
                c41 = b1.fma(a4, c41);
                FloatVector a5 = FloatVector.broadcast(S, a[from + i + 5 * PITCH]);
                c50 = b0.fma(a5, c50);
                c51 = b1.fma(a5, c51);
                FloatVector a6 = FloatVector.broadcast(S, a[from + i + 6 * PITCH]);
                c60 = b0.fma(a6, c60);
                c61 = b1.fma(a6, c61);
            }
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

    private static void rows4(float[] a, int aOffset, int aRun, int runs, int length, float[] b, int bOffset, int bRun,
                              float[] c, int cOffset) {
        FloatVector c00 = FloatVector.fromArray(S, c, cOffset);
        FloatVector c01 = FloatVector.fromArray(S, c, cOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(S, c, cOffset + WIDTH);
        FloatVector c11 = FloatVector.fromArray(S, c, cOffset + WIDTH + LANES);
        FloatVector c20 = FloatVector.fromArray(S, c, cOffset + 2 * WIDTH);
        FloatVector c21 = FloatVector.fromArray(S, c, cOffset + 2 * WIDTH + LANES);
        FloatVector c30 = FloatVector.fromArray(S, c, cOffset + 3 * WIDTH);
        FloatVector c31 = FloatVector.fromArray(S, c, cOffset + 3 * WIDTH + LANES);
        int turns = Math.max(2, length);
        for (int run = 0; run < runs; run++) {
            int from = aOffset + run * aRun;
            int panel = bOffset + run * bRun;
            for (int i = 0; i < turns; i++) {
                FloatVector b0 = FloatVector.fromArray(S, b, panel + i * WIDTH);
                FloatVector b1 = FloatVector.fromArray(S, b, panel + i * WIDTH + LANES);
                FloatVector a0 = FloatVector.broadcast(S, a[from + i]);
                c00 = b0.fma(a0, c00);
                c01 = b1.fma(a0, c01);
                FloatVector a1 = FloatVector.broadcast(S, a[from + i + PITCH]);
                c10 = b0.fma(a1, c10);
                c11 = b1.fma(a1, c11);
                FloatVector a2 = FloatVector.broadcast(S, a[from + i + 2 * PITCH]);
                c20 = b0.fma(a2, c20);
                c21 = b1.fma(a2, c21);
                FloatVector a3 = FloatVector.broadcast(S, a[from + i + 3 * PITCH]);
                c30 = b0.fma(a3, c30);
                c31 = b1.fma(a3, c31);
            }
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
