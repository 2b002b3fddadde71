package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;
import lanewise.layer.Permute;
import lanewise.layer.Shape;
import lanewise.model.LeNet;
import lanewise.model.MobileNetV2;
import lanewise.model.ResNet18;
import lanewise.model.ResNet20;
import lanewise.model.ResNet50;
import lanewise.model.SqueezeNet;
import lanewise.model.Vgg16;
import lanewise.model.Vgg8;
import lanewise.oracle.ChildJvm;
import lanewise.oracle.Data;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The networks of {@code lanewise.model}, written as ONNX and imported again: the same numbers, and no transposition within. */
class OnnxWriterRoundTripTest {

    private static final Shape SMALL = Shape.of(32, 32, 3);
    private static final int CLASSES = 5;
    /** Those of many parameters: at one width only, and without a predictor. */
    private static final Set<String> LARGE = Set.of("Vgg16", "ResNet18", "ResNet50");

    @TempDir
    Path folder;

    /** Makes a network. */
    private interface Maker {
        Network network(Shape input, int classes, long seed);
    }

    private static final Map<String, Maker> MODELS = Map.of("LeNet", LeNet::network, "Vgg8", Vgg8::network, "Vgg16", Vgg16::network,
            "ResNet18", ResNet18::network, "ResNet20", ResNet20::network, "ResNet50", ResNet50::network, "SqueezeNet",
            SqueezeNet::network, "MobileNetV2", MobileNetV2::network);

    static Stream<String> names() {
        return MODELS.keySet().stream().sorted();
    }

    /** Scales, biases and moments are not what they start as. */
    private static Network lively(Network network) {
        for (Parameter view : network.parameters().views()) {
            float[] values = network.parameters().get(view.name());
            float[] other = Data.reals(view.name().hashCode(), view.length());
            boolean conv = view.name().endsWith(".weight") && view.shape().rank() > 1;
            for (int i = 0; !conv && i < values.length; i++) {
                values[i] = (view.name().endsWith("running_var") || view.name().endsWith("weight") ? 1 : 0) + 0.3f * other[i];
            }
            network.parameters().set(view.name(), values);
        }
        return network;
    }

    @ParameterizedTest
    @MethodSource("names")
    void predictsTheSame(String name) throws IOException {
        boolean large = LARGE.contains(name);
        assumeTrue(!large || ChildJvm.isWidthPreferred(), "large networks are imported at the preferred width only");
        int batch = 2;
        Shape in = name.equals("LeNet") ? LeNet.INPUT : SMALL;
        Network network = lively(MODELS.get(name).network(in, CLASSES, 3));
        Path file = folder.resolve(name + ".onnx");
        OnnxWriter.write(network, batch, file);
        float[] x = Data.reals(7, batch * network.inputShape().size());
        float[] expected = new float[batch * network.outputShape().size()];
        network.newContext(batch).predict(x, expected, batch);

        OnnxModel model = OnnxImporter.load(file);
        Network imported = model.network();
        transposesTheInputOnly(imported, in.channels() == 1 ? 0 : 1);
        if (!large) {
            agrees(expected, model.run(OnnxTensor.of(Nchw.channelsFirst(x, batch, in), Nchw.dims(batch, in))).floats());
            float[] first = new float[expected.length];
            imported.newContext(batch).predict(Nchw.channelsFirst(x, batch, in), first, batch);
            agrees(expected, first);
        }
        Network lying = model.channelsLast().network();
        float[] last = new float[expected.length];
        lying.newContext(batch).predict(x, last, batch);
        agrees(expected, last);
        transposesTheInputOnly(lying, 0);
    }

    private static void agrees(float[] expected, float[] actual) {
        double most = IntStream.range(0, expected.length).mapToDouble(i -> Math.abs(expected[i])).max().orElseThrow();
        assertTrue(most > 1e-3, "the scores are next to nothing");
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-4 * most, "score " + i);
        }
    }

    /** Of several channels; and nothing lies between the first and the last convolution. */
    private static void transposesTheInputOnly(Network network, int times) {
        List<Node> found = network.nodes().stream().filter(node -> node.layer() instanceof Permute).toList();
        assertEquals(times, found.size(), () -> "transpositions are " + found);
        found.forEach(node -> assertEquals(network.inputs(), node.inputs()));
    }
}
