package lanewise.model;

import lanewise.internal.Checks;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Dropout;
import lanewise.layer.Flatten;
import lanewise.layer.Graph;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * Sixteen layers with weights (configuration D): stages of 3 x 3 convolutions, each ended by a pooling, then three dense layers,
 * which hold nine tenths of the parameters. Their number depends on the size of the picture.
 *
 * <p><i>Source:</i> Simonyan and Zisserman, arXiv 1409.1556.
 */
public final class Vgg16 {

    /** The published input. */
    public static final Shape INPUT = Shape.of(224, 224, 3);

    private Vgg16() {}

    /** As published: for {@link #INPUT} and 1000 classes. */
    public static Network network(long seed) {
        return network(INPUT, 1000, seed);
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
        return graph.network(seed, scores(graph.input("picture", input), classes));
    }

    /** The feature maps, {@code H/32 x W/32 x 512}, rounded down. */
    public static Node features(Node x) {
        Node y = stage("stage1", x, 2, 64);
        y = stage("stage2", y, 2, 128);
        y = stage("stage3", y, 3, 256);
        y = stage("stage4", y, 3, 512);
        return stage("stage5", y, 3, 512);
    }

    /** One score for each class. */
    public static Node scores(Node x, int classes) {
        Checks.atLeast(classes, 1, "classes");
        return features(x)
                .then("features", new Flatten())
                .then("dense1", Dense.of(4096).relu())
                .then("dropout1", new Dropout(0.5f))
                .then("dense2", Dense.of(4096).relu())
                .then("dropout2", new Dropout(0.5f))
                .then("scores", Dense.of(classes));
    }

    /** Convolutions that keep the size, and a pooling that halves it. */
    static Node stage(String name, Node x, int convolutions, int filters) {
        Node y = x;
        for (int i = 1; i <= convolutions; i++) {
            y = y.then(name + "/conv" + i, Conv2d.of(filters, 3).padding(1).relu());
        }
        return y.then(name + "/pool", MaxPool2d.of(2));
    }
}
