package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No call allocates once it is compiled. A vector in a box would show, and that is also what makes a loop slow. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class EltwiseAllocationTest {

    private static final List<EltwiseFunction> ALL = EltwiseFunction.ALL;
    private static final int CALLS = 50;
    private static final long PATIENCE = 20_000; // ms
    private static final int LENGTH = 8 * Simd.LANES + 3;

    private final float[] x = Data.reals(1, LENGTH);
    private final float[] dy = Data.reals(2, LENGTH);
    private final float[] y = new float[LENGTH];
    private final float[] z = new float[LENGTH];

    @ParameterizedTest
    @FieldSource("ALL")
    void function(EltwiseFunction f) {
        assertNoAllocation(f.name(), () -> all(f));
    }

    private void all(EltwiseFunction f) {
        f.map().run(x, 0, y, 0, LENGTH);
        f.gradient().run(x, 0, dy, 0, z, 0, LENGTH, WriteMode.OVERWRITE);
        f.gradient().run(x, 0, dy, 0, z, 0, LENGTH, WriteMode.ACCUMULATE);
    }

    /** Many loops in one caller, of which C2 inlines some and then no more: none may suffer. */
    @Test
    void severalInOneCaller() {
        assertNoAllocation("several", () -> {
            Eltwise.sigmoid(x, 0, y, 0, LENGTH);
            Eltwise.gelu(y, 0, y, 0, LENGTH);
            Eltwise.relu(y, 0, y, 0, LENGTH);
            Eltwise.tanh(y, 0, y, 0, LENGTH);
            Eltwise.add(y, 0, x, 0, y, 0, LENGTH);
            Eltwise.axpy(0.5f, x, 0, y, 0, LENGTH);
            Eltwise.addBias(x, 0, y, 0, 5, Simd.LANES + 1);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void rows(int rows) {
        int cols = LENGTH / rows;
        assertNoAllocation("rows", () -> {
            Softmax.forward(x, 0, y, 0, rows, cols);
            Softmax.gradInput(y, 0, dy, 0, z, 0, rows, cols, WriteMode.ACCUMULATE);
            LogSoftmax.forward(x, 0, y, 0, rows, cols);
            LogSoftmax.gradInput(y, 0, dy, 0, z, 0, rows, cols, WriteMode.OVERWRITE);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7})
    void reductions(int rows) {
        int cols = LENGTH / rows;
        int[] argMax = new int[rows];
        assertNoAllocation("reductions", () -> {
            Reduce.sumPerRow(x, 0, rows, cols, y, 0);
            Reduce.maxPerRow(x, 0, rows, cols, y, 0);
            Reduce.minPerRow(x, 0, rows, cols, y, 0);
            Reduce.dotPerRow(x, 0, dy, 0, rows, cols, y, 0);
            Reduce.argMaxPerRow(x, 0, rows, cols, argMax, 0);
            Reduce.sumPerChannel(x, 0, rows, cols, y, 0, WriteMode.ACCUMULATE);
            Reduce.momentsPerChannel(x, 0, rows, cols, y, 0, z, 0);
        });
    }

    /** A tile of short rows, long rows, numbers beside ranges, and their gradients. */
    @ParameterizedTest
    @EnumSource(BinaryFunction.class)
    void broadcasts(BinaryFunction function) {
        Workspace workspace = new Workspace(1024, Threads.one());
        int rows = LENGTH / 5;
        List<BroadcastPlan> plans = List.of(BroadcastPlan.of(function, new int[] {rows, 5}, new int[] {5}),
                BroadcastPlan.of(function, new int[] {rows, 5}, new int[] {rows, 1}),
                BroadcastPlan.of(function, new int[] {1}, new int[] {rows * 5}),
                BroadcastPlan.of(function, new int[] {rows, 5}, new int[] {rows, 5}));
        assertNoAllocation("broadcast", () -> {
            for (int i = 0; i < plans.size(); i++) {
                BroadcastPlan plan = plans.get(i);
                plan.forward(x, 0, dy, 0, y, 0, workspace);
                plan.gradA(x, 0, dy, 0, y, 0, z, 0, WriteMode.ACCUMULATE, workspace);
                plan.gradB(x, 0, dy, 0, y, 0, z, 0, WriteMode.OVERWRITE, workspace);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(ReduceFunction.class)
    void reductionsOfAxes(ReduceFunction function) {
        int rows = LENGTH / 10;
        List<ReducePlan> plans = List.of(ReducePlan.of(function, 1, new int[] {rows, 10}, new boolean[] {true, false}),
                ReducePlan.of(function, 1, new int[] {rows, 10}, new boolean[] {false, true}),
                ReducePlan.of(function, 1, new int[] {rows, 5, 2}, new boolean[] {true, false, true}));
        assertNoAllocation("reduction", () -> {
            for (int i = 0; i < plans.size(); i++) {
                plans.get(i).forward(x, 0, y, 0);
                plans.get(i).gradInput(x, 0, y, 0, dy, 0, z, 0, WriteMode.ACCUMULATE);
            }
        });
    }

    @Test
    void embedding() {
        int[] ids = {3, 0, 3, 2};
        int dim = LENGTH / 4;
        assertNoAllocation("embedding", () -> {
            EmbeddingLookup.forward(x, 0, 4, dim, ids, 0, 4, y, 0);
            EmbeddingLookup.gradWeight(ids, 0, 4, dy, 0, y, 0, 4, dim);
        });
    }

    static IntStream channels() {
        return IntStream.of(3, Simd.LANES + 1, LENGTH);
    }

    /** As narrow as they come, a vector and a bit, and the strips of several vectors with a bit. */
    @ParameterizedTest
    @MethodSource("channels")
    void norms(int channels) {
        int rows = LENGTH / channels;
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        float[] sums = new float[channels];
        float[] moments = new float[rows];
        assertNoAllocation("batch norm", () -> {
            BatchNorm.forward(x, 0, rows, channels, ones, 0, ones, 0, 1, ones, 0, ones, 0, y, 0);
            BatchNorm.gradParameters(x, 0, dy, 0, rows, channels, ones, 0, ones, 0, 1, sums, 0, y, 0, WriteMode.OVERWRITE);
            BatchNorm.gradInput(x, 0, dy, 0, rows, channels, ones, 0, ones, 0, 1, ones, 0, ones, 0, ones, 0, z, 0, WriteMode.ACCUMULATE);
            BatchNorm.gradInputFrozen(dy, 0, rows, channels, ones, 0, 1, ones, 0, z, 0, WriteMode.OVERWRITE);
        });
        float[] inverse = new float[rows];
        assertNoAllocation("layer norm", () -> {
            LayerNorm.forward(x, 0, rows, channels, 1, ones, 0, ones, 0, y, 0, moments, 0, inverse, 0);
            LayerNorm.gradParameters(x, 0, dy, 0, rows, channels, moments, 0, inverse, 0, sums, 0, y, 0, WriteMode.ACCUMULATE);
            LayerNorm.gradInput(x, 0, dy, 0, rows, channels, ones, 0, moments, 0, inverse, 0, z, 0, WriteMode.OVERWRITE);
        });
    }

    private static void assertNoAllocation(String what, Runnable call) {
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, call), what);
    }
}
