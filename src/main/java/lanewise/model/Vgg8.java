package lanewise.model;

import lanewise.internal.Checks;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * A small relative of {@link Vgg16} for pictures of 32 x 32 pixels: three stages of two 3 x 3 convolutions, then two dense layers.
 *
 * <p><i>Source:</i> the form follows Simonyan and Zisserman, arXiv 1409.1556.
 */
public final class Vgg8 {

    /** The published input. */
    public static final Shape INPUT = Shape.of(32, 32, 3);

    private Vgg8() {}

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
        return graph.network(seed, scores(graph.input("picture", input), classes));
    }

    /** The feature maps, {@code H/8 x W/8 x 256}, rounded down. */
    public static Node features(Node x) {
        Node y = Vgg16.stage("stage1", x, 2, 64);
        y = Vgg16.stage("stage2", y, 2, 128);
        return Vgg16.stage("stage3", y, 2, 256);
    }

    /** One score for each class. */
    public static Node scores(Node x, int classes) {
        Checks.atLeast(classes, 1, "classes");
        return features(x)
                .then("features", new Flatten())
                .then("dense1", Dense.of(256).relu())
                .then("scores", Dense.of(classes));
    }
}
