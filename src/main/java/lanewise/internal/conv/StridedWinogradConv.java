package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * {@code forward} of 3x3 filters with stride 2 by Winograd's algorithm: 2x2 outputs take 25 multiplications for each pair of channels
 * instead of 36, and the transforms add and subtract only.
 *
 * <pre>
 * v[point][chunk][c] = the 25 values of {@link StridedWinogradTile}
 * m[point][k]        = sum over chunks, c of v[point][chunk][c] u[point][chunk][c][k]      9 products, 1, 2 or 4 C deep
 * y                  = A' m A
 * </pre>
 *
 * <p>What a point sums of even and odd rows and columns is one product of several chunks: these are as deep as those of the direct sum,
 * and only 9 of 25 are transformed back. Blocks, panels and loops are those of {@link WinogradConv}.
 *
 * <p><i>Source:</i> A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308, applied to the phases of
 * the stride.
 */
final class StridedWinogradConv implements ConvKernel {

    /** Tiles of a block: two row panels share each pass over the filter. */
    private static final int MOST_TILES = 2 * Panels.ROWS;

    /** With fewer channels the transforms and the ends of products cost more than is saved. */
    private static final int LEAST_CHANNELS = 32;

    private static final int STRIDE = 2;
    private static final int TAPS = 3;
    private static final int OUTPUTS = StridedWinogradTile.OUTPUTS;
    private static final int INPUTS = StridedWinogradTile.INPUTS;
    private static final int VALUES = INPUTS * INPUTS;
    private static final int POINTS = StridedWinogradTile.POINTS * StridedWinogradTile.POINTS;

    /** The point of each value, in one dimension, its chunk there, and how many chunks each point has. */
    private static final int[] POINT = {0, 0, 1, 2, 2};
    private static final int[] CHUNK = {0, 1, 0, 0, 1};
    private static final int[] CHUNKS = {2, 1, 2};

    private final ConvShape shape;
    private final int inside;
    private final int outside;
    /** Channels of a chunk: in whole grains. */
    private final int depth;
    private final int tileRows;
    private final int tileColumns;
    /** Chunks of each point, and before it. */
    private final int[] chunks = new int[POINTS];
    private final int[] before = new int[POINTS];
    /** Where in a panel of the filter the rows of each value begin. */
    private final int[] rowOf = new int[VALUES];
    /** Where in a row panel each point begins. */
    private final int[] pointAt = new int[POINTS];
    private final int panelFloats;
    /** Channels that are transformed together, and where in a row panel each value of each such piece goes. */
    private final int piece;
    private final int[] places;
    private final int[] runs;
    private final String layout;

    private StridedWinogradConv(ConvShape shape) {
        this.shape = shape;
        inside = shape.c();
        outside = shape.k();
        depth = Simd.roundUp(inside, Panels.DEPTH);
        tileRows = Math.ceilDiv(shape.p(), OUTPUTS);
        tileColumns = Math.ceilDiv(shape.q(), OUTPUTS);
        int at = 0;
        int count = 0;
        for (int point = 0; point < POINTS; point++) {
            chunks[point] = CHUNKS[point / StridedWinogradTile.POINTS] * CHUNKS[point % StridedWinogradTile.POINTS];
            before[point] = count;
            pointAt[point] = at;
            count += chunks[point];
            at += Panels.rowPanelFloats(chunks[point] * depth);
        }
        panelFloats = at;
        runs = Panels.runs(4 * depth);
        piece = depth % Panels.RUN == 0 ? Panels.RUN : Panels.DEPTH;
        places = new int[depth / piece * VALUES];
        for (int value = 0; value < VALUES; value++) {
            int i = value / INPUTS;
            int j = value % INPUTS;
            int point = POINT[i] * StridedWinogradTile.POINTS + POINT[j];
            int chunk = CHUNK[i] * CHUNKS[POINT[j]] + CHUNK[j];
            rowOf[value] = (before[point] + chunk) * depth;
            for (int channel = 0; channel < depth; channel += piece) {
                int place = chunk * depth + channel;
                places[channel / piece * VALUES + value] = pointAt[point] + place / Panels.RUN * Panels.SECTION + place % Panels.RUN;
            }
        }
        layout = "winograd F(2x2,2x2) of stride 2 c%dk%d".formatted(inside, outside);
    }

    /** Null, or why {@code forward} does not do this shape. */
    static String refusal(ConvShape shape) {
        if (shape.r() != TAPS || shape.s() != TAPS || shape.strideH() != STRIDE || shape.strideW() != STRIDE) {
            return shape.r() + "x" + shape.s() + " filter, stride " + shape.strideH() + "x" + shape.strideW() + ": only 3x3, stride 2x2";
        }
        if (shape.dilationH() != 1 || shape.dilationW() != 1) {
            return "dilation " + shape.dilationH() + "x" + shape.dilationW() + ": only 1x1";
        }
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        if (Math.min(shape.c(), shape.k()) < LEAST_CHANNELS) {
            return shape.c() + " and " + shape.k() + " channels: fewer than " + LEAST_CHANNELS + " do not repay the transforms";
        }
        return WinogradChoice.stridedRefusal(shape, VALUES);
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        return new StridedWinogradConv(shape);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    /** {@code packed[k / WIDTH][point][chunk][c][WIDTH]}, from the first cache line on, and scratch behind it. */
    @Override
    public int packedFloats() {
        return Simd.lineFrom(0) + VALUES * depth * Panels.paddedColumns(outside) + TAPS * TAPS * Simd.LANES;
    }

    private int filterOffset(int column) {
        return Simd.lineFrom(0) + VALUES * depth * column;
    }

    /** Rows that pad the depth are never written: they are 0 as they were made. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        int scratch = packedFloats() - TAPS * TAPS * Simd.LANES;
        for (int column = 0; column < outside; column += Simd.LANES) {
            int panel = column / Panels.WIDTH * Panels.WIDTH;
            int width = Panels.paddedColumns(Math.min(Panels.WIDTH, outside - panel));
            int count = Math.min(Simd.LANES, outside - column);
            for (int c = 0; c < inside; c++) {
                for (int tap = 0; tap < TAPS * TAPS; tap++) {
                    int to = scratch + tap * Simd.LANES;
                    System.arraycopy(w, wOffset + (tap * inside + c) * outside + column, packed, to, count);
                    Arrays.fill(packed, to + count, to + Simd.LANES, 0);
                }
                StridedWinogradTile.filter(packed, scratch, Simd.LANES, packed, filterOffset(panel) + c * width + column - panel,
                        width, rowOf);
            }
        }
    }

    @Override
    public boolean fuses() {
        return true;
    }

    private int tiles() {
        return shape.n() * tileRows * tileColumns;
    }

    /** Tiles of a block: equal blocks of whole row panels, of single panels if several workers would not have enough of them. */
    private int blockTiles(int workers) {
        int blocks = Math.ceilDiv(tiles(), MOST_TILES);
        return workers > 1 && blocks < 4L * workers ? Panels.ROWS : Simd.roundUp(Math.ceilDiv(tiles(), blocks), Panels.ROWS);
    }

    private int patchFloats() {
        return Math.max(VALUES * depth, OUTPUTS * OUTPUTS * Panels.WIDTH);
    }

    @Override
    public int workFloats() {
        int fixed = RowBlocks.biasFloats(outside) + RowGemm.TILE_FLOATS + patchFloats();
        return Math.addExact(fixed, Math.multiplyExact(blockTiles(1), POINTS * Panels.WIDTH) + blockTiles(1) / Panels.ROWS * panelFloats);
    }

    private int blocks(int workers) {
        return Math.ceilDiv(tiles(), blockTiles(workers));
    }

    /** If there are fewer blocks than workers, ranges of output channels share one; each transforms its inputs again. */
    private int columnParts(int workers) {
        return Math.min(Math.ceilDiv(outside, Panels.WIDTH), Math.ceilDiv(workers, blocks(workers)));
    }

    @Override
    public int tasks(int workers) {
        return blocks(workers) * columnParts(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = columnParts(workers);
        int first = task / parts * blockTiles(workers);
        int firstColumn = RowBlocks.firstColumn(task % parts, parts, outside);
        int endColumn = RowBlocks.firstColumn(task % parts + 1, parts, outside);
        int count = Math.min(blockTiles(workers), tiles() - first);
        int tile = workOffset + RowBlocks.biasFloats(outside);
        int patch = tile + RowGemm.TILE_FLOATS;
        int m = patch + patchFloats();
        int v = m + blockTiles(1) * POINTS * Panels.WIDTH;
        RowBlocks.bias(args, 0, outside, work, workOffset);
        inputs(args, first, count, work, v, patch);
        for (int column = firstColumn; column < endColumn; column += Panels.WIDTH) {
            multiply(args, count, column, work, v, m, tile);
            for (int t = 0; t < count; t++) {
                output(args, first + t, column, work, m + t * POINTS * Panels.paddedColumns(Math.min(Panels.WIDTH, outside - column)),
                        workOffset, patch);
            }
        }
        for (int t = first; t < first + count; t++) {
            activate(args, t, firstColumn, endColumn - firstColumn);
        }
    }

    private int image(int number) {
        return number / tileColumns / tileRows;
    }

    private int row(int number) {
        return number / tileColumns % tileRows * OUTPUTS;
    }

    private int left(int number) {
        return number % tileColumns * OUTPUTS;
    }

    /** Transforms what {@code count} tiles see into row panels. */
    private void inputs(ConvArgs args, int first, int count, float[] work, int v, int patch) {
        for (int t = 0; t < count; t++) {
            int y = STRIDE * row(first + t) - shape.padTop();
            int x = STRIDE * left(first + t) - shape.padLeft();
            int image = args.sourceOffset + image(first + t) * shape.h() * shape.w() * inside;
            int to = v + t / Panels.ROWS * panelFloats + t % Panels.ROWS * Panels.ROW;
            if (y >= 0 && y + INPUTS <= shape.h() && x >= 0 && x + INPUTS <= shape.w() && inside == depth) {
                transform(args.source, image + (y * shape.w() + x) * inside, shape.w() * inside, work, to);
            } else {
                for (int i = 0; i < INPUTS; i++) {
                    copyPixels(args.source, image, y + i, x, work, patch + i * INPUTS * depth);
                }
                transform(work, patch, INPUTS * depth, work, to);
            }
        }
    }

    private void transform(float[] d, int at, int row, float[] work, int to) {
        for (int channel = 0; channel < depth; channel += piece) {
            StridedWinogradTile.input(d, at + channel, row, depth, piece, work, to, places, channel / piece * VALUES);
        }
    }

    /** Copies a row of pixels under a tile, with zeros for padding and for the channels that fill the last grain. */
    private void copyPixels(float[] source, int image, int row, int column, float[] work, int to) {
        for (int j = 0; j < INPUTS; j++) {
            int at = to + j * depth;
            boolean there = row >= 0 && row < shape.h() && column + j >= 0 && column + j < shape.w();
            if (there) {
                System.arraycopy(source, image + (row * shape.w() + column + j) * inside, work, at, inside);
            }
            Arrays.fill(work, there ? at + inside : at, at + depth, 0);
        }
    }

    /**
     * The products of one column panel, as {@code m[tile][point][width]}. The next panel is not fetched meanwhile: blocks follow each
     * other, and the filter, whose size the choice limits, comes from the second cache for all but the first.
     */
    private void multiply(ConvArgs args, int count, int column, float[] work, int v, int m, int tile) {
        int width = Panels.paddedColumns(Math.min(Panels.WIDTH, outside - column));
        for (int point = 0; point < POINTS; point++) {
            int b = args.filterOffset + filterOffset(column) + before[point] * depth * width;
            RowGemm.panel(count, width, work, v + pointAt[point], panelFloats, runs, Panels.RUN, chunks[point] * depth,
                    args.filter, b, b, 0, 0, null, 0, null, 0, 0, 0,
                    work, m + point * width, POINTS * width, work, tile);
        }
    }

    /** Transforms the products of one tile and column panel; a tile that hangs over an edge goes through scratch. */
    private void output(ConvArgs args, int number, int column, float[] work, int m, int bias, int edge) {
        int columns = Math.min(Panels.WIDTH, outside - column);
        int width = Panels.paddedColumns(columns);
        boolean relu = RowBlocks.reluInside(args);
        int pixel = (image(number) * shape.p() + row(number)) * shape.q() + left(number);
        float[] added = args.plus ? args.out : args.residual;
        int addedStride = args.plus ? args.outStride : outside;
        int addedAt = (args.plus ? args.outOffset : args.residualOffset) + pixel * addedStride + column;
        int addedRow = shape.q() * addedStride;
        int at = args.outOffset + pixel * args.outStride + column;
        int outRow = shape.q() * args.outStride;
        int rows = Math.min(OUTPUTS, shape.p() - row(number));
        int pixels = Math.min(OUTPUTS, shape.q() - left(number));
        if (rows == OUTPUTS && pixels == OUTPUTS && columns == width) {
            StridedWinogradTile.output(work, m, width, work, bias + column, added, addedAt, addedRow, addedStride, relu,
                    args.out, at, outRow, args.outStride);
            return;
        }
        int edgeRow = OUTPUTS * width;
        for (int i = 0; added != null && i < rows; i++) {
            Tiles.copy(pixels, columns, added, addedAt + i * addedRow, addedStride, work, edge + i * edgeRow, width);
        }
        StridedWinogradTile.output(work, m, width, work, bias + column, added == null ? null : work, edge, edgeRow, width, relu,
                work, edge, edgeRow, width);
        for (int i = 0; i < rows; i++) {
            Tiles.copy(pixels, columns, work, edge + i * edgeRow, width, args.out, at + i * outRow, args.outStride);
        }
    }

    private void activate(ConvArgs args, int number, int column, int columns) {
        int pixels = Math.min(OUTPUTS, shape.q() - left(number));
        for (int row = row(number); row < Math.min(row(number) + OUTPUTS, shape.p()); row++) {
            int at = args.outOffset + ((image(number) * shape.p() + row) * shape.q() + left(number)) * args.outStride;
            RowBlocks.activateRow(args, at + column, pixels, columns);
        }
    }
}
