package lanewise.internal.conv;

import lanewise.internal.gemm.DenseGemm;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The 1x1 convolution over a few pixels, dense layers above all: {@code y[m][k] = sum over c of x[m][c] w[c][k]}, bound by the time
 * it takes to read w once. Tasks are ranges of columns.
 *
 * <p>Which algorithm a layer has must not depend on the batch; so this one looks at the pixels of one image, and gives batches of
 * more than {@link DenseGemm#mostRows} pixels to {@link PointwiseConv}, which reads the same packed filter unless it has wide panels.
 */
final class DenseConv extends PanelConv {

    /** Weights of one task, at least: some microseconds. */
    private static final int TASK_FLOATS = 1 << 16;

    private static final int TASKS_PER_WORKER = 4;

    private final int rows;
    private final int depth;
    private final int outside;

    private DenseConv(ConvShape shape) {
        super(FilterPanels.forward(shape, PatchGrid.forward(shape)));
        rows = shape.n() * shape.p() * shape.q();
        depth = shape.c();
        outside = shape.k();
    }

    /** Null, or why {@code forward} does not do this shape. */
    static String refusal(ConvShape shape) {
        String refusal = PointwiseConv.refusal(shape);
        if (refusal != null) {
            return refusal;
        }
        return (long) shape.h() * shape.w() <= DenseGemm.MOST_ROWS ? null
                : "images of " + shape.h() + "x" + shape.w() + " pixels: only 1 to " + DenseGemm.MOST_ROWS;
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        boolean few = (long) shape.n() * shape.h() * shape.w() <= DenseGemm.mostRows(shape.c(), shape.k());
        return few ? new DenseConv(shape) : PointwiseConv.forward(shape);
    }

    @Override
    public boolean fuses() {
        return true;
    }

    @Override
    public int workFloats() {
        return DenseGemm.workFloats(rows, depth, outside);
    }

    /** Columns of one task. */
    private int step(int workers) {
        if (workers == 1) {
            return Simd.roundUp(outside, DenseGemm.BLOCK);
        }
        int wanted = Math.max(outside / (TASKS_PER_WORKER * workers), TASK_FLOATS / depth);
        return Simd.roundUp(Math.clamp(wanted, 1, outside), DenseGemm.BLOCK);
    }

    @Override
    public int tasks(int workers) {
        return (outside - 1) / step(workers) + 1;
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int from = task * step(workers);
        int to = Math.min(outside, from + step(workers));
        DenseGemm.run(rows, depth, args.source, args.sourceOffset,
                args.filter, args.filterOffset + panels.offset(0, 0), from, to, outside,
                args.bias, args.biasOffset, args.plus, args.residual, args.residualOffset, RowBlocks.reluInside(args),
                args.out, args.outOffset, args.outStride, work, workOffset);
        for (int row = 0; row < rows; row++) {
            RowBlocks.activate(args, args.outOffset + row * args.outStride + from, to - from);
        }
    }
}
