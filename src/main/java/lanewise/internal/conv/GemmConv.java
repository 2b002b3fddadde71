package lanewise.internal.conv;

import java.util.List;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.gemm.Tiles;
import lanewise.kernel.ConvShape;

/**
 * Convolution as one blocked matrix product per group, im2col done while packing. It accepts every shape.
 *
 * <p>{@code forward}: {@code y[npq][k] = sum over (r, s, c) of patch(x)[npq][rsc] w[rsc][k]}. {@code gradInput}: the same over dy
 * with the filter transposed, phase by phase ({@link PatchGrid}). {@code gradWeight}: {@link GemmGradWeight} or
 * {@link WideGradWeight}.
 */
public final class GemmConv extends PanelConv {

    private final PatchGrid[] grids;
    private final int groups;
    /** Channels of one group on each side of the product. */
    private final int inside;
    private final int outside;
    /** Whether every grid writes its pixels in order; others go through scratch and have no residual. */
    private final boolean whole;

    private GemmConv(List<PatchGrid> grids, int groups, int outside, FilterPanels panels) {
        super(panels);
        this.grids = grids.toArray(new PatchGrid[0]);
        this.groups = groups;
        this.inside = this.grids[0].channels;
        this.outside = outside;
        whole = grids.stream().allMatch(PatchGrid::isWhole);
    }

    /** {@code y} from {@code x}. */
    public static ConvKernel forward(ConvShape shape) {
        PatchGrid grid = PatchGrid.forward(shape);
        return new GemmConv(List.of(grid), shape.groups(), shape.groupK(), FilterPanels.forward(shape, grid));
    }

    /** {@code dx} from {@code dy}. */
    public static ConvKernel gradInput(ConvShape shape) {
        List<PatchGrid> grids = PatchGrid.gradInput(shape);
        return new GemmConv(grids, shape.groups(), shape.groupC(), FilterPanels.gradInput(shape, grids));
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    public static ConvKernel gradWeight(ConvShape shape) {
        if (WideGradWeight.does(shape)) {
            return new WideGradWeight(shape);
        }
        return new GemmGradWeight(PatchGrid.forward(shape), shape.groups(), shape.groupK());
    }

    @Override
    public boolean fuses() {
        return whole;
    }

    @Override
    public int workFloats() {
        int most = 0;
        for (PatchGrid grid : grids) {
            int rows = RowBlocks.rows(grid.rows(), grid.blocks(), outside, 1);
            int scatter = grid.isWhole() ? 0 : rows * outside;
            most = Math.max(most, RowGemm.workFloats(rows, grid.blocks()) + scatter);
        }
        return RowBlocks.biasFloats(outside) + most;
    }

    /** Ranges of columns, where there is one product. */
    private int parts(int workers) {
        boolean one = grids.length == 1 && groups == 1 && grids[0].isWhole();
        return one ? RowBlocks.columnParts(grids[0].rows(), grids[0].blocks(), outside, workers) : 1;
    }

    @Override
    public int tasks(int workers) {
        int parts = parts(workers);
        if (parts > 1) {
            return parts * RowBlocks.count(grids[0].rows(), grids[0].blocks(), outside, 1);
        }
        int tasks = 0;
        for (PatchGrid grid : grids) {
            tasks += RowBlocks.count(grid.rows(), grid.blocks(), outside, workers);
        }
        return tasks;
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = parts(workers);
        if (parts > 1) {
            runPart(args, task / parts, task % parts, parts, work, workOffset);
            return;
        }
        int g = 0;
        int block = task;
        for (; block >= RowBlocks.count(grids[g].rows(), grids[g].blocks(), outside, workers); g++) {
            block -= RowBlocks.count(grids[g].rows(), grids[g].blocks(), outside, workers);
        }
        PatchGrid grid = grids[g];
        int step = RowBlocks.rows(grid.rows(), grid.blocks(), outside, workers);
        int row = block * step;
        int rows = Math.min(step, grid.rows() - row);
        int product = workOffset + RowBlocks.biasFloats(outside);
        if (grid.taps() == 0 && args.plus) {
            return; // nothing to add
        }
        for (int group = 0; group < groups; group++) {
            RowBlocks.bias(args, group * outside, outside, work, workOffset);
            if (grid.isWhole()) {
                multiply(args, grid, g, group, row, rows, args.plus, args.out,
                        args.outOffset + row * args.outStride + group * outside, args.outStride, work, workOffset, product);
            } else if (grid.taps() == 0 && RowBlocks.ceiling(args) == 0) { // the bias alone
                scatter(args, grid, group, row, rows, work, workOffset, 0);
            } else {
                int scratch = product + RowGemm.workFloats(step, grid.blocks());
                multiply(args, grid, g, group, row, rows, false, work, scratch, outside, work, workOffset, product);
                scatter(args, grid, group, row, rows, work, scratch, outside);
            }
        }
        for (int i = 0; i < (grid.isWhole() ? 1 : rows); i++) {
            RowBlocks.activate(args, args.outOffset + grid.outPixel(row + i) * args.outStride, grid.isWhole() ? rows : 1,
                    args.outStride, groups * outside);
        }
    }

    /** A block of rows against a range of columns. */
    private void runPart(ConvArgs args, int block, int part, int parts, float[] work, int workOffset) {
        PatchGrid grid = grids[0];
        int step = RowBlocks.rows(grid.rows(), grid.blocks(), outside, 1);
        int row = block * step;
        int rows = Math.min(step, grid.rows() - row);
        int first = RowBlocks.firstColumn(part, parts, outside);
        int columns = RowBlocks.firstColumn(part + 1, parts, outside) - first;
        RowBlocks.bias(args, first, columns, work, workOffset);
        int out = args.outOffset + row * args.outStride + first;
        RowGemm.run(grid, args.source, args.sourceOffset, 0, row, rows, 0, grid.depth(),
                args.filter, args.filterOffset + panels.offset(0, 0) + first * grid.blocks() * Panels.DEPTH, columns,
                work, workOffset, args.plus,
                args.residual, args.residualOffset + row * outside + first, outside, RowBlocks.ceiling(args),
                args.out, out, args.outStride, work, workOffset + RowBlocks.biasFloats(outside));
        RowBlocks.activate(args, out, rows, args.outStride, columns);
    }

    private void multiply(ConvArgs args, PatchGrid grid, int g, int group, int row, int rows, boolean plus,
                          float[] out, int outOffset, int outStride, float[] work, int bias, int product) {
        int channels = groups * outside;
        RowGemm.run(grid, args.source, args.sourceOffset, group * inside, row, rows, 0, grid.depth(),
                args.filter, args.filterOffset + panels.offset(g, group), outside, work, bias, plus,
                args.residual, args.residualOffset + row * channels + group * outside, channels, RowBlocks.ceiling(args),
                out, outOffset, outStride, work, product);
    }

    /** Writes a block of rows, {@code stride} apart, to the pixels of their phase: line by line of the grid. */
    private void scatter(ConvArgs args, PatchGrid grid, int group, int row, int rows, float[] work, int scratch, int stride) {
        int step = grid.outStepW * args.outStride;
        int count;
        for (int i = 0; i < rows; i += count) {
            count = Math.min(rows - i, grid.gridW - (row + i) % grid.gridW);
            int to = args.outOffset + grid.outPixel(row + i) * args.outStride + group * outside;
            int from = scratch + i * stride;
            if (args.plus) {
                Tiles.add(count, outside, work, from, stride, args.out, to, step, args.out, to, step);
            } else {
                Tiles.copy(count, outside, work, from, stride, args.out, to, step);
            }
        }
    }
}
