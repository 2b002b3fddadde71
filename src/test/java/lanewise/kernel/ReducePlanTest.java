package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every reduction and its gradient over rows, columns and scattered axes in every remainder size, against its definition in double. */
class ReducePlanTest {

    private static final boolean[] ROWS = {false, true};
    private static final boolean[] COLUMNS = {true, false};

    private static double oracle(ReduceFunction function, List<Double> met) {
        double[] v = met.stream().mapToDouble(i -> i).toArray();
        return switch (function) {
            case MEAN -> Arrays.stream(v).sum() / v.length;
            case SUM -> Arrays.stream(v).sum();
            case MAX -> Arrays.stream(v).max().orElseThrow();
            case MIN -> Arrays.stream(v).min().orElseThrow();
            case PRODUCT -> Arrays.stream(v).reduce(1, (a, b) -> a * b);
            case L1 -> Arrays.stream(v).map(Math::abs).sum();
            case L2 -> Math.sqrt(Arrays.stream(v).map(a -> a * a).sum());
            case SUM_SQUARE -> Arrays.stream(v).map(a -> a * a).sum();
            case LOG_SUM_EXP -> Math.log(Arrays.stream(v).map(Math::exp).sum());
        };
    }

    /** The output that each element is part of. */
    private static int[] outputs(int batch, int[] sizes, boolean... reduced) {
        int length = 1;
        int kept = 1;
        for (int axis = 0; axis < sizes.length; axis++) {
            length *= sizes[axis];
            kept *= reduced[axis] ? 1 : sizes[axis];
        }
        int[] outputs = new int[batch * length];
        for (int at = 0; at < outputs.length; at++) {
            int rest = at % length;
            int stride = 1;
            outputs[at] = at / length * kept;
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                outputs[at] += reduced[axis] ? 0 : rest % sizes[axis] * stride;
                stride *= reduced[axis] ? 1 : sizes[axis];
                rest /= sizes[axis];
            }
        }
        return outputs;
    }

    private static List<List<Double>> met(Guarded x, int[] outputs, int count) {
        List<List<Double>> met = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            met.add(new ArrayList<>());
        }
        for (int at = 0; at < outputs.length; at++) {
            met.get(outputs[at]).add((double) x.get(at));
        }
        return met;
    }

    /** The derivative by an element that is like no other of those that meet. */
    private static double slope(ReduceFunction function, List<Double> met, double v, double y) {
        return switch (function) {
            case MEAN -> 1.0 / met.size();
            case SUM -> 1;
            case MAX, MIN -> v == y ? 1 : 0;
            case PRODUCT -> met.stream().filter(other -> other != v).reduce(1.0, (a, b) -> a * b);
            case L1 -> Math.signum(v);
            case L2 -> v / y;
            case SUM_SQUARE -> 2 * v;
            case LOG_SUM_EXP -> Math.exp(v - y);
        };
    }

    /** Overwritten and added to; y is the oracle's, rounded. */
    private static void assertGradient(ReduceFunction function, int batch, int[] sizes, boolean... reduced) {
        String what = function + " of " + batch + " x " + Arrays.toString(sizes) + " along " + Arrays.toString(reduced);
        ReducePlan plan = ReducePlan.of(function, batch, sizes, reduced);
        int[] outputs = outputs(batch, sizes, reduced);
        Guarded x = Guarded.of(Data.reals(1, outputs.length));
        Guarded dy = Guarded.of(Data.reals(2, plan.outputLength()));
        List<List<Double>> met = met(x, outputs, plan.outputLength());
        float[] rounded = new float[plan.outputLength()];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) oracle(function, met.get(i));
        }
        Guarded y = Guarded.of(rounded);
        for (WriteMode mode : WriteMode.values()) {
            boolean added = mode == WriteMode.ACCUMULATE;
            Guarded dx = added ? Guarded.of(Data.reals(3, x.length())) : Guarded.ofNaN(x.length());
            plan.gradInput(x.array(), x.offset(), y.array(), y.offset(), dy.array(), dy.offset(), dx.array(), dx.offset(), mode);
            for (int at = 0; at < x.length(); at++) {
                double output = oracle(function, met.get(outputs[at]));
                double gradient = dy.get(outputs[at]) * slope(function, met.get(outputs[at]), x.get(at), output);
                double old = added ? dx.original()[at] : 0;
                // y, a slope and a product are rounded, and a sum; in an exponent the roundings of y and of v - y count in full;
                // below all floats there is none
                double power = function == ReduceFunction.LOG_SUM_EXP ? Math.abs(output) + Math.abs(x.get(at) - output) : 0;
                double bound = Sums.EPS / 2 * ((3 + power) * Math.abs(gradient) + (added ? Math.abs(old + gradient) : 0)) + Float.MIN_VALUE;
                assertEquals(old + gradient, dx.get(at), bound, what + " " + mode + " at " + at);
            }
            dx.assertCanaries(what);
        }
        for (Guarded in : new Guarded[] {x, y, dy}) {
            in.assertUntouched(what);
        }
    }

    private static void assertForward(ReduceFunction function, int batch, int[] sizes, boolean... reduced) {
        String what = function + " of " + batch + " x " + Arrays.toString(sizes) + " along " + Arrays.toString(reduced);
        int[] outputs = outputs(batch, sizes, reduced);
        Guarded x = Guarded.of(Data.reals(1, outputs.length));
        ReducePlan plan = ReducePlan.of(function, batch, sizes, reduced);
        List<List<Double>> met = met(x, outputs, plan.outputLength());
        Guarded y = Guarded.ofNaN(plan.outputLength());
        plan.forward(x.array(), x.offset(), y.array(), y.offset());
        for (int i = 0; i < y.length(); i++) {
            double size = met.get(i).stream().mapToDouble(Math::abs).sum() + 1;
            double expected = oracle(function, met.get(i));
            assertEquals(expected, y.get(i), 4 * Sums.EPS * size, what + " at " + i);
        }
        y.assertCanaries(what);
        x.assertUntouched(what);
    }

    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void remainders(ReduceFunction function) {
        for (int n = 1; n <= 2 * Simd.LANES + 1; n++) {
            assertForward(function, 1, new int[] {3, n}, ROWS);
            assertForward(function, 2, new int[] {3, n}, COLUMNS);
            assertForward(function, 1, new int[] {n, 3}, COLUMNS);
            assertForward(function, 2, new int[] {n, 5, 3}, false, true, false);
        }
        for (int n : new int[] {4 * Simd.LANES, 8 * Simd.LANES + 3, 1000}) {
            assertForward(function, 2, new int[] {2, n}, ROWS);
            assertForward(function, 2, new int[] {4, n}, COLUMNS);
        }
    }

    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void scatteredAxes(ReduceFunction function) {
        for (int mask = 0; mask < 16; mask++) {
            boolean[] reduced = {(mask & 8) > 0, (mask & 4) > 0, (mask & 2) > 0, (mask & 1) > 0};
            assertForward(function, 2, new int[] {3, 2, 4, 5}, reduced);
            assertForward(function, 1, new int[] {2, 1, 3, 1}, reduced);
        }
    }

    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void gradientsOfScatteredAxes(ReduceFunction function) {
        for (int mask = 0; mask < 16; mask++) {
            boolean[] reduced = {(mask & 8) > 0, (mask & 4) > 0, (mask & 2) > 0, (mask & 1) > 0};
            assertGradient(function, 2, new int[] {3, 2, 4, 5}, reduced);
            assertGradient(function, 1, new int[] {2, 1, 3, 1}, reduced);
        }
    }

    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void gradientsOfRemainders(ReduceFunction function) {
        for (int n = 1; n <= 2 * Simd.LANES + 1; n++) {
            assertGradient(function, 1, new int[] {3, n}, ROWS);
            assertGradient(function, 2, new int[] {3, n}, COLUMNS);
            assertGradient(function, 2, new int[] {n, 5, 3}, false, true, false);
        }
    }

    /** What is not a number, or beyond all numbers, has its effect. */
    @Test
    void specialValues() {
        float inf = Float.POSITIVE_INFINITY;
        float nan = Float.NaN;
        float[] x = {1, nan, 3, inf, 1, 2, -inf, -inf, -inf, 100, 100, 100};
        assertArrayEquals(new float[] {nan, inf, -inf, (float) (100 + Math.log(3))}, run(ReduceFunction.LOG_SUM_EXP, x));
        assertArrayEquals(new float[] {nan, inf, -inf, 100}, run(ReduceFunction.MAX, x));
        assertArrayEquals(new float[] {nan, 1, -inf, 100}, run(ReduceFunction.MIN, x));
        assertArrayEquals(new float[] {nan, inf, -inf, 300}, run(ReduceFunction.SUM, x));
        assertArrayEquals(new float[] {nan, inf, inf, 300}, run(ReduceFunction.L1, x));
    }

    /** By rows, by columns and by tables the same. */
    private static float[] run(ReduceFunction function, float[] x) {
        int rows = x.length / 3;
        float[] y = new float[rows];
        ReducePlan.of(function, 1, new int[] {rows, 3}, ROWS).forward(x, 0, y, 0);
        float[] transposed = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            transposed[i % 3 * rows + i / 3] = x[i];
        }
        float[] z = new float[rows];
        ReducePlan.of(function, 1, new int[] {3, rows}, COLUMNS).forward(transposed, 0, z, 0);
        assertArrayEquals(y, z, function + " by columns");
        return y;
    }

    /** Equal extremes: the first has the gradient. Zeros: only where nothing else is 0 is there a gradient of a product. */
    @Test
    void gradientsWhereOneMustChoose() {
        assertArrayEquals(new float[] {0, 1, 0, 0}, gradient(ReduceFunction.MAX, 1, 3, 3, 2));
        assertArrayEquals(new float[] {1, 0, 0, 0}, gradient(ReduceFunction.MIN, 1, 3, 1, 2));
        assertArrayEquals(new float[] {0, 1, 0, 0}, gradient(ReduceFunction.MAX, 1, Float.NaN, 3, 2));
        assertArrayEquals(new float[] {24, 12, 8, 6}, gradient(ReduceFunction.PRODUCT, 1, 2, 3, 4));
        assertArrayEquals(new float[] {0, 12, 0, 0}, gradient(ReduceFunction.PRODUCT, 1, 0, 3, 4));
        assertArrayEquals(new float[] {0, 0, 0, 0}, gradient(ReduceFunction.PRODUCT, 1, 0, 0, 4));
        assertArrayEquals(new float[] {0, 0, 0, 0}, gradient(ReduceFunction.L2, 0, 0, 0, 0));
        assertArrayEquals(new float[] {-1, 0, 1, 1}, gradient(ReduceFunction.L1, -2, 0, 3, 4));
    }

    private static float[] gradient(ReduceFunction function, float... x) {
        ReducePlan plan = ReducePlan.of(function, 1, new int[] {x.length}, new boolean[] {true});
        float[] y = new float[1];
        plan.forward(x, 0, y, 0);
        float[] dx = new float[x.length];
        Arrays.fill(dx, Float.NaN);
        plan.gradInput(x, 0, y, 0, new float[] {1}, 0, dx, 0, WriteMode.OVERWRITE);
        return dx;
    }

    @Test
    void refusals() {
        int[] sizes = {2, 3};
        Refused.isNull(() -> ReducePlan.of(null, 1, sizes, ROWS), "function");
        Refused.isNull(() -> ReducePlan.of(ReduceFunction.SUM, 1, null, ROWS), "sizes");
        Refused.isNull(() -> ReducePlan.of(ReduceFunction.SUM, 1, sizes, null), "reduced");
        Refused.argument(() -> ReducePlan.of(ReduceFunction.SUM, 0, sizes, ROWS), "batch", 0);
        Refused.argument(() -> ReducePlan.of(ReduceFunction.SUM, 1, new int[] {2, 0}, ROWS), "size", 0);
        Refused.argument(() -> ReducePlan.of(ReduceFunction.SUM, 1, new int[] {2}, ROWS), "1 sizes", "2 flags");
        Refused.argument(() -> ReducePlan.of(ReduceFunction.SUM, 1 << 20, new int[] {1, 1 << 20}, ROWS), "1048576, 1048576");
        ReducePlan plan = ReducePlan.of(ReduceFunction.SUM, 1, sizes, ROWS);
        float[] x = new float[8];
        float[] y = new float[2];
        Refused.isNull(() -> plan.forward(null, 0, y, 0), "x");
        Refused.bounds(() -> plan.forward(x, 3, y, 0), "x needs 6", 8);
        Refused.bounds(() -> plan.forward(x, 0, y, 1), "y needs 2", 2);
        Refused.argument(() -> plan.forward(x, 0, x, 5), "x [0, 6) and y [5, 7)");
        Refused.argument(() -> plan.gradInput(x, 0, y, 0, y, 0, x, 2, WriteMode.OVERWRITE), "x [0, 6) and dx [2, 8)");
        float[] dx = new float[7];
        WriteMode set = WriteMode.OVERWRITE;
        Refused.isNull(() -> plan.gradInput(null, 0, y, 0, y, 0, dx, 0, set), "x");
        Refused.isNull(() -> plan.gradInput(x, 0, null, 0, y, 0, dx, 0, set), "y");
        Refused.isNull(() -> plan.gradInput(x, 0, y, 0, null, 0, dx, 0, set), "dy");
        Refused.isNull(() -> plan.gradInput(x, 0, y, 0, y, 0, null, 0, set), "dx");
        Refused.bounds(() -> plan.gradInput(x, 3, y, 0, y, 0, dx, 0, set), "x needs 6", "offset 3", 8);
        Refused.bounds(() -> plan.gradInput(x, 0, y, 1, y, 0, dx, 0, set), "y needs 2", "offset 1");
        Refused.bounds(() -> plan.gradInput(x, 0, y, 0, y, -1, dx, 0, set), "dy offset is -1");
        Refused.bounds(() -> plan.gradInput(x, 0, y, 0, y, 0, dx, 2, set), "dx needs 6", "offset 2", 7);
        Refused.argument(() -> plan.gradInput(x, 0, dx, 5, y, 0, dx, 0, set), "y [5, 7) and dx [0, 6)");
        Refused.argument(() -> plan.gradInput(x, 0, y, 0, dx, 0, dx, 1, set), "dy [0, 2) and dx [1, 7)");
        Refused.isNull(() -> plan.gradInput(x, 0, y, 0, y, 0, new float[6], 0, null), "mode");
    }
}
