package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same bits for any number of threads, and no allocation. */
class PoolThreadsTest {

    @ParameterizedTest
    @MethodSource("lanewise.kernel.PoolCase#all")
    void sameBitsForAnyCount(PoolCase pool) {
        int[] one;
        try (Threads threads = Threads.one()) {
            one = bits(pool, threads);
        }
        for (int count = 1; count <= 4; count++) {
            try (Threads threads = Threads.of(count)) {
                assertArrayEquals(one, bits(pool, threads), pool + " with " + count + " threads");
            }
        }
    }

    /** All results of all passes, one after the other. */
    private static int[] bits(PoolCase pool, Threads threads) {
        PoolPlan plan = pool.plan();
        var workspace = new Workspace(plan.workspaceFloats(), threads);
        float[] x = Data.reals(1, pool.shape().xLength());
        float[] dy = Data.reals(2, pool.shape().yLength());
        float[] y = filled(dy.length);
        float[] dx = filled(x.length);
        float[] plus = Data.reals(3, x.length);
        float[] byIndices = filled(x.length);
        int[] indices = new int[y.length];
        plan.forward(x, y, workspace);
        plan.gradInput(x, y, dy, dx, WriteMode.OVERWRITE, workspace);
        plan.gradInput(x, y, dy, plus, WriteMode.ACCUMULATE, workspace);
        if (pool.kind() == PoolKind.MAX) {
            plan.forwardWithIndices(x, y, indices, workspace);
            plan.gradInputByIndices(indices, dy, byIndices, WriteMode.OVERWRITE, workspace);
        }
        int[] bits = Arrays.copyOf(indices, y.length + dx.length + plus.length + byIndices.length + indices.length);
        int at = indices.length;
        for (float[] result : new float[][] {y, dx, plus, byIndices}) {
            for (float value : result) {
                bits[at++] = Float.floatToRawIntBits(value);
            }
        }
        assertEquals(bits.length, at);
        return bits;
    }

    private static float[] filled(int length) {
        float[] nan = new float[length];
        Arrays.fill(nan, Float.NaN);
        return nan;
    }

    @Test
    void allocatesNothing() {
        for (int i = 0; i < 1000; i++) {
            Allocation.bytesSoFar(); // a method handle: the JVM allocates when it has counted enough calls
        }
        for (PoolShape shape : new PoolShape[] {PoolShape.of(1, 9, 9, 70, 3, 3).withStride(2, 2).withPadding(1, 1),
            PoolShape.of(1, 4, 4, 70, 2, 2), PoolShape.global(1, 4, 5, 150)}) {
            PoolCase.kindsOf(shape).forEach(PoolThreadsTest::assertAllocatesNothing);
        }
    }

    private static void assertAllocatesNothing(PoolCase pool) {
        PoolPlan plan = pool.plan();
        var workspace = Workspace.ofFloats(plan.workspaceFloats());
        float[] x = Data.reals(1, pool.shape().xLength());
        float[] dy = Data.reals(2, pool.shape().yLength());
        float[] y = new float[dy.length];
        float[] dx = new float[x.length];
        int[] indices = new int[y.length];
        assertAllocatesNothing(pool + " forward", () -> plan.forward(x, y, workspace));
        assertAllocatesNothing(pool + " gradInput", () -> plan.gradInput(x, y, dy, dx, WriteMode.ACCUMULATE, workspace));
        if (pool.kind() == PoolKind.MAX) {
            assertAllocatesNothing(pool + " forwardWithIndices", () -> plan.forwardWithIndices(x, y, indices, workspace));
            assertAllocatesNothing(pool + " gradInputByIndices",
                    () -> plan.gradInputByIndices(indices, dy, dx, WriteMode.OVERWRITE, workspace));
        }
    }

    /** Several times, since a batch may meet the JVM while it replaces compiled code by better code. */
    private static void assertAllocatesNothing(String what, Runnable call) {
        long bytes = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 3 && bytes > 0; attempt++) {
            bytes = Allocation.bytesWhenWarm(1000, 5_000, call);
        }
        assertEquals(0, bytes, what);
    }
}
