package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lanewise.oracle.ActivationOracle;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every algorithm for every pass of every shape against plain loops in double. */
class ConvOracleTest {

    @ParameterizedTest
    @MethodSource("lanewise.kernel.ConvCase#all")
    void overwritesAndAccumulates(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        Sums sums = c.oracle(in);
        ConvPlan plan = c.plan();
        PackedFilter filter = c.pack(plan, in);

        Guarded set = Guarded.ofNaN(c.outLength());
        c.run(plan, in, filter, set, WriteMode.OVERWRITE, c.workspace(Threads.one()));
        sums.assertClose(set, c + " OVERWRITE");
        set.assertCanaries(c);

        Guarded plus = Guarded.of(Data.reals(4, c.outLength()));
        c.run(plan, in, filter, plus, WriteMode.ACCUMULATE, c.workspace(Threads.one()));
        sums.plusRows(plus.original()).assertClose(plus, c + " ACCUMULATE");
        plus.assertCanaries(c);
        in.assertUntouched(c);
    }

    @ParameterizedTest
    @MethodSource("lanewise.kernel.ConvCase#allWithFilter")
    void addsBiasAndApplies(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        Guarded bias = Guarded.of(Data.reals(5, c.outChannels()));
        Sums plain = c.oracle(in);
        Sums biased = plain.plusRows(bias.original());
        ConvPlan plan = c.plan();
        PackedFilter filter = c.pack(plan, in);
        Workspace workspace = c.workspace(Threads.one());
        List<Activation> few = List.of(Activation.NONE, Activation.RELU, Activation.TANH);
        for (Activation activation : c.isSmall() ? List.of(Activation.values()) : few) {
            for (Sums sums : List.of(plain, biased)) {
                Guarded out = Guarded.ofNaN(c.outLength());
                c.runFused(plan.withActivation(activation), in, filter, sums == biased ? bias : null, out, workspace);
                ActivationOracle.assertClose(activation, sums, out, c);
                out.assertCanaries(c);
            }
        }
        in.assertUntouched(c);
        bias.assertUntouched(c);
    }

    @ParameterizedTest
    @MethodSource("lanewise.oracle.Shapes#all")
    void gradBiasSumsOverPixels(ConvShape shape) {
        Guarded dy = Guarded.of(Data.reals(3, shape.yLength()));
        Sums sums = ConvOracle.gradBias(shape, dy.original());
        ConvPlan plan = ConvPlan.of(shape);

        Guarded set = Guarded.ofNaN(shape.k());
        plan.gradBias(dy.array(), dy.offset(), set.array(), set.offset(), WriteMode.OVERWRITE);
        sums.assertClose(set, shape + " gradBias OVERWRITE");
        set.assertCanaries(shape);

        Guarded plus = Guarded.of(Data.reals(4, shape.k()));
        plan.gradBias(dy.array(), dy.offset(), plus.array(), plus.offset(), WriteMode.ACCUMULATE);
        sums.plusRows(plus.original()).assertClose(plus, shape + " gradBias ACCUMULATE");
        plus.assertCanaries(shape);
        dy.assertUntouched(shape);
    }

    /** The methods without offsets are the same calls. */
    @Test
    void wholeArrays() {
        ConvShape shape = ConvShape.of(2, 5, 6, 7, 9, 3, 3).withStride(2, 1).withPadding(1, 1);
        ConvOperands in = ConvOperands.integers(shape);
        float[] x = in.x().values();
        float[] w = in.w().values();
        float[] dy = in.dy().values();
        float[] bias = Data.integers(5, shape.k());
        ConvPlan plan = ConvPlan.of(shape);
        Workspace workspace = plan.newWorkspace();
        float[] y = new float[shape.yLength()];
        float[] dx = new float[shape.xLength()];
        float[] dw = new float[shape.wLength()];
        float[] dbias = new float[shape.k()];
        plan.forward(x, plan.pack(Pass.FORWARD, w), bias, y, workspace);
        plan.gradInput(dy, plan.pack(Pass.GRAD_INPUT, w), dx, workspace);
        plan.gradWeight(x, dy, dw, workspace);
        plan.gradBias(dy, dbias);
        ConvOracle.forward(shape, x, w).plusRows(bias).assertExact(Guarded.of(y), shape + " forward");
        ConvOracle.gradInput(shape, dy, w).assertExact(Guarded.of(dx), shape + " gradInput");
        ConvOracle.gradWeight(shape, x, dy).assertExact(Guarded.of(dw), shape + " gradWeight");
        ConvOracle.gradBias(shape, dy).assertExact(Guarded.of(dbias), shape + " gradBias");
    }

    /** Kernels of equal layout share a packed filter: the same layer at another batch size; of another layout it is refused. */
    @ParameterizedTest
    @MethodSource("lanewise.kernel.ConvCase#smallWithFilter")
    void packedFilterServesOtherBatch(ConvCase c) {
        var larger = new ConvCase(c.shape().withBatch(c.shape().n() + 1), c.pass(), c.algorithm());
        ConvOperands in = ConvOperands.integers(larger.shape());
        Guarded out = Guarded.ofNaN(larger.outLength());
        String layout = c.plan().newFilter(c.pass()).toString();
        String largerLayout = larger.plan().newFilter(c.pass()).toString();
        if (!layout.equals(largerLayout)) {
            assertTrue(layout.contains("F(2x2,3x3)") && largerLayout.contains("F(4x4,3x3)"), layout + ", " + largerLayout);
            Refused.argument(() -> larger.run(larger.plan(), in, c.pack(c.plan(), in), out, WriteMode.OVERWRITE,
                    larger.workspace(Threads.one())), layout, largerLayout);
            return;
        }
        larger.run(larger.plan(), in, c.pack(c.plan(), in), out, WriteMode.OVERWRITE, larger.workspace(Threads.one()));
        larger.oracle(in).assertExact(out, larger + " with a filter packed for " + c.shape());
    }

    @Test
    void shapesAreManyAndDifferent() {
        Set<String> names = new HashSet<>();
        for (ConvShape shape : Shapes.all()) {
            assertTrue(names.add(shape.toString()), () -> shape + " stands in the list twice");
            assertTrue(shape.multiplyAdds() < 10_000_000, () -> shape + " is too large for an oracle");
        }
        assertTrue(names.size() > 80, () -> "only " + names.size() + " shapes");
    }

    @Test
    void everyAlgorithmIsReached() {
        ConvCase.assertEveryAlgorithm(ConvCase.all());
    }

    /** The oracle itself, by a case small enough for pencil and paper. */
    @Test
    void oracleByHand() {
        ConvShape shape = ConvShape.of(1, 2, 2, 1, 1, 2, 2).withPadding(1, 0, 0, 1);
        float[] x = {1, 2, 3, 4};
        float[] w = {10, 20, 30, 40};
        assertEquals("[110.0, 60.0, 300.0, 140.0]", ConvOracle.forward(shape, x, w).toString());
        float[] dy = {1, 0, 0, 1};
        assertEquals("[30.0, 50.0, 0.0, 30.0]", ConvOracle.gradInput(shape, dy, w).toString());
        assertEquals("[2.0, 0.0, 5.0, 2.0]", ConvOracle.gradWeight(shape, x, dy).toString());
        assertEquals("[2.0]", ConvOracle.gradBias(shape, dy).toString());
    }
}
