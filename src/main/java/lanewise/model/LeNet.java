package lanewise.model;

import lanewise.internal.Checks;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.Graph;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * The convnet that read cheques, with ReLU and max-pooling as it is built today: two convolutions, each pooled, then three dense
 * layers. The original has sigmoids, learned subsampling and a second convolution that sees only some of the maps.
 *
 * <p><i>Source:</i> LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998.
 */
public final class LeNet {

    /** The published input. */
    public static final Shape INPUT = Shape.of(28, 28, 1);

    private LeNet() {}

    /** As published: for {@link #INPUT} and 10 classes. */
    public static Network network(long seed) {
        return network(INPUT, 10, seed);
    }

    /**
     * The network for pictures of another size, or another number of classes.
     *
     * @param input height, width, channels
     * @param seed draws the parameters
     * @throws IllegalArgumentException if {@code classes} is below 1 or the picture too small
     */
    public static Network network(Shape input, int classes, long seed) {
        Graph graph = new Graph();
        return graph.network(seed, scores(graph.input("digit", input), classes));
    }

    /** The feature maps, {@code (H/2 - 4)/2 x (W/2 - 4)/2 x 16}, rounded down. */
    public static Node features(Node x) {
        return x
                .then("conv1", Conv2d.of(6, 5).padding(2).relu())
                .then("pool1", MaxPool2d.of(2))
                .then("conv2", Conv2d.of(16, 5).relu())
                .then("pool2", MaxPool2d.of(2));
    }

    /** One score for each class. */
    public static Node scores(Node x, int classes) {
        Checks.atLeast(classes, 1, "classes");
        return features(x)
                .then("features", new Flatten())
                .then("dense1", Dense.of(120).relu())
                .then("dense2", Dense.of(84).relu())
                .then("scores", Dense.of(classes));
    }
}
