package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function over every way in which two shapes can meet, against a loop by indices: values bit by bit, gradients by sums in double. */
class BroadcastPlanTest {

    record Pair(int[] a, int[] b) {
        @Override
        public String toString() {
            return Arrays.toString(a) + " and " + Arrays.toString(b);
        }
    }

    private static Pair pair(int[] a, int... b) {
        return new Pair(a, b);
    }

    static Stream<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (int n = 1; n <= 2 * Simd.LANES + 1; n++) { // remainders of vectors, and of the rows that a tile holds
            pairs.add(pair(new int[] {n}, n));
            pairs.add(pair(new int[] {5, n}, n));
            pairs.add(pair(new int[] {n}, 129, n));
            pairs.add(pair(new int[] {3, n}, 3, 1));
        }
        for (int n : new int[] {255, 256, 257, 1024, 1025, 2050}) {
            pairs.add(pair(new int[] {5, n}, n));
            pairs.add(pair(new int[] {3, 1}, 3, n));
            pairs.add(pair(new int[] {n}, 1));
        }
        pairs.add(pair(new int[] {2, 3, 4, 5}, 1, 3, 1, 5));
        pairs.add(pair(new int[] {2, 1, 4, 1}, 3, 1, 5));
        pairs.add(pair(new int[] {2, 3, 1, 5}, 2, 1, 4, 1));
        pairs.add(pair(new int[] {2, 1, 1, 1}, 2, 3, 4, 5));
        pairs.add(pair(new int[] {1, 1}, 1, 1, 1));
        pairs.add(pair(new int[] {2, 3, 4}, 2, 1, 4));
        pairs.add(pair(new int[] {3, 1, 5, 1}, 1, 4, 1, 6));
        return pairs.stream();
    }

    private final Workspace workspace = new Workspace(1024, Threads.one());

    /** For each element of the output the index of its part of {@code dims}. */
    private static int[] sources(int[] out, int[] dims) {
        int length = Arrays.stream(out).reduce(1, (i, j) -> i * j);
        int[] sources = new int[length];
        for (int at = 0; at < length; at++) {
            int rest = at;
            int stride = 1;
            for (int i = 1; i <= out.length; i++) {
                int size = i <= dims.length ? dims[dims.length - i] : 1;
                sources[at] += size == 1 ? 0 : rest % out[out.length - i] * stride;
                rest /= out[out.length - i];
                stride *= size;
            }
        }
        return sources;
    }

    /** Positive, so that powers exist, but for PRELU. */
    private static float[] values(BinaryFunction function, long seed, int length) {
        float[] x = Data.reals(seed, length);
        for (int i = 0; i < length && function != BinaryFunction.PRELU; i++) {
            x[i] = Math.abs(x[i]) + 0.5f;
        }
        return x;
    }

    private static int length(int[] dims) {
        return Arrays.stream(dims).reduce(1, (i, j) -> i * j);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void forward(Pair pair) {
        for (BinaryFunction function : BinaryFunction.values()) {
            String what = function + " " + pair;
            BroadcastPlan plan = BroadcastPlan.of(function, pair.a, pair.b);
            Guarded a = Guarded.of(values(function, 1, length(pair.a)));
            Guarded b = Guarded.of(values(function, 2, length(pair.b)));
            int[] aSources = sources(plan.dims(), pair.a);
            int[] bSources = sources(plan.dims(), pair.b);
            float[] expected = new float[aSources.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = function.apply(a.get(aSources[i]), b.get(bSources[i]));
            }
            Guarded y = Guarded.ofNaN(expected.length);
            Arrays.fill(workspace.floats(), Float.NaN);
            plan.forward(a.array(), a.offset(), b.array(), b.offset(), y.array(), y.offset(), workspace);
            assertArrayEquals(expected, y.values(), what);
            y.assertCanaries(what);
            a.assertUntouched(what);
            b.assertUntouched(what);
            if (a.length() == y.length()) {
                plan.forward(a.array(), a.offset(), b.array(), b.offset(), a.array(), a.offset(), workspace);
                assertArrayEquals(expected, a.values(), what + " in place of a");
                a.assertCanaries(what);
            }
            if (b.length() == y.length()) {
                Guarded again = Guarded.of(a.original());
                plan.forward(again.array(), again.offset(), b.array(), b.offset(), b.array(), b.offset(), workspace);
                assertArrayEquals(expected, b.values(), what + " in place of b");
                b.assertCanaries(what);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void gradients(Pair pair) {
        for (BinaryFunction function : BinaryFunction.values()) {
            BroadcastPlan plan = BroadcastPlan.of(function, pair.a, pair.b);
            Guarded a = Guarded.of(values(function, 1, length(pair.a)));
            Guarded b = Guarded.of(values(function, 2, length(pair.b)));
            Guarded dy = Guarded.of(Data.reals(3, length(plan.dims())));
            for (boolean ofA : new boolean[] {true, false}) {
                String what = function + " " + pair + (ofA ? " by a" : " by b");
                Sums sums = gradient(function, pair, plan.dims(), a, b, dy, ofA);
                Guarded d = Guarded.ofNaN(sums.length());
                run(plan, ofA, a, b, dy, d, WriteMode.OVERWRITE);
                sums.plusRoundings(8).assertClose(d, what);
                d.assertCanaries(what);
                float[] old = Data.reals(4, sums.length());
                Guarded more = Guarded.of(old);
                run(plan, ofA, a, b, dy, more, WriteMode.ACCUMULATE);
                sums.plusRows(old).plusRoundings(8).assertClose(more, what + ", added");
            }
            dy.assertUntouched(pair);
        }
    }

    private void run(BroadcastPlan plan, boolean ofA, Guarded a, Guarded b, Guarded dy, Guarded d, WriteMode mode) {
        if (ofA) {
            plan.gradA(a.array(), a.offset(), b.array(), b.offset(), dy.array(), dy.offset(), d.array(), d.offset(), mode, workspace);
        } else {
            plan.gradB(a.array(), a.offset(), b.array(), b.offset(), dy.array(), dy.offset(), d.array(), d.offset(), mode, workspace);
        }
    }

    private static Sums gradient(BinaryFunction function, Pair pair, int[] dims, Guarded a, Guarded b, Guarded dy, boolean ofA) {
        int[] aSources = sources(dims, pair.a);
        int[] bSources = sources(dims, pair.b);
        Sums sums = new Sums(ofA ? a.length() : b.length());
        for (int i = 0; i < aSources.length; i++) {
            double u = a.get(aSources[i]);
            double v = b.get(bSources[i]);
            double slope = switch (function) {
                case ADD -> 1;
                case SUBTRACT -> ofA ? 1 : -1;
                case MULTIPLY -> ofA ? v : u;
                case DIVIDE -> ofA ? 1 / v : -u / (v * v);
                case POWER -> ofA ? v * Math.pow(u, v - 1) : Math.pow(u, v) * Math.log(u);
                case MINIMUM -> ofA == u <= v ? 1 : 0;
                case MAXIMUM -> ofA == u >= v ? 1 : 0;
                case PRELU -> ofA ? u < 0 ? v : 1 : u < 0 ? u : 0;
            };
            sums.add(ofA ? aSources[i] : bSources[i], dy.get(i) * slope);
        }
        return sums;
    }

    /** Limits where the formula is 0 times infinity: a base that a ReLU has made 0, and exponents of 0. */
    @Test
    void slopesOfPowersAtZero() {
        float[][] cases = {{0, 2, 0, 0}, {0, 0.5f, Float.POSITIVE_INFINITY, 0}, {0, 1, 1, 0}, {0, 0, 0, 0}, {3, 0, 0, (float) Math.log(3)}};
        for (float[] one : cases) {
            assertEquals(one[2], BinaryFunction.POWER.slopeA(one[0], one[1]), one[0] + " to the " + one[1] + " by the base");
            assertEquals(one[3], BinaryFunction.POWER.slopeB(one[0], one[1]), one[0] + " to the " + one[1] + " by the exponent");
        }
    }

    /** A number that stands for a whole range gives the bits of that range, for all that is special about floats. */
    @ParameterizedTest
    @EnumSource(BinaryFunction.class)
    void specialValues(BinaryFunction function) {
        float[] special = {Float.NaN, Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, -1, -0f, 0, Float.MIN_VALUE, 1, 2, Float.POSITIVE_INFINITY};
        float[] many = new float[10 * Simd.LANES];
        for (int i = 0; i < many.length; i++) {
            many[i] = special[i % special.length];
        }
        for (float one : special) {
            BroadcastPlan right = BroadcastPlan.of(function, new int[] {many.length}, new int[] {1});
            BroadcastPlan left = BroadcastPlan.of(function, new int[] {1}, new int[] {many.length});
            float[] y = new float[many.length];
            right.forward(many, 0, new float[] {one}, 0, y, 0, workspace);
            float[] z = new float[many.length];
            left.forward(new float[] {one}, 0, many, 0, z, 0, workspace);
            for (int i = 0; i < many.length; i++) {
                assertEquals(function.apply(many[i], one), y[i], many[i] + " and " + one);
                assertEquals(function.apply(one, many[i]), z[i], one + " and " + many[i]);
            }
        }
    }

    @Test
    void theResultsShape() {
        assertArrayEquals(new int[] {8, 7, 6, 5}, BroadcastPlan.of(BinaryFunction.ADD, new int[] {8, 1, 6, 1}, new int[] {7, 1, 5}).dims());
    }

    @Test
    void refusals() {
        int[] three = {3};
        Refused.isNull(() -> BroadcastPlan.of(null, three, three), "function");
        Refused.isNull(() -> BroadcastPlan.of(BinaryFunction.ADD, null, three), "a");
        Refused.isNull(() -> BroadcastPlan.of(BinaryFunction.ADD, three, null), "b");
        Refused.argument(() -> BroadcastPlan.of(BinaryFunction.ADD, new int[] {2, 3}, new int[] {2}), "2x3 and 2", "3 and 2");
        Refused.argument(() -> BroadcastPlan.of(BinaryFunction.ADD, new int[] {0}, three), "size of a", 0);
        Refused.argument(() -> BroadcastPlan.of(BinaryFunction.ADD, new int[] {1 << 20, 1}, new int[] {1 << 20}), "1048576, 1048576");
        BroadcastPlan plan = BroadcastPlan.of(BinaryFunction.ADD, new int[] {2, 3}, three);
        float[] x = new float[20];
        float[] y = new float[6];
        Refused.isNull(() -> plan.forward(null, 0, x, 0, y, 0, workspace), "a");
        Refused.isNull(() -> plan.forward(x, 0, x, 0, y, 0, null), "workspace");
        Refused.bounds(() -> plan.forward(x, 15, x, 0, y, 0, workspace), "a needs 6", 20);
        Refused.bounds(() -> plan.forward(x, 0, x, 18, y, 0, workspace), "b needs 3", 20);
        Refused.bounds(() -> plan.forward(x, 0, x, 0, y, 1, workspace), "y needs 6", 6);
        Refused.argument(() -> plan.forward(x, 0, x, 10, x, 5, workspace), "a [0, 6) and y [5, 11)");
        Refused.argument(() -> plan.forward(x, 0, x, 0, x, 0, workspace), "b [0, 3) and y [0, 6)");
        Refused.argument(() -> plan.forward(x, 0, x, 0, y, 0, new Workspace(3, Threads.one())), "3 floats", plan.workspaceFloats());
        Refused.argument(() -> plan.gradB(x, 0, y, 0, y, 0, x, 4, WriteMode.OVERWRITE, workspace), "a [0, 6) and db [4, 7)");
        Refused.isNull(() -> plan.gradA(x, 0, x, 6, y, 0, x, 10, null, workspace), "mode");
        float[] da = Data.reals(1, 6);
        Refused.isNull(() -> plan.gradA(x, 0, x, 6, y, 0, da, 0, WriteMode.OVERWRITE, null), "workspace");
        Workspace small = new Workspace(3, Threads.one());
        Refused.argument(() -> plan.gradA(x, 0, x, 6, y, 0, da, 0, WriteMode.OVERWRITE, small), "3 floats");
        assertArrayEquals(Data.reals(1, 6), da, "nothing is written before all arguments are checked");
        assertTrue(plan.workspaceFloats() <= workspace.floatsPerWorker());
    }
}
