package lanewise.internal.conv;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;

/**
 * The microkernels of the depthwise convolution, for one block of 16 channels of a {@link BlockedStrip}, in which neighbouring
 * pixels lie 16 floats apart:
 *
 * <pre>
 * forward     y[i][j][c] = init[i][j][c] + sum over t in [0, taps) of x[taps[t] + i xRow + 16 j + c] * w[t][c]
 * gradWeight  sums[t][c] += sum over i, j of x[taps[t] + i xRow + 16 j + c] * dy[i][j][c]
 * </pre>
 *
 * <p>Loads are the limit: each multiply-add needs one. So where the columns of a 3x3 filter follow each other, 4 pixels share the
 * 18 loads of the window they see together. Otherwise 9 taps at a time stay in registers, then 3, then 1, and the loops run over
 * the pixels. All 16 channels are read and written: a ragged last block goes through scratch memory of the caller's.
 */
final class DepthwiseTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int GRAIN = Panels.DEPTH;

    private DepthwiseTile() {}

    /** Computes {@code rows x pixels} outputs; with no taps, {@code init} alone. */
    static void forward(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps, float[] w, int wOffset, int wStride,
                        float[] init, int initOffset, int initRow, int initStride, float[] y, int yOffset, int yRow, int yStride) {
        int shared = isWindow(taps) ? pixels / 4 * 4 : 0;
        for (int v = 0; v < GRAIN && shared > 0; v += LANES) {
            window(rows, shared, x, xOffset + v, xRow, taps, w, wOffset + v, wStride,
                    init, initOffset + v, initRow, initStride, y, yOffset + v, yRow, yStride);
        }
        if (shared < pixels) {
            chunks(rows, pixels - shared, x, xOffset + shared * GRAIN, xRow, taps, w, wOffset, wStride,
                    init, initOffset + shared * initStride, initRow, initStride, y, yOffset + shared * yStride, yRow, yStride);
        }
    }

    private static void chunks(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps,
                               float[] w, int wOffset, int wStride, float[] init, int initOffset, int initRow, int initStride,
                               float[] y, int yOffset, int yRow, int yStride) {
        for (int v = 0; v < GRAIN; v += LANES) {
            int t = 0;
            // The first taps begin with init, the others go on from y.
            float[] from = init;
            int fromAt = initOffset + v;
            int fromRow = initRow;
            int fromStride = initStride;
            do {
                int taken = chunk(taps.length - t);
                switch (taken) {
                    case 9 -> taps9(rows, pixels, x, xOffset + v, xRow, taps, t, w, wOffset + v, wStride,
                            from, fromAt, fromRow, fromStride, y, yOffset + v, yRow, yStride);
                    case 3 -> taps3(rows, pixels, x, xOffset + v, xRow, taps, t, w, wOffset + v, wStride,
                            from, fromAt, fromRow, fromStride, y, yOffset + v, yRow, yStride);
                    case 1 -> taps1(rows, pixels, x, xOffset + v, xRow, taps, t, w, wOffset + v, wStride,
                            from, fromAt, fromRow, fromStride, y, yOffset + v, yRow, yStride);
                    default -> copy(rows, pixels, from, fromAt, fromRow, fromStride, y, yOffset + v, yRow, yStride);
                }
                t += taken;
                from = y;
                fromAt = yOffset + v;
                fromRow = yRow;
                fromStride = yStride;
            } while (t < taps.length);
        }
    }

    /** Adds the products of {@code rows x pixels} outputs to the sums of all taps. */
    static void gradWeight(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps,
                           float[] dy, int dyOffset, int dyRow, int dyStride, float[] sums, int sumOffset, int sumStride) {
        int shared = isWindow(taps) ? pixels / 4 * 4 : 0;
        for (int v = 0; v < GRAIN; v += LANES) {
            if (shared > 0) {
                gradWindow(rows, shared, x, xOffset + v, xRow, taps, dy, dyOffset + v, dyRow, dyStride,
                        sums, sumOffset + v, sumStride);
            }
            int left = pixels - shared;
            int xAt = xOffset + v + shared * GRAIN;
            int dyAt = dyOffset + v + shared * dyStride;
            for (int t = 0; t < taps.length && left > 0; ) {
                int taken = chunk(taps.length - t);
                switch (taken) {
                    case 9 -> grad9(rows, left, x, xAt, xRow, taps, t, dy, dyAt, dyRow, dyStride,
                            sums, sumOffset + v, sumStride);
                    case 3 -> grad3(rows, left, x, xAt, xRow, taps, t, dy, dyAt, dyRow, dyStride,
                            sums, sumOffset + v, sumStride);
                    default -> grad1(rows, left, x, xAt, xRow, taps, t, dy, dyAt, dyRow, dyStride,
                            sums, sumOffset + v, sumStride);
                }
                t += taken;
            }
        }
    }

    /** Whether the taps are three rows of three neighbouring pixels. */
    private static boolean isWindow(int[] taps) {
        boolean window = taps.length == 9;
        for (int t = 0; window && t < 9; t++) {
            window = taps[t] == taps[t / 3 * 3] + t % 3 * GRAIN;
        }
        return window;
    }

    private static int chunk(int left) {
        return left >= 9 ? 9 : left >= 3 ? 3 : Math.min(left, 1);
    }

    private static void copy(int rows, int pixels, float[] from, int fromOffset, int fromRow, int fromStride,
                             float[] y, int yOffset, int yRow, int yStride) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < pixels; j++) {
                System.arraycopy(from, fromOffset + i * fromRow + j * fromStride, y, yOffset + i * yRow + j * yStride, LANES);
            }
        }
    }

    private static void window(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps,
                               float[] w, int wOffset, int wStride, float[] init, int initOffset, int initRow, int initStride,
                               float[] y, int yOffset, int yRow, int yStride) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset);
        FloatVector w1 = FloatVector.fromArray(S, w, wOffset + wStride);
        FloatVector w2 = FloatVector.fromArray(S, w, wOffset + 2 * wStride);
        FloatVector w3 = FloatVector.fromArray(S, w, wOffset + 3 * wStride);
        FloatVector w4 = FloatVector.fromArray(S, w, wOffset + 4 * wStride);
        FloatVector w5 = FloatVector.fromArray(S, w, wOffset + 5 * wStride);
        FloatVector w6 = FloatVector.fromArray(S, w, wOffset + 6 * wStride);
        FloatVector w7 = FloatVector.fromArray(S, w, wOffset + 7 * wStride);
        FloatVector w8 = FloatVector.fromArray(S, w, wOffset + 8 * wStride);
        for (int i = 0; i < rows; i++) {
            int top = xOffset + i * xRow + taps[0];
            int middle = xOffset + i * xRow + taps[3];
            int bottom = xOffset + i * xRow + taps[6];
            int initAt = initOffset + i * initRow;
            int yAt = yOffset + i * yRow;
            for (int j = 0; j < pixels; j += 4) {
                FloatVector y0 = FloatVector.fromArray(S, init, initAt + j * initStride);
                FloatVector y1 = FloatVector.fromArray(S, init, initAt + (j + 1) * initStride);
                FloatVector y2 = FloatVector.fromArray(S, init, initAt + (j + 2) * initStride);
                FloatVector y3 = FloatVector.fromArray(S, init, initAt + (j + 3) * initStride);
                FloatVector top0 = FloatVector.fromArray(S, x, top + GRAIN * j);
                y0 = top0.fma(w0, y0);
                FloatVector top1 = FloatVector.fromArray(S, x, top + GRAIN * j + GRAIN);
                y0 = top1.fma(w1, y0);
                y1 = top1.fma(w0, y1);
                FloatVector top2 = FloatVector.fromArray(S, x, top + GRAIN * j + 2 * GRAIN);
                y0 = top2.fma(w2, y0);
                y1 = top2.fma(w1, y1);
                y2 = top2.fma(w0, y2);
                FloatVector top3 = FloatVector.fromArray(S, x, top + GRAIN * j + 3 * GRAIN);
                y1 = top3.fma(w2, y1);
                y2 = top3.fma(w1, y2);
                y3 = top3.fma(w0, y3);
                FloatVector top4 = FloatVector.fromArray(S, x, top + GRAIN * j + 4 * GRAIN);
                y2 = top4.fma(w2, y2);
                y3 = top4.fma(w1, y3);
                FloatVector top5 = FloatVector.fromArray(S, x, top + GRAIN * j + 5 * GRAIN);
                y3 = top5.fma(w2, y3);
                FloatVector middle0 = FloatVector.fromArray(S, x, middle + GRAIN * j);
                y0 = middle0.fma(w3, y0);
                FloatVector middle1 = FloatVector.fromArray(S, x, middle + GRAIN * j + GRAIN);
                y0 = middle1.fma(w4, y0);
                y1 = middle1.fma(w3, y1);
                FloatVector middle2 = FloatVector.fromArray(S, x, middle + GRAIN * j + 2 * GRAIN);
                y0 = middle2.fma(w5, y0);
                y1 = middle2.fma(w4, y1);
                y2 = middle2.fma(w3, y2);
                FloatVector middle3 = FloatVector.fromArray(S, x, middle + GRAIN * j + 3 * GRAIN);
                y1 = middle3.fma(w5, y1);
                y2 = middle3.fma(w4, y2);
                y3 = middle3.fma(w3, y3);
                FloatVector middle4 = FloatVector.fromArray(S, x, middle + GRAIN * j + 4 * GRAIN);
                y2 = middle4.fma(w5, y2);
                y3 = middle4.fma(w4, y3);
                FloatVector middle5 = FloatVector.fromArray(S, x, middle + GRAIN * j + 5 * GRAIN);
                y3 = middle5.fma(w5, y3);
                FloatVector bottom0 = FloatVector.fromArray(S, x, bottom + GRAIN * j);
                y0 = bottom0.fma(w6, y0);
                FloatVector bottom1 = FloatVector.fromArray(S, x, bottom + GRAIN * j + GRAIN);
                y0 = bottom1.fma(w7, y0);
                y1 = bottom1.fma(w6, y1);
                FloatVector bottom2 = FloatVector.fromArray(S, x, bottom + GRAIN * j + 2 * GRAIN);
                y0 = bottom2.fma(w8, y0);
                y1 = bottom2.fma(w7, y1);
                y2 = bottom2.fma(w6, y2);
                FloatVector bottom3 = FloatVector.fromArray(S, x, bottom + GRAIN * j + 3 * GRAIN);
                y1 = bottom3.fma(w8, y1);
                y2 = bottom3.fma(w7, y2);
                y3 = bottom3.fma(w6, y3);
                FloatVector bottom4 = FloatVector.fromArray(S, x, bottom + GRAIN * j + 4 * GRAIN);
                y2 = bottom4.fma(w8, y2);
                y3 = bottom4.fma(w7, y3);
                FloatVector bottom5 = FloatVector.fromArray(S, x, bottom + GRAIN * j + 5 * GRAIN);
                y3 = bottom5.fma(w8, y3);
                y0.intoArray(y, yAt + j * yStride);
                y1.intoArray(y, yAt + (j + 1) * yStride);
                y2.intoArray(y, yAt + (j + 2) * yStride);
                y3.intoArray(y, yAt + (j + 3) * yStride);
            }
        }
    }

    private static void gradWindow(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps,
                                   float[] dy, int dyOffset, int dyRow, int dyStride, float[] sums, int sumOffset, int sumStride) {
        FloatVector sum0 = FloatVector.fromArray(S, sums, sumOffset);
        FloatVector sum1 = FloatVector.fromArray(S, sums, sumOffset + sumStride);
        FloatVector sum2 = FloatVector.fromArray(S, sums, sumOffset + 2 * sumStride);
        FloatVector sum3 = FloatVector.fromArray(S, sums, sumOffset + 3 * sumStride);
        FloatVector sum4 = FloatVector.fromArray(S, sums, sumOffset + 4 * sumStride);
        FloatVector sum5 = FloatVector.fromArray(S, sums, sumOffset + 5 * sumStride);
        FloatVector sum6 = FloatVector.fromArray(S, sums, sumOffset + 6 * sumStride);
        FloatVector sum7 = FloatVector.fromArray(S, sums, sumOffset + 7 * sumStride);
        FloatVector sum8 = FloatVector.fromArray(S, sums, sumOffset + 8 * sumStride);
        for (int i = 0; i < rows; i++) {
            int top = xOffset + i * xRow + taps[0];
            int middle = xOffset + i * xRow + taps[3];
            int bottom = xOffset + i * xRow + taps[6];
            int dyAt = dyOffset + i * dyRow;
            for (int j = 0; j < pixels; j += 4) {
                FloatVector g0 = FloatVector.fromArray(S, dy, dyAt + j * dyStride);
                FloatVector g1 = FloatVector.fromArray(S, dy, dyAt + (j + 1) * dyStride);
                FloatVector g2 = FloatVector.fromArray(S, dy, dyAt + (j + 2) * dyStride);
                FloatVector g3 = FloatVector.fromArray(S, dy, dyAt + (j + 3) * dyStride);
                FloatVector top0 = FloatVector.fromArray(S, x, top + GRAIN * j);
                sum0 = top0.fma(g0, sum0);
                FloatVector top1 = FloatVector.fromArray(S, x, top + GRAIN * j + GRAIN);
                sum1 = top1.fma(g0, sum1);
                sum0 = top1.fma(g1, sum0);
                FloatVector top2 = FloatVector.fromArray(S, x, top + GRAIN * j + 2 * GRAIN);
                sum2 = top2.fma(g0, sum2);
                sum1 = top2.fma(g1, sum1);
                sum0 = top2.fma(g2, sum0);
                FloatVector top3 = FloatVector.fromArray(S, x, top + GRAIN * j + 3 * GRAIN);
                sum2 = top3.fma(g1, sum2);
                sum1 = top3.fma(g2, sum1);
                sum0 = top3.fma(g3, sum0);
                FloatVector top4 = FloatVector.fromArray(S, x, top + GRAIN * j + 4 * GRAIN);
                sum2 = top4.fma(g2, sum2);
                sum1 = top4.fma(g3, sum1);
                FloatVector top5 = FloatVector.fromArray(S, x, top + GRAIN * j + 5 * GRAIN);
                sum2 = top5.fma(g3, sum2);
                FloatVector middle0 = FloatVector.fromArray(S, x, middle + GRAIN * j);
                sum3 = middle0.fma(g0, sum3);
                FloatVector middle1 = FloatVector.fromArray(S, x, middle + GRAIN * j + GRAIN);
                sum4 = middle1.fma(g0, sum4);
                sum3 = middle1.fma(g1, sum3);
                FloatVector middle2 = FloatVector.fromArray(S, x, middle + GRAIN * j + 2 * GRAIN);
                sum5 = middle2.fma(g0, sum5);
                sum4 = middle2.fma(g1, sum4);
                sum3 = middle2.fma(g2, sum3);
                FloatVector middle3 = FloatVector.fromArray(S, x, middle + GRAIN * j + 3 * GRAIN);
                sum5 = middle3.fma(g1, sum5);
                sum4 = middle3.fma(g2, sum4);
                sum3 = middle3.fma(g3, sum3);
                FloatVector middle4 = FloatVector.fromArray(S, x, middle + GRAIN * j + 4 * GRAIN);
                sum5 = middle4.fma(g2, sum5);
                sum4 = middle4.fma(g3, sum4);
                FloatVector middle5 = FloatVector.fromArray(S, x, middle + GRAIN * j + 5 * GRAIN);
                sum5 = middle5.fma(g3, sum5);
                FloatVector bottom0 = FloatVector.fromArray(S, x, bottom + GRAIN * j);
                sum6 = bottom0.fma(g0, sum6);
                FloatVector bottom1 = FloatVector.fromArray(S, x, bottom + GRAIN * j + GRAIN);
                sum7 = bottom1.fma(g0, sum7);
                sum6 = bottom1.fma(g1, sum6);
                FloatVector bottom2 = FloatVector.fromArray(S, x, bottom + GRAIN * j + 2 * GRAIN);
                sum8 = bottom2.fma(g0, sum8);
                sum7 = bottom2.fma(g1, sum7);
                sum6 = bottom2.fma(g2, sum6);
                FloatVector bottom3 = FloatVector.fromArray(S, x, bottom + GRAIN * j + 3 * GRAIN);
                sum8 = bottom3.fma(g1, sum8);
                sum7 = bottom3.fma(g2, sum7);
                sum6 = bottom3.fma(g3, sum6);
                FloatVector bottom4 = FloatVector.fromArray(S, x, bottom + GRAIN * j + 4 * GRAIN);
                sum8 = bottom4.fma(g2, sum8);
                sum7 = bottom4.fma(g3, sum7);
                FloatVector bottom5 = FloatVector.fromArray(S, x, bottom + GRAIN * j + 5 * GRAIN);
                sum8 = bottom5.fma(g3, sum8);
            }
        }
        sum0.intoArray(sums, sumOffset);
        sum1.intoArray(sums, sumOffset + sumStride);
        sum2.intoArray(sums, sumOffset + 2 * sumStride);
        sum3.intoArray(sums, sumOffset + 3 * sumStride);
        sum4.intoArray(sums, sumOffset + 4 * sumStride);
        sum5.intoArray(sums, sumOffset + 5 * sumStride);
        sum6.intoArray(sums, sumOffset + 6 * sumStride);
        sum7.intoArray(sums, sumOffset + 7 * sumStride);
        sum8.intoArray(sums, sumOffset + 8 * sumStride);
    }

    private static void taps9(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps, int t,
                              float[] w, int wOffset, int wStride, float[] init, int initOffset, int initRow, int initStride,
                              float[] y, int yOffset, int yRow, int yStride) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset + t * wStride);
        FloatVector w1 = FloatVector.fromArray(S, w, wOffset + (t + 1) * wStride);
        FloatVector w2 = FloatVector.fromArray(S, w, wOffset + (t + 2) * wStride);
        FloatVector w3 = FloatVector.fromArray(S, w, wOffset + (t + 3) * wStride);
        FloatVector w4 = FloatVector.fromArray(S, w, wOffset + (t + 4) * wStride);
        FloatVector w5 = FloatVector.fromArray(S, w, wOffset + (t + 5) * wStride);
        FloatVector w6 = FloatVector.fromArray(S, w, wOffset + (t + 6) * wStride);
        FloatVector w7 = FloatVector.fromArray(S, w, wOffset + (t + 7) * wStride);
        FloatVector w8 = FloatVector.fromArray(S, w, wOffset + (t + 8) * wStride);
        for (int i = 0; i < rows; i++) {
            int at = xOffset + i * xRow;
            int x0 = at + taps[t];
            int x1 = at + taps[t + 1];
            int x2 = at + taps[t + 2];
            int x3 = at + taps[t + 3];
            int x4 = at + taps[t + 4];
            int x5 = at + taps[t + 5];
            int x6 = at + taps[t + 6];
            int x7 = at + taps[t + 7];
            int x8 = at + taps[t + 8];
            int initAt = initOffset + i * initRow;
            int yAt = yOffset + i * yRow;
            for (int j = 0; j < pixels; j++) {
                FloatVector sum = FloatVector.fromArray(S, init, initAt + j * initStride);
                sum = FloatVector.fromArray(S, x, x0 + GRAIN * j).fma(w0, sum);
                sum = FloatVector.fromArray(S, x, x1 + GRAIN * j).fma(w1, sum);
                sum = FloatVector.fromArray(S, x, x2 + GRAIN * j).fma(w2, sum);
                sum = FloatVector.fromArray(S, x, x3 + GRAIN * j).fma(w3, sum);
                sum = FloatVector.fromArray(S, x, x4 + GRAIN * j).fma(w4, sum);
                sum = FloatVector.fromArray(S, x, x5 + GRAIN * j).fma(w5, sum);
                sum = FloatVector.fromArray(S, x, x6 + GRAIN * j).fma(w6, sum);
                sum = FloatVector.fromArray(S, x, x7 + GRAIN * j).fma(w7, sum);
                sum = FloatVector.fromArray(S, x, x8 + GRAIN * j).fma(w8, sum);
                sum.intoArray(y, yAt + j * yStride);
            }
        }
    }

    private static void taps3(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps, int t,
                              float[] w, int wOffset, int wStride, float[] init, int initOffset, int initRow, int initStride,
                              float[] y, int yOffset, int yRow, int yStride) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset + t * wStride);
        FloatVector w1 = FloatVector.fromArray(S, w, wOffset + (t + 1) * wStride);
        FloatVector w2 = FloatVector.fromArray(S, w, wOffset + (t + 2) * wStride);
        for (int i = 0; i < rows; i++) {
            int at = xOffset + i * xRow;
            int x0 = at + taps[t];
            int x1 = at + taps[t + 1];
            int x2 = at + taps[t + 2];
            int initAt = initOffset + i * initRow;
            int yAt = yOffset + i * yRow;
            for (int j = 0; j < pixels; j++) {
                FloatVector sum = FloatVector.fromArray(S, init, initAt + j * initStride);
                sum = FloatVector.fromArray(S, x, x0 + GRAIN * j).fma(w0, sum);
                sum = FloatVector.fromArray(S, x, x1 + GRAIN * j).fma(w1, sum);
                sum = FloatVector.fromArray(S, x, x2 + GRAIN * j).fma(w2, sum);
                sum.intoArray(y, yAt + j * yStride);
            }
        }
    }

    private static void taps1(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps, int t,
                              float[] w, int wOffset, int wStride, float[] init, int initOffset, int initRow, int initStride,
                              float[] y, int yOffset, int yRow, int yStride) {
        FloatVector w0 = FloatVector.fromArray(S, w, wOffset + t * wStride);
        for (int i = 0; i < rows; i++) {
            int at = xOffset + i * xRow;
            int x0 = at + taps[t];
            int initAt = initOffset + i * initRow;
            int yAt = yOffset + i * yRow;
            for (int j = 0; j < pixels; j++) {
                FloatVector sum = FloatVector.fromArray(S, init, initAt + j * initStride);
                sum = FloatVector.fromArray(S, x, x0 + GRAIN * j).fma(w0, sum);
                sum.intoArray(y, yAt + j * yStride);
            }
        }
    }

    private static void grad9(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps, int t,
                              float[] dy, int dyOffset, int dyRow, int dyStride, float[] sums, int sumOffset, int sumStride) {
        FloatVector sum0 = FloatVector.fromArray(S, sums, sumOffset + t * sumStride);
        FloatVector sum1 = FloatVector.fromArray(S, sums, sumOffset + (t + 1) * sumStride);
        FloatVector sum2 = FloatVector.fromArray(S, sums, sumOffset + (t + 2) * sumStride);
        FloatVector sum3 = FloatVector.fromArray(S, sums, sumOffset + (t + 3) * sumStride);
        FloatVector sum4 = FloatVector.fromArray(S, sums, sumOffset + (t + 4) * sumStride);
        FloatVector sum5 = FloatVector.fromArray(S, sums, sumOffset + (t + 5) * sumStride);
        FloatVector sum6 = FloatVector.fromArray(S, sums, sumOffset + (t + 6) * sumStride);
        FloatVector sum7 = FloatVector.fromArray(S, sums, sumOffset + (t + 7) * sumStride);
        FloatVector sum8 = FloatVector.fromArray(S, sums, sumOffset + (t + 8) * sumStride);
        for (int i = 0; i < rows; i++) {
            int at = xOffset + i * xRow;
            int x0 = at + taps[t];
            int x1 = at + taps[t + 1];
            int x2 = at + taps[t + 2];
            int x3 = at + taps[t + 3];
            int x4 = at + taps[t + 4];
            int x5 = at + taps[t + 5];
            int x6 = at + taps[t + 6];
            int x7 = at + taps[t + 7];
            int x8 = at + taps[t + 8];
            int dyAt = dyOffset + i * dyRow;
            for (int j = 0; j < pixels; j++) {
                FloatVector g = FloatVector.fromArray(S, dy, dyAt + j * dyStride);
                sum0 = FloatVector.fromArray(S, x, x0 + GRAIN * j).fma(g, sum0);
                sum1 = FloatVector.fromArray(S, x, x1 + GRAIN * j).fma(g, sum1);
                sum2 = FloatVector.fromArray(S, x, x2 + GRAIN * j).fma(g, sum2);
                sum3 = FloatVector.fromArray(S, x, x3 + GRAIN * j).fma(g, sum3);
                sum4 = FloatVector.fromArray(S, x, x4 + GRAIN * j).fma(g, sum4);
                sum5 = FloatVector.fromArray(S, x, x5 + GRAIN * j).fma(g, sum5);
                sum6 = FloatVector.fromArray(S, x, x6 + GRAIN * j).fma(g, sum6);
                sum7 = FloatVector.fromArray(S, x, x7 + GRAIN * j).fma(g, sum7);
                sum8 = FloatVector.fromArray(S, x, x8 + GRAIN * j).fma(g, sum8);
            }
        }
        sum0.intoArray(sums, sumOffset + t * sumStride);
        sum1.intoArray(sums, sumOffset + (t + 1) * sumStride);
        sum2.intoArray(sums, sumOffset + (t + 2) * sumStride);
        sum3.intoArray(sums, sumOffset + (t + 3) * sumStride);
        sum4.intoArray(sums, sumOffset + (t + 4) * sumStride);
        sum5.intoArray(sums, sumOffset + (t + 5) * sumStride);
        sum6.intoArray(sums, sumOffset + (t + 6) * sumStride);
        sum7.intoArray(sums, sumOffset + (t + 7) * sumStride);
        sum8.intoArray(sums, sumOffset + (t + 8) * sumStride);
    }

    private static void grad3(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps, int t,
                              float[] dy, int dyOffset, int dyRow, int dyStride, float[] sums, int sumOffset, int sumStride) {
        FloatVector sum0 = FloatVector.fromArray(S, sums, sumOffset + t * sumStride);
        FloatVector sum1 = FloatVector.fromArray(S, sums, sumOffset + (t + 1) * sumStride);
        FloatVector sum2 = FloatVector.fromArray(S, sums, sumOffset + (t + 2) * sumStride);
        for (int i = 0; i < rows; i++) {
            int at = xOffset + i * xRow;
            int x0 = at + taps[t];
            int x1 = at + taps[t + 1];
            int x2 = at + taps[t + 2];
            int dyAt = dyOffset + i * dyRow;
            for (int j = 0; j < pixels; j++) {
                FloatVector g = FloatVector.fromArray(S, dy, dyAt + j * dyStride);
                sum0 = FloatVector.fromArray(S, x, x0 + GRAIN * j).fma(g, sum0);
                sum1 = FloatVector.fromArray(S, x, x1 + GRAIN * j).fma(g, sum1);
                sum2 = FloatVector.fromArray(S, x, x2 + GRAIN * j).fma(g, sum2);
            }
        }
        sum0.intoArray(sums, sumOffset + t * sumStride);
        sum1.intoArray(sums, sumOffset + (t + 1) * sumStride);
        sum2.intoArray(sums, sumOffset + (t + 2) * sumStride);
    }

    private static void grad1(int rows, int pixels, float[] x, int xOffset, int xRow, int[] taps, int t,
                              float[] dy, int dyOffset, int dyRow, int dyStride, float[] sums, int sumOffset, int sumStride) {
        FloatVector sum0 = FloatVector.fromArray(S, sums, sumOffset + t * sumStride);
        for (int i = 0; i < rows; i++) {
            int at = xOffset + i * xRow;
            int x0 = at + taps[t];
            int dyAt = dyOffset + i * dyRow;
            for (int j = 0; j < pixels; j++) {
                FloatVector g = FloatVector.fromArray(S, dy, dyAt + j * dyStride);
                sum0 = FloatVector.fromArray(S, x, x0 + GRAIN * j).fma(g, sum0);
            }
        }
        sum0.intoArray(sums, sumOffset + t * sumStride);
    }
}
