package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.eltwise.ChannelNorm;
import lanewise.internal.eltwise.ChannelNormGrad;
import lanewise.internal.eltwise.ChannelNormSums;
import lanewise.internal.eltwise.ChannelScale;
import lanewise.internal.eltwise.ChannelSums;

/**
 * Normalisation of each example by the moments of groups of neighbouring channels, and its gradients,
 *
 * <pre>
 * mean, variance     over all places and the channels of one group, of one example
 * xhat             = (x - mean) / sqrt(variance + epsilon)
 * forward            y = gamma[c] xhat + beta[c]
 * sums               sumDyXhat[n,c] = sum over places of dy xhat,   sumDy[n,c] = sum over places of dy
 * gradInput          dx (+)= (g - mean of g - xhat (mean of g xhat)) / sqrt(variance + epsilon),   g = dy gamma, means over the group
 * </pre>
 *
 * <p>With as many groups as channels it is instance normalisation. The gradients of gamma and beta are the sums over the examples.
 * The moments are taken in two passes, with the error of {@link Reduce#momentsPerChannel}.
 *
 * <p>Shapes: {@code x, y, dx, dy float[n*places*channels]}, {@code gamma, beta float[channels]}, {@code mean, variance, sumDyXhat, sumDy
 * float[n*channels]}, where the channels of a group hold the same mean and the same variance. Inputs are not modified unless it says
 * so. {@code y} may be exactly the range of x; otherwise an output must not overlap another argument.
 *
 * <p>A plan is immutable and may be shared by threads. Nothing is allocated by a call.
 *
 * <p><i>Source:</i> Wu and He, "Group Normalization", arXiv 1803.08494; Ulyanov, Vedaldi and Lempitsky, arXiv 1607.08022.
 */
public final class GroupNormPlan {

    private final int n;
    private final int places;
    private final int channels;
    private final int groups;
    private final float epsilon;
    private final int size;
    private final int length;
    private final int moments;
    private final float[] ones;

    /**
     * A plan for {@code n} examples.
     *
     * @param places of each example, each of {@code channels}
     * @param groups divides channels
     * @throws IllegalArgumentException if a size is below 1, groups does not divide channels, the array would be too long, or epsilon is
     *     negative or not finite
     */
    public GroupNormPlan(int n, int places, int channels, int groups, float epsilon) {
        VectorModule.require();
        this.n = Checks.atLeast(n, 1, "n");
        this.places = Checks.atLeast(places, 1, "places");
        this.channels = Checks.atLeast(channels, 1, "channels");
        this.groups = Checks.atLeast(groups, 1, "groups");
        if (channels % groups != 0) {
            throw new IllegalArgumentException("groups is " + groups + ", must divide the " + channels + " channels");
        }
        Ranges.epsilon(epsilon);
        this.epsilon = epsilon;
        length = Checks.product("x", n, places, channels);
        size = places * channels;
        moments = n * channels;
        ones = new float[channels];
        Arrays.fill(ones, 1);
    }

    /** Elements of x. */
    public int length() {
        return length;
    }

    /** Elements of mean, variance and the sums. */
    public int moments() {
        return moments;
    }

    /**
     * {@code y = gamma xhat + beta}, and the moments.
     *
     * @param y overwritten; old contents may be NaN
     * @param mean overwritten
     * @param variance overwritten
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if ranges overlap that must not
     */
    public void forward(float[] x, int xOffset, float[] gamma, int gammaOffset, float[] beta, int betaOffset, float[] y, int yOffset,
                        float[] mean, int meanOffset, float[] variance, int varianceOffset) {
        Ranges.map(x, xOffset, y, yOffset, length);
        Ranges.apart(gamma, gammaOffset, channels, "gamma", y, yOffset, length, "y");
        Ranges.apart(beta, betaOffset, channels, "beta", y, yOffset, length, "y");
        apartFromMoments(mean, meanOffset, "mean", variance, varianceOffset, "variance", x, xOffset, length, "x");
        apartFromMoments(mean, meanOffset, "mean", variance, varianceOffset, "variance", y, yOffset, length, "y");
        Checks.disjoint(mean, meanOffset, moments, "mean", variance, varianceOffset, moments, "variance");
        for (int i = 0; i < n; i++) {
            int at = xOffset + i * size;
            int m = meanOffset + i * channels;
            int v = varianceOffset + i * channels;
            ChannelSums.mean(x, at, places, channels, mean, m);
            average(mean, m);
            ChannelSums.variance(x, at, places, channels, mean, m, variance, v);
            average(variance, v);
            ChannelNorm.forward(x, at, places, channels, mean, m, variance, v, epsilon, gamma, gammaOffset, beta, betaOffset,
                    y, yOffset + i * size);
        }
    }

    /** Replaces what the channels of a group hold by their mean. */
    private void average(float[] values, int offset) {
        int width = channels / groups;
        for (int from = offset; width > 1 && from < offset + channels; from += width) {
            double sum = 0;
            for (int c = from; c < from + width; c++) {
                sum += values[c];
            }
            Arrays.fill(values, from, from + width, (float) (sum / width));
        }
    }

    /**
     * The sums over the places of each example and channel.
     *
     * @param mean as {@link #forward} wrote it
     * @param variance as {@link #forward} wrote it
     * @param sumDyXhat overwritten
     * @param sumDy overwritten
     */
    public void sums(float[] x, int xOffset, float[] dy, int dyOffset, float[] mean, int meanOffset, float[] variance, int varianceOffset,
                     float[] sumDyXhat, int sumDyXhatOffset, float[] sumDy, int sumDyOffset) {
        checkSums(x, xOffset, dy, dyOffset, mean, meanOffset, variance, varianceOffset, sumDyXhat, sumDyXhatOffset, sumDy, sumDyOffset);
        for (int i = 0; i < n; i++) {
            int own = i * channels;
            ChannelNormSums.gradParameters(x, xOffset + i * size, dy, dyOffset + i * size, places, channels,
                    mean, meanOffset + own, variance, varianceOffset + own, epsilon, null, 0, null, 0,
                    sumDyXhat, sumDyXhatOffset + own, sumDy, sumDyOffset + own, false);
        }
    }

    /**
     * The gradient by x.
     *
     * @param dy overwritten with {@code dy gamma} if groups are wider than a channel
     * @param mean as {@link #forward} wrote it
     * @param variance as {@link #forward} wrote it
     * @param sumDyXhat as {@link #sums} wrote it; overwritten
     * @param sumDy as {@link #sums} wrote it; overwritten
     * @param dx overwritten or added to
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if a range that is written meets another one
     */
    public void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] gamma, int gammaOffset, float[] mean, int meanOffset,
                          float[] variance, int varianceOffset, float[] sumDyXhat, int sumDyXhatOffset, float[] sumDy, int sumDyOffset,
                          float[] dx, int dxOffset, WriteMode mode) {
        boolean accumulate = Ranges.accumulate(mode);
        Ranges.apart(x, xOffset, length, "x", dx, dxOffset, length, "dx");
        Ranges.apart(dy, dyOffset, length, "dy", dx, dxOffset, length, "dx");
        Ranges.apart(x, xOffset, length, "x", dy, dyOffset, length, "dy");
        Ranges.apart(gamma, gammaOffset, channels, "gamma", dx, dxOffset, length, "dx");
        apartFromMoments(mean, meanOffset, "mean", variance, varianceOffset, "variance", dx, dxOffset, length, "dx");
        apartFromMoments(sumDyXhat, sumDyXhatOffset, "sumDyXhat", sumDy, sumDyOffset, "sumDy", dx, dxOffset, length, "dx");
        checkSums(x, xOffset, dy, dyOffset, mean, meanOffset, variance, varianceOffset, sumDyXhat, sumDyXhatOffset, sumDy, sumDyOffset);
        apartFromMoments(sumDyXhat, sumDyXhatOffset, "sumDyXhat", sumDy, sumDyOffset, "sumDy", gamma, gammaOffset, channels, "gamma");
        apartFromMoments(mean, meanOffset, "mean", variance, varianceOffset, "variance", dy, dyOffset, length, "dy");
        Ranges.apart(gamma, gammaOffset, channels, "gamma", dy, dyOffset, length, "dy");
        boolean wide = groups < channels;
        if (wide) {
            ChannelScale.gradInput(dy, dyOffset, n * places, channels, ones, 0, 0, gamma, gammaOffset, dy, dyOffset, false);
        }
        for (int i = 0; i < n; i++) {
            int own = i * channels;
            if (wide) {
                averageScaled(sumDyXhat, sumDyXhatOffset + own, gamma, gammaOffset);
                averageScaled(sumDy, sumDyOffset + own, gamma, gammaOffset);
            }
            ChannelNormGrad.gradInput(x, xOffset + i * size, dy, dyOffset + i * size, places, places, channels,
                    mean, meanOffset + own, variance, varianceOffset + own, epsilon, wide ? ones : gamma, wide ? 0 : gammaOffset, null, 0,
                    sumDyXhat, sumDyXhatOffset + own, sumDy, sumDyOffset + own, dx, dxOffset + i * size, accumulate);
        }
    }

    /** Replaces the sums of a group's channels by the mean of {@code gamma} times them. */
    private void averageScaled(float[] sums, int offset, float[] gamma, int gammaOffset) {
        int width = channels / groups;
        for (int from = 0; from < channels; from += width) {
            double sum = 0;
            for (int c = from; c < from + width; c++) {
                sum += (double) sums[offset + c] * gamma[gammaOffset + c];
            }
            Arrays.fill(sums, offset + from, offset + from + width, (float) (sum / width));
        }
    }

    /** The sums are apart from each other, and from all that both passes read. */
    private void checkSums(float[] x, int xOffset, float[] dy, int dyOffset, float[] mean, int meanOffset, float[] variance,
                           int varianceOffset, float[] sumDyXhat, int sumDyXhatOffset, float[] sumDy, int sumDyOffset) {
        apartFromMoments(sumDyXhat, sumDyXhatOffset, "sumDyXhat", sumDy, sumDyOffset, "sumDy", x, xOffset, length, "x");
        apartFromMoments(sumDyXhat, sumDyXhatOffset, "sumDyXhat", sumDy, sumDyOffset, "sumDy", dy, dyOffset, length, "dy");
        apartFromMoments(sumDyXhat, sumDyXhatOffset, "sumDyXhat", sumDy, sumDyOffset, "sumDy", mean, meanOffset, moments, "mean");
        apartFromMoments(sumDyXhat, sumDyXhatOffset, "sumDyXhat", sumDy, sumDyOffset, "sumDy",
                variance, varianceOffset, moments, "variance");
        Checks.disjoint(sumDyXhat, sumDyXhatOffset, moments, "sumDyXhat", sumDy, sumDyOffset, moments, "sumDy");
    }

    private void apartFromMoments(float[] a, int aOffset, String aName, float[] b, int bOffset, String bName,
                                  float[] other, int otherOffset, int otherLength, String otherName) {
        Checks.range(a, aOffset, moments, aName);
        Checks.range(b, bOffset, moments, bName);
        Ranges.apart(other, otherOffset, otherLength, otherName, a, aOffset, moments, aName);
        Ranges.apart(other, otherOffset, otherLength, otherName, b, bOffset, moments, bName);
    }
}
