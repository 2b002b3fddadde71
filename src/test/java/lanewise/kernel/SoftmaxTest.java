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

/** Softmax and its logarithm against the definition in double. */
class SoftmaxTest {

    private static final int ROWS = 3;
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    static IntStream columns() {
        return IntStream.concat(IntStream.rangeClosed(1, 4 * Simd.LANES + 3), IntStream.of(1000, 64 * Simd.LANES + 1, 10_000));
    }

    private static float[] input(int cols) {
        float[] x = Data.reals(cols, ROWS * cols);
        for (int i = 0; i < x.length; i++) {
            x[i] = 20 * x[i] + 1000; // e^x itself would overflow
        }
        return x;
    }

    private static double[] logSoftmax(float[] x, int from, int cols) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < cols; c++) {
            max = Math.max(max, x[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < cols; c++) {
            sum += Math.exp(x[from + c] - max);
        }
        double[] y = new double[cols];
        for (int c = 0; c < cols; c++) {
            y[c] = x[from + c] - max - Math.log(sum);
        }
        return y;
    }

    @ParameterizedTest
    @MethodSource("columns")
    void forward(int cols) {
        Guarded x = Guarded.of(input(cols));
        Guarded y = Guarded.ofNaN(ROWS * cols);
        Guarded log = Guarded.ofNaN(ROWS * cols);
        Softmax.forward(x.array(), x.offset(), y.array(), y.offset(), ROWS, cols);
        LogSoftmax.forward(x.array(), x.offset(), log.array(), log.offset(), ROWS, cols);
        y.assertCanaries(cols);
        log.assertCanaries(cols);
        x.assertUntouched(cols);
        for (int row = 0; row < ROWS; row++) {
            double[] expected = logSoftmax(x.original(), row * cols, cols);
            for (int c = 0; c < cols; c++) {
                double value = Math.exp(expected[c]);
                int i = row * cols + c;
                // x - max is exact or rounded once, which exp turns into a relative error; the terms of the sum have one sign.
                double roundings = 10 + Math.abs(expected[c]) / 2;
                assertEquals(value, y.get(i), roundings * Sums.EPS * value);
                assertEquals(expected[c], log.get(i), 2 * Sums.EPS * (4 + Math.abs(expected[c])));
            }
        }
        Softmax.forward(x.array(), x.offset(), x.array(), x.offset(), ROWS, cols);
        assertArrayEquals(y.values(), x.values(), "in place");
        Guarded again = Guarded.of(x.original());
        LogSoftmax.forward(again.array(), again.offset(), again.array(), again.offset(), ROWS, cols);
        assertArrayEquals(log.values(), again.values(), "in place");
    }

    /** {@code dx = J^T dy}, with the Jacobian from central differences in double. */
    @Test
    void centralDifferences() {
        int cols = 2 * Simd.LANES + 3;
        float[] x = Data.reals(1, cols);
        float[] dy = Data.reals(2, cols);
        float[] y = new float[cols];
        Softmax.forward(x, 0, y, 0, 1, cols);
        float[] dx = new float[cols];
        Softmax.gradInput(y, 0, dy, 0, dx, 0, 1, cols, WriteMode.OVERWRITE);
        float[] logY = new float[cols];
        LogSoftmax.forward(x, 0, logY, 0, 1, cols);
        float[] logDx = new float[cols];
        LogSoftmax.gradInput(logY, 0, dy, 0, logDx, 0, 1, cols, WriteMode.OVERWRITE);
        for (int j = 0; j < cols; j++) {
            float[] above = x.clone();
            float[] below = x.clone();
            above[j] += 0x1p-10f;
            below[j] -= 0x1p-10f;
            double width = (double) above[j] - below[j];
            double[] up = logSoftmax(above, 0, cols);
            double[] down = logSoftmax(below, 0, cols);
            double slope = 0;
            double logSlope = 0;
            double sum = 0;
            for (int c = 0; c < cols; c++) {
                slope += dy[c] * (Math.exp(up[c]) - Math.exp(down[c])) / width;
                logSlope += dy[c] * (up[c] - down[c]) / width;
                sum += Math.abs(dy[c]);
            }
            // the difference is off by h^2/6 of a third derivative that is below 1, the gradient by a few roundings
            double tolerance = (0x1p-20 / 6 + (cols + 8) * Sums.EPS) * sum;
            assertEquals(slope, dx[j], tolerance);
            assertEquals(logSlope, logDx[j], tolerance);
        }
    }

    @ParameterizedTest
    @MethodSource("columns")
    void gradInput(int cols) {
        float[] dy = Data.reals(2, ROWS * cols);
        float[] old = Data.reals(3, ROWS * cols);
        float[] x = Data.reals(4, ROWS * cols);
        Guarded y = Guarded.ofNaN(x.length);
        Guarded log = Guarded.ofNaN(x.length);
        Softmax.forward(x, 0, y.array(), y.offset(), ROWS, cols);
        LogSoftmax.forward(x, 0, log.array(), log.offset(), ROWS, cols);
        Guarded dx = Guarded.ofNaN(x.length);
        Guarded logDx = Guarded.ofNaN(x.length);
        Softmax.gradInput(y.array(), y.offset(), dy, 0, dx.array(), dx.offset(), ROWS, cols, WriteMode.OVERWRITE);
        LogSoftmax.gradInput(log.array(), log.offset(), dy, 0, logDx.array(), logDx.offset(), ROWS, cols, WriteMode.OVERWRITE);
        dx.assertCanaries(cols);
        logDx.assertCanaries(cols);
        for (int row = 0; row < ROWS; row++) {
            double dot = 0;
            double magnitude = 0;
            double sum = 0;
            double sumMagnitude = 0;
            for (int i = row * cols; i < (row + 1) * cols; i++) {
                dot += (double) y.get(i) * dy[i];
                magnitude += Math.abs((double) y.get(i) * dy[i]);
                sum += dy[i];
                sumMagnitude += Math.abs(dy[i]);
            }
            for (int i = row * cols; i < (row + 1) * cols; i++) {
                double p = Math.exp(log.get(i));
                assertEquals(y.get(i) * (dy[i] - dot), dx.get(i), 75 * Sums.EPS * y.get(i) * (magnitude + Math.abs(dy[i])));
                assertEquals(dy[i] - p * sum, logDx.get(i), 75 * Sums.EPS * (p * sumMagnitude + Math.abs(dy[i])));
            }
        }
        assertAccumulates(dx.values(), old, (to, mode) -> Softmax.gradInput(y.array(), y.offset(), dy, 0, to, 0, ROWS, cols, mode));
        assertAccumulates(logDx.values(), old,
                (to, mode) -> LogSoftmax.gradInput(log.array(), log.offset(), dy, 0, to, 0, ROWS, cols, mode));
        float[] overDy = dy.clone();
        Softmax.gradInput(y.array(), y.offset(), overDy, 0, overDy, 0, ROWS, cols, WriteMode.OVERWRITE);
        assertArrayEquals(dx.values(), overDy, "over dy");
        LogSoftmax.gradInput(log.array(), log.offset(), dy, 0, log.array(), log.offset(), ROWS, cols, WriteMode.OVERWRITE);
        assertArrayEquals(logDx.values(), log.values(), "over y");
    }

    private interface Gradient {
        void run(float[] dx, WriteMode mode);
    }

    private static void assertAccumulates(float[] dx, float[] old, Gradient gradient) {
        float[] expected = old.clone();
        for (int i = 0; i < dx.length; i++) {
            expected[i] += dx[i];
        }
        float[] actual = old.clone();
        gradient.run(actual, WriteMode.ACCUMULATE);
        assertArrayEquals(expected, actual, "accumulated");
    }

    /** A masked row is softmax of what is left; a row without a softmax is NaN and spoils no other. */
    @Test
    void specialRows() {
        int cols = 2 * Simd.LANES + 3;
        for (int at = 0; at < cols; at++) {
            for (float special : new float[] {NAN, INF}) {
                float[] x = new float[3 * cols];
                x[cols + at] = special;
                float[] y = new float[x.length];
                float[] log = new float[x.length];
                Softmax.forward(x, 0, y, 0, 3, cols);
                LogSoftmax.forward(x, 0, log, 0, 3, cols);
                for (int i = 0; i < x.length; i++) {
                    boolean spoiled = i / cols == 1;
                    assertEquals(spoiled ? NAN : 1f / cols, y[i], Sums.EPS / cols);
                    assertEquals(spoiled ? NAN : (float) -Math.log(cols), log[i], 4 * Sums.EPS * Math.log(cols));
                }
            }
            float[] masked = new float[cols];
            masked[at] = -INF;
            float[] log = new float[cols];
            LogSoftmax.forward(masked, 0, log, 0, 1, cols);
            Softmax.forward(masked, 0, masked, 0, 1, cols);
            for (int i = 0; i < cols; i++) {
                assertEquals(i == at ? 0 : 1f / (cols - 1), masked[i], Sums.EPS / cols);
                assertEquals(i == at ? -INF : (float) -Math.log(cols - 1), log[i], 4 * Sums.EPS * Math.log(cols));
            }
            float[] dx = new float[cols];
            LogSoftmax.gradInput(log, 0, new float[cols], 0, dx, 0, 1, cols, WriteMode.OVERWRITE);
            assertArrayEquals(new float[cols], dx, "a mask has no gradient");
        }
        float[] nothing = new float[cols];
        Arrays.fill(nothing, -INF);
        float[] log = nothing.clone();
        Softmax.forward(nothing, 0, nothing, 0, 1, cols);
        LogSoftmax.forward(log, 0, log, 0, 1, cols);
        for (int i = 0; i < cols; i++) {
            assertTrue(Float.isNaN(nothing[i]) && Float.isNaN(log[i]), "all -infinity");
        }
    }

    @Test
    void emptyAndWrong() {
        float[] x = new float[10];
        float[] y = new float[10];
        Softmax.forward(x, 10, y, 10, 0, 5);
        LogSoftmax.forward(x, 10, y, 10, 5, 0);
        WriteMode mode = WriteMode.OVERWRITE;
        Refused.isNull(() -> Softmax.forward(null, 0, y, 0, 2, 5), "x");
        Refused.isNull(() -> LogSoftmax.forward(x, 0, null, 0, 2, 5), "y");
        Refused.argument(() -> Softmax.forward(x, 0, y, 0, -2, 5), "rows", -2);
        Refused.argument(() -> LogSoftmax.forward(x, 0, y, 0, 2, -5), "cols", -5);
        Refused.argument(() -> Softmax.forward(x, 0, y, 0, 1 << 16, 1 << 16), 1 << 16);
        Refused.bounds(() -> LogSoftmax.forward(x, 1, y, 0, 2, 5), "x", 10, 1);
        Refused.argument(() -> Softmax.forward(x, 0, x, 2, 1, 5), "overlap");
        Refused.argument(() -> Softmax.gradInput(x, 0, y, 0, y, 2, 1, 5, mode), "dy", "dx", "overlap");
        Refused.argument(() -> LogSoftmax.gradInput(x, 0, y, 0, x, 2, 1, 5, mode), "y", "dx", "overlap");
        Refused.isNull(() -> LogSoftmax.gradInput(x, 0, y, 0, x, 0, 1, 5, null), "mode");
        Refused.bounds(() -> Softmax.gradInput(x, 0, y, 0, new float[4], 0, 1, 5, mode), "dx", 5, 4);
    }
}
