package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import lanewise.layer.Shape;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Losses, optimisers and clippings allocate nothing once they are compiled. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class TrainAllocationTest {

    private static final int CALLS = 50;
    private static final long PATIENCE = 20_000; // ms
    private static final List<LossOracle> LOSSES = LossOracle.ALL;
    private static final List<Optimizer> OPTIMIZERS = List.of(Sgd.of(), Sgd.of().momentum(0.9).weightDecay(0.1),
            Sgd.of().momentum(0.9).nesterov(), Adam.of(), Adam.decoupled(0.1));
    private static final List<GradientClipping> CLIPPINGS = List.of(GradientClipping.none(), GradientClipping.norm(1e-3),
            GradientClipping.value(1e-3));

    @ParameterizedTest
    @FieldSource("LOSSES")
    void loss(LossOracle oracle) {
        Shape output = Shape.of(4, 5, 19);
        Loss loss = oracle.loss();
        int n = 3;
        float[] y = Data.reals(1, n * output.size());
        float[] targets = oracle.targets(Data.reals(2, n * loss.targetSize(output)), output);
        float[] dy = new float[y.length];
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, () -> {
            loss.forward(y, targets, n, output, dy);
            loss.forward(y, targets, n, output, null);
        }), loss.toString());
    }

    @ParameterizedTest
    @FieldSource("OPTIMIZERS")
    void optimizer(Optimizer optimizer) {
        TinyNetwork tiny = new TinyNetwork();
        tiny.backward(1);
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, () -> tiny.step(optimizer, 1e-4)), optimizer.toString());
    }

    @ParameterizedTest
    @FieldSource("CLIPPINGS")
    void clipping(GradientClipping clipping) {
        TinyNetwork tiny = new TinyNetwork();
        tiny.backward(1);
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, () -> {
            tiny.gradients()[tiny.gradients().length - 1] = 7;
            clipping.apply(tiny.context.gradients());
        }));
    }
}
