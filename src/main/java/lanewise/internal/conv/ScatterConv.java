package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.MatrixRows;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.gemm.WidePanels;
import lanewise.kernel.ConvShape;

/**
 * {@code gradInput} where windows lie side by side, the stride as large as the filter: each pixel of dx comes from one of dy,
 *
 * <pre>dx[p R + r][q S + s][c] (+)= sum over k of dy[p][q][k] w[r][s][c][k]</pre>
 *
 * <p>So for each row r of the filter a row of dy makes a row of dx by one product of plain matrices, S C columns wide, which lie in dx
 * as they are. If they do not fill a vector, the columns of all r are multiplied at once and handed out.
 *
 * <p>It is what transposed convolutions of 2x2 at stride 2 are made of. A task is a row of dy.
 */
final class ScatterConv implements ConvKernel {

    private final ConvShape shape;
    private final MatrixRows source;
    private final int blocks;
    /** Columns that one pixel of dy makes in one row of dx. */
    private final int width;
    /** Columns of one product: of one row of dx or, if they are few, of all. */
    private final int columns;
    private final boolean together;
    private final int rows;
    private final String layout;

    private ScatterConv(ConvShape shape) {
        this.shape = shape;
        blocks = Panels.blocks(shape.k());
        width = shape.s() * shape.c();
        together = 2 * width <= Panels.paddedColumns(1);
        columns = together ? shape.r() * width : width;
        // Columns that are padded for a product of their own would not always have the wide panels that they were packed in.
        source = together ? new MatrixRows(shape.k(), false) : MatrixRows.of(shape.k(), columns);
        rows = RowBlocks.matrixRows(shape.q(), blocks, columns, 1);
        layout = "scatter " + FilterPanels.sizes(shape, shape.k());
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    static String refusal(ConvShape shape) {
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        boolean sideBySide = shape.r() == shape.strideH() && shape.s() == shape.strideW()
                && shape.dilationH() == 1 && shape.dilationW() == 1
                && shape.padTop() == 0 && shape.padLeft() == 0 && shape.h() == shape.p() * shape.r() && shape.w() == shape.q() * shape.s();
        return sideBySide ? null : shape.r() + "x" + shape.s() + " filter, stride " + shape.strideH() + "x" + shape.strideW()
                + ", padding " + shape.padTop() + "." + shape.padLeft() + ": only windows side by side that cover the image";
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return new ScatterConv(shape);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    private int panelFloats() {
        return Panels.columnPanelFloats(shape.k(), columns);
    }

    private int products() {
        return together ? 1 : shape.r();
    }

    @Override
    public int packedFloats() {
        return Math.multiplyExact(products(), panelFloats());
    }

    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        for (int i = 0; i < products(); i++) {
            WidePanels.packTransposed(source.wideColumns(columns), source.isThin(), w, wOffset + i * columns * shape.k(),
                    shape.k(), shape.k(), columns, 1, packed, i * panelFloats(), blocks * Panels.DEPTH);
        }
    }

    /** Scratch for the columns of a block of pixels, if they are handed out. */
    private int scratchFloats() {
        return together ? Math.multiplyExact(rows, Panels.paddedColumns(columns)) : 0;
    }

    @Override
    public int workFloats() {
        return Math.addExact(RowBlocks.biasFloats(columns) + RowGemm.matrixWorkFloats(rows, blocks, columns), scratchFloats());
    }

    @Override
    public int tasks(int workers) {
        return shape.n() * shape.p();
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int scratch = workOffset + RowBlocks.biasFloats(columns);
        int product = scratch + scratchFloats();
        bias(args, work, workOffset);
        for (int column = 0; column < shape.q(); column += rows) {
            int count = Math.min(rows, shape.q() - column);
            int row = task * shape.q() + column;
            if (together) {
                int stride = Panels.paddedColumns(columns);
                multiply(args, row, count, 0, stride, work, workOffset, false, work, scratch, stride, product);
                handOut(args, task, column, count, work, scratch, stride);
            } else {
                for (int r = 0; r < shape.r(); r++) {
                    multiply(args, row, count, r * panelFloats(), width, work, workOffset, args.plus,
                            args.out, out(args, task, r, column), width, product);
                }
            }
        }
        for (int r = 0; r < shape.r(); r++) {
            RowBlocks.activate(args, out(args, task, r, 0), shape.q(), width, width);
        }
    }

    /** Where the pixels that {@code column} of a row of dy makes begin in row {@code r} of its rows of dx. */
    private int out(ConvArgs args, int task, int r, int column) {
        return args.outOffset + ((task * shape.r() + r) * shape.q() + column) * width;
    }

    private void multiply(ConvArgs args, int row, int count, int panel, int n, float[] work, int bias, boolean plus,
                          float[] out, int outOffset, int outStride, int product) {
        RowGemm.run(source, args.source, args.sourceOffset, shape.k(), row, count, 0, shape.k(),
                args.filter, args.filterOffset + panel, n,
                work, bias, plus, null, 0, 0, RowBlocks.ceiling(args), out, outOffset, outStride, work, product);
    }

    /** The bias of every column, padded to whole panels. */
    private void bias(ConvArgs args, float[] work, int workOffset) {
        Arrays.fill(work, workOffset, workOffset + RowBlocks.biasFloats(columns), 0);
        if (args.bias != null) {
            for (int i = 0; i < columns; i += shape.c()) {
                System.arraycopy(args.bias, args.biasOffset, work, workOffset + i, shape.c());
            }
        }
    }

    private void handOut(ConvArgs args, int task, int column, int count, float[] work, int scratch, int stride) {
        for (int r = 0; r < shape.r(); r++) {
            int to = out(args, task, r, column);
            int from = scratch + r * width;
            if (args.plus) {
                add(count, width, work, from, stride, args.out, to);
            } else if (width == 2) {
                pairs(count, work, from, stride, args.out, to);
            } else {
                copy(count, width, work, from, stride, args.out, to);
            }
        }
    }

    private static void pairs(int count, float[] from, int fromOffset, int stride, float[] to, int toOffset) {
        for (int i = 0; i < count; i++) {
            to[toOffset + 2 * i] = from[fromOffset + i * stride];
            to[toOffset + 2 * i + 1] = from[fromOffset + i * stride + 1];
        }
    }

    private static void copy(int count, int width, float[] from, int fromOffset, int stride, float[] to, int toOffset) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < width; j++) {
                to[toOffset + i * width + j] = from[fromOffset + i * stride + j];
            }
        }
    }

    private static void add(int count, int width, float[] from, int fromOffset, int stride, float[] to, int toOffset) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < width; j++) {
                to[toOffset + i * width + j] += from[fromOffset + i * stride + j];
            }
        }
    }
}
