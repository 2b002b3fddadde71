package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import lanewise.oracle.ActivationOracle;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the algorithms for small groups do besides the product: residuals, wider pixels, activations in registers. */
class GroupedFusesTest {

    static Stream<ConvCase> cases() {
        Stream<ConvShape> named = Stream.of(
                ConvShape.depthwise(2, 9, 10, 32, 3, 3).withPadding(1, 1),
                ConvShape.depthwise(1, 7, 6, 37, 3, 3).withPadding(1, 1),
                ConvShape.depthwise(1, 11, 9, 24, 3, 3).withStride(2, 2).withPadding(1, 1));
        Stream<ConvShape> grouped = Stream.of(
                ConvShape.of(1, 6, 7, 12, 24, 3, 3).withGroups(6).withPadding(1, 1),
                ConvShape.of(2, 7, 5, 40, 20, 3, 3).withGroups(20).withStride(2, 1));
        Stream<ConvShape> random = Shapes.randomDepthwise(11, 12).stream();
        return Stream.of(named, grouped, random).flatMap(shapes -> shapes).flatMap(shape -> ConvCase.of(shape).stream())
                .filter(c -> c.pass() == Pass.FORWARD && Set.of("SlidingDepthwiseConv", "GroupedConv").contains(c.algorithm()));
    }

    private static Sums sums(ConvShape shape, ConvOperands in, Guarded bias, float[] residual) {
        return ConvOracle.forward(shape, in.x().original(), in.w().original()).plusRows(bias.original()).plusRows(residual);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void addsResidualBeforeActivation(ConvCase c) {
        ConvShape shape = c.shape();
        ConvOperands in = ConvOperands.reals(shape);
        Guarded bias = Guarded.of(Data.reals(5, shape.k()));
        Guarded residual = Guarded.of(Data.reals(6, shape.yLength()));
        Sums sums = sums(shape, in, bias, residual.original());
        for (Activation activation : List.of(Activation.NONE, Activation.RELU, Activation.RELU6, Activation.TANH)) {
            ConvPlan plan = c.plan().withActivation(activation);
            assertTrue(plan.fuses());
            PackedFilter filter = plan.pack(Pass.FORWARD, in.w().values());
            Guarded y = Guarded.ofNaN(shape.yLength());
            plan.forward(in.x().array(), in.x().offset(), filter, bias.array(), bias.offset(), residual.array(), residual.offset(),
                    y.array(), y.offset(), plan.newWorkspace());
            ActivationOracle.assertClose(activation, sums, y, shape + " " + activation);
            y.assertCanaries(shape);
            residual.assertUntouched(shape);

            Guarded inPlace = Guarded.of(residual.original());
            plan.forward(in.x().array(), in.x().offset(), filter, bias.array(), bias.offset(), inPlace.array(), inPlace.offset(),
                    inPlace.array(), inPlace.offset(), plan.newWorkspace());
            assertEquals(Arrays.toString(y.values()), Arrays.toString(inPlace.values()), () -> shape + " in place");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void writesIntoWiderPixels(ConvCase c) {
        ConvShape shape = c.shape();
        int wide = shape.k() + 5;
        int pixels = shape.yLength() / shape.k();
        ConvOperands in = ConvOperands.reals(shape);
        Guarded bias = Guarded.of(Data.reals(5, shape.k()));
        float[] residual = Data.reals(6, shape.yLength());
        for (Activation activation : List.of(Activation.NONE, Activation.RELU6, Activation.SIGMOID)) {
            for (float[] added : new float[][] {null, residual}) {
                ConvPlan plan = c.plan().withActivation(activation);
                PackedFilter filter = plan.pack(Pass.FORWARD, in.w().values());
                float[] dense = new float[shape.yLength()];
                plan.forward(in.x().array(), in.x().offset(), filter, bias.array(), bias.offset(), added, 0, dense, 0,
                        plan.newWorkspace());
                float[] y = new float[pixels * wide];
                Arrays.fill(y, -7);
                plan.withOutputStride(wide).forward(in.x().array(), in.x().offset(), filter, bias.array(), bias.offset(), added, 0,
                        y, 0, plan.newWorkspace());
                for (int i = 0; i < y.length; i++) {
                    float expected = i % wide < shape.k() ? dense[i / wide * shape.k() + i % wide] : -7;
                    int at = i;
                    assertEquals(expected, y[i], () -> shape + " " + activation + " at " + at);
                }
            }
        }
    }
}
