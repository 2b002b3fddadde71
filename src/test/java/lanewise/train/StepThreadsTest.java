package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.kernel.Activation;
import lanewise.kernel.Threads;
import lanewise.kernel.WriteMode;
import lanewise.layer.BatchNorm;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Dropout;
import lanewise.layer.Flatten;
import lanewise.layer.Keep;
import lanewise.layer.LeakyRelu;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.model.LeNet;
import lanewise.model.ResNet20;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training steps have the same bits for any number of threads, with maps large enough to be shared out. */
class StepThreadsTest {

    private static final int STEPS = 2;

    static Stream<Named<Supplier<Network>>> networks() {
        return Stream.of(Named.of("LeNet", () -> LeNet.network(1)),
                Named.of("ResNet20", () -> ResNet20.network(Shape.of(20, 20, 3), 10, 1)),
                Named.of("narrow", () -> Network.chain(Shape.of(40, 40, 3), 1, Conv2d.of(5, 3).same(), new BatchNorm(), new LeakyRelu(),
                        new Dropout(0.3f), Conv2d.of(21, 3).same(), new BatchNorm(), new Flatten(), Dense.of(10))),
                Named.of("fused", () -> Network.chain(Shape.of(24, 24, 3), 1, Conv2d.of(20, 3).same().relu(), MaxPool2d.of(2),
                        Conv2d.of(70, 3).same().activation(Activation.TANH), new Flatten(), Dense.of(70).relu(), Dense.of(10))));
    }

    private static float[] trained(Network network, int batch, Threads threads) {
        Context context = network.newContext(new ContextOptions(batch, threads, true, false, 1).keeping(Keep.NEEDED));
        List<Optimizer> optimizers = List.of(Adam.decoupled(0.1), Sgd.of().momentum(0.9).nesterov().weightDecay(0.1));
        float[] targets = new float[batch];
        for (int step = 0; step < STEPS; step++) {
            int n = batch - step;
            float[] x = Data.reals(step, n * network.inputShape().size());
            System.arraycopy(x, 0, context.input(), 0, x.length);
            for (int i = 0; i < n; i++) {
                targets[i] = i % 10;
            }
            for (WriteMode mode : WriteMode.values()) {
                context.forward(n, true);
                new SoftmaxCrossEntropy().forward(context.output(), targets, n, network.outputShape(), context.outputGradient());
                context.backward(n, mode);
            }
            optimizers.get(step).step(network.parameters(), context.gradients(), 1e-2);
        }
        return network.parameters().values();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void sameBits(Supplier<Network> network) {
        int batch = 24;
        float[] one = trained(network.get(), batch, Threads.one());
        for (int count = 2; count <= 5; count++) {
            try (Threads threads = Threads.of(count)) {
                assertArrayEquals(one, trained(network.get(), batch, threads), count + " threads");
            }
        }
    }
}
