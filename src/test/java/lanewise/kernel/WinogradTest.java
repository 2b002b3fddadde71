package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is peculiar to Winograd's algorithm: it can be forbidden, its tile depends on the map, and its error is what the notes say. */
class WinogradTest {

    private static final String NAME = "WinogradConv";

    /** The rms error that each form may have, for one channel. */
    private static final Map<String, Double> RMS =
            Map.of("F(4x4,3x3)", 1.4e-7, "F(2x2,3x3)", 0.8e-7, "F(2x2,5x5)", 1.6e-7, "F(4x3,9)", 1.1e-7, "F(4,3)", 0.7e-7,
                    "F(4,4)", 1e-7, "F(2x2,2x2)", 0.8e-7);

    @ParameterizedTest
    @MethodSource("lanewise.oracle.Shapes#all")
    void canBeForbidden(ConvShape shape) {
        ConvPlan plan = ConvPlan.of(shape).withActivation(Activation.TANH);
        String before = plan.toString();
        ConvPlan without = plan.withoutWinograd();
        assertEquals(before, plan.toString());
        assertEquals(Activation.TANH, without.activation());
        for (Pass pass : Pass.values()) {
            String next = ConvPlan.algorithms(pass).stream().filter(name -> !name.endsWith(NAME) && plan.refusal(pass, name) == null)
                    .findFirst().orElseThrow();
            assertEquals(plan.algorithm(pass).endsWith(NAME) ? next : plan.algorithm(pass), without.algorithm(pass), pass::toString);
        }
    }

    @Test
    void forbiddingKeepsOtherChoices() {
        ConvShape shape = ConvShape.of(1, 12, 20, 32, 32, 3, 3).withPadding(1, 1);
        ConvPlan plan = ConvPlan.of(shape).withAlgorithm(Pass.FORWARD, "GemmConv");
        assertEquals(NAME, plan.algorithm(Pass.GRAD_INPUT));
        assertEquals("GemmConv", plan.withoutWinograd().algorithm(Pass.FORWARD));
        assertEquals("DirectConv", plan.withoutWinograd().algorithm(Pass.GRAD_INPUT));
    }

    /** Without it small integers are exact. */
    @Test
    void sumsAreExactWithoutIt() {
        ConvShape shape = ConvShape.of(1, 20, 20, 32, 32, 3, 3).withPadding(1, 1);
        ConvOperands in = ConvOperands.integers(shape);
        ConvPlan plan = ConvPlan.of(shape);
        Sums sums = ConvOracle.forward(shape, in.x().original(), in.w().original());
        Guarded y = forward(plan.withoutWinograd(), in);
        sums.assertExact(y, shape);
        assertEquals(NAME, plan.algorithm(Pass.FORWARD));
        assertTrue(Arrays.mismatch(y.values(), forward(plan, in).values()) >= 0, "the same by both");
    }

    /** With stride 2 small integers are exact, also where dx is so large that its lines are fetched, with vectors of 512 bits. */
    @Test
    void largeStridedGradientIsExact() {
        assertSameAs("DirectConv", Pass.GRAD_INPUT, ConvShape.of(1, 256, 256, 32, 32, 3, 3).withStride(2, 2).withPadding(1, 1));
    }

    /** Several ranges of rows and of columns of the sums in one worker: more than an oracle would take time for. */
    @Test
    void largeStridedWeightGradientIsExact() {
        assertSameAs("GemmConv", Pass.GRAD_WEIGHT, ConvShape.of(2, 22, 24, 160, 260, 3, 3).withStride(2, 2).withPadding(1, 1));
    }

    private static void assertSameAs(String other, Pass pass, ConvShape shape) {
        ConvOperands in = ConvOperands.integers(shape);
        assertArrayEquals(result(new ConvCase(shape, pass, other), in), result(new ConvCase(shape, pass, "StridedWinogradConv"), in));
    }

    private static float[] result(ConvCase c, ConvOperands in) {
        Guarded out = c.run(in, Guarded.ofNaN(c.outLength()), WriteMode.OVERWRITE);
        out.assertCanaries(c);
        return out.values();
    }

    @Test
    void transposedCanForbidItToo() {
        ConvShape mirror = ConvShape.of(1, 12, 12, 32, 32, 3, 3).withPadding(1, 1);
        ConvTransposePlan plan = ConvTransposePlan.of(mirror);
        assertTrue(plan.describe().contains(Pass.FORWARD + ": " + NAME), plan.describe());
        assertEquals("transposed " + ConvPlan.of(mirror).withoutWinograd().describe(), plan.withoutWinograd().describe());
    }

    /** 3x3: 4x4 outputs where they fill the map and pay for the filter, which a batch reads once. */
    @Test
    void tileIsPinned() {
        int[][] pins = {{1, 56, 64, 4}, {1, 28, 128, 4}, {1, 14, 256, 2}, {16, 14, 256, 4}, {1, 14, 512, 2}, {16, 14, 512, 4},
            {1, 28, 512, 4}, {1, 12, 32, 4}, {1, 11, 32, 4}, {1, 10, 32, 2}, {16, 10, 32, 4}, {1, 10, 256, 2}, {16, 8, 256, 4},
            {16, 7, 512, 4}, {16, 4, 128, 2}};
        for (int[] pin : pins) {
            int size = pin[1];
            int channels = pin[2];
            ConvShape shape = ConvShape.of(pin[0], size, size, channels, channels, 3, 3).withPadding(1, 1);
            for (Pass pass : new Pass[] {Pass.FORWARD, Pass.GRAD_INPUT}) {
                assertEquals("F(" + pin[3] + "x" + pin[3] + ",3x3)", new ConvCase(shape, pass, NAME).winogradForm(),
                        () -> shape + " " + pass);
            }
        }
    }

    /** Other filters: null where the transforms would cost more than they save. */
    @Test
    void formIsPinned() {
        Map<ConvShape, String> pins = new LinkedHashMap<>();
        pins.put(ConvShape.of(1, 56, 56, 32, 64, 5, 5).withPadding(2, 2), "F(2x2,5x5)");
        pins.put(ConvShape.of(1, 7, 7, 64, 64, 5, 5).withPadding(2, 2), "F(2x2,5x5)");
        pins.put(ConvShape.of(1, 28, 28, 16, 16, 5, 5).withPadding(2, 2), null);
        pins.put(ConvShape.of(1, 28, 28, 128, 128, 4, 4), "F(2x2,5x5)");
        pins.put(ConvShape.of(1, 28, 28, 64, 64, 7, 7).withPadding(3, 3), null);
        pins.put(ConvShape.of1d(1, 16000, 64, 128, 9).withPadding(0, 4), "F(4x3,9)");
        pins.put(ConvShape.of1d(1, 4000, 64, 64, 5).withPadding(0, 2), "F(4x3,9)");
        pins.put(ConvShape.of1d(1, 4000, 32, 32, 5).withPadding(0, 2), null);
        pins.put(ConvShape.of1d(1, 4000, 64, 64, 15).withPadding(0, 7), "F(4x3,9)");
        pins.put(ConvShape.of1d(1, 60, 512, 512, 9).withPadding(0, 4), null);
        pins.put(ConvShape.of1d(1, 4001, 16, 16, 3).withPadding(0, 1), "F(4,3)");
        pins.put(ConvShape.of1d(1, 4000, 64, 64, 200), null);
        pins.put(ConvShape.of(1, 28, 28, 64, 64, 9, 1).withPadding(4, 0), null);
        pins.forEach((shape, form) -> {
            String refusal = ConvPlan.of(shape).refusal(Pass.FORWARD, NAME);
            String chosen = refusal == null ? new ConvCase(shape, Pass.FORWARD, NAME).winogradForm() : null;
            assertEquals(form, chosen, shape + ": " + refusal);
        });
    }

    /** The root mean square of the error relative to that of the results, with half as much again as was measured. */
    @ParameterizedTest
    @MethodSource("shapes")
    void errorIsAsDocumented(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        Sums sums = c.oracle(in);
        Guarded out = c.run(in, Guarded.ofNaN(c.outLength()), WriteMode.OVERWRITE);
        double error = 0;
        double all = 0;
        for (int i = 0; i < out.length(); i++) {
            error += Math.pow(out.get(i) - sums.value(i), 2);
            all += Math.pow(sums.value(i), 2);
        }
        double relative = Math.sqrt(error / all);
        int inside = c.pass() == Pass.FORWARD ? c.shape().c() : c.shape().k();
        int parts = c.winogradForm().equals("F(4x3,9)") ? (c.shape().s() + 8) / 9 : 1;
        int depth = inside * Map.of("F(4,4)", 2 * c.shape().r(), "F(2x2,2x2)", 4).getOrDefault(c.winogradForm(), parts);
        int terms = c.pass() == Pass.GRAD_WEIGHT ? gradientTiles(c) : depth;
        double most = RMS.get(c.winogradForm()) * Math.sqrt(terms + 12);
        assertTrue(relative < most && relative > most / 10, () -> c + ": " + relative + ", at most " + most);
    }

    /** A weight gradient is a sum over tiles. */
    private static int gradientTiles(ConvCase c) {
        int height = Map.of("F(4x4,3x3)", 4, "F(2x2,5x5)", 2, "F(2x2,2x2)", 2).getOrDefault(c.winogradForm(), 1);
        int width = Map.of("F(4x4,3x3)", 4, "F(2x2,5x5)", 2, "F(4x3,9)", 12, "F(4,3)", 4, "F(4,4)", 4, "F(2x2,2x2)", 2)
                .get(c.winogradForm());
        return c.shape().n() * ((c.shape().p() - 1) / height + 1) * ((c.shape().q() - 1) / width + 1);
    }

    /** The weight gradient: null where the transforms of both sides would cost more than they save. */
    @Test
    void gradientIsPinned() {
        Map<ConvShape, String> pins = new LinkedHashMap<>();
        pins.put(ConvShape.of(1, 14, 14, 64, 64, 3, 3).withPadding(1, 1), "F(4x4,3x3)");
        pins.put(ConvShape.of(1, 14, 14, 16, 16, 3, 3).withPadding(1, 1), null);
        pins.put(ConvShape.of(32, 14, 14, 16, 16, 3, 3).withPadding(1, 1), "F(4x4,3x3)");
        pins.put(ConvShape.of(1, 8, 8, 64, 64, 3, 3).withPadding(1, 1), null);
        pins.put(ConvShape.of(32, 8, 8, 64, 64, 3, 3).withPadding(1, 1), "F(4x4,3x3)");
        pins.put(ConvShape.of(8, 28, 28, 16, 16, 5, 5).withPadding(2, 2), null);
        pins.put(ConvShape.of(1, 28, 28, 64, 64, 5, 5).withPadding(2, 2), "F(2x2,5x5)");
        pins.put(ConvShape.of1d(8, 4000, 16, 16, 3).withPadding(0, 1), null);
        pins.put(ConvShape.of1d(8, 4000, 64, 64, 3).withPadding(0, 1), "F(4,3)");
        pins.put(ConvShape.of1d(1, 500, 32, 32, 9).withPadding(0, 4), "F(4x3,9)");
        pins.put(ConvShape.of(16, 28, 28, 64, 64, 3, 3).withStride(2, 2), null);
        pins.forEach((shape, form) -> {
            String refusal = ConvPlan.of(shape).refusal(Pass.GRAD_WEIGHT, NAME);
            String chosen = refusal == null ? new ConvCase(shape, Pass.GRAD_WEIGHT, NAME).winogradForm() : null;
            assertEquals(form, chosen, shape + ": " + refusal);
        });
    }

    /** {@code act(conv + bias + residual)} in wider pixels: the bits of one after the other, and nothing between them is touched. */
    @ParameterizedTest
    @MethodSource("forwardShapes")
    void residualAndWiderPixels(ConvCase c) {
        ConvShape shape = c.shape();
        int k = shape.k();
        ConvOperands in = ConvOperands.reals(shape);
        Guarded bias = Guarded.of(Data.reals(4, k));
        Guarded residual = Guarded.of(Data.reals(5, shape.yLength()));
        PackedFilter filter = c.plan().pack(Pass.FORWARD, in.w().original());
        Guarded plain = Guarded.ofNaN(shape.yLength());
        c.runFused(c.plan(), in, filter, bias, plain, c.workspace(Threads.one()));
        for (Activation activation : new Activation[] {Activation.NONE, Activation.RELU, Activation.TANH}) {
            for (int stride : new int[] {k, k + 5}) {
                ConvPlan plan = c.plan().withActivation(activation).withOutputStride(stride);
                Guarded y = Guarded.ofNaN((shape.yLength() / k - 1) * stride + k);
                forward(plan, in, filter, bias, residual, y);
                String what = c + " " + activation + " " + stride;
                for (int i = 0; i < y.length(); i++) {
                    if (i % stride >= k) {
                        assertTrue(Float.isNaN(y.get(i)), what);
                        continue;
                    }
                    int at = i / stride * k + i % stride;
                    assertActivated(activation, plain.get(at) + residual.get(at), y.get(i), what);
                }
                y.assertCanaries(what);
                residual.assertUntouched(what);
                if (stride == k) {
                    Guarded itself = Guarded.of(residual.original());
                    forward(plan, in, filter, bias, itself, itself);
                    assertArrayEquals(y.array(), itself.array(), what);
                }
            }
        }
    }

    private static void assertActivated(Activation activation, float sum, float y, String what) {
        if (activation == Activation.TANH) {
            assertEquals(Math.tanh(sum), y, 1e-6, what);
        } else {
            assertEquals(activation == Activation.RELU ? Math.max(0, sum) : sum, y, 0f, what);
        }
    }

    private static void forward(ConvPlan plan, ConvOperands in, PackedFilter filter, Guarded bias, Guarded residual, Guarded y) {
        plan.forward(in.x().array(), in.x().offset(), filter, bias.array(), bias.offset(), residual.array(), residual.offset(),
                y.array(), y.offset(), plan.newWorkspace());
    }

    static Stream<ConvCase> forwardShapes() {
        return shapes().filter(c -> c.pass() == Pass.FORWARD);
    }

    static Stream<ConvCase> shapes() {
        return Shapes.all().stream().flatMap(shape -> ConvCase.of(shape).stream()).filter(ConvCase::isWinograd);
    }

    private static Guarded forward(ConvPlan plan, ConvOperands in) {
        Guarded y = Guarded.of(Data.reals(9, plan.shape().yLength()));
        plan.forward(in.x().array(), in.x().offset(), plan.pack(Pass.FORWARD, in.w().original()), y.array(), y.offset(),
                WriteMode.OVERWRITE, plan.newWorkspace());
        return y;
    }
}
