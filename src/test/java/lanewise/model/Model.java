package lanewise.model;

import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;

/** Every network of the package, by its five members, with the input of the tests: small enough for all widths of vectors. */
enum Model {
    LENET(LeNet.INPUT, Shape.of(20, 24, 2), LeNet::network, LeNet::network, LeNet::scores, LeNet::features),
    VGG16(Vgg16.INPUT, Shape.of(32, 32, 3), Vgg16::network, Vgg16::network, Vgg16::scores, Vgg16::features),
    VGG8(Vgg8.INPUT, Shape.of(16, 24, 3), Vgg8::network, Vgg8::network, Vgg8::scores, Vgg8::features),
    RESNET18(ResNet18.INPUT, Shape.of(40, 64, 3), ResNet18::network, ResNet18::network, ResNet18::scores, ResNet18::features),
    RESNET50(ResNet50.INPUT, Shape.of(40, 64, 3), ResNet50::network, ResNet50::network, ResNet50::scores, ResNet50::features),
    RESNET20(ResNet20.INPUT, Shape.of(16, 18, 1), ResNet20::network, ResNet20::network, ResNet20::scores, ResNet20::features),
    MOBILENETV2(MobileNetV2.INPUT, Shape.of(64, 64, 3), MobileNetV2::network, MobileNetV2::network, MobileNetV2::scores,
            MobileNetV2::features),
    SQUEEZENET(SqueezeNet.INPUT, Shape.of(40, 33, 3), SqueezeNet::network, SqueezeNet::network, SqueezeNet::scores,
            SqueezeNet::features);

    /** {@code network(input, classes, seed)}. */
    interface Maker {
        Network network(Shape input, int classes, long seed);
    }

    final Shape published;
    final Shape small;
    final LongFunction<Network> standard;
    final Maker maker;
    final BiFunction<Node, Integer, Node> scores;
    final UnaryOperator<Node> features;

    Model(Shape published, Shape small, LongFunction<Network> standard, Maker maker, BiFunction<Node, Integer, Node> scores,
            UnaryOperator<Node> features) {
        this.published = published;
        this.small = small;
        this.standard = standard;
        this.maker = maker;
        this.scores = scores;
        this.features = features;
    }

    /** On the small input. */
    Network small(int classes, long seed) {
        return maker.network(small, classes, seed);
    }

    /** The scores of the published network, in a graph of their own, without any parameter. */
    Node scoresAsPublished() {
        return scores.apply(new Graph().input(published), publishedClasses());
    }

    int publishedClasses() {
        return published.dim(0) == 224 ? 1000 : 10;
    }
}
