package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import lanewise.kernel.Activation;
import lanewise.model.LeNet;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After its first call of a batch size a context allocates nothing, whatever the size: no array, no box, no iterator. */
@EnabledIfSystemProperty(named = "lanewise.allocation", matches = "true", disabledReason = "has a JVM of its own")
class ContextAllocationTest {

    private static final int[] SIZES = {200, 130, 3};
    private static final int[] PAIR_SIZES = {64, 3};
    private static final int CALLS = 5;
    private static final long PATIENCE = 60_000; // ms: a tile of a rare number of rows reaches C2 late, on a busy machine very late

    /** Short calls, as many as C2 waits for: of long ones it compiles the loops, which leaves a vector in a box at their start. */
    private static final int WARM_UP = 12_000;

    private static Network leNet() {
        return Network.chain(Shape.of(28, 28, 1), 1, Conv2d.of(6, 5).padding(2).activation(Activation.TANH),
                AveragePool2d.of(2), Conv2d.of(16, 5).relu(), MaxPool2d.of(2), new Flatten(), Dense.of(120).relu(), new Dropout(0.5f),
                Dense.of(84).relu(), Dense.of(10));
    }

    /** Blocks of ResNet-20, whose norm, sum and ReLU go on range by range ({@link Chains}). */
    private static Network normed() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6, 6, 3)).then(Conv2d.of(5, 3).same()).then(new BatchNorm()).then(new Relu());
        Node branch = x.then(Conv2d.of(18, 3).same().stride(2)).then(new BatchNorm()).then(new Relu())
                .then(Conv2d.of(18, 3).same()).then(new BatchNorm());
        Node sum = graph.join(new Add(), branch, x.then(Conv2d.of(18, 1).stride(2)).then(new BatchNorm())).then(new Relu());
        return graph.network(1, sum.then(new GlobalAveragePool()).then(Dense.of(3)));
    }

    static Stream<String> names() {
        return Stream.concat(Stream.of("LeNet", "normed"), SmallNetworks.all().keySet().stream());
    }

    @ParameterizedTest
    @MethodSource("names")
    void nothing(String name) {
        Network network = switch (name) {
            case "LeNet" -> leNet();
            case "normed" -> normed();
            default -> SmallNetworks.all().get(name);
        };
        int batch = 200; // beyond the small numbers whose boxes are ready-made
        Context context = OneLayer.context(network, batch);
        Context least = network.newContext(context.options().keeping(Keep.LEAST));
        Context predicting = network.newContext(batch);
        for (Node input : network.inputs()) {
            float[] x = input.name().equals("words") ? new float[batch * input.shape().size()]
                    : Data.reals(1, batch * input.shape().size());
            System.arraycopy(x, 0, context.input(input.name()), 0, x.length);
            System.arraycopy(x, 0, least.input(input.name()), 0, x.length);
            System.arraycopy(x, 0, predicting.input(input.name()), 0, x.length);
        }
        for (int i = 0; i < WARM_UP; i++) {
            context.forward(1, true);
            context.backward(1);
            predicting.forward(1);
            least.forward(1, true);
            least.backward(1);
            if (i % 2 == 0) { // three rows have tiles of their own in dense layers
                context.forward(3, true);
                context.backward(3);
            }
        }
        int[] covered = new int[1];
        Gradients.RangeAction count = (from, to, _) -> covered[0] += to - from;
        assertAllocatesNothing(name + " training", () -> {
            for (int n : SIZES) {
                context.forward(n, true);
                context.backward(n);
                context.gradients().forEachRange(count);
                network.parameters().changed();
            }
        });
        assertAllocatesNothing(name + " computing again", () -> {
            for (int n : SIZES) {
                least.forward(n, true);
                least.backward(n);
            }
        });
        assertAllocatesNothing(name + " predicting", () -> {
            for (int n : SIZES) {
                predicting.forward(n);
            }
        });
    }

    /** Where nobody wants the gradient of the input, a convolution and its pooling are one call. */
    @Test
    void pairs() {
        Network network = LeNet.network(1);
        Context context = network.newTrainingContext(64, 1);
        System.arraycopy(Data.reals(1, context.input().length), 0, context.input(), 0, context.input().length);
        for (int i = 0; i < WARM_UP; i++) {
            context.forward(1, true);
            context.backward(1);
        }
        assertAllocatesNothing("pairs", () -> {
            for (int n : PAIR_SIZES) {
                context.forward(n, true);
                context.backward(n);
                network.parameters().changed();
            }
        });
    }

    private static void assertAllocatesNothing(String what, Runnable call) {
        assertEquals(0, Allocation.bytesWhenWarm(CALLS, PATIENCE, call), () -> what + ": bytes in " + CALLS + " calls");
    }
}
