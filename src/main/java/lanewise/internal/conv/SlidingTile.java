package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Simd;

/**
 * The microkernels of {@link SlidingDepthwiseConv}: one vector of channels, one to four rows of outputs, and a 3x3 window
 * that slides
 * along them over the image itself:
 *
 * <pre>y[i][j][v] = act(bias[v] + sum over r, s in 0..2 of x[i step + r][j step + s][v] w[r][s][v])</pre>
 *
 * <p>The nine weights stay in registers, and so do the columns of the window that the next output sees, too. So at stride 1
 * a column
 * of 4 outputs takes 6 loads for 36 multiply-adds. Registers, at 4 rows: 9 weights, the bias, 18 of the window, 4 sums: all
 * of 32; 2
 * rows take 24, of which C2 keeps some in memory if there are 16.
 *
 * <p>Each row of the image is an array with an offset: that of its first column, which is padding if {@code padLeft}, and then not
 * read. A row outside the image is a row of zeros; so are the first and the last column, if they are padding.
 */
final class SlidingTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    /** Most rows of outputs at a time, at stride 1 and 2. */
    static final int ROWS = Simd.REGISTERS == 32 ? 4 : 2;
    static final int ROWS_STRIDED = 2;

    private SlidingTile() {}

    /** Four rows at stride 1. */
    static void rows4(int columns, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, float[] s3, int k3,
                              float[] s4, int k4, float[] s5, int k5, int step, float[] zeros, int zero, boolean padLeft,
                              boolean padRight, float[] w, int wOffset, int wStride, float[] bias, int biasOffset, boolean relu,
                              boolean six, float[] y, int yOffset, int yRow, int yPixel) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset);
        FloatVector w1 = FloatVector.fromArray(S, w, wOffset + wStride);
        FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 2 * wStride);
        FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 3 * wStride);
        FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 4 * wStride);
        FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 5 * wStride);
        FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 6 * wStride);
        FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 7 * wStride);
        FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 8 * wStride);
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector x00 = FloatVector.fromArray(S, padLeft ? zeros : s0, padLeft ? zero : k0);
        FloatVector x01 = FloatVector.fromArray(S, s0, k0 + step);
        FloatVector x10 = FloatVector.fromArray(S, padLeft ? zeros : s1, padLeft ? zero : k1);
        FloatVector x11 = FloatVector.fromArray(S, s1, k1 + step);
        FloatVector x20 = FloatVector.fromArray(S, padLeft ? zeros : s2, padLeft ? zero : k2);
        FloatVector x21 = FloatVector.fromArray(S, s2, k2 + step);
        FloatVector x30 = FloatVector.fromArray(S, padLeft ? zeros : s3, padLeft ? zero : k3);
        FloatVector x31 = FloatVector.fromArray(S, s3, k3 + step);
        FloatVector x40 = FloatVector.fromArray(S, padLeft ? zeros : s4, padLeft ? zero : k4);
        FloatVector x41 = FloatVector.fromArray(S, s4, k4 + step);
        FloatVector x50 = FloatVector.fromArray(S, padLeft ? zeros : s5, padLeft ? zero : k5);
        FloatVector x51 = FloatVector.fromArray(S, s5, k5 + step);
        int at = 2 * step;
        int yAt = yOffset;
        int j = 0;
        for (int part = 0; part < 2; part++) {
            int end = part == 0 ? columns - 1 : columns;
            if (part == 1 && padRight) {
                s0 = s1 = s2 = s3 = s4 = s5 = zeros;
                k0 = k1 = k2 = k3 = k4 = k5 = zero - at;
            }
            for (; j < end; j++) {
                FloatVector x02 = FloatVector.fromArray(S, s0, at + k0);
                FloatVector x12 = FloatVector.fromArray(S, s1, at + k1);
                FloatVector x22 = FloatVector.fromArray(S, s2, at + k2);
                FloatVector x32 = FloatVector.fromArray(S, s3, at + k3);
                FloatVector x42 = FloatVector.fromArray(S, s4, at + k4);
                FloatVector x52 = FloatVector.fromArray(S, s5, at + k5);
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
                c0.intoArray(y, yAt);
                c1.intoArray(y, yAt + yRow);
                c2.intoArray(y, yAt + 2 * yRow);
                c3.intoArray(y, yAt + 3 * yRow);
                x00 = x01;
                x01 = x02;
                x10 = x11;
                x11 = x12;
                x20 = x21;
                x21 = x22;
                x30 = x31;
                x31 = x32;
                x40 = x41;
                x41 = x42;
                x50 = x51;
                x51 = x52;
                at += step;
                yAt += yPixel;
            }
        }
    }

    /** Two rows at stride 1. */
    static void rows2(int columns, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, float[] s3, int k3,
                              int step, float[] zeros, int zero, boolean padLeft, boolean padRight, float[] w, int wOffset,
                              int wStride, float[] bias, int biasOffset, boolean relu, boolean six, float[] y, int yOffset,
                              int yRow, int yPixel) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset);
        FloatVector w1 = FloatVector.fromArray(S, w, wOffset + wStride);
        FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 2 * wStride);
        FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 3 * wStride);
        FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 4 * wStride);
        FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 5 * wStride);
        FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 6 * wStride);
        FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 7 * wStride);
        FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 8 * wStride);
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector x00 = FloatVector.fromArray(S, padLeft ? zeros : s0, padLeft ? zero : k0);
        FloatVector x01 = FloatVector.fromArray(S, s0, k0 + step);
        FloatVector x10 = FloatVector.fromArray(S, padLeft ? zeros : s1, padLeft ? zero : k1);
        FloatVector x11 = FloatVector.fromArray(S, s1, k1 + step);
        FloatVector x20 = FloatVector.fromArray(S, padLeft ? zeros : s2, padLeft ? zero : k2);
        FloatVector x21 = FloatVector.fromArray(S, s2, k2 + step);
        FloatVector x30 = FloatVector.fromArray(S, padLeft ? zeros : s3, padLeft ? zero : k3);
        FloatVector x31 = FloatVector.fromArray(S, s3, k3 + step);
        int at = 2 * step;
        int yAt = yOffset;
        int j = 0;
        for (int part = 0; part < 2; part++) {
            int end = part == 0 ? columns - 1 : columns;
            if (part == 1 && padRight) {
                s0 = s1 = s2 = s3 = zeros;
                k0 = k1 = k2 = k3 = zero - at;
            }
            for (; j < end; j++) {
                FloatVector x02 = FloatVector.fromArray(S, s0, at + k0);
                FloatVector x12 = FloatVector.fromArray(S, s1, at + k1);
                FloatVector x22 = FloatVector.fromArray(S, s2, at + k2);
                FloatVector x32 = FloatVector.fromArray(S, s3, at + k3);
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
                c0.intoArray(y, yAt);
                c1.intoArray(y, yAt + yRow);
                x00 = x01;
                x01 = x02;
                x10 = x11;
                x11 = x12;
                x20 = x21;
                x21 = x22;
                x30 = x31;
                x31 = x32;
                at += step;
                yAt += yPixel;
            }
        }
    }

    /** One row at stride 1. */
    static void rows1(int columns, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, int step, float[] zeros,
                              int zero, boolean padLeft, boolean padRight, float[] w, int wOffset, int wStride, float[] bias,
                              int biasOffset, boolean relu, boolean six, float[] y, int yOffset, int yPixel) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset);
        FloatVector w1 = FloatVector.fromArray(S, w, wOffset + wStride);
        FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 2 * wStride);
        FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 3 * wStride);
        FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 4 * wStride);
        FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 5 * wStride);
        FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 6 * wStride);
        FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 7 * wStride);
        FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 8 * wStride);
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector x00 = FloatVector.fromArray(S, padLeft ? zeros : s0, padLeft ? zero : k0);
        FloatVector x01 = FloatVector.fromArray(S, s0, k0 + step);
        FloatVector x10 = FloatVector.fromArray(S, padLeft ? zeros : s1, padLeft ? zero : k1);
        FloatVector x11 = FloatVector.fromArray(S, s1, k1 + step);
        FloatVector x20 = FloatVector.fromArray(S, padLeft ? zeros : s2, padLeft ? zero : k2);
        FloatVector x21 = FloatVector.fromArray(S, s2, k2 + step);
        int at = 2 * step;
        int yAt = yOffset;
        int j = 0;
        for (int part = 0; part < 2; part++) {
            int end = part == 0 ? columns - 1 : columns;
            if (part == 1 && padRight) {
                s0 = s1 = s2 = zeros;
                k0 = k1 = k2 = zero - at;
            }
            for (; j < end; j++) {
                FloatVector x02 = FloatVector.fromArray(S, s0, at + k0);
                FloatVector x12 = FloatVector.fromArray(S, s1, at + k1);
                FloatVector x22 = FloatVector.fromArray(S, s2, at + k2);
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
                c0.intoArray(y, yAt);
                x00 = x01;
                x01 = x02;
                x10 = x11;
                x11 = x12;
                x20 = x21;
                x21 = x22;
                at += step;
                yAt += yPixel;
            }
        }
    }

    /** Two rows at stride 2. */
    static void strided2(int columns, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, float[] s3, int k3,
                                 float[] s4, int k4, int step, float[] zeros, int zero, boolean padLeft, boolean padRight,
                                 float[] w, int wOffset, int wStride, float[] bias, int biasOffset, boolean relu, boolean six,
                                 float[] y, int yOffset, int yRow, int yPixel) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset);
        FloatVector w1 = FloatVector.fromArray(S, w, wOffset + wStride);
        FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 2 * wStride);
        FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 3 * wStride);
        FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 4 * wStride);
        FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 5 * wStride);
        FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 6 * wStride);
        FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 7 * wStride);
        FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 8 * wStride);
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector x00 = FloatVector.fromArray(S, padLeft ? zeros : s0, padLeft ? zero : k0);
        FloatVector x10 = FloatVector.fromArray(S, padLeft ? zeros : s1, padLeft ? zero : k1);
        FloatVector x20 = FloatVector.fromArray(S, padLeft ? zeros : s2, padLeft ? zero : k2);
        FloatVector x30 = FloatVector.fromArray(S, padLeft ? zeros : s3, padLeft ? zero : k3);
        FloatVector x40 = FloatVector.fromArray(S, padLeft ? zeros : s4, padLeft ? zero : k4);
        int at = step;
        int yAt = yOffset;
        int j = 0;
        for (int part = 0; part < 2; part++) {
            int end = part == 0 ? columns - 1 : columns;
            float[] e0 = part == 1 && padRight ? zeros : s0;
            int m0 = part == 1 && padRight ? zero - at : k0 + step;
            float[] e1 = part == 1 && padRight ? zeros : s1;
            int m1 = part == 1 && padRight ? zero - at : k1 + step;
            float[] e2 = part == 1 && padRight ? zeros : s2;
            int m2 = part == 1 && padRight ? zero - at : k2 + step;
            float[] e3 = part == 1 && padRight ? zeros : s3;
            int m3 = part == 1 && padRight ? zero - at : k3 + step;
            float[] e4 = part == 1 && padRight ? zeros : s4;
            int m4 = part == 1 && padRight ? zero - at : k4 + step;
            for (; j < end; j++) {
                FloatVector x01 = FloatVector.fromArray(S, s0, at + k0);
                FloatVector x02 = FloatVector.fromArray(S, e0, at + m0);
                FloatVector x11 = FloatVector.fromArray(S, s1, at + k1);
                FloatVector x12 = FloatVector.fromArray(S, e1, at + m1);
                FloatVector x21 = FloatVector.fromArray(S, s2, at + k2);
                FloatVector x22 = FloatVector.fromArray(S, e2, at + m2);
                FloatVector x31 = FloatVector.fromArray(S, s3, at + k3);
                FloatVector x32 = FloatVector.fromArray(S, e3, at + m3);
                FloatVector x41 = FloatVector.fromArray(S, s4, at + k4);
                FloatVector x42 = FloatVector.fromArray(S, e4, at + m4);
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
                c0.intoArray(y, yAt);
                c1.intoArray(y, yAt + yRow);
                x00 = x02;
                x10 = x12;
                x20 = x22;
                x30 = x32;
                x40 = x42;
                at += 2 * step;
                yAt += yPixel;
            }
        }
    }

    /** One row at stride 2. */
    static void strided1(int columns, float[] s0, int k0, float[] s1, int k1, float[] s2, int k2, int step, float[] zeros,
                                 int zero, boolean padLeft, boolean padRight, float[] w, int wOffset, int wStride, float[] bias,
                                 int biasOffset, boolean relu, boolean six, float[] y, int yOffset, int yPixel) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset);
        FloatVector w1 = FloatVector.fromArray(S, w, wOffset + wStride);
        FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 2 * wStride);
        FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 3 * wStride);
        FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 4 * wStride);
        FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 5 * wStride);
        FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 6 * wStride);
        FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 7 * wStride);
        FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 8 * wStride);
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector x00 = FloatVector.fromArray(S, padLeft ? zeros : s0, padLeft ? zero : k0);
        FloatVector x10 = FloatVector.fromArray(S, padLeft ? zeros : s1, padLeft ? zero : k1);
        FloatVector x20 = FloatVector.fromArray(S, padLeft ? zeros : s2, padLeft ? zero : k2);
        int at = step;
        int yAt = yOffset;
        int j = 0;
        for (int part = 0; part < 2; part++) {
            int end = part == 0 ? columns - 1 : columns;
            float[] e0 = part == 1 && padRight ? zeros : s0;
            int m0 = part == 1 && padRight ? zero - at : k0 + step;
            float[] e1 = part == 1 && padRight ? zeros : s1;
            int m1 = part == 1 && padRight ? zero - at : k1 + step;
            float[] e2 = part == 1 && padRight ? zeros : s2;
            int m2 = part == 1 && padRight ? zero - at : k2 + step;
            for (; j < end; j++) {
                FloatVector x01 = FloatVector.fromArray(S, s0, at + k0);
                FloatVector x02 = FloatVector.fromArray(S, e0, at + m0);
                FloatVector x11 = FloatVector.fromArray(S, s1, at + k1);
                FloatVector x12 = FloatVector.fromArray(S, e1, at + m1);
                FloatVector x21 = FloatVector.fromArray(S, s2, at + k2);
                FloatVector x22 = FloatVector.fromArray(S, e2, at + m2);
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
                c0.intoArray(y, yAt);
                x00 = x02;
                x10 = x12;
                x20 = x22;
                at += 2 * step;
                yAt += yPixel;
            }
        }
    }
}
