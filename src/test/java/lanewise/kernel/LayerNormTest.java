package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

/** Layer normalisation against its formulas in double. */
class LayerNormTest {

    private static final float EPSILON = 1e-3f;

    static IntStream columns() {
        return IntStream.concat(IntStream.rangeClosed(1, 8 * Simd.LANES + 1), IntStream.of(64 * 2 * Simd.LANES + 7, 5000));
    }

    /** What the passes read; the moments are any numbers. */
    private record Case(int rows, int cols, Guarded x, Guarded dy, Guarded gamma, Guarded beta, Guarded mean, Guarded inverse) {

        static Case of(int rows, int cols) {
            return new Case(rows, cols, reals(1, rows * cols), reals(2, rows * cols), reals(3, cols), reals(4, cols), reals(5, rows),
                    reals(6, rows));
        }

        private static Guarded reals(int seed, int length) {
            return Guarded.of(Data.reals(seed, length));
        }

        void forward(Guarded y, Guarded means, Guarded inverses) {
            LayerNorm.forward(x.array(), x.offset(), rows, cols, EPSILON, gamma.array(), gamma.offset(), beta.array(), beta.offset(),
                    y.array(), y.offset(), means.array(), means.offset(), inverses.array(), inverses.offset());
        }

        void gradParameters(Guarded dgamma, Guarded dbeta, WriteMode mode) {
            LayerNorm.gradParameters(x.array(), x.offset(), dy.array(), dy.offset(), rows, cols, mean.array(), mean.offset(),
                    inverse.array(), inverse.offset(), dgamma.array(), dgamma.offset(), dbeta.array(), dbeta.offset(), mode);
        }

        void gradInput(Guarded from, Guarded dx, WriteMode mode) {
            LayerNorm.gradInput(x.array(), x.offset(), from.array(), from.offset(), rows, cols, gamma.array(), gamma.offset(),
                    mean.array(), mean.offset(), inverse.array(), inverse.offset(), dx.array(), dx.offset(), mode);
        }

        void assertInputsUntouched() {
            for (Guarded in : new Guarded[] {x, dy, gamma, beta, mean, inverse}) {
                in.assertUntouched(rows + " rows of " + cols);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("columns")
    void forward(int cols) {
        int rows = 3;
        Case in = Case.of(rows, cols);
        Guarded y = Guarded.ofNaN(rows * cols);
        Guarded mean = Guarded.ofNaN(rows);
        Guarded inverse = Guarded.ofNaN(rows);
        in.forward(y, mean, inverse);
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            double magnitude = 0;
            for (int i = row * cols; i < (row + 1) * cols; i++) {
                sum += in.x.get(i);
                magnitude += Math.abs(in.x.get(i));
            }
            double exactMean = sum / cols;
            double squares = 0;
            for (int i = row * cols; i < (row + 1) * cols; i++) {
                squares += Math.pow(in.x.get(i) - exactMean, 2);
            }
            double variance = squares / cols;
            double exactInverse = 1 / Math.sqrt(variance + EPSILON);
            assertEquals(exactMean, mean.get(row), 36 * Sums.EPS * magnitude / cols);
            double meanError = mean.get(row) - exactMean;
            // half the relative error of the variance, as Reduce documents it, and the rounding to float
            double inverseBound = (20 * Sums.EPS + meanError * meanError / (variance + EPSILON)) * exactInverse;
            assertEquals(exactInverse, inverse.get(row), inverseBound);
            for (int c = 0; c < cols; c++) {
                int i = row * cols + c;
                double xhat = ((double) in.x.get(i) - mean.get(row)) * inverse.get(row);
                double bound = Sums.EPS * (2 * Math.abs(xhat * in.gamma.get(c)) + Math.abs(in.beta.get(c)));
                assertEquals(xhat * in.gamma.get(c) + in.beta.get(c), y.get(i), bound);
            }
        }
        for (Guarded out : new Guarded[] {y, mean, inverse}) {
            out.assertCanaries(cols);
        }
        in.assertInputsUntouched();
        in.forward(in.x, mean, inverse);
        assertArrayEquals(y.values(), in.x.values(), "in place");
    }

    @ParameterizedTest
    @MethodSource("columns")
    void gradients(int cols) {
        int rows = cols > 1000 ? 2 : 67;
        Case in = Case.of(rows, cols);
        Guarded dgamma = Guarded.ofNaN(cols);
        Guarded dbeta = Guarded.ofNaN(cols);
        Guarded dx = Guarded.ofNaN(rows * cols);
        in.gradParameters(dgamma, dbeta, WriteMode.OVERWRITE);
        in.gradInput(in.dy, dx, WriteMode.OVERWRITE);
        double[] sumGamma = new double[cols];
        double[] sumBeta = new double[cols];
        double[] magnitudeGamma = new double[cols];
        double[] magnitudeBeta = new double[cols];
        for (int row = 0; row < rows; row++) {
            double inverse = in.inverse.get(row);
            double meanG = 0;
            double meanGXhat = 0;
            double magnitudeG = 0;
            double magnitudeGXhat = 0;
            for (int c = 0; c < cols; c++) {
                int i = row * cols + c;
                double xhat = ((double) in.x.get(i) - in.mean.get(row)) * inverse;
                double d = in.dy.get(i);
                sumGamma[c] += d * xhat;
                magnitudeGamma[c] += Math.abs(d * xhat);
                sumBeta[c] += d;
                magnitudeBeta[c] += Math.abs(d);
                double g = d * in.gamma.get(c);
                meanG += g / cols;
                magnitudeG += Math.abs(g) / cols;
                meanGXhat += g * xhat / cols;
                magnitudeGXhat += Math.abs(g * xhat) / cols;
            }
            for (int c = 0; c < cols; c++) {
                int i = row * cols + c;
                double xhat = ((double) in.x.get(i) - in.mean.get(row)) * inverse;
                double g = in.dy.get(i) * (double) in.gamma.get(c);
                double bound = 40 * Sums.EPS * Math.abs(inverse) * (Math.abs(g) + magnitudeG + Math.abs(xhat) * magnitudeGXhat);
                assertEquals(inverse * (g - meanG - xhat * meanGXhat), dx.get(i), bound);
            }
        }
        for (int c = 0; c < cols; c++) {
            assertEquals(sumGamma[c], dgamma.get(c), 37 * Sums.EPS * magnitudeGamma[c]);
            assertEquals(sumBeta[c], dbeta.get(c), 36 * Sums.EPS * magnitudeBeta[c]);
        }
        for (Guarded out : new Guarded[] {dgamma, dbeta, dx}) {
            out.assertCanaries(cols);
        }
        in.assertInputsUntouched();
        assertModes(in, dgamma, dbeta, dx);
    }

    private static void assertModes(Case in, Guarded dgamma, Guarded dbeta, Guarded dx) {
        Guarded plusGamma = Guarded.of(Data.reals(7, in.cols));
        Guarded plusBeta = Guarded.of(Data.reals(8, in.cols));
        Guarded plus = Guarded.of(Data.reals(9, in.rows * in.cols));
        in.gradParameters(plusGamma, plusBeta, WriteMode.ACCUMULATE);
        in.gradInput(in.dy, plus, WriteMode.ACCUMULATE);
        assertArrayEquals(Data.axpy(plusGamma.original(), 1, dgamma.values()), plusGamma.values());
        assertArrayEquals(Data.axpy(plusBeta.original(), 1, dbeta.values()), plusBeta.values());
        assertArrayEquals(Data.axpy(plus.original(), 1, dx.values()), plus.values());
        for (Guarded out : new Guarded[] {plusGamma, plusBeta, plus}) {
            out.assertCanaries(in.cols);
        }
        Guarded overDy = Guarded.of(in.dy.original());
        in.gradInput(overDy, overDy, WriteMode.OVERWRITE);
        assertArrayEquals(dx.values(), overDy.values());
    }

    /** Rows of -1 and 1 about an integer, and an epsilon that makes the deviation 2: all is exact. */
    @Test
    void exact() {
        for (int cols = 2; cols <= 8 * Simd.LANES; cols += 2) {
            float[] x = new float[3 * cols];
            float[] gamma = Data.axpy(new float[cols], 2, Data.integers(1, cols));
            float[] beta = Data.integers(2, cols);
            float[] expected = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                int sign = i % 2 == 0 ? 1 : -1;
                x[i] = 100 * (i / cols) + sign;
                expected[i] = sign * gamma[i % cols] / 2 + beta[i % cols];
            }
            float[] y = new float[x.length];
            float[] mean = new float[3];
            float[] inverse = new float[3];
            LayerNorm.forward(x, 0, 3, cols, 3, gamma, 0, beta, 0, y, 0, mean, 0, inverse, 0);
            assertArrayEquals(expected, y);
            assertArrayEquals(new float[] {0, 100, 200}, mean);
            assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, inverse);
        }
    }

    /** {@code <dx, u>} is the derivative along u of {@code <dy, y>}; the difference in double is off by less than 1e-6 of the terms. */
    @Test
    void centralDifferences() {
        double h = 0x1p-13;
        for (int cols = 3; cols <= 4 * Simd.LANES + 3; cols++) {
            Case in = Case.of(1, cols);
            in.forward(Guarded.ofNaN(cols), in.mean, in.inverse);
            Guarded dx = Guarded.ofNaN(cols);
            in.gradInput(in.dy, dx, WriteMode.OVERWRITE);
            float[] u = Data.reals(10, cols);
            double expected = (loss(in, u, h) - loss(in, u, -h)) / (2 * h);
            double magnitude = cols * (double) Math.abs(in.inverse.get(0)) * 4;
            assertEquals(expected, Data.dot(dx.values(), u), (40 * Sums.EPS + 1e-6) * magnitude);
        }
    }

    private static double loss(Case in, float[] u, double h) {
        double mean = 0;
        double squares = 0;
        for (int c = 0; c < in.cols; c++) {
            mean += (in.x.get(c) + h * u[c]) / in.cols;
        }
        for (int c = 0; c < in.cols; c++) {
            squares += Math.pow(in.x.get(c) + h * u[c] - mean, 2);
        }
        double loss = 0;
        for (int c = 0; c < in.cols; c++) {
            loss += in.dy.get(c) * in.gamma.get(c) * (in.x.get(c) + h * u[c] - mean) / Math.sqrt(squares / in.cols + EPSILON);
        }
        return loss;
    }

    @Test
    void nothingAndSpecialRows() {
        float[] none = {};
        float[] mean = {7};
        float[] inverse = {7};
        LayerNorm.forward(none, 0, 0, 0, 0, none, 0, none, 0, none, 0, none, 0, none, 0);
        LayerNorm.forward(none, 0, 1, 0, 0, none, 0, none, 0, none, 0, mean, 0, inverse, 0);
        assertEquals(Float.NaN, mean[0] + inverse[0], "the moments of nothing");
        float[] dgamma = {5};
        float[] dbeta = {5};
        LayerNorm.gradParameters(none, 0, none, 0, 0, 1, none, 0, none, 0, dgamma, 0, dbeta, 0, WriteMode.OVERWRITE);
        assertEquals(0, dgamma[0] + dbeta[0]);
        int cols = 2 * Simd.LANES + 3;
        float[] ones = new float[cols];
        Arrays.fill(ones, 1);
        for (int at = 0; at < cols; at++) {
            float[] x = new float[2 * cols];
            x[at] = Float.NaN;
            float[] y = new float[x.length];
            LayerNorm.forward(x, 0, 2, cols, EPSILON, ones, 0, ones, 0, y, 0, new float[2], 0, new float[2], 0);
            for (int i = 0; i < y.length; i++) {
                assertEquals(i < cols ? Float.NaN : 1, y[i]);
            }
        }
    }

    @Test
    void wrongArguments() {
        float[] a = new float[12];
        float[] y = new float[12];
        float[] p = new float[3];
        float[] m = new float[4];
        float[] v = new float[4];
        WriteMode set = WriteMode.OVERWRITE;
        Refused.isNull(() -> LayerNorm.forward(a, 0, 4, 3, 0, p, 0, p, 0, y, 0, null, 0, v, 0), "mean");
        Refused.argument(() -> LayerNorm.forward(a, 0, 4, -3, 0, p, 0, p, 0, y, 0, m, 0, v, 0), "cols", -3);
        Refused.argument(() -> LayerNorm.forward(a, 0, 4, 3, -2, p, 0, p, 0, y, 0, m, 0, v, 0), "epsilon", -2f);
        Refused.bounds(() -> LayerNorm.forward(a, 0, 4, 3, 0, p, 1, p, 0, y, 0, m, 0, v, 0), "gamma", 3, 1);
        Refused.bounds(() -> LayerNorm.forward(a, 0, 4, 3, 0, p, 0, p, 0, y, 0, m, 0, v, 1), "inverseDeviation", 4, 1);
        Refused.argument(() -> LayerNorm.forward(a, 0, 4, 3, 0, p, 0, p, 0, y, 0, m, 0, m, 0), "mean", "inverseDeviation", "overlap");
        Refused.argument(() -> LayerNorm.forward(a, 0, 4, 3, 0, p, 0, p, 0, y, 0, y, 0, v, 0), "mean", "y", "overlap");
        Refused.argument(() -> LayerNorm.forward(a, 0, 4, 3, 0, p, 0, p, 0, y, 0, m, 0, a, 8), "inverseDeviation", "x", "overlap");
        Refused.argument(() -> LayerNorm.forward(a, 0, 4, 3, 0, p, 0, y, 9, y, 0, m, 0, v, 0), "beta", "y", "overlap");
        Refused.argument(() -> LayerNorm.forward(a, 0, 3, 3, 0, p, 0, p, 0, a, 1, m, 0, v, 0), "x", "y", "overlap");
        Refused.argument(() -> LayerNorm.gradParameters(a, 0, a, 0, 4, 3, m, 0, v, 0, p, 0, p, 0, set), "dgamma", "dbeta", "overlap");
        Refused.argument(() -> LayerNorm.gradParameters(a, 0, a, 0, 4, 3, m, 0, v, 0, p, 0, v, 1, set), "inverseDeviation", "dbeta");
        Refused.isNull(() -> LayerNorm.gradParameters(a, 0, a, 0, 4, 3, m, 0, v, 0, p, 0, y, 0, null), "mode");
        Refused.argument(() -> LayerNorm.gradInput(a, 0, y, 0, 3, 3, p, 0, m, 0, v, 0, y, 3, set), "dy", "dx", "overlap");
        Refused.argument(() -> LayerNorm.gradInput(a, 0, a, 0, 4, 3, p, 0, y, 3, v, 0, y, 0, set), "mean", "dx", "overlap");
        Refused.argument(() -> LayerNorm.gradInput(a, 0, a, 0, 4, 3, y, 0, m, 0, v, 0, y, 0, set), "gamma", "dx", "overlap");
        Refused.isNull(() -> LayerNorm.gradInput(a, 0, a, 0, 4, 3, p, 0, m, 0, v, 0, y, 0, null), "mode");
    }
}
