package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A call allocates nothing once it is compiled: no vector in a box, no array, no lambda. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class ConvAllocationTest {

    private static final int CALLS = 50;
    private static final long PATIENCE = 10_000; // ms

    /** Shapes that between them reach every algorithm, with ragged edges in all directions. */
    static Stream<ConvCase> cases() {
        return Stream.of(
                ConvShape.of(1, 3, 17, 32, 36, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 11, 11, 34, 36, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 7, 7, 34, 36, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 9, 9, 34, 36, 5, 5).withPadding(2, 2),
                ConvShape.of1d(1, 62, 34, 36, 9).withPadding(0, 4),
                ConvShape.of1d(1, 30, 18, 36, 3).withPadding(0, 1),
                ConvShape.of(5, 15, 16, 17, 18, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 16, 14, 40, 33, 5, 5).withPadding(2, 2),
                ConvShape.of1d(1, 300, 20, 40, 8),
                ConvShape.of(1, 3, 159, 48, 50, 1, 3).withPadding(0, 1),
                ConvShape.of(1, 3, 17, 12, 32, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 9, 11, 2, 6, 3, 3).withPadding(1, 1),
                ConvShape.of(1, 9, 14, 5, 16, 5, 5),
                ConvShape.of(1, 9, 9, 3, 32, 7, 7).withStride(2, 2).withPadding(3, 3),
                ConvShape.of(1, 7, 60, 3, 31, 7, 7).withStride(2, 2),
                ConvShape.of(4, 9, 10, 34, 33, 3, 3).withStride(2, 2),
                ConvShape.of(1, 6, 16, 32, 48, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(3, 15, 16, 37, 64, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 5, 9, 48, 33, 1, 1),
                ConvShape.of(1, 7, 9, 36, 36, 3, 3).withGroups(9).withPadding(1, 1),
                ConvShape.of(1, 7, 19, 6, 9, 3, 3).withGroups(3).withStride(2, 2).withPadding(1, 1),
                ConvShape.depthwise(1, 7, 9, 37, 3, 3).withStride(2, 2).withPadding(1, 1),
                ConvShape.of(1, 1, 1, 48, 101, 1, 1),
                ConvShape.of(11, 1, 1, 300, 45, 1, 1),
                ConvShape.depthwise(1, 7, 9, 37, 3, 3).withPadding(1, 1)).flatMap(shape -> ConvCase.of(shape).stream());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void conv(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        ConvPlan plan = c.plan().withActivation(Activation.RELU);
        PackedFilter filter = c.pack(plan, in);
        Guarded out = Guarded.ofNaN(c.outLength());
        Workspace workspace = c.workspace(Threads.one());
        Guarded bias = Guarded.of(Data.reals(4, c.outChannels()));
        assertNoAllocation(c, () -> {
            c.run(plan, in, filter, out, WriteMode.OVERWRITE, workspace);
            if (c.pass() != Pass.GRAD_WEIGHT) {
                c.runFused(plan, in, filter, bias, out, workspace);
                runWithResidual(c, plan, in, filter, bias, out, workspace);
                plan.repack(c.pass(), in.w().array(), in.w().offset(), filter);
            }
        });
    }

    /** In place, where that is fused. */
    private static void runWithResidual(ConvCase c, ConvPlan plan, ConvOperands in, PackedFilter filter, Guarded bias, Guarded out,
                                        Workspace workspace) {
        if (c.pass() == Pass.FORWARD && plan.fuses()) {
            plan.forward(in.x().array(), in.x().offset(), filter, bias.array(), bias.offset(), out.array(), out.offset(),
                    out.array(), out.offset(), workspace);
        }
    }

    @Test
    void everyAlgorithmIsReached() {
        ConvCase.assertEveryAlgorithm(cases());
    }

    @Test
    void gradBias() {
        ConvShape shape = ConvShape.of(1, 9, 9, 8, 37, 3, 3);
        ConvPlan plan = ConvPlan.of(shape);
        float[] dy = Data.reals(1, shape.yLength());
        float[] dbias = new float[shape.k()];
        assertNoAllocation("gradBias", () -> plan.gradBias(dy, dbias));
    }

    @Test
    void locallyConnected() {
        for (ConvShape shape : List.of(ConvShape.of(1, 5, 6, 3, 37, 3, 3, 1, 1), ConvShape.of(5, 5, 6, 3, 37, 3, 3, 1, 1),
                ConvShape.of(20, 5, 6, 3, 37, 3, 3, 1, 1), ConvShape.of(5, 3, 3, 2, 3, 2, 2, 1, 1))) {
            var plan = LocallyConnectedPlan.of(shape);
            float[] x = Data.reals(1, plan.shape().xLength());
            float[] w = Data.reals(2, plan.weightLength());
            float[] bias = Data.reals(3, plan.biasLength());
            float[] y = new float[plan.shape().yLength()];
            Workspace workspace = plan.newWorkspace();
            assertNoAllocation(plan, () -> {
                plan.forward(x, 0, w, 0, bias, 0, y, 0, workspace);
                plan.gradInput(y, 0, w, 0, x, 0, WriteMode.OVERWRITE, workspace);
                plan.gradWeight(x, 0, y, 0, w, 0, WriteMode.OVERWRITE, workspace);
                plan.gradWeight(x, 0, y, 0, w, 0, WriteMode.ACCUMULATE, workspace);
                plan.gradBias(y, 0, bias, 0, WriteMode.OVERWRITE);
            });
        }
    }

    @Test
    void gemm() {
        float[] a = Data.reals(1, 50 * 40);
        float[] b = Data.reals(2, 40 * 45);
        float[] c = new float[50 * 45];
        for (boolean transposeA : List.of(false, true)) {
            for (boolean transposeB : List.of(false, true)) {
                Gemm gemm = Gemm.of(50, 45, 40, transposeA, transposeB);
                Workspace workspace = gemm.newWorkspace();
                assertNoAllocation(gemm, () -> gemm.multiply(a, b, c, workspace));
            }
        }
    }

    private static void assertNoAllocation(Object what, Runnable call) {
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, call), () -> what + ": bytes in " + CALLS + " calls");
    }
}
