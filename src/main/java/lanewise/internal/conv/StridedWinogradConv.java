package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.ReadAhead;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * 3x3 filters with stride 2 by Winograd's algorithm: 2x2 outputs take 25 multiplications for each pair of channels instead of 36, and
 * the transforms add and subtract only. {@code forward}:
 *
 * <pre>
 * v[value][c] = the 25 values of {@link StridedWinogradTile}, u those of the filter
 * m[point][k] = sum over chunks of values, c of v[value][c] u[value][c][k]      9 products, 1, 2 or 4 C deep
 * y           = A' m A                                                         2x2 outputs
 * </pre>
 *
 * <p>What a point sums of even and odd rows and columns is one product of several chunks: these are as deep as those of the direct sum,
 * and only 9 of 25 are transformed back. {@code gradInput} is the same with tiles of 4x4 pixels of dx, which see 3x3 of dy:
 *
 * <pre>
 * v[value][k] = 16 values of {@link StridedWinogradGradTile}, u 16 different ones of the filter
 * m[point][c] = sum over k of v[value][k] u[value][k][c]                       25 products, K deep
 * dx          = 4x4 sums of one, two or four of them
 * </pre>
 *
 * <p>Blocks, panels and loops are those of {@link WinogradConv}.
 *
 * <p><i>Source:</i> A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308, applied to the phases of
 * the stride.
 */
final class StridedWinogradConv implements ConvKernel {

    /** Tiles of a block: two row panels share each pass over the filter. */
    private static final int MOST_TILES = 2 * Panels.ROWS;

    /** With fewer channels the transforms and the ends of products cost more than is saved. */
    private static final int LEAST_CHANNELS = 32;

    /** Floats of dx that come from memory: 8 MB. */
    private static final int FAR = 1 << 21;

    private static final int STRIDE = 2;
    private static final int TAPS = 3;

    /** Values that {@link StridedWinogradTile#filter} makes of a filter, in one dimension and in two. */
    private static final int SIDE = StridedWinogradTile.INPUTS;
    private static final int VALUES = SIDE * SIDE;

    /** Different ones among them: the middle tap is there twice. */
    private static final int DIFFERENT = 4;

    /** The point of each value, in one dimension, its chunk there, and how many chunks each point has. */
    private static final int[] POINT = {0, 0, 1, 2, 2};
    private static final int[] CHUNK = {0, 1, 0, 0, 1};
    private static final int[] CHUNKS = {2, 1, 2};

    /** Of each product of gradInput, in one dimension, the value of dy and of the filter. */
    private static final int[] GRADIENT = {0, 1, 2, 3, 2};
    private static final int[] FILTER = {0, 1, 2, 3, 1};

    private final ConvShape shape;
    /** Whether it is gradInput. */
    private final boolean gradient;
    private final int inside;
    private final int outside;
    private final int sourceH;
    private final int sourceW;
    private final int outH;
    private final int outW;
    /** Rows and columns of a tile in the source and in the output; how far tiles are apart in the source. */
    private final int inputs;
    private final int outputs;
    private final int step;
    /** Where the first tile begins in the source, and in the output. */
    private final int sourceTop;
    private final int sourceLeft;
    private final int outTop;
    private final int outLeft;
    /** Whether dx comes from memory, so that it pays to fetch what will be written. */
    private final boolean far;
    /** Channels of a chunk: in whole grains. */
    private final int depth;
    private final int tileRows;
    private final int tileColumns;
    /** Of each product: where in a row panel it begins, at which row of a panel of the filter, its depth, and its place in m. */
    private final int[] rowPanel;
    private final int[] filterRow;
    private final int[] productDepth;
    private final int[] point;
    /** Where in a panel of the filter the rows of each value begin, and how many rows there are. */
    private final int[] rowOf = new int[VALUES];
    private final int filterRows;
    private final int panelFloats;
    /** Channels that are transformed together, and where in a row panel each value of each such piece goes. */
    private final int piece;
    private final int[] places;
    private final int[] runs;
    private final String layout;

    private StridedWinogradConv(ConvShape shape, boolean gradient) {
        this.shape = shape;
        this.gradient = gradient;
        inside = gradient ? shape.k() : shape.c();
        outside = gradient ? shape.c() : shape.k();
        sourceH = gradient ? shape.p() : shape.h();
        sourceW = gradient ? shape.q() : shape.w();
        outH = gradient ? shape.h() : shape.p();
        outW = gradient ? shape.w() : shape.q();
        inputs = gradient ? StridedWinogradGradTile.INPUTS : StridedWinogradTile.INPUTS;
        outputs = gradient ? StridedWinogradGradTile.OUTPUTS : StridedWinogradTile.OUTPUTS;
        step = gradient ? outputs / STRIDE : STRIDE * outputs;
        outTop = gradient ? firstOutput(shape.padTop()) : 0;
        outLeft = gradient ? firstOutput(shape.padLeft()) : 0;
        sourceTop = gradient ? (outTop + shape.padTop() - 1) / STRIDE : -shape.padTop();
        sourceLeft = gradient ? (outLeft + shape.padLeft() - 1) / STRIDE : -shape.padLeft();
        tileRows = Math.ceilDiv(outH - outTop, outputs);
        tileColumns = Math.ceilDiv(outW - outLeft, outputs);
        far = gradient && ReadAhead.FETCHES && shape.xLength() >= FAR;
        depth = Simd.roundUp(inside, Panels.DEPTH);
        int products = gradient ? VALUES : StridedWinogradTile.POINTS * StridedWinogradTile.POINTS;
        rowPanel = new int[products];
        filterRow = new int[products];
        productDepth = new int[products];
        point = new int[products];
        piece = depth % Panels.RUN == 0 ? Panels.RUN : Panels.DEPTH;
        if (gradient) {
            filterRows = DIFFERENT * DIFFERENT * depth;
            panelFloats = DIFFERENT * DIFFERENT * Panels.rowPanelFloats(depth);
            places = new int[depth / piece * DIFFERENT * DIFFERENT];
            gradientProducts();
        } else {
            filterRows = VALUES * depth;
            places = new int[depth / piece * VALUES];
            panelFloats = forwardProducts();
        }
        runs = Panels.runs(Arrays.stream(productDepth).max().getAsInt());
        layout = "winograd F(2x2,2x2) of stride 2 c" + inside + "k" + outside + (gradient ? " transposed" : "");
    }

    /** Where the first tile of dx begins: with a row that meets the middle tap alone, which may be one of padding. */
    private static int firstOutput(int pad) {
        return pad % STRIDE - 1;
    }

    private void gradientProducts() {
        for (int value = 0; value < DIFFERENT * DIFFERENT; value++) {
            place(value, DIFFERENT * DIFFERENT, value * Panels.rowPanelFloats(depth), 0);
        }
        int product = 0;
        for (int b = 0; b < DIFFERENT * DIFFERENT; b++) { // products that share a panel of the filter follow each other
            for (int value = 0; value < VALUES; value++) {
                int i = value / SIDE;
                int j = value % SIDE;
                if (FILTER[i] * DIFFERENT + FILTER[j] == b) {
                    rowOf[value] = b * depth;
                    rowPanel[product] = (GRADIENT[i] * DIFFERENT + GRADIENT[j]) * Panels.rowPanelFloats(depth);
                    filterRow[product] = rowOf[value];
                    productDepth[product] = depth;
                    point[product++] = value;
                }
            }
        }
    }

    /** Returns the floats of a row panel. */
    private int forwardProducts() {
        int at = 0;
        int rows = 0;
        for (int i = 0; i < point.length; i++) {
            point[i] = i;
            rowPanel[i] = at;
            filterRow[i] = rows;
            productDepth[i] = CHUNKS[i / StridedWinogradTile.POINTS] * CHUNKS[i % StridedWinogradTile.POINTS] * depth;
            rows += productDepth[i];
            at += Panels.rowPanelFloats(productDepth[i]);
        }
        for (int value = 0; value < VALUES; value++) {
            int i = value / SIDE;
            int j = value % SIDE;
            int product = POINT[i] * StridedWinogradTile.POINTS + POINT[j];
            int first = (CHUNK[i] * CHUNKS[POINT[j]] + CHUNK[j]) * depth;
            rowOf[value] = filterRow[product] + first;
            place(value, VALUES, rowPanel[product], first);
        }
        return at;
    }

    /** Records where a value, of {@code values}, goes: to the depths from {@code first} on of the row panel at {@code panel}. */
    private void place(int value, int values, int panel, int first) {
        for (int channel = 0; channel < depth; channel += piece) {
            int place = first + channel;
            places[channel / piece * values + value] = panel + place / Panels.RUN * Panels.SECTION + place % Panels.RUN;
        }
    }

    /** Null, or why {@code forward} does not do this shape. */
    static String refusal(ConvShape shape) {
        String refusal = filterRefusal(shape);
        return refusal != null ? refusal : WinogradChoice.stridedRefusal(shape, VALUES);
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    static String gradInputRefusal(ConvShape shape) {
        String refusal = filterRefusal(shape);
        return refusal != null ? refusal
                : WinogradChoice.stridedGradInputRefusal(shape, tiles(shape.h(), shape.padTop()) * tiles(shape.w(), shape.padLeft()),
                        VALUES, DIFFERENT * DIFFERENT);
    }

    /** Tiles over {@code size} rows or columns of dx. */
    private static long tiles(int size, int pad) {
        return Math.ceilDiv((long) size - firstOutput(pad), StridedWinogradGradTile.OUTPUTS);
    }

    /** Null, or why no pass does this filter. */
    static String filterRefusal(ConvShape shape) {
        if (shape.r() != TAPS || shape.s() != TAPS || shape.strideH() != STRIDE || shape.strideW() != STRIDE) {
            return shape.r() + "x" + shape.s() + " filter, stride " + shape.strideH() + "x" + shape.strideW() + ": only 3x3, stride 2x2";
        }
        if (shape.dilationH() != 1 || shape.dilationW() != 1) {
            return "dilation " + shape.dilationH() + "x" + shape.dilationW() + ": only 1x1";
        }
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        return Math.min(shape.c(), shape.k()) >= LEAST_CHANNELS ? null
                : shape.c() + " and " + shape.k() + " channels: fewer than " + LEAST_CHANNELS + " do not repay the transforms";
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        return new StridedWinogradConv(shape, false);
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return new StridedWinogradConv(shape, true);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    /** {@code packed[outside / WIDTH][filterRows][WIDTH]}, from the first cache line on, and scratch behind it. */
    @Override
    public int packedFloats() {
        return Math.multiplyExact(filterRows, Panels.paddedColumns(outside)) + Simd.lineFrom(0) + scratchFloats();
    }

    /** The taps of a vector of columns, for as many rows as are transposed together. */
    private int scratchFloats() {
        return (gradient ? Panels.DEPTH : 1) * TAPS * TAPS * Simd.LANES;
    }

    private int filterOffset(int column) {
        return Simd.lineFrom(0) + filterRows * column;
    }

    /** Rows that pad the depth are never written: they are 0 as they were made. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        int scratch = packedFloats() - scratchFloats();
        int together = gradient ? Panels.DEPTH : 1;
        for (int column = 0; column < outside; column += Simd.LANES) {
            int panel = column / Panels.WIDTH * Panels.WIDTH;
            int width = Panels.paddedColumns(Math.min(Panels.WIDTH, outside - panel));
            int count = Math.min(Simd.LANES, outside - column);
            Arrays.fill(packed, scratch, packedFloats(), 0);
            for (int d = 0; d < inside; d += together) {
                int rows = Math.min(together, inside - d);
                for (int tap = 0; tap < TAPS * TAPS; tap++) {
                    taps(w, wOffset + tap * inside * outside, column, count, d, rows, packed, scratch + tap * Simd.LANES);
                }
                for (int i = 0; i < rows; i++) {
                    StridedWinogradTile.filter(packed, scratch + i * TAPS * TAPS * Simd.LANES, Simd.LANES,
                            packed, filterOffset(panel) + (d + i) * width + column - panel, width, rowOf);
                }
            }
        }
    }

    /** One tap of some columns and of {@code rows} of the depth, from {@code d} on. */
    private void taps(float[] w, int tap, int column, int count, int d, int rows, float[] packed, int to) {
        if (!gradient) {
            System.arraycopy(w, tap + d * outside + column, packed, to, count);
        } else if (rows == Panels.DEPTH) {
            Panels.packTransposed(w, tap + column * inside + d, inside, rows, count, packed, to, TAPS * TAPS * Simd.LANES);
        } else {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < count; j++) {
                    packed[to + i * TAPS * TAPS * Simd.LANES + j] = w[tap + (column + j) * inside + d + i];
                }
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

    /** What a tile sees, or what it writes. */
    private int patchFloats() {
        return Math.max(inputs * inputs * depth, outputs * outputs * Panels.WIDTH);
    }

    @Override
    public int workFloats() {
        int fixed = RowBlocks.biasFloats(outside) + RowGemm.TILE_FLOATS + patchFloats();
        return Math.addExact(fixed,
                Math.multiplyExact(blockTiles(1), point.length * Panels.WIDTH) + blockTiles(1) / Panels.ROWS * panelFloats);
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
        int v = m + blockTiles(1) * point.length * Panels.WIDTH;
        RowBlocks.bias(args, 0, outside, work, workOffset);
        inputs(args, first, count, work, v, patch);
        for (int column = firstColumn; column < endColumn; column += Panels.WIDTH) {
            multiply(args, first, count, column, work, v, m, tile);
            int mTile = point.length * Panels.paddedColumns(Math.min(Panels.WIDTH, outside - column));
            for (int t = 0; t < count; t++) {
                output(args, first + t, column, work, m + t * mTile, workOffset, patch);
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
        return number / tileColumns % tileRows;
    }

    private int column(int number) {
        return number % tileColumns;
    }

    /** Transforms what {@code count} tiles see into row panels. */
    private void inputs(ConvArgs args, int first, int count, float[] work, int v, int patch) {
        for (int t = 0; t < count; t++) {
            int y = sourceTop + step * row(first + t);
            int x = sourceLeft + step * column(first + t);
            int image = args.sourceOffset + image(first + t) * sourceH * sourceW * inside;
            int to = v + t / Panels.ROWS * panelFloats + t % Panels.ROWS * Panels.ROW;
            if (y >= 0 && y + inputs <= sourceH && x >= 0 && x + inputs <= sourceW && inside == depth) {
                transform(args.source, image + (y * sourceW + x) * inside, sourceW * inside, work, to);
            } else {
                for (int i = 0; i < inputs; i++) {
                    copyPixels(args.source, image, y + i, x, work, patch + i * inputs * depth);
                }
                transform(work, patch, inputs * depth, work, to);
            }
        }
    }

    private void transform(float[] d, int at, int row, float[] work, int to) {
        for (int channel = 0; channel < depth; channel += piece) {
            if (gradient) {
                StridedWinogradGradTile.input(d, at + channel, row, depth, piece, work, to, places,
                        channel / piece * DIFFERENT * DIFFERENT);
            } else {
                StridedWinogradTile.input(d, at + channel, row, depth, piece, work, to, places, channel / piece * VALUES);
            }
        }
    }

    /** Copies a row of pixels under a tile, with zeros for padding and for the channels that fill the last grain. */
    private void copyPixels(float[] source, int image, int row, int column, float[] work, int to) {
        for (int j = 0; j < inputs; j++) {
            int at = to + j * depth;
            boolean there = row >= 0 && row < sourceH && column + j >= 0 && column + j < sourceW;
            if (there) {
                System.arraycopy(source, image + (row * sourceW + column + j) * inside, work, at, inside);
            }
            Arrays.fill(work, there ? at + inside : at, at + depth, 0);
        }
    }

    /**
     * The products of one column panel, as {@code m[tile][point][width]}. The next panel is not fetched meanwhile: blocks follow each
     * other, and the filter, whose size the choice limits, comes from the second cache for all but the first.
     */
    private void multiply(ConvArgs args, int first, int count, int column, float[] work, int v, int m, int tile) {
        int width = Panels.paddedColumns(Math.min(Panels.WIDTH, outside - column));
        for (int i = 0; i < point.length; i++) {
            for (int t = count * i / point.length; far && t < count * (i + 1) / point.length; t++) {
                fetch(args, first + t, column);
            }
            int b = args.filterOffset + filterOffset(column) + filterRow[i] * width;
            RowGemm.panel(count, width, work, v + rowPanel[i], panelFloats, runs, Panels.RUN, productDepth[i],
                    args.filter, b, b, 0, 0, null, 0, null, 0, 0, 0,
                    work, m + point[i] * width, point.length * width, work, tile);
        }
    }

    /** Fetches the lines of a tile and column panel, between products, before they are written. */
    private void fetch(ConvArgs args, int number, int column) {
        int top = outTop + row(number) * outputs;
        int left = outLeft + column(number) * outputs;
        int end = Math.min(outside, column + Panels.WIDTH);
        for (int i = Math.max(0, top); i < Math.min(outH, top + outputs); i++) {
            for (int j = Math.max(0, left); j < Math.min(outW, left + outputs); j++) {
                int at = args.outOffset + ((image(number) * outH + i) * outW + j) * args.outStride;
                ReadAhead.fetch(args.out, at + column, at + end);
            }
        }
    }

    /** Transforms the products of one tile and column panel; a tile that hangs over an edge goes through scratch. */
    private void output(ConvArgs args, int number, int column, float[] work, int m, int bias, int edge) {
        int columns = Math.min(Panels.WIDTH, outside - column);
        int width = Panels.paddedColumns(columns);
        int top = outTop + row(number) * outputs;
        int left = outLeft + column(number) * outputs;
        int pixel = (image(number) * outH + top) * outW + left;
        float[] added = args.plus ? args.out : args.residual;
        int addedStride = args.plus ? args.outStride : outside;
        int addedAt = (args.plus ? args.outOffset : args.residualOffset) + pixel * addedStride + column;
        int addedRow = outW * addedStride;
        int at = args.outOffset + pixel * args.outStride + column;
        int outRow = outW * args.outStride;
        if (top >= 0 && left >= 0 && top + outputs <= outH && left + outputs <= outW && columns == width) {
            transformBack(args, work, m, width, bias + column, added, addedAt, addedRow, addedStride, args.out, at, outRow, args.outStride);
            return;
        }
        int edgeRow = outputs * width;
        int firstRow = Math.max(0, -top);
        int endRow = Math.min(outputs, outH - top);
        int first = Math.max(0, -left);
        int pixels = Math.min(outputs, outW - left) - first;
        for (int i = firstRow; added != null && i < endRow; i++) {
            Tiles.copy(pixels, columns, added, addedAt + i * addedRow + first * addedStride, addedStride,
                    work, edge + i * edgeRow + first * width, width);
        }
        transformBack(args, work, m, width, bias + column, added == null ? null : work, edge, edgeRow, width, work, edge, edgeRow, width);
        for (int i = firstRow; i < endRow; i++) {
            Tiles.copy(pixels, columns, work, edge + i * edgeRow + first * width, width,
                    args.out, at + i * outRow + first * args.outStride, args.outStride);
        }
    }

    private void transformBack(ConvArgs args, float[] work, int m, int width, int bias, float[] added, int addedAt, int addedRow,
                               int addedPixel, float[] y, int yAt, int row, int pixel) {
        boolean relu = RowBlocks.reluInside(args);
        if (gradient) {
            StridedWinogradGradTile.output(work, m, width, work, bias, added, addedAt, addedRow, addedPixel, relu, y, yAt, row, pixel);
        } else {
            StridedWinogradTile.output(work, m, width, work, bias, added, addedAt, addedRow, addedPixel, relu, y, yAt, row, pixel);
        }
    }

    private void activate(ConvArgs args, int number, int column, int columns) {
        int top = outTop + row(number) * outputs;
        int left = outLeft + column(number) * outputs;
        int pixels = Math.min(outputs, outW - left) - Math.max(0, -left);
        for (int row = Math.max(0, top); row < Math.min(top + outputs, outH); row++) {
            int at = args.outOffset + ((image(number) * outH + row) * outW + Math.max(0, left)) * args.outStride;
            RowBlocks.activateRow(args, at + column, pixels, columns);
        }
    }
}
