package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * Winograd's minimal filtering for 3x3 filters of stride 1:
 *
 * <pre>y tile[k] = A' (sum over c of (G g[c][k] G') (B' d[c] B)) A      products point by point</pre>
 *
 * <p>4x4 outputs ({@link WinogradTile4}) cost 36 multiplications for each pair of channels where the direct sum has 144; on maps that
 * such tiles fill badly, 2x2 outputs ({@link WinogradTile2}) cost 16 for 36. The sum over channels is one matrix product for each
 * point, with tiles as rows, in the panels and the microkernel of {@code RowGemm}:
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

    /** Tiles of a block: two row panels share each pass over the transformed filter, and for 128 channels stay in half of a 1 MB L2. */
    private static final int MOST_TILES = 2 * Panels.ROWS;

    /** The largest packed filter: 1 GB. */
    private static final int MOST_FILTER_FLOATS = 1 << 28;

    /** With fewer channels the transforms cost more than the products save. */
    private static final int LEAST_CHANNELS = 16;

    /** 4x4 outputs: with fewer tiles the time goes into reading a transformed filter that is 4 times as large as the filter. */
    private static final int LEAST_TILES = 9;

    /** And with fewer tiles of 4x4 than one for so many pairs of channels. */
    private static final int PAIRS_PER_TILE = 1 << 13;

    /** Tiles of 2x2 outputs, likewise. */
    private static final int LEAST_SMALL_TILES = 4;

    private final int n;
    private final int sourceH;
    private final int sourceW;
    private final int inside;
    private final int outH;
    private final int outW;
    private final int outside;
    private final int padTop;
    private final int padLeft;
    private final WinogradFilter filter;

    /** Outputs on a side of a tile, inputs, and points. */
    private final int tile;
    private final int side;
    private final int points;
    private final int tileRows;
    private final int tileColumns;
    /** Channels of the source in whole grains. */
    private final int depth;
    /** Where in a row panel each grain of one point begins. */
    private final int[] taps;

    private WinogradConv(ConvShape shape, boolean forward) {
        n = shape.n();
        sourceH = forward ? shape.h() : shape.p();
        sourceW = forward ? shape.w() : shape.q();
        inside = forward ? shape.c() : shape.k();
        outH = forward ? shape.p() : shape.h();
        outW = forward ? shape.q() : shape.w();
        outside = forward ? shape.k() : shape.c();
        padTop = forward ? shape.padTop() : 2 - shape.padTop();
        padLeft = forward ? shape.padLeft() : 2 - shape.padLeft();
        tile = tile(shape, outH, outW);
        side = tile + 2;
        points = side * side;
        tileRows = (outH + tile - 1) / tile;
        tileColumns = (outW + tile - 1) / tile;
        depth = Simd.roundUp(inside, Panels.DEPTH);
        filter = new WinogradFilter(side, shape.c(), shape.k(), !forward);
        taps = new int[depth / Panels.DEPTH];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = t * Panels.BLOCK;
        }
    }

    private static long tiles(int outH, int outW, int tile) {
        return ((outH - 1L) / tile + 1) * ((outW - 1L) / tile + 1);
    }

    /** Multiplications for each pair of channels and image. */
    private static long multiplications(int outH, int outW, int tile) {
        return tiles(outH, outW, tile) * (tile + 2) * (tile + 2);
    }

    /** Outputs on a side of the tiles: 4 if that saves a quarter of what 2 would take, and the tiles are worth the larger filter. */
    private static int tile(ConvShape shape, int outH, int outW) {
        boolean saves = 4 * multiplications(outH, outW, 4) <= 3 * multiplications(outH, outW, 2);
        long least = Math.max(LEAST_TILES, (long) shape.c() * shape.k() / PAIRS_PER_TILE);
        return saves && tiles(outH, outW, 4) >= least ? 4 : 2;
    }

    /** Null, or why {@code forward} does not do this shape. */
    public static String refusal(ConvShape shape) {
        return refusal(shape, shape.p(), shape.q());
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    public static String gradInputRefusal(ConvShape shape) {
        return refusal(shape, shape.h(), shape.w());
    }

    private static String refusal(ConvShape shape, int outH, int outW) {
        if (shape.r() != 3 || shape.s() != 3) {
            return shape.r() + "x" + shape.s() + " filter: only 3x3";
        }
        if (shape.strideH() != 1 || shape.strideW() != 1) {
            return "stride " + shape.strideH() + "x" + shape.strideW() + ": only 1x1";
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
        int tile = tile(shape, outH, outW);
        long direct = 9L * outH * outW;
        if (tiles(outH, outW, tile) < LEAST_SMALL_TILES || 3 * multiplications(outH, outW, tile) > 2 * direct) {
            return outH + "x" + outW + " outputs: " + multiplications(outH, outW, tile) + " multiplications for " + direct
                    + " do not repay the larger filter";
        }
        long floats = WinogradFilter.panelFloats(tile + 2, shape.c(), shape.k());
        return floats <= MOST_FILTER_FLOATS ? null
                : "a transformed filter of " + floats + " floats: more than " + MOST_FILTER_FLOATS;
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
    public boolean fuses() {
        return true;
    }

    private int tiles() {
        return n * tileRows * tileColumns;
    }

    /** Tiles of a block: equal blocks of whole row panels, of single panels if several workers would not have enough of them. */
    private int blockTiles(int workers) {
        int blocks = (tiles() - 1) / MOST_TILES + 1;
        if (blocks > 1 && workers > 1 && blocks < 4L * workers) {
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

    /** Scratch of the transforms, and of a patch or a tile of outputs at an edge. */
    private int scratchFloats() {
        return points * Simd.LANES;
    }

    private int patchFloats() {
        return Math.max(points * depth, tile * tile * Panels.WIDTH);
    }

    /** Distance of two points in a row panel; one grain is left free, or powers of two would share sets of the cache (NOTES 6). */
    private int pointStride() {
        return depth * Panels.ROWS + Panels.DEPTH;
    }

    private int panelFloats() {
        return points * pointStride();
    }

    @Override
    public int workFloats() {
        int v = Math.multiplyExact(blockTiles(1) / Panels.ROWS, panelFloats());
        return Math.addExact(RowBlocks.biasFloats(outside) + Panels.WIDTH + scratchFloats() + patchFloats()
                + blockTiles(1) * points * Panels.WIDTH, v);
    }

    @Override
    public int tasks(int workers) {
        return blocks(workers) * columnParts(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = columnParts(workers);
        int first = task / parts * blockTiles(workers);
        int count = Math.min(blockTiles(workers), tiles() - first);
        int panelCount = (outside - 1) / Panels.WIDTH + 1;
        int firstColumn = panelCount * (task % parts) / parts * Panels.WIDTH;
        int endColumn = Math.min(outside, panelCount * (task % parts + 1) / parts * Panels.WIDTH);
        int zeros = workOffset + RowBlocks.biasFloats(outside);
        int scratch = zeros + Panels.WIDTH;
        int patch = scratch + scratchFloats();
        int m = patch + patchFloats();
        int v = m + blockTiles(1) * points * Panels.WIDTH;
        RowBlocks.bias(args, 0, outside, work, workOffset);
        Arrays.fill(work, zeros, scratch, 0);
        inputs(args, first, count, work, v, scratch, patch);
        for (int column = firstColumn; column < endColumn; column += Panels.WIDTH) {
            multiply(args, count, column, work, v, m, zeros);
            outputs(args, first, count, column, work, m, workOffset, scratch, patch);
        }
        activate(args, first, count, firstColumn, endColumn);
    }

    /** Transforms the inputs of {@code count} tiles into row panels, grain by grain, point by point. */
    private void inputs(ConvArgs args, int first, int count, float[] work, int v, int scratch, int patch) {
        for (int t = 0; t < count; t++) {
            int number = first + t;
            int row = number / tileColumns % tileRows * tile - padTop;
            int column = number % tileColumns * tile - padLeft;
            int image = args.sourceOffset + number / tileColumns / tileRows * sourceH * sourceW * inside;
            int to = v + t / Panels.ROWS * panelFloats() + t % Panels.ROWS * Panels.DEPTH;
            boolean whole = row >= 0 && row + side <= sourceH && column >= 0 && column + side <= sourceW && inside == depth;
            if (whole) {
                int from = image + (row * sourceW + column) * inside;
                input(args.source, from, sourceW * inside, inside, work, to, scratch);
            } else {
                copyPatch(args.source, image, row, column, work, patch);
                input(work, patch, side * depth, depth, work, to, scratch);
            }
        }
    }

    private void input(float[] d, int at, int rowStride, int columnStride, float[] work, int to, int scratch) {
        if (tile == 4) {
            WinogradTile4.input(d, at, rowStride, columnStride, depth, work, to, pointStride(), work, scratch);
        } else {
            WinogradTile2.input(d, at, rowStride, columnStride, depth, work, to, pointStride(), work, scratch);
        }
    }

    /** Copies the pixels under a tile, with zeros for padding and for the channels that fill the last grain. */
    private void copyPatch(float[] source, int image, int row, int column, float[] work, int patch) {
        int begin = Math.clamp(-(long) column, 0, side);
        int end = Math.clamp((long) sourceW - column, begin, side);
        for (int i = 0; i < side; i++, patch += side * depth) {
            if (row + i < 0 || row + i >= sourceH || begin == end) {
                Arrays.fill(work, patch, patch + side * depth, 0);
                continue;
            }
            int from = image + ((row + i) * sourceW + column) * inside;
            Arrays.fill(work, patch, patch + begin * depth, 0);
            if (inside == depth) {
                System.arraycopy(source, from + begin * inside, work, patch + begin * depth, (end - begin) * depth);
            } else {
                for (int j = begin; j < end; j++) {
                    System.arraycopy(source, from + j * inside, work, patch + j * depth, inside);
                    Arrays.fill(work, patch + j * depth + inside, patch + (j + 1) * depth, 0);
                }
            }
            Arrays.fill(work, patch + end * depth, patch + side * depth, 0);
        }
    }

    /** Loop 1: the products of one column panel, as {@code m[tile][point][width]}. */
    private void multiply(ConvArgs args, int count, int column, float[] work, int v, int m, int zeros) {
        int width = Panels.paddedColumns(Math.min(Panels.WIDTH, outside - column));
        for (int point = 0; point < points; point++) {
            int b = filter.offset(column) + point * filter.pointFloats(width);
            for (int t = 0; t < count; t += Panels.ROWS) {
                int a = v + t / Panels.ROWS * panelFloats() + point * pointStride();
                RowGemm.tile(Math.min(Panels.ROWS, count - t), width, work, a, taps, 0, taps.length, args.filter, b,
                        work, zeros, true, false, work, m + (t * points + point) * width, points * width, work, m);
            }
        }
    }

    /** Transforms the products of one column panel into outputs; tiles that hang over an edge go through a scratch tile. */
    private void outputs(ConvArgs args, int first, int count, int column, float[] work, int m, int bias, int scratch, int edge) {
        int columns = Math.min(Panels.WIDTH, outside - column);
        int width = Panels.paddedColumns(columns);
        boolean relu = RowBlocks.reluInside(args);
        float[] added = args.plus ? args.out : args.residual;
        int addedStart = (args.plus ? args.outOffset : args.residualOffset) + column;
        int addedStride = args.plus ? args.outStride : outside;
        for (int t = 0; t < count; t++) {
            int number = first + t;
            int row = number / tileColumns % tileRows * tile;
            int left = number % tileColumns * tile;
            int rows = Math.min(tile, outH - row);
            int pixels = Math.min(tile, outW - left);
            int pixel = (number / tileColumns / tileRows * outH + row) * outW + left;
            int at = args.outOffset + pixel * args.outStride + column;
            int addedAt = addedStart + pixel * addedStride;
            int from = m + t * points * width;
            if (rows == tile && pixels == tile && columns == width) {
                output(work, from, width, bias + column, added, addedAt, outW * addedStride, addedStride, relu,
                        args.out, at, outW * args.outStride, args.outStride, scratch);
                continue;
            }
            if (added != null) {
                copyPixels(rows, pixels, columns, added, addedAt, outW * addedStride, addedStride, work, edge, tile * width, width);
            }
            output(work, from, width, bias + column, added == null ? null : work, edge, tile * width, width, relu,
                    work, edge, tile * width, width, scratch);
            copyPixels(rows, pixels, columns, work, edge, tile * width, width, args.out, at, outW * args.outStride, args.outStride);
        }
    }

    private void output(float[] work, int m, int width, int bias, float[] added, int addedAt, int addedRow, int addedPixel,
                        boolean relu, float[] y, int at, int rowStride, int columnStride, int scratch) {
        if (tile == 4) {
            WinogradTile4.output(work, m, width, width, work, bias, added, addedAt, addedRow, addedPixel, relu,
                    y, at, rowStride, columnStride, work, scratch);
        } else {
            WinogradTile2.output(work, m, width, width, work, bias, added, addedAt, addedRow, addedPixel, relu,
                    y, at, rowStride, columnStride, work, scratch);
        }
    }

    private static void copyPixels(int rows, int pixels, int columns, float[] from, int fromAt, int fromRow, int fromPixel,
                                   float[] to, int toAt, int toRow, int toPixel) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < pixels; j++) {
                System.arraycopy(from, fromAt + i * fromRow + j * fromPixel, to, toAt + i * toRow + j * toPixel, columns);
            }
        }
    }

    private void activate(ConvArgs args, int first, int count, int firstColumn, int endColumn) {
        if (RowBlocks.reluInside(args)) {
            return;
        }
        for (int number = first; number < first + count; number++) {
            int row = number / tileColumns % tileRows * tile;
            int left = number % tileColumns * tile;
            int pixels = Math.min(tile, outW - left);
            int at = args.outOffset + ((number / tileColumns / tileRows * outH + row) * outW + left) * args.outStride;
            for (int i = 0; i < Math.min(tile, outH - row); i++, at += outW * args.outStride) {
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
