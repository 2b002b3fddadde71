package lanewise.internal.conv;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.ColumnGemm;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient by the transposed transforms of {@link WinogradConv},
 *
 * <pre>dw[c][k] (+)= G' (sum over tiles of (B' d[c] B) (A dy[k] A')) G      products point by point</pre>
 *
 * <p>where d is the patch of x under a tile of dy. So 4x4 places of dy cost 36 multiplications for each pair of channels where the
 * direct sum has 144. The sum over tiles is one product of {@code ColumnGemm} for each point, with tiles as depth:
 *
 * <pre>
 * loop 4  chunks of tiles, of all images      u = A dy A', as column panels
 * loop 3  groups of 16-channel blocks of x    v = B' d B, as 16-column blocks: stays in L2
 * loop 2  column panels of u                  m += v' u, for all points; after the last chunk dw = G' m G
 * loop 1  points, 16-channel blocks
 * </pre>
 *
 * <p>With several chunks the sums m of all weights are kept in scratch between them. Chunks are small so that u, v and m stay in L2
 * together. A task is a range of channels of x, so that each weight is summed by one worker in the order of the tiles.
 *
 * <p><i>Source:</i> A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308; the transposition
 * principle, which makes of an algorithm for y from d one for the gradient of g from d and dy.
 */
final class WinogradGradWeight implements ConvKernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = Simd.LANES;
    private static final int GRAIN = Panels.DEPTH;
    private static final int WIDTH = Panels.WIDTH;

    private static final int TOGETHER = WinogradForm.TOGETHER;

    /** Tiles of a chunk, at most: both transforms and the sums of 64 channels on both sides are then 1.8 MB. */
    private static final int MOST_TILES = 64;

    /** Floats of v of a group: 512 KB. */
    private static final int GROUP_FLOATS = 1 << 17;

    private final int n;
    private final int h;
    private final int w;
    private final int c;
    private final int p;
    private final int q;
    private final int k;
    private final int r;
    private final int s;
    private final int padTop;
    private final int padLeft;
    private final WinogradForm form;
    private final int tileRows;
    private final int tileColumns;
    /** Tiles of a chunk. */
    private final int chunk;
    /** 16-channel blocks of x, and of all parts. */
    private final int channelBlocks;
    private final int blocks;
    /** Blocks of a group. */
    private final int group;
    private final int paddedK;
    /** Transforms neighbouring tiles of x and of dy together; null if channels do not fill blocks of 16, or in other forms. */
    private final WinogradStrip inputs;
    private final WinogradStrip outputs;
    /** Whether rows of points are done one after the other ({@link WinogradRows}). */
    private final boolean byRows;

    private WinogradGradWeight(ConvShape shape) {
        n = shape.n();
        h = shape.h();
        w = shape.w();
        c = shape.c();
        p = shape.p();
        q = shape.q();
        k = shape.k();
        r = shape.r();
        s = shape.s();
        padTop = shape.padTop();
        padLeft = shape.padLeft();
        form = WinogradChoice.gradWeightForm(shape);
        tileRows = (p - 1) / form.height() + 1;
        tileColumns = (q - 1) / form.width() + 1;
        int chunks = (tiles() - 1) / MOST_TILES + 1;
        chunk = (tiles() - 1) / chunks + 1;
        channelBlocks = Panels.blocks(c);
        blocks = channelBlocks * form.parts(s);
        group = Math.clamp(GROUP_FLOATS / blockFloats(), 1, blocks);
        paddedK = Panels.paddedColumns(k);
        boolean whole = form == WinogradForm.SQUARE4 && c % GRAIN == 0 && k % GRAIN == 0;
        inputs = whole ? WinogradStrip.ofInputs(form, h, w, c, padTop, padLeft, tileRows, tileColumns) : null;
        outputs = whole ? WinogradStrip.ofOutputs(p, q, k, tileRows, tileColumns) : null;
        byRows = whole && WinogradRows.does(form, c, k);
    }

    /** Null, or why {@code gradWeight} does not do this shape. */
    static String refusal(ConvShape shape) {
        return WinogradChoice.gradWeightRefusal(shape);
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    static ConvKernel gradWeight(ConvShape shape) {
        return new WinogradGradWeight(shape);
    }

    private int tiles() {
        return n * tileRows * tileColumns;
    }

    /** Distance of two points of {@code floats} each; one grain is left free, or they would share sets of the cache (NOTES 6). */
    private static int stride(int floats) {
        return floats + GRAIN;
    }

    /** Floats of v of one block. */
    private int blockFloats() {
        return form.points * stride(chunk * GRAIN);
    }

    /** Where the panel of u begins that has {@code column} as its first. */
    private int panelOffset(int column) {
        return form.points * (chunk * column + column / WIDTH * GRAIN);
    }

    /** Floats of the sums of one block and all columns before {@code column}. */
    private int sumOffset(int column) {
        return form.points * (GRAIN * column + column / WIDTH * GRAIN);
    }

    private int sumFloats() {
        return sumOffset(Simd.roundUp(k, WIDTH));
    }

    private boolean oneChunk() {
        return chunk == tiles();
    }

    /** A patch of x or a tile of dy at an edge: one vector of channels. */
    private int patchFloats() {
        return Math.max(form.points * LANES, inputs == null ? 0 : Math.max(inputs.scratchFloats(), outputs.scratchFloats()));
    }

    private int tapFloats() {
        return form.tapRows * form.tapColumns * WIDTH;
    }

    /** The sums of all points, a row of points of x and of dy, and their strips. */
    private int rowsFloats() {
        return form.points * stride(GRAIN * LANES) + 2 * WinogradRows.ROW_FLOATS
                + inputs.stripsFloats(WinogradRows.TILES) + outputs.stripsFloats(WinogradRows.TILES);
    }

    @Override
    public int workFloats() {
        if (byRows) {
            return WIDTH + TOGETHER * form.scratchFloats() + patchFloats() + tapFloats() + rowsFloats();
        }
        int u = panelOffset(Simd.roundUp(k, WIDTH));
        int sums = oneChunk() ? Math.multiplyExact(group, sumOffset(WIDTH)) : Math.multiplyExact(blocks, sumFloats());
        int fixed = WIDTH + TOGETHER * form.scratchFloats() + patchFloats() + tapFloats();
        return Math.addExact(fixed + u, Math.addExact(group * blockFloats(), sums));
    }

    /** Each task transforms dy again. */
    @Override
    public int tasks(int workers) {
        return Math.min(blocks, workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int firstBlock = (int) ((long) blocks * task / tasks);
        int endBlock = (int) ((long) blocks * (task + 1) / tasks);
        int scratch = workOffset + WIDTH;
        int patch = scratch + TOGETHER * form.scratchFloats();
        int u = patch + patchFloats() + tapFloats();
        int v = u + panelOffset(Simd.roundUp(k, WIDTH));
        int sums = v + group * blockFloats();
        if (byRows) {
            rows(args, work, workOffset, patch, u);
            return;
        }
        Arrays.fill(work, workOffset, scratch, 0);
        for (int first = 0; first < tiles(); first += chunk) { // loop 4
            int count = Math.min(chunk, tiles() - first);
            outputs(args, first, count, work, u, scratch, patch);
            for (int block = firstBlock; block < endBlock; block += group) { // loop 3
                int end = Math.min(endBlock, block + group);
                inputs(args, first, count, block, end, work, v, scratch, patch);
                int m = oneChunk() ? sums : sums + (block - firstBlock) * sumFloats();
                multiply(args, first, count, block, end, work, workOffset, u, v, m);
            }
        }
    }

    /** All tiles, 16 at a time, row by row of their points: then there is one block and one column panel. */
    private void rows(ConvArgs args, float[] work, int zeros, int patch, int sums) {
        int sumPoint = stride(GRAIN * LANES);
        int v = sums + form.points * sumPoint;
        int u = v + WinogradRows.ROW_FLOATS;
        int inputStrips = u + WinogradRows.ROW_FLOATS;
        int outputStrips = inputStrips + inputs.stripsFloats(WinogradRows.TILES);
        Arrays.fill(work, sums, v, 0);
        for (int first = 0; first < tiles(); first += WinogradRows.TILES) {
            int count = Math.min(WinogradRows.TILES, tiles() - first);
            inputs.down(args.source, args.sourceOffset, first, count, work, inputStrips, patch);
            outputs.down(args.dy, args.dyOffset, first, count, work, outputStrips, patch);
            for (int i = 0; i < form.rowCount; i++) {
                inputs.along(i, first, count, work, inputStrips, v, WinogradRows.TILES * LANES);
                outputs.along(i, first, count, work, outputStrips, u, WinogradRows.TILES * LANES);
                WinogradRows.sums(count, work, v, u, sums + i * form.columnCount * sumPoint, sumPoint);
            }
        }
        weights(args, 0, 0, LANES, work, sums, zeros + WIDTH);
    }

    /** Loops 2 and 1; the sums of a group lie from {@code sums}. */
    private void multiply(ConvArgs args, int first, int count, int block, int end,
                          float[] work, int zeros, int u, int v, int sums) {
        for (int column = 0; column < k; column += WIDTH) { // loop 2
            int width = Math.min(WIDTH, paddedK - column);
            int b = u + panelOffset(column);
            int to = sums + (oneChunk() ? 0 : sumOffset(column));
            int step = oneChunk() ? sumOffset(WIDTH) : sumFloats();
            for (int point = 0; point < form.points; point++) { // loop 1
                for (int i = 0; i < end - block; i++) {
                    int m = to + i * step + point * stride(GRAIN * width);
                    ColumnGemm.tile(GRAIN, width, work, v + i * blockFloats() + point * stride(chunk * GRAIN), 0, 1, count,
                            work, b + point * stride(chunk * width), first == 0, work, m, width, work, zeros, zeros);
                }
            }
            for (int i = block; first + count == tiles() && i < end; i++) {
                weights(args, i, column, width, work, to + (i - block) * step, zeros + WIDTH);
            }
        }
    }

    /** Transforms the tiles of dy, some at a time, vector by vector. */
    private void outputs(ConvArgs args, int first, int count, float[] work, int u, int scratch, int patch) {
        if (outputs != null) {
            for (int column = 0; column < k; column += WIDTH) {
                int width = Math.min(WIDTH, k - column);
                outputs.transform(args.dy, args.dyOffset, first, count, column, column + width, work, u + panelOffset(column), count, 0,
                        stride(chunk * width), width, 0, patch);
            }
            return;
        }
        for (int t = 0; t < count; t += TOGETHER) {
            int tiles = Math.min(TOGETHER, count - t);
            for (int column = 0; column < paddedK; column += LANES) {
                for (int i = 0; i < tiles; i++) {
                    output(args, first + t + i, column, work, scratch + i * form.scratchFloats(), patch);
                }
                int panel = column / WIDTH * WIDTH;
                int width = Math.min(WIDTH, paddedK - panel);
                int to = u + panelOffset(panel) + t * width + column - panel;
                form.outputTransposedColumns(work, scratch, tiles, work, to, stride(chunk * width), width);
            }
        }
    }

    private void output(ConvArgs args, int number, int channel, float[] work, int to, int patch) {
        int tileRow = number / tileColumns;
        int image = tileRow / tileRows;
        int row = (tileRow - image * tileRows) * form.height();
        int left = (number - tileRow * tileColumns) * form.width();
        int from = args.dyOffset + image * p * q * k + channel;
        if (row + form.height() <= p && left + form.width() <= q && channel + LANES <= k) {
            int step = form.line ? form.outColumns : q;
            form.outputTransposedRows(args.dy, from + (row * q + left) * k, step * k, k, work, to);
        } else {
            copyTile(args.dy, from, p, q, k, row, left, form.outRows, form.outColumns, Math.min(LANES, k - channel), work, patch);
            form.outputTransposedRows(work, patch, form.outColumns * LANES, LANES, work, to);
        }
    }

    /** Transforms the patches of x under the tiles, for some blocks. */
    private void inputs(ConvArgs args, int first, int count, int block, int end, float[] work, int v, int scratch, int patch) {
        if (inputs != null) {
            inputs.transform(args.source, args.sourceOffset, first, count, block * GRAIN, end * GRAIN, work, v, count, 0,
                    stride(chunk * GRAIN), GRAIN, blockFloats(), patch);
            return;
        }
        for (int t = 0; t < count; t += TOGETHER) {
            int tiles = Math.min(TOGETHER, count - t);
            for (int i = block; i < end; i++) {
                int part = i / channelBlocks * form.partWidth();
                for (int channel = i % channelBlocks * GRAIN, lane = 0; lane < GRAIN; channel += LANES, lane += LANES) {
                    for (int j = 0; j < tiles; j++) {
                        input(args, first + t + j, part, channel, work, scratch + j * form.scratchFloats(), patch);
                    }
                    int to = v + (i - block) * blockFloats() + t * GRAIN + lane;
                    form.inputColumns(work, scratch, tiles, work, to, stride(chunk * GRAIN), GRAIN);
                }
            }
        }
    }

    private void input(ConvArgs args, int number, int part, int channel, float[] work, int to, int patch) {
        int tileRow = number / tileColumns;
        int image = tileRow / tileRows;
        int row = (tileRow - image * tileRows) * form.height() - padTop;
        int left = (number - tileRow * tileColumns) * form.width() - padLeft + part;
        int from = args.sourceOffset + image * h * w * c + channel;
        int lastRow = row + (form.line ? 0 : form.rowCount - 1);
        int end = left + form.columnCount + (form.line ? (form.rowCount - 1) * form.outColumns : 0);
        if (row >= 0 && lastRow < h && left >= 0 && end <= w && channel + LANES <= c) {
            int step = form.line ? form.outColumns : w;
            form.inputRows(args.source, from + (row * w + left) * c, step * c, c, work, to);
        } else {
            int channels = Math.clamp(c - channel, 0, LANES);
            copyTile(args.source, from, h, w, c, row, left, form.rowCount, form.columnCount, channels, work, patch);
            form.inputRows(work, patch, form.columnCount * LANES, LANES, work, to);
        }
    }

    /**
     * Copies one vector of channels of the {@code rows x columns} pixels from (row, left) of an image of {@code height x width}, with
     * zeros for padding, for what hangs over the edge and for the channels that fill the vector.
     */
    private void copyTile(float[] image, int from, int height, int width, int pixel, int row, int left, int rows, int columns,
                          int channels, float[] work, int to) {
        for (int i = 0, at = to; i < rows; i++, at += columns * LANES) {
            int y = form.line ? row : row + i;
            int x = form.line ? left + i * form.outColumns : left;
            boolean outside = y < 0 || y >= height || channels == 0; // no channels: they may lie past the end of the array
            int begin = outside ? columns : Math.clamp(-x, 0, columns);
            int end = Math.clamp(width - x, begin, columns);
            Arrays.fill(work, at, at + begin * LANES, 0);
            Arrays.fill(work, at + end * LANES, at + columns * LANES, 0);
            int source = from + (y * width + x) * pixel;
            if (channels == LANES) {
                for (int j = begin; j < end; j++) {
                    FloatVector.fromArray(S, image, source + j * pixel).intoArray(work, at + j * LANES);
                }
                continue;
            }
            for (int j = begin; j < end; j++) {
                System.arraycopy(image, source + j * pixel, work, at + j * LANES, channels);
                Arrays.fill(work, at + j * LANES + channels, at + (j + 1) * LANES, 0);
            }
        }
    }

    /** Transforms the sums of one block and column panel back and writes the taps that the filter has. */
    private void weights(ConvArgs args, int block, int column, int width, float[] work, int m, int scratch) {
        int taps = scratch + TOGETHER * form.scratchFloats() + patchFloats();
        int columns = Math.min(width, k - column);
        int channel = block % channelBlocks * GRAIN;
        int firstTap = block / channelBlocks * form.partWidth();
        int tapRows = form.line ? 1 : r;
        int tapColumns = Math.min(form.line ? form.partWidth() : form.tapColumns, s - firstTap);
        for (int i = 0; i < Math.min(GRAIN, c - channel); i++) {
            form.filterTransposed(work, m + i * width, stride(GRAIN * width), width, work, taps, width, work, scratch);
            for (int row = 0; row < tapRows; row++) {
                for (int tap = 0; tap < tapColumns; tap++) {
                    int out = args.outOffset + ((row * s + firstTap + tap) * c + channel + i) * k + column;
                    write(args, out, columns, work, taps + (row * form.tapColumns + tap) * width);
                }
            }
        }
    }

    private static void write(ConvArgs args, int out, int columns, float[] work, int from) {
        if (!args.plus) {
            System.arraycopy(work, from, args.out, out, columns);
            return;
        }
        for (int j = 0; j < columns; j++) {
            args.out[out + j] += work[from + j];
        }
    }
}
