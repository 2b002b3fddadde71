package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link StrideTile2} for the columns that are left over, or few: 14 rows by 1 vector. */
final class StrideTile1 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private StrideTile1() {}

    /** Computes 14 rows; {@code start} and {@code startStride} as in {@link RowTile1#run}. */
    static void run(float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                    float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                    float[] c, int cOffset, int cStride) {
        FloatVector bias0 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c00 = FloatVector.fromArray(S, start, startOffset).add(bias0);
        FloatVector c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(bias0);
        FloatVector c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(bias0);
        FloatVector c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(bias0);
        FloatVector c40 = FloatVector.fromArray(S, start, startOffset + 4 * startStride).add(bias0);
        FloatVector c50 = FloatVector.fromArray(S, start, startOffset + 5 * startStride).add(bias0);
        FloatVector c60 = FloatVector.fromArray(S, start, startOffset + 6 * startStride).add(bias0);
        FloatVector c70 = FloatVector.fromArray(S, start, startOffset + 7 * startStride).add(bias0);
        FloatVector c80 = FloatVector.fromArray(S, start, startOffset + 8 * startStride).add(bias0);
        FloatVector c90 = FloatVector.fromArray(S, start, startOffset + 9 * startStride).add(bias0);
        FloatVector ca0 = FloatVector.fromArray(S, start, startOffset + 10 * startStride).add(bias0);
        FloatVector cb0 = FloatVector.fromArray(S, start, startOffset + 11 * startStride).add(bias0);
        FloatVector cc0 = FloatVector.fromArray(S, start, startOffset + 12 * startStride).add(bias0);
        FloatVector cd0 = FloatVector.fromArray(S, start, startOffset + 13 * startStride).add(bias0);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + LANES * k);
            int at = aOffset + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            FloatVector a1 = FloatVector.broadcast(S, a[at + aStride]);
            c10 = b0.fma(a1, c10);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * aStride]);
            c20 = b0.fma(a2, c20);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * aStride]);
            c30 = b0.fma(a3, c30);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * aStride]);
            c40 = b0.fma(a4, c40);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * aStride]);
            c50 = b0.fma(a5, c50);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * aStride]);
            c60 = b0.fma(a6, c60);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * aStride]);
            c70 = b0.fma(a7, c70);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * aStride]);
            c80 = b0.fma(a8, c80);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * aStride]);
            c90 = b0.fma(a9, c90);
            FloatVector aa = FloatVector.broadcast(S, a[at + 10 * aStride]);
            ca0 = b0.fma(aa, ca0);
            FloatVector ab = FloatVector.broadcast(S, a[at + 11 * aStride]);
            cb0 = b0.fma(ab, cb0);
            FloatVector ac = FloatVector.broadcast(S, a[at + 12 * aStride]);
            cc0 = b0.fma(ac, cc0);
            FloatVector ad = FloatVector.broadcast(S, a[at + 13 * aStride]);
            cd0 = b0.fma(ad, cd0);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c60 = c60.blend(zero, c60.compare(LT, zero));
            c70 = c70.blend(zero, c70.compare(LT, zero));
            c80 = c80.blend(zero, c80.compare(LT, zero));
            c90 = c90.blend(zero, c90.compare(LT, zero));
            ca0 = ca0.blend(zero, ca0.compare(LT, zero));
            cb0 = cb0.blend(zero, cb0.compare(LT, zero));
            cc0 = cc0.blend(zero, cc0.compare(LT, zero));
            cd0 = cd0.blend(zero, cd0.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c10.intoArray(c, cOffset + cStride);
        c20.intoArray(c, cOffset + 2 * cStride);
        c30.intoArray(c, cOffset + 3 * cStride);
        c40.intoArray(c, cOffset + 4 * cStride);
        c50.intoArray(c, cOffset + 5 * cStride);
        c60.intoArray(c, cOffset + 6 * cStride);
        c70.intoArray(c, cOffset + 7 * cStride);
        c80.intoArray(c, cOffset + 8 * cStride);
        c90.intoArray(c, cOffset + 9 * cStride);
        ca0.intoArray(c, cOffset + 10 * cStride);
        cb0.intoArray(c, cOffset + 11 * cStride);
        cc0.intoArray(c, cOffset + 12 * cStride);
        cd0.intoArray(c, cOffset + 13 * cStride);
    }
}
