package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.eltwise.Arithmetic;

/**
 * Axes in another order, {@code y[i[a0], i[a1], ...] = x[i0, i1, ...]}: axis {@code k} of y is axis {@code axes[k]} of x.
 *
 * <p>Shapes: {@code x, y float[d0*d1*...]}, from their offsets. Axes that stay neighbours are merged first. Where the last axis
 * stays last, its rows are copied whole; else planes of the last axes of x and y are transposed tile by tile, so that both are read
 * and written by whole cache lines while these are in L1.
 *
 * <p>Immutable; any number of threads may run it on outputs that do not overlap. A run allocates nothing.
 */
public final class Permutation {

    /** Sides of a tile: 16 floats are a cache line, and as many lines a power of two apart fit a set of L1. */
    private static final int TILE = 16;

    /** The long side of a tile whose other side is short. */
    private static final int LONG = 256;

    /** Below as many floats a loop is faster than a call. */
    private static final int SHORT = 16;

    private final int[] dims;
    private final int[] axes;
    private final int length;
    /** Sizes of the outer loops, and how far one turn goes in x and y. */
    private final int[] counts;
    private final int[] inSteps;
    private final int[] outSteps;
    /** The two inner loops: rows, whose elements lie side by side in y, and where a turn of each leads. */
    private final int rows;
    private final int cols;
    private final int rowInStep;
    private final int rowOutStep;
    private final int colInStep;

    private Permutation(int[] dims, int[] axes) {
        this.dims = dims;
        this.axes = axes;
        this.length = Checks.product("x", dims);
        int[][] merged = merged(dims, axes);
        int[] count = merged[0]; // in the order of y
        int[] inStep = merged[1];
        int n = count.length;
        int[] outStep = new int[n];
        for (int i = n - 1, step = 1; i >= 0; step *= count[i--]) {
            outStep[i] = step;
        }
        int second = 0; // the row's axis: that on which x is contiguous, or the last but one
        for (int i = 0; i < n - 1; i++) {
            if (inStep[i] == 1 || inStep[n - 1] == 1) {
                second = i;
            }
        }
        int outer = Math.max(n - 2, 0);
        counts = new int[outer];
        inSteps = new int[outer];
        outSteps = new int[outer];
        for (int i = 0, at = 0; i < n - 1; i++) {
            if (i != second) {
                counts[at] = count[i];
                inSteps[at] = inStep[i];
                outSteps[at++] = outStep[i];
            }
        }
        rows = n > 1 ? count[second] : 1;
        rowInStep = n > 1 ? inStep[second] : 0;
        rowOutStep = n > 1 ? outStep[second] : 0;
        cols = n > 0 ? count[n - 1] : 1;
        colInStep = n > 0 ? inStep[n - 1] : 1;
    }

    /** Sizes of y and their distances in x, without axes of one element, neighbours that stay so merged. */
    private static int[][] merged(int[] dims, int[] axes) {
        int[] strides = new int[dims.length];
        for (int i = dims.length - 1, step = 1; i >= 0; step *= dims[i--]) {
            strides[i] = step;
        }
        int[] count = new int[dims.length];
        int[] step = new int[dims.length];
        int n = 0;
        for (int axis : axes) {
            if (dims[axis] == 1) {
                continue;
            }
            if (n > 0 && step[n - 1] == dims[axis] * strides[axis]) {
                count[n - 1] *= dims[axis];
                step[n - 1] = strides[axis];
            } else {
                count[n] = dims[axis];
                step[n++] = strides[axis];
            }
        }
        return new int[][] {Arrays.copyOf(count, n), Arrays.copyOf(step, n)};
    }

    /**
     * The permutation of an input of these sizes.
     *
     * @param dims the sizes of x, each at least 1
     * @param axes each axis of x once, in the order of y
     * @throws IllegalArgumentException if {@code axes} is something else, or an array could not hold x
     */
    public static Permutation of(int[] dims, int[] axes) {
        boolean[] seen = new boolean[Checks.notNull(dims, "dims").length];
        boolean fits = dims.length == Checks.notNull(axes, "axes").length;
        for (int i = 0; fits && i < axes.length; i++) {
            fits = axes[i] >= 0 && axes[i] < seen.length && !seen[axes[i]];
            if (fits) {
                seen[axes[i]] = true;
            }
        }
        if (!fits) {
            throw new IllegalArgumentException("axes are " + Arrays.toString(axes) + ", must be those of " + Arrays.toString(dims)
                    + ", each once");
        }
        for (int size : dims) {
            Checks.atLeast(size, 1, "size");
        }
        return new Permutation(dims.clone(), axes.clone());
    }

    /** From y back to x. */
    public Permutation inverse() {
        int[] sizes = new int[axes.length];
        int[] back = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            sizes[i] = dims[axes[i]];
            back[axes[i]] = i;
        }
        return new Permutation(sizes, back);
    }

    /** The elements of x, and of y. */
    public int length() {
        return length;
    }

    /**
     * Moves every element to its place.
     *
     * @param x not modified
     * @param y overwritten (old contents may be NaN) or added to
     * @throws IndexOutOfBoundsException if a range leaves its array
     * @throws IllegalArgumentException if the ranges overlap
     */
    public void run(float[] x, int xOffset, float[] y, int yOffset, WriteMode mode) {
        boolean accumulate = Ranges.accumulate(mode);
        Ranges.of(y, yOffset, length, "y");
        Ranges.apart(x, xOffset, length, "x", y, yOffset, length, "y");
        run(0, x, xOffset, y, yOffset, accumulate);
    }

    private void run(int level, float[] x, int xAt, float[] y, int yAt, boolean accumulate) {
        if (level < counts.length) {
            for (int i = 0; i < counts[level]; i++) {
                run(level + 1, x, xAt + i * inSteps[level], y, yAt + i * outSteps[level], accumulate);
            }
        } else if (colInStep == 1) {
            for (int row = 0; row < rows; row++) {
                move(x, xAt + row * rowInStep, y, yAt + row * rowOutStep, cols, accumulate);
            }
        } else {
            transpose(x, xAt, y, yAt, accumulate);
        }
    }

    private static void move(float[] x, int xAt, float[] y, int yAt, int length, boolean accumulate) {
        if (accumulate) {
            Arithmetic.add(y, yAt, x, xAt, y, yAt, length);
        } else if (length >= SHORT) {
            System.arraycopy(x, xAt, y, yAt, length);
        } else {
            for (int i = 0; i < length; i++) {
                y[yAt + i] = x[xAt + i];
            }
        }
    }

    private void transpose(float[] x, int xAt, float[] y, int yAt, boolean accumulate) {
        if (!accumulate && cols == 3 && rowOutStep == 3) {
            joinThree(x, xAt, colInStep, y, yAt, rows);
            return;
        }
        if (!accumulate && rows == 3 && colInStep == 3) {
            splitThree(x, xAt, y, yAt, rowOutStep, cols);
            return;
        }
        int tileRows = cols < TILE ? LONG : TILE;
        int tileCols = rows < TILE ? LONG : TILE;
        for (int row = 0; row < rows; row += tileRows) {
            int height = Math.min(tileRows, rows - row);
            for (int col = 0; col < cols; col += tileCols) {
                int width = Math.min(tileCols, cols - col);
                int from = xAt + row + col * colInStep;
                int to = yAt + row * rowOutStep + col;
                if (accumulate) {
                    tilePlus(x, from, y, to, height, width);
                } else {
                    tile(x, from, y, to, height, width);
                }
            }
        }
    }

    /** Eight columns at a time, and what is left. */
    private void tile(float[] x, int xAt, float[] y, int yAt, int height, int width) {
        int col = 0;
        for (; col + 8 <= width; col += 8) {
            eightColumns(x, xAt + col * colInStep, colInStep, y, yAt + col, rowOutStep, height);
        }
        rest(x, xAt + col * colInStep, y, yAt + col, height, width - col);
    }

    /**
     * Eight streams that are read in steps of 1 need no range check in the loop, and eight neighbours that are written need two.
     */
    private static void eightColumns(float[] x, int xAt, int inStep, float[] y, int yAt, int outStep, int height) {
        int b = xAt + inStep;
        int c = b + inStep;
        int d = c + inStep;
        int e = d + inStep;
        int f = e + inStep;
        int g = f + inStep;
        int h = g + inStep;
        for (int row = 0; row < height; row++) {
            int to = yAt + row * outStep;
            y[to] = x[xAt + row];
            y[to + 1] = x[b + row];
            y[to + 2] = x[c + row];
            y[to + 3] = x[d + row];
            y[to + 4] = x[e + row];
            y[to + 5] = x[f + row];
            y[to + 6] = x[g + row];
            y[to + 7] = x[h + row];
        }
    }

    /** The planes of a picture's colours to its pixels: constant steps, so that no range check is left. */
    private static void joinThree(float[] x, int xAt, int inStep, float[] y, int yAt, int pixels) {
        int b = xAt + inStep;
        int c = b + inStep;
        for (int i = 0; i < pixels; i++) {
            y[yAt + 3 * i] = x[xAt + i];
            y[yAt + 3 * i + 1] = x[b + i];
            y[yAt + 3 * i + 2] = x[c + i];
        }
    }

    /** And back. */
    private static void splitThree(float[] x, int xAt, float[] y, int yAt, int outStep, int pixels) {
        int b = yAt + outStep;
        int c = b + outStep;
        for (int i = 0; i < pixels; i++) {
            y[yAt + i] = x[xAt + 3 * i];
            y[b + i] = x[xAt + 3 * i + 1];
            y[c + i] = x[xAt + 3 * i + 2];
        }
    }

    /** One by one, the longer side inside. */
    private void rest(float[] x, int xAt, float[] y, int yAt, int height, int width) {
        int inStep = colInStep;
        int outStep = rowOutStep;
        if (width >= height) {
            for (int row = 0; row < height; row++) {
                int from = xAt + row;
                int to = yAt + row * outStep;
                for (int col = 0; col < width; col++) {
                    y[to + col] = x[from + col * inStep];
                }
            }
        } else {
            for (int col = 0; col < width; col++) {
                int from = xAt + col * inStep;
                int to = yAt + col;
                for (int row = 0; row < height; row++) {
                    y[to + row * outStep] = x[from + row];
                }
            }
        }
    }

    private void tilePlus(float[] x, int xAt, float[] y, int yAt, int height, int width) {
        for (int row = 0; row < height; row++) {
            for (int col = 0; col < width; col++) {
                y[yAt + row * rowOutStep + col] += x[xAt + row + col * colInStep];
            }
        }
    }

    /** Sizes and order: {@code Permutation [3, 4, 5] by [2, 0, 1]}. */
    @Override
    public String toString() {
        return "Permutation " + Arrays.toString(dims) + " by " + Arrays.toString(axes);
    }
}
