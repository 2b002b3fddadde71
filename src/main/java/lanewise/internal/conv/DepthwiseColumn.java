package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernels of {@link SlidingDepthwiseConv} for images that lie in memory rather than in the first caches: pixel after pixel
 * of one to four rows of outputs, all channels of a pixel before the next,
 *
 * <pre>y[i][j][v] = act(bias[v] + sum over r, s in 0..2 of x[i step + r][j step + s][v] w[r][s][v])</pre>
 *
 * <p>So each row of x and of y is one stream of consecutive cache lines, as prefetchers like it, where {@link SlidingTile} touches
 * one line in every pixel. The price is loads: 28 for 4 outputs, nine of them weights, which are packed
 * {@code [channel / lanes][tap][lane]}. All addresses of the inner loop are affine in its counter, so C2 puts the range checks
 * before it. Registers, at 4 rows: 9 weights, 4 sums, 18 of x.
 *
 * <p>Rows of the image, padding, zeros and the order of a sum are those of {@link SlidingTile}.
 */
final class DepthwiseColumn {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private DepthwiseColumn() {}

    /** Four rows at stride 1. */
    static void rows4(int columns, int channels, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, float[] s3, int k3,
                     float[] s4, int k4, float[] s5, int k5, int step, float[] zeros, int zero, boolean padLeft,
                     boolean padRight, float[] w, int wOffset, float[] bias, int biasOffset, boolean relu, boolean six,
                     float[] y, int yOffset, int yRow, int yPixel) {
        for (int j = 0; j < columns; j++) {
            boolean first = padLeft && j == 0;
            boolean last = padRight && j == columns - 1;
            int at = j * step;
            int yAt = yOffset + j * yPixel;
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
                FloatVector w0 = FloatVector.fromArray(S, w, wOffset + 9 * v);
                FloatVector w1 = FloatVector.fromArray(S, w, wOffset + 9 * v + LANES);
                FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 9 * v + 2 * LANES);
                FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 9 * v + 3 * LANES);
                FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 9 * v + 4 * LANES);
                FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 9 * v + 5 * LANES);
                FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 9 * v + 6 * LANES);
                FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 9 * v + 7 * LANES);
                FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 9 * v + 8 * LANES);
                FloatVector b = FloatVector.fromArray(S, bias, biasOffset + v);
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
                FloatVector c0 = x00.fma(w0, b);
                FloatVector c1 = x10.fma(w0, b);
                FloatVector c2 = x20.fma(w0, b);
                FloatVector c3 = x30.fma(w0, b);
                c0 = x01.fma(w1, c0);
                c1 = x11.fma(w1, c1);
                c2 = x21.fma(w1, c2);
                c3 = x31.fma(w1, c3);
                c0 = x02.fma(w2, c0);
                c1 = x12.fma(w2, c1);
                c2 = x22.fma(w2, c2);
                c3 = x32.fma(w2, c3);
                c0 = x10.fma(w3, c0);
                c1 = x20.fma(w3, c1);
                c2 = x30.fma(w3, c2);
                c3 = x40.fma(w3, c3);
                c0 = x11.fma(w4, c0);
                c1 = x21.fma(w4, c1);
                c2 = x31.fma(w4, c2);
                c3 = x41.fma(w4, c3);
                c0 = x12.fma(w5, c0);
                c1 = x22.fma(w5, c1);
                c2 = x32.fma(w5, c2);
                c3 = x42.fma(w5, c3);
                c0 = x20.fma(w6, c0);
                c1 = x30.fma(w6, c1);
                c2 = x40.fma(w6, c2);
                c3 = x50.fma(w6, c3);
                c0 = x21.fma(w7, c0);
                c1 = x31.fma(w7, c1);
                c2 = x41.fma(w7, c2);
                c3 = x51.fma(w7, c3);
                c0 = x22.fma(w8, c0);
                c1 = x32.fma(w8, c1);
                c2 = x42.fma(w8, c2);
                c3 = x52.fma(w8, c3);
                if (relu) {
                    c0 = c0.blend(0f, c0.compare(LT, 0f));
                    c1 = c1.blend(0f, c1.compare(LT, 0f));
                    c2 = c2.blend(0f, c2.compare(LT, 0f));
                    c3 = c3.blend(0f, c3.compare(LT, 0f));
                }
                if (six) {
                    c0 = c0.blend(6f, c0.compare(GT, 6f));
                    c1 = c1.blend(6f, c1.compare(GT, 6f));
                    c2 = c2.blend(6f, c2.compare(GT, 6f));
                    c3 = c3.blend(6f, c3.compare(GT, 6f));
                }
                c0.intoArray(y, yAt + v);
                c1.intoArray(y, yAt + v + yRow);
                c2.intoArray(y, yAt + v + 2 * yRow);
                c3.intoArray(y, yAt + v + 3 * yRow);
            }
        }
    }

    /** Two rows at stride 1. */
    static void rows2(int columns, int channels, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, float[] s3, int k3,
                     int step, float[] zeros, int zero, boolean padLeft, boolean padRight, float[] w, int wOffset, float[] bias,
                     int biasOffset, boolean relu, boolean six, float[] y, int yOffset, int yRow, int yPixel) {
        for (int j = 0; j < columns; j++) {
            boolean first = padLeft && j == 0;
            boolean last = padRight && j == columns - 1;
            int at = j * step;
            int yAt = yOffset + j * yPixel;
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
                FloatVector w0 = FloatVector.fromArray(S, w, wOffset + 9 * v);
                FloatVector w1 = FloatVector.fromArray(S, w, wOffset + 9 * v + LANES);
                FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 9 * v + 2 * LANES);
                FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 9 * v + 3 * LANES);
                FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 9 * v + 4 * LANES);
                FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 9 * v + 5 * LANES);
                FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 9 * v + 6 * LANES);
                FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 9 * v + 7 * LANES);
                FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 9 * v + 8 * LANES);
                FloatVector b = FloatVector.fromArray(S, bias, biasOffset + v);
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
                FloatVector c0 = x00.fma(w0, b);
                FloatVector c1 = x10.fma(w0, b);
                c0 = x01.fma(w1, c0);
                c1 = x11.fma(w1, c1);
                c0 = x02.fma(w2, c0);
                c1 = x12.fma(w2, c1);
                c0 = x10.fma(w3, c0);
                c1 = x20.fma(w3, c1);
                c0 = x11.fma(w4, c0);
                c1 = x21.fma(w4, c1);
                c0 = x12.fma(w5, c0);
                c1 = x22.fma(w5, c1);
                c0 = x20.fma(w6, c0);
                c1 = x30.fma(w6, c1);
                c0 = x21.fma(w7, c0);
                c1 = x31.fma(w7, c1);
                c0 = x22.fma(w8, c0);
                c1 = x32.fma(w8, c1);
                if (relu) {
                    c0 = c0.blend(0f, c0.compare(LT, 0f));
                    c1 = c1.blend(0f, c1.compare(LT, 0f));
                }
                if (six) {
                    c0 = c0.blend(6f, c0.compare(GT, 6f));
                    c1 = c1.blend(6f, c1.compare(GT, 6f));
                }
                c0.intoArray(y, yAt + v);
                c1.intoArray(y, yAt + v + yRow);
            }
        }
    }

    /** One row at any stride. */
    static void rows1(int columns, int stride, int channels, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2,
                     int step, float[] zeros, int zero, boolean padLeft, boolean padRight, float[] w, int wOffset, float[] bias,
                     int biasOffset, boolean relu, boolean six, float[] y, int yOffset, int yPixel) {
        for (int j = 0; j < columns; j++) {
            boolean first = padLeft && j == 0;
            boolean last = padRight && j == columns - 1;
            int at = j * stride * step;
            int yAt = yOffset + j * yPixel;
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
                FloatVector w0 = FloatVector.fromArray(S, w, wOffset + 9 * v);
                FloatVector w1 = FloatVector.fromArray(S, w, wOffset + 9 * v + LANES);
                FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 9 * v + 2 * LANES);
                FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 9 * v + 3 * LANES);
                FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 9 * v + 4 * LANES);
                FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 9 * v + 5 * LANES);
                FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 9 * v + 6 * LANES);
                FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 9 * v + 7 * LANES);
                FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 9 * v + 8 * LANES);
                FloatVector b = FloatVector.fromArray(S, bias, biasOffset + v);
                FloatVector x00 = FloatVector.fromArray(S, a0, m0 + v);
                FloatVector x01 = FloatVector.fromArray(S, s0, k0 + at + step + v);
                FloatVector x02 = FloatVector.fromArray(S, b0, n0 + v);
                FloatVector x10 = FloatVector.fromArray(S, a1, m1 + v);
                FloatVector x11 = FloatVector.fromArray(S, s1, k1 + at + step + v);
                FloatVector x12 = FloatVector.fromArray(S, b1, n1 + v);
                FloatVector x20 = FloatVector.fromArray(S, a2, m2 + v);
                FloatVector x21 = FloatVector.fromArray(S, s2, k2 + at + step + v);
                FloatVector x22 = FloatVector.fromArray(S, b2, n2 + v);
                FloatVector c0 = x00.fma(w0, b);
                c0 = x01.fma(w1, c0);
                c0 = x02.fma(w2, c0);
                c0 = x10.fma(w3, c0);
                c0 = x11.fma(w4, c0);
                c0 = x12.fma(w5, c0);
                c0 = x20.fma(w6, c0);
                c0 = x21.fma(w7, c0);
                c0 = x22.fma(w8, c0);
                if (relu) {
                    c0 = c0.blend(0f, c0.compare(LT, 0f));
                }
                if (six) {
                    c0 = c0.blend(6f, c0.compare(GT, 6f));
                }
                c0.intoArray(y, yAt + v);
            }
        }
    }

    /** Two rows at stride 2. */
    static void strided2(int columns, int channels, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, float[] s3,
                     int k3, float[] s4, int k4, int step, float[] zeros, int zero, boolean padLeft, boolean padRight,
                     float[] w, int wOffset, float[] bias, int biasOffset, boolean relu, boolean six, float[] y, int yOffset,
                     int yRow, int yPixel) {
        for (int j = 0; j < columns; j++) {
            boolean first = padLeft && j == 0;
            boolean last = padRight && j == columns - 1;
            int at = 2 * j * step;
            int yAt = yOffset + j * yPixel;
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
            for (int v = 0; v < channels; v += LANES) {
                FloatVector w0 = FloatVector.fromArray(S, w, wOffset + 9 * v);
                FloatVector w1 = FloatVector.fromArray(S, w, wOffset + 9 * v + LANES);
                FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 9 * v + 2 * LANES);
                FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 9 * v + 3 * LANES);
                FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 9 * v + 4 * LANES);
                FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 9 * v + 5 * LANES);
                FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 9 * v + 6 * LANES);
                FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 9 * v + 7 * LANES);
                FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 9 * v + 8 * LANES);
                FloatVector b = FloatVector.fromArray(S, bias, biasOffset + v);
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
                FloatVector c0 = x00.fma(w0, b);
                FloatVector c1 = x20.fma(w0, b);
                c0 = x01.fma(w1, c0);
                c1 = x21.fma(w1, c1);
                c0 = x02.fma(w2, c0);
                c1 = x22.fma(w2, c1);
                c0 = x10.fma(w3, c0);
                c1 = x30.fma(w3, c1);
                c0 = x11.fma(w4, c0);
                c1 = x31.fma(w4, c1);
                c0 = x12.fma(w5, c0);
                c1 = x32.fma(w5, c1);
                c0 = x20.fma(w6, c0);
                c1 = x40.fma(w6, c1);
                c0 = x21.fma(w7, c0);
                c1 = x41.fma(w7, c1);
                c0 = x22.fma(w8, c0);
                c1 = x42.fma(w8, c1);
                if (relu) {
                    c0 = c0.blend(0f, c0.compare(LT, 0f));
                    c1 = c1.blend(0f, c1.compare(LT, 0f));
                }
                if (six) {
                    c0 = c0.blend(6f, c0.compare(GT, 6f));
                    c1 = c1.blend(6f, c1.compare(GT, 6f));
                }
                c0.intoArray(y, yAt + v);
                c1.intoArray(y, yAt + v + yRow);
            }
        }
    }
}
