package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lanewise.kernel.Threads;
import lanewise.kernel.WriteMode;
import lanewise.model.MobileNetV2;
import lanewise.model.ResNet20;
import lanewise.oracle.ChildJvm;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is kept, steps have the same bits: outputs, gradients, dropout and running averages. */
class KeepTest {

    private static final int N = 3;

    private static final Map<String, Supplier<Network>> NETWORKS = new LinkedHashMap<>();

    static {
        SmallNetworks.all().keySet().forEach(name -> NETWORKS.put(name, () -> SmallNetworks.all().get(name)));
        NETWORKS.put("everything", KeepTest::everything);
        if (ChildJvm.isWidthPreferred()) { // what is kept knows no width
            NETWORKS.put("ResNet20", () -> ResNet20.network(Shape.of(8, 8, 3), 5, 1));
            NETWORKS.put("MobileNetV2", () -> MobileNetV2.network(Shape.of(32, 32, 3), 5, 1));
        }
    }

    static Stream<String> names() {
        return NETWORKS.keySet().stream();
    }

    /** Every kind of layer that works in place or has a state, in a row and joined. */
    private static Network everything() {
        Graph graph = new Graph();
        Node node = graph.input(Shape.of(8, 8, 4));
        for (int i = 0; i < 4; i++) {
            Node branch = node.then(Conv2d.of(4, 3).same()).then(new BatchNorm()).then(new Dropout(0.3f)).then(new LeakyRelu())
                    .then(Reshape.to(64, 4)).then(new LayerNorm()).then(new Gelu()).then(Reshape.to(8, 8, 4)).then(new Silu());
            node = graph.join(new Add(), node, branch, node).then(new Tanh()).then(new BatchNorm()).then(new Softmax());
        }
        Node pooled = graph.join(new Concat(), node.then(MaxPool2d.of(2)), node.then(AveragePool2d.of(2)), node.then(LpPool2d.of(2, 3)));
        return graph.network(1, pooled.then(LocallyConnected2d.of(3, 2).relu()).then(ConvTranspose2d.of(2, 2).relu())
                .then(new Flatten()).then(new Dropout(0.5f)).then(Dense.of(5)));
    }

    /** Outputs and gradients of steps of two sizes with a change of the weights between, and the parameters at the end. */
    private static List<float[]> steps(Network network, Context context) {
        List<float[]> results = new ArrayList<>();
        int seed = 1;
        for (int n : new int[] {N, N - 1, N}) {
            for (Node input : network.inputs()) {
                float[] x = Data.reals(seed++, n * input.shape().size());
                for (int i = 0; i < x.length; i++) {
                    context.input(input.name())[i] = input.name().equals("words") ? (float) Math.floor(6 * x[i] + 6) : x[i];
                }
            }
            context.forward(n, true);
            for (Node output : network.outputs()) {
                int length = n * output.shape().size();
                results.add(Arrays.copyOf(context.activation(output.name()), length));
                System.arraycopy(Data.reals(seed++, length), 0, context.gradient(output.name()), 0, length);
            }
            context.backward(n, n == N ? WriteMode.OVERWRITE : WriteMode.ACCUMULATE);
            results.add(context.gradients().values().clone());
            float[] values = network.parameters().values();
            for (int i = 0; i < context.gradients().values().length; i++) {
                values[i] -= 1e-3f * context.gradients().values()[i];
            }
            network.parameters().changed();
        }
        results.add(network.parameters().values().clone());
        return results;
    }

    private static ContextOptions options(Keep keep) {
        return new ContextOptions(N, Threads.one(), true, false, 3).keeping(keep);
    }

    @ParameterizedTest
    @MethodSource("names")
    void sameBits(String name) {
        List<float[]> expected = null;
        List<Long> bytes = new ArrayList<>();
        for (Keep keep : Keep.values()) {
            Network network = NETWORKS.get(name).get();
            Context context = network.newContext(options(keep));
            for (float[] buffer : context.buffers) {
                Arrays.fill(buffer, Float.NaN);
            }
            List<float[]> actual = steps(network, context);
            for (int i = 0; expected != null && i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), actual.get(i), keep + " " + i);
            }
            expected = expected == null ? actual : expected;
            bytes.add(context.activationBytes());
        }
        assertTrue(bytes.get(Keep.ALL.ordinal()) >= bytes.get(Keep.NEEDED.ordinal()), bytes::toString);
        assertTrue(bytes.get(Keep.NEEDED.ordinal()) >= bytes.get(Keep.LEAST.ordinal()), bytes::toString);
    }

    /** What predicts keeps nothing for later, whatever it was made for. */
    @ParameterizedTest
    @MethodSource("names")
    void predictsTheSame(String name) {
        Network network = NETWORKS.get(name).get();
        List<float[]> outputs = new ArrayList<>();
        for (ContextOptions options : List.of(options(Keep.LEAST), options(Keep.ALL), new ContextOptions(N, Threads.one(), false, false, 0),
                new ContextOptions(N, Threads.one(), false, false, 0).keeping(Keep.ALL))) {
            Context context = network.newContext(options);
            for (Node input : network.inputs()) {
                float[] x = Data.reals(7, N * input.shape().size());
                for (int i = 0; i < x.length; i++) {
                    context.input(input.name())[i] = input.name().equals("words") ? (float) Math.floor(6 * x[i] + 6) : x[i];
                }
            }
            context.forward(N);
            Node output = network.outputs().getFirst();
            outputs.add(Arrays.copyOf(context.activation(output.name()), N * output.shape().size()));
        }
        outputs.forEach(output -> assertArrayEquals(outputs.getFirst(), output));
    }

    /** The memory of a chain of d convolutions goes with the root of d. */
    @Test
    void rootOfTheDepth() {
        long[] floats = new long[2];
        for (int i = 0; i < 2; i++) {
            Layer[] layers = new Layer[i == 0 ? 50 : 200];
            Arrays.setAll(layers, k -> Conv2d.of(4, 3).same().relu());
            Network network = Network.chain(Shape.of(4, 4, 4), 1, layers);
            floats[i] = network.newContext(options(Keep.LEAST)).activationBytes() / (N * 64 * Float.BYTES);
            assertTrue(floats[i] <= 2 * Math.sqrt(layers.length) + 6, "arrays: " + floats[i]);
        }
        assertTrue(floats[1] < 2.2 * floats[0], Arrays.toString(floats));
    }

    @Test
    void whatIsNotShown() {
        Network network = Network.chain(Shape.of(4, 4, 2), 1, Conv2d.of(2, 3).same(), new BatchNorm(), new Relu(), Conv2d.of(2, 3).same());
        Context needed = network.newContext(options(Keep.NEEDED));
        assertEquals(2, Stream.of("conv2d_1", "relu_1").map(needed::activation).distinct().count());
        Refused.by(IllegalStateException.class, () -> needed.activation("batchnorm_1"), "activation of batchnorm_1 4x4x2 is not kept");
        Refused.by(IllegalStateException.class, () -> needed.gradient("relu_1"), "gradient of relu_1 4x4x2 is not kept");
        Refused.by(IllegalStateException.class, () -> needed.gradient("input"), "gradient of input 4x4x2 is not computed");
        Network untrained = Network.chain(Shape.of(4, 4, 2), 1, new Relu());
        Refused.by(IllegalStateException.class, () -> untrained.newContext(options(Keep.NEEDED)).outputGradient(),
                "gradient of relu_1 4x4x2 is not computed: nothing before it is trained");
        Context all = network.newContext(options(Keep.ALL));
        assertEquals(5, network.nodes().stream().map(node -> all.activation(node.name())).distinct().count());
        Refused.isNull(() -> options(null), "keep");
    }
}
