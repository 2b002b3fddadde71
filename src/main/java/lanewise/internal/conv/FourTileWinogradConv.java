package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.ReadAhead;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Processor;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * {@code forward} of 3x3 filters by Winograd's F(4x4, 3x3) where an image is four tiles of outputs, 7x7 above all: for one image
 * each weight is used so few times that the time goes into reading it, so it is kept as it is, and transformed in registers.
 *
 * <pre>
 * loop 4  images
 * loop 3  vectors of output channels             a panel of the filter, [c][tap][lane], is read once from afar
 * loop 2  slices of the depth                    in L1: 18 KB of the filter, 18 KB of inputs, the sums
 * loop 1  rows of points                         {@link FourTileRow}
 * </pre>
 *
 * <p>{@link WinogradConv} would read 16 or 36 transformed values for each pair of channels instead of 9.
 *
 * <p><i>Source:</i> A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308.
 */
final class FourTileWinogradConv implements ConvKernel {

    private static final int LANES = Simd.LANES;
    private static final int TILE = 4;
    private static final int TAPS = FourTileRow.TAPS;
    private static final int DEPTHS = FourTileRow.DEPTHS;

    /** Floats of the filter that a call of the microkernel reads, and what is fetched meanwhile. */
    private static final int SLICE = DEPTHS * TAPS * LANES;
    private static final int SIXTH = SLICE / FourTileRow.SIDE;

    /** Outputs of four tiles, at least: by the count of multiplications the direct sum of fewer is as fast. */
    private static final int LEAST_OUTPUTS = 42;

    private static final int LEAST_CHANNELS = 16;

    /** With more images a transformed filter is worth reading. */
    private static final int MOST_IMAGES = 2;

    /** Pairs of channels from which on the transformed filter is not in the second cache. */
    private static final int LARGE = 1 << 15;

    /** Floats of a filter from which on the next slice is fetched meanwhile: 1 MB, hardly in a cache. */
    private static final int FAR = 1 << 18;

    /** The largest packed filter: 1 GB. */
    private static final long MOST_FILTER_FLOATS = 1 << 28;

    private static final WinogradForm FORM = WinogradForm.SQUARE4;

    private final ConvShape shape;
    private final int inside;
    private final int outside;
    /** Channels of the source in whole slices. */
    private final int depth;
    private final int tileColumns;
    private final boolean fetches;
    private final String layout;

    private FourTileWinogradConv(ConvShape shape) {
        this.shape = shape;
        inside = shape.c();
        outside = shape.k();
        depth = Simd.roundUp(inside, DEPTHS);
        tileColumns = Math.ceilDiv(shape.q(), TILE);
        fetches = ReadAhead.FETCHES && Processor.READS_AHEAD && packedFloats() >= FAR;
        layout = "winograd F(4x4,3x3) as it is c" + inside + "k" + outside;
    }

    /** Null, or why {@code forward} does not do this shape. */
    static String refusal(ConvShape shape) {
        if (shape.r() != 3 || shape.s() != 3 || shape.strideH() != 1 || shape.strideW() != 1) {
            return shape.r() + "x" + shape.s() + " filter, stride " + shape.strideH() + "x" + shape.strideW()
                    + ": only 3x3, stride 1x1";
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
        if (FORM.tiles(shape.p(), shape.q()) != FourTileRow.TILES || shape.p() * shape.q() < LEAST_OUTPUTS) {
            return shape.p() + "x" + shape.q() + " outputs: only four tiles of 4x4, " + LEAST_OUTPUTS + " outputs or more";
        }
        long floats = (long) Math.ceilDiv(shape.k(), LANES) * panelFloats((shape.c() + DEPTHS - 1L) / DEPTHS * DEPTHS);
        return floats <= MOST_FILTER_FLOATS ? null : "a packed filter of " + floats + " floats: more than " + MOST_FILTER_FLOATS;
    }

    /** Whether {@link WinogradConv} would wait for its larger filter. */
    static boolean isFaster(ConvShape shape) {
        return FourTileRow.FITS && (long) shape.c() * shape.k() >= LARGE && refusal(shape) == null
                && shape.n() <= MOST_IMAGES;
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        return new FourTileWinogradConv(shape);
    }

    private static long panelFloats(long depth) {
        return (depth * TAPS + FourTileRow.BEHIND) * LANES;
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    private int panels() {
        return Math.ceilDiv(outside, LANES);
    }

    private int panelAt(int panel) {
        return Simd.lineFrom(0) + panel * (int) panelFloats(depth);
    }

    @Override
    public int packedFloats() {
        return panelAt(panels());
    }

    /** What pads depth and channels is never written: it is 0 as it was made. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        for (int panel = 0; panel < panels(); panel++) {
            int column = panel * LANES;
            for (int tap = 0; tap < TAPS; tap++) {
                Tiles.copy(inside, Math.min(LANES, outside - column), w, wOffset + tap * inside * outside + column, outside,
                        packed, panelAt(panel) + tap * LANES, TAPS * LANES);
            }
        }
    }

    @Override
    public boolean fuses() {
        return true;
    }

    @Override
    public int workFloats() {
        int fixed = RowBlocks.biasFloats(outside) + FORM.scratchFloats() + FourTileRow.PRODUCTS + TILE * TILE * LANES + FourTileRow.SPARE;
        return Math.addExact(fixed, Math.multiplyExact(depth / DEPTHS, FourTileRow.SECTION + FourTileRow.POINTS * DEPTHS));
    }

    /** If there are fewer images than workers, ranges of output channels share one; each transforms its inputs again. */
    private int columnParts(int workers) {
        return Math.min(panels(), Math.ceilDiv(workers, shape.n()));
    }

    @Override
    public int tasks(int workers) {
        return shape.n() * columnParts(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = columnParts(workers);
        int image = task / parts;
        int first = panels() * (task % parts) / parts;
        int end = panels() * (task % parts + 1) / parts;
        int scratch = workOffset + RowBlocks.biasFloats(outside);
        int m = scratch + FORM.scratchFloats();
        int edge = m + FourTileRow.PRODUCTS;
        int spare = edge + TILE * TILE * LANES;
        int v = spare + FourTileRow.SPARE;
        RowBlocks.bias(args, 0, outside, work, workOffset);
        for (int tile = 0; tile < FourTileRow.TILES; tile++) {
            input(args, image, tile, work, v + tile * FourTileRow.ROW, scratch, v + depth / DEPTHS * FourTileRow.SECTION);
        }
        for (int panel = first; panel < end; panel++) {
            multiply(args, panel, work, v, m, edge, spare);
            for (int tile = 0; tile < FourTileRow.TILES; tile++) {
                output(args, image, tile, panel * LANES, work, m + tile * FourTileRow.POINTS * LANES, workOffset, edge, scratch);
            }
        }
        int columns = Math.min(outside, end * LANES) - first * LANES;
        for (int row = image * shape.p(); row < (image + 1) * shape.p(); row++) {
            int at = args.outOffset + row * shape.q() * args.outStride + first * LANES;
            RowBlocks.activateRow(args, at, shape.q(), columns);
        }
    }

    /**
     * Loops 2 and 1: {@code m[tile][point][lane]}. The next slice is fetched by stores that store nothing, a sixth after each row: what
     * follows does not wait for them, as it would for reads. They take lines from other threads that serve the same program, which costs
     * these less than waiting for memory (NOTES 101).
     */
    private void multiply(ConvArgs args, int panel, float[] work, int v, int m, int end, int spare) {
        Arrays.fill(work, m, end, 0);
        int g = args.filterOffset + panelAt(panel);
        int fetchEnd = fetches ? args.filterOffset + packedFloats() : 0;
        for (int slice = 0; slice < depth / DEPTHS; slice++, g += SLICE) {
            for (int i = 0; i < FourTileRow.SIDE; i++) {
                FourTileRow.run(i, args.filter, g, work, v + slice * FourTileRow.SECTION, m, spare);
                int next = g + SLICE + i * SIXTH;
                ReadAhead.fetch(args.filter, next, Math.min(fetchEnd, next + SIXTH));
            }
        }
        FourTileRow.scale(work, m);
    }

    private int row(int tile) {
        return tile / tileColumns * TILE;
    }

    private int left(int tile) {
        return tile % tileColumns * TILE;
    }

    /** Transforms what a tile sees, through a patch with the padding: nearly every tile touches an edge. */
    private void input(ConvArgs args, int image, int tile, float[] work, int v, int scratch, int patch) {
        int side = FourTileRow.SIDE;
        int top = row(tile) - shape.padTop();
        int x = left(tile) - shape.padLeft();
        int begin = Math.clamp(-(long) x, 0, side);
        int end = Math.clamp((long) shape.w() - x, begin, side);
        Arrays.fill(work, patch, patch + FourTileRow.POINTS * depth, 0);
        for (int i = Math.max(0, -top); i < Math.min(side, shape.h() - top); i++) {
            int from = ((image * shape.h() + top + i) * shape.w() + x + begin) * inside;
            Tiles.copy(end - begin, inside, args.source, args.sourceOffset + from, inside,
                    work, patch + (i * side + begin) * depth, depth);
        }
        for (int c = 0; c < depth; c += DEPTHS) {
            FORM.input(work, patch + c, side * depth, depth, DEPTHS,
                    work, v + c / DEPTHS * FourTileRow.SECTION, FourTileRow.POINT, work, scratch);
        }
    }

    /** Transforms the products of one tile, through scratch: most tiles hang over an edge. */
    private void output(ConvArgs args, int image, int tile, int column, float[] work, int m, int bias, int edge, int scratch) {
        int columns = Math.min(LANES, outside - column);
        float[] added = args.plus ? args.out : args.residual;
        int addedAt = args.plus ? args.outOffset : args.residualOffset;
        int addedStride = args.plus ? args.outStride : outside;
        for (int i = 0; added != null && i < rows(tile); i++) {
            Tiles.copy(pixels(tile), columns, added, addedAt + pixel(image, tile, i) * addedStride + column, addedStride,
                    work, edge + i * TILE * LANES, LANES);
        }
        FORM.output(work, m, LANES, work, bias + column, added == null ? null : work, edge, TILE * LANES, LANES,
                RowBlocks.reluInside(args), work, edge, TILE * LANES, LANES, work, scratch);
        for (int i = 0; i < rows(tile); i++) {
            Tiles.copy(pixels(tile), columns, work, edge + i * TILE * LANES, LANES,
                    args.out, args.outOffset + pixel(image, tile, i) * args.outStride + column, args.outStride);
        }
    }

    /** Rows of outputs of a tile that there are. */
    private int rows(int tile) {
        return Math.min(TILE, shape.p() - row(tile));
    }

    /** Outputs in each of them. */
    private int pixels(int tile) {
        return Math.min(TILE, shape.q() - left(tile));
    }

    /** The first pixel of a row of outputs of a tile. */
    private int pixel(int image, int tile, int i) {
        return (image * shape.p() + row(tile) + i) * shape.q() + left(tile);
    }
}
