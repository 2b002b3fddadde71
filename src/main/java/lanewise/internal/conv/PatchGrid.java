package lanewise.internal.conv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.internal.gemm.OuterGemm;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowSource;
import lanewise.kernel.ConvShape;

/**
 * The rows of the matrix that im2col would write, by their addresses: one for each point of a grid of places, holding the source
 * pixels under every tap.
 *
 * <pre>row (n, i, j), depth (t, c) = source[n][i stepH + tapH[t]][j stepW + tapW[t]][firstChannel + c], 0 outside the source</pre>
 *
 * <p>This one form serves {@code forward} (grid = output, source = x) and {@code gradInput} (source = dy). With a stride,
 * {@code gradInput} splits by phase: input pixels whose row and column have the same remainder see the same taps, as whole steps
 * of dy, so no product with a zero is ever formed.
 *
 * <p>The grid's point (i, j) is the pixel {@code (outFirstH + i outStepH, outFirstW + j outStepW)} of the destination.
 */
final class PatchGrid implements RowSource {

    final int n;
    final int sourceH;
    final int sourceW;
    final int sourceC;
    /** Channels of one group in the source. */
    final int channels;

    final int gridH;
    final int gridW;
    final int stepH;
    final int stepW;
    /** Offset of each tap, and where it lies in the filter as r * S + s. */
    final int[] tapH;
    final int[] tapW;
    final int[] filterTap;

    final int outH;
    final int outW;
    final int outFirstH;
    final int outFirstW;
    final int outStepH;
    final int outStepW;

    /** Taps that follow each other in the source are copied in one run: of run u, its first tap and how many there are. */
    private final int[] runTap;
    private final int[] runLength;

    /** Whether there is one tap, under which no padding ever lies. */
    private final boolean oneTap;

    private PatchGrid(int n, int sourceH, int sourceW, int sourceC, int channels, int gridH, int gridW, int stepH, int stepW,
                      List<int[]> taps, int outH, int outW, int outFirstH, int outFirstW, int outStepH, int outStepW) {
        this.n = n;
        this.sourceH = sourceH;
        this.sourceW = sourceW;
        this.sourceC = sourceC;
        this.channels = channels;
        this.gridH = gridH;
        this.gridW = gridW;
        this.stepH = stepH;
        this.stepW = stepW;
        int all = taps.size();
        tapH = new int[all];
        tapW = new int[all];
        filterTap = new int[all];
        int[] firsts = new int[all + 1];
        int runs = 0;
        for (int t = 0; t < all; t++) {
            tapH[t] = taps.get(t)[0];
            tapW[t] = taps.get(t)[1];
            filterTap[t] = taps.get(t)[2];
            boolean follows = t > 0 && channels == sourceC && tapH[t] == tapH[t - 1] && tapW[t] == tapW[t - 1] + 1;
            if (!follows) {
                firsts[runs++] = t;
            }
        }
        firsts[runs] = all;
        runTap = Arrays.copyOf(firsts, runs + 1);
        this.outH = outH;
        this.outW = outW;
        this.outFirstH = outFirstH;
        this.outFirstW = outFirstW;
        this.outStepH = outStepH;
        this.outStepW = outStepW;
        oneTap = all == 1 && tapH[0] >= 0 && tapW[0] >= 0 && (gridH - 1L) * stepH + tapH[0] < sourceH
                && (gridW - 1L) * stepW + tapW[0] < sourceW;
        runLength = new int[runTap.length - 1];
        for (int u = 0; u < runLength.length; u++) {
            runLength[u] = runTap[u + 1] - runTap[u];
        }
    }

    /** The grid of {@code forward}: one row for each output pixel. */
    static PatchGrid forward(ConvShape shape) {
        var taps = new ArrayList<int[]>();
        for (int r = 0; r < shape.r(); r++) {
            for (int s = 0; s < shape.s(); s++) {
                int tapH = r * shape.dilationH() - shape.padTop();
                int tapW = s * shape.dilationW() - shape.padLeft();
                taps.add(new int[] {tapH, tapW, r * shape.s() + s});
            }
        }
        return new PatchGrid(shape.n(), shape.h(), shape.w(), shape.c(), shape.groupC(), shape.p(), shape.q(),
                shape.strideH(), shape.strideW(), taps, shape.p(), shape.q(), 0, 0, 1, 1);
    }

    /** The grids of {@code gradInput}: one for each phase of the strides, together one row for each input pixel. */
    static List<PatchGrid> gradInput(ConvShape shape) {
        var grids = new ArrayList<PatchGrid>();
        for (int i = 0; i < Math.min(shape.strideH(), shape.h()); i++) {
            for (int j = 0; j < Math.min(shape.strideW(), shape.w()); j++) {
                grids.add(gradInputPhase(shape, i, j));
            }
        }
        return grids;
    }

    private static PatchGrid gradInputPhase(ConvShape shape, int i, int j) {
        var taps = new ArrayList<int[]>();
        // From the last tap to the first: then they run forward in dy, and neighbours can be copied in one run.
        for (int r = shape.r() - 1; r >= 0; r--) {
            for (int s = shape.s() - 1; s >= 0; s--) {
                int fromTop = i + shape.padTop() - r * shape.dilationH();
                int fromLeft = j + shape.padLeft() - s * shape.dilationW();
                if (fromTop % shape.strideH() == 0 && fromLeft % shape.strideW() == 0) {
                    taps.add(new int[] {fromTop / shape.strideH(), fromLeft / shape.strideW(), r * shape.s() + s});
                }
            }
        }
        return new PatchGrid(shape.n(), shape.p(), shape.q(), shape.k(), shape.groupK(),
                (shape.h() - i - 1) / shape.strideH() + 1, (shape.w() - j - 1) / shape.strideW() + 1,
                1, 1, taps, shape.h(), shape.w(), i, j, shape.strideH(), shape.strideW());
    }

    int taps() {
        return tapH.length;
    }

    /** Floats of one row: all taps, the channels of one group. */
    int depth() {
        return taps() * channels;
    }

    /** The depth in blocks of 16. */
    int blocks() {
        return Panels.blocks(depth());
    }

    int rows() {
        return n * gridH * gridW;
    }

    /** Whether the rows of the grid are the pixels of the destination in order. */
    boolean isWhole() {
        return outStepH == 1 && outStepW == 1;
    }

    /** Index of the destination pixel of {@code row}. */
    int outPixel(int row) {
        int j = row % gridW;
        int i = row / gridW % gridH;
        int image = row / gridW / gridH;
        return (image * outH + outFirstH + i * outStepH) * outW + outFirstW + j * outStepW;
    }

    @Override
    public void pack(float[] source, int offset, int firstChannel, int row, int rows, int fromBlock, int toBlock,
                     float[] to, int toOffset, int run, int rowStride, int runStride, int spare) {
        int from = fromBlock * Panels.DEPTH;
        int end = Math.min(depth(), toBlock * Panels.DEPTH);
        boolean grains = channels % Panels.DEPTH == 0;
        int j = row % gridW;
        int i = row / gridW % gridH;
        int image = row / gridW / gridH;
        if (oneTap && grains) {
            packOneTap(source, offset + firstChannel, i, j, image, rows, from, end, to, toOffset, run, rowStride, runStride);
            return;
        }
        for (int line = 0; line < rows; line++) {
            int base = offset + image * sourceH * sourceW * sourceC + firstChannel;
            int at = toOffset + line * rowStride;
            if (grains) {
                gather(source, base, i * stepH, j * stepW, from, end, to, at, run, runStride);
            } else {
                gather(source, base, i * stepH, j * stepW, from, end, to, spare, Panels.DEPTH, Panels.DEPTH);
                Arrays.fill(to, spare + end - from, spare + (toBlock - fromBlock) * Panels.DEPTH, 0);
                for (int block = 0; block < toBlock - fromBlock; block++) {
                    int depth = block * Panels.DEPTH;
                    Panels.copyGrain(to, spare + depth, to, at + depth / run * runStride + depth % run);
                }
            }
            if (++j == gridW) {
                j = 0;
                if (++i == gridH) {
                    i = 0;
                    image++;
                }
            }
        }
    }

    /** The rows of a single tap that never leaves the source: pixels a step apart. */
    private void packOneTap(float[] source, int first, int i, int j, int image, int rows, int from, int end,
                            float[] to, int toOffset, int run, int rowStride, int runStride) {
        int count;
        for (int line = 0; line < rows; line += count, i++, j = 0) {
            if (i == gridH) {
                i = 0;
                image++;
            }
            count = Math.min(rows - line, gridW - j);
            int pixel = (image * sourceH + i * stepH + tapH[0]) * sourceW + j * stepW + tapW[0];
            for (int depth = from; depth < end; depth += Panels.DEPTH) {
                int at = first + pixel * sourceC + depth;
                int into = toOffset + line * rowStride + (depth - from) / run * runStride + (depth - from) % run;
                for (int k = 0; k < count; k++) {
                    Panels.copyGrain(source, at + k * stepW * sourceC, to, into + k * rowStride);
                }
            }
        }
    }

    /** Copies depths {@code [from, end)} of the row whose patch begins at source pixel (h, w), run by run. */
    private void gather(float[] source, int base, int h, int w, int from, int end, float[] to, int at,
                        int run, int runStride) {
        int shift = Integer.numberOfTrailingZeros(run);
        int gap = runStride - run;
        int u = 0;
        while (u < runLength.length - 1 && runTap[u + 1] * channels <= from) {
            u++;
        }
        for (int depth = from; depth < end; u++) {
            int tap = runTap[u];
            int y = h + tapH[tap];
            int x = w + tapW[tap];
            int first = tap * channels;
            int stop = Math.min(end, first + runLength[u] * channels);
            // The part of the run that lies inside the source; what is left and right of it is padding.
            int inside = stop;
            int outside = stop;
            if (y >= 0 && y < sourceH) {
                inside = Math.clamp(first + Math.max(0, -(long) x) * channels, depth, stop);
                outside = Math.clamp(first + ((long) sourceW - x) * channels, inside, stop);
            }
            int sourceAt = base + (y * sourceW + x) * sourceC - first;
            int line = at - from;
            if (channels % Panels.DEPTH == 0) {
                for (; depth < inside; depth += Panels.DEPTH) {
                    Panels.clearGrain(to, line + depth + (depth - from >> shift) * gap);
                }
                for (; depth < outside; depth += Panels.DEPTH) {
                    Panels.copyGrain(source, sourceAt + depth, to, line + depth + (depth - from >> shift) * gap);
                }
                for (; depth < stop; depth += Panels.DEPTH) {
                    Panels.clearGrain(to, line + depth + (depth - from >> shift) * gap);
                }
            } else {
                for (; depth < inside; depth++) {
                    to[line + depth] = 0;
                }
                System.arraycopy(source, outside > inside ? sourceAt + inside : 0, to, line + depth, outside - inside);
                for (depth = outside; depth < stop; depth++) {
                    to[line + depth] = 0;
                }
            }
        }
    }

    @Override
    public void packOuter(float[] source, int offset, int firstChannel, int row, int rows, int fromPanel, int toPanel,
                          float[] to, int toOffset, int panelStride) {
        int from = fromPanel * OuterGemm.HEIGHT;
        int end = Math.min(depth(), toPanel * OuterGemm.HEIGHT);
        int j = row % gridW;
        int i = row / gridW % gridH;
        int image = row / gridW / gridH;
        for (int line = 0; line < rows; line++) {
            int base = offset + image * sourceH * sourceW * sourceC + firstChannel;
            spread(source, base, i * stepH, j * stepW, from, end, to, toOffset + line * OuterGemm.HEIGHT, panelStride);
            if (++j == gridW) {
                j = 0;
                if (++i == gridH) {
                    i = 0;
                    image++;
                }
            }
        }
    }

    /** Copies depths {@code [from, end)} of the row whose patch begins at source pixel (h, w) into outer panels, run by run. */
    private void spread(float[] source, int base, int h, int w, int from, int end, float[] to, int at, int panelStride) {
        for (int u = 0; u < runLength.length; u++) {
            int first = runTap[u] * channels;
            int begin = Math.max(from, first);
            int stop = Math.min(end, first + runLength[u] * channels);
            if (begin >= stop) {
                continue;
            }
            int y = h + tapH[runTap[u]];
            int x = w + tapW[runTap[u]];
            int inside = stop;
            int outside = stop;
            if (y >= 0 && y < sourceH) {
                inside = Math.clamp(first + Math.max(0, -(long) x) * channels, begin, stop);
                outside = Math.clamp(first + ((long) sourceW - x) * channels, inside, stop);
            }
            OuterGemm.clear(begin - from, inside - begin, to, at, panelStride);
            if (outside > inside) {
                OuterGemm.copy(source, base + (y * sourceW + x) * sourceC - first + inside, inside - from, outside - inside,
                        to, at, panelStride);
            }
            OuterGemm.clear(outside - from, stop - outside, to, at, panelStride);
        }
    }
}
