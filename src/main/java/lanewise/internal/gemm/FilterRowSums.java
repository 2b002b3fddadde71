package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernel of {@link FilterRowTile}'s weight gradient, 1 vector of output channels wide:
 *
 * <pre>c[t][s][v] += sum over i &lt; rows, j &lt; 10 of a[taps[t] + i aRow + 16 (j + s)] * dy[i][j][v],   s &lt; 5</pre>
 *
 * <p>The gradients of a row stay in registers for all taps. Each pixel is broadcast once and meets five of them; the five sums of a tap
 * come from the first cache and go back there: 19 loads and 5 stores for 50 multiply-adds. The chains of two taps overlap.
 *
 * <p>Registers of 32: 10 of dy, 5 accumulators, 1 broadcast.
 */
public final class FilterRowSums {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int COLUMNS = FilterRowTile.COLUMNS;
    private static final int PITCH = FilterRowTile.PITCH;

    private FilterRowSums() {}

    /** Adds the products of {@code rows} rows of ten pixels, {@code dyRow} and {@code dyStep} floats apart. */
    public static void run(int rows, float[] a, int aOffset, int aRow, int[] taps, float[] dy, int dyOffset, int dyStep, int dyRow,
                           float[] c, int cOffset) {
        for (int i = 0; i < rows; i++) {
            int from = dyOffset + i * dyRow;
            FloatVector d0 = FloatVector.fromArray(S, dy, from);
            FloatVector d1 = FloatVector.fromArray(S, dy, from + dyStep);
            FloatVector d2 = FloatVector.fromArray(S, dy, from + 2 * dyStep);
            FloatVector d3 = FloatVector.fromArray(S, dy, from + 3 * dyStep);
            FloatVector d4 = FloatVector.fromArray(S, dy, from + 4 * dyStep);
            FloatVector d5 = FloatVector.fromArray(S, dy, from + 5 * dyStep);
            FloatVector d6 = FloatVector.fromArray(S, dy, from + 6 * dyStep);
            FloatVector d7 = FloatVector.fromArray(S, dy, from + 7 * dyStep);
            FloatVector d8 = FloatVector.fromArray(S, dy, from + 8 * dyStep);
            FloatVector d9 = FloatVector.fromArray(S, dy, from + 9 * dyStep);
            int row = aOffset + i * aRow;
            for (int t = 0; t < taps.length; t++) {
                int at = row + taps[t];
                int to = cOffset + t * COLUMNS * LANES;
                FloatVector c0 = FloatVector.fromArray(S, c, to);
                FloatVector c1 = FloatVector.fromArray(S, c, to + LANES);
                FloatVector c2 = FloatVector.fromArray(S, c, to + 2 * LANES);
                FloatVector c3 = FloatVector.fromArray(S, c, to + 3 * LANES);
                FloatVector c4 = FloatVector.fromArray(S, c, to + 4 * LANES);
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c0 = d0.fma(a0, c0);
                FloatVector a1 = FloatVector.broadcast(S, a[at + PITCH]);
                c0 = d1.fma(a1, c0);
                c1 = d0.fma(a1, c1);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * PITCH]);
                c0 = d2.fma(a2, c0);
                c1 = d1.fma(a2, c1);
                c2 = d0.fma(a2, c2);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * PITCH]);
                c0 = d3.fma(a3, c0);
                c1 = d2.fma(a3, c1);
                c2 = d1.fma(a3, c2);
                c3 = d0.fma(a3, c3);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * PITCH]);
                c0 = d4.fma(a4, c0);
                c1 = d3.fma(a4, c1);
                c2 = d2.fma(a4, c2);
                c3 = d1.fma(a4, c3);
                c4 = d0.fma(a4, c4);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * PITCH]);
                c0 = d5.fma(a5, c0);
                c1 = d4.fma(a5, c1);
                c2 = d3.fma(a5, c2);
                c3 = d2.fma(a5, c3);
                c4 = d1.fma(a5, c4);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * PITCH]);
                c0 = d6.fma(a6, c0);
                c1 = d5.fma(a6, c1);
                c2 = d4.fma(a6, c2);
                c3 = d3.fma(a6, c3);
                c4 = d2.fma(a6, c4);
                FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * PITCH]);
                c0 = d7.fma(a7, c0);
                c1 = d6.fma(a7, c1);
                c2 = d5.fma(a7, c2);
                c3 = d4.fma(a7, c3);
                c4 = d3.fma(a7, c4);
                FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * PITCH]);
                c0 = d8.fma(a8, c0);
                c1 = d7.fma(a8, c1);
                c2 = d6.fma(a8, c2);
                c3 = d5.fma(a8, c3);
                c4 = d4.fma(a8, c4);
                FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * PITCH]);
                c0 = d9.fma(a9, c0);
                c1 = d8.fma(a9, c1);
                c2 = d7.fma(a9, c2);
                c3 = d6.fma(a9, c3);
                c4 = d5.fma(a9, c4);
                FloatVector aa = FloatVector.broadcast(S, a[at + 10 * PITCH]);
                c1 = d9.fma(aa, c1);
                c2 = d8.fma(aa, c2);
                c3 = d7.fma(aa, c3);
                c4 = d6.fma(aa, c4);
                FloatVector ab = FloatVector.broadcast(S, a[at + 11 * PITCH]);
                c2 = d9.fma(ab, c2);
                c3 = d8.fma(ab, c3);
                c4 = d7.fma(ab, c4);
                FloatVector ac = FloatVector.broadcast(S, a[at + 12 * PITCH]);
                c3 = d9.fma(ac, c3);
                c4 = d8.fma(ac, c4);
                FloatVector ad = FloatVector.broadcast(S, a[at + 13 * PITCH]);
                c4 = d9.fma(ad, c4);
                c0.intoArray(c, to);
                c1.intoArray(c, to + LANES);
                c2.intoArray(c, to + 2 * LANES);
                c3.intoArray(c, to + 3 * LANES);
                c4.intoArray(c, to + 4 * LANES);
            }
        }
    }
}
