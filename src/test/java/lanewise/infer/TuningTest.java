package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;
import lanewise.layer.Conv2d;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("the fastest of several is found by timing")
class TuningTest {

    private static final ConvPlan PLAN = ConvPlan.of(ConvShape.of(1, 16, 16, 16, 16, 3, 3).withSamePadding());
    private static final PredictorOptions OPTIONS = PredictorOptions.defaults().withoutWarmUp();

    @Test
    void takesOneOfThoseThatCan() {
        Tuning tuning = new Tuning();
        String name = tuning.choose(PLAN, true).algorithm(Pass.FORWARD);
        assertTrue(List.of("WinogradConv", "DirectConv", "GemmConv").contains(name), name);
        assertEquals(List.of(PLAN.shape() + " " + name), tuning.lines());
    }

    /** Where one way is many times as slow as another, it loses. */
    @Test
    void theFastestWins() {
        ConvPlan depthwise = ConvPlan.of(ConvShape.of(1, 28, 28, 64, 64, 3, 3).withSamePadding().withGroups(64));
        String name = new Tuning().choose(depthwise, true).algorithm(Pass.FORWARD);
        assertTrue(name.endsWith("DepthwiseConv"), name);
    }

    /** What is remembered is taken without timing, even if it is slow. */
    @Test
    void whatIsRememberedIsTaken() {
        Tuning tuning = Tuning.of(List.of(PLAN.shape() + " GemmConv"));
        assertEquals("GemmConv", tuning.choose(PLAN, true).algorithm(Pass.FORWARD));
        assertEquals(List.of(PLAN.shape() + " GemmConv"), Tuning.of(tuning.lines()).lines());
    }

    /** With and without Winograd are two questions, and one answer is not taken for the other. */
    @Test
    void neverWinogradWhereItIsForbidden() {
        Tuning tuning = Tuning.of(List.of(PLAN.shape() + " WinogradConv"));
        assertEquals("WinogradConv", tuning.choose(PLAN, true).algorithm(Pass.FORWARD));
        assertFalse(tuning.choose(PLAN.withoutWinograd(), false).usesWinograd(Pass.FORWARD));
        assertEquals(2, tuning.lines().size());
        Tuning tampered = Tuning.of(List.of(PLAN.shape() + " exact WinogradConv"));
        assertFalse(tampered.choose(PLAN.withoutWinograd(), false).usesWinograd(Pass.FORWARD), "a file may say anything");
    }

    /** A line of another version of the library may name what refuses the shape now. */
    @Test
    void whatRefusesIsNotTaken() {
        Tuning tuning = Tuning.of(List.of(PLAN.shape() + " DepthwiseConv"));
        assertEquals(PLAN.algorithm(Pass.FORWARD), tuning.choose(PLAN, true).algorithm(Pass.FORWARD));
    }

    @Test
    void aTunedProgramComputesTheSame() {
        Network network = Network.chain(Shape.of(16, 16, 16), 1, Conv2d.of(16, 3).same().relu(), Conv2d.of(5, 1));
        float[] in = new float[16 * 16 * 16];
        java.util.Arrays.fill(in, 0.5f);
        float[] expected = new float[16 * 16 * 5];
        Predictor.compile(network, OPTIONS.withoutWinograd()).newContext().predict(in, expected);
        Tuning tuning = Tuning.of(List.of("n1c16h16w16_k16r3s3_p1 exact GemmConv"));
        Predictor tuned = Predictor.compile(network, OPTIONS.withoutWinograd().tuned(tuning));
        assertTrue(tuned.describe().contains("GemmConv"), tuned.describe());
        float[] actual = new float[expected.length];
        tuned.newContext().predict(in, actual);
        assertArrayEquals(expected, actual, 1e-5f);
        assertEquals(2, tuning.lines().size(), "the second layer was timed and is remembered: " + tuning.lines());
    }

    @Test
    void refusals() {
        for (String line : List.of("", "GemmConv", "n1c16h16w16_k16r3s3_p1 FastConv")) {
            String message = assertThrows(IllegalArgumentException.class, () -> Tuning.of(List.of(line))).getMessage();
            assertTrue(message.contains("\"" + line + "\"") && message.contains("GemmConv"), message);
        }
    }
}
