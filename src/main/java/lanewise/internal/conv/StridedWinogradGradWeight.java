package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.ColumnGemm;
import lanewise.internal.gemm.OuterPanelTile4;
import lanewise.internal.gemm.OuterTile4;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient of 3x3 filters with stride 2 by the transposed transforms of {@link StridedWinogradConv}: a tile of 2x2 places of dy
 * takes 25 multiplications for each pair of channels instead of 36. In one dimension
 *
 * <pre>
 * dg0 = s0 + s2      s0 = sum over tiles of (x0 - x2) dy0
 * dg1 = s1           s1 = sum over tiles of x1 dy0 + x3 dy1
 * dg2 = s3 + s2      s2 = sum over tiles of x2 (dy0 + dy1)
 *                    s3 = sum over tiles of (x4 - x2) dy1
 * </pre>
 *
 * <p>and in two 16 sums of 25 products. The products have tiles as depth, and nothing but additions around them.
 *
 * <pre>
 * loop 4  chunks of tiles, of all images      u: 9 values of dy, as column panels
 * loop 3  blocks of 64 channels of x          v: 25 values of x, 400 KB
 * loop 2  column panels of u, products        one panel of each, 32 KB, stays in L1
 * loop 1  rows of dw                          sums += v' u
 * </pre>
 *
 * <p>The sums lie in scratch until all tiles are added; those of a task, v and u take 1.6 to 2 MB together, of a second cache
 * of 2 MB. Each weight is summed by one worker in the order of the tiles.
 *
 * <p><i>Source:</i> the transposition principle, as {@link WinogradGradWeight}.
 */
final class StridedWinogradGradWeight implements ConvKernel {

    private static final int GRAIN = Panels.DEPTH;

    /** Channels of x in a block. */
    private static final int BLOCK = Panels.RUN;

    /** Tiles of a chunk, at most. */
    private static final int MOST_TILES = 64;

    /** Columns of a task, at most, and weights: its sums are then 1 MB. */
    private static final int MOST_COLUMNS = 256;
    private static final int MOST_WEIGHTS = 1 << 14;

    private static final int STRIDE = 2;
    private static final int TAPS = 9;
    private static final int INPUTS = StridedWinogradTile.INPUTS;
    private static final int INPUT_VALUES = INPUTS * INPUTS;
    private static final int OUTPUTS = StridedWinogradTile.OUTPUTS;
    private static final int OUTPUT_VALUES = 9;
    private static final int SUMS = 16;

    /** Of each product, in one dimension: the sum that it belongs to, its value of x and its value of dy. */
    private static final int[] SUM = {0, 1, 2, 3, 1};
    private static final int[] OUTPUT = {0, 0, 2, 1, 1};

    /** The same in two, in the order of the sums. */
    private static final int[] SUM_OF = new int[INPUT_VALUES];
    private static final int[] INPUT_OF = new int[INPUT_VALUES];
    private static final int[] OUTPUT_OF = new int[INPUT_VALUES];

    static {
        int product = 0;
        for (int sum = 0; sum < SUMS; sum++) {
            for (int value = 0; value < INPUT_VALUES; value++) {
                int i = value / INPUTS;
                int j = value % INPUTS;
                if (4 * SUM[i] + SUM[j] == sum) {
                    SUM_OF[product] = sum;
                    INPUT_OF[product] = value;
                    OUTPUT_OF[product++] = 3 * OUTPUT[i] + OUTPUT[j];
                }
            }
        }
    }

    private final ConvShape shape;
    private final int c;
    private final int k;
    private final int tileRows;
    private final int tileColumns;
    /** Tiles of a chunk. */
    private final int chunk;
    /** Whether tiles are 4 vectors wide, and then their columns, and the channels of x that lie together. */
    private final boolean wide;
    private final int width;
    private final int rows;
    /** Column panels of a task, at most, and blocks of channels. */
    private final int panels;
    private final int blocks;
    /** Where in v the values of each piece of a block begin. */
    private final int[] places;

    private StridedWinogradGradWeight(ConvShape shape) {
        this.shape = shape;
        c = shape.c();
        k = shape.k();
        tileRows = Math.ceilDiv(shape.p(), OUTPUTS);
        tileColumns = Math.ceilDiv(shape.q(), OUTPUTS);
        chunk = Math.ceilDiv(tiles(), Math.ceilDiv(tiles(), MOST_TILES));
        int padded = Simd.roundUp(k, OuterTile4.WIDTH);
        wide = OuterTile4.FITS && padded <= k + k / 4;
        width = wide ? OuterTile4.WIDTH : Panels.WIDTH;
        rows = wide ? BLOCK : GRAIN;
        panels = Math.min(Math.ceilDiv(k, width), MOST_COLUMNS / width);
        blocks = Math.clamp(MOST_WEIGHTS / (BLOCK * panels * width), 1, Math.ceilDiv(c, BLOCK));
        places = new int[BLOCK / rows * INPUT_VALUES];
        for (int i = 0; i < places.length; i++) {
            places[i] = i * distance(rows);
        }
    }

    /** Null, or why {@code gradWeight} does not do this shape. */
    static String refusal(ConvShape shape) {
        String refusal = StridedWinogradConv.filterRefusal(shape);
        return refusal != null ? refusal : WinogradChoice.stridedGradWeightRefusal(shape, INPUT_VALUES, OUTPUT_VALUES, SUMS);
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    static ConvKernel gradWeight(ConvShape shape) {
        return new StridedWinogradGradWeight(shape);
    }

    private int tiles() {
        return shape.n() * tileRows * tileColumns;
    }

    /** Distance of two values, {@code floats} for each tile; one grain is left free, or they would share sets of the cache (NOTES 6). */
    private int distance(int floats) {
        return chunk * floats + GRAIN;
    }

    private int inputFloats() {
        return places.length * distance(rows);
    }

    private int outputPanel() {
        return OUTPUT_VALUES * distance(width);
    }

    /** Floats of the sums of one block and panel. */
    private int sumFloats() {
        return SUMS * BLOCK * width;
    }

    /** A tile of x, or of dy, at an edge; or the taps of a row. */
    private int patchFloats() {
        return Math.max(INPUT_VALUES * BLOCK, TAPS * width);
    }

    @Override
    public int workFloats() {
        return GRAIN + width + patchFloats() + inputFloats() + panels * outputPanel() + blocks * panels * sumFloats();
    }

    private int columnParts() {
        return Math.ceilDiv(k, panels * width);
    }

    /** Blocks of a task: fewer if several workers would not have one each. */
    private int taskBlocks(int workers) {
        int all = Math.ceilDiv(c, BLOCK);
        return Math.min(blocks, Math.ceilDiv(all, Math.ceilDiv(workers, columnParts())));
    }

    @Override
    public int tasks(int workers) {
        return columnParts() * Math.ceilDiv(Math.ceilDiv(c, BLOCK), taskBlocks(workers));
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int firstColumn = task % columnParts() * panels * width;
        int endColumn = Math.min(k, firstColumn + panels * width);
        int firstChannel = task / columnParts() * taskBlocks(workers) * BLOCK;
        int endChannel = Math.min(c, firstChannel + taskBlocks(workers) * BLOCK);
        int zeros = Simd.lineFrom(workOffset);
        int patch = zeros + width;
        int v = patch + patchFloats();
        int u = v + inputFloats();
        int sums = u + panels * outputPanel();
        Arrays.fill(work, zeros, patch, 0);
        for (int first = 0; first < tiles(); first += chunk) { // loop 4
            int count = Math.min(chunk, tiles() - first);
            outputs(args, first, count, firstColumn, endColumn, work, u, patch);
            for (int channel = firstChannel, m = sums; channel < endChannel; channel += BLOCK, m += panels * sumFloats()) { // loop 3
                int channels = Math.min(BLOCK, endChannel - channel);
                inputs(args, first, count, channel, channels, work, v, patch);
                for (int column = firstColumn, panel = 0; column < endColumn; column += width, panel++) { // loop 2
                    multiply(first == 0, count, Simd.roundUp(channels, GRAIN), work, zeros, v, u + panel * outputPanel(),
                            m + panel * sumFloats());
                }
            }
        }
        for (int channel = firstChannel, m = sums; channel < endChannel; channel++, m += width) {
            if ((channel - firstChannel) % BLOCK == 0) {
                m = sums + (channel - firstChannel) / BLOCK * panels * sumFloats();
            }
            for (int column = firstColumn, panel = 0; column < endColumn; column += width, panel++) {
                weights(args, channel, column, work, m + panel * sumFloats(), patch);
            }
        }
    }

    /** All products of a block and a panel. */
    private void multiply(boolean first, int count, int channels, float[] work, int zeros, int v, int u, int sums) {
        int sum = -1;
        for (int i = 0; i < INPUT_VALUES; i++) {
            boolean begins = first && SUM_OF[i] != sum;
            sum = SUM_OF[i];
            int a = v + INPUT_OF[i] * distance(rows);
            int b = u + OUTPUT_OF[i] * distance(width);
            int to = sums + sum * BLOCK * width;
            if (wide) {
                rows(begins, count, channels, work, zeros, a, b, to);
                continue;
            }
            for (int row = 0; row < channels; row += rows) {
                ColumnGemm.tile(rows, width, work, a + row / rows * INPUT_VALUES * distance(rows), 0, 1, count, work, b,
                        begins, work, to + row * width, width, work, zeros, zeros);
            }
        }
    }

    /** Loop 1. */
    private static void rows(boolean begins, int count, int channels, float[] work, int zeros, int a, int b, int to) {
        int height;
        for (int row = 0; row < channels; row += height) {
            height = OuterTile4.height(channels - row);
            int sum = to + row * OuterTile4.WIDTH;
            OuterPanelTile4.run(height, work, a + row, work, b, count,
                    work, begins ? zeros : sum, begins ? 0 : OuterTile4.WIDTH, work, sum, OuterTile4.WIDTH);
        }
    }

    /** Transforms tiles of dy. */
    private void outputs(ConvArgs args, int first, int count, int firstColumn, int endColumn, float[] work, int u, int patch) {
        int p = shape.p();
        int q = shape.q();
        for (int t = 0; t < count; t++) {
            int row = (first + t) / tileColumns % tileRows * OUTPUTS;
            int left = (first + t) % tileColumns * OUTPUTS;
            int image = args.dyOffset + (first + t) / tileColumns / tileRows * p * q * k;
            boolean whole = row + OUTPUTS <= p && left + OUTPUTS <= q;
            for (int column = firstColumn, to = u + t * width; column < endColumn; column += width, to += outputPanel()) {
                if (whole && column + width <= k) {
                    StridedWinogradGradTile.outputTransposed(args.dy, image + (row * q + left) * k + column, q * k, k, width,
                            work, to, distance(width));
                } else {
                    copy(args.dy, image + column, p, q, k, row, left, OUTPUTS, Math.min(width, k - column), work, patch, width);
                    StridedWinogradGradTile.outputTransposed(work, patch, OUTPUTS * width, width, width, work, to, distance(width));
                }
            }
        }
    }

    /** Transforms a block of channels of what the tiles see of x. */
    private void inputs(ConvArgs args, int first, int count, int channel, int channels, float[] work, int v, int patch) {
        int h = shape.h();
        int w = shape.w();
        int padded = Simd.roundUp(channels, GRAIN);
        for (int t = 0; t < count; t++) {
            int row = (first + t) / tileColumns % tileRows * OUTPUTS * STRIDE - shape.padTop();
            int left = (first + t) % tileColumns * OUTPUTS * STRIDE - shape.padLeft();
            int image = args.sourceOffset + (first + t) / tileColumns / tileRows * h * w * c + channel;
            int to = v + t * rows;
            if (row >= 0 && row + INPUTS <= h && left >= 0 && left + INPUTS <= w && channels == padded) {
                input(args.source, image + (row * w + left) * c, w * c, c, padded, work, to);
            } else {
                copy(args.source, image, h, w, c, row, left, INPUTS, channels, work, patch, padded);
                input(work, patch, INPUTS * padded, padded, padded, work, to);
            }
        }
    }

    private void input(float[] x, int at, int row, int pixel, int channels, float[] work, int to) {
        for (int channel = 0; channel < channels; channel += rows) {
            StridedWinogradTile.input(x, at + channel, row, pixel, Math.min(rows, channels - channel), work, to, places,
                    channel / rows * INPUT_VALUES);
        }
    }

    /** Copies {@code channels} of {@code side x side} pixels from (row, left) of an image; zeros up to width and where there is none. */
    private static void copy(float[] image, int from, int height, int columns, int pixel, int row, int left, int side,
                             int channels, float[] work, int to, int width) {
        for (int i = 0; i < side * side; i++) {
            int y = row + i / side;
            int x = left + i % side;
            int at = to + i * width;
            boolean there = y >= 0 && y < height && x >= 0 && x < columns;
            if (there) {
                System.arraycopy(image, from + (y * columns + x) * pixel, work, at, channels);
            }
            Arrays.fill(work, there ? at + channels : at, at + width, 0);
        }
    }

    /** Transforms the sums of one channel of x and one panel back. */
    private void weights(ConvArgs args, int channel, int column, float[] work, int m, int taps) {
        StridedWinogradGradTile.filterTransposed(work, m, BLOCK * width, width, work, taps);
        int columns = Math.min(width, k - column);
        int to = args.outOffset + channel * k + column;
        if (args.plus) {
            Tiles.add(TAPS, columns, work, taps, width, args.out, to, c * k, args.out, to, c * k);
        } else {
            Tiles.copy(TAPS, columns, work, taps, width, args.out, to, c * k);
        }
    }
}
