package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.eltwise.ChannelSums;
import lanewise.internal.eltwise.Extremes;
import lanewise.internal.eltwise.Sums;

/**
 * Sums, means, extremes and moments: of a range, of each row of a matrix, or of each channel (column) over the rows,
 *
 * <pre>sum           = x[0] + ... + x[length - 1]
 * y[row]        = x[row][0] + ... + x[row][cols - 1]          ...PerRow
 * y[c]          = x[0][c] + ... + x[rows - 1][c]              ...PerChannel</pre>
 *
 * <p>Shapes: {@code x float[length]}, {@code float[rows*cols]} or {@code float[rows*channels]} from their offsets. Inputs are not
 * modified. Outputs are overwritten or follow their {@link WriteMode}, and must not overlap an input.
 *
 * <p>Sums are taken in blocks and in a fixed order that depends on the sizes and (except per channel) the vector width alone. With
 * eps = 2^-24 the error is at most {@code 72 eps sum|x|}, however many terms there are; about 1 eps in practice. Partial sums are
 * floats, so beyond 3e38 they are infinite. NaN and infinity have the effect they have in a loop. The sum of nothing is 0, its mean
 * NaN.
 *
 * <p>Any number of threads may call, on outputs that do not overlap. Nothing is allocated.
 *
 * <p>All methods throw {@link NullPointerException} if an array or mode is null, {@link IllegalArgumentException} if a size is
 * negative, a matrix would not fit an array, or ranges overlap, and {@link IndexOutOfBoundsException} if a range leaves its array.
 */
public final class Reduce {

    /** A reduction of a range of floats to one. */
    private interface Reduction {
        float of(float[] x, int offset, int length);
    }

    private Reduce() {}

    /** {@code sum x}. */
    public static float sum(float[] x, int xOffset, int length) {
        Ranges.of(x, xOffset, length, "x");
        return (float) Sums.sum(x, xOffset, length);
    }

    /** {@code 1/length sum x}. */
    public static float mean(float[] x, int xOffset, int length) {
        Ranges.of(x, xOffset, length, "x");
        return (float) (Sums.sum(x, xOffset, length) / length);
    }

    /** {@code sum x^2}. */
    public static float sumOfSquares(float[] x, int xOffset, int length) {
        Ranges.of(x, xOffset, length, "x");
        return (float) Sums.dot(x, xOffset, x, xOffset, length);
    }

    /** The largest element, NaN if there is one; -infinity if there is none. */
    public static float max(float[] x, int xOffset, int length) {
        Ranges.of(x, xOffset, length, "x");
        return Extremes.max(x, xOffset, length);
    }

    /** The smallest element, NaN if there is one; +infinity if there is none. */
    public static float min(float[] x, int xOffset, int length) {
        Ranges.of(x, xOffset, length, "x");
        return Extremes.min(x, xOffset, length);
    }

    /** {@code sum a b}; the bound on the error holds with {@code sum|a b|}. */
    public static float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
        Ranges.of(a, aOffset, length, "a");
        Checks.range(b, bOffset, length, "b");
        return (float) Sums.dot(a, aOffset, b, bOffset, length);
    }

    /**
     * The index, from {@code xOffset} on, of the first NaN if there is one, else of the first of the largest elements, where 0 and
     * -0 are equal; -1 if length is 0.
     */
    public static int argMax(float[] x, int xOffset, int length) {
        Ranges.of(x, xOffset, length, "x");
        return Extremes.argMax(x, xOffset, length);
    }

    /** {@code y[row] = sum(x[row])}. */
    public static void sumPerRow(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset) {
        perRow(Reduce::sum, x, xOffset, rows, cols, y, yOffset);
    }

    /** {@code y[row] = mean(x[row])}. */
    public static void meanPerRow(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset) {
        perRow(Reduce::mean, x, xOffset, rows, cols, y, yOffset);
    }

    /** {@code y[row] = sumOfSquares(x[row])}. */
    public static void sumOfSquaresPerRow(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset) {
        perRow(Reduce::sumOfSquares, x, xOffset, rows, cols, y, yOffset);
    }

    /** {@code y[row] = max(x[row])}. */
    public static void maxPerRow(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset) {
        perRow(Reduce::max, x, xOffset, rows, cols, y, yOffset);
    }

    /** {@code y[row] = min(x[row])}. */
    public static void minPerRow(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset) {
        perRow(Reduce::min, x, xOffset, rows, cols, y, yOffset);
    }

    private static void perRow(Reduction reduction, float[] x, int xOffset, int rows, int cols, float[] y, int yOffset) {
        int length = Ranges.matrix(rows, cols, "rows", "cols", "x");
        Ranges.of(x, xOffset, length, "x");
        Checks.range(y, yOffset, rows, "y");
        Checks.disjoint(x, xOffset, length, "x", y, yOffset, rows, "y");
        for (int row = 0; row < rows; row++) {
            y[yOffset + row] = reduction.of(x, xOffset + row * cols, cols);
        }
    }

    /** {@code y[row] = dot(a[row], b[row])}. */
    public static void dotPerRow(float[] a, int aOffset, float[] b, int bOffset, int rows, int cols, float[] y, int yOffset) {
        int length = Ranges.matrix(rows, cols, "rows", "cols", "a");
        Ranges.of(y, yOffset, rows, "y");
        Checks.range(a, aOffset, length, "a");
        Checks.range(b, bOffset, length, "b");
        Checks.disjoint(a, aOffset, length, "a", y, yOffset, rows, "y");
        Checks.disjoint(b, bOffset, length, "b", y, yOffset, rows, "y");
        for (int row = 0; row < rows; row++) {
            y[yOffset + row] = (float) Sums.dot(a, aOffset + row * cols, b, bOffset + row * cols, cols);
        }
    }

    /** {@code y[row] = argMax(x[row])}, the column. */
    public static void argMaxPerRow(float[] x, int xOffset, int rows, int cols, int[] y, int yOffset) {
        Ranges.of(x, xOffset, Ranges.matrix(rows, cols, "rows", "cols", "x"), "x");
        Checks.range(y, yOffset, rows, "y");
        for (int row = 0; row < rows; row++) {
            y[yOffset + row] = Extremes.argMax(x, xOffset + row * cols, cols);
        }
    }

    /** {@code y[c] = sum over rows of x[row][c]}, or {@code +=}: the gradient of a bias. */
    public static void sumPerChannel(float[] x, int xOffset, int rows, int channels, float[] y, int yOffset, WriteMode mode) {
        checkPerChannel(x, xOffset, rows, channels, y, yOffset, "y");
        ChannelSums.sum(x, xOffset, rows, channels, y, yOffset, Ranges.accumulate(mode));
    }

    /** {@code y[c] = 1/rows sum over rows of x[row][c]}. */
    public static void meanPerChannel(float[] x, int xOffset, int rows, int channels, float[] y, int yOffset) {
        checkPerChannel(x, xOffset, rows, channels, y, yOffset, "y");
        ChannelSums.mean(x, xOffset, rows, channels, y, yOffset);
    }

    /**
     * The mean and the (population) variance of each channel over the rows, in two passes,
     *
     * <pre>mean[c]     = 1/rows sum over rows of x[row][c]
     * variance[c] = 1/rows sum over rows of (x[row][c] - mean[c])^2</pre>
     *
     * <p>The variance has a relative error of at most {@code 76 eps}, and the square of the mean's error on top.
     *
     * @param mean {@code float[channels]}, overwritten
     * @param variance {@code float[channels]}, overwritten
     */
    public static void momentsPerChannel(float[] x, int xOffset, int rows, int channels, float[] mean, int meanOffset,
                                         float[] variance, int varianceOffset) {
        checkPerChannel(x, xOffset, rows, channels, mean, meanOffset, "mean");
        checkPerChannel(x, xOffset, rows, channels, variance, varianceOffset, "variance");
        Checks.disjoint(mean, meanOffset, channels, "mean", variance, varianceOffset, channels, "variance");
        ChannelSums.mean(x, xOffset, rows, channels, mean, meanOffset);
        ChannelSums.variance(x, xOffset, rows, channels, mean, meanOffset, variance, varianceOffset);
    }

    private static void checkPerChannel(float[] x, int xOffset, int rows, int channels, float[] y, int yOffset, String yName) {
        int length = Ranges.matrix(rows, channels, "rows", "channels", "x");
        Ranges.of(y, yOffset, channels, yName);
        Checks.range(x, xOffset, length, "x");
        Checks.disjoint(x, xOffset, length, "x", y, yOffset, channels, yName);
    }
}
