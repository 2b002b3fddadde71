package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reductions against plain sums in double, and extremes against plain loops. */
class ReduceTest {

    /** The documented bound, 72 units of 2^-24, whatever the number of terms. */
    private static final double BOUND = 36 * Sums.EPS;

    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    /** All remainders, and one length beyond a block. */
    static IntStream lengths() {
        return IntStream.concat(IntStream.rangeClosed(0, 8 * Simd.LANES + 3), IntStream.of(64 * 4 * Simd.LANES + 7, 100_003));
    }

    private static double dot(float[] a, float[] b, boolean magnitudes) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double term = (double) a[i] * b[i];
            sum += magnitudes ? Math.abs(term) : term;
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sums(int length) {
        Guarded x = Guarded.of(Data.reals(1, length));
        Guarded z = Guarded.of(Data.reals(2, length));
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        double sum = dot(x.original(), ones, false);
        double tolerance = BOUND * dot(x.original(), ones, true);
        assertEquals(sum, Reduce.sum(x.array(), x.offset(), length), tolerance);
        if (length > 0) {
            assertEquals(sum / length, Reduce.mean(x.array(), x.offset(), length), tolerance / length);
        }
        assertEquals(dot(x.original(), z.original(), false), Reduce.dot(x.array(), x.offset(), z.array(), z.offset(), length),
                BOUND * dot(x.original(), z.original(), true));
        double squares = dot(x.original(), x.original(), false);
        assertEquals(squares, Reduce.sumOfSquares(x.array(), x.offset(), length), BOUND * squares);
    }

    /** Small integers: every order gives the same. */
    @ParameterizedTest
    @MethodSource("lengths")
    void sumsOfIntegersAreExact(int length) {
        float[] x = Data.integers(3, length);
        float[] z = Data.integers(4, length);
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        assertEquals((float) dot(x, ones, false), Reduce.sum(x, 0, length));
        assertEquals((float) dot(x, z, false), Reduce.dot(x, 0, z, 0, length));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void extremes(int length) {
        Guarded x = Guarded.of(Data.reals(5, length));
        float max = -INF;
        float min = INF;
        int argMax = -1;
        for (int i = 0; i < length; i++) {
            argMax = x.get(i) > max ? i : argMax;
            max = Math.max(max, x.get(i));
            min = Math.min(min, x.get(i));
        }
        assertEquals(max, Reduce.max(x.array(), x.offset(), length));
        assertEquals(min, Reduce.min(x.array(), x.offset(), length));
        assertEquals(argMax, Reduce.argMax(x.array(), x.offset(), length));
    }

    /** One special value, or two, at any place of any length up to nine vectors. */
    @Test
    void specialValuesAtEveryPlace() {
        for (int length = 1; length <= 9 * Simd.LANES + 3; length += 1 + length / 16) {
            for (int at = 0; at < length; at++) {
                float[] x = new float[length];
                x[at] = NAN;
                x[length - 1] += INF; // after NaN, or NaN itself
                assertEquals(NAN, Reduce.max(x, 0, length));
                assertEquals(NAN, Reduce.min(x, 0, length));
                assertEquals(at, Reduce.argMax(x, 0, length), "the first NaN");
                assertEquals(NAN, Reduce.sum(x, 0, length));
                x[at] = INF;
                assertEquals(INF, Reduce.max(x, 0, length));
                assertEquals(at, Reduce.argMax(x, 0, length), "the first of equals");
                assertEquals(INF, Reduce.sum(x, 0, length));
                assertEquals(INF, Reduce.sumOfSquares(x, 0, length));
                Arrays.fill(x, -0f);
                assertEquals(-0f, Reduce.max(x, 0, length));
                x[at] = 0;
                assertEquals(0f, Reduce.max(x, 0, length));
                assertEquals(length == 1 ? 0f : -0f, Reduce.min(x, 0, length));
                assertEquals(0, Reduce.argMax(x, 0, length), "0 and -0 are equal");
                Arrays.fill(x, -INF);
                assertEquals(-INF, Reduce.max(x, 0, length));
                assertEquals(0, Reduce.argMax(x, 0, length));
                x[at] = INF;
                assertEquals(length == 1 ? INF : NAN, Reduce.sum(x, 0, length));
            }
        }
    }

    @Test
    void ofNothing() {
        float[] x = {1};
        assertEquals(0f, Reduce.sum(x, 1, 0));
        assertEquals(NAN, Reduce.mean(x, 1, 0));
        assertEquals(0f, Reduce.dot(x, 1, x, 1, 0));
        assertEquals(-INF, Reduce.max(x, 1, 0));
        assertEquals(INF, Reduce.min(x, 1, 0));
        assertEquals(-1, Reduce.argMax(x, 1, 0));
        float[] y = {5, 5};
        Reduce.sumPerChannel(x, 0, 0, 2, y, 0, WriteMode.ACCUMULATE);
        assertArrayEquals(new float[] {5, 5}, y);
        Reduce.sumPerChannel(x, 0, 0, 2, y, 0, WriteMode.OVERWRITE);
        assertArrayEquals(new float[] {0, 0}, y);
        Reduce.meanPerChannel(x, 0, 0, 2, y, 0);
        assertArrayEquals(new float[] {NAN, NAN}, y);
        Reduce.sumPerRow(x, 0, 2, 0, y, 0);
        assertArrayEquals(new float[] {0, 0}, y);
    }

    /** Each row as if it stood alone, to the bit. */
    @Test
    void perRow() {
        int rows = 5;
        int cols = 3 * Simd.LANES + 1;
        Guarded x = Guarded.of(Data.reals(6, rows * cols));
        Guarded z = Guarded.of(Data.reals(7, rows * cols));
        Guarded sum = Guarded.ofNaN(rows);
        Guarded mean = Guarded.ofNaN(rows);
        Guarded squares = Guarded.ofNaN(rows);
        Guarded max = Guarded.ofNaN(rows);
        Guarded min = Guarded.ofNaN(rows);
        Guarded dot = Guarded.ofNaN(rows);
        int[] argMax = new int[rows + 2];
        Reduce.sumPerRow(x.array(), x.offset(), rows, cols, sum.array(), sum.offset());
        Reduce.meanPerRow(x.array(), x.offset(), rows, cols, mean.array(), mean.offset());
        Reduce.sumOfSquaresPerRow(x.array(), x.offset(), rows, cols, squares.array(), squares.offset());
        Reduce.maxPerRow(x.array(), x.offset(), rows, cols, max.array(), max.offset());
        Reduce.minPerRow(x.array(), x.offset(), rows, cols, min.array(), min.offset());
        Reduce.dotPerRow(x.array(), x.offset(), z.array(), z.offset(), rows, cols, dot.array(), dot.offset());
        Reduce.argMaxPerRow(x.array(), x.offset(), rows, cols, argMax, 1);
        for (int row = 0; row < rows; row++) {
            int at = x.offset() + row * cols;
            assertEquals(Reduce.sum(x.array(), at, cols), sum.get(row));
            assertEquals(Reduce.mean(x.array(), at, cols), mean.get(row));
            assertEquals(Reduce.sumOfSquares(x.array(), at, cols), squares.get(row));
            assertEquals(Reduce.max(x.array(), at, cols), max.get(row));
            assertEquals(Reduce.min(x.array(), at, cols), min.get(row));
            assertEquals(Reduce.dot(x.array(), at, z.array(), at, cols), dot.get(row));
            assertEquals(Reduce.argMax(x.array(), at, cols), argMax[1 + row]);
        }
        for (Guarded y : new Guarded[] {sum, mean, squares, max, min, dot}) {
            y.assertCanaries("per row");
        }
        assertTrue(argMax[0] == 0 && argMax[rows + 1] == 0);
    }

    static IntStream channels() {
        return IntStream.rangeClosed(1, 8 * Simd.LANES + 3);
    }

    @ParameterizedTest
    @MethodSource("channels")
    void perChannel(int channels) {
        for (int rows : new int[] {1, 2, 64, 65, 200, 523}) {
            Guarded x = Guarded.of(Data.reals(rows, rows * channels));
            float[] old = Data.reals(8, channels);
            Guarded sum = Guarded.ofNaN(channels);
            Guarded plus = Guarded.of(old);
            Guarded mean = Guarded.ofNaN(channels);
            Guarded mean2 = Guarded.ofNaN(channels);
            Guarded variance = Guarded.ofNaN(channels);
            Reduce.sumPerChannel(x.array(), x.offset(), rows, channels, sum.array(), sum.offset(), WriteMode.OVERWRITE);
            Reduce.sumPerChannel(x.array(), x.offset(), rows, channels, plus.array(), plus.offset(), WriteMode.ACCUMULATE);
            Reduce.meanPerChannel(x.array(), x.offset(), rows, channels, mean.array(), mean.offset());
            Reduce.momentsPerChannel(x.array(), x.offset(), rows, channels, mean2.array(), mean2.offset(),
                    variance.array(), variance.offset());
            assertArrayEquals(mean.values(), mean2.values());
            for (int c = 0; c < channels; c++) {
                double total = 0;
                double magnitude = 0;
                for (int row = 0; row < rows; row++) {
                    total += x.get(row * channels + c);
                    magnitude += Math.abs(x.get(row * channels + c));
                }
                double squares = 0;
                for (int row = 0; row < rows; row++) {
                    squares += Math.pow(x.get(row * channels + c) - total / rows, 2);
                }
                assertEquals(total, sum.get(c), BOUND * magnitude);
                assertEquals(old[c] + sum.get(c), plus.get(c));
                assertEquals(total / rows, mean.get(c), BOUND * magnitude / rows);
                double meanError = mean.get(c) - total / rows;
                assertEquals(squares / rows, variance.get(c), 38 * Sums.EPS * squares / rows + meanError * meanError);
            }
            for (Guarded y : new Guarded[] {sum, plus, mean, mean2, variance}) {
                y.assertCanaries(rows + " rows of " + channels);
            }
            x.assertUntouched(rows + " rows of " + channels);
        }
    }

    /** A channel's sum does not depend on its place or on the channels beside it. */
    @Test
    void channelsAreIndependent() {
        int channels = 8 * Simd.LANES + 3;
        int rows = 300;
        float[] column = Data.reals(9, rows);
        float[] x = new float[rows * channels];
        for (int i = 0; i < x.length; i++) {
            x[i] = column[i / channels];
        }
        float[] y = new float[channels];
        float[] mean = new float[channels];
        float[] variance = new float[channels];
        Reduce.sumPerChannel(x, 0, rows, channels, y, 0, WriteMode.OVERWRITE);
        Reduce.momentsPerChannel(x, 0, rows, channels, mean, 0, variance, 0);
        for (int c = 1; c < channels; c++) {
            assertEquals(y[0], y[c]);
            assertEquals(variance[0], variance[c]);
        }
    }

    /** Four million rows of 0.1: a plain float sum is 3% off. */
    @Test
    void errorDoesNotGrowWithTheNumberOfRows() {
        int rows = 1 << 22;
        float[] x = new float[rows];
        Arrays.fill(x, 0.1f);
        float plain = 0;
        for (float v : x) {
            plain += v;
        }
        double exact = (double) 0.1f * rows;
        float[] y = new float[1];
        float[] variance = new float[1];
        Reduce.sumPerChannel(x, 0, rows, 1, y, 0, WriteMode.OVERWRITE);
        assertEquals(exact, y[0], BOUND * exact);
        assertEquals(exact, Reduce.sum(x, 0, rows), BOUND * exact);
        assertTrue(Math.abs(plain - exact) > 100 * BOUND * exact, "an easy sum");
        Reduce.momentsPerChannel(x, 0, rows, 1, y, 0, variance, 0);
        assertEquals(0, variance[0], Math.pow(BOUND * 0.1, 2));
    }

    /** A large mean and a small spread: the difference of the squares' mean and the mean's square would have no digit right. */
    @Test
    void varianceIsStable() {
        int rows = 1000;
        float[] x = new float[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = 1e6f + (i % 2 == 0 ? 1 : -1);
        }
        float[] mean = new float[1];
        float[] variance = new float[1];
        Reduce.momentsPerChannel(x, 0, rows, 1, mean, 0, variance, 0);
        assertEquals(1e6f, mean[0]);
        assertEquals(1f, variance[0]);
    }

    @Test
    void specialValuesPerChannel() {
        int rows = 130;
        int channels = 5 * Simd.LANES + 2;
        for (int row : new int[] {0, 63, 64, 129}) {
            float[] x = new float[rows * channels];
            for (int c = 0; c < channels; c++) {
                x[row * channels + c] = new float[] {1, INF, -INF, NAN}[c % 4];
            }
            float[] y = new float[channels];
            float[] variance = new float[channels];
            Reduce.sumPerChannel(x, 0, rows, channels, y, 0, WriteMode.OVERWRITE);
            for (int c = 0; c < channels; c++) {
                assertEquals(new float[] {1, INF, -INF, NAN}[c % 4], y[c]);
            }
            Reduce.momentsPerChannel(x, 0, rows, channels, y, 0, variance, 0);
            for (int c = 0; c < channels; c++) {
                assertEquals(c % 4 != 0, Float.isNaN(variance[c]), "variance of channel " + c);
            }
        }
    }

    @Test
    void wrongArguments() {
        float[] x = new float[10];
        float[] y = new float[10];
        Refused.isNull(() -> Reduce.sum(null, 0, 1), "x");
        Refused.argument(() -> Reduce.mean(x, 0, -1), "length", -1);
        Refused.bounds(() -> Reduce.max(x, 6, 5), "x", 6, 10);
        Refused.bounds(() -> Reduce.min(x, -6, 5), "x", -6);
        Refused.bounds(() -> Reduce.argMax(x, Integer.MAX_VALUE, Integer.MAX_VALUE), "x", Integer.MAX_VALUE);
        Refused.isNull(() -> Reduce.dot(x, 0, null, 0, 1), "b");
        Refused.bounds(() -> Reduce.sumPerRow(x, 0, 3, 4, y, 0), "x", 12, 10);
        Refused.bounds(() -> Reduce.maxPerRow(x, 0, 3, 2, y, 8), "y", 8, 10);
        Refused.argument(() -> Reduce.meanPerRow(x, 0, 1 << 16, 1 << 16, y, 0), 1 << 16);
        Refused.argument(() -> Reduce.minPerRow(x, 0, 2, 2, x, 3), "overlap");
        Refused.argument(() -> Reduce.dotPerRow(x, 0, y, 0, 2, 2, y, 3), "b", "y", "overlap");
        Refused.bounds(() -> Reduce.argMaxPerRow(x, 0, 2, 2, new int[1], 0), "y", 1);
        Refused.isNull(() -> Reduce.argMaxPerRow(x, 0, 2, 2, null, 0), "y");
        Refused.isNull(() -> Reduce.sumPerChannel(x, 0, 2, 2, y, 0, null), "mode");
        Refused.argument(() -> Reduce.sumPerChannel(x, 0, -2, 2, y, 0, WriteMode.OVERWRITE), "rows", -2);
        Refused.argument(() -> Reduce.meanPerChannel(x, 0, 2, -2, y, 0), "channels", -2);
        Refused.argument(() -> Reduce.sumPerChannel(x, 0, 2, 2, x, 3, WriteMode.OVERWRITE), "overlap");
        Refused.bounds(() -> Reduce.momentsPerChannel(x, 0, 2, 2, y, 0, y, 9), "variance", 9, 10);
        Refused.argument(() -> Reduce.momentsPerChannel(x, 0, 2, 2, y, 0, y, 1), "mean", "variance", "overlap");
    }
}
