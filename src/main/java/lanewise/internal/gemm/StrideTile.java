package lanewise.internal.gemm;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernel of 14 rows by 2 vectors, or by 1, whose rows are read where they lie, any distance apart:
 *
 * <pre>c[j][v] = start[j][v] + bias[v] + sum over d of a[j aStride + d] b[d][v]</pre>
 *
 * <p>Each row has an address of its own, and some of them are reloaded at every depth: 2 to 5% slower than {@link RowTile2}, but the
 * rows need no packing. The same sums in the same order, so the same bits.
 */
final class StrideTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int WIDTH = 2 * LANES;

    /** Whether there are registers for it: 28 sums, 2 vectors of b and a broadcast. */
    static final boolean FITS = Simd.REGISTERS == 32;

    private StrideTile() {}

    /** Computes 14 rows of {@code width} columns; {@code start} and {@code startStride} as in {@link RowTile2#run}. */
    static void run(int width, float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                    float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                    float[] c, int cOffset, int cStride) {
        if (width == WIDTH) {
            tile2x14(a, aOffset, aStride, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
        } else {
            tile1x14(a, aOffset, aStride, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
        }
    }

    private static void tile2x14(float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
                                 float[] start, int startOffset, int startStride, float[] bias, int biasOffset, boolean relu,
                                 float[] c, int cOffset, int cStride) {
        FloatVector c00 = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c01 = FloatVector.fromArray(S, bias, biasOffset + LANES);
        FloatVector c10 = c00;
        FloatVector c11 = c01;
        FloatVector c20 = c00;
        FloatVector c21 = c01;
        FloatVector c30 = c00;
        FloatVector c31 = c01;
        FloatVector c40 = c00;
        FloatVector c41 = c01;
        FloatVector c50 = c00;
        FloatVector c51 = c01;
        FloatVector c60 = c00;
        FloatVector c61 = c01;
        FloatVector c70 = c00;
        FloatVector c71 = c01;
        FloatVector c80 = c00;
        FloatVector c81 = c01;
        FloatVector c90 = c00;
        FloatVector c91 = c01;
        FloatVector ca0 = c00;
        FloatVector ca1 = c01;
        FloatVector cb0 = c00;
        FloatVector cb1 = c01;
        FloatVector cc0 = c00;
        FloatVector cc1 = c01;
        FloatVector cd0 = c00;
        FloatVector cd1 = c01;
        if (startStride != 0) { // 28 loads, each with its check, are a twentieth of a tile that is 64 deep
            c00 = FloatVector.fromArray(S, start, startOffset).add(c00);
            c01 = FloatVector.fromArray(S, start, startOffset + LANES).add(c01);
            c10 = FloatVector.fromArray(S, start, startOffset + startStride).add(c10);
            c11 = FloatVector.fromArray(S, start, startOffset + startStride + LANES).add(c11);
            c20 = FloatVector.fromArray(S, start, startOffset + 2 * startStride).add(c20);
            c21 = FloatVector.fromArray(S, start, startOffset + 2 * startStride + LANES).add(c21);
            c30 = FloatVector.fromArray(S, start, startOffset + 3 * startStride).add(c30);
            c31 = FloatVector.fromArray(S, start, startOffset + 3 * startStride + LANES).add(c31);
            c40 = FloatVector.fromArray(S, start, startOffset + 4 * startStride).add(c40);
            c41 = FloatVector.fromArray(S, start, startOffset + 4 * startStride + LANES).add(c41);
            c50 = FloatVector.fromArray(S, start, startOffset + 5 * startStride).add(c50);
            c51 = FloatVector.fromArray(S, start, startOffset + 5 * startStride + LANES).add(c51);
            c60 = FloatVector.fromArray(S, start, startOffset + 6 * startStride).add(c60);
            c61 = FloatVector.fromArray(S, start, startOffset + 6 * startStride + LANES).add(c61);
            c70 = FloatVector.fromArray(S, start, startOffset + 7 * startStride).add(c70);
            c71 = FloatVector.fromArray(S, start, startOffset + 7 * startStride + LANES).add(c71);
            c80 = FloatVector.fromArray(S, start, startOffset + 8 * startStride).add(c80);
            c81 = FloatVector.fromArray(S, start, startOffset + 8 * startStride + LANES).add(c81);
            c90 = FloatVector.fromArray(S, start, startOffset + 9 * startStride).add(c90);
            c91 = FloatVector.fromArray(S, start, startOffset + 9 * startStride + LANES).add(c91);
            ca0 = FloatVector.fromArray(S, start, startOffset + 10 * startStride).add(ca0);
            ca1 = FloatVector.fromArray(S, start, startOffset + 10 * startStride + LANES).add(ca1);
            cb0 = FloatVector.fromArray(S, start, startOffset + 11 * startStride).add(cb0);
            cb1 = FloatVector.fromArray(S, start, startOffset + 11 * startStride + LANES).add(cb1);
            cc0 = FloatVector.fromArray(S, start, startOffset + 12 * startStride).add(cc0);
            cc1 = FloatVector.fromArray(S, start, startOffset + 12 * startStride + LANES).add(cc1);
            cd0 = FloatVector.fromArray(S, start, startOffset + 13 * startStride).add(cd0);
            cd1 = FloatVector.fromArray(S, start, startOffset + 13 * startStride + LANES).add(cd1);
        }
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * k);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * k + LANES);
            int at = aOffset + k;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c00 = b0.fma(a0, c00);
            c01 = b1.fma(a0, c01);
            FloatVector a1 = FloatVector.broadcast(S, a[at + aStride]);
            c10 = b0.fma(a1, c10);
            c11 = b1.fma(a1, c11);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2 * aStride]);
            c20 = b0.fma(a2, c20);
            c21 = b1.fma(a2, c21);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3 * aStride]);
            c30 = b0.fma(a3, c30);
            c31 = b1.fma(a3, c31);
            FloatVector a4 = FloatVector.broadcast(S, a[at + 4 * aStride]);
            c40 = b0.fma(a4, c40);
            c41 = b1.fma(a4, c41);
            FloatVector a5 = FloatVector.broadcast(S, a[at + 5 * aStride]);
            c50 = b0.fma(a5, c50);
            c51 = b1.fma(a5, c51);
            FloatVector a6 = FloatVector.broadcast(S, a[at + 6 * aStride]);
            c60 = b0.fma(a6, c60);
            c61 = b1.fma(a6, c61);
            FloatVector a7 = FloatVector.broadcast(S, a[at + 7 * aStride]);
            c70 = b0.fma(a7, c70);
            c71 = b1.fma(a7, c71);
            FloatVector a8 = FloatVector.broadcast(S, a[at + 8 * aStride]);
            c80 = b0.fma(a8, c80);
            c81 = b1.fma(a8, c81);
            FloatVector a9 = FloatVector.broadcast(S, a[at + 9 * aStride]);
            c90 = b0.fma(a9, c90);
            c91 = b1.fma(a9, c91);
            FloatVector aa = FloatVector.broadcast(S, a[at + 10 * aStride]);
            ca0 = b0.fma(aa, ca0);
            ca1 = b1.fma(aa, ca1);
            FloatVector ab = FloatVector.broadcast(S, a[at + 11 * aStride]);
            cb0 = b0.fma(ab, cb0);
            cb1 = b1.fma(ab, cb1);
            FloatVector ac = FloatVector.broadcast(S, a[at + 12 * aStride]);
            cc0 = b0.fma(ac, cc0);
            cc1 = b1.fma(ac, cc1);
            FloatVector ad = FloatVector.broadcast(S, a[at + 13 * aStride]);
            cd0 = b0.fma(ad, cd0);
            cd1 = b1.fma(ad, cd1);
        }
        if (relu) {
            FloatVector zero = FloatVector.zero(S);
            c00 = c00.blend(zero, c00.compare(LT, zero));
            c01 = c01.blend(zero, c01.compare(LT, zero));
            c10 = c10.blend(zero, c10.compare(LT, zero));
            c11 = c11.blend(zero, c11.compare(LT, zero));
            c20 = c20.blend(zero, c20.compare(LT, zero));
            c21 = c21.blend(zero, c21.compare(LT, zero));
            c30 = c30.blend(zero, c30.compare(LT, zero));
            c31 = c31.blend(zero, c31.compare(LT, zero));
            c40 = c40.blend(zero, c40.compare(LT, zero));
            c41 = c41.blend(zero, c41.compare(LT, zero));
            c50 = c50.blend(zero, c50.compare(LT, zero));
            c51 = c51.blend(zero, c51.compare(LT, zero));
            c60 = c60.blend(zero, c60.compare(LT, zero));
            c61 = c61.blend(zero, c61.compare(LT, zero));
            c70 = c70.blend(zero, c70.compare(LT, zero));
            c71 = c71.blend(zero, c71.compare(LT, zero));
            c80 = c80.blend(zero, c80.compare(LT, zero));
            c81 = c81.blend(zero, c81.compare(LT, zero));
            c90 = c90.blend(zero, c90.compare(LT, zero));
            c91 = c91.blend(zero, c91.compare(LT, zero));
            ca0 = ca0.blend(zero, ca0.compare(LT, zero));
            ca1 = ca1.blend(zero, ca1.compare(LT, zero));
            cb0 = cb0.blend(zero, cb0.compare(LT, zero));
            cb1 = cb1.blend(zero, cb1.compare(LT, zero));
            cc0 = cc0.blend(zero, cc0.compare(LT, zero));
            cc1 = cc1.blend(zero, cc1.compare(LT, zero));
            cd0 = cd0.blend(zero, cd0.compare(LT, zero));
            cd1 = cd1.blend(zero, cd1.compare(LT, zero));
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, cOffset + cStride);
        c11.intoArray(c, cOffset + cStride + LANES);
        c20.intoArray(c, cOffset + 2 * cStride);
        c21.intoArray(c, cOffset + 2 * cStride + LANES);
        c30.intoArray(c, cOffset + 3 * cStride);
        c31.intoArray(c, cOffset + 3 * cStride + LANES);
        c40.intoArray(c, cOffset + 4 * cStride);
        c41.intoArray(c, cOffset + 4 * cStride + LANES);
        c50.intoArray(c, cOffset + 5 * cStride);
        c51.intoArray(c, cOffset + 5 * cStride + LANES);
        c60.intoArray(c, cOffset + 6 * cStride);
        c61.intoArray(c, cOffset + 6 * cStride + LANES);
        c70.intoArray(c, cOffset + 7 * cStride);
        c71.intoArray(c, cOffset + 7 * cStride + LANES);
        c80.intoArray(c, cOffset + 8 * cStride);
        c81.intoArray(c, cOffset + 8 * cStride + LANES);
        c90.intoArray(c, cOffset + 9 * cStride);
        c91.intoArray(c, cOffset + 9 * cStride + LANES);
        ca0.intoArray(c, cOffset + 10 * cStride);
        ca1.intoArray(c, cOffset + 10 * cStride + LANES);
        cb0.intoArray(c, cOffset + 11 * cStride);
        cb1.intoArray(c, cOffset + 11 * cStride + LANES);
        cc0.intoArray(c, cOffset + 12 * cStride);
        cc1.intoArray(c, cOffset + 12 * cStride + LANES);
        cd0.intoArray(c, cOffset + 13 * cStride);
        cd1.intoArray(c, cOffset + 13 * cStride + LANES);
    }

    /** For the columns that are left over, or few. */
    private static void tile1x14(float[] a, int aOffset, int aStride, int depth, float[] b, int bOffset,
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
