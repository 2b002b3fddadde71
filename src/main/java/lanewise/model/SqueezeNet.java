package lanewise.model;

import lanewise.internal.Checks;
import lanewise.layer.Concat;
import lanewise.layer.Conv2d;
import lanewise.layer.Dropout;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/**
 * SqueezeNet 1.1: "fire" modules squeeze the channels by a 1 x 1 convolution and expand them by one of 1 x 1 and one of 3 x 3 side
 * by side. The classifier is a convolution, too, whose maps are averaged. Takes pictures of any size from 17 x 17.
 *
 * <p><i>Source:</i> Iandola et al., arXiv 1602.07360; version 1.1 is the authors' later one, with a smaller stem and earlier
 * poolings, which takes less than half of the multiply-adds for the same accuracy.
 */
public final class SqueezeNet {

    /** The published input. */
    public static final Shape INPUT = Shape.of(224, 224, 3);

    private SqueezeNet() {}

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

    /** The feature maps, {@code H/16 x W/16 x 512} but for the borders: 13 x 13 of 224 x 224. */
    public static Node features(Node x) {
        Node y = x.then("conv1", Conv2d.of(64, 3).stride(2).relu());
        y = pool("pool1", y);
        y = fire("fire2", y, 16, 64);
        y = fire("fire3", y, 16, 64);
        y = pool("pool3", y);
        y = fire("fire4", y, 32, 128);
        y = fire("fire5", y, 32, 128);
        y = pool("pool5", y);
        y = fire("fire6", y, 48, 192);
        y = fire("fire7", y, 48, 192);
        y = fire("fire8", y, 64, 256);
        return fire("fire9", y, 64, 256);
    }

    /** One score for each class. */
    public static Node scores(Node x, int classes) {
        Checks.atLeast(classes, 1, "classes");
        return features(x)
                .then("dropout", new Dropout(0.5f))
                .then("conv10", Conv2d.of(classes, 1).relu())
                .then("scores", new GlobalAveragePool());
    }

    private static Node pool(String name, Node x) {
        return x.then(name, MaxPool2d.of(3).stride(2).ceilMode(true));
    }

    private static Node fire(String name, Node x, int squeezed, int expanded) {
        Node squeeze = x.then(name + "/squeeze", Conv2d.of(squeezed, 1).relu());
        Node one = squeeze.then(name + "/expand1x1", Conv2d.of(expanded, 1).relu());
        Node three = squeeze.then(name + "/expand3x3", Conv2d.of(expanded, 3).padding(1).relu());
        return x.graph().join(name, new Concat(), one, three);
    }
}
