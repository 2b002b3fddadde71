package lanewise.internal.conv;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.Checks;

/**
 * Cross-correlation of one plane with one filter, vectors along the row:
 *
 * <pre>y[p, q] = sum over i &lt; R, j &lt; S of  x[p + down + i, q + right + j] w[i, j],    x = 0 outside its H x W</pre>
 *
 * <p>{@code down} and {@code right} say which element of x meets the first tap at the first output: {@code -padding}, or more than
 * 0 if the result is cropped.
 *
 * <p>Each output is one chain of fused multiply-adds in float, over i, then over j, wherever in its row it lies: the bits do not
 * depend on the vector width or on the size of the plane. Taps above and below the plane are left out; those at its left and right
 * multiply zeros, so every tap must be finite.
 *
 * <pre>
 * bands     of rows, copied between zero columns if the filter overhangs; a band stays in the L2 cache
 *   pairs   of output rows, which share all but two of their rows of x
 *     blocks  of 4 vectors: 8 accumulators, 4 loads and 2 broadcasts for 8 FMAs
 * </pre>
 */
public final class PlaneConv {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Outputs of one row that a block holds in registers. */
    private static final int BLOCK = 4 * LANES;

    /** Floats of a band, about: a fraction of any L2 cache. */
    private static final int BAND = 32 * 1024;

    private final float[] w;
    private final int taps;
    private final int across;
    private final float[] y;
    private final int outWidth;

    private PlaneConv(float[] w, int taps, int across, float[] y, int outWidth) {
        this.w = w;
        this.taps = taps;
        this.across = across;
        this.y = y;
        this.outWidth = outWidth;
    }

    /**
     * Computes all of y.
     *
     * <p>x and w: not modified. y: overwritten, old contents may be NaN, and must be neither x nor w. NaN and infinity in x reach
     * exactly the outputs whose filter covers them. Thread use: any. Allocates one band, if the filter overhangs at the sides.
     *
     * @param x {@code float[height * width]}
     * @param height H
     * @param width W
     * @param w {@code float[taps * across]}, all finite
     * @param taps rows of the filter, R
     * @param across columns of the filter, S
     * @param down row of x under the first tap at the first output; may be negative
     * @param right column of x under the first tap at the first output; may be negative
     * @param y {@code float[outHeight * outWidth]}
     * @param outHeight rows of y
     * @param outWidth columns of y
     */
    public static void correlate(float[] x, int height, int width, float[] w, int taps, int across, int down, int right,
                                 float[] y, int outHeight, int outWidth) {
        assert x.length >= height * width && w.length >= taps * across && y.length >= outHeight * outWidth && x != y && w != y;
        var conv = new PlaneConv(w, taps, across, y, outWidth);
        if (right >= 0 && (long) right + outWidth + across - 1 <= width) {
            conv.band(x, right, width, 0, height, down, 0, outHeight);
            return;
        }
        int stride = Math.addExact(outWidth, across - 1);
        int bandRows = Math.min(outHeight, Math.max(taps, BAND / stride - taps));
        int mostRows = (int) Math.min(height, bandRows + taps - 1L);
        float[] band = new float[Checks.product("band", mostRows, stride)];
        for (int p = 0; p < outHeight; p += bandRows) {
            int end = Math.min(outHeight, p + bandRows);
            int first = Math.clamp((long) p + down, 0, height);
            int last = Math.clamp((long) end - 1 + down + taps, 0, height);
            copyColumns(x, first, last, width, right, band, stride);
            conv.band(band, 0, stride, first, last, down, p, end);
        }
    }

    /** Copies rows of x so that its column {@code right} becomes the band's column 0; what lies beside x stays zero. */
    private static void copyColumns(float[] x, int first, int last, int width, int right, float[] band, int stride) {
        int from = Math.clamp(right, 0, width);
        int to = Math.clamp((long) right + stride, 0, width);
        for (int i = first; i < last && from < to; i++) {
            System.arraycopy(x, i * width + from, band, (i - first) * stride + from - right, to - from);
        }
    }

    /** Rows p to end of y, from rows first to last of x, of which the first begins at {@code at}. */
    private void band(float[] x, int at, int stride, int first, int last, int down, int p, int end) {
        while (p < end) {
            int top = p + down; // the row of x under the first row of taps
            int from = Math.max(first, top);
            int to = Math.min(last, top + taps);
            int nextFrom = Math.max(first, top + 1);
            int nextTo = Math.min(last, top + 1 + taps);
            int rowAt = at + (from - first) * stride;
            int wAt = (from - top) * across;
            if (from < to && nextFrom < nextTo && p + 1 < end && outWidth >= BLOCK) {
                pair(x, rowAt, stride, wAt, nextFrom - from, to - nextFrom, nextTo - to, p * outWidth);
                p += 2;
            } else {
                row(x, rowAt, stride, wAt, Math.max(0, to - from), p * outWidth);
                p++;
            }
        }
    }

    /** One row of y from {@code rows} rows of x; the last block or vector overlaps the one before. */
    private void row(float[] x, int at, int stride, int wAt, int rows, int yAt) {
        int q = 0;
        if (rows == 0) {
            Arrays.fill(y, yAt, yAt + outWidth, 0);
        } else if (outWidth >= BLOCK) {
            for (; q < outWidth; q += BLOCK) {
                int start = Math.min(q, outWidth - BLOCK);
                block1x4(x, at + start, stride, w, wAt, rows, across, y, yAt + start);
            }
        } else if (outWidth >= LANES) {
            for (; q < outWidth; q += LANES) {
                int start = Math.min(q, outWidth - LANES);
                block1x1(x, at + start, stride, w, wAt, rows, across, y, yAt + start);
            }
        } else {
            for (; q < outWidth; q++) {
                y[yAt + q] = scalar(x, at + q, stride, w, wAt, rows, across);
            }
        }
    }

    /**
     * Two rows of y: the first alone uses {@code head} rows of x (0 or 1), then both use {@code shared}, then the second alone uses
     * {@code tail} (0 or 1).
     */
    private void pair(float[] x, int at, int stride, int wAt, int head, int shared, int tail, int yAt) {
        for (int q = 0; q < outWidth; q += BLOCK) {
            int start = Math.min(q, outWidth - BLOCK);
            block2x4(x, at + start, stride, w, wAt, head, shared, tail, across, y, yAt + start, outWidth);
        }
    }

    private static void block2x4(float[] x, int at, int stride, float[] w, int wAt, int head, int shared, int tail, int across,
                                 float[] y, int yAt, int yStride) {
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        if (head > 0) {
            for (int j = 0; j < across; j++) {
                FloatVector wa = FloatVector.broadcast(S, w[wAt + j]);
                a0 = FloatVector.fromArray(S, x, at + j).fma(wa, a0);
                a1 = FloatVector.fromArray(S, x, at + j + LANES).fma(wa, a1);
                a2 = FloatVector.fromArray(S, x, at + j + 2 * LANES).fma(wa, a2);
                a3 = FloatVector.fromArray(S, x, at + j + 3 * LANES).fma(wa, a3);
            }
            at += stride;
            wAt += across;
        }
        for (int i = 0; i < shared; i++) {
            for (int j = 0; j < across; j++) {
                FloatVector wa = FloatVector.broadcast(S, w[wAt + j]);
                FloatVector wb = FloatVector.broadcast(S, w[wAt + j - across]);
                FloatVector x0 = FloatVector.fromArray(S, x, at + j);
                FloatVector x1 = FloatVector.fromArray(S, x, at + j + LANES);
                FloatVector x2 = FloatVector.fromArray(S, x, at + j + 2 * LANES);
                FloatVector x3 = FloatVector.fromArray(S, x, at + j + 3 * LANES);
                a0 = x0.fma(wa, a0);
                a1 = x1.fma(wa, a1);
                a2 = x2.fma(wa, a2);
                a3 = x3.fma(wa, a3);
                b0 = x0.fma(wb, b0);
                b1 = x1.fma(wb, b1);
                b2 = x2.fma(wb, b2);
                b3 = x3.fma(wb, b3);
            }
            at += stride;
            wAt += across;
        }
        if (tail > 0) {
            for (int j = 0; j < across; j++) {
                FloatVector wb = FloatVector.broadcast(S, w[wAt + j - across]);
                b0 = FloatVector.fromArray(S, x, at + j).fma(wb, b0);
                b1 = FloatVector.fromArray(S, x, at + j + LANES).fma(wb, b1);
                b2 = FloatVector.fromArray(S, x, at + j + 2 * LANES).fma(wb, b2);
                b3 = FloatVector.fromArray(S, x, at + j + 3 * LANES).fma(wb, b3);
            }
        }
        a0.intoArray(y, yAt);
        a1.intoArray(y, yAt + LANES);
        a2.intoArray(y, yAt + 2 * LANES);
        a3.intoArray(y, yAt + 3 * LANES);
        b0.intoArray(y, yAt + yStride);
        b1.intoArray(y, yAt + yStride + LANES);
        b2.intoArray(y, yAt + yStride + 2 * LANES);
        b3.intoArray(y, yAt + yStride + 3 * LANES);
    }

    private static void block1x4(float[] x, int at, int stride, float[] w, int wAt, int rows, int across, float[] y, int yAt) {
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < across; j++) {
                FloatVector wa = FloatVector.broadcast(S, w[wAt + j]);
                a0 = FloatVector.fromArray(S, x, at + j).fma(wa, a0);
                a1 = FloatVector.fromArray(S, x, at + j + LANES).fma(wa, a1);
                a2 = FloatVector.fromArray(S, x, at + j + 2 * LANES).fma(wa, a2);
                a3 = FloatVector.fromArray(S, x, at + j + 3 * LANES).fma(wa, a3);
            }
            at += stride;
            wAt += across;
        }
        a0.intoArray(y, yAt);
        a1.intoArray(y, yAt + LANES);
        a2.intoArray(y, yAt + 2 * LANES);
        a3.intoArray(y, yAt + 3 * LANES);
    }

    private static void block1x1(float[] x, int at, int stride, float[] w, int wAt, int rows, int across, float[] y, int yAt) {
        FloatVector a = FloatVector.zero(S);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < across; j++) {
                a = FloatVector.fromArray(S, x, at + i * stride + j).fma(FloatVector.broadcast(S, w[wAt + i * across + j]), a);
            }
        }
        a.intoArray(y, yAt);
    }

    private static float scalar(float[] x, int at, int stride, float[] w, int wAt, int rows, int across) {
        float sum = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < across; j++) {
                sum = Math.fma(x[at + i * stride + j], w[wAt + i * across + j], sum);
            }
        }
        return sum;
    }
}
