package lanewise.internal.conv;

import java.util.Arrays;
import java.util.stream.IntStream;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * Winograd's minimal filtering for filters of stride 1, in the forms of {@link WinogradForm} that {@link WinogradChoice} knows:
 *
 * <pre>y tile[k] = A' (sum over parts, c of (G g[c][k] G') (B' d[c] B)) A      products point by point</pre>
 *
 * <p>4x4 outputs of a 3x3 filter cost 36 multiplications for each pair of channels where the direct sum has 144. The sum over parts
 * and channels is one matrix product for each point, with tiles as rows, in the panels and the microkernel of {@code RowGemm}:
 *
 * <pre>
 * loop 3  blocks of tiles, of all images            v = B' d B, as row panels: stays in L2
 * loop 2  column panels of the transformed filter   m = v u, for all points, then y = A' m A
 * loop 1  points, row panels
 * </pre>
 *
 * <p>{@code gradInput} is the same over dy with the filter rotated. The results differ from those of a direct sum by more than its
 * rounding (NOTES, Precision), and a NaN or infinity reaches the whole tile of outputs that it is transformed with.
 *
 * <p><i>Source:</i> A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308.
 */
public final class WinogradConv implements ConvKernel {

    /** Tiles of a block: two row panels share each pass over the filter; those of 128 channels take half of a 1 MB L2. */
    private static final int MOST_TILES = 2 * Panels.ROWS;

    /** Tiles that are one block if there are no more: a filter that comes from memory is then read once. */
    private static final int ONE_BLOCK_TILES = 4 * Panels.ROWS;

    /** Tiles of a block that is done by rows of points, 16 at a time. */
    private static final int ROWS_TILES = 4 * WinogradRows.TILES;

    /** Floats of a filter from which on one block fetches each point while it multiplies the one before: 4 MB, hardly in a cache. */
    private static final int FETCH_FROM = 1 << 20;

    /** 16 channels of all rows of a panel, where a strip writes them. */
    private static final int RUN_FLOATS = Panels.ROWS * Panels.DEPTH;

    private final int n;
    private final int sourceH;
    private final int sourceW;
    private final int inside;
    private final int outH;
    private final int outW;
    private final int outside;
    private final int padTop;
    private final int padLeft;
    private final WinogradForm form;
    private final WinogradFilter filter;
    private final int points;
    private final int parts;
    private final int tileRows;
    private final int tileColumns;
    /** Channels of the source in whole grains. */
    private final int depth;
    /** For few channels: transforms neighbouring tiles together, into row panels of the depth that there is; null for many. */
    private final WinogradStrip strip;
    /** Whether rows of points are done one after the other ({@link WinogradRows}), which takes a strip. */
    private final boolean byRows;
    /** Where the runs of a row panel lie: of 16 channels with a strip, else of 64. */
    private final int[] runs;

    private WinogradConv(ConvShape shape, boolean forward) {
        n = shape.n();
        sourceH = forward ? shape.h() : shape.p();
        sourceW = forward ? shape.w() : shape.q();
        inside = forward ? shape.c() : shape.k();
        outH = forward ? shape.p() : shape.h();
        outW = forward ? shape.q() : shape.w();
        outside = forward ? shape.k() : shape.c();
        padTop = forward ? shape.padTop() : shape.r() - 1 - shape.padTop();
        padLeft = forward ? shape.padLeft() : shape.s() - 1 - shape.padLeft();
        form = WinogradChoice.form(shape, outH, outW);
        points = form.points;
        parts = form.parts(shape.s());
        tileRows = (outH - 1) / form.height() + 1;
        tileColumns = (outW - 1) / form.width() + 1;
        depth = Simd.roundUp(inside, Panels.DEPTH);
        filter = new WinogradFilter(form, shape, !forward);
        boolean few = WinogradStrip.does(form) && inside == depth && depth < Panels.RUN;
        strip = few ? WinogradStrip.ofInputs(form, sourceH, sourceW, depth, padTop, padLeft, tileRows, tileColumns) : null;
        byRows = few && WinogradRows.does(form, inside, outside);
        runs = few ? IntStream.range(0, depth / Panels.DEPTH).map(run -> run * RUN_FLOATS).toArray() : Panels.runs(parts * depth);
    }

    /** Null, or why {@code forward} does not do this shape. */
    public static String refusal(ConvShape shape) {
        if (FourTileWinogradConv.isFaster(shape)) {
            return "four tiles and a filter of " + shape.c() + "x" + shape.k() + " channels: left to FourTileWinogradConv";
        }
        return WinogradChoice.refusal(shape, shape.p(), shape.q());
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    public static String gradInputRefusal(ConvShape shape) {
        return WinogradChoice.refusal(shape, shape.h(), shape.w());
    }

    /** {@code y} from {@code x}. */
    public static ConvKernel forward(ConvShape shape) {
        return new WinogradConv(shape, true);
    }

    /** {@code dx} from {@code dy}. */
    public static ConvKernel gradInput(ConvShape shape) {
        return new WinogradConv(shape, false);
    }

    @Override
    public String filterLayout() {
        return filter.layout();
    }

    @Override
    public int packedFloats() {
        return filter.floats();
    }

    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        filter.pack(w, wOffset, packed);
    }

    @Override
    public int packTasks() {
        return filter.tasks();
    }

    @Override
    public void pack(float[] w, int wOffset, float[] packed, int task) {
        filter.pack(w, wOffset, packed, task);
    }

    @Override
    public boolean fuses() {
        return true;
    }

    private int tiles() {
        return n * tileRows * tileColumns;
    }

    /** Tiles of a block: equal blocks of whole row panels, of single panels if several workers would not have enough of them. */
    private int blockTiles(int workers) {
        if (byRows) {
            return workers > 1 && tiles() < 4L * workers * ROWS_TILES ? WinogradRows.TILES : ROWS_TILES;
        }
        if (tiles() <= ONE_BLOCK_TILES) {
            return Simd.roundUp(tiles(), Panels.ROWS);
        }
        int blocks = (tiles() - 1) / MOST_TILES + 1;
        if (workers > 1 && blocks < 4L * workers) {
            return Panels.ROWS;
        }
        return Simd.roundUp((tiles() - 1) / blocks + 1, Panels.ROWS);
    }

    private int blocks(int workers) {
        return (tiles() - 1) / blockTiles(workers) + 1;
    }

    /** If there are fewer blocks than workers, ranges of output channels share one; each transforms its inputs again. */
    private int columnParts(int workers) {
        int panels = (outside - 1) / Panels.WIDTH + 1;
        return Math.min(panels, (workers - 1) / blocks(workers) + 1);
    }

    /** A patch or a tile of outputs at an edge. */
    private int patchFloats() {
        return Math.max(points * Math.max(depth, Panels.WIDTH), strip == null ? 0 : strip.scratchFloats());
    }

    /** Distance of two points in a row panel. */
    private int pointStride() {
        return strip == null ? Panels.rowPanelFloats(parts * depth) : runs.length * RUN_FLOATS;
    }

    private int panelFloats() {
        return points * pointStride();
    }

    /** A row of points of inputs and of products, their transform back, and strips. */
    private int rowsFloats() {
        return 2 * WinogradRows.ROW_FLOATS + WinogradRows.COLUMN_FLOATS + strip.stripsFloats(WinogradRows.TILES);
    }

    @Override
    public int workFloats() {
        if (byRows) {
            return RowBlocks.biasFloats(outside) + RowGemm.TILE_FLOATS + form.scratchFloats() + patchFloats() + rowsFloats();
        }
        int v = Math.multiplyExact(blockTiles(1) / Panels.ROWS, panelFloats());
        return Math.addExact(RowBlocks.biasFloats(outside) + RowGemm.TILE_FLOATS + form.scratchFloats() + patchFloats()
                + blockTiles(1) * points * Panels.WIDTH, v);
    }

    @Override
    public int tasks(int workers) {
        return blocks(workers) * columnParts(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int shares = columnParts(workers);
        int first = task / shares * blockTiles(workers);
        int count = Math.min(blockTiles(workers), tiles() - first);
        int panelCount = (outside - 1) / Panels.WIDTH + 1;
        int firstColumn = panelCount * (task % shares) / shares * Panels.WIDTH;
        int endColumn = Math.min(outside, panelCount * (task % shares + 1) / shares * Panels.WIDTH);
        int tile = workOffset + RowBlocks.biasFloats(outside);
        int scratch = tile + RowGemm.TILE_FLOATS;
        int patch = scratch + form.scratchFloats();
        int m = patch + patchFloats();
        RowBlocks.bias(args, 0, outside, work, workOffset);
        if (byRows) {
            for (int t = 0; t < count; t += WinogradRows.TILES) {
                rows(args, first + t, Math.min(WinogradRows.TILES, count - t), work, m, workOffset, scratch, patch);
            }
            activate(args, first, count, firstColumn, endColumn);
            return;
        }
        int v = m + blockTiles(1) * points * Panels.WIDTH;
        inputs(args, first, count, work, v, scratch, patch);
        for (int column = firstColumn; column < endColumn; column += Panels.WIDTH) {
            multiply(args, count, column, work, v, m, tile);
            outputs(args, first, count, column, work, m, workOffset, scratch, patch);
        }
        activate(args, first, count, firstColumn, endColumn);
    }

    /** All of {@code count} tiles, row by row of their points. */
    private void rows(ConvArgs args, int first, int count, float[] work, int v, int bias, int scratch, int patch) {
        int m = v + WinogradRows.ROW_FLOATS;
        int columns = m + WinogradRows.ROW_FLOATS;
        int strips = columns + WinogradRows.COLUMN_FLOATS;
        int panel = filter.pointFloats(Panels.paddedColumns(outside));
        strip.down(args.source, args.sourceOffset, first, count, work, strips, patch);
        for (int i = 0; i < form.rowCount; i++) {
            strip.along(i, first, count, work, strips, v, WinogradRows.TILES * Simd.LANES);
            int u = args.filterOffset + filter.offset(0) + i * form.columnCount * panel;
            WinogradRows.products(count, work, v, args.filter, u, panel, m);
            WinogradRows.along(count, work, m, columns + i * form.outColumns * Simd.LANES);
        }
        outputs(args, first, count, 0, work, columns, bias, scratch, patch);
    }

    /** Transforms the inputs of {@code count} tiles into row panels, point by point; parts are further channels. */
    private void inputs(ConvArgs args, int first, int count, float[] work, int v, int scratch, int patch) {
        if (strip != null) {
            strip.transform(args.source, args.sourceOffset, first, count, 0, depth, work, v, Panels.ROWS, panelFloats(), pointStride(),
                    Panels.DEPTH, RUN_FLOATS, patch);
            return;
        }
        for (int t = 0; t < count; t++) {
            int number = first + t;
            int row = row(number) - padTop;
            int column = left(number) - padLeft;
            int image = args.sourceOffset + image(number) * sourceH * sourceW * inside;
            int to = v + t / Panels.ROWS * panelFloats() + t % Panels.ROWS * Panels.ROW;
            for (int part = 0; part < parts; part++) {
                input(args.source, image, row, column + part * form.partWidth(), part * depth, work, to, scratch, patch);
            }
        }
    }

    private void input(float[] source, int image, int row, int column, int first, float[] work, int to, int scratch, int patch) {
        int lastRow = row + (form.line ? 0 : form.rowCount - 1);
        int end = column + form.columnCount + (form.line ? (form.rowCount - 1) * form.outColumns : 0);
        if (row >= 0 && lastRow < sourceH && column >= 0 && end <= sourceW && inside == depth) {
            int step = form.line ? form.outColumns : sourceW;
            transform(source, image + (row * sourceW + column) * inside, step * inside, first, work, to, scratch);
            return;
        }
        for (int i = 0; i < form.rowCount; i++) {
            int y = row + (form.line ? 0 : i);
            int x = column + (form.line ? i * form.outColumns : 0);
            copyPixels(source, image, y, x, work, patch + i * form.columnCount * depth);
        }
        transform(work, patch, form.columnCount * depth, first, work, to, scratch);
    }

    /** Transforms pixels of {@code depth} channels, {@code row} apart, into depths from {@code first} on, run by run. */
    private void transform(float[] d, int at, int row, int first, float[] work, int to, int scratch) {
        int count;
        for (int channel = 0; channel < depth; channel += count) {
            int place = first + channel;
            count = Math.min(depth - channel, Panels.RUN - place % Panels.RUN);
            form.input(d, at + channel, row, depth, count, work, to + place / Panels.RUN * Panels.SECTION + place % Panels.RUN,
                    pointStride(), work, scratch);
        }
    }

    /** Copies a row of pixels under a tile, with zeros for padding and for the channels that fill the last grain. */
    private void copyPixels(float[] source, int image, int row, int column, float[] work, int to) {
        int count = form.columnCount;
        int begin = Math.clamp(-(long) column, 0, count);
        int end = Math.clamp((long) sourceW - column, begin, count);
        if (row < 0 || row >= sourceH || begin == end) {
            Arrays.fill(work, to, to + count * depth, 0);
            return;
        }
        int from = image + (row * sourceW + column) * inside;
        Arrays.fill(work, to, to + begin * depth, 0);
        if (inside == depth) {
            System.arraycopy(source, from + begin * inside, work, to + begin * depth, (end - begin) * depth);
        } else {
            for (int j = begin; j < end; j++) {
                System.arraycopy(source, from + j * inside, work, to + j * depth, inside);
                Arrays.fill(work, to + j * depth + inside, to + (j + 1) * depth, 0);
            }
        }
        Arrays.fill(work, to + end * depth, to + count * depth, 0);
    }

    /** Loop 1: the products of one column panel, as {@code m[tile][point][width]}. */
    private void multiply(ConvArgs args, int count, int column, float[] work, int v, int m, int tile) {
        int width = Panels.paddedColumns(Math.min(Panels.WIDTH, outside - column));
        int panel = filter.pointFloats(width);
        boolean fetches = blocks(1) == 1 && filter.floats() >= FETCH_FROM;
        for (int point = 0; point < points; point++) {
            int b = args.filterOffset + filter.offset(column) + point * panel;
            boolean last = point == points - 1 && column + Panels.WIDTH >= outside;
            RowGemm.panel(count, width, work, v + point * pointStride(), panelFloats(), runs, strip == null ? Panels.RUN : Panels.DEPTH, parts * depth,
                    args.filter, b, b + panel, last || !fetches ? 0 : panel, filter.floats(), null, 0, null, 0, 0, 0,
                    work, m + point * width, points * width, work, tile);
        }
    }

    /**
     * Transforms the products of one column panel, or by rows what they have become, into outputs; tiles that hang over an edge go
     * through a scratch tile.
     */
    private void outputs(ConvArgs args, int first, int count, int column, float[] work, int m, int bias, int scratch, int edge) {
        int columns = Math.min(Panels.WIDTH, outside - column);
        int width = Panels.paddedColumns(columns);
        boolean relu = RowBlocks.reluInside(args);
        float[] added = args.plus ? args.out : args.residual;
        int addedStart = (args.plus ? args.outOffset : args.residualOffset) + column;
        int addedStride = args.plus ? args.outStride : outside;
        int step = form.line ? form.outColumns : outW;
        int edgeRow = form.outColumns * width;
        int values = byRows ? form.rowCount * form.outColumns : points;
        for (int t = 0; t < count; t++) {
            int row = row(first + t);
            int left = left(first + t);
            int pixel = (image(first + t) * outH + row) * outW + left;
            int at = args.outOffset + pixel * args.outStride + column;
            int addedAt = addedStart + pixel * addedStride;
            int from = m + t * values * width;
            if (row + form.height() <= outH && left + form.width() <= outW && columns == width) {
                if (byRows) {
                    form.outputColumns(work, from, work, bias, added, addedAt, step * addedStride, addedStride, relu,
                            args.out, at, step * args.outStride, args.outStride);
                } else {
                    form.output(work, from, width, work, bias + column, added, addedAt, step * addedStride, addedStride, relu,
                            args.out, at, step * args.outStride, args.outStride, work, scratch);
                }
                continue;
            }
            for (int i = 0; added != null && i < form.outRows; i++) {
                copyPixels(pixels(row, left, i), columns, added, addedAt + i * step * addedStride, addedStride,
                        work, edge + i * edgeRow, width);
            }
            if (byRows) {
                form.outputColumns(work, from, work, bias, added == null ? null : work, edge, edgeRow, width, relu,
                        work, edge, edgeRow, width);
            } else {
                form.output(work, from, width, work, bias + column, added == null ? null : work, edge, edgeRow, width, relu,
                        work, edge, edgeRow, width, work, scratch);
            }
            for (int i = 0; i < form.outRows; i++) {
                copyPixels(pixels(row, left, i), columns, work, edge + i * edgeRow, width,
                        args.out, at + i * step * args.outStride, args.outStride);
            }
        }
    }

    /** The image, row and first pixel of a tile. */
    private int image(int number) {
        return number / tileColumns / tileRows;
    }

    private int row(int number) {
        return number / tileColumns % tileRows * form.height();
    }

    private int left(int number) {
        return number % tileColumns * form.width();
    }

    /** How many pixels of row {@code i} of a tile lie inside the image. */
    private int pixels(int row, int left, int i) {
        int inRow = form.line || row + i < outH ? outW - left - (form.line ? i * form.outColumns : 0) : 0;
        return Math.clamp(inRow, 0, form.outColumns);
    }

    private static void copyPixels(int pixels, int columns, float[] from, int fromAt, int fromPixel,
                                   float[] to, int toAt, int toPixel) {
        for (int j = 0; j < pixels; j++) {
            System.arraycopy(from, fromAt + j * fromPixel, to, toAt + j * toPixel, columns);
        }
    }

    private void activate(ConvArgs args, int first, int count, int firstColumn, int endColumn) {
        if (RowBlocks.reluInside(args)) {
            return;
        }
        for (int number = first; number < first + count; number++) {
            int row = row(number);
            int left = left(number);
            int pixels = Math.min(form.width(), outW - left);
            int at = args.outOffset + ((image(number) * outH + row) * outW + left) * args.outStride;
            for (int i = 0; i < Math.min(form.height(), outH - row); i++, at += outW * args.outStride) {
                if (firstColumn == 0 && endColumn == args.outStride) {
                    RowBlocks.activate(args, at, pixels * outside);
                    continue;
                }
                for (int j = 0; j < pixels; j++) {
                    RowBlocks.activate(args, at + j * args.outStride + firstColumn, endColumn - firstColumn);
                }
            }
        }
    }
}
