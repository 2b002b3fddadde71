package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import lanewise.oracle.Data;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every gradient against central differences of the formula in double, and at the points where those say nothing. */
class EltwiseGradientTest {

    private static final List<EltwiseFunction> ALL = EltwiseFunction.ALL;
    private static final int LENGTH = 5000;
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    /** Some roundings of x, f' and their product: 8 eps of the larger one, far above the error of the difference. */
    @ParameterizedTest
    @FieldSource("ALL")
    void centralDifferences(EltwiseFunction function) {
        float[] x = function.arguments(1, LENGTH);
        float[] v = function.gradientArguments(x);
        float[] dy = Data.reals(2, LENGTH);
        float[] dx = new float[LENGTH];
        Arrays.fill(dx, NAN);
        function.gradient().run(v, 0, dy, 0, dx, 0, LENGTH, WriteMode.OVERWRITE);
        float[] old = Data.reals(3, LENGTH);
        float[] sum = old.clone();
        function.gradient().run(v, 0, dy, 0, sum, 0, LENGTH, WriteMode.ACCUMULATE);
        double largest = 0;
        for (int i = 0; i < LENGTH; i++) {
            double slope = function.derivative(x[i]);
            double tolerance = 8 * Sums.EPS * (1 + Math.abs(x[i])) * Math.max(1, Math.abs(slope)) * Math.abs(dy[i]);
            assertEquals(dy[i] * slope, dx[i], tolerance, function + " at " + x[i]);
            assertEquals(old[i] + dx[i], sum[i], "accumulated");
            largest = Math.max(largest, Math.abs(dx[i]));
        }
        if (!Set.of("FLOOR", "CEIL", "ROUND", "SIGN").contains(function.name())) {
            assertTrue(largest > 0.1, "all gradients are small");
        }
    }

    @Test
    void atKinksAndInfinitiesAndNaN() {
        float[] values = {-INF, -3, -0f, 0, 3, INF, NAN};
        assertGradient("relu", values, 0, 0, 0, 0, 1, 1, 1);
        assertGradient("leakyRelu", values, 0.01f, 0.01f, 1, 1, 1, 1, 1);
        assertGradient("clip", new float[] {-2, -0f, 3, NAN}, 0, 1, 0, 1);
        assertGradient("hardSigmoid", new float[] {0, 0.5f, 1, NAN}, 0, 1 / 6f, 0, 1 / 6f);
        assertGradient("hardSwish", values, 0, 0, 0.5f, 0.5f, 1, 1, NAN);
        assertGradient("softplus", new float[] {-INF, -0f, 0, INF, NAN}, 0, 0.5f, 0.5f, 1, NAN);
        for (String gated : List.of("silu", "gelu", "geluTanh")) {
            float[] wide = {-INF, -Float.MAX_VALUE, -0f, 0, Float.MAX_VALUE, INF, NAN};
            assertGradient(gated, wide, 0, 0, 0.5f, 0.5f, 1, 1, NAN);
        }
        assertGradient("sigmoid", new float[] {0, 0.5f, 1, NAN}, 0, 0.25f, 0, NAN);
        assertGradient("tanh", new float[] {-1, 0, 1, NAN}, 0, 1, 0, NAN);
        assertGradient("elu", new float[] {-1.5f, -0f, 0, INF, NAN}, 0, 1, 1, 1, 1);
        assertGradient("selu", new float[] {-1.875f, -0f, 0, INF, NAN}, 0, 1.25f, 1.25f, 1.25f, 1.25f);
        assertGradient("celu", new float[] {-1.5f, -0f, 0, INF, NAN}, 0, 1, 1, 1, 1);
        assertGradient("thresholdedRelu", new float[] {-INF, 0.01f, 1, INF, NAN}, 0, 0, 1, 1, 1);
        assertGradient("hardSigmoidOf", new float[] {0, 0.5f, 1, NAN}, 0, 0.25f, 0, 0.25f);
        assertGradient("ABS", values, -1, -1, 0, 0, 1, 1, NAN);
        for (String gated : List.of("siluOf", "MISH")) {
            float[] wide = {-INF, -Float.MAX_VALUE, Float.MAX_VALUE, INF, NAN};
            assertGradient(gated, wide, 0, 0, 1, 1, NAN);
        }
        assertGradient("ERF", new float[] {-INF, INF, NAN}, 0, 0, NAN);
        assertGradient("SOFTSIGN", new float[] {-INF, 0, INF, NAN}, 0, 1, 0, NAN);
        assertGradient("exp", new float[] {0, 1, INF, NAN}, 0, 1, INF, NAN);
        assertGradient("log", new float[] {0, -0f, 1, INF, NAN}, INF, -INF, 1, 0, NAN);
        assertGradient("sqrt", new float[] {0, 1, INF, NAN}, INF, 0.5f, 0, NAN);
    }

    /** An infinite bound of clip is none. */
    @Test
    void clipWithoutBounds() {
        float[] dx = new float[3];
        float[] y = {-INF, 0, INF};
        Eltwise.clipGradInput(-INF, INF, y, 0, new float[] {1, 2, 3}, 0, dx, 0, 3, WriteMode.OVERWRITE);
        assertEquals(List.of(1f, 2f, 3f), List.of(dx[0], dx[1], dx[2]));
    }

    private static void assertGradient(String name, float[] v, float... expected) {
        EltwiseFunction function = ALL.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
        float[] dy = new float[v.length];
        Arrays.fill(dy, 1);
        float[] dx = new float[v.length];
        function.gradient().run(v, 0, dy, 0, dx, 0, v.length, WriteMode.OVERWRITE);
        for (int i = 0; i < v.length; i++) {
            int at = i;
            assertEquals(expected[i] + 0f, dx[i] + 0f, () -> name + "' at " + v[at]);
        }
    }
}
