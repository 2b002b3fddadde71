package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import lanewise.oracle.Data;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same bits for any number of threads. */
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
}
