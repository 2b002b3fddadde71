package lanewise.internal.conv;

import lanewise.internal.gemm.MatrixRows;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.kernel.ConvShape;

/**
 * The 1x1 convolution: one product of plain matrices, {@code y[nhw][k] = sum over c of x[nhw][c] w[c][k]}, with pixels as rows.
 *
 * <p>{@code gradInput} is the same with the filter transposed. {@code gradWeight} is {@link GemmConv}'s, whose patches are then
 * plain rows too.
 */
public final class PointwiseConv extends PanelConv {

    private final int pixels;
    private final int inside;
    private final int outside;
    private final MatrixRows rows;
    private final MatrixRows shared;

    private PointwiseConv(PatchGrid grid, int outside, FilterPanels panels) {
        super(panels);
        this.pixels = grid.rows();
        this.inside = grid.channels;
        this.outside = outside;
        rows = MatrixRows.of(inside, outside, pixels);
        shared = rows.shared();
    }

    /** Null, or why it does not do this shape. */
    public static String refusal(ConvShape shape) {
        if (!shape.isPointwise()) {
            return shape.r() + "x" + shape.s() + " filter, stride " + shape.strideH() + "x" + shape.strideW() + ", padding "
                    + shape.padTop() + "." + shape.padLeft() + "." + shape.padBottom() + "." + shape.padRight()
                    + ": only 1x1, stride 1, padding 0";
        }
        return shape.groups() == 1 ? null : shape.groups() + " groups: only 1 group";
    }

    /** {@code y} from {@code x}. */
    public static ConvKernel forward(ConvShape shape) {
        return new PointwiseConv(PatchGrid.forward(shape), shape.k(), FilterPanels.pointwise(shape));
    }

    /** {@code dx} from {@code dy}. */
    public static ConvKernel gradInput(ConvShape shape) {
        return new PointwiseConv(PatchGrid.gradInput(shape).getFirst(), shape.c(), FilterPanels.pointwiseGradInput(shape));
    }

    @Override
    public boolean fuses() {
        return true;
    }

    @Override
    public int workFloats() {
        int blocks = Panels.blocks(inside);
        return RowBlocks.biasFloats(outside) + RowGemm.matrixWorkFloats(RowBlocks.matrixRows(pixels, blocks, outside, 1), blocks, outside);
    }

    private int parts(int workers) {
        return RowBlocks.columnParts(pixels, Panels.blocks(inside), outside, workers);
    }

    /** Rows of a task. */
    private int step(int parts, int workers) {
        return RowBlocks.matrixRows(pixels, Panels.blocks(inside), outside, parts == 1 ? workers : 1);
    }

    @Override
    public int tasks(int workers) {
        int parts = parts(workers);
        return parts * Math.ceilDiv(pixels, step(parts, workers));
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = parts(workers);
        int blocks = Panels.blocks(inside);
        int step = step(parts, workers);
        int row = task / parts * step;
        int count = Math.min(step, pixels - row);
        int first = RowBlocks.firstColumn(task % parts, parts, outside);
        int columns = RowBlocks.firstColumn(task % parts + 1, parts, outside) - first;
        RowBlocks.bias(args, first, columns, work, workOffset);
        int out = args.outOffset + row * args.outStride + first;
        RowGemm.run(workers == 1 ? rows : shared, args.source, args.sourceOffset, inside, row, count, 0, inside,
                args.filter, args.filterOffset + panels.offset(0, 0) + first * blocks * Panels.DEPTH, columns,
                work, workOffset, args.plus,
                args.residual, args.residualOffset + row * outside + first, outside, RowBlocks.ceiling(args),
                args.out, out, args.outStride, work, workOffset + RowBlocks.biasFloats(outside));
        RowBlocks.activate(args, out, count, args.outStride, columns);
    }
}
