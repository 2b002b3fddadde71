package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.kernel.Threads;
import lanewise.layer.Network;
import lanewise.model.LeNet;
import lanewise.model.MobileNetV2;
import lanewise.model.ResNet50;
import lanewise.model.SqueezeNet;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A prediction allocates nothing once its kernels are compiled. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class PredictorAllocationTest {

    private static final long PATIENCE = 60_000; // ms

    private record Case(String name, Supplier<Network> network, int calls) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(new Case("LeNet", () -> LeNet.network(1), 1000),
                new Case("ResNet-50", () -> ResNet50.network(1), 3),
                new Case("MobileNetV2", () -> MobileNetV2.network(1), 5),
                new Case("SqueezeNet", () -> SqueezeNet.network(1), 5),
                new Case("moved", ExactNetworks::moved, 1000),
                new Case("gates", () -> ExactNetworks.all().get("gates"), 1000),
                new Case("pyramid", () -> ExactNetworks.all().get("pyramid"), 1000),
                new Case("constants", () -> ExactNetworks.all().get("constants before padding"), 1000));
    }

    /** The images of a batch in turn, and shared by two threads. */
    @Test
    void imageByImage() throws InterruptedException {
        Predictor predictor = Predictor.compile(LeNet.network(1), PredictorOptions.defaults().batch(8), null, 1 << 12, 0);
        assertTrue(predictor.imageSteps() > 0, predictor::describe);
        predictor.awaitWarm();
        float[] in = Data.reals(1, 8 * predictor.inputs().getFirst().shape().size());
        float[] out = new float[8 * predictor.outputs().getFirst().shape().size()];
        assertEquals(0, Allocation.bytesWhenWarm(1000, PATIENCE, run(predictor.newContext(), in, out)));
        try (Threads threads = Threads.of(2)) {
            assertEquals(0, Allocation.bytesWithWorkersWhenWarm(1000, PATIENCE, run(predictor.newContext(threads), in, out)));
        }
    }

    private static Runnable run(PredictorContext context, float[] in, float[] out) {
        return () -> context.predict(in, out);
    }

    /** Neither the thread that calls nor the one that helps. */
    @Test
    void twoThreads() throws InterruptedException {
        Predictor predictor = Predictor.compile(ResNet50.network(1));
        predictor.awaitWarm();
        float[] in = Data.reals(1, predictor.inputs().getFirst().shape().size());
        try (Threads threads = Threads.of(2)) {
            assertEquals(0, Allocation.bytesWithWorkersWhenWarm(3, PATIENCE, run(predictor.newContext(threads), in, new float[1000])));
        }
    }

    /** A context's arrays for a batch, once, and nothing else. */
    @Test
    void singleRequests() throws InterruptedException {
        Predictor predictor = Predictor.compile(LeNet.network(1), PredictorOptions.defaults().batch(2));
        predictor.awaitWarm();
        PredictorContext context = predictor.newContext();
        List<float[]> in = Stream.generate(() -> Data.reals(1, 28 * 28)).limit(3).toList();
        List<float[]> out = Stream.generate(() -> new float[10]).limit(3).toList();
        assertEquals(0, Allocation.bytesWhenWarm(1000, PATIENCE, () -> context.predictAll(in, out)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nothing(Case model) throws InterruptedException {
        Predictor predictor = Predictor.compile(model.network.get());
        PredictorContext context = predictor.newContext();
        predictor.awaitWarm(); // it begins with plain loops; the context is from before
        float[][] in = {Data.reals(1, predictor.inputs().getFirst().shape().size())};
        float[][] out = predictor.outputs().stream().map(node -> new float[node.shape().size()]).toArray(float[][]::new);
        assertEquals(0, Allocation.bytesWhenWarm(model.calls, PATIENCE, () -> context.predict(in, out)), model.name);
    }
}
