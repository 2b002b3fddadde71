package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradients against differences of {@code forward}: for the loss {@code L = <v, act(conv(x, w) + bias)>} and a step u in all
 * three arguments at once,
 *
 * <pre>(L(x + ux, w + uw, bias + ub) - L(x - ux, w - uw, bias - ub)) / 2 = &lt;dx, ux&gt; + &lt;dw, uw&gt; + &lt;dbias,
 * ub&gt;</pre>
 *
 * <p>A convolution is bilinear, so the central difference has no error at any step, and with small integers both sides are exact.
 */
class ConvGradientTest {

    /** Far above any sum of the products in these tests (integers up to 8, 20,000 terms), far below 2^24. */
    private static final float FAR = 4_000_000;

    @ParameterizedTest
    @MethodSource("lanewise.oracle.Shapes#all")
    void linear(ConvShape shape) {
        check(shape, Activation.NONE, Data.integers(4, shape.k()));
    }

    /** With ReLU the bias opens every second channel and shuts the others, which keeps all outputs off the kink. */
    @ParameterizedTest
    @MethodSource("lanewise.oracle.Shapes#all")
    void withRelu(ConvShape shape) {
        float[] bias = new float[shape.k()];
        for (int k = 0; k < bias.length; k++) {
            bias[k] = k % 2 == 0 ? FAR : -FAR;
        }
        check(shape, Activation.RELU, bias);
    }

    /** Each in one plan at least. */
    @Test
    void everyAlgorithm() {
        ConvCase.assertEveryAlgorithm(Shapes.all().stream().flatMap(shape -> plans(shape, Activation.NONE).stream())
                .flatMap(plan -> Stream.of(Pass.values()).map(pass -> new ConvCase(plan.shape(), pass, plan.algorithm(pass)))));
    }

    private static void check(ConvShape shape, Activation activation, float[] bias) {
        float[] x = Data.integers(1, shape.xLength());
        float[] w = Data.integers(2, shape.wLength());
        float[] stepX = Data.integers(5, x.length);
        float[] stepW = Data.integers(6, w.length);
        float[] stepBias = Data.integers(7, bias.length);
        float[] v = Data.integers(3, shape.yLength());
        List<ConvPlan> plans = plans(shape, activation);
        for (ConvPlan plan : plans) {
            float[] above = forward(plan, Data.axpy(x, 1, stepX), Data.axpy(w, 1, stepW), Data.axpy(bias, 1, stepBias));
            float[] below = forward(plan, Data.axpy(x, -1, stepX), Data.axpy(w, -1, stepW), Data.axpy(bias, -1, stepBias));
            double difference = (Data.dot(v, above) - Data.dot(v, below)) / 2;

            float[] y = forward(plan, x, w, bias);
            float[] dy = new float[v.length];
            if (activation == Activation.RELU) {
                Eltwise.reluGradInput(y, 0, v, 0, dy, 0, v.length, WriteMode.OVERWRITE);
            } else {
                dy = v;
            }
            Workspace workspace = plan.newWorkspace();
            float[] dx = new float[x.length];
            float[] dw = new float[w.length];
            float[] dbias = new float[bias.length];
            plan.gradInput(dy, plan.pack(Pass.GRAD_INPUT, w), dx, workspace);
            plan.gradWeight(x, dy, dw, workspace);
            plan.gradBias(dy, dbias);
            dx = integers(plan, Pass.GRAD_INPUT, dx);
            dw = integers(plan, Pass.GRAD_WEIGHT, dw);
            double derivative = Data.dot(dx, stepX) + Data.dot(dw, stepW) + Data.dot(dbias, stepBias);
            assertEquals(difference, derivative, 0, plan::toString);
        }
    }

    private static float[] forward(ConvPlan plan, float[] x, float[] w, float[] bias) {
        float[] y = new float[plan.shape().yLength()];
        plan.forward(x, plan.pack(Pass.FORWARD, w), bias, y, plan.newWorkspace());
        return integers(plan, Pass.FORWARD, y);
    }

    /** Winograd's algorithm brings integers back to within its rounding only. */
    private static float[] integers(ConvPlan plan, Pass pass, float[] values) {
        return plan.algorithm(pass).endsWith("WinogradConv") ? Sums.rounded(values) : values;
    }

    /** The plan as chosen, and one more for every other algorithm of any pass. */
    private static List<ConvPlan> plans(ConvShape shape, Activation activation) {
        ConvPlan chosen = ConvPlan.of(shape).withActivation(activation);
        var plans = new ArrayList<>(List.of(chosen));
        for (ConvCase c : ConvCase.of(shape)) {
            if (!chosen.algorithm(c.pass()).equals(c.algorithm())) {
                plans.add(chosen.withAlgorithm(c.pass(), c.algorithm()));
            }
        }
        assertEquals(1 + ConvCase.of(shape).size() - Pass.values().length, plans.size());
        return plans;
    }
}
