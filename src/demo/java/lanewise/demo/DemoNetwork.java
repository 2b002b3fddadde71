package lanewise.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import lanewise.layer.BatchNorm;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.Graph;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Relu;
import lanewise.model.LeNet;
import lanewise.model.ResNet20;
import lanewise.model.Vgg8;
import lanewise.train.Adam;
import lanewise.train.Optimizer;
import lanewise.train.Sgd;

/** The networks that can be trained on pictures of 28 x 28 in ten classes, each with what it is trained by. */
enum DemoNetwork {

    /** Fast, and enough for digits. */
    LENET(LeNet::network, Adam::of, 3e-3, 0.05),

    /** Enough for clothes: six convolutions with batch norm. */
    SMALL_VGG(DemoNetwork::smallVgg, DemoNetwork::sgd, 0.1, 0.2),

    VGG8(seed -> Vgg8.network(LeNet.INPUT, 10, seed), Adam::of, 1e-3, 0.05),

    RESNET20(seed -> ResNet20.network(LeNet.INPUT, 10, seed), DemoNetwork::sgd, 0.1, 0.2);

    private final LongFunction<Network> network;
    private final Supplier<Optimizer> optimizer;
    private final double rate;
    private final double warmUp;

    DemoNetwork(LongFunction<Network> network, Supplier<Optimizer> optimizer, double rate, double warmUp) {
        this.network = network;
        this.optimizer = optimizer;
        this.rate = rate;
        this.warmUp = warmUp;
    }

    /** Its parameters drawn by {@code seed}. */
    Network network(long seed) {
        return network.apply(seed);
    }

    /** A new one. */
    Optimizer optimizer() {
        return optimizer.get();
    }

    /** The highest learning rate. */
    double rate() {
        return rate;
    }

    /** The part of all steps in which the learning rate rises. */
    double warmUp() {
        return warmUp;
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<String> names() {
        return Arrays.stream(values()).map(DemoNetwork::toString).toList();
    }

    private static Optimizer sgd() {
        return Sgd.of().momentum(0.9).nesterov().weightDecay(5e-4);
    }

    /** Three stages of two convolutions of 3 x 3, with 16, 32 and 64 maps; each stage ends in a pooling, and the last in scores. */
    private static Network smallVgg(long seed) {
        Graph graph = new Graph();
        Node y = graph.input("picture", LeNet.INPUT);
        for (int stage = 1; stage <= 3; stage++) {
            for (int i = 1; i <= 2; i++) {
                String name = "stage" + stage;
                y = y.then(name + "/conv" + i, Conv2d.of(8 << stage, 3).padding(1).withoutBias())
                        .then(name + "/norm" + i, new BatchNorm())
                        .then(name + "/relu" + i, new Relu());
            }
            y = y.then("pool" + stage, MaxPool2d.of(2));
        }
        return graph.network(seed, y.then("features", new Flatten()).then("scores", Dense.of(10)));
    }
}
