package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import lanewise.oracle.Sums;

/**
 * Normalisation in double, with what bounds the rounding of the same in float. Elements that share their moments are a group: a channel
 * of the batch, the last sizes of one example, or some channels of one example. A sum of T terms takes no more than {@code K = min(T, 36) + 2}
 * roundings of EPS, see {@link lanewise.kernel.Reduce}; to first order the errors are at most
 *
 * <pre>
 * mean             dM = K EPS mean|x|
 * variance         dV = K EPS variance + dM^2
 * 1 / deviation    R  = dV / (2 (variance + epsilon)) + 1.5 EPS, of itself
 * xhat             dX = dM / deviation + |xhat| (R + EPS)
 * y                |weight| dX + EPS (|weight xhat| + |bias|)
 * by bias          K EPS sum|dy|
 * by weight        K EPS sum|dy xhat| + sum|dy| dX
 * by x, g = weight dy, A = mean|g|, B = mean|g xhat|, dB = (K + 2) EPS B + mean(|g| dX):
 *                  ((R + 4 EPS) (|g| + A + |xhat| B) + (K + 1) EPS A + dX B + |xhat| dB) / deviation
 * </pre>
 *
 * <p>If the moments are given, dM, dV, A, B and dB are 0. Gradients are central differences. Along one x the third derivative of xhat
 * is at most 18 / deviation^3, so that of a group they are off by {@code 3 STEP^2 sum|g| / deviation^3}, and by the rounding of y in
 * double over the step.
 */
final class NormOracle {

    private static final double STEP = 0x1p-16;

    /** Numbers and how far floats may lie from them. */
    record Bounded(double[] value, double[] tolerance) {

        static Bounded of(int length) {
            return new Bounded(new double[length], new double[length]);
        }

        boolean isZero() {
            return Arrays.stream(value).allMatch(v -> v == 0);
        }

        Bounded plus(Bounded other) {
            Bounded sum = of(value.length);
            for (int i = 0; i < value.length; i++) {
                sum.value[i] = value[i] + other.value[i];
                sum.tolerance[i] = tolerance[i] + other.tolerance[i] + Sums.EPS * Math.abs(sum.value[i]);
            }
            return sum;
        }

        /** Compares with {@code actual} from {@code offset} on. */
        void assertClose(float[] actual, int offset, Object what) {
            assertTrue(value.length > 0 && actual.length >= offset + value.length, () -> what + ": elements");
            double slack = Arrays.stream(tolerance).sum();
            assertTrue(isZero() || slack < Arrays.stream(value).map(Math::abs).sum() / 100, () -> what + " tests nothing");
            for (int i = 0; i < value.length; i++) {
                if (!(Math.abs(actual[offset + i] - value[i]) <= tolerance[i])) {
                    fail("%s: element %d is %s, must be %s +- %s".formatted(what, i, actual[offset + i], value[i], tolerance[i]));
                }
            }
        }
    }

    private final Sharing sharing;
    private final int channels;
    private final double epsilon;
    private final double[] weight;
    private final double[] bias;
    private final double[] givenMean;
    private final double[] givenVariance;

    private NormOracle(Sharing sharing, double epsilon, float[] weight, float[] bias, double[] givenMean, double[] givenVariance) {
        this.sharing = sharing;
        this.channels = weight.length;
        this.epsilon = epsilon;
        this.weight = OneLayer.doubles(weight);
        this.bias = OneLayer.doubles(bias);
        this.givenMean = givenMean;
        this.givenVariance = givenVariance;
    }

    /**
     * Which elements share their moments.
     *
     * @param group the group of an element
     * @param count the number of groups among so many elements
     */
    record Sharing(IntUnaryOperator group, IntUnaryOperator count) {

        static Sharing perChannel(int channels) {
            return new Sharing(i -> i % channels, length -> channels);
        }

        /** So many neighbours. */
        static Sharing perBlock(int size) {
            return new Sharing(i -> i / size, length -> length / size);
        }

        /** The channels of each example in groups. */
        static Sharing perGroup(Shape example, int groups) {
            int width = example.channels() / groups;
            return new Sharing(i -> i / example.size() * groups + i % example.channels() / width,
                    length -> length / example.size() * groups);
        }
    }

    /** By the moments of what shares them. */
    static NormOracle ofOwnMoments(Sharing sharing, float epsilon, float[] weight, float[] bias) {
        return new NormOracle(sharing, epsilon, weight, bias, null, null);
    }

    /** By these moments of the channels. */
    static NormOracle ofMoments(float epsilon, float[] weight, float[] bias, float[] mean, float[] variance) {
        return new NormOracle(Sharing.perChannel(weight.length), epsilon, weight, bias, OneLayer.doubles(mean), OneLayer.doubles(variance));
    }

    /** The moments of all groups of one input and the errors they are allowed. */
    private final class Groups {
        final double size;
        final double roundings;
        final Bounded mean;
        final Bounded variance;
        final double[] magnitude;

        Groups(double[] x) {
            int count = sharing.count().applyAsInt(x.length);
            size = x.length / (double) count;
            roundings = (Math.min(size, 36) + 2) * Sums.EPS;
            mean = Bounded.of(count);
            variance = Bounded.of(count);
            magnitude = new double[count];
            for (int i = 0; i < x.length; i++) {
                mean.value[group(i)] += x[i] / size;
                magnitude[group(i)] += Math.abs(x[i]) / size;
            }
            for (int i = 0; i < x.length; i++) {
                variance.value[group(i)] += Math.pow(x[i] - mean.value[group(i)], 2) / size;
            }
            if (givenMean != null) {
                System.arraycopy(givenMean, 0, mean.value, 0, count);
                System.arraycopy(givenVariance, 0, variance.value, 0, count);
                return;
            }
            for (int g = 0; g < count; g++) {
                mean.tolerance[g] = roundings * magnitude[g];
                variance.tolerance[g] = roundings * variance.value[g] + mean.tolerance[g] * mean.tolerance[g];
            }
        }

        double deviation(int i) {
            return Math.sqrt(variance.value[group(i)] + epsilon);
        }

        double xhat(double[] x, int i) {
            return (x[i] - mean.value[group(i)]) / deviation(i);
        }

        double deviationError(int i) {
            return variance.tolerance[group(i)] / (2 * (variance.value[group(i)] + epsilon)) + 1.5 * Sums.EPS;
        }

        double xhatError(double[] x, int i) {
            return mean.tolerance[group(i)] / deviation(i) + Math.abs(xhat(x, i)) * (deviationError(i) + Sums.EPS);
        }

        /** Of y in double, over the step. */
        double differenceError(double[] x, int i) {
            double shift = Math.abs(mean.value[group(i)]) + magnitude[group(i)];
            double size1 = Math.abs(weight[i % channels]) * (Math.abs(x[i]) + shift) / deviation(i) + Math.abs(bias[i % channels]);
            return (size + 8) * Math.ulp(1.0) * size1 / STEP;
        }
    }

    private int group(int i) {
        return sharing.group().applyAsInt(i);
    }

    Bounded mean(double[] x) {
        return new Groups(x).mean;
    }

    /** The population variance. */
    Bounded variance(double[] x) {
        return new Groups(x).variance;
    }

    private double[] y(double[] x) {
        Groups groups = new Groups(x);
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = weight[i % channels] * groups.xhat(x, i) + bias[i % channels];
        }
        return y;
    }

    Bounded forward(double[] x) {
        Groups groups = new Groups(x);
        Bounded y = new Bounded(y(x), new double[x.length]);
        for (int i = 0; i < x.length; i++) {
            double w = Math.abs(weight[i % channels]);
            y.tolerance[i] = w * groups.xhatError(x, i)
                    + Sums.EPS * (w * Math.abs(groups.xhat(x, i)) + Math.abs(bias[i % channels]));
        }
        return y;
    }

    /** {@code dy' J} by each element of {@code array}, which is x, weight or bias. */
    private double[] differences(double[] array, double[] x, double[] dy) {
        double[] gradient = new double[array.length];
        for (int j = 0; j < array.length; j++) {
            double at = array[j];
            array[j] = at + STEP;
            double[] above = y(x);
            array[j] = at - STEP;
            double[] below = y(x);
            array[j] = at;
            for (int i = 0; i < dy.length; i++) {
                gradient[j] += dy[i] * ((above[i] - below[i]) / (2 * STEP));
            }
        }
        return gradient;
    }

    Bounded byWeight(double[] x, double[] dy) {
        Groups groups = new Groups(x);
        Bounded by = new Bounded(differences(weight, x, dy), new double[channels]);
        double terms = Math.min(dy.length / (double) channels, 36) + 2;
        for (int i = 0; i < dy.length; i++) {
            by.tolerance[i % channels] += Math.abs(dy[i])
                    * (terms * Sums.EPS * Math.abs(groups.xhat(x, i)) + groups.xhatError(x, i) + groups.differenceError(x, i));
        }
        return by;
    }

    Bounded byBias(double[] x, double[] dy) {
        Groups groups = new Groups(x);
        Bounded by = new Bounded(differences(bias, x, dy), new double[channels]);
        double terms = Math.min(dy.length / (double) channels, 36) + 2;
        for (int i = 0; i < dy.length; i++) {
            by.tolerance[i % channels] += Math.abs(dy[i]) * (terms * Sums.EPS + groups.differenceError(x, i));
        }
        return by;
    }

    Bounded byInput(double[] x, double[] dy) {
        Groups groups = new Groups(x);
        int count = groups.magnitude.length;
        double[] a = new double[count];
        double[] b = new double[count];
        double[] bError = new double[count];
        double[] difference = new double[count];
        for (int i = 0; i < x.length; i++) {
            double g = Math.abs(weight[i % channels] * dy[i]);
            double bend = g * Math.abs(groups.xhat(x, i));
            if (givenMean == null) {
                a[group(i)] += g / groups.size;
                b[group(i)] += bend / groups.size;
                bError[group(i)] += ((groups.roundings + 2 * Sums.EPS) * bend + g * groups.xhatError(x, i)) / groups.size;
            }
            difference[group(i)] += 3 * STEP * STEP * g / Math.pow(groups.deviation(i), 3)
                    + Math.abs(dy[i]) * groups.differenceError(x, i);
        }
        Bounded by = new Bounded(differences(x, x, dy), new double[x.length]);
        for (int i = 0; i < x.length; i++) {
            int group = group(i);
            double xhat = Math.abs(groups.xhat(x, i));
            double terms = Math.abs(weight[i % channels] * dy[i]) + a[group] + xhat * b[group];
            double error = (groups.deviationError(i) + 4 * Sums.EPS) * terms + (groups.roundings + Sums.EPS) * a[group]
                    + groups.xhatError(x, i) * b[group] + xhat * bError[group];
            by.tolerance[i] = error / groups.deviation(i) + difference[group];
        }
        return by;
    }
}
