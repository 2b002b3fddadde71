package lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.kernel.Threads;
import lanewise.layer.BatchNorm;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Dropout;
import lanewise.layer.Flatten;
import lanewise.layer.Keep;
import lanewise.layer.LeakyRelu;
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
                        new Dropout(0.3f), Conv2d.of(21, 3).same(), new BatchNorm(), new Flatten(), Dense.of(10))));
    }

    private static float[] trained(Network network, int batch, Threads threads) {
        Context context = network.newContext(new ContextOptions(batch, threads, true, false, 1).keeping(Keep.NEEDED));
        Optimizer adam = Adam.of();
        float[] targets = new float[batch];
        for (int step = 0; step < STEPS; step++) {
            int n = batch - step;
            float[] x = Data.reals(step, n * network.inputShape().size());
            System.arraycopy(x, 0, context.input(), 0, x.length);
            for (int i = 0; i < n; i++) {
                targets[i] = i % 10;
            }
            context.forward(n, true);
            new SoftmaxCrossEntropy().forward(context.output(), targets, n, network.outputShape(), context.outputGradient());
            context.backward(n);
            adam.step(network.parameters(), context.gradients(), 1e-2);
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
