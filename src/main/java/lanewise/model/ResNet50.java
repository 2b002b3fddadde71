package lanewise.model;

import lanewise.internal.Checks;
import lanewise.layer.Dense;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * Fifty layers with weights: bottlenecks that squeeze the channels to a quarter, convolve 3 x 3 and widen again, each added to what
 * went in. Strides are at the 3 x 3 convolutions, as in most libraries ("version 1.5"); the paper has them at the 1 x 1 before.
 * Takes pictures of any size.
 *
 * <p><i>Source:</i> He, Zhang, Ren and Sun, arXiv 1512.03385.
 */
public final class ResNet50 {

    /** The published input. */
    public static final Shape INPUT = Shape.of(224, 224, 3);

    private ResNet50() {}

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

    /** The feature maps, {@code H/32 x W/32 x 2048}, rounded up. */
    public static Node features(Node x) {
        Node y = Residual.stem(x);
        y = Residual.stage("stage1", y, Residual::bottleneck, 3, 64, 1);
        y = Residual.stage("stage2", y, Residual::bottleneck, 4, 128, 2);
        y = Residual.stage("stage3", y, Residual::bottleneck, 6, 256, 2);
        return Residual.stage("stage4", y, Residual::bottleneck, 3, 512, 2);
    }

    /** One score for each class. */
    public static Node scores(Node x, int classes) {
        Checks.atLeast(classes, 1, "classes");
        return features(x)
                .then("pool", new GlobalAveragePool())
                .then("scores", Dense.of(classes));
    }
}
