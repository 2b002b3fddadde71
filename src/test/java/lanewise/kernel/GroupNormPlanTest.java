package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Group normalisation between canaries, in every remainder of channels, against its formulas in double. */
class GroupNormPlanTest {

    private static final float EPSILON = 1e-3f;

    /** Sizes of one call. */
    record Sizes(int n, int places, int channels, int groups) {

        GroupNormPlan plan() {
            return new GroupNormPlan(n, places, channels, groups, EPSILON);
        }

        int group(int i) {
            return i / (places * channels) * groups + i % channels / (channels / groups);
        }
    }

    static Stream<Sizes> sizes() {
        return IntStream.rangeClosed(1, 4 * Simd.LANES + 1).boxed().flatMap(c -> IntStream.of(1, 2, 3, 5, c).distinct()
                .filter(groups -> c % groups == 0).mapToObj(groups -> new Sizes(2, 3, c, groups)));
    }

    private static Guarded reals(int seed, int length) {
        return Guarded.of(Data.reals(seed, length));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void betweenCanaries(Sizes s) {
        GroupNormPlan plan = s.plan();
        Guarded x = reals(1, plan.length());
        Guarded gamma = reals(3, s.channels);
        Guarded beta = reals(4, s.channels);
        Guarded y = Guarded.ofNaN(plan.length());
        Guarded mean = Guarded.ofNaN(plan.moments());
        Guarded variance = Guarded.ofNaN(plan.moments());
        forward(plan, x, gamma, beta, y, mean, variance);
        double[] sum = new double[s.n * s.groups];
        double[] squares = new double[sum.length];
        int size = plan.length() / sum.length;
        for (int i = 0; i < x.length(); i++) {
            sum[s.group(i)] += x.get(i);
        }
        for (int i = 0; i < x.length(); i++) {
            squares[s.group(i)] += Math.pow(x.get(i) - sum[s.group(i)] / size, 2);
        }
        for (int i = 0; i < x.length(); i++) {
            int g = s.group(i);
            double expected = (x.get(i) - sum[g] / size) / Math.sqrt(squares[g] / size + EPSILON) * gamma.get(i % s.channels)
                    + beta.get(i % s.channels);
            assertEquals(expected, y.get(i), 1e-5 * (2 + Math.abs(expected)), s + " at " + i);
        }
        for (Guarded in : new Guarded[] {x, gamma, beta}) {
            in.assertUntouched(s);
        }
        for (Guarded out : new Guarded[] {y, mean, variance}) {
            out.assertCanaries(s);
        }
        Guarded over = Guarded.of(x.values());
        forward(plan, over, gamma, beta, over, mean, variance);
        assertArrayEquals(y.values(), over.values(), "y over x");
        gradients(s, plan, x, gamma, mean, variance);
    }

    private static void forward(GroupNormPlan plan, Guarded x, Guarded gamma, Guarded beta, Guarded y, Guarded mean, Guarded variance) {
        plan.forward(x.array(), x.offset(), gamma.array(), gamma.offset(), beta.array(), beta.offset(), y.array(), y.offset(),
                mean.array(), mean.offset(), variance.array(), variance.offset());
    }

    /**
     * By the definition in double, from x, dy and gamma alone. Of a group, with |x| for its mean magnitude, in units of u = eps / 2:
     *
     * <pre>
     * mean         (places + 3) u |x|             the sum of a channel, a quotient, the rounded mean of the channels
     * variance     (places + 5) u variance        and a mean that is off counts by its square
     * deviation    (places + 8) / 2 u deviation   half of that of the variance, and three roundings
     * sumDyXhat    eps (places + 4) sum |dy| h,   h = |xhat| + |x| / deviation: how far xhat may be off
     * dx           eps (2 places + 11) (|g| + mean |g| + h mean (|g| h)) / deviation
     * </pre>
     *
     * <p>In the last, the means have the errors of their sums and three roundings more, and two differences, two products and the scale
     * come on top: 5.3, 8.8 and 16 eps of the three terms with 3 places, where 17 are allowed.
     */
    private static void gradients(Sizes s, GroupNormPlan plan, Guarded x, Guarded gamma, Guarded mean, Guarded variance) {
        int size = s.places * s.channels / s.groups;
        double[] sum = new double[s.n * s.groups];
        double[] magnitude = new double[sum.length];
        double[] squares = new double[sum.length];
        for (int i = 0; i < x.length(); i++) {
            sum[s.group(i)] += x.get(i) / (double) size;
            magnitude[s.group(i)] += Math.abs(x.get(i)) / (double) size;
        }
        for (int i = 0; i < x.length(); i++) {
            squares[s.group(i)] += Math.pow(x.get(i) - sum[s.group(i)], 2) / size;
        }
        for (int i = 0; i < plan.moments(); i++) {
            int g = i / s.channels * s.groups + i % s.channels / (s.channels / s.groups);
            double off = (s.places + 3) * Sums.EPS / 2 * magnitude[g];
            assertEquals(sum[g], mean.get(i), off, s + " mean " + i);
            assertEquals(squares[g], variance.get(i), (s.places + 6) * Sums.EPS / 2 * squares[g] + off * off, s + " variance " + i);
        }
        Guarded dy = reals(7, plan.length());
        double[] sumsDyXhat = new double[plan.moments()];
        double[] boundsDyXhat = new double[plan.moments()];
        Sums sumsDy = new Sums(plan.moments());
        double[] meanG = new double[sum.length];
        double[] meanGXhat = new double[sum.length];
        double[] sizeG = new double[sum.length];
        double[] sizeGXhat = new double[sum.length];
        for (int i = 0; i < x.length(); i++) {
            int g = s.group(i);
            int at = i / (s.places * s.channels) * s.channels + i % s.channels;
            double deviation = Math.sqrt(squares[g] + EPSILON);
            double xhat = (x.get(i) - sum[g]) / deviation;
            double h = Math.abs(xhat) + magnitude[g] / deviation;
            double scaled = (double) dy.get(i) * gamma.get(i % s.channels);
            sumsDyXhat[at] += dy.get(i) * xhat;
            boundsDyXhat[at] += (s.places + 4) * Sums.EPS * Math.abs(dy.get(i)) * h;
            sumsDy.add(at, dy.get(i));
            meanG[g] += scaled / size;
            meanGXhat[g] += scaled * xhat / size;
            sizeG[g] += Math.abs(scaled) / size;
            sizeGXhat[g] += Math.abs(scaled) * h / size;
        }
        Guarded sumDyXhat = Guarded.ofNaN(plan.moments());
        Guarded sumDy = Guarded.ofNaN(plan.moments());
        plan.sums(x.array(), x.offset(), dy.array(), dy.offset(), mean.array(), mean.offset(), variance.array(), variance.offset(),
                sumDyXhat.array(), sumDyXhat.offset(), sumDy.array(), sumDy.offset());
        dy.assertUntouched(s);
        sumsDy.assertClose(sumDy, s + " sumDy");
        for (int i = 0; i < plan.moments(); i++) {
            assertEquals(sumsDyXhat[i], sumDyXhat.get(i), boundsDyXhat[i], s + " sumDyXhat " + i);
        }
        Guarded dx = Guarded.ofNaN(plan.length());
        Guarded twice = Guarded.of(new float[plan.length()]);
        Arrays.fill(twice.array(), twice.offset(), twice.offset() + twice.length(), 1);
        float[] sums = sumDyXhat.values();
        float[] others = sumDy.values();
        gradInput(plan, x, Guarded.of(dy.values()), gamma, mean, variance, sumDyXhat, sumDy, dx, WriteMode.OVERWRITE);
        gradInput(plan, x, Guarded.of(dy.values()), gamma, mean, variance, Guarded.of(sums), Guarded.of(others), twice,
                WriteMode.ACCUMULATE);
        for (int i = 0; i < dx.length(); i++) {
            int g = s.group(i);
            double deviation = Math.sqrt(squares[g] + EPSILON);
            double xhat = (x.get(i) - sum[g]) / deviation;
            double h = Math.abs(xhat) + magnitude[g] / deviation;
            double scaled = (double) dy.get(i) * gamma.get(i % s.channels);
            double bound = (2 * s.places + 11) * Sums.EPS * (Math.abs(scaled) + sizeG[g] + h * sizeGXhat[g]) / deviation;
            assertEquals((scaled - meanG[g] - xhat * meanGXhat[g]) / deviation, dx.get(i), bound, s + " dx " + i);
            assertEquals(dx.get(i) + 1, twice.get(i), 1e-6 * (1 + Math.abs(dx.get(i))), s + " added at " + i);
        }
        x.assertUntouched(s);
        gamma.assertUntouched(s);
        dx.assertCanaries(s);
        twice.assertCanaries(s);
        sumDy.assertCanaries(s);
        sumDyXhat.assertCanaries(s);
    }

    private static void gradInput(GroupNormPlan plan, Guarded x, Guarded dy, Guarded gamma, Guarded mean, Guarded variance,
                                  Guarded sumDyXhat, Guarded sumDy, Guarded dx, WriteMode mode) {
        plan.gradInput(x.array(), x.offset(), dy.array(), dy.offset(), gamma.array(), gamma.offset(), mean.array(), mean.offset(),
                variance.array(), variance.offset(), sumDyXhat.array(), sumDyXhat.offset(), sumDy.array(), sumDy.offset(),
                dx.array(), dx.offset(), mode);
        dy.assertCanaries(plan);
    }

    @Test
    void refused() {
        Refused.argument(() -> new GroupNormPlan(1, 1, 6, 4, EPSILON), "groups is 4", "6 channels");
        Refused.argument(() -> new GroupNormPlan(0, 1, 6, 2, EPSILON), "n is 0", "at least 1");
        Refused.argument(() -> new GroupNormPlan(1, 1, 6, 2, -1), "epsilon is -1", "at least 0");
        Refused.argument(() -> new GroupNormPlan(50_000, 50_000, 6, 2, 1), "more than the 2147483647");
        GroupNormPlan plan = new GroupNormPlan(1, 2, 3, 1, EPSILON);
        float[] a = new float[20];
        float[] b = new float[20];
        float[] c = new float[20];
        Refused.bounds(() -> plan.forward(a, 15, b, 0, b, 0, a, 0, c, 0, c, 3), "x needs 6", "offset 15", "length 20");
        Refused.argument(() -> plan.forward(a, 0, b, 0, b, 0, a, 3, c, 0, c, 3), "x [0, 6)", "y [3, 9)", "overlap");
        Refused.argument(() -> plan.forward(a, 0, b, 0, b, 0, a, 0, c, 0, c, 2), "mean [0, 3)", "variance [2, 5)", "overlap");
        Refused.argument(() -> plan.forward(a, 0, b, 0, b, 0, c, 0, c, 5, a, 8), "y [0, 6)", "mean [5, 8)", "overlap");
        Refused.argument(() -> plan.gradInput(a, 0, a, 3, b, 0, b, 5, b, 8, b, 11, b, 14, c, 0, WriteMode.OVERWRITE), "x [0, 6)", "dy [3, 9)");
        Refused.isNull(() -> plan.gradInput(a, 0, a, 6, b, 0, b, 5, b, 8, b, 11, b, 14, c, 0, null), "mode");
    }
}
