package lanewise.model;

import lanewise.internal.Checks;
import lanewise.layer.Add;
import lanewise.layer.BatchNorm;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.DepthwiseConv2d;
import lanewise.layer.Dropout;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Relu6;
import lanewise.layer.Shape;

/**
 * Inverted residuals: each block widens its channels, filters them depthwise and projects them to few again, without an activation
 * at the narrow end. Takes pictures of any size.
 *
 * <p><i>Source:</i> Sandler, Howard, Zhu, Zhmoginov and Chen, arXiv 1801.04381.
 */
public final class MobileNetV2 {

    /** The published input. */
    public static final Shape INPUT = Shape.of(224, 224, 3);

    private MobileNetV2() {}

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

    /** The feature maps, {@code H/32 x W/32 x 1280}, rounded up. */
    public static Node features(Node x) {
        Node y = x
                .then("stem/conv", Conv2d.of(32, 3).stride(2).padding(1).withoutBias())
                .then("stem/norm", new BatchNorm())
                .then("stem/relu", new Relu6());
        y = stage("stage1", y, 1, 1, 16, 1);
        y = stage("stage2", y, 2, 6, 24, 2);
        y = stage("stage3", y, 3, 6, 32, 2);
        y = stage("stage4", y, 4, 6, 64, 2);
        y = stage("stage5", y, 3, 6, 96, 1);
        y = stage("stage6", y, 3, 6, 160, 2);
        y = stage("stage7", y, 1, 6, 320, 1);
        return y
                .then("head/conv", Conv2d.of(1280, 1).withoutBias())
                .then("head/norm", new BatchNorm())
                .then("head/relu", new Relu6());
    }

    /** One score for each class. */
    public static Node scores(Node x, int classes) {
        Checks.atLeast(classes, 1, "classes");
        return features(x)
                .then("pool", new GlobalAveragePool())
                .then("dropout", new Dropout(0.2f))
                .then("scores", Dense.of(classes));
    }

    private static Node stage(String name, Node x, int blocks, int expansion, int filters, int stride) {
        Node y = x;
        for (int i = 1; i <= blocks; i++) {
            y = block(name + "/block" + i, y, expansion, filters, i == 1 ? stride : 1);
        }
        return y;
    }

    private static Node block(String name, Node x, int expansion, int filters, int stride) {
        int channels = x.shape().channels();
        Node y = x;
        if (expansion > 1) {
            y = y
                    .then(name + "/expand/conv", Conv2d.of(expansion * channels, 1).withoutBias())
                    .then(name + "/expand/norm", new BatchNorm())
                    .then(name + "/expand/relu", new Relu6());
        }
        y = y
                .then(name + "/depthwise/conv", DepthwiseConv2d.of(3).stride(stride).padding(1).withoutBias())
                .then(name + "/depthwise/norm", new BatchNorm())
                .then(name + "/depthwise/relu", new Relu6())
                .then(name + "/project/conv", Conv2d.of(filters, 1).withoutBias())
                .then(name + "/project/norm", new BatchNorm());
        boolean sameShape = stride == 1 && channels == filters;
        return sameShape ? x.graph().join(name + "/add", new Add(), x, y) : y;
    }
}
