package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

/** The step behind the activation: the same bits as one after the call, by every algorithm. */
class ConvRescalingTest {

    static Stream<ConvCase> cases() {
        return ConvCase.small().filter(c -> c.pass() == Pass.FORWARD);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameBitsAsAStepOfItsOwn(ConvCase c) {
        ConvShape shape = c.shape();
        float[] x = Data.reals(1, shape.xLength());
        float[] w = Data.reals(2, shape.wLength());
        float[] bias = Data.reals(3, shape.k());
        for (Activation activation : Activation.values()) {
            ConvPlan plan = c.plan().withActivation(activation);
            if (plan.rescales()) {
                check(plan, x, w, bias, c + " " + activation);
            }
        }
    }

    private static void check(ConvPlan plan, float[] x, float[] w, float[] bias, String what) {
        ConvShape shape = plan.shape();
        PackedFilter filter = plan.pack(Pass.FORWARD, w);
        Workspace workspace = plan.newWorkspace();
        float[] expected = new float[shape.yLength()];
        plan.forward(x, filter, bias, expected, workspace);
        for (int i = 0; i < expected.length; i++) {
            expected[i] = Math.fma(expected[i], 0.75f, -0.3f);
        }
        float[] actual = new float[expected.length];
        plan.withRescaling(0.75f, -0.3f).forward(x, filter, bias, actual, workspace);
        assertArrayEquals(expected, actual, what);
        float[] again = new float[expected.length];
        plan.forward(x, filter, bias, again, workspace);
        assertEquals(Math.fma(again[0], 0.75f, -0.3f), expected[0], what + ": nothing stays in the workspace");
        if (plan.fuses()) {
            float[] wide = new float[shape.yLength() / shape.k() * (shape.k() + 3)];
            plan.withRescaling(0.75f, -0.3f).withOutputStride(shape.k() + 3)
                    .forward(x, 0, filter, bias, 0, wide, 0, workspace);
            for (int i = 0; i < expected.length; i++) {
                int at = i;
                assertEquals(expected[i], wide[i / shape.k() * (shape.k() + 3) + i % shape.k()], () -> what + ", wide, element " + at);
            }
        }
    }

    /** Every activation but those of which a step behind would be another one. */
    @Test
    void allButThreeRescale() {
        ConvPlan plan = ConvPlan.of(ConvShape.of(1, 4, 4, 16, 16, 1, 1));
        for (Activation activation : Activation.values()) {
            boolean not = activation == Activation.NONE || activation == Activation.RELU || activation == Activation.RELU6;
            assertEquals(!not, plan.withActivation(activation).rescales(), activation::toString);
        }
    }

    @Test
    void refusals() {
        ConvPlan plan = ConvPlan.of(ConvShape.of(1, 4, 4, 16, 16, 1, 1));
        assertFalse(plan.rescales());
        assertFalse(plan.withActivation(Activation.RELU6).rescales());
        assertTrue(plan.withActivation(Activation.SIGMOID).rescales());
        Refused.argument(() -> plan.withRescaling(2, 1), "scale is 2.0, shift 1.0, but nothing can follow NONE");
        Refused.argument(() -> plan.withActivation(Activation.SILU).withRescaling(2, 1).withActivation(Activation.RELU), "follow RELU");
        Refused.argument(() -> plan.withActivation(Activation.SILU).withRescaling(Float.NaN, 0), "scale is NaN");
        Refused.argument(() -> plan.withActivation(Activation.SILU).withRescaling(1, Float.POSITIVE_INFINITY), "shift Infinity");
    }
}
