package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The microkernels of {@link TiledDepthwiseConv}: one vector of channels of eight neighbouring outputs of a row,
 *
 * <pre>y[j][v] = act(bias[v] + sum over r, s of x[r][j step + s][v] w[r][s][v])</pre>
 *
 * <p>for windows 3 or 5 wide at step 1 or 2. A column of a row of x is loaded once and goes into all outputs that see it: 17 loads for
 * 40 multiply-adds at 5 wide and step 1, where a load for each would be 45. Registers: 8 sums, the weights of a row, one or two of x.
 *
 * <p>All take {@code taps} rows of the window, {@code xRow} floats apart, columns {@code xPixel} apart and weights {@code wStride} apart.
 */
final class DepthwiseRow {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    /** Outputs at a time. */
    static final int PIXELS = 8;

    private DepthwiseRow() {}

    /** 5 wide, step 1. */
    static void five(int taps, float[] x, int xOffset, int xRow, int xPixel, float[] w, int wOffset, int wStride,
                       float[] bias, int biasOffset, boolean relu, float[] y, int yOffset, int yPixel) {
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c0 = b;
        FloatVector c1 = b;
        FloatVector c2 = b;
        FloatVector c3 = b;
        FloatVector c4 = b;
        FloatVector c5 = b;
        FloatVector c6 = b;
        FloatVector c7 = b;
        int at = xOffset;
        int wAt = wOffset;
        for (int t = 0; t < taps; t++) {
            FloatVector w0 = FloatVector.fromArray(S, w, wAt);
            FloatVector w1 = FloatVector.fromArray(S, w, wAt + wStride);
            FloatVector w2 = FloatVector.fromArray(S, w, wAt + 2 * wStride);
            FloatVector w3 = FloatVector.fromArray(S, w, wAt + 3 * wStride);
            FloatVector w4 = FloatVector.fromArray(S, w, wAt + 4 * wStride);
            FloatVector x0 = FloatVector.fromArray(S, x, at);
            c0 = x0.fma(w0, c0);
            FloatVector x1 = FloatVector.fromArray(S, x, at + xPixel);
            c0 = x1.fma(w1, c0);
            c1 = x1.fma(w0, c1);
            FloatVector x2 = FloatVector.fromArray(S, x, at + 2 * xPixel);
            c0 = x2.fma(w2, c0);
            c1 = x2.fma(w1, c1);
            c2 = x2.fma(w0, c2);
            FloatVector x3 = FloatVector.fromArray(S, x, at + 3 * xPixel);
            c0 = x3.fma(w3, c0);
            c1 = x3.fma(w2, c1);
            c2 = x3.fma(w1, c2);
            c3 = x3.fma(w0, c3);
            FloatVector x4 = FloatVector.fromArray(S, x, at + 4 * xPixel);
            c0 = x4.fma(w4, c0);
            c1 = x4.fma(w3, c1);
            c2 = x4.fma(w2, c2);
            c3 = x4.fma(w1, c3);
            c4 = x4.fma(w0, c4);
            FloatVector x5 = FloatVector.fromArray(S, x, at + 5 * xPixel);
            c1 = x5.fma(w4, c1);
            c2 = x5.fma(w3, c2);
            c3 = x5.fma(w2, c3);
            c4 = x5.fma(w1, c4);
            c5 = x5.fma(w0, c5);
            FloatVector x6 = FloatVector.fromArray(S, x, at + 6 * xPixel);
            c2 = x6.fma(w4, c2);
            c3 = x6.fma(w3, c3);
            c4 = x6.fma(w2, c4);
            c5 = x6.fma(w1, c5);
            c6 = x6.fma(w0, c6);
            FloatVector x7 = FloatVector.fromArray(S, x, at + 7 * xPixel);
            c3 = x7.fma(w4, c3);
            c4 = x7.fma(w3, c4);
            c5 = x7.fma(w2, c5);
            c6 = x7.fma(w1, c6);
            c7 = x7.fma(w0, c7);
            FloatVector x8 = FloatVector.fromArray(S, x, at + 8 * xPixel);
            c4 = x8.fma(w4, c4);
            c5 = x8.fma(w3, c5);
            c6 = x8.fma(w2, c6);
            c7 = x8.fma(w1, c7);
            FloatVector x9 = FloatVector.fromArray(S, x, at + 9 * xPixel);
            c5 = x9.fma(w4, c5);
            c6 = x9.fma(w3, c6);
            c7 = x9.fma(w2, c7);
            FloatVector x10 = FloatVector.fromArray(S, x, at + 10 * xPixel);
            c6 = x10.fma(w4, c6);
            c7 = x10.fma(w3, c7);
            FloatVector x11 = FloatVector.fromArray(S, x, at + 11 * xPixel);
            c7 = x11.fma(w4, c7);
            at += xRow;
            wAt += 5 * wStride;
        }
        if (relu) {
            c0 = c0.blend(0f, c0.compare(LT, 0f));
            c1 = c1.blend(0f, c1.compare(LT, 0f));
            c2 = c2.blend(0f, c2.compare(LT, 0f));
            c3 = c3.blend(0f, c3.compare(LT, 0f));
            c4 = c4.blend(0f, c4.compare(LT, 0f));
            c5 = c5.blend(0f, c5.compare(LT, 0f));
            c6 = c6.blend(0f, c6.compare(LT, 0f));
            c7 = c7.blend(0f, c7.compare(LT, 0f));
        }
        c0.intoArray(y, yOffset);
        c1.intoArray(y, yOffset + yPixel);
        c2.intoArray(y, yOffset + 2 * yPixel);
        c3.intoArray(y, yOffset + 3 * yPixel);
        c4.intoArray(y, yOffset + 4 * yPixel);
        c5.intoArray(y, yOffset + 5 * yPixel);
        c6.intoArray(y, yOffset + 6 * yPixel);
        c7.intoArray(y, yOffset + 7 * yPixel);
    }

    /** 5 wide, step 2. */
    static void fiveStrided(int taps, float[] x, int xOffset, int xRow, int xPixel, float[] w, int wOffset, int wStride,
                       float[] bias, int biasOffset, boolean relu, float[] y, int yOffset, int yPixel) {
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c0 = b;
        FloatVector c1 = b;
        FloatVector c2 = b;
        FloatVector c3 = b;
        FloatVector c4 = b;
        FloatVector c5 = b;
        FloatVector c6 = b;
        FloatVector c7 = b;
        int at = xOffset;
        int wAt = wOffset;
        for (int t = 0; t < taps; t++) {
            FloatVector w0 = FloatVector.fromArray(S, w, wAt);
            FloatVector w1 = FloatVector.fromArray(S, w, wAt + wStride);
            FloatVector w2 = FloatVector.fromArray(S, w, wAt + 2 * wStride);
            FloatVector w3 = FloatVector.fromArray(S, w, wAt + 3 * wStride);
            FloatVector w4 = FloatVector.fromArray(S, w, wAt + 4 * wStride);
            FloatVector x0 = FloatVector.fromArray(S, x, at);
            c0 = x0.fma(w0, c0);
            FloatVector x1 = FloatVector.fromArray(S, x, at + xPixel);
            c0 = x1.fma(w1, c0);
            FloatVector x2 = FloatVector.fromArray(S, x, at + 2 * xPixel);
            c0 = x2.fma(w2, c0);
            c1 = x2.fma(w0, c1);
            FloatVector x3 = FloatVector.fromArray(S, x, at + 3 * xPixel);
            c0 = x3.fma(w3, c0);
            c1 = x3.fma(w1, c1);
            FloatVector x4 = FloatVector.fromArray(S, x, at + 4 * xPixel);
            c0 = x4.fma(w4, c0);
            c1 = x4.fma(w2, c1);
            c2 = x4.fma(w0, c2);
            FloatVector x5 = FloatVector.fromArray(S, x, at + 5 * xPixel);
            c1 = x5.fma(w3, c1);
            c2 = x5.fma(w1, c2);
            FloatVector x6 = FloatVector.fromArray(S, x, at + 6 * xPixel);
            c1 = x6.fma(w4, c1);
            c2 = x6.fma(w2, c2);
            c3 = x6.fma(w0, c3);
            FloatVector x7 = FloatVector.fromArray(S, x, at + 7 * xPixel);
            c2 = x7.fma(w3, c2);
            c3 = x7.fma(w1, c3);
            FloatVector x8 = FloatVector.fromArray(S, x, at + 8 * xPixel);
            c2 = x8.fma(w4, c2);
            c3 = x8.fma(w2, c3);
            c4 = x8.fma(w0, c4);
            FloatVector x9 = FloatVector.fromArray(S, x, at + 9 * xPixel);
            c3 = x9.fma(w3, c3);
            c4 = x9.fma(w1, c4);
            FloatVector x10 = FloatVector.fromArray(S, x, at + 10 * xPixel);
            c3 = x10.fma(w4, c3);
            c4 = x10.fma(w2, c4);
            c5 = x10.fma(w0, c5);
            FloatVector x11 = FloatVector.fromArray(S, x, at + 11 * xPixel);
            c4 = x11.fma(w3, c4);
            c5 = x11.fma(w1, c5);
            FloatVector x12 = FloatVector.fromArray(S, x, at + 12 * xPixel);
            c4 = x12.fma(w4, c4);
            c5 = x12.fma(w2, c5);
            c6 = x12.fma(w0, c6);
            FloatVector x13 = FloatVector.fromArray(S, x, at + 13 * xPixel);
            c5 = x13.fma(w3, c5);
            c6 = x13.fma(w1, c6);
            FloatVector x14 = FloatVector.fromArray(S, x, at + 14 * xPixel);
            c5 = x14.fma(w4, c5);
            c6 = x14.fma(w2, c6);
            c7 = x14.fma(w0, c7);
            FloatVector x15 = FloatVector.fromArray(S, x, at + 15 * xPixel);
            c6 = x15.fma(w3, c6);
            c7 = x15.fma(w1, c7);
            FloatVector x16 = FloatVector.fromArray(S, x, at + 16 * xPixel);
            c6 = x16.fma(w4, c6);
            c7 = x16.fma(w2, c7);
            FloatVector x17 = FloatVector.fromArray(S, x, at + 17 * xPixel);
            c7 = x17.fma(w3, c7);
            FloatVector x18 = FloatVector.fromArray(S, x, at + 18 * xPixel);
            c7 = x18.fma(w4, c7);
            at += xRow;
            wAt += 5 * wStride;
        }
        if (relu) {
            c0 = c0.blend(0f, c0.compare(LT, 0f));
            c1 = c1.blend(0f, c1.compare(LT, 0f));
            c2 = c2.blend(0f, c2.compare(LT, 0f));
            c3 = c3.blend(0f, c3.compare(LT, 0f));
            c4 = c4.blend(0f, c4.compare(LT, 0f));
            c5 = c5.blend(0f, c5.compare(LT, 0f));
            c6 = c6.blend(0f, c6.compare(LT, 0f));
            c7 = c7.blend(0f, c7.compare(LT, 0f));
        }
        c0.intoArray(y, yOffset);
        c1.intoArray(y, yOffset + yPixel);
        c2.intoArray(y, yOffset + 2 * yPixel);
        c3.intoArray(y, yOffset + 3 * yPixel);
        c4.intoArray(y, yOffset + 4 * yPixel);
        c5.intoArray(y, yOffset + 5 * yPixel);
        c6.intoArray(y, yOffset + 6 * yPixel);
        c7.intoArray(y, yOffset + 7 * yPixel);
    }

    /** 3 wide, step 1. */
    static void three(int taps, float[] x, int xOffset, int xRow, int xPixel, float[] w, int wOffset, int wStride,
                       float[] bias, int biasOffset, boolean relu, float[] y, int yOffset, int yPixel) {
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c0 = b;
        FloatVector c1 = b;
        FloatVector c2 = b;
        FloatVector c3 = b;
        FloatVector c4 = b;
        FloatVector c5 = b;
        FloatVector c6 = b;
        FloatVector c7 = b;
        int at = xOffset;
        int wAt = wOffset;
        for (int t = 0; t < taps; t++) {
            FloatVector w0 = FloatVector.fromArray(S, w, wAt);
            FloatVector w1 = FloatVector.fromArray(S, w, wAt + wStride);
            FloatVector w2 = FloatVector.fromArray(S, w, wAt + 2 * wStride);
            FloatVector x0 = FloatVector.fromArray(S, x, at);
            c0 = x0.fma(w0, c0);
            FloatVector x1 = FloatVector.fromArray(S, x, at + xPixel);
            c0 = x1.fma(w1, c0);
            c1 = x1.fma(w0, c1);
            FloatVector x2 = FloatVector.fromArray(S, x, at + 2 * xPixel);
            c0 = x2.fma(w2, c0);
            c1 = x2.fma(w1, c1);
            c2 = x2.fma(w0, c2);
            FloatVector x3 = FloatVector.fromArray(S, x, at + 3 * xPixel);
            c1 = x3.fma(w2, c1);
            c2 = x3.fma(w1, c2);
            c3 = x3.fma(w0, c3);
            FloatVector x4 = FloatVector.fromArray(S, x, at + 4 * xPixel);
            c2 = x4.fma(w2, c2);
            c3 = x4.fma(w1, c3);
            c4 = x4.fma(w0, c4);
            FloatVector x5 = FloatVector.fromArray(S, x, at + 5 * xPixel);
            c3 = x5.fma(w2, c3);
            c4 = x5.fma(w1, c4);
            c5 = x5.fma(w0, c5);
            FloatVector x6 = FloatVector.fromArray(S, x, at + 6 * xPixel);
            c4 = x6.fma(w2, c4);
            c5 = x6.fma(w1, c5);
            c6 = x6.fma(w0, c6);
            FloatVector x7 = FloatVector.fromArray(S, x, at + 7 * xPixel);
            c5 = x7.fma(w2, c5);
            c6 = x7.fma(w1, c6);
            c7 = x7.fma(w0, c7);
            FloatVector x8 = FloatVector.fromArray(S, x, at + 8 * xPixel);
            c6 = x8.fma(w2, c6);
            c7 = x8.fma(w1, c7);
            FloatVector x9 = FloatVector.fromArray(S, x, at + 9 * xPixel);
            c7 = x9.fma(w2, c7);
            at += xRow;
            wAt += 3 * wStride;
        }
        if (relu) {
            c0 = c0.blend(0f, c0.compare(LT, 0f));
            c1 = c1.blend(0f, c1.compare(LT, 0f));
            c2 = c2.blend(0f, c2.compare(LT, 0f));
            c3 = c3.blend(0f, c3.compare(LT, 0f));
            c4 = c4.blend(0f, c4.compare(LT, 0f));
            c5 = c5.blend(0f, c5.compare(LT, 0f));
            c6 = c6.blend(0f, c6.compare(LT, 0f));
            c7 = c7.blend(0f, c7.compare(LT, 0f));
        }
        c0.intoArray(y, yOffset);
        c1.intoArray(y, yOffset + yPixel);
        c2.intoArray(y, yOffset + 2 * yPixel);
        c3.intoArray(y, yOffset + 3 * yPixel);
        c4.intoArray(y, yOffset + 4 * yPixel);
        c5.intoArray(y, yOffset + 5 * yPixel);
        c6.intoArray(y, yOffset + 6 * yPixel);
        c7.intoArray(y, yOffset + 7 * yPixel);
    }

    /** 3 wide, step 2. */
    static void threeStrided(int taps, float[] x, int xOffset, int xRow, int xPixel, float[] w, int wOffset, int wStride,
                       float[] bias, int biasOffset, boolean relu, float[] y, int yOffset, int yPixel) {
        FloatVector b = FloatVector.fromArray(S, bias, biasOffset);
        FloatVector c0 = b;
        FloatVector c1 = b;
        FloatVector c2 = b;
        FloatVector c3 = b;
        FloatVector c4 = b;
        FloatVector c5 = b;
        FloatVector c6 = b;
        FloatVector c7 = b;
        int at = xOffset;
        int wAt = wOffset;
        for (int t = 0; t < taps; t++) {
            FloatVector w0 = FloatVector.fromArray(S, w, wAt);
            FloatVector w1 = FloatVector.fromArray(S, w, wAt + wStride);
            FloatVector w2 = FloatVector.fromArray(S, w, wAt + 2 * wStride);
            FloatVector x0 = FloatVector.fromArray(S, x, at);
            c0 = x0.fma(w0, c0);
            FloatVector x1 = FloatVector.fromArray(S, x, at + xPixel);
            c0 = x1.fma(w1, c0);
            FloatVector x2 = FloatVector.fromArray(S, x, at + 2 * xPixel);
            c0 = x2.fma(w2, c0);
            c1 = x2.fma(w0, c1);
            FloatVector x3 = FloatVector.fromArray(S, x, at + 3 * xPixel);
            c1 = x3.fma(w1, c1);
            FloatVector x4 = FloatVector.fromArray(S, x, at + 4 * xPixel);
            c1 = x4.fma(w2, c1);
            c2 = x4.fma(w0, c2);
            FloatVector x5 = FloatVector.fromArray(S, x, at + 5 * xPixel);
            c2 = x5.fma(w1, c2);
            FloatVector x6 = FloatVector.fromArray(S, x, at + 6 * xPixel);
            c2 = x6.fma(w2, c2);
            c3 = x6.fma(w0, c3);
            FloatVector x7 = FloatVector.fromArray(S, x, at + 7 * xPixel);
            c3 = x7.fma(w1, c3);
            FloatVector x8 = FloatVector.fromArray(S, x, at + 8 * xPixel);
            c3 = x8.fma(w2, c3);
            c4 = x8.fma(w0, c4);
            FloatVector x9 = FloatVector.fromArray(S, x, at + 9 * xPixel);
            c4 = x9.fma(w1, c4);
            FloatVector x10 = FloatVector.fromArray(S, x, at + 10 * xPixel);
            c4 = x10.fma(w2, c4);
            c5 = x10.fma(w0, c5);
            FloatVector x11 = FloatVector.fromArray(S, x, at + 11 * xPixel);
            c5 = x11.fma(w1, c5);
            FloatVector x12 = FloatVector.fromArray(S, x, at + 12 * xPixel);
            c5 = x12.fma(w2, c5);
            c6 = x12.fma(w0, c6);
            FloatVector x13 = FloatVector.fromArray(S, x, at + 13 * xPixel);
            c6 = x13.fma(w1, c6);
            FloatVector x14 = FloatVector.fromArray(S, x, at + 14 * xPixel);
            c6 = x14.fma(w2, c6);
            c7 = x14.fma(w0, c7);
            FloatVector x15 = FloatVector.fromArray(S, x, at + 15 * xPixel);
            c7 = x15.fma(w1, c7);
            FloatVector x16 = FloatVector.fromArray(S, x, at + 16 * xPixel);
            c7 = x16.fma(w2, c7);
            at += xRow;
            wAt += 3 * wStride;
        }
        if (relu) {
            c0 = c0.blend(0f, c0.compare(LT, 0f));
            c1 = c1.blend(0f, c1.compare(LT, 0f));
            c2 = c2.blend(0f, c2.compare(LT, 0f));
            c3 = c3.blend(0f, c3.compare(LT, 0f));
            c4 = c4.blend(0f, c4.compare(LT, 0f));
            c5 = c5.blend(0f, c5.compare(LT, 0f));
            c6 = c6.blend(0f, c6.compare(LT, 0f));
            c7 = c7.blend(0f, c7.compare(LT, 0f));
        }
        c0.intoArray(y, yOffset);
        c1.intoArray(y, yOffset + yPixel);
        c2.intoArray(y, yOffset + 2 * yPixel);
        c3.intoArray(y, yOffset + 3 * yPixel);
        c4.intoArray(y, yOffset + 4 * yPixel);
        c5.intoArray(y, yOffset + 5 * yPixel);
        c6.intoArray(y, yOffset + 6 * yPixel);
        c7.intoArray(y, yOffset + 7 * yPixel);
    }
}
