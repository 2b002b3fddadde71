package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.eltwise.Activations;
import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.RowGemm;
import lanewise.internal.gemm.WidePanels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.Activation;

/** What the paths that end in {@code RowGemm} share: how rows are cut into tasks, and what happens before and after the product. */
final class RowBlocks {

    /** Tasks for each worker, and parts, of which each packs the rows again. */
    private static final int TASKS = 4;
    private static final int PARTS = 2;

    /** Floats of a filter that is read from memory, and rows that are few enough to be packed for every part of it. */
    private static final int LARGE_FILTER = 1 << 17;
    private static final int FEW_ROWS = 7 * Panels.ROWS;

    private RowBlocks() {}

    /**
     * Rows of one task, {@code blocks} deep, of a product with {@code columns}: fewer when there are several workers, so that each gets
     * about four.
     */
    static int rows(int total, int blocks, int columns, int workers) {
        return rows(total, RowGemm.blockRows(blocks, columns), workers);
    }

    /** The same for rows that are a matrix: nearly equal parts, so that the last one is not short either. */
    static int matrixRows(int total, int blocks, int columns, int workers) {
        int most = RowGemm.matrixRows(blocks, columns);
        if (WidePanels.columns(blocks * Panels.DEPTH, columns) == 0) {
            return rows(total, most, workers);
        }
        int wanted = workers == 1 ? most : Math.clamp(Math.ceilDiv(total, TASKS * workers), Math.min(Panels.ROWS, most), most);
        int equal = Math.ceilDiv(total, Math.ceilDiv(total, wanted));
        return WidePanels.isThin(blocks * Panels.DEPTH) ? Math.min(Simd.roundUp(equal, WidePanels.THIN_ROWS), most) : equal;
    }

    private static int rows(int total, int most, int workers) {
        int wanted = workers == 1 ? most : Math.min(most, total / (TASKS * workers));
        int rows = Math.max(Panels.ROWS, wanted / Panels.ROWS * Panels.ROWS);
        return total > rows ? rows : Simd.roundUp(total, Panels.ROWS);
    }

    /** Whether {@code tasks} give each of the workers enough. */
    static boolean enough(int tasks, int workers) {
        return workers == 1 || tasks >= TASKS * workers;
    }

    static int count(int total, int blocks, int columns, int workers) {
        int rows = rows(total, blocks, columns, workers);
        return (int) ((total + rows - 1L) / rows);
    }

    /**
     * Into how many ranges of output columns a product of {@code total} rows is cut for several workers. A filter that is large against
     * the rows is read by parts, each worker its own; by blocks of rows, every block would read all of it.
     */
    static int columnParts(int total, int blocks, int columns, int workers) {
        if (workers == 1 || total > FEW_ROWS || (long) blocks * Panels.DEPTH * columns < LARGE_FILTER) {
            return 1;
        }
        return Math.min(panels(columns), PARTS * workers);
    }

    /** The first column of part {@code part}, and where the part before it ends. */
    static int firstColumn(int part, int parts, int columns) {
        return Math.min(columns, (int) ((long) panels(columns) * part / parts) * Panels.WIDTH);
    }

    private static int panels(int columns) {
        return (columns - 1) / Panels.WIDTH + 1;
    }

    /** Floats that {@link #bias} takes. */
    static int biasFloats(int columns) {
        return Simd.roundUp(columns, Panels.WIDTH);
    }

    /** Lays out the start of every sum, the bias or zeros, padded to whole panels. */
    static void bias(ConvArgs args, int firstColumn, int columns, float[] work, int workOffset) {
        int given = 0;
        if (args.bias != null) {
            System.arraycopy(args.bias, args.biasOffset + firstColumn, work, workOffset, columns);
            given = columns;
        }
        Arrays.fill(work, workOffset + given, workOffset + biasFloats(columns), 0);
    }

    /** ReLU is done in registers; the rest by {@link #activate}. */
    static boolean reluInside(ConvArgs args) {
        return args.activation == Activation.RELU;
    }

    /** How a microkernel clamps finished sums: to {@code [0, ceiling]}, or not at all for 0. */
    static float ceiling(ConvArgs args) {
        return args.activation == Activation.RELU ? Float.POSITIVE_INFINITY : args.activation == Activation.RELU6 ? 6 : 0;
    }

    /** Applies any activation that {@link #ceiling} does not to channels of finished pixels while they are in the cache. */
    static void activate(ConvArgs args, int offset, int pixels, int pixelStride, int channels) {
        if (ceiling(args) != 0) {
            return;
        }
        if (pixelStride == channels) {
            activateAny(args, offset, pixels * channels);
            return;
        }
        for (int i = 0; i < pixels; i++) {
            activateAny(args, offset + i * pixelStride, channels);
        }
    }

    /** Applies any activation but ReLU to finished outputs while they are in the cache. */
    static void activate(ConvArgs args, int offset, int length) {
        if (!reluInside(args)) {
            activateAny(args, offset, length);
        }
    }

    /** The same for {@code channels} of a row of finished pixels, which may be a part of wider ones. */
    static void activateRow(ConvArgs args, int offset, int pixels, int channels) {
        if (reluInside(args)) {
            return;
        }
        if (args.outStride == channels) {
            activateAny(args, offset, pixels * channels);
            return;
        }
        for (int i = 0; i < pixels; i++) {
            activateAny(args, offset + i * args.outStride, channels);
        }
    }

    /** Applies the activation, ReLU too, for kernels that do not do it in registers. */
    static void activateAny(ConvArgs args, int offset, int length) {
        if (args.activation != Activation.NONE) {
            Activations.apply(args.activation, args.out, offset, length);
            if (args.scale != 1 || args.shift != 0) {
                Arithmetic.affine(args.scale, args.shift, args.out, offset, length);
            }
        }
    }
}
