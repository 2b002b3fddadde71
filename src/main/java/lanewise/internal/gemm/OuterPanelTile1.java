package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** As {@link OuterPanelTile2}, 1 vector wide. */
final class OuterPanelTile1 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int HEIGHT = OuterGemm.HEIGHT;
    private static final int RUN = OuterGemm.RUN;

    private OuterPanelTile1() {}

    static void run(int rows, float[] a, int aOffset, int depth, float[] b, int bOffset,
                    float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        for (int row = 0; row < rows; ) {
            int left = rows - row;
            int aAt = aOffset + row;
            int initAt = initOffset + row * initStride;
            int cAt = cOffset + row * cStride;
            int height = OuterGemm.height(left);
            switch (height) {
                case 14 -> rows14(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
                case 7 -> rows7(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
                default -> rows4(a, aAt, depth, b, bOffset, init, initAt, initStride, c, cAt, cStride);
            }
            row += height;
        }
    }

    private static void rows14(float[] a, int aOffset, int depth, float[] b, int bOffset,
                               float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c0 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c1 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c2 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c3 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c4 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c5 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c6 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        FloatVector c7 = FloatVector.fromArray(S, init, initOffset + 7 * initStride);
        FloatVector c8 = FloatVector.fromArray(S, init, initOffset + 8 * initStride);
        FloatVector c9 = FloatVector.fromArray(S, init, initOffset + 9 * initStride);
        FloatVector ca = FloatVector.fromArray(S, init, initOffset + 10 * initStride);
        FloatVector cb = FloatVector.fromArray(S, init, initOffset + 11 * initStride);
        FloatVector cc = FloatVector.fromArray(S, init, initOffset + 12 * initStride);
        FloatVector cd = FloatVector.fromArray(S, init, initOffset + 13 * initStride);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int left = depth; left > 0; left -= RUN) {
            for (int d = 0; d < RUN; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + LANES * d);
                int at = aAt + HEIGHT * d;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c0 = b0.fma(a0, c0);
                FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
                c1 = b0.fma(a1, c1);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
                c2 = b0.fma(a2, c2);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
                c3 = b0.fma(a3, c3);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
                c4 = b0.fma(a4, c4);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
                c5 = b0.fma(a5, c5);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
                c6 = b0.fma(a6, c6);
                FloatVector a7 = FloatVector.broadcast(S, a[at + 7]);
                c7 = b0.fma(a7, c7);
                FloatVector a8 = FloatVector.broadcast(S, a[at + 8]);
                c8 = b0.fma(a8, c8);
                FloatVector a9 = FloatVector.broadcast(S, a[at + 9]);
                c9 = b0.fma(a9, c9);
                FloatVector aa = FloatVector.broadcast(S, a[at + 10]);
                ca = b0.fma(aa, ca);
                FloatVector ab = FloatVector.broadcast(S, a[at + 11]);
                cb = b0.fma(ab, cb);
                FloatVector ac = FloatVector.broadcast(S, a[at + 12]);
                cc = b0.fma(ac, cc);
                FloatVector ad = FloatVector.broadcast(S, a[at + 13]);
                cd = b0.fma(ad, cd);
            }
            aAt += HEIGHT * RUN;
            bAt += LANES * RUN;
        }
        c0.intoArray(c, cOffset);
        c1.intoArray(c, cOffset + cStride);
        c2.intoArray(c, cOffset + 2 * cStride);
        c3.intoArray(c, cOffset + 3 * cStride);
        c4.intoArray(c, cOffset + 4 * cStride);
        c5.intoArray(c, cOffset + 5 * cStride);
        c6.intoArray(c, cOffset + 6 * cStride);
        c7.intoArray(c, cOffset + 7 * cStride);
        c8.intoArray(c, cOffset + 8 * cStride);
        c9.intoArray(c, cOffset + 9 * cStride);
        ca.intoArray(c, cOffset + 10 * cStride);
        cb.intoArray(c, cOffset + 11 * cStride);
        cc.intoArray(c, cOffset + 12 * cStride);
        cd.intoArray(c, cOffset + 13 * cStride);
    }

    private static void rows7(float[] a, int aOffset, int depth, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c0 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c1 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c2 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c3 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        FloatVector c4 = FloatVector.fromArray(S, init, initOffset + 4 * initStride);
        FloatVector c5 = FloatVector.fromArray(S, init, initOffset + 5 * initStride);
        FloatVector c6 = FloatVector.fromArray(S, init, initOffset + 6 * initStride);
        int aAt = aOffset;
        int bAt = bOffset;
        for (int left = depth; left > 0; left -= RUN) {
            for (int d = 0; d < RUN; d++) {
                FloatVector b0 = FloatVector.fromArray(S, b, bAt + LANES * d);
                int at = aAt + HEIGHT * d;
                FloatVector a0 = FloatVector.broadcast(S, a[at]);
                c0 = b0.fma(a0, c0);
                FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
                c1 = b0.fma(a1, c1);
                FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
                c2 = b0.fma(a2, c2);
                FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
                c3 = b0.fma(a3, c3);
                FloatVector a4 = FloatVector.broadcast(S, a[at + 4]);
                c4 = b0.fma(a4, c4);
                FloatVector a5 = FloatVector.broadcast(S, a[at + 5]);
                c5 = b0.fma(a5, c5);
                FloatVector a6 = FloatVector.broadcast(S, a[at + 6]);
                c6 = b0.fma(a6, c6);
            }
            aAt += HEIGHT * RUN;
            bAt += LANES * RUN;
        }
        c0.intoArray(c, cOffset);
        c1.intoArray(c, cOffset + cStride);
        c2.intoArray(c, cOffset + 2 * cStride);
        c3.intoArray(c, cOffset + 3 * cStride);
        c4.intoArray(c, cOffset + 4 * cStride);
        c5.intoArray(c, cOffset + 5 * cStride);
        c6.intoArray(c, cOffset + 6 * cStride);
    }

    /** All depths in one loop: so few sums stay in registers whatever its length. */
    private static void rows4(float[] a, int aOffset, int depth, float[] b, int bOffset,
                              float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        FloatVector c0 = FloatVector.fromArray(S, init, initOffset);
        FloatVector c1 = FloatVector.fromArray(S, init, initOffset + initStride);
        FloatVector c2 = FloatVector.fromArray(S, init, initOffset + 2 * initStride);
        FloatVector c3 = FloatVector.fromArray(S, init, initOffset + 3 * initStride);
        for (int d = 0; d < depth; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + LANES * d);
            int at = aOffset + HEIGHT * d;
            FloatVector a0 = FloatVector.broadcast(S, a[at]);
            c0 = b0.fma(a0, c0);
            FloatVector a1 = FloatVector.broadcast(S, a[at + 1]);
            c1 = b0.fma(a1, c1);
            FloatVector a2 = FloatVector.broadcast(S, a[at + 2]);
            c2 = b0.fma(a2, c2);
            FloatVector a3 = FloatVector.broadcast(S, a[at + 3]);
            c3 = b0.fma(a3, c3);
        }
        c0.intoArray(c, cOffset);
        c1.intoArray(c, cOffset + cStride);
        c2.intoArray(c, cOffset + 2 * cStride);
        c3.intoArray(c, cOffset + 3 * cStride);
    }
}
