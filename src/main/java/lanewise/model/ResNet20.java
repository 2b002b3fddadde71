package lanewise.model;

import lanewise.internal.Checks;
import lanewise.layer.BatchNorm;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Relu;
import lanewise.layer.Shape;

/**
 * Twenty layers with weights for pictures of 32 x 32 pixels: three stages of three blocks of two 3 x 3 convolutions. Where a stage
 * begins, the shortcut is a 1 x 1 convolution, as in the larger networks; the paper pads with zero channels here. Takes pictures of
 * any size.
 *
 * <p><i>Source:</i> He, Zhang, Ren and Sun, arXiv 1512.03385, section 4.2.
 */
public final class ResNet20 {

    /** The published input. */
    public static final Shape INPUT = Shape.of(32, 32, 3);

    private ResNet20() {}

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

    /** The feature maps, {@code H/4 x W/4 x 64}, rounded up. */
    public static Node features(Node x) {
        Node y = x
                .then("stem/conv", Conv2d.of(16, 3).padding(1).withoutBias())
                .then("stem/norm", new BatchNorm())
                .then("stem/relu", new Relu());
        y = Residual.stage("stage1", y, Residual::basic, 3, 16, 1);
        y = Residual.stage("stage2", y, Residual::basic, 3, 32, 2);
        return Residual.stage("stage3", y, Residual::basic, 3, 64, 2);
    }

    /** One score for each class. */
    public static Node scores(Node x, int classes) {
        Checks.atLeast(classes, 1, "classes");
        return features(x)
                .then("pool", new GlobalAveragePool())
                .then("scores", Dense.of(classes));
    }
}
