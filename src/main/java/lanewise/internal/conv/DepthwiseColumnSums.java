package lanewise.internal.conv;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernels of {@link SlidingDepthwiseGradWeight}: pixel after pixel of one to four rows of dy, all channels of a pixel
 * before the next,
 *
 * <pre>dw[r][s][v] += sum over i of x[i + r][j + s][v] dy[i][j][v]</pre>
 *
 * <p>The sums lie in the first cache, {@code [channel / lanes][tap][lane]}: at 4 rows 9 loads and stores for 36 multiply-adds. In
 * return each row of x and of dy is one stream of consecutive cache lines, as in {@link DepthwiseColumn}.
 *
 * <p>Rows of the image, padding and zeros are as in {@link SlidingTile}.
 */
final class DepthwiseColumnSums {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private DepthwiseColumnSums() {}

    /** Four rows. */
    static void rows4(int columns, int channels, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, float[] s3, int k3,
                     float[] s4, int k4, float[] s5, int k5, int step, float[] zeros, int zero, boolean padLeft,
                     boolean padRight, float[] dy, int dyOffset, int dyRow, float[] dw, int dwOffset) {
        for (int j = 0; j < columns; j++) {
            boolean first = padLeft && j == 0;
            boolean last = padRight && j == columns - 1;
            int at = j * step;
            int dyAt = dyOffset + at;
            float[] a0 = first ? zeros : s0;
            int m0 = first ? zero : k0 + at;
            float[] b0 = last ? zeros : s0;
            int n0 = last ? zero : k0 + at + 2 * step;
            float[] a1 = first ? zeros : s1;
            int m1 = first ? zero : k1 + at;
            float[] b1 = last ? zeros : s1;
            int n1 = last ? zero : k1 + at + 2 * step;
            float[] a2 = first ? zeros : s2;
            int m2 = first ? zero : k2 + at;
            float[] b2 = last ? zeros : s2;
            int n2 = last ? zero : k2 + at + 2 * step;
            float[] a3 = first ? zeros : s3;
            int m3 = first ? zero : k3 + at;
            float[] b3 = last ? zeros : s3;
            int n3 = last ? zero : k3 + at + 2 * step;
            float[] a4 = first ? zeros : s4;
            int m4 = first ? zero : k4 + at;
            float[] b4 = last ? zeros : s4;
            int n4 = last ? zero : k4 + at + 2 * step;
            float[] a5 = first ? zeros : s5;
            int m5 = first ? zero : k5 + at;
            float[] b5 = last ? zeros : s5;
            int n5 = last ? zero : k5 + at + 2 * step;
            for (int v = 0; v < channels; v += LANES) {
                FloatVector d0 = FloatVector.fromArray(S, dy, dyAt + v);
                FloatVector d1 = FloatVector.fromArray(S, dy, dyAt + dyRow + v);
                FloatVector d2 = FloatVector.fromArray(S, dy, dyAt + 2 * dyRow + v);
                FloatVector d3 = FloatVector.fromArray(S, dy, dyAt + 3 * dyRow + v);
                FloatVector x00 = FloatVector.fromArray(S, a0, m0 + v);
                FloatVector x01 = FloatVector.fromArray(S, s0, k0 + at + step + v);
                FloatVector x02 = FloatVector.fromArray(S, b0, n0 + v);
                FloatVector x10 = FloatVector.fromArray(S, a1, m1 + v);
                FloatVector x11 = FloatVector.fromArray(S, s1, k1 + at + step + v);
                FloatVector x12 = FloatVector.fromArray(S, b1, n1 + v);
                FloatVector x20 = FloatVector.fromArray(S, a2, m2 + v);
                FloatVector x21 = FloatVector.fromArray(S, s2, k2 + at + step + v);
                FloatVector x22 = FloatVector.fromArray(S, b2, n2 + v);
                FloatVector x30 = FloatVector.fromArray(S, a3, m3 + v);
                FloatVector x31 = FloatVector.fromArray(S, s3, k3 + at + step + v);
                FloatVector x32 = FloatVector.fromArray(S, b3, n3 + v);
                FloatVector x40 = FloatVector.fromArray(S, a4, m4 + v);
                FloatVector x41 = FloatVector.fromArray(S, s4, k4 + at + step + v);
                FloatVector x42 = FloatVector.fromArray(S, b4, n4 + v);
                FloatVector x50 = FloatVector.fromArray(S, a5, m5 + v);
                FloatVector x51 = FloatVector.fromArray(S, s5, k5 + at + step + v);
                FloatVector x52 = FloatVector.fromArray(S, b5, n5 + v);
                FloatVector c0 = FloatVector.fromArray(S, dw, dwOffset + 9 * v);
                FloatVector c1 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + LANES);
                FloatVector c2 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 2 * LANES);
                FloatVector c3 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 3 * LANES);
                FloatVector c4 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 4 * LANES);
                FloatVector c5 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 5 * LANES);
                FloatVector c6 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 6 * LANES);
                FloatVector c7 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 7 * LANES);
                FloatVector c8 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 8 * LANES);
                c0 = x00.fma(d0, c0);
                c1 = x01.fma(d0, c1);
                c2 = x02.fma(d0, c2);
                c3 = x10.fma(d0, c3);
                c4 = x11.fma(d0, c4);
                c5 = x12.fma(d0, c5);
                c6 = x20.fma(d0, c6);
                c7 = x21.fma(d0, c7);
                c8 = x22.fma(d0, c8);
                c0 = x10.fma(d1, c0);
                c1 = x11.fma(d1, c1);
                c2 = x12.fma(d1, c2);
                c3 = x20.fma(d1, c3);
                c4 = x21.fma(d1, c4);
                c5 = x22.fma(d1, c5);
                c6 = x30.fma(d1, c6);
                c7 = x31.fma(d1, c7);
                c8 = x32.fma(d1, c8);
                c0 = x20.fma(d2, c0);
                c1 = x21.fma(d2, c1);
                c2 = x22.fma(d2, c2);
                c3 = x30.fma(d2, c3);
                c4 = x31.fma(d2, c4);
                c5 = x32.fma(d2, c5);
                c6 = x40.fma(d2, c6);
                c7 = x41.fma(d2, c7);
                c8 = x42.fma(d2, c8);
                c0 = x30.fma(d3, c0);
                c1 = x31.fma(d3, c1);
                c2 = x32.fma(d3, c2);
                c3 = x40.fma(d3, c3);
                c4 = x41.fma(d3, c4);
                c5 = x42.fma(d3, c5);
                c6 = x50.fma(d3, c6);
                c7 = x51.fma(d3, c7);
                c8 = x52.fma(d3, c8);
                c0.intoArray(dw, dwOffset + 9 * v);
                c1.intoArray(dw, dwOffset + 9 * v + LANES);
                c2.intoArray(dw, dwOffset + 9 * v + 2 * LANES);
                c3.intoArray(dw, dwOffset + 9 * v + 3 * LANES);
                c4.intoArray(dw, dwOffset + 9 * v + 4 * LANES);
                c5.intoArray(dw, dwOffset + 9 * v + 5 * LANES);
                c6.intoArray(dw, dwOffset + 9 * v + 6 * LANES);
                c7.intoArray(dw, dwOffset + 9 * v + 7 * LANES);
                c8.intoArray(dw, dwOffset + 9 * v + 8 * LANES);
            }
        }
    }

    /** Two rows. */
    static void rows2(int columns, int channels, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, float[] s3, int k3,
                     int step, float[] zeros, int zero, boolean padLeft, boolean padRight, float[] dy, int dyOffset, int dyRow,
                     float[] dw, int dwOffset) {
        for (int j = 0; j < columns; j++) {
            boolean first = padLeft && j == 0;
            boolean last = padRight && j == columns - 1;
            int at = j * step;
            int dyAt = dyOffset + at;
            float[] a0 = first ? zeros : s0;
            int m0 = first ? zero : k0 + at;
            float[] b0 = last ? zeros : s0;
            int n0 = last ? zero : k0 + at + 2 * step;
            float[] a1 = first ? zeros : s1;
            int m1 = first ? zero : k1 + at;
            float[] b1 = last ? zeros : s1;
            int n1 = last ? zero : k1 + at + 2 * step;
            float[] a2 = first ? zeros : s2;
            int m2 = first ? zero : k2 + at;
            float[] b2 = last ? zeros : s2;
            int n2 = last ? zero : k2 + at + 2 * step;
            float[] a3 = first ? zeros : s3;
            int m3 = first ? zero : k3 + at;
            float[] b3 = last ? zeros : s3;
            int n3 = last ? zero : k3 + at + 2 * step;
            for (int v = 0; v < channels; v += LANES) {
                FloatVector d0 = FloatVector.fromArray(S, dy, dyAt + v);
                FloatVector d1 = FloatVector.fromArray(S, dy, dyAt + dyRow + v);
                FloatVector x00 = FloatVector.fromArray(S, a0, m0 + v);
                FloatVector x01 = FloatVector.fromArray(S, s0, k0 + at + step + v);
                FloatVector x02 = FloatVector.fromArray(S, b0, n0 + v);
                FloatVector x10 = FloatVector.fromArray(S, a1, m1 + v);
                FloatVector x11 = FloatVector.fromArray(S, s1, k1 + at + step + v);
                FloatVector x12 = FloatVector.fromArray(S, b1, n1 + v);
                FloatVector x20 = FloatVector.fromArray(S, a2, m2 + v);
                FloatVector x21 = FloatVector.fromArray(S, s2, k2 + at + step + v);
                FloatVector x22 = FloatVector.fromArray(S, b2, n2 + v);
                FloatVector x30 = FloatVector.fromArray(S, a3, m3 + v);
                FloatVector x31 = FloatVector.fromArray(S, s3, k3 + at + step + v);
                FloatVector x32 = FloatVector.fromArray(S, b3, n3 + v);
                FloatVector c0 = FloatVector.fromArray(S, dw, dwOffset + 9 * v);
                FloatVector c1 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + LANES);
                FloatVector c2 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 2 * LANES);
                FloatVector c3 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 3 * LANES);
                FloatVector c4 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 4 * LANES);
                FloatVector c5 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 5 * LANES);
                FloatVector c6 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 6 * LANES);
                FloatVector c7 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 7 * LANES);
                FloatVector c8 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 8 * LANES);
                c0 = x00.fma(d0, c0);
                c1 = x01.fma(d0, c1);
                c2 = x02.fma(d0, c2);
                c3 = x10.fma(d0, c3);
                c4 = x11.fma(d0, c4);
                c5 = x12.fma(d0, c5);
                c6 = x20.fma(d0, c6);
                c7 = x21.fma(d0, c7);
                c8 = x22.fma(d0, c8);
                c0 = x10.fma(d1, c0);
                c1 = x11.fma(d1, c1);
                c2 = x12.fma(d1, c2);
                c3 = x20.fma(d1, c3);
                c4 = x21.fma(d1, c4);
                c5 = x22.fma(d1, c5);
                c6 = x30.fma(d1, c6);
                c7 = x31.fma(d1, c7);
                c8 = x32.fma(d1, c8);
                c0.intoArray(dw, dwOffset + 9 * v);
                c1.intoArray(dw, dwOffset + 9 * v + LANES);
                c2.intoArray(dw, dwOffset + 9 * v + 2 * LANES);
                c3.intoArray(dw, dwOffset + 9 * v + 3 * LANES);
                c4.intoArray(dw, dwOffset + 9 * v + 4 * LANES);
                c5.intoArray(dw, dwOffset + 9 * v + 5 * LANES);
                c6.intoArray(dw, dwOffset + 9 * v + 6 * LANES);
                c7.intoArray(dw, dwOffset + 9 * v + 7 * LANES);
                c8.intoArray(dw, dwOffset + 9 * v + 8 * LANES);
            }
        }
    }

    /** One row. */
    static void rows1(int columns, int channels, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, int step,
                     float[] zeros, int zero, boolean padLeft, boolean padRight, float[] dy, int dyOffset, float[] dw,
                     int dwOffset) {
        for (int j = 0; j < columns; j++) {
            boolean first = padLeft && j == 0;
            boolean last = padRight && j == columns - 1;
            int at = j * step;
            int dyAt = dyOffset + at;
            float[] a0 = first ? zeros : s0;
            int m0 = first ? zero : k0 + at;
            float[] b0 = last ? zeros : s0;
            int n0 = last ? zero : k0 + at + 2 * step;
            float[] a1 = first ? zeros : s1;
            int m1 = first ? zero : k1 + at;
            float[] b1 = last ? zeros : s1;
            int n1 = last ? zero : k1 + at + 2 * step;
            float[] a2 = first ? zeros : s2;
            int m2 = first ? zero : k2 + at;
            float[] b2 = last ? zeros : s2;
            int n2 = last ? zero : k2 + at + 2 * step;
            for (int v = 0; v < channels; v += LANES) {
                FloatVector d0 = FloatVector.fromArray(S, dy, dyAt + v);
                FloatVector x00 = FloatVector.fromArray(S, a0, m0 + v);
                FloatVector x01 = FloatVector.fromArray(S, s0, k0 + at + step + v);
                FloatVector x02 = FloatVector.fromArray(S, b0, n0 + v);
                FloatVector x10 = FloatVector.fromArray(S, a1, m1 + v);
                FloatVector x11 = FloatVector.fromArray(S, s1, k1 + at + step + v);
                FloatVector x12 = FloatVector.fromArray(S, b1, n1 + v);
                FloatVector x20 = FloatVector.fromArray(S, a2, m2 + v);
                FloatVector x21 = FloatVector.fromArray(S, s2, k2 + at + step + v);
                FloatVector x22 = FloatVector.fromArray(S, b2, n2 + v);
                FloatVector c0 = FloatVector.fromArray(S, dw, dwOffset + 9 * v);
                FloatVector c1 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + LANES);
                FloatVector c2 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 2 * LANES);
                FloatVector c3 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 3 * LANES);
                FloatVector c4 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 4 * LANES);
                FloatVector c5 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 5 * LANES);
                FloatVector c6 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 6 * LANES);
                FloatVector c7 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 7 * LANES);
                FloatVector c8 = FloatVector.fromArray(S, dw, dwOffset + 9 * v + 8 * LANES);
                c0 = x00.fma(d0, c0);
                c1 = x01.fma(d0, c1);
                c2 = x02.fma(d0, c2);
                c3 = x10.fma(d0, c3);
                c4 = x11.fma(d0, c4);
                c5 = x12.fma(d0, c5);
                c6 = x20.fma(d0, c6);
                c7 = x21.fma(d0, c7);
                c8 = x22.fma(d0, c8);
                c0.intoArray(dw, dwOffset + 9 * v);
                c1.intoArray(dw, dwOffset + 9 * v + LANES);
                c2.intoArray(dw, dwOffset + 9 * v + 2 * LANES);
                c3.intoArray(dw, dwOffset + 9 * v + 3 * LANES);
                c4.intoArray(dw, dwOffset + 9 * v + 4 * LANES);
                c5.intoArray(dw, dwOffset + 9 * v + 5 * LANES);
                c6.intoArray(dw, dwOffset + 9 * v + 6 * LANES);
                c7.intoArray(dw, dwOffset + 9 * v + 7 * LANES);
                c8.intoArray(dw, dwOffset + 9 * v + 8 * LANES);
            }
        }
    }
}
