package lanewise.peers;

import java.util.List;
import lanewise.layer.Network;
import lanewise.model.LeNet;
import lanewise.model.MobileNetV2;
import lanewise.model.ResNet18;
import lanewise.model.ResNet50;
import lanewise.model.SqueezeNet;
import lanewise.model.Vgg16;

/** Networks by name. */
final class Nets {

    static final List<String> NAMES = List.of("lenet", "vgg16", "resnet18", "resnet50", "mobilenetv2", "squeezenet");

    private Nets() {}

    /**
     * The network of that name, one of {@link #NAMES}, its parameters drawn by {@code seed}.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Network create(String name, long seed) {
        return switch (name) {
            case "lenet" -> LeNet.network(seed);
            case "vgg16" -> Vgg16.network(seed);
            case "resnet18" -> ResNet18.network(seed);
            case "resnet50" -> ResNet50.network(seed);
            case "mobilenetv2" -> MobileNetV2.network(seed);
            case "squeezenet" -> SqueezeNet.network(seed);
            default -> throw new IllegalArgumentException("no network is called " + name + ", there are " + NAMES);
        };
    }
}
