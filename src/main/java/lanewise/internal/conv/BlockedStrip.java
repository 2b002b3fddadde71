package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.Panels;

/**
 * A strip of source rows, copied once into blocks of channels with its padding around it, so that every tap of every pixel in it
 * is a constant offset away:
 *
 * <pre>strip[channel / block][source row][column % stepW][column / stepW][pitch]</pre>
 *
 * <p>Blocks are of 16 channels, one grain, or of {@link Panels#RUN}, with the pixels {@link Panels#ROW} floats apart.
 *
 * <p>Columns that are a stride apart become neighbours: for a tile of pixels the distance is the pitch whatever the stride. Each
 * source pixel is copied once per strip, where im2col would copy it once per tap.
 */
final class BlockedStrip {

    /** The largest strip: 64 MB. */
    private static final int MOST_FLOATS = 1 << 24;

    private final PatchGrid grid;
    private final int channels;
    private final int block;
    /** Distance of two neighbouring pixels. */
    final int pitch;
    private final int firstTapH;
    private final int firstTapW;
    /** Source rows and columns that one row of the grid sees. */
    private final int tapRows;
    private final int span;
    private final int slots;

    /** Rows of the grid in a full strip. */
    final int rows;
    private final int sourceRows;
    /** Floats of one source row of one channel block. */
    private final int rowFloats;

    private BlockedStrip(PatchGrid grid, int channels, int block, int rows) {
        this.grid = grid;
        this.channels = channels;
        this.block = block;
        pitch = block == Panels.RUN ? Panels.ROW : block;
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
        return floats <= MOST_FLOATS ? null : "a row of outputs sees %.0f floats: more than %d".formatted(floats, MOST_FLOATS);
    }

    /**
     * As many rows, in equal strips, as keep a strip below {@code floats}; at least 1.
     *
     * @param channels channels of the source, all of them; a ragged last block is padded with zeros
     */
    static BlockedStrip of(PatchGrid grid, int channels, int floats, int mostRows) {
        return of(grid, channels, Panels.DEPTH, floats, mostRows);
    }

    /** The same in blocks of {@code block} channels: 16, or {@link Panels#RUN}, of which {@code channels} is then a multiple. */
    static BlockedStrip of(PatchGrid grid, int channels, int block, int floats, int mostRows) {
        var one = new BlockedStrip(grid, channels, block, 1);
        long row = (long) one.rowFloats * one.blocks();
        long fit = Math.max(1, (floats / row - one.tapRows) / grid.stepH + 1);
        int rows = (int) Math.min(Math.min(fit, mostRows), grid.gridH);
        int strips = (grid.gridH + rows - 1) / rows;
        return new BlockedStrip(grid, channels, block, (grid.gridH + strips - 1) / strips);
    }

    private int blocks() {
        return (channels - 1) / block + 1;
    }

    /** Strips of one image. */
    int count() {
        return (grid.gridH + rows - 1) / rows;
    }

    int floats() {
        return Math.multiplyExact(blocks(), Math.multiplyExact(sourceRows, rowFloats));
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
            boolean inside = y >= 0 && y < grid.sourceH;
            int from = sourceOffset + (image * grid.sourceH + y) * grid.sourceW * grid.sourceC;
            int to = stripOffset + row * rowFloats;
            for (int column = 0; column < grid.stepW * slots; column++) {
                int x = firstTapW + column;
                int at = to + (column % grid.stepW * slots + column / grid.stepW) * pitch;
                if (inside && x >= 0 && x < grid.sourceW) {
                    copyPixel(source, from + x * grid.sourceC, strip, at);
                } else {
                    clearPixel(strip, at);
                }
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
                    int x = firstTapW + phase;
                    int begin = Math.clamp((-(long) x + grid.stepW - 1) / grid.stepW, 0, slots);
                    int end = Math.clamp(((long) grid.sourceW - x + grid.stepW - 1) / grid.stepW, begin, slots);
                    if (y < 0 || y >= grid.sourceH) {
                        end = begin;
                    }
                    Arrays.fill(strip, to, to + begin * Panels.DEPTH, 0);
                    spread.run(block, i, end - begin, source, from + (x + begin * grid.stepW) * grid.sourceC,
                            grid.stepW * grid.sourceC, strip, to + begin * Panels.DEPTH);
                    Arrays.fill(strip, to + end * Panels.DEPTH, to + slots * Panels.DEPTH, 0);
                }
            }
        }
    }

    private void copyPixel(float[] source, int from, float[] strip, int to) {
        int whole = channels / Panels.DEPTH * Panels.DEPTH;
        for (int channel = 0; channel < whole; channel += Panels.DEPTH) {
            Panels.copyGrain(source, from + channel, strip, to + grainOffset(channel));
        }
        if (whole < channels) {
            Panels.clearGrain(strip, to + grainOffset(whole));
            System.arraycopy(source, from + whole, strip, to + grainOffset(whole), channels - whole);
        }
    }

    private void clearPixel(float[] strip, int to) {
        for (int channel = 0; channel < channels; channel += Panels.DEPTH) {
            Panels.clearGrain(strip, to + grainOffset(channel));
        }
    }

    /** Where a pixel's grain lies that has {@code channel} as its first. */
    private int grainOffset(int channel) {
        return channel / block * sourceRows * rowFloats + channel % block;
    }
}
