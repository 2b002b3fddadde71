package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.eltwise.RowNorm;
import lanewise.internal.eltwise.RowNormSums;
import lanewise.internal.eltwise.Sums;

/**
 * Normalisation of each row by its own moments, and its gradients,
 *
 * <pre>
 * mean[row]        = 1/cols sum over c of x[row][c]
 * inverse[row]     = 1 / sqrt(1/cols sum over c of (x[row][c] - mean[row])^2 + epsilon)
 * xhat             = (x[row][c] - mean[row]) inverse[row]
 * forward            y[row][c] = gamma[c] xhat + beta[c]
 * gradParameters     dgamma[c] (+)= sum over rows of dy xhat,   dbeta[c] (+)= sum over rows of dy
 * gradInput          dx (+)= inverse (g - mean of g - xhat (mean of g xhat)),   g = dy gamma, means along the row
 * </pre>
 *
 * <p>The moments are taken in two passes, as in {@link Reduce#momentsPerChannel}, and kept for the gradients.
 *
 * <p>Shapes: {@code x, y, dx, dy float[rows*cols]}, {@code gamma, beta, dgamma, dbeta float[cols]}, {@code mean, inverseDeviation
 * float[rows]}, from their offsets. Inputs are not modified. {@code y} may be exactly the range of x, and {@code dx} that of dy or x;
 * otherwise an output must not overlap another argument. The sums are taken as in {@link Reduce}, with the same bound on their error.
 * NaN and infinity have the effect they have in a loop. Any number of threads may call, on outputs that do not overlap. Nothing is
 * allocated.
 *
 * <p>All methods throw {@link NullPointerException} if an array or mode is null, {@link IllegalArgumentException} if a size or
 * {@code epsilon} is negative, epsilon is not finite, a matrix would not fit an array, or ranges overlap, and
 * {@link IndexOutOfBoundsException} if a range leaves its array.
 *
 * <p><i>Source:</i> J. L. Ba, J. R. Kiros and G. E. Hinton, Layer Normalization, arXiv 1607.06450.
 */
public final class LayerNorm {

    private LayerNorm() {}

    /**
     * {@code y = gamma (x - mean) inverse + beta}, and the moments.
     *
     * @param y overwritten; old contents may be NaN
     * @param mean {@code float[rows]}, overwritten
     * @param inverseDeviation {@code float[rows]}, overwritten
     */
    public static void forward(float[] x, int xOffset, int rows, int cols, float epsilon, float[] gamma, int gammaOffset,
                               float[] beta, int betaOffset, float[] y, int yOffset, float[] mean, int meanOffset,
                               float[] inverseDeviation, int inverseDeviationOffset) {
        int length = Ranges.matrix(rows, cols, "rows", "cols", "x");
        Ranges.epsilon(epsilon);
        Ranges.map(x, xOffset, y, yOffset, length);
        Ranges.apart(gamma, gammaOffset, cols, "gamma", y, yOffset, length, "y");
        Ranges.apart(beta, betaOffset, cols, "beta", y, yOffset, length, "y");
        moments(x, xOffset, length, "x", mean, meanOffset, inverseDeviation, inverseDeviationOffset, rows);
        moments(gamma, gammaOffset, cols, "gamma", mean, meanOffset, inverseDeviation, inverseDeviationOffset, rows);
        moments(beta, betaOffset, cols, "beta", mean, meanOffset, inverseDeviation, inverseDeviationOffset, rows);
        moments(y, yOffset, length, "y", mean, meanOffset, inverseDeviation, inverseDeviationOffset, rows);
        Checks.disjoint(mean, meanOffset, rows, "mean", inverseDeviation, inverseDeviationOffset, rows, "inverseDeviation");
        for (int row = 0; row < rows; row++) {
            int at = xOffset + row * cols;
            float m = (float) (Sums.sum(x, at, cols) / cols);
            float inverse = (float) (1 / Math.sqrt(RowNorm.squares(m, x, at, cols) / cols + epsilon));
            RowNorm.forward(m, inverse, x, at, gamma, gammaOffset, beta, betaOffset, y, yOffset + row * cols, cols);
            mean[meanOffset + row] = m;
            inverseDeviation[inverseDeviationOffset + row] = inverse;
        }
    }

    private static void moments(float[] other, int offset, int length, String name, float[] mean, int meanOffset,
                                float[] inverse, int inverseOffset, int rows) {
        Checks.range(mean, meanOffset, rows, "mean");
        Checks.range(inverse, inverseOffset, rows, "inverseDeviation");
        Checks.disjoint(mean, meanOffset, rows, "mean", other, offset, length, name);
        Checks.disjoint(inverse, inverseOffset, rows, "inverseDeviation", other, offset, length, name);
    }

    /**
     * {@code dgamma (+)= sum dy (x - mean) inverse} and {@code dbeta (+)= sum dy}, for each column.
     *
     * @param mean as {@link #forward} wrote it
     * @param inverseDeviation as {@link #forward} wrote it
     * @param dgamma overwritten or added to
     * @param dbeta overwritten or added to
     */
    public static void gradParameters(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int cols,
                                      float[] mean, int meanOffset, float[] inverseDeviation, int inverseDeviationOffset,
                                      float[] dgamma, int dgammaOffset, float[] dbeta, int dbetaOffset, WriteMode mode) {
        int length = Ranges.matrix(rows, cols, "rows", "cols", "x");
        Ranges.of(dgamma, dgammaOffset, cols, "dgamma");
        Checks.range(dbeta, dbetaOffset, cols, "dbeta");
        Checks.disjoint(dgamma, dgammaOffset, cols, "dgamma", dbeta, dbetaOffset, cols, "dbeta");
        Ranges.apart(x, xOffset, length, "x", dgamma, dgammaOffset, cols, "dgamma");
        Ranges.apart(x, xOffset, length, "x", dbeta, dbetaOffset, cols, "dbeta");
        Ranges.apart(dy, dyOffset, length, "dy", dgamma, dgammaOffset, cols, "dgamma");
        Ranges.apart(dy, dyOffset, length, "dy", dbeta, dbetaOffset, cols, "dbeta");
        moments(dgamma, dgammaOffset, cols, "dgamma", mean, meanOffset, inverseDeviation, inverseDeviationOffset, rows);
        moments(dbeta, dbetaOffset, cols, "dbeta", mean, meanOffset, inverseDeviation, inverseDeviationOffset, rows);
        RowNormSums.gradParameters(x, xOffset, dy, dyOffset, rows, cols, mean, meanOffset, inverseDeviation, inverseDeviationOffset,
                dgamma, dgammaOffset, dbeta, dbetaOffset, Ranges.accumulate(mode));
    }

    /**
     * {@code dx (+)= inverse (g - mean of g - xhat (mean of g xhat))}, with {@code g = dy gamma}, row by row.
     *
     * @param mean as {@link #forward} wrote it
     * @param inverseDeviation as {@link #forward} wrote it
     * @param dx overwritten or added to
     */
    public static void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int cols, float[] gamma, int gammaOffset,
                                 float[] mean, int meanOffset, float[] inverseDeviation, int inverseDeviationOffset,
                                 float[] dx, int dxOffset, WriteMode mode) {
        int length = Ranges.matrix(rows, cols, "rows", "cols", "dx");
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Ranges.apart(gamma, gammaOffset, cols, "gamma", dx, dxOffset, length, "dx");
        moments(dx, dxOffset, length, "dx", mean, meanOffset, inverseDeviation, inverseDeviationOffset, rows);
        for (int row = 0; row < rows; row++) {
            int at = row * cols;
            float m = mean[meanOffset + row];
            float inverse = inverseDeviation[inverseDeviationOffset + row];
            double sumDy = Sums.dot(dy, dyOffset + at, gamma, gammaOffset, cols);
            double sumDyXhat = inverse * RowNorm.dot(m, x, xOffset + at, dy, dyOffset + at, gamma, gammaOffset, cols);
            RowNorm.gradInput(m, inverse, (float) (sumDy / cols), (float) (inverse * sumDyXhat / cols), x, xOffset + at,
                    dy, dyOffset + at, gamma, gammaOffset, dx, dxOffset + at, cols, accumulate);
        }
    }
}
