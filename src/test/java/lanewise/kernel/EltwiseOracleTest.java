package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.stream.Stream;
import lanewise.oracle.ActivationOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every element-wise function against its formula in double, over all magnitudes of floats, and at the special values. */
class EltwiseOracleTest {

    private static final List<EltwiseFunction> ALL = EltwiseFunction.ALL;
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;
    private static final float TINY = Float.MIN_VALUE;
    private static final float MAX = Float.MAX_VALUE;

    /** Every 9973rd float by its bits: both signs, subnormals and infinities among them; the last few are all taken. */
    @ParameterizedTest
    @FieldSource("ALL")
    void errorIsBelowTheDocumentedOne(EltwiseFunction function) {
        int count = 0;
        float[] x = new float[1 << 12];
        float[] y = new float[x.length];
        for (long bits = 0; bits < 1L << 32; ) {
            for (int i = 0; i < x.length; i++, bits += 9973) {
                x[i] = Float.intBitsToFloat((int) bits);
            }
            function.map().run(x, 0, y, 0, x.length);
            for (int i = 0; i < x.length; i++) {
                count += assertClose(function, x[i], y[i]);
            }
        }
        assertTrue(count > 200_000, "tried " + count);
    }

    /** Where the errors are largest: arguments of common size, much more densely. */
    @ParameterizedTest
    @FieldSource("ALL")
    void errorIsBelowTheDocumentedOneNearZero(EltwiseFunction function) {
        float[] x = new float[1 << 18];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - x.length / 2) * (20f / x.length);
        }
        float[] y = new float[x.length];
        function.map().run(x, 0, y, 0, x.length);
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            count += assertClose(function, x[i], y[i]);
        }
        assertTrue(count > x.length / 3, "tried " + count);
    }

    private static int assertClose(EltwiseFunction function, float x, float y) {
        double expected = function.f().applyAsDouble(x);
        if (Double.isNaN(expected)) {
            assertTrue(Float.isNaN(y), () -> function + "(" + x + ") is " + y + ", must be NaN");
            return 0;
        }
        boolean right = Float.isInfinite((float) expected) ? y == (float) expected
                : Math.abs(y - expected) <= function.tolerance().applyAsDouble(x, expected);
        if (!right) {
            fail(function + "(" + x + ") is " + y + ", must be " + expected);
        }
        return 1;
    }

    record Special(String name, float[] expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final float[] SPECIAL = {NAN, -INF, -MAX, -TINY, -0f, 0f, TINY, MAX, INF};

    static Stream<Special> specials() {
        return Stream.of(
                new Special("relu", new float[] {NAN, 0, 0, 0, -0f, 0, TINY, MAX, INF}),
                new Special("leakyRelu", new float[] {NAN, -INF, 0.01f * -MAX, -0f, -0f, 0, TINY, MAX, INF}),
                new Special("clip", new float[] {NAN, -2, -2, -TINY, -0f, 0, TINY, 3, 3}),
                new Special("hardSigmoid", new float[] {NAN, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1}),
                new Special("hardSwish", new float[] {NAN, 0, 0, -0f, -0f, 0, TINY, MAX, INF}),
                new Special("exp", new float[] {NAN, 0, 0, 1, 1, 1, 1, INF, INF}),
                new Special("log", new float[] {NAN, NAN, NAN, NAN, -INF, -INF, (float) Math.log(TINY), (float) Math.log(MAX),
                    INF}),
                new Special("sqrt", new float[] {NAN, NAN, NAN, NAN, -0f, 0, (float) Math.sqrt(TINY), (float) Math.sqrt(MAX), INF}),
                new Special("sigmoid", new float[] {NAN, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1}),
                new Special("tanh", new float[] {NAN, -1, -1, -TINY, -0f, 0, TINY, 1, 1}),
                new Special("elu", new float[] {NAN, -1.5f, -1.5f, 1.5f * -TINY, -0f, 0, TINY, MAX, INF}),
                new Special("selu", new float[] {NAN, -1.875f, -1.875f, 1.875f * -TINY, -0f, 0, TINY, INF, INF}),
                new Special("celu", new float[] {NAN, -1.5f, -1.5f, -TINY, -0f, 0, TINY, MAX, INF}),
                new Special("thresholdedRelu", new float[] {NAN, 0, 0, 0, 0, 0, 0, MAX, INF}),
                new Special("hardSigmoidOf", new float[] {NAN, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1}),
                new Special("siluOf", new float[] {NAN, 0, 0, -0f, -0f, 0, TINY, MAX, INF}),
                new Special("ABS", new float[] {NAN, INF, MAX, TINY, 0, 0, TINY, MAX, INF}),
                new Special("NEGATE", new float[] {NAN, INF, MAX, TINY, 0, -0f, -TINY, -MAX, -INF}),
                new Special("RECIPROCAL", new float[] {NAN, -0f, 1 / -MAX, -INF, -INF, INF, INF, 1 / MAX, 0}),
                new Special("EXP", new float[] {NAN, 0, 0, 1, 1, 1, 1, INF, INF}),
                new Special("LOG", new float[] {NAN, NAN, NAN, NAN, -INF, -INF, (float) Math.log(TINY), (float) Math.log(MAX), INF}),
                new Special("SQRT", new float[] {NAN, NAN, NAN, NAN, -0f, 0, (float) Math.sqrt(TINY), (float) Math.sqrt(MAX), INF}),
                new Special("ERF", new float[] {NAN, -1, -1, -TINY, -0f, 0, TINY, 1, 1}),
                new Special("FLOOR", new float[] {NAN, -INF, -MAX, -1, -0f, 0, 0, MAX, INF}),
                new Special("CEIL", new float[] {NAN, -INF, -MAX, -0f, -0f, 0, 1, MAX, INF}),
                new Special("ROUND", new float[] {NAN, -INF, -MAX, -0f, -0f, 0, 0, MAX, INF}),
                new Special("SIGN", new float[] {NAN, -1, -1, -1, -0f, 0, 1, 1, 1}),
                new Special("SIN", new float[] {NAN, NAN, (float) Math.sin(-MAX), -TINY, -0f, 0, TINY, (float) Math.sin(MAX), NAN}),
                new Special("COS", new float[] {NAN, NAN, (float) Math.cos(-MAX), 1, 1, 1, 1, (float) Math.cos(MAX), NAN}),
                new Special("SOFTSIGN", new float[] {NAN, -1, -1, -TINY, -0f, 0, TINY, 1, 1}),
                new Special("MISH", new float[] {NAN, -0f, -0f, -0f, -0f, 0, TINY, MAX, INF}),
                new Special("softplus", new float[] {NAN, 0, 0, (float) Math.log(2), (float) Math.log(2), (float) Math.log(2),
                    (float) Math.log(2), MAX, INF}),
                new Special("silu", new float[] {NAN, 0, 0, -0f, -0f, 0, TINY, MAX, INF}),
                new Special("gelu", new float[] {NAN, 0, 0, -0f, -0f, 0, TINY, MAX, INF}),
                new Special("geluTanh", new float[] {NAN, 0, 0, -0f, -0f, 0, TINY, MAX, INF}));
    }

    @Test
    void everyFunctionHasSpecialValues() {
        assertEquals(ALL.stream().map(EltwiseFunction::name).sorted().toList(), specials().map(Special::name).sorted().toList());
    }

    /** Zeros of the right sign where the table says so; subnormals may be one step off. */
    @ParameterizedTest
    @MethodSource("specials")
    void specialValues(Special special) {
        EltwiseFunction function = ALL.stream().filter(f -> f.name().equals(special.name())).findFirst().orElseThrow();
        float[] y = new float[SPECIAL.length];
        function.map().run(SPECIAL, 0, y, 0, y.length);
        for (int i = 0; i < y.length; i++) {
            float expected = special.expected()[i];
            float error = y[i] == expected ? 0 : Math.abs(y[i] - expected);
            String what = special + "(" + SPECIAL[i] + ") is " + y[i] + ", must be " + expected;
            if (Math.abs(expected) <= 2 * TINY && SPECIAL[i] != 0) {
                assertTrue(error <= TINY, what);
            } else if (expected == 0 || Float.isNaN(expected) || Float.isInfinite(expected)) {
                assertEquals(Float.toString(expected), Float.toString(y[i]), what);
            } else {
                assertTrue(error <= 2 * Math.ulp(expected), what);
            }
        }
    }

    /** The choice by {@link Activation}, which convolutions use, is the function of that name. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void activation(Activation activation) {
        float[] x = Data.reals(3, 100);
        for (int i = 0; i < x.length; i++) {
            x[i] *= 8;
        }
        float[] y = new float[x.length];
        Eltwise.forward(activation, x, 0, y, 0, x.length);
        float[] dy = Data.reals(4, x.length);
        float[] dx = new float[x.length];
        Eltwise.gradInput(activation, activation.gradInputReadsOutput() ? y : x, 0, dy, 0, dx, 0, x.length, WriteMode.OVERWRITE);
        float[] old = Data.reals(5, x.length);
        float[] sum = old.clone();
        Eltwise.gradInput(activation, activation.gradInputReadsOutput() ? y : x, 0, dy, 0, sum, 0, x.length, WriteMode.ACCUMULATE);
        double step = EltwiseFunction.STEP;
        for (int i = 0; i < x.length; i++) {
            double scale = Sums.EPS * (1 + Math.abs(x[i]));
            assertEquals(ActivationOracle.apply(activation, x[i]), y[i], 4 * scale);
            double rise = ActivationOracle.apply(activation, x[i] + step) - ActivationOracle.apply(activation, x[i] - step);
            assertEquals(dy[i] * rise / (2 * step), dx[i], 8 * scale);
            assertEquals(old[i] + dx[i], sum[i]);
        }
    }
}
