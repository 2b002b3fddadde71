package lanewise.model;

import lanewise.internal.Checks;
import lanewise.layer.Dense;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * Eighteen layers with weights: blocks of two 3 x 3 convolutions, each block added to what went in. Takes pictures of any size.
 *
 * <p><i>Source:</i> He, Zhang, Ren and Sun, arXiv 1512.03385.
 */
public final class ResNet18 {

    /** The published input. */
    public static final Shape INPUT = Shape.of(224, 224, 3);

    private ResNet18() {}

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

    /** The feature maps, {@code H/32 x W/32 x 512}, rounded up. */
    public static Node features(Node x) {
        Node y = Residual.stem(x);
        y = Residual.stage("stage1", y, Residual::basic, 2, 64, 1);
        y = Residual.stage("stage2", y, Residual::basic, 2, 128, 2);
        y = Residual.stage("stage3", y, Residual::basic, 2, 256, 2);
        return Residual.stage("stage4", y, Residual::basic, 2, 512, 2);
    }

    /** One score for each class. */
    public static Node scores(Node x, int classes) {
        Checks.atLeast(classes, 1, "classes");
        return features(x)
                .then("pool", new GlobalAveragePool())
                .then("scores", Dense.of(classes));
    }
}
