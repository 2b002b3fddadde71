package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Shapes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which algorithm a plan chooses for each of the workloads: a change is made here on purpose, with its measurement. */
class ConvSelectionTest {

    /** Workload, shape, and the choice for FORWARD, GRAD_INPUT and GRAD_WEIGHT. */
    private static final String CHOICES = """
            L1   n1c3h224w224_k64r7s7_u2_p3       FewChannelWinogradConv ColumnsConv  FewChannelWinogradConv
            L2   n1c64h56w56_k64r3s3_p1           WinogradConv    WinogradConv    WinogradConv
            L3   n1c128h28w28_k128r3s3_p1         WinogradConv    WinogradConv    WinogradConv
            L4   n1c256h14w14_k256r3s3_p1         WinogradConv    WinogradConv    WinogradConv
            L5   n1c512h7w7_k512r3s3_p1           FourTileWinogradConv GemmConv        GemmConv
            L6   n1c256h56w56_k64r1s1             PointwiseConv   PointwiseConv   GemmConv
            L7   n1c64h56w56_k256r1s1             PointwiseConv   PointwiseConv   GemmConv
            L8   n1c512h28w28_k128r1s1            PointwiseConv   PointwiseConv   GemmConv
            L9   n1c1024h14w14_k256r1s1           PointwiseConv   PointwiseConv   GemmConv
            L9b  n1c2048h7w7_k512r1s1             PointwiseConv   PointwiseConv   GemmConv
            L10  n1c128h56w56_k128r3s3_u2_p1      StridedWinogradConv StridedWinogradConv StridedWinogradConv
            L11  n1c512h28w28_k1024r1s1_u2        GemmConv        GemmConv        GemmConv
            L12  n1c144h56w56_k144r3s3_p1_g144    SlidingDepthwiseConv SlidingDepthwiseConv SlidingDepthwiseConv
            L13  n1c576h14w14_k576r3s3_p1_g576    SlidingDepthwiseConv SlidingDepthwiseConv SlidingDepthwiseConv
            L14  n1c1h28w28_k6r5s5_p2             PlanarConv      ColumnsConv     FewChannelConv
            L15  n1c6h14w14_k16r5s5               FilterRowConv   RowColumnsConv  FilterRowConv
            L16  n1c64h224w224_k64r3s3_p1         WinogradConv    WinogradConv    WinogradConv
            L17  n1c64h1w16000_k128r1s9_p0x4      WinogradConv    WinogradConv    WinogradConv
            L18  n1c32h56w56_k64r5s5_p2           WinogradConv    WinogradConv    WinogradConv
            D1   n1c2048h1w1_k1000r1s1            DenseConv       PointwiseConv   GemmConv
            D2   n1c25088h1w1_k4096r1s1           DenseConv       PointwiseConv   GemmConv
            """;

    private record Choice(String workload, String shape, String forward, String gradInput, String gradWeight) {
        static Choice parse(String line) {
            String[] words = line.strip().split(" +");
            assertEquals(5, words.length, line);
            return new Choice(words[0], words[1], forRegisters(words[2]), forRegisters(words[3]), forRegisters(words[4]));
        }

        /** The tiles of five columns and of six points are for 32 registers. */
        private static String forRegisters(String algorithm) {
            if (Simd.REGISTERS == 32) {
                return algorithm;
            }
            return algorithm.equals("FilterRowConv") ? "FewChannelConv" : algorithm.equals("FourTileWinogradConv") ? "GemmConv" : algorithm;
        }

        static Choice of(String workload, ConvPlan plan) {
            return new Choice(workload, plan.shape().toString(),
                    plan.algorithm(Pass.FORWARD), plan.algorithm(Pass.GRAD_INPUT), plan.algorithm(Pass.GRAD_WEIGHT));
        }
    }

    @Test
    void choicesArePinned() {
        Map<String, Choice> pinned = new LinkedHashMap<>();
        CHOICES.lines().map(Choice::parse).forEach(choice -> pinned.put(choice.workload, choice));
        Map<String, Choice> chosen = new LinkedHashMap<>();
        Shapes.workloads().forEach((name, shape) -> chosen.put(name, Choice.of(name, ConvPlan.of(shape))));
        Set<String> names = new LinkedHashSet<>(pinned.keySet());
        names.addAll(chosen.keySet());
        assertFalse(names.isEmpty());
        for (String name : names) {
            assertEquals(pinned.get(name), chosen.get(name), name);
        }
    }

    /** A larger batch is the same layer; only a filter too large to read for one image may be worth reading for sixteen. */
    @Test
    void aLargerBatchOnlyRepaysLargerFilters() {
        Set<String> changed = new LinkedHashSet<>();
        Shapes.workloads().forEach((name, shape) -> {
            ConvPlan one = ConvPlan.of(shape);
            ConvPlan many = ConvPlan.of(shape.withBatch(16));
            for (Pass pass : Pass.values()) {
                if (!one.algorithm(pass).equals(many.algorithm(pass))) {
                    changed.add(name + " " + pass + " " + one.algorithm(pass) + " " + many.algorithm(pass));
                }
            }
        });
        String small = Choice.forRegisters("FourTileWinogradConv");
        assertEquals(Set.of("L5 FORWARD " + small + " WinogradConv", "L5 GRAD_INPUT GemmConv WinogradConv",
                "L5 GRAD_WEIGHT GemmConv WinogradConv"), changed);
    }

    @ParameterizedTest
    @MethodSource("lanewise.oracle.Shapes#all")
    void describeShowsChoicesAndRefusals(ConvShape shape) {
        ConvPlan plan = ConvPlan.of(shape);
        String text = plan.describe();
        assertTrue(text.startsWith(shape.toString()), text);
        for (Pass pass : Pass.values()) {
            assertTrue(text.contains(pass + ": " + plan.algorithm(pass)), text);
            for (String name : ConvPlan.algorithms(pass)) {
                String refusal = plan.refusal(pass, name);
                assertEquals(refusal != null, text.lines().anyMatch(line -> line.strip().equals("not " + name + ": " + refusal)),
                        text);
            }
        }
        assertEquals(shape + " " + plan.algorithm(Pass.FORWARD) + "/" + plan.algorithm(Pass.GRAD_INPUT) + "/"
                + plan.algorithm(Pass.GRAD_WEIGHT), plan.toString());
    }

    @Test
    void describeOfATransposedConvolution() {
        ConvShape mirror = ConvTransposePlan.mirror(1, 4, 4, 6, 8, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1);
        assertEquals("transposed " + ConvPlan.of(mirror).describe(), ConvTransposePlan.of(mirror).describe());
    }
}
