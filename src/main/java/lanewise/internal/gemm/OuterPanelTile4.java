package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * As {@link OuterTile4}, for an {@code a} in blocks of {@link Panels#RUN} channels, a constant distance apart: then there are no
 * range checks in the loop over pixels.
 *
 * <pre>c[j][v] = init[j][v] + sum over d &lt; pixels of a[RUN d + j] * b[WIDTH d + v]      j &lt; 5 or 6</pre>
 */
public final class OuterPanelTile4 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int WIDTH = OuterTile4.WIDTH;
    private static final int RUN = Panels.RUN;

    private OuterPanelTile4() {}

    /** Computes a tile of {@code height} rows, 5 or 6. */
    public static void run(int height, float[] a, int aOffset, float[] b, int bOffset, int pixels,
                           float[] init, int initOffset, int initStride, float[] c, int cOffset, int cStride) {
        if (height == 6) {
            rows6(a, aOffset, b, bOffset, pixels, init, initOffset, initStride, c, cOffset, cStride);
        } else {
            rows5(a, aOffset, b, bOffset, pixels, init, initOffset, initStride, c, cOffset, cStride);
        }
    }

    private static void rows6(float[] a, int aOffset, float[] b, int bOffset, int pixels,
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
        for (int d = 0; d < pixels; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * d);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + 3 * LANES);
            int at = aOffset + RUN * d;
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

    private static void rows5(float[] a, int aOffset, float[] b, int bOffset, int pixels,
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
        for (int d = 0; d < pixels; d++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bOffset + WIDTH * d);
            FloatVector b1 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, bOffset + WIDTH * d + 3 * LANES);
            int at = aOffset + RUN * d;
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
