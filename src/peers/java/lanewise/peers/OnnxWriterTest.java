package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import lanewise.kernel.Activation;
import lanewise.layer.Add;
import lanewise.layer.AveragePool1d;
import lanewise.layer.AveragePool2d;
import lanewise.layer.BatchNorm;
import lanewise.layer.Concat;
import lanewise.layer.Conv1d;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.DepthwiseConv2d;
import lanewise.layer.Dropout;
import lanewise.layer.Flatten;
import lanewise.layer.Gelu;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.GlobalMaxPool;
import lanewise.layer.Graph;
import lanewise.layer.HardSigmoid;
import lanewise.layer.HardSwish;
import lanewise.layer.Layer;
import lanewise.layer.LeakyRelu;
import lanewise.layer.LpPool2d;
import lanewise.layer.MaxPool1d;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;
import lanewise.layer.Relu;
import lanewise.layer.Relu6;
import lanewise.layer.Shape;
import lanewise.layer.Sigmoid;
import lanewise.layer.Silu;
import lanewise.layer.Softmax;
import lanewise.layer.Softplus;
import lanewise.layer.Tanh;
import lanewise.onnx.OnnxWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes from what was written what the network itself computes, layer by layer and in small networks. */
class OnnxWriterTest {

    private static final Shape PICTURE = Shape.of(9, 7, 6);
    private static final Shape SIGNAL = Shape.of(23, 6);
    private static final int BATCH = 3;

    static Map<String, Network> networks() {
        Map<String, Network> all = new TreeMap<>();
        Stream.of(Conv2d.of(8, 3), Conv2d.of(5, 2, 3).stride(2, 1).padding(1, 0, 0, 2), Conv2d.of(4, 3).same().stride(2),
                        Conv2d.of(4, 4).same(), Conv2d.of(9, 2).groups(3).dilation(2), Conv2d.of(4, 1).withoutBias(),
                        DepthwiseConv2d.of(3).padding(1), DepthwiseConv2d.of(3).multiplier(2).stride(2), Dense.of(4),
                        new BatchNorm(), MaxPool2d.of(2), MaxPool2d.of(2).ceilMode(true), MaxPool2d.of(3).stride(2).padding(1),
                        AveragePool2d.of(3).stride(2).padding(1), AveragePool2d.of(3).stride(2).padding(1).countPadding(true),
                        new GlobalAveragePool(), new GlobalMaxPool(), new Flatten(), new Softmax(), new Dropout(0.5f),
                        new LeakyRelu(0.2f), new Relu(), new Relu6(), new HardSigmoid(), new HardSwish(), new Sigmoid(), new Tanh(),
                        new Softplus(), new Silu(), new Gelu())
                .forEach(layer -> all.put(layer + " of a picture", chain(PICTURE, layer)));
        Stream.of(Conv1d.of(8, 5).same(), Conv1d.of(4, 4).stride(3).dilation(2).padding(2, 1).groups(2), Dense.of(4),
                        new BatchNorm(), MaxPool1d.of(3).stride(2), AveragePool1d.of(4), new GlobalAveragePool(),
                        new GlobalMaxPool(), new Flatten(), new Softmax())
                .forEach(layer -> all.put(layer + " of a signal", chain(SIGNAL, layer)));
        all.put("dense of features", chain(Shape.of(6), Dense.of(4), new Softmax()));
        all.put("flatten, dense", chain(PICTURE, new Flatten(), Dense.of(5)));
        all.put("flatten of a signal, dense", chain(SIGNAL, new Flatten(), Dense.of(5)));
        all.put("flatten, relu, dropout, dense", chain(PICTURE, new Flatten(), new Relu(), new Dropout(0.5f), Dense.of(5).relu()));
        all.put("flatten, softmax", chain(PICTURE, new Flatten(), new Softmax()));
        all.put("flatten, flatten, dense", chain(PICTURE, new Flatten(), new Flatten(), Dense.of(5)));
        all.put("residual", residual());
        all.put("two flattened", twoFlattened());
        return all;
    }

    private static Network chain(Shape input, Layer... layers) {
        return lively(Network.chain(input, 1, layers));
    }

    private static Network residual() {
        Graph graph = new Graph();
        Node x = graph.input(PICTURE);
        Node a = x.then(Conv2d.of(6, 3).same().withoutBias()).then(new BatchNorm()).then(new Relu());
        Node b = x.then(DepthwiseConv2d.of(3).padding(1));
        Node sum = graph.join(new Add(), x, a, b);
        Node joined = graph.join(new Concat(), sum, a, x).then(MaxPool2d.of(2));
        return lively(graph.network(1, joined.then(new Flatten()).then(Dense.of(7))));
    }

    /** A flattened picture that goes into a dense layer and into a sum. */
    private static Network twoFlattened() {
        Graph graph = new Graph();
        Node flat = graph.input(PICTURE).then(new Flatten());
        Node dense = flat.then(Dense.of(PICTURE.size()));
        return lively(graph.network(1, graph.join(new Add(), flat, dense)));
    }

    /** Biases, scales and running moments are not what they start as, so that one in the wrong place shows. */
    private static Network lively(Network network) {
        for (Parameter view : network.parameters().views()) {
            float[] values = Operands.uniform(view.name().hashCode(), view.length());
            if (view.name().endsWith("running_var")) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = 1.5f + values[i];
                }
            }
            network.parameters().set(view.name(), values);
        }
        return network;
    }

    static Stream<String> names() {
        return networks().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void computesTheSame(String name) throws IOException, OrtException {
        assertSame(networks().get(name));
    }

    /** Those that a convolution can fuse, and by {@code NONE} none. */
    @ParameterizedTest
    @EnumSource
    void fusedActivations(Activation activation) throws IOException, OrtException {
        if (activation.gradInputReadsOutput()) {
            assertSame(chain(PICTURE, Conv2d.of(4, 3).activation(activation), new Flatten(), Dense.of(5).activation(activation)));
        }
    }

    private static void assertSame(Network network) throws IOException, OrtException {
        float[] x = Operands.uniform(7, BATCH * network.inputShape().size());
        float[] expected = new float[BATCH * network.outputShape().size()];
        network.newContext(BATCH).predict(x, expected, BATCH);
        try (var peer = OrtBound.of(Ort.session(network, BATCH, 1, null), network, BATCH, x)) {
            peer.call();
            Agreement.require(network.toString(), peer.result(), expected);
        }
    }

    /** A path of its own: nested arrays in, nested arrays out. */
    @Test
    void nestedArraysComputeTheSame() throws IOException, OrtException {
        Network network = residual();
        float[] x = Operands.uniform(7, BATCH * network.inputShape().size());
        float[] expected = new float[BATCH * network.outputShape().size()];
        network.newContext(BATCH).predict(x, expected, BATCH);
        try (var peer = new OrtArray(Ort.session(network, BATCH, 1, null), network, BATCH, x)) {
            peer.call();
            Agreement.require(network.toString(), peer.result(), expected);
        }
    }

    @Test
    void layerWithoutCounterpartIsNamed() {
        Network network = Network.chain(PICTURE, 1, LpPool2d.of(2, 3));
        var refusal = assertThrows(IllegalArgumentException.class, () -> OnnxWriter.model(network, 1));
        assertTrue(refusal.getMessage().contains("LpPool2d"), refusal.getMessage());
        assertEquals(0, refusal.getMessage().indexOf("layer lppool2d_1"), refusal.getMessage());
    }
}
