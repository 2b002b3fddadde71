package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * As {@link DenseTile2}, for the last column panel when it is 1 vector wide, one row at a time: 8 sums for each lane.
 */
final class DenseTile1 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private DenseTile1() {}

    /** Computes {@code rows} rows, one by one. A {@code null} c is as in {@link DenseTile4#run}. */
    static void run(int rows, float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt,
                    float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        for (int j = 0; j < rows; j++) {
            rows1(x, xAt + j * xStride, from, to, b, bAt, init, initAt + j * initStride, relu, c, cAt + j * cStride);
        }
    }

    private static void rows1(float[] x, int xAt, int from, int to, float[] b, int bAt,
                              float[] init, int initAt, boolean relu, float[] c, int cAt) {
        if (c == null) {
            for (int i = 0; i < TileRehearsal.TURNS; i++) { }
            return;
        }
        FloatVector c0a = FloatVector.fromArray(S, init, initAt);
        FloatVector c0b = FloatVector.zero(S);
        FloatVector c0c = c0b;
        FloatVector c0d = c0b;
        FloatVector c0e = c0b;
        FloatVector c0f = c0b;
        FloatVector c0g = c0b;
        FloatVector c0h = c0b;
        int d = from;
        for (; d <= to - 8; d += 8) {
            int at = bAt + LANES * d;
            FloatVector aa = FloatVector.broadcast(S, x[xAt + d]);
            c0a = FloatVector.fromArray(S, b, at).fma(aa, c0a);
            FloatVector ab = FloatVector.broadcast(S, x[xAt + d + 1]);
            c0b = FloatVector.fromArray(S, b, at + LANES).fma(ab, c0b);
            FloatVector ac = FloatVector.broadcast(S, x[xAt + d + 2]);
            c0c = FloatVector.fromArray(S, b, at + 2 * LANES).fma(ac, c0c);
            FloatVector ad = FloatVector.broadcast(S, x[xAt + d + 3]);
            c0d = FloatVector.fromArray(S, b, at + 3 * LANES).fma(ad, c0d);
            FloatVector ae = FloatVector.broadcast(S, x[xAt + d + 4]);
            c0e = FloatVector.fromArray(S, b, at + 4 * LANES).fma(ae, c0e);
            FloatVector af = FloatVector.broadcast(S, x[xAt + d + 5]);
            c0f = FloatVector.fromArray(S, b, at + 5 * LANES).fma(af, c0f);
            FloatVector ag = FloatVector.broadcast(S, x[xAt + d + 6]);
            c0g = FloatVector.fromArray(S, b, at + 6 * LANES).fma(ag, c0g);
            FloatVector ah = FloatVector.broadcast(S, x[xAt + d + 7]);
            c0h = FloatVector.fromArray(S, b, at + 7 * LANES).fma(ah, c0h);
        }
        for (; d < to; d++) {
            int at = bAt + LANES * d;
            FloatVector a = FloatVector.broadcast(S, x[xAt + d]);
            c0a = FloatVector.fromArray(S, b, at).fma(a, c0a);
        }
        c0a = c0a.add(c0b).add(c0c.add(c0d)).add(c0e.add(c0f).add(c0g.add(c0h)));
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c0a = c0a.blend(zero, c0a.compare(LT, zero));
        }
        c0a.intoArray(c, cAt);
    }
}
