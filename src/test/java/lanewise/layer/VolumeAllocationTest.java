package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorContext;
import lanewise.infer.PredictorOptions;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layers on volumes, the norms of one example and the places of maxima allocate nothing once they are compiled. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class VolumeAllocationTest {

    private static final int CALLS = 5;
    private static final long PATIENCE = 30_000; // ms
    private static final int WARM_UP = 2_000;

    private static Network network(int channels) {
        Graph graph = new Graph();
        Node x = graph.input("x", Shape.of(3, 5, 6, 2)).then(new Conv3d(channels, Window3d.of(2).withPadding(1, 1, 1), 1, true))
                .then(new GroupNorm(3)).then(new ConvTranspose3d(channels, Window3d.of(2), List.of(0, 0, 0), 1, true))
                .then(new InstanceNorm()).then(new LocalResponseNorm(5)).then(new LayerNorm(1e-5f, 2));
        Node pooled = graph.join(new Concat(), x.then(MaxPool3d.of(2)), x.then(AveragePool3d.of(2)), x.then(LpPool3d.of(2, 2)));
        return graph.network(3, pooled.then(new GlobalLpPool(2)));
    }

    /** Fewer channels than lanes, and more with a rest. */
    @ParameterizedTest
    @ValueSource(ints = {3, 75})
    void steps(int channels) {
        Context context = OneLayer.context(network(channels), 2);
        float[] x = Data.reals(1, context.input("x").length);
        System.arraycopy(x, 0, context.input("x"), 0, x.length);
        Runnable step = () -> {
            context.forward(2, true);
            context.backward(2);
            context.forward(1);
        };
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
        }
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, step), () -> channels + " channels: bytes in " + CALLS + " calls");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 75})
    void predictions(int channels) {
        Network network = network(channels);
        PredictorContext context = Predictor.compile(network, PredictorOptions.defaults().withoutWarmUp()).newContext();
        float[] x = Data.reals(1, network.inputShape().size());
        float[] y = new float[network.outputShape().size()];
        for (int i = 0; i < WARM_UP; i++) {
            context.predict(x, y);
        }
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, () -> context.predict(x, y)));
    }

    @Test
    void places() {
        Graph graph = new Graph();
        Shape shape = Shape.of(6, 6, 19);
        Node x = graph.input("x", shape);
        Network network = graph.network(1, graph.join("y", new MaxUnpool(shape), x.then(MaxPool2d.of(2)), x.then(MaxPoolIndices.of(2))));
        Context context = OneLayer.context(network, 2);
        float[] values = Data.reals(1, context.input("x").length);
        System.arraycopy(values, 0, context.input("x"), 0, values.length);
        Runnable step = () -> {
            context.forward(2, true);
            context.backward(2);
        };
        for (int i = 0; i < WARM_UP; i++) {
            step.run();
        }
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, step));
    }
}
