package lanewise.internal.conv;

import java.util.Arrays;
import java.util.List;
import lanewise.internal.gemm.Panels;

/**
 * A strip of source rows, copied once into blocks of channels with its padding around it, so that every tap of every pixel in it
 * is a constant offset away:
 *
 * <pre>strip[channel / block][source row][column % stepW][column / stepW][pitch]</pre>
 *
 * <p>A block is a grain of 16 channels, 16 floats apart, or a run of 64 in rows as those of a row panel ({@link Panels#ROW}). Columns
 * that are a stride apart become neighbours: for a tile of pixels the distance is the pitch whatever the stride. Each source pixel is
 * copied once per strip, where im2col would copy it once per tap.
 */
final class BlockedStrip {

    /** The largest strip: 64 MB. */
    private static final int MOST_FLOATS = 1 << 24;

    private final PatchGrid grid;
    private final int channels;
    /** Channels of a block, and the distance of two pixels in it. */
    private final int block;
    private final int pitch;
    private final int firstTapH;
    private final int firstTapW;
    /** Source rows and columns that one row of the grid sees. */
    private final int tapRows;
    private final int span;
    private final int slots;

    /** Rows of the grid in a full strip. */
    final int rows;
    private final int sourceRows;
    /** Floats of one source row of one block. */
    private final int rowFloats;

    private BlockedStrip(PatchGrid grid, int channels, int block, int rows) {
        this.grid = grid;
        this.channels = channels;
        this.block = block;
        this.pitch = block == Panels.RUN ? Panels.ROW : block;
        this.rows = rows;
        firstTapH = Arrays.stream(grid.tapH).min().orElse(0);
        firstTapW = Arrays.stream(grid.tapW).min().orElse(0);
        tapRows = Arrays.stream(grid.tapH).max().orElse(0) - firstTapH + 1;
        span = (grid.gridW - 1) * grid.stepW + Arrays.stream(grid.tapW).max().orElse(0) - firstTapW + 1;
        slots = (span - 1) / grid.stepW + 1;
        sourceRows = (rows - 1) * grid.stepH + tapRows;
        rowFloats = grid.stepW * slots * pitch;
    }

    /**
     * Null, or why no strip of {@code grid} is made: dilation, padding or strides of a size that no network has can make one row of
     * the grid see more than is worth copying.
     */
    static String refusal(PatchGrid grid, int channels) {
        double rows = 1.0 + Arrays.stream(grid.tapH).max().orElse(0) - Arrays.stream(grid.tapH).min().orElse(0);
        double columns = 1.0 + Arrays.stream(grid.tapW).max().orElse(0) - Arrays.stream(grid.tapW).min().orElse(0)
                + (double) grid.gridW * grid.stepW;
        double floats = rows * columns * Panels.blocks(channels) * Panels.DEPTH;
        return floats <= MOST_FLOATS ? null : "a row of outputs sees " + (long) floats + " floats: more than " + MOST_FLOATS;
    }

    /** The same of several grids: each has its own taps. */
    static String refusal(List<PatchGrid> grids, int channels) {
        for (PatchGrid grid : grids) {
            String refusal = refusal(grid, channels);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    /**
     * As many rows, in equal strips, as keep a strip below {@code floats}; at least 1.
     *
     * @param channels channels of the source, all of them; a ragged last block is padded with zeros
     */
    static BlockedStrip of(PatchGrid grid, int channels, int floats, int mostRows) {
        return of(grid, channels, Panels.DEPTH, floats, mostRows);
    }

    /** The same in blocks of 16 or 64 channels; these must be whole. */
    static BlockedStrip of(PatchGrid grid, int channels, int block, int floats, int mostRows) {
        var one = new BlockedStrip(grid, channels, block, 1);
        long row = (long) one.rowFloats * one.blocks();
        long fit = Math.max(1, (floats / row - one.tapRows) / grid.stepH + 1);
        int rows = (int) Math.min(Math.min(fit, mostRows), grid.gridH);
        int strips = (grid.gridH + rows - 1) / rows;
        return new BlockedStrip(grid, channels, block, (grid.gridH + strips - 1) / strips);
    }

    private int blocks() {
        return (channels + block - 1) / block;
    }

    /** Strips of one image. */
    int count() {
        return (grid.gridH + rows - 1) / rows;
    }

    /** Where strip {@code number} begins: nearly equal strips, so that several workers have as much to do. */
    int firstRow(int number) {
        return (int) ((long) grid.gridH * number / count());
    }

    int floats() {
        return Math.multiplyExact(blocks(), Math.multiplyExact(sourceRows, rowFloats));
    }

    /** Distance of two pixels of a row of the grid in the strip. */
    int pitch() {
        return pitch;
    }

    /** Distance of two rows of the grid in the strip. */
    int gridRowFloats() {
        return grid.stepH * rowFloats;
    }

    /** Where the block begins that has {@code channel} as its first. */
    int blockOffset(int channel) {
        return channel / block * sourceRows * rowFloats;
    }

    /** For each tap, its offset from a pixel's place in a block. */
    int[] tapOffsets() {
        int[] offsets = new int[grid.taps()];
        for (int t = 0; t < grid.taps(); t++) {
            int column = grid.tapW[t] - firstTapW;
            int slot = column % grid.stepW * slots + column / grid.stepW;
            offsets[t] = (grid.tapH[t] - firstTapH) * rowFloats + slot * pitch;
        }
        return offsets;
    }

    /** For each depth block (tap, channel block) of a matrix product, its offset from a pixel's place. */
    int[] blockTapOffsets() {
        int blocks = blocks();
        int[] taps = tapOffsets();
        int[] offsets = new int[taps.length * blocks];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = taps[i / blocks] + blockOffset(i % blocks * block);
        }
        return offsets;
    }

    /** Copies what the grid rows {@code [firstRow, firstRow + count)} of an image see. */
    void fill(float[] source, int sourceOffset, int image, int firstRow, int count, float[] strip, int stripOffset) {
        int used = (count - 1) * grid.stepH + tapRows;
        for (int row = 0; row < used; row++) {
            int y = firstRow * grid.stepH + firstTapH + row;
            int from = sourceOffset + (image * grid.sourceH + y) * grid.sourceW * grid.sourceC;
            for (int first = 0; first < channels; first += block) {
                int to = stripOffset + blockOffset(first) + row * rowFloats;
                if (y < 0 || y >= grid.sourceH) {
                    Arrays.fill(strip, to, to + rowFloats, 0);
                    continue;
                }
                for (int phase = 0; phase < grid.stepW; phase++, to += slots * pitch) {
                    int begin = begin(phase);
                    int end = end(phase, begin);
                    Arrays.fill(strip, to, to + begin * pitch, 0);
                    copy(source, from + (firstTapW + phase + begin * grid.stepW) * grid.sourceC + first,
                            Math.min(block, channels - first), end - begin, strip, to + begin * pitch);
                    Arrays.fill(strip, to + end * pitch, to + slots * pitch, 0);
                }
            }
        }
    }

    /** The first slot of a phase whose column lies in the source. */
    private int begin(int phase) {
        return Math.clamp((-(long) firstTapW - phase + grid.stepW - 1) / grid.stepW, 0, slots);
    }

    /** The slot behind the last one. */
    private int end(int phase, int begin) {
        return Math.clamp(((long) grid.sourceW - firstTapW - phase + grid.stepW - 1) / grid.stepW, begin, slots);
    }

    /** Copies {@code count} neighbouring channels of {@code pixels} a step apart; fewer than a grain with zeros behind them. */
    private void copy(float[] source, int from, int count, int pixels, float[] strip, int to) {
        int step = grid.stepW * grid.sourceC;
        if (block == Panels.RUN) {
            for (int i = 0; i < pixels; i++) {
                Panels.copyRun(source, from + i * step, strip, to + i * Panels.ROW);
            }
        } else if (count == Panels.DEPTH) {
            for (int i = 0; i < pixels; i++) {
                Panels.copyGrain(source, from + i * step, strip, to + i * Panels.DEPTH);
            }
        } else {
            for (int i = 0; i < pixels; i++) {
                Panels.copyPart(source, from + i * step, count, strip, to + i * Panels.DEPTH);
            }
        }
    }

    /** The same for one block of outputs of a grouped convolution: block i of the strip is input i, spread over the lanes. */
    void fillSpread(float[] source, int sourceOffset, int image, int firstRow, int count, ChannelSpread spread, int block,
                    float[] strip, int stripOffset) {
        int used = (count - 1) * grid.stepH + tapRows;
        for (int i = 0; i < spread.inside; i++) {
            for (int row = 0; row < used; row++) {
                int y = firstRow * grid.stepH + firstTapH + row;
                int from = sourceOffset + (image * grid.sourceH + y) * grid.sourceW * grid.sourceC;
                int to = stripOffset + blockOffset(i * Panels.DEPTH) + row * rowFloats;
                for (int phase = 0; phase < grid.stepW; phase++, to += slots * Panels.DEPTH) {
                    int begin = begin(phase);
                    int end = y < 0 || y >= grid.sourceH ? begin : end(phase, begin);
                    Arrays.fill(strip, to, to + begin * Panels.DEPTH, 0);
                    spread.run(block, i, end - begin, source, from + (firstTapW + phase + begin * grid.stepW) * grid.sourceC,
                            grid.stepW * grid.sourceC, strip, to + begin * Panels.DEPTH);
                    Arrays.fill(strip, to + end * Panels.DEPTH, to + slots * Panels.DEPTH, 0);
                }
            }
        }
    }
}
