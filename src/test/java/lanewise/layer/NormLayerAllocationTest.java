package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training step through {@link BatchNorm} and {@link LayerNorm}, trained or frozen, allocates nothing once it is compiled. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class NormLayerAllocationTest {

    private static final int CALLS = 5;
    private static final long PATIENCE = 15_000; // ms
    private static final int WARM_UP = 12_000; // short calls, see ContextAllocationTest

    /** Fewer channels than lanes, and more with a rest. */
    @ParameterizedTest
    @CsvSource({"3, trained", "3, frozen", "75, trained", "75, frozen"})
    void nothing(int channels, String how) {
        Graph graph = new Graph();
        Node y = graph.input("x", Shape.of(9, 2)).then("conv", Conv1d.of(channels, 3).withoutBias()).then("bn", new BatchNorm())
                .then("relu", new Relu()).then("ln", new LayerNorm()).then("flat", new Flatten()).then("dense", Dense.of(4));
        Network network = graph.network(3, y);
        if (how.equals("frozen")) {
            network.parameters().freeze("bn.");
            network.parameters().freeze("ln.");
        }
        Context context = OneLayer.context(network, 200);
        float[] x = Data.reals(1, 200 * network.inputShape().size());
        System.arraycopy(x, 0, context.input(), 0, x.length);
        for (int i = 0; i < WARM_UP; i++) {
            context.forward(1, true);
            context.backward(1);
            context.forward(1);
        }
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, () -> {
            for (int n = 200; n > 0; n /= 8) {
                context.forward(n, true);
                context.backward(n);
                context.forward(n);
            }
        }), () -> channels + " channels " + how + ": bytes in " + CALLS + " calls");
    }
}
