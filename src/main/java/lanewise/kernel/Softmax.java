package lanewise.kernel;

import lanewise.internal.eltwise.RowSoftmax;

/**
 * Softmax over the rows of a matrix,
 *
 * <pre>y[row][c] = e^x[row][c] / sum over k of e^x[row][k]</pre>
 *
 * <p>The row's largest element is subtracted first, so nothing overflows. An element of -infinity gives 0, as in a mask. A row that
 * holds NaN or +infinity, or nothing but -infinity, has no softmax: all of it becomes NaN. The relative error is below
 * {@code (8 + (max - x) / 2)} ulp plus that of summing, {@code 72} ulp at the very most and about 1 in practice.
 *
 * <p>
 * Shapes: all {@code float[rows*cols]} from their offsets. Inputs are not modified; an output may be exactly the range of an input,
 * but not overlap it otherwise. No rows or no columns: nothing happens. Any number of threads may call, on outputs that do not
 * overlap. Nothing is allocated.
 */
public final class Softmax {

    private Softmax() {}

    /**
     * {@code y = softmax(x)}, row by row.
     *
     * @throws IllegalArgumentException if a size is negative, the matrix would not fit an array, or x and y overlap in part
     * @throws IndexOutOfBoundsException if a matrix leaves its array
     */
    public static void forward(float[] x, int xOffset, float[] y, int yOffset, int rows, int cols) {
        Ranges.map(x, xOffset, y, yOffset, Ranges.matrix(rows, cols, "rows", "cols", "x"));
        for (int row = 0; row < rows; row++) {
            RowSoftmax.forward(x, xOffset + row * cols, y, yOffset + row * cols, cols);
        }
    }

    /**
     * {@code dx[row][c] = y[row][c] (dy[row][c] - sum over k of y[row][k] dy[row][k])}, from y.
     *
     * @throws IllegalArgumentException if a size is negative, the matrix would not fit an array, or dx overlaps y or dy in part
     * @throws IndexOutOfBoundsException if a matrix leaves its array
     */
    public static void gradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int rows, int cols,
                                 WriteMode mode) {
        int length = Ranges.matrix(rows, cols, "rows", "cols", "dx");
        boolean accumulate = Ranges.gradInput(y, yOffset, "y", dy, dyOffset, dx, dxOffset, length, mode);
        for (int row = 0; row < rows; row++) {
            int at = row * cols;
            RowSoftmax.gradInput(y, yOffset + at, dy, dyOffset + at, dx, dxOffset + at, cols, accumulate);
        }
    }
}
