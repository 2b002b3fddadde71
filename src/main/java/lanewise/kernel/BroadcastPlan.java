package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.eltwise.ChannelSums;
import lanewise.internal.eltwise.Sums;

/**
 * A function of two arrays of several axes, the smaller one stretched,
 *
 * <pre>y[i] = f(a[i], b[i])          da[j] = sum over the i that read a[j] of dy[i] df/da(a[i], b[i])</pre>
 *
 * <p>Sizes are compared from the last axis on and must be equal or 1; a missing axis counts as 1, as in NumPy. Outputs are overwritten,
 * old contents may be NaN; gradients follow their {@link WriteMode}. Inputs are not modified. The output may be exactly the range of an
 * input that has its length, and must not overlap an input otherwise.
 *
 * <p>Immutable; one instance serves any number of threads, each with its own {@link Workspace}. A call allocates nothing.
 *
 * <p>All calls throw {@link IllegalArgumentException} if ranges overlap or the workspace is too small, {@link IndexOutOfBoundsException}
 * if a range leaves its array and {@link IllegalStateException} if the workspace is in use.
 */
public final class BroadcastPlan {

    /** Floats of a repeated row: the loop over them costs more than its call, and they stay in L1 beside both arrays. */
    private static final int TILE = 1024;

    /** Rows of this length and more are worth a call each. */
    private static final int LONG = 256;

    private final BinaryFunction function;
    private final BroadcastShape shape;
    private final int[] sizes;
    private final int[] aStrides;
    private final int[] bStrides;
    private final int rows;
    private final int cols;
    /** How often a short row is repeated in the tile, or 0 if no row is. */
    private final int copies;

    private BroadcastPlan(BinaryFunction function, BroadcastShape shape) {
        this.function = function;
        this.shape = shape;
        sizes = shape.sizes;
        aStrides = shape.aStrides;
        bStrides = shape.bStrides;
        rows = sizes[sizes.length - 2];
        cols = sizes[sizes.length - 1];
        boolean both = last(aStrides, 1) == 1 && last(bStrides, 1) == 1;
        copies = both && cols < LONG && rows > 3 ? Math.min(rows, TILE / cols) : 0;
    }

    /**
     * A plan for these sizes, outermost first.
     *
     * @throws IllegalArgumentException if a size is below 1, the sizes do not fit, or the result would not fit an array
     */
    public static BroadcastPlan of(BinaryFunction function, int[] a, int[] b) {
        VectorModule.require();
        Checks.notNull(function, "function");
        return new BroadcastPlan(function, new BroadcastShape(Checks.notNull(a, "a"), Checks.notNull(b, "b")));
    }

    private static int last(int[] values, int fromEnd) {
        return values[values.length - fromEnd];
    }

    /** The sizes that come out. */
    public int[] dims() {
        return shape.dims();
    }

    /** Floats a {@link Workspace} needs for each worker. */
    public int workspaceFloats() {
        return TILE;
    }

    /** {@code y = f(a, b)}. */
    public void forward(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, Workspace workspace) {
        Checks.range(y, yOffset, shape.length, "y");
        checkInput(a, aOffset, shape.aLength, "a", y, yOffset, shape.length, "y");
        checkInput(b, bOffset, shape.bLength, "b", y, yOffset, shape.length, "y");
        Checks.notNull(workspace, "workspace").acquire(workspaceFloats());
        try {
            forward(0, a, aOffset, b, bOffset, y, yOffset, shape.length, workspace.floats());
        } finally {
            workspace.release();
        }
    }

    private static void checkInput(float[] x, int xOffset, int xLength, String xName, float[] y, int yOffset, int yLength, String yName) {
        Checks.range(x, xOffset, xLength, xName);
        if (xLength != yLength || xOffset != yOffset) {
            Checks.disjoint(x, xOffset, xLength, xName, y, yOffset, yLength, yName);
        }
    }

    /** The loop over one of the outer axes; {@code span} floats of y belong to it. */
    private void forward(int axis, float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int span, float[] tile) {
        if (axis == sizes.length - 2) {
            forwardRows(a, aOffset, b, bOffset, y, yOffset, tile);
            return;
        }
        int step = span / sizes[axis];
        for (int i = 0; i < sizes[axis]; i++) {
            forward(axis + 1, a, aOffset + i * aStrides[axis], b, bOffset + i * bStrides[axis], y, yOffset + i * step, step, tile);
        }
    }

    private void forwardRows(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, float[] tile) {
        int aRow = last(aStrides, 2);
        int bRow = last(bStrides, 2);
        if (copies > 0 && bRow == 0) {
            repeat(b, bOffset, tile);
            for (int row = 0; row < rows; row += copies) {
                int at = row * cols;
                function.ranges(a, aOffset + at, tile, 0, y, yOffset + at, Math.min(copies, rows - row) * cols);
            }
        } else if (copies > 0) {
            repeat(a, aOffset, tile);
            for (int row = 0; row < rows; row += copies) {
                int at = row * cols;
                function.ranges(tile, 0, b, bOffset + at, y, yOffset + at, Math.min(copies, rows - row) * cols);
            }
        } else {
            boolean aMoves = last(aStrides, 1) == 1;
            boolean bMoves = last(bStrides, 1) == 1;
            for (int row = 0; row < rows; row++) {
                int at = yOffset + row * cols;
                int aAt = aOffset + row * aRow;
                int bAt = bOffset + row * bRow;
                if (aMoves && bMoves) {
                    function.ranges(a, aAt, b, bAt, y, at, cols);
                } else if (aMoves) {
                    function.right(a, aAt, b[bAt], y, at, cols);
                } else {
                    function.left(a[aAt], b, bAt, y, at, cols);
                }
            }
        }
    }

    private void repeat(float[] row, int offset, float[] tile) {
        for (int i = 0; i < copies; i++) {
            System.arraycopy(row, offset, tile, i * cols, cols);
        }
    }

    /**
     * The gradient of a.
     *
     * @param dy not modified; of the output's length
     * @param da of the length of a
     */
    public void gradA(float[] a, int aOffset, float[] b, int bOffset, float[] dy, int dyOffset, float[] da, int daOffset,
                      WriteMode mode, Workspace workspace) {
        grad(true, a, aOffset, b, bOffset, dy, dyOffset, da, daOffset, shape.aLength, "da", mode, workspace);
    }

    /** The gradient of b, as {@link #gradA}. */
    public void gradB(float[] a, int aOffset, float[] b, int bOffset, float[] dy, int dyOffset, float[] db, int dbOffset,
                      WriteMode mode, Workspace workspace) {
        grad(false, a, aOffset, b, bOffset, dy, dyOffset, db, dbOffset, shape.bLength, "db", mode, workspace);
    }

    private void grad(boolean ofA, float[] a, int aOffset, float[] b, int bOffset, float[] dy, int dyOffset, float[] d, int dOffset,
                      int dLength, String name, WriteMode mode, Workspace workspace) {
        Checks.range(d, dOffset, dLength, name);
        Ranges.apart(a, aOffset, shape.aLength, "a", d, dOffset, dLength, name);
        Ranges.apart(b, bOffset, shape.bLength, "b", d, dOffset, dLength, name);
        Ranges.apart(dy, dyOffset, shape.length, "dy", d, dOffset, dLength, name);
        boolean accumulate = Ranges.accumulate(mode);
        Checks.notNull(workspace, "workspace").acquire(workspaceFloats());
        try {
            if (!accumulate) {
                Arrays.fill(d, dOffset, dOffset + dLength, 0);
            }
            grad(0, ofA, a, aOffset, b, bOffset, dy, dyOffset, d, dOffset, shape.length, workspace.floats());
        } finally {
            workspace.release();
        }
    }

    private void grad(int axis, boolean ofA, float[] a, int aOffset, float[] b, int bOffset, float[] dy, int dyOffset, float[] d,
                      int dOffset, int span, float[] terms) {
        if (axis == sizes.length - 2) {
            gradRows(ofA, a, aOffset, b, bOffset, dy, dyOffset, d, dOffset, terms);
            return;
        }
        int step = span / sizes[axis];
        int dStride = ofA ? aStrides[axis] : bStrides[axis];
        for (int i = 0; i < sizes[axis]; i++) {
            grad(axis + 1, ofA, a, aOffset + i * aStrides[axis], b, bOffset + i * bStrides[axis], dy, dyOffset + i * step,
                    d, dOffset + i * dStride, step, terms);
        }
    }

    /** As many rows at a time as the scratch holds, or a part of one; then these terms are added to what they belong to. */
    private void gradRows(boolean ofA, float[] a, int aOffset, float[] b, int bOffset, float[] dy, int dyOffset, float[] d,
                          int dOffset, float[] terms) {
        int width = Math.min(cols, TILE);
        int height = TILE / width;
        int[] strides = ofA ? aStrides : bStrides;
        int dRow = last(strides, 2);
        boolean moves = last(strides, 1) == 1;
        for (int row = 0; row < rows; row += height) {
            int count = Math.min(height, rows - row);
            for (int col = 0; col < cols; col += width) {
                int n = Math.min(width, cols - col);
                for (int i = 0; i < count; i++) {
                    terms(ofA, a, aOffset + (row + i) * last(aStrides, 2) + col * last(aStrides, 1),
                            b, bOffset + (row + i) * last(bStrides, 2) + col * last(bStrides, 1),
                            dy, dyOffset + (row + i) * cols + col, terms, i * n, n);
                }
                if (moves && dRow == 0) {
                    ChannelSums.sum(terms, 0, count, n, d, dOffset + col, true);
                } else {
                    for (int i = 0; i < count; i++) {
                        int at = dOffset + (row + i) * dRow;
                        if (moves) {
                            Arithmetic.add(d, at + col, terms, i * n, d, at + col, n);
                        } else {
                            d[at] += (float) Sums.sum(terms, i * n, n);
                        }
                    }
                }
            }
        }
    }

    /** {@code terms[i] = dy[i] df(a[i], b[i])} for a part of a row. */
    private void terms(boolean ofA, float[] a, int aOffset, float[] b, int bOffset, float[] dy, int dyOffset, float[] terms, int at,
                       int n) {
        int aStep = last(aStrides, 1);
        int bStep = last(bStrides, 1);
        if (function == BinaryFunction.ADD) {
            System.arraycopy(dy, dyOffset, terms, at, n);
        } else if (function == BinaryFunction.SUBTRACT) {
            Arithmetic.scale(ofA ? 1 : -1, dy, dyOffset, terms, at, n);
        } else if (function == BinaryFunction.MULTIPLY && ofA) {
            times(dy, dyOffset, b, bOffset, bStep, terms, at, n);
        } else if (function == BinaryFunction.MULTIPLY) {
            times(dy, dyOffset, a, aOffset, aStep, terms, at, n);
        } else {
            for (int i = 0; i < n; i++) {
                float u = a[aOffset + i * aStep];
                float v = b[bOffset + i * bStep];
                terms[at + i] = dy[dyOffset + i] * (ofA ? function.slopeA(u, v) : function.slopeB(u, v));
            }
        }
    }

    private static void times(float[] dy, int dyOffset, float[] x, int xOffset, int xStep, float[] terms, int at, int n) {
        if (xStep == 1) {
            Arithmetic.mul(dy, dyOffset, x, xOffset, terms, at, n);
        } else {
            Arithmetic.scale(x[xOffset], dy, dyOffset, terms, at, n);
        }
    }
}
