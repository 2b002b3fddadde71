package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outputs that are a part of wider pixels: the bits of the dense ones, and nothing between them written. */
class PoolOutputStrideTest {

    /** What stands between the channels of an output: a NaN that no pooling makes. */
    private static final int GAP = 0x7fc0beef;

    /** All kinds and windows, and channels around every boundary between kernels. */
    static Stream<PoolCase> cases() {
        Stream<PoolCase> channels = IntStream.of(1, 4, 8, 16).map(vectors -> vectors * Simd.LANES)
                .flatMap(c -> IntStream.of(c - 1, c, c + 1)).boxed()
                .flatMap(c -> Stream.of(PoolShape.of(1, 4, 6, c, 2, 2).withStride(2, 2),
                        PoolShape.of(1, 5, 9, c, 3, 3).withStride(2, 2), PoolShape.of(1, 4, 5, c, 3, 3)))
                .flatMap(PoolCase::kindsOf);
        return Stream.concat(PoolCase.all(), channels);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameBitsAndGapsUntouched(PoolCase pool) {
        PoolPlan dense = pool.plan();
        int c = pool.shape().c();
        int pixels = pool.shape().yLength() / c;
        float[] x = Data.reals(1, pool.shape().xLength());
        float[] expected = new float[pixels * c];
        dense.forward(x, expected, Workspace.ofFloats());
        for (int gap : new int[] {0, 1, 2 * c + 5}) {
            PoolPlan plan = dense.withOutputStride(c + gap);
            for (int threads = 1; threads <= 3; threads++) {
                try (Threads team = Threads.of(threads)) {
                    var workspace = new Workspace(0, team);
                    Guarded y = gaps(pixels, c, gap);
                    plan.forward(x, 0, y.array(), y.offset(), workspace);
                    check(expected, y, c, gap, pool + ", gap " + gap);
                    float[] exact = new float[y.length()];
                    plan.forward(x, exact, workspace);
                    assertEquals(expected[expected.length - 1], exact[exact.length - 1]);
                    if (pool.kind() == PoolKind.MAX) {
                        y = gaps(pixels, c, gap);
                        int[] places = new int[expected.length];
                        int[] indices = new int[expected.length + 3];
                        dense.forwardWithIndices(x, new float[expected.length], places, workspace);
                        plan.forwardWithIndices(x, 0, y.array(), y.offset(), indices, 3, workspace);
                        check(expected, y, c, gap, pool + " with indices, gap " + gap);
                        assertArrayEquals(places, Arrays.copyOfRange(indices, 3, indices.length));
                    }
                }
            }
        }
    }

    /** The backward pass knows no stride. */
    @ParameterizedTest
    @MethodSource("lanewise.kernel.PoolCase#all")
    void gradientsStayDense(PoolCase pool) {
        PoolPlan dense = pool.plan();
        float[] x = Data.reals(1, pool.shape().xLength());
        float[] dy = Data.reals(2, pool.shape().yLength());
        float[] y = new float[dy.length];
        float[] expected = new float[x.length];
        float[] dx = new float[x.length];
        dense.forward(x, y, Workspace.ofFloats());
        dense.gradInput(x, y, dy, expected, WriteMode.OVERWRITE, Workspace.ofFloats());
        dense.withOutputStride(pool.shape().c() + 7).gradInput(x, y, dy, dx, WriteMode.OVERWRITE, Workspace.ofFloats());
        assertArrayEquals(expected, dx);
    }

    @Test
    void refusals() {
        PoolPlan plan = PoolPlan.max(PoolShape.of(1, 4, 4, 3, 2, 2).withStride(2, 2));
        Refused.argument(() -> plan.withOutputStride(2), 2, 3);
        Refused.argument(() -> plan.withOutputStride(Integer.MAX_VALUE), Integer.MAX_VALUE, 3L * Integer.MAX_VALUE + 3);
        PoolPlan wide = plan.withOutputStride(5); // 3 x 5 + 3 floats
        float[] x = new float[48];
        Refused.argument(() -> wide.forward(x, new float[19], Workspace.ofFloats()), 19, 18);
        Refused.bounds(() -> wide.forward(x, 0, new float[20], 3, Workspace.ofFloats()), 20, 3, 18);
        float[] both = new float[60]; // x ends at 48
        Refused.argument(() -> wide.forward(both, 0, both, 42, Workspace.ofFloats()), 48, 42);
    }

    private static Guarded gaps(int pixels, int c, int gap) {
        float[] y = new float[(pixels - 1) * (c + gap) + c];
        Arrays.fill(y, Float.intBitsToFloat(GAP));
        return Guarded.of(y);
    }

    private static void check(float[] expected, Guarded y, int c, int gap, String what) {
        y.assertCanaries(what);
        for (int i = 0; i < y.length(); i++) {
            int channel = i % (c + gap);
            int wanted = channel < c ? Float.floatToRawIntBits(expected[i / (c + gap) * c + channel]) : GAP;
            assertEquals(wanted, Float.floatToRawIntBits(y.get(i)), () -> what);
        }
    }
}
