package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Local response normalisation in every remainder of channels against its formula in double, between canaries. */
class LocalResponseNormPlanTest {

    private static final int ROWS = 3;
    private static final float ALPHA = 1.5f;
    private static final float BIAS = 0.75f;

    static IntStream channels() {
        return IntStream.rangeClosed(1, 3 * Simd.LANES + 1);
    }

    private static double base(Guarded x, int i, int channels, int size) {
        double sum = 0;
        for (int other = i % channels - (size - 1) / 2; other <= i % channels + size / 2; other++) {
            sum += other >= 0 && other < channels ? Math.pow(x.get(i - i % channels + other), 2) : 0;
        }
        return BIAS + (double) ALPHA / size * sum;
    }

    @ParameterizedTest
    @MethodSource("channels")
    void forward(int channels) {
        for (int size : new int[] {1, 2, 5, 8}) {
            for (float beta : new float[] {0.75f, 0.5f, 1, 0.3f, -2, 0}) {
                LocalResponseNormPlan plan = new LocalResponseNormPlan(ROWS, channels, size, ALPHA, beta, BIAS);
                Guarded x = Guarded.of(Data.reals(1, plan.length()));
                Guarded y = Guarded.ofNaN(plan.length());
                Guarded scratch = Guarded.ofNaN(plan.forwardScratch());
                plan.forward(x.array(), x.offset(), y.array(), y.offset(), scratch.array(), scratch.offset());
                String what = channels + " channels, size " + size + ", beta " + beta;
                for (int i = 0; i < x.length(); i++) {
                    double expected = x.get(i) / Math.pow(base(x, i, channels, size), beta);
                    double roundings = (size + 4) * Math.abs(beta) + 6;
                    assertEquals(expected, y.get(i), roundings * Sums.EPS * Math.abs(expected), what);
                }
                x.assertUntouched(what);
                y.assertCanaries(what);
                scratch.assertCanaries(what);
                plan.forward(x.array(), x.offset(), x.array(), x.offset(), scratch.array(), scratch.offset());
                assertArrayEquals(y.values(), x.values(), what + ", y over x");
            }
        }
    }

    /** The gradient along a direction, against the difference of the formula in double. */
    @ParameterizedTest
    @MethodSource("channels")
    void gradInput(int channels) {
        for (int size : new int[] {1, 2, 5, 8}) {
            float beta = 0.75f;
            LocalResponseNormPlan plan = new LocalResponseNormPlan(ROWS, channels, size, ALPHA, beta, BIAS);
            Guarded x = Guarded.of(Data.reals(1, plan.length()));
            Guarded dy = Guarded.of(Data.reals(2, plan.length()));
            Guarded dx = Guarded.ofNaN(plan.length());
            Guarded scratch = Guarded.ofNaN(plan.gradInputScratch());
            plan.gradInput(x.array(), x.offset(), dy.array(), dy.offset(), dx.array(), dx.offset(), WriteMode.OVERWRITE,
                    scratch.array(), scratch.offset());
            String what = channels + " channels, size " + size;
            for (int i = 0; i < x.length(); i++) {
                double expected = dy.get(i) * Math.pow(base(x, i, channels, size), -beta);
                double magnitude = Math.abs(expected);
                int row = i - i % channels;
                for (int out = row; out < row + channels; out++) {
                    boolean sees = i >= out - (size - 1) / 2 && i <= out + size / 2;
                    double term = !sees ? 0 : dy.get(out) * x.get(out) * Math.pow(base(x, out, channels, size), -beta - 1)
                            * -2 * ALPHA * beta / size * x.get(i);
                    expected += term;
                    magnitude += Math.abs(term);
                }
                assertEquals(expected, dx.get(i), (2 * size + 20) * Sums.EPS * magnitude, what);
            }
            dx.assertCanaries(what);
            scratch.assertCanaries(what);
            dy.assertUntouched(what);
            float[] once = dx.values();
            plan.gradInput(x.array(), x.offset(), dy.array(), dy.offset(), dx.array(), dx.offset(), WriteMode.ACCUMULATE,
                    scratch.array(), scratch.offset());
            for (int i = 0; i < once.length; i++) {
                assertEquals(2 * once[i], dx.get(i), what + ", added");
            }
            x.assertUntouched(what);
        }
    }

    /** An infinite element is NaN itself, makes 0 of its neighbours, and leaves the others alone. */
    @Test
    void specialValues() {
        LocalResponseNormPlan plan = new LocalResponseNormPlan(1, 20, 3, 1, 0.75f, 1);
        float[] x = new float[20];
        java.util.Arrays.fill(x, 1);
        x[9] = Float.POSITIVE_INFINITY;
        x[2] = Float.NaN;
        float[] y = new float[20];
        plan.forward(x, 0, y, 0, new float[plan.forwardScratch()], 0);
        for (int c = 0; c < 20; c++) {
            if (c == 9 || Math.abs(c - 2) < 2) {
                assertTrue(Float.isNaN(y[c]), "at " + c + ": " + y[c]);
            } else {
                assertTrue(Math.abs(c - 9) < 2 ? y[c] == 0 : y[c] > 0.5 && y[c] < 1, "at " + c + ": " + y[c]);
            }
        }
    }

    @Test
    void refused() {
        Refused.argument(() -> new LocalResponseNormPlan(1, 4, 0, 1, 1, 1), "size is 0", "at least 1");
        Refused.argument(() -> new LocalResponseNormPlan(0, 4, 1, 1, 1, 1), "rows is 0", "at least 1");
        Refused.argument(() -> new LocalResponseNormPlan(1, 4, 1, Float.NaN, 1, 1), "alpha is NaN", "finite");
        Refused.argument(() -> new LocalResponseNormPlan(1, 4, 1, 1, Float.POSITIVE_INFINITY, 1), "beta is Infinity", "finite");
        Refused.argument(() -> new LocalResponseNormPlan(1, 4, 1, 1, 1, Float.NEGATIVE_INFINITY), "bias is -Infinity", "finite");
        LocalResponseNormPlan plan = new LocalResponseNormPlan(1, 4, 3, 1, 1, 1);
        float[] a = new float[40];
        float[] b = new float[40];
        Refused.bounds(() -> plan.forward(a, 37, a, 0, b, 0), "x needs 4", "offset 37", "length 40");
        Refused.bounds(() -> plan.forward(a, 0, a, 4, b, 39), "scratch needs 14", "offset 39", "length 40");
        Refused.argument(() -> plan.forward(a, 0, a, 2, b, 0), "x [0, 4)", "y [2, 6)", "overlap");
        Refused.argument(() -> plan.forward(a, 0, b, 2, b, 5), "y [2, 6)", "scratch [5, 19)", "overlap");
        Refused.argument(() -> plan.gradInput(a, 0, a, 4, a, 6, WriteMode.OVERWRITE, b, 0), "dy [4, 8)", "dx [6, 10)", "overlap");
        Refused.isNull(() -> plan.gradInput(a, 0, a, 4, a, 8, null, b, 0), "mode");
        // a window beyond all channels takes no more room than they do
        assertEquals(2 * 4 + 3 + 3 + 4, new LocalResponseNormPlan(1, 4, Integer.MAX_VALUE, 1, 1, 1).forwardScratch());
    }
}
