package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Weight gradients for as many output channels as a wide panel has columns, which read dy where it lies if it begins at a cache line.
 * There is enough of it that what comes next is fetched, and it ends with its array, so that nothing past it may be.
 */
class GradWeightInPlaceTest {

    private static final int K = 4 * Simd.LANES;

    record Case(ConvShape shape, String algorithm) {}

    static Stream<Case> cases() {
        return Stream.of(
                new Case(ConvShape.of(16, 40, 43, 3, K, 7, 7, 2, 3), "FewChannelConv"), // parts, strips of several rows
                new Case(ConvShape.of(1, 150, 150, 2, K, 3, 11).withPadding(1, 5), "FewChannelConv"), // a row is more than a panel
                new Case(ConvShape.of(9, 34, 17, 5, K, 5, 4), "FewChannelConv"), // several rows in a panel
                new Case(ConvShape.of(13, 30, 11, 4, K, 2, 5).withDilation(3, 1), "FewChannelConv"),
                new Case(ConvShape.of(3, 31, 29, 70, K, 1, 1), "GemmConv"),
                new Case(ConvShape.of(2, 33, 35, 17, K, 3, 3, 2, 1), "GemmConv"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameBitsWhereverItLies(Case c) {
        ConvShape shape = c.shape;
        ConvPlan plan = ConvPlan.of(shape).withAlgorithm(Pass.GRAD_WEIGHT, c.algorithm);
        float[] x = Data.integers(1, shape.xLength());
        float[] values = Data.integers(2, shape.yLength());
        for (int offset : new int[] {Simd.lineFrom(0), Simd.lineFrom(0) + 1, 2 * Simd.lineFrom(0), Simd.lineFrom(1 << 10)}) {
            float[] dy = new float[offset + values.length];
            System.arraycopy(values, 0, dy, offset, values.length);
            float[] before = dy.clone();
            Guarded dw = Guarded.ofNaN(shape.wLength());
            plan.gradWeight(x, 0, dy, offset, dw.array(), dw.offset(), WriteMode.OVERWRITE, plan.newWorkspace());
            ConvOracle.gradWeight(shape, x, values).assertExact(dw, c + " dy at " + offset);
            dw.assertCanaries(c);
            assertArrayEquals(before, dy);
        }
        float[] reals = Data.reals(3, shape.xLength());
        float[] near = Data.reals(4, shape.yLength());
        float[] far = new float[1 + near.length];
        System.arraycopy(near, 0, far, 1, near.length);
        float[] line = new float[Simd.lineFrom(0) + near.length];
        System.arraycopy(near, 0, line, Simd.lineFrom(0), near.length);
        assertArrayEquals(gradient(plan, reals, far, 1), gradient(plan, reals, line, Simd.lineFrom(0)));
        assertEquals(c.algorithm, plan.algorithm(Pass.GRAD_WEIGHT));
    }

    private static float[] gradient(ConvPlan plan, float[] x, float[] dy, int offset) {
        float[] dw = new float[plan.shape().wLength()];
        plan.gradWeight(x, 0, dy, offset, dw, 0, WriteMode.OVERWRITE, plan.newWorkspace());
        return dw;
    }
}
