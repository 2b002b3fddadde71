package lanewise.internal.conv;

import java.util.List;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.simd.Processor;
import lanewise.kernel.ConvShape;

/**
 * Direct convolution: the microkernel walks over the image itself instead of over gathered patches.
 *
 * <p>{@code forward}: for a strip of rows, {@code y[i][j][k] = sum over taps t, channels c of strip[i][j + t][c] w[t][c][k]}, where
 * the strip is a copy in blocks of channels ({@link BlockedStrip}), of 64 where they divide the channels: then the microkernel is
 * that of row panels, which checks its addresses once in 64 depths. {@code gradInput}: the same over dy with the filter transposed,
 * phase by phase. {@code gradWeight}: {@link DirectGradWeight}.
 *
 * <p>It pays when there are several taps, for then the copy is small beside the work. It needs channels in whole blocks and rows
 * that fill a tile; {@link GemmConv} packs the pixels of several short rows together.
 *
 * <p><i>Source:</i> J. Zhang et al., High Performance Zero-Memory Overhead Direct Convolutions, arXiv 1809.10170; the offsets are
 * those of M. Dukhan, The Indirect Convolution Algorithm, arXiv 1907.02129.
 */
public final class DirectConv extends PanelConv {

    /** Floats of a strip: 256 KB of a 1 MB L2, the column panels stream through the rest. */
    private static final int STRIP_FLOATS = 1 << 16;

    /** Floats of a filter that the second cache does not keep from strip to strip; a smaller one comes from far away only once. */
    private static final int LARGE_FILTER = 1 << 18;

    private final PatchGrid[] grids;
    private final BlockedStrip[] strips;
    private final int[][] taps;
    private final int outside;
    /** Channels that lie together in a strip. */
    private final int block;

    private DirectConv(List<PatchGrid> grids, int outside, FilterPanels panels) {
        super(panels);
        this.grids = grids.toArray(new PatchGrid[0]);
        this.outside = outside;
        block = this.grids[0].channels % Panels.RUN == 0 ? Panels.RUN : Panels.DEPTH;
        strips = new BlockedStrip[this.grids.length];
        taps = new int[strips.length][];
        for (int g = 0; g < strips.length; g++) {
            PatchGrid grid = this.grids[g];
            strips[g] = BlockedStrip.of(grid, grid.channels, block, STRIP_FLOATS, grid.gridH);
            taps[g] = strips[g].blockTapOffsets();
        }
    }

    /** Null, or why {@code forward} does not do this shape. */
    public static String refusal(ConvShape shape) {
        String refusal = refusal(shape, shape.c(), "input", shape.q());
        return refusal != null ? refusal : BlockedStrip.refusal(PatchGrid.forward(shape), shape.c());
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    public static String gradInputRefusal(ConvShape shape) {
        String refusal = refusal(shape, shape.k(), "output", shape.w() / shape.strideW());
        return refusal != null ? refusal : BlockedStrip.refusal(PatchGrid.gradInput(shape), shape.k());
    }

    /** Null, or why {@code gradWeight} does not do this shape. */
    static String gradWeightRefusal(ConvShape shape) {
        String refusal = refusal(shape);
        return refusal != null ? refusal : DirectGradWeight.refusal(shape);
    }

    private static String refusal(ConvShape shape, int channels, String side, int columns) {
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        if (channels % Panels.DEPTH != 0) {
            return channels + " " + side + " channels: only multiples of " + Panels.DEPTH;
        }
        if (columns < Panels.ROWS) {
            return columns + " columns in a row: fewer than the " + Panels.ROWS + " of a tile";
        }
        if (shape.r() * shape.s() < 4) {
            return shape.r() + "x" + shape.s() + " filter: fewer than 4 taps do not repay the copy of the image";
        }
        if (Math.max(shape.strideH(), shape.strideW()) > Math.min(shape.r(), shape.s())) {
            return "stride " + Math.max(shape.strideH(), shape.strideW()) + " over a " + shape.r() + "x" + shape.s()
                    + " filter: pixels that no tap sees would be copied";
        }
        return null;
    }

    /** {@code y} from {@code x}. */
    public static ConvKernel forward(ConvShape shape) {
        PatchGrid grid = PatchGrid.forward(shape);
        return new DirectConv(List.of(grid), shape.k(), FilterPanels.forward(shape, grid));
    }

    /** {@code dx} from {@code dy}. */
    public static ConvKernel gradInput(ConvShape shape) {
        List<PatchGrid> grids = PatchGrid.gradInput(shape);
        return new DirectConv(grids, shape.c(), FilterPanels.gradInput(shape, grids));
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    public static ConvKernel gradWeight(ConvShape shape) {
        return new DirectGradWeight(PatchGrid.forward(shape), shape.k());
    }

    @Override
    public boolean fuses() {
        return true;
    }

    @Override
    public int workFloats() {
        int most = 0;
        for (BlockedStrip strip : strips) {
            most = Math.max(most, strip.floats());
        }
        return RowBlocks.biasFloats(outside) + RowGemm.TILE_FLOATS + most;
    }

    /** Strips become no smaller for several workers; ranges of output columns share one, so that all have work. */
    private int columnParts(int workers) {
        int strips = stripCount();
        int panels = (outside + Panels.WIDTH - 1) / Panels.WIDTH;
        return workers == 1 || strips >= 4 * workers ? 1 : Math.min(panels, (4 * workers + strips - 1) / strips);
    }

    @Override
    public int tasks(int workers) {
        return stripCount() * columnParts(workers);
    }

    /** Strips of one image, of all phases. */
    private int imageStrips() {
        int count = 0;
        for (BlockedStrip strip : strips) {
            count += strip.count();
        }
        return count;
    }

    private int stripCount() {
        return grids[0].n * imageStrips();
    }

    /** The phases of a strip follow each other: their pixels lie between each other, in the same pages. */
    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = columnParts(workers);
        int image = task / parts / imageStrips();
        int g = 0;
        int number = 0;
        for (int left = task / parts % imageStrips(); left > 0 || number >= strips[g].count(); ) {
            left -= number < strips[g].count() ? 1 : 0;
            g = g + 1 == grids.length ? 0 : g + 1;
            number += g == 0 ? 1 : 0;
        }
        BlockedStrip strip = strips[g];
        int row = strip.firstRow(number);
        int rows = strip.firstRow(number + 1) - row;
        int panelCount = (outside + Panels.WIDTH - 1) / Panels.WIDTH;
        int firstColumn = panelCount * (task % parts) / parts * Panels.WIDTH;
        int endColumn = Math.min(outside, panelCount * (task % parts + 1) / parts * Panels.WIDTH);
        int tile = workOffset + RowBlocks.biasFloats(outside);
        int image0 = tile + RowGemm.TILE_FLOATS;
        RowBlocks.bias(args, 0, outside, work, workOffset);
        strip.fill(args.source, args.sourceOffset, image, row, rows, work, image0);
        int depth = grids[g].blocks() * Panels.DEPTH;
        int rowTiles = grids[g].gridW / Panels.ROWS;
        for (int column = firstColumn; column < endColumn; column += Panels.WIDTH) {
            int nextWidth = Math.min(Panels.WIDTH, Panels.paddedColumns(Math.max(0, endColumn - column - Panels.WIDTH)));
            boolean far = task < parts * workers * grids.length || depth * outside >= LARGE_FILTER;
            int rounds = block == Panels.RUN && far ? grids[g].blocks() : 0;
            int step = Processor.READS_AHEAD ? RowGemm.fetchStep(rows * rowTiles, rounds, depth * nextWidth, depth * outside) : 0;
            int gap = RowGemm.fetchGap(depth * nextWidth, rows * rowTiles * rounds * step);
            for (int i = 0; i < rows; i++) {
                row(args, g, (image * grids[g].gridH + row + i) * grids[g].gridW, column, i * rowTiles, step, gap, work,
                        image0 + i * strip.gridRowFloats(), strip.pitch(), workOffset, tile);
            }
        }
        activate(args, grids[g], (image * grids[g].gridH + row) * grids[g].gridW, rows, firstColumn, endColumn);
    }

    /** One row of pixels against one column panel, in tiles of 14, of which the first is number {@code firstTile} of the strip. */
    private void row(ConvArgs args, int g, int gridRow, int column, int firstTile, int fetch, int gap,
                     float[] work, int strip, int pitch, int bias, int tile) {
        PatchGrid grid = grids[g];
        int columns = Math.min(Panels.WIDTH, outside - column);
        int panel = args.filterOffset + panels.offset(g, 0) + column * grid.blocks() * Panels.DEPTH;
        int next = panel + (fetch == 0 ? 0 : Panels.WIDTH * grid.blocks() * Panels.DEPTH);
        int step = grid.outStepW * args.outStride;
        float[] added = args.plus ? args.out : args.residual;
        int addedOffset = args.plus ? args.outOffset : args.residualOffset;
        int addedStride = args.plus ? args.outStride : outside;
        for (int j = 0; j < grid.gridW; j += Panels.ROWS) {
            int pixel = grid.outPixel(gridRow + j);
            RowGemm.tile(Math.min(Panels.ROWS, grid.gridW - j), columns, work, strip + j * pitch,
                    taps[g], block, taps[g].length * block,
                    args.filter, panel, next + (firstTile + j / Panels.ROWS) * grid.blocks() * fetch, fetch, gap, work, bias + column,
                    added, addedOffset + pixel * addedStride + column, grid.outStepW * addedStride,
                    RowBlocks.ceiling(args),
                    args.out, args.outOffset + pixel * args.outStride + column, step, work, tile);
        }
    }

    private void activate(ConvArgs args, PatchGrid grid, int firstPixel, int rows, int firstColumn, int endColumn) {
        for (int i = 0; i < rows; i++) {
            int pixel = grid.outPixel(firstPixel + i * grid.gridW);
            RowBlocks.activate(args, args.outOffset + pixel * args.outStride + firstColumn, grid.gridW,
                    grid.outStepW * args.outStride, endColumn - firstColumn);
        }
    }
}
