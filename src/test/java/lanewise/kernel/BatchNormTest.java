package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch normalisation against its formulas in double. */
class BatchNormTest {

    private static final float EPSILON = 1e-3f;

    /** Rows beside the blocks of 64 in sums and of 128 elsewhere. */
    private static final int[] ROWS = {1, 2, 5, 64, 131};

    /** Everything that the passes read: moments of any kind, not those of x. */
    private record Case(int rows, int channels, Guarded x, Guarded dy, Guarded mean, Guarded variance, Guarded gamma, Guarded beta,
                        Guarded sumDyXhat, Guarded sumDy) {

        static Case of(int rows, int channels) {
            float[] variance = Data.reals(4, channels);
            for (int c = 0; c < channels; c++) {
                variance[c] = 0.1f + Math.abs(variance[c]);
            }
            return new Case(rows, channels, reals(1, rows * channels), reals(2, rows * channels), reals(3, channels),
                    Guarded.of(variance), reals(5, channels), reals(6, channels), reals(7, channels), reals(8, channels));
        }

        private static Guarded reals(int seed, int length) {
            return Guarded.of(Data.reals(seed, length));
        }

        /** Small integers, deviations of 2, and channels that are scaled by even numbers: all is exact if the rows divide. */
        static Case ofIntegers(int rows, int channels) {
            float[] variance = new float[channels];
            Arrays.fill(variance, 3);
            float[] gamma = Data.axpy(new float[channels], 2, Data.integers(5, channels));
            return new Case(rows, channels, integers(1, rows * channels), integers(2, rows * channels), integers(3, channels),
                    Guarded.of(variance), Guarded.of(gamma), integers(6, channels), integers(7, channels), integers(8, channels));
        }

        private static Guarded integers(int seed, int length) {
            return Guarded.of(Data.integers(seed, length));
        }

        void forward(Guarded to, float epsilon) {
            BatchNorm.forward(x.array(), x.offset(), rows, channels, mean.array(), mean.offset(), variance.array(), variance.offset(),
                    epsilon, gamma.array(), gamma.offset(), beta.array(), beta.offset(), to.array(), to.offset());
        }

        void gradParameters(Guarded dgamma, Guarded dbeta, float epsilon, WriteMode mode) {
            BatchNorm.gradParameters(x.array(), x.offset(), dy.array(), dy.offset(), rows, channels, mean.array(), mean.offset(),
                    variance.array(), variance.offset(), epsilon, dgamma.array(), dgamma.offset(), dbeta.array(), dbeta.offset(), mode);
        }

        void gradInput(Guarded from, Guarded dx, float epsilon, WriteMode mode) {
            BatchNorm.gradInput(x.array(), x.offset(), from.array(), from.offset(), rows, channels, mean.array(), mean.offset(),
                    variance.array(), variance.offset(), epsilon, gamma.array(), gamma.offset(), sumDyXhat.array(), sumDyXhat.offset(),
                    sumDy.array(), sumDy.offset(), dx.array(), dx.offset(), mode);
        }

        void gradInputFrozen(Guarded from, Guarded dx, float epsilon, WriteMode mode) {
            BatchNorm.gradInputFrozen(from.array(), from.offset(), rows, channels, variance.array(), variance.offset(), epsilon,
                    gamma.array(), gamma.offset(), dx.array(), dx.offset(), mode);
        }

        double deviation(int c, float epsilon) {
            return Math.sqrt((double) variance.get(c) + epsilon);
        }

        void assertInputsUntouched() {
            for (Guarded in : new Guarded[] {x, dy, mean, variance, gamma, beta, sumDyXhat, sumDy}) {
                in.assertUntouched(rows + " rows of " + channels);
            }
        }
    }

    /** Every remainder of the strips of four vectors, and every number of channels below one vector. */
    static IntStream channels() {
        return IntStream.rangeClosed(1, 8 * Simd.LANES + 1);
    }

    @ParameterizedTest
    @MethodSource("channels")
    void againstTheFormulas(int channels) {
        for (int rows : ROWS) {
            check(Case.of(rows, channels), EPSILON, 1);
        }
        check(Case.ofIntegers(4, channels), 1, 0);
        check(Case.ofIntegers(128, channels), 1, 0);
        check(Case.ofIntegers(256, channels), 1, 0);
    }

    /** With a tolerance of {@code times} the bound. */
    private static void check(Case in, float epsilon, double times) {
        int length = in.rows * in.channels;
        Guarded y = Guarded.ofNaN(length);
        Guarded dx = Guarded.ofNaN(length);
        Guarded frozen = Guarded.ofNaN(length);
        Guarded dgamma = Guarded.ofNaN(in.channels);
        Guarded dbeta = Guarded.ofNaN(in.channels);
        in.forward(y, epsilon);
        in.gradParameters(dgamma, dbeta, epsilon, WriteMode.OVERWRITE);
        in.gradInput(in.dy, dx, epsilon, WriteMode.OVERWRITE);
        in.gradInputFrozen(in.dy, frozen, epsilon, WriteMode.OVERWRITE);
        double eps = times * Sums.EPS;
        for (int c = 0; c < in.channels; c++) {
            double deviation = in.deviation(c, epsilon);
            double scale = in.gamma.get(c) / deviation;
            double sumDyXhat = 0;
            double magnitude = 0;
            double sumDy = 0;
            double magnitudeDy = 0;
            for (int row = 0; row < in.rows; row++) {
                int i = row * in.channels + c;
                double xhat = ((double) in.x.get(i) - in.mean.get(c)) / deviation;
                double d = in.dy.get(i);
                // a scale takes a sum, a root (which halves its error) and a quotient: 2.5 roundings of eps / 2
                assertEquals(in.gamma.get(c) * xhat + in.beta.get(c), y.get(i),
                        eps * (3 * Math.abs(in.gamma.get(c) * xhat) + Math.abs(in.beta.get(c))));
                assertEquals(scale * d, frozen.get(i), 2 * eps * Math.abs(scale * d));
                double meanDy = in.sumDy.get(c) / (double) in.rows;
                double bend = xhat * in.sumDyXhat.get(c) / in.rows;
                assertEquals(scale * (d - meanDy - bend), dx.get(i),
                        5 * eps * Math.abs(scale) * (Math.abs(d) + Math.abs(meanDy) + Math.abs(bend)));
                sumDyXhat += d * xhat;
                magnitude += Math.abs(d * xhat);
                sumDy += d;
                magnitudeDy += Math.abs(d);
            }
            assertEquals(sumDyXhat, dgamma.get(c), 38 * eps * magnitude);
            assertEquals(sumDy, dbeta.get(c), 36 * eps * magnitudeDy);
        }
        for (Guarded out : new Guarded[] {y, dx, frozen, dgamma, dbeta}) {
            out.assertCanaries(in.rows + " rows of " + in.channels);
        }
        in.assertInputsUntouched();
    }

    /** Added to old contents, or over an input, to the bit what overwriting elsewhere gives. */
    @ParameterizedTest
    @MethodSource("channels")
    void accumulatesAndWorksInPlace(int channels) {
        Case in = Case.of(131, channels);
        int length = 131 * channels;
        Guarded y = Guarded.ofNaN(length);
        in.forward(y, EPSILON);
        Guarded dx = Guarded.ofNaN(length);
        in.gradInput(in.dy, dx, EPSILON, WriteMode.OVERWRITE);
        Guarded frozen = Guarded.ofNaN(length);
        in.gradInputFrozen(in.dy, frozen, EPSILON, WriteMode.OVERWRITE);
        Guarded dgamma = Guarded.ofNaN(channels);
        Guarded dbeta = Guarded.ofNaN(channels);
        in.gradParameters(dgamma, dbeta, EPSILON, WriteMode.OVERWRITE);

        Guarded plus = Guarded.of(Data.reals(10, length));
        in.gradInput(in.dy, plus, EPSILON, WriteMode.ACCUMULATE);
        assertArrayEquals(Data.axpy(plus.original(), 1, dx.values()), plus.values());
        Guarded plusFrozen = Guarded.of(Data.reals(11, length));
        in.gradInputFrozen(in.dy, plusFrozen, EPSILON, WriteMode.ACCUMULATE);
        assertArrayEquals(Data.axpy(plusFrozen.original(), 1, frozen.values()), plusFrozen.values());
        Guarded plusGamma = Guarded.of(Data.reals(12, channels));
        Guarded plusBeta = Guarded.of(Data.reals(13, channels));
        in.gradParameters(plusGamma, plusBeta, EPSILON, WriteMode.ACCUMULATE);
        assertArrayEquals(Data.axpy(plusGamma.original(), 1, dgamma.values()), plusGamma.values());
        assertArrayEquals(Data.axpy(plusBeta.original(), 1, dbeta.values()), plusBeta.values());
        for (Guarded out : new Guarded[] {plus, plusFrozen, plusGamma, plusBeta}) {
            out.assertCanaries(channels);
        }

        Guarded overDy = Guarded.of(in.dy.original());
        in.gradInput(overDy, overDy, EPSILON, WriteMode.OVERWRITE);
        assertArrayEquals(dx.values(), overDy.values());
        Guarded frozenOverDy = Guarded.of(in.dy.original());
        in.gradInputFrozen(frozenOverDy, frozenOverDy, EPSILON, WriteMode.OVERWRITE);
        assertArrayEquals(frozen.values(), frozenOverDy.values());
        in.forward(in.x, EPSILON);
        assertArrayEquals(y.values(), in.x.values());
        in.x.assertCanaries(channels);
    }

    /** Behind a ReLU: to the bit what the ReLU's gradient in an array of its own gives, where y is 0 or NaN, too, and dy stays as it is. */
    @ParameterizedTest
    @MethodSource("channels")
    void reluWithin(int channels) {
        for (int rows : ROWS) {
            relu(Case.of(rows, channels), EPSILON);
            relu(Case.ofIntegers(rows, channels), 1);
            Case bad = Case.of(rows, channels);
            bad.x.array()[bad.x.offset() + rows * channels / 2] = Float.NaN;
            relu(bad, EPSILON);
        }
    }

    private static void relu(Case in, float epsilon) {
        Guarded y = Guarded.ofNaN(in.rows * in.channels);
        in.forward(y, epsilon);
        Guarded dy = Guarded.ofNaN(y.length());
        Eltwise.gradInput(Activation.RELU, y.array(), y.offset(), in.dy.array(), in.dy.offset(), dy.array(), dy.offset(), y.length(),
                WriteMode.OVERWRITE);
        for (WriteMode mode : WriteMode.values()) {
            Guarded[] expected = {Guarded.of(in.gamma.values()), Guarded.of(in.beta.values()), Guarded.of(in.x.values())};
            Guarded[] actual = {Guarded.of(in.gamma.values()), Guarded.of(in.beta.values()), Guarded.of(in.x.values())};
            BatchNorm.gradParameters(in.x.array(), in.x.offset(), dy.array(), dy.offset(), in.rows, in.channels,
                    in.mean.array(), in.mean.offset(), in.variance.array(), in.variance.offset(), epsilon,
                    expected[0].array(), expected[0].offset(), expected[1].array(), expected[1].offset(), mode);
            in.gradInput(dy, expected[2], epsilon, mode);
            BatchNorm.gradParametersRelu(in.x.array(), in.x.offset(), in.dy.array(), in.dy.offset(), in.rows, in.channels,
                    in.mean.array(), in.mean.offset(), in.variance.array(), in.variance.offset(), epsilon,
                    in.gamma.array(), in.gamma.offset(), in.beta.array(), in.beta.offset(),
                    actual[0].array(), actual[0].offset(), actual[1].array(), actual[1].offset(), mode);
            BatchNorm.gradInputRelu(in.x.array(), in.x.offset(), in.dy.array(), in.dy.offset(), in.rows, in.rows, in.channels,
                    in.mean.array(), in.mean.offset(), in.variance.array(), in.variance.offset(), epsilon,
                    in.gamma.array(), in.gamma.offset(), in.beta.array(), in.beta.offset(), in.sumDyXhat.array(), in.sumDyXhat.offset(),
                    in.sumDy.array(), in.sumDy.offset(), actual[2].array(), actual[2].offset(), mode);
            for (int i = 0; i < expected.length; i++) {
                assertArrayEquals(expected[i].values(), actual[i].values(), mode + ", output " + i + " of " + in.rows);
                actual[i].assertCanaries(mode);
            }
        }
        in.dy.assertUntouched(in.rows);
        in.beta.assertUntouched(in.rows);
    }

    /** Rows in two parts, of which neither need be whole vectors: each element is divided by the number of all rows. */
    @ParameterizedTest
    @MethodSource("channels")
    void rowsInParts(int channels) {
        int rows = 131;
        Case in = Case.of(rows, channels);
        Guarded dx = Guarded.ofNaN(rows * channels);
        in.gradInput(in.dy, dx, EPSILON, WriteMode.OVERWRITE);
        Guarded parts = Guarded.ofNaN(rows * channels);
        for (int from = 0, count = 67; from < rows; from += count, count = rows - from) {
            int at = from * channels;
            BatchNorm.gradInput(in.x.array(), in.x.offset() + at, in.dy.array(), in.dy.offset() + at, count, rows, channels,
                    in.mean.array(), in.mean.offset(), in.variance.array(), in.variance.offset(), EPSILON,
                    in.gamma.array(), in.gamma.offset(), in.sumDyXhat.array(), in.sumDyXhat.offset(),
                    in.sumDy.array(), in.sumDy.offset(), parts.array(), parts.offset() + at, WriteMode.OVERWRITE);
        }
        assertArrayEquals(dx.values(), parts.values());
    }

    /**
     * {@code <dx, u>} is the derivative along u of {@code <dy, y>}, where the moments are those of x: by central differences in
     * double, whose error at a step of 2^-13 is below 1e-6 of the terms.
     */
    @ParameterizedTest
    @MethodSource("channels")
    void centralDifferences(int channels) {
        int rows = 20;
        Case in = Case.of(rows, channels);
        Guarded mean = in.mean;
        Reduce.momentsPerChannel(in.x.array(), in.x.offset(), rows, channels, mean.array(), mean.offset(),
                in.variance.array(), in.variance.offset());
        in.gradParameters(in.sumDyXhat, in.sumDy, EPSILON, WriteMode.OVERWRITE);
        Guarded dx = Guarded.ofNaN(rows * channels);
        in.gradInput(in.dy, dx, EPSILON, WriteMode.OVERWRITE);
        float[] u = Data.reals(14, rows * channels);
        double h = 0x1p-13;
        for (int c = 0; c < channels; c++) {
            double expected = (loss(in, c, u, h) - loss(in, c, u, -h)) / (2 * h);
            double derivative = 0;
            double magnitude = 0;
            for (int i = c; i < u.length; i += channels) {
                derivative += (double) dx.get(i) * u[i];
                magnitude += Math.abs(in.gamma.get(c) / in.deviation(c, EPSILON)) * (1 + Math.abs(in.dy.get(i)));
            }
            assertEquals(expected, derivative, (60 * Sums.EPS + 1e-6) * magnitude);
        }
    }

    private static double loss(Case in, int c, float[] u, double h) {
        double mean = 0;
        for (int i = c; i < u.length; i += in.channels) {
            mean += (in.x.get(i) + h * u[i]) / in.rows;
        }
        double variance = 0;
        for (int i = c; i < u.length; i += in.channels) {
            variance += Math.pow(in.x.get(i) + h * u[i] - mean, 2) / in.rows;
        }
        double loss = 0;
        for (int i = c; i < u.length; i += in.channels) {
            loss += in.dy.get(i) * in.gamma.get(c) * (in.x.get(i) + h * u[i] - mean) / Math.sqrt(variance + EPSILON);
        }
        return loss;
    }

    /** NaN in one channel, or in one row, spoils nothing else but sums over the rows. */
    @ParameterizedTest
    @MethodSource("channels")
    void specialValuesStayInTheirPlaces(int channels) {
        int rows = 5;
        int bad = channels / 2;
        Case channel = Case.of(rows, channels);
        channel.variance.array()[channel.variance.offset() + bad] = Float.NaN;
        assertNaN(channel, i -> i % channels == bad, i -> i % channels == bad, c -> c == bad, c -> false);
        Case rowOfX = Case.of(rows, channels);
        fillRow(rowOfX.x, 3, channels);
        assertNaN(rowOfX, i -> i / channels == 3, i -> i / channels == 3, c -> true, c -> false);
        Case rowOfDy = Case.of(rows, channels);
        fillRow(rowOfDy.dy, 3, channels);
        assertNaN(rowOfDy, i -> false, i -> i / channels == 3, c -> true, c -> true);
        Case one = Case.of(rows, channels);
        int place = 3 * channels + bad;
        one.dy.array()[one.dy.offset() + place] = Float.NaN;
        assertNaN(one, i -> false, i -> i == place, c -> c == bad, c -> c == bad);
    }

    private static void fillRow(Guarded matrix, int row, int channels) {
        Arrays.fill(matrix.array(), matrix.offset() + row * channels, matrix.offset() + (row + 1) * channels, Float.NaN);
    }

    /** Fails unless NaN is exactly at these places of y and dx, and in these channels of dgamma and dbeta. */
    private static void assertNaN(Case in, IntPredicate y, IntPredicate dx, IntPredicate dgamma, IntPredicate dbeta) {
        int length = in.rows * in.channels;
        Guarded[] out = {Guarded.of(new float[length]), Guarded.of(new float[length]), Guarded.of(new float[in.channels]),
            Guarded.of(new float[in.channels])};
        in.forward(out[0], EPSILON);
        in.gradInput(in.dy, out[1], EPSILON, WriteMode.OVERWRITE);
        in.gradParameters(out[2], out[3], EPSILON, WriteMode.OVERWRITE);
        List<IntPredicate> expected = List.of(y, dx, dgamma, dbeta);
        for (int o = 0; o < out.length; o++) {
            for (int i = 0; i < out[o].length(); i++) {
                String what = "output " + o + " at " + i + " of " + in.channels + " channels";
                assertEquals(expected.get(o).test(i), Float.isNaN(out[o].get(i)), what);
            }
        }
    }

    @Test
    void nothing() {
        float[] one = {1};
        float[] dgamma = {5};
        float[] dbeta = {5};
        BatchNorm.forward(one, 1, 0, 1, one, 0, one, 0, 0, one, 0, one, 0, one, 1);
        BatchNorm.forward(one, 1, 3, 0, one, 1, one, 1, 0, one, 1, one, 1, one, 1);
        BatchNorm.gradInput(one, 1, one, 1, 0, 1, dgamma, 0, dgamma, 0, 0, dgamma, 0, dgamma, 0, dgamma, 0, one, 1, WriteMode.OVERWRITE);
        BatchNorm.gradInputFrozen(one, 1, 0, 1, dgamma, 0, 0, dgamma, 0, one, 1, WriteMode.OVERWRITE);
        assertArrayEquals(new float[] {1}, one);
        BatchNorm.gradParameters(one, 1, one, 1, 0, 1, one, 0, one, 0, 0, dgamma, 0, dbeta, 0, WriteMode.ACCUMULATE);
        assertArrayEquals(new float[] {5}, dgamma);
        BatchNorm.gradParameters(one, 1, one, 1, 0, 1, one, 0, one, 0, 0, dgamma, 0, dbeta, 0, WriteMode.OVERWRITE);
        assertEquals(0, dgamma[0] + dbeta[0]);
    }

    @Test
    void wrongArguments() {
        float[] a = new float[12];
        float[] p = new float[3];
        float[] y = new float[12];
        WriteMode set = WriteMode.OVERWRITE;
        Refused.isNull(() -> BatchNorm.forward(null, 0, 4, 3, p, 0, p, 0, 0, p, 0, p, 0, y, 0), "x");
        Refused.isNull(() -> BatchNorm.forward(a, 0, 4, 3, p, 0, p, 0, 0, null, 0, p, 0, y, 0), "gamma");
        Refused.argument(() -> BatchNorm.forward(a, 0, -4, 3, p, 0, p, 0, 0, p, 0, p, 0, y, 0), "rows", -4);
        Refused.argument(() -> BatchNorm.forward(a, 0, 1 << 16, 1 << 16, p, 0, p, 0, 0, p, 0, p, 0, y, 0), 1 << 16);
        for (float epsilon : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            Refused.argument(() -> BatchNorm.forward(a, 0, 4, 3, p, 0, p, 0, epsilon, p, 0, p, 0, y, 0), "epsilon", epsilon);
            Refused.argument(() -> BatchNorm.gradParameters(a, 0, a, 0, 4, 3, p, 0, p, 0, epsilon, y, 0, y, 3, set), "epsilon", epsilon);
            Refused.argument(() -> BatchNorm.gradInputFrozen(a, 0, 4, 3, p, 0, epsilon, p, 0, y, 0, set), "epsilon", epsilon);
        }
        Refused.bounds(() -> BatchNorm.forward(a, 1, 4, 3, p, 0, p, 0, 0, p, 0, p, 0, y, 0), "x", 12, 1);
        Refused.bounds(() -> BatchNorm.forward(a, 0, 4, 3, p, 1, p, 0, 0, p, 0, p, 0, y, 0), "mean", 3, 1);
        Refused.bounds(() -> BatchNorm.forward(a, 0, 4, 3, p, 0, p, 0, 0, p, 0, p, -1, y, 0), "beta", -1);
        Refused.argument(() -> BatchNorm.forward(a, 0, 3, 3, p, 0, p, 0, 0, p, 0, p, 0, a, 3), "x", "y", "overlap");
        Refused.argument(() -> BatchNorm.forward(a, 0, 4, 3, p, 0, y, 4, 0, p, 0, p, 0, y, 0), "variance", "y", "overlap");
        Refused.argument(() -> BatchNorm.gradParameters(a, 0, a, 0, 4, 3, p, 0, p, 0, 0, y, 0, y, 2, set), "dgamma", "dbeta");
        Refused.argument(() -> BatchNorm.gradParameters(a, 0, y, 0, 4, 3, p, 0, p, 0, 0, p, 0, y, 2, set), "dy", "dbeta");
        Refused.argument(() -> BatchNorm.gradParameters(a, 0, a, 0, 4, 3, p, 0, p, 0, 0, p, 0, y, 2, set), "mean", "dgamma");
        Refused.isNull(() -> BatchNorm.gradParameters(a, 0, a, 0, 4, 3, p, 0, p, 0, 0, y, 0, y, 3, null), "mode");
        Refused.argument(() -> BatchNorm.gradInput(a, 0, y, 0, 3, 3, p, 0, p, 0, 0, p, 0, p, 0, p, 0, y, 3, set), "dy", "dx");
        Refused.argument(() -> BatchNorm.gradInput(a, 0, a, 0, 3, 3, p, 0, p, 0, 0, p, 0, y, 8, p, 0, y, 0, set), "sumDyXhat", "dx");
        Refused.bounds(() -> BatchNorm.gradInput(a, 0, a, 0, 4, 3, p, 0, p, 0, 0, p, 0, p, 0, p, 1, y, 0, set), "sumDy", 3, 1);
        Refused.isNull(() -> BatchNorm.gradInput(a, 0, a, 0, 4, 3, p, 0, p, 0, 0, p, 0, p, 0, p, 0, y, 0, null), "mode");
        Refused.isNull(() -> BatchNorm.gradParametersRelu(a, 0, a, 0, 4, 3, p, 0, p, 0, 0, null, 0, p, 0, y, 0, y, 3, set), "gamma");
        Refused.argument(() -> BatchNorm.gradParametersRelu(a, 0, a, 0, 4, 3, p, 0, p, 0, 0, p, 0, y, 5, y, 0, y, 3, set), "beta", "dbeta");
        Refused.isNull(() -> BatchNorm.gradInputRelu(a, 0, a, 0, 4, 4, 3, p, 0, p, 0, 0, p, 0, null, 0, p, 0, p, 0, y, 0, set), "beta");
        Refused.argument(() -> BatchNorm.gradInputRelu(a, 0, a, 0, 4, 3, 3, p, 0, p, 0, 0, p, 0, p, 0, p, 0, p, 0, y, 0, set), "all", 3, 4);
        Refused.argument(() -> BatchNorm.gradInputFrozen(y, 0, 3, 3, p, 0, 0, p, 0, y, 1, set), "dy", "dx", "overlap");
    }
}
