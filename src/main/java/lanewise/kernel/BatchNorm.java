package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.eltwise.ChannelNorm;
import lanewise.internal.eltwise.ChannelNormGrad;
import lanewise.internal.eltwise.ChannelNormSums;
import lanewise.internal.eltwise.ChannelScale;

/**
 * Normalisation of each channel by given moments, those of the batch or others, and its gradients,
 *
 * <pre>
 * xhat            = (x[row][c] - mean[c]) / sqrt(variance[c] + epsilon)
 * forward           y[row][c] = gamma[c] xhat + beta[c]
 * gradParameters    dgamma[c] (+)= sum over rows of dy xhat,   dbeta[c] (+)= sum over rows of dy
 * gradInput         dx (+)= gamma / sqrt(variance + epsilon) (dy - sumDy / rows - xhat sumDyXhat / rows)
 * gradInputFrozen   dx (+)= gamma / sqrt(variance + epsilon) dy
 * </pre>
 *
 * <p>{@code gradParametersRelu} and {@code gradInputRelu} are these gradients of {@code relu(y)}: dy is that of the ReLU's output, and
 * counts as 0 where y is 0 or less. y is computed again from x, so neither it nor the ReLU's own gradient is an array.
 *
 * <p>In training the moments are the batch's own, from {@link Reduce#momentsPerChannel}, and {@code gradInput} takes into account
 * that they move with x. With moments that do not, such as running ones, {@code gradInputFrozen} is the gradient.
 *
 * <p>Shapes: {@code x, y, dx, dy float[rows*channels]} with {@code rows = N*H*W}, all others {@code float[channels]}, from their
 * offsets. Inputs are not modified. {@code y} may be exactly the range of x, and {@code dx} that of dy or x; otherwise an output must
 * not overlap another argument. No rows: the gradients of gamma and beta are 0, nothing else is written. The sums are taken as in
 * {@link Reduce}, with the same bound on their error. NaN and infinity have the effect they have in a loop. Any number of threads may
 * call, on outputs that do not overlap. Nothing is allocated.
 *
 * <p>All methods throw {@link NullPointerException} if an array or mode is null, {@link IllegalArgumentException} if a size or
 * {@code epsilon} is negative, epsilon is not finite, a matrix would not fit an array, or ranges overlap, and
 * {@link IndexOutOfBoundsException} if a range leaves its array.
 *
 * <p><i>Source:</i> S. Ioffe and C. Szegedy, Batch Normalization, arXiv 1502.03167.
 */
public final class BatchNorm {

    private BatchNorm() {}

    /**
     * {@code y = gamma (x - mean) / sqrt(variance + epsilon) + beta}.
     *
     * @param y overwritten; old contents may be NaN
     */
    public static void forward(float[] x, int xOffset, int rows, int channels, float[] mean, int meanOffset,
                               float[] variance, int varianceOffset, float epsilon, float[] gamma, int gammaOffset,
                               float[] beta, int betaOffset, float[] y, int yOffset) {
        int length = Ranges.matrix(rows, channels, "rows", "channels", "x");
        Ranges.epsilon(epsilon);
        Ranges.map(x, xOffset, y, yOffset, length);
        Ranges.apart(mean, meanOffset, channels, "mean", y, yOffset, length, "y");
        Ranges.apart(variance, varianceOffset, channels, "variance", y, yOffset, length, "y");
        Ranges.apart(gamma, gammaOffset, channels, "gamma", y, yOffset, length, "y");
        Ranges.apart(beta, betaOffset, channels, "beta", y, yOffset, length, "y");
        ChannelNorm.forward(x, xOffset, rows, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                gamma, gammaOffset, beta, betaOffset, y, yOffset);
    }

    /**
     * {@code dgamma (+)= sum dy (x - mean) / sqrt(variance + epsilon)} and {@code dbeta (+)= sum dy}, for each channel.
     *
     * @param dgamma overwritten or added to
     * @param dbeta overwritten or added to
     */
    public static void gradParameters(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int channels,
                                      float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                      float[] dgamma, int dgammaOffset, float[] dbeta, int dbetaOffset, WriteMode mode) {
        checkParameters(x, xOffset, dy, dyOffset, rows, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                dgamma, dgammaOffset, dbeta, dbetaOffset);
        ChannelNormSums.gradParameters(x, xOffset, dy, dyOffset, rows, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                null, 0, null, 0, dgamma, dgammaOffset, dbeta, dbetaOffset, Ranges.accumulate(mode));
    }

    /**
     * {@link #gradParameters} of {@code relu(y)}: dy counts as 0 where y, computed again from x with gamma and beta, is 0 or less.
     *
     * @param dy the gradient of {@code relu(y)}, {@code rows channels} floats, not modified
     * @param gamma {@code channels} floats, as are beta, dgamma and dbeta
     * @throws IndexOutOfBoundsException as {@link #gradParameters}, or if gamma or beta lies outside its array
     * @throws IllegalArgumentException as {@link #gradParameters}, or if gamma or beta meets an output
     */
    public static void gradParametersRelu(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int channels,
                                          float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                          float[] gamma, int gammaOffset, float[] beta, int betaOffset,
                                          float[] dgamma, int dgammaOffset, float[] dbeta, int dbetaOffset, WriteMode mode) {
        checkParameters(x, xOffset, dy, dyOffset, rows, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                dgamma, dgammaOffset, dbeta, dbetaOffset);
        sumInput(gamma, gammaOffset, channels, "gamma", dgamma, dgammaOffset, dbeta, dbetaOffset, channels);
        sumInput(beta, betaOffset, channels, "beta", dgamma, dgammaOffset, dbeta, dbetaOffset, channels);
        ChannelNormSums.gradParameters(x, xOffset, dy, dyOffset, rows, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                gamma, gammaOffset, beta, betaOffset, dgamma, dgammaOffset, dbeta, dbetaOffset, Ranges.accumulate(mode));
    }

    private static void checkParameters(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int channels,
                                        float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                        float[] dgamma, int dgammaOffset, float[] dbeta, int dbetaOffset) {
        int length = Ranges.matrix(rows, channels, "rows", "channels", "x");
        Ranges.epsilon(epsilon);
        Ranges.of(dgamma, dgammaOffset, channels, "dgamma");
        Checks.range(dbeta, dbetaOffset, channels, "dbeta");
        Checks.disjoint(dgamma, dgammaOffset, channels, "dgamma", dbeta, dbetaOffset, channels, "dbeta");
        sumInput(x, xOffset, length, "x", dgamma, dgammaOffset, dbeta, dbetaOffset, channels);
        sumInput(dy, dyOffset, length, "dy", dgamma, dgammaOffset, dbeta, dbetaOffset, channels);
        sumInput(mean, meanOffset, channels, "mean", dgamma, dgammaOffset, dbeta, dbetaOffset, channels);
        sumInput(variance, varianceOffset, channels, "variance", dgamma, dgammaOffset, dbeta, dbetaOffset, channels);
    }

    private static void sumInput(float[] in, int offset, int length, String name, float[] dgamma, int dgammaOffset,
                                 float[] dbeta, int dbetaOffset, int channels) {
        Ranges.apart(in, offset, length, name, dgamma, dgammaOffset, channels, "dgamma");
        Ranges.apart(in, offset, length, name, dbeta, dbetaOffset, channels, "dbeta");
    }

    /**
     * The gradient through the batch's own moments, {@code dx (+)= gamma / sqrt(variance + epsilon) (dy - sumDy / rows - xhat
     * sumDyXhat / rows)}.
     *
     * @param sumDyXhat dgamma of this batch alone, from {@link #gradParameters} with {@link WriteMode#OVERWRITE}
     * @param sumDy its dbeta
     * @param dx overwritten or added to
     */
    public static void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int channels,
                                 float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                 float[] gamma, int gammaOffset, float[] sumDyXhat, int sumDyXhatOffset,
                                 float[] sumDy, int sumDyOffset, float[] dx, int dxOffset, WriteMode mode) {
        gradInput(x, xOffset, dy, dyOffset, rows, rows, channels, mean, meanOffset, variance, varianceOffset, epsilon, gamma, gammaOffset,
                sumDyXhat, sumDyXhatOffset, sumDy, sumDyOffset, dx, dxOffset, mode);
    }

    /**
     * The same for {@code rows} of the {@code all} rows that the sums are over: threads may take a range of rows each, to the same bits.
     *
     * @param all at least {@code rows}
     */
    public static void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int all, int channels,
                                 float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                 float[] gamma, int gammaOffset, float[] sumDyXhat, int sumDyXhatOffset,
                                 float[] sumDy, int sumDyOffset, float[] dx, int dxOffset, WriteMode mode) {
        boolean accumulate = checkInput(x, xOffset, dy, dyOffset, rows, all, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                gamma, gammaOffset, sumDyXhat, sumDyXhatOffset, sumDy, sumDyOffset, dx, dxOffset, mode);
        ChannelNormGrad.gradInput(x, xOffset, dy, dyOffset, rows, all, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                gamma, gammaOffset, null, 0, sumDyXhat, sumDyXhatOffset, sumDy, sumDyOffset, dx, dxOffset, accumulate);
    }

    /**
     * The gradient of {@code relu(y)} for {@code rows} of {@code all} rows, with the sums of {@link #gradParametersRelu}: dy counts as 0
     * where it does there.
     *
     * @param dy the gradient of {@code relu(y)}, {@code rows channels} floats, not modified
     * @param all at least {@code rows}
     * @param beta {@code channels} floats, as are gamma and the sums
     * @throws IndexOutOfBoundsException as {@link #gradInput}, or if beta lies outside its array
     * @throws IllegalArgumentException as {@link #gradInput}, or if beta meets dx
     */
    public static void gradInputRelu(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int all, int channels,
                                     float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                     float[] gamma, int gammaOffset, float[] beta, int betaOffset, float[] sumDyXhat, int sumDyXhatOffset,
                                     float[] sumDy, int sumDyOffset, float[] dx, int dxOffset, WriteMode mode) {
        boolean accumulate = checkInput(x, xOffset, dy, dyOffset, rows, all, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                gamma, gammaOffset, sumDyXhat, sumDyXhatOffset, sumDy, sumDyOffset, dx, dxOffset, mode);
        Ranges.apart(beta, betaOffset, channels, "beta", dx, dxOffset, rows * channels, "dx");
        ChannelNormGrad.gradInput(x, xOffset, dy, dyOffset, rows, all, channels, mean, meanOffset, variance, varianceOffset, epsilon,
                gamma, gammaOffset, beta, betaOffset, sumDyXhat, sumDyXhatOffset, sumDy, sumDyOffset, dx, dxOffset, accumulate);
    }

    private static boolean checkInput(float[] x, int xOffset, float[] dy, int dyOffset, int rows, int all, int channels,
                                      float[] mean, int meanOffset, float[] variance, int varianceOffset, float epsilon,
                                      float[] gamma, int gammaOffset, float[] sumDyXhat, int sumDyXhatOffset,
                                      float[] sumDy, int sumDyOffset, float[] dx, int dxOffset, WriteMode mode) {
        int length = Ranges.matrix(rows, channels, "rows", "channels", "dx");
        if (all < rows) {
            throw new IllegalArgumentException("all is " + all + ", must be at least the " + rows + " rows");
        }
        Ranges.epsilon(epsilon);
        boolean accumulate = Ranges.gradInput(x, xOffset, "x", dy, dyOffset, dx, dxOffset, length, mode);
        Ranges.apart(mean, meanOffset, channels, "mean", dx, dxOffset, length, "dx");
        Ranges.apart(variance, varianceOffset, channels, "variance", dx, dxOffset, length, "dx");
        Ranges.apart(gamma, gammaOffset, channels, "gamma", dx, dxOffset, length, "dx");
        Ranges.apart(sumDyXhat, sumDyXhatOffset, channels, "sumDyXhat", dx, dxOffset, length, "dx");
        Ranges.apart(sumDy, sumDyOffset, channels, "sumDy", dx, dxOffset, length, "dx");
        return accumulate;
    }

    /**
     * The gradient with fixed moments, {@code dx (+)= gamma / sqrt(variance + epsilon) dy}.
     *
     * @param dx overwritten or added to
     */
    public static void gradInputFrozen(float[] dy, int dyOffset, int rows, int channels, float[] variance, int varianceOffset,
                                       float epsilon, float[] gamma, int gammaOffset, float[] dx, int dxOffset, WriteMode mode) {
        int length = Ranges.matrix(rows, channels, "rows", "channels", "dx");
        Ranges.epsilon(epsilon);
        boolean accumulate = Ranges.gradInput(dy, dyOffset, "dy", dy, dyOffset, dx, dxOffset, length, mode);
        Ranges.apart(variance, varianceOffset, channels, "variance", dx, dxOffset, length, "dx");
        Ranges.apart(gamma, gammaOffset, channels, "gamma", dx, dxOffset, length, "dx");
        ChannelScale.gradInput(dy, dyOffset, rows, channels, variance, varianceOffset, epsilon, gamma, gammaOffset,
                dx, dxOffset, accumulate);
    }
}
