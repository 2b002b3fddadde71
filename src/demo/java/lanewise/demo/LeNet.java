package lanewise.demo;

import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.Graph;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * The convnet of LeCun, Bottou, Bengio and Haffner ("Gradient-Based Learning Applied to Document Recognition", 1998), with ReLU and
 * max-pooling as it is built today: two convolutions, each pooled, then three dense layers.
 */
final class LeNet {

    /** What it looks at. */
    static final Shape DIGIT = Shape.of(28, 28, 1);

    private LeNet() {}

    /** A network for 28 x 28 grey pictures of ten classes. */
    static Network create(long seed) {
        Graph graph = new Graph();
        Node x = graph.input("digit", DIGIT);
        Node maps = x
                .then("conv1", Conv2d.of(6, 5).padding(2).relu())
                .then("pool1", MaxPool2d.of(2))
                .then("conv2", Conv2d.of(16, 5).relu())
                .then("pool2", MaxPool2d.of(2));
        Node scores = maps
                .then("features", new Flatten())
                .then("dense1", Dense.of(120).relu())
                .then("dense2", Dense.of(84).relu())
                .then("scores", Dense.of(10));
        return graph.network(seed, scores);
    }
}
