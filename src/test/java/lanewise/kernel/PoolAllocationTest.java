package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** No pooling call allocates once it is compiled. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class PoolAllocationTest {

    @Test
    void allocatesNothing() {
        for (PoolShape shape : new PoolShape[] {PoolShape.of(1, 9, 9, 70, 3, 3).withStride(2, 2).withPadding(1, 1),
            PoolShape.of(1, 4, 4, 70, 2, 2), PoolShape.of(1, 7, 9, 3, 2, 2), PoolShape.global(1, 4, 5, 150)}) {
            PoolCase.kindsOf(shape).forEach(PoolAllocationTest::assertAllocatesNothing);
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

    private static void assertAllocatesNothing(String what, Runnable call) {
        assertEquals(0, Allocation.bytesWhenWarm(1000, 15_000, call), what);
    }
}
