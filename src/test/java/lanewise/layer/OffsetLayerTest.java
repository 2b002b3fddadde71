package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorContext;
import lanewise.infer.PredictorOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@link OffsetLayer} in a predictor, where inputs and output lie somewhere in one array between values that others still need:
 * the bits of a network's context, and nothing else is written.
 */
class OffsetLayerTest {

    private static final Layer SAME = new LeakyRelu(1);
    private static final Shape LARGE = Shape.of(5_000);

    static Stream<LayerCase> cases() {
        return LayerCase.all().filter(c -> c.layer() instanceof OffsetLayer);
    }

    /** Copies of the inputs, the layer, and a concatenation that keeps the layer's output in the arena. The copies are read again, by
     * what cannot be done in their place: they would live at the beginning of an output. */
    private static Network network(LayerCase c) {
        Graph graph = new Graph();
        Node[] copies = new Node[c.inputs().size()];
        Node[] outputs = new Node[copies.length + 2];
        Node large = graph.input("large", LARGE).then(SAME); // has the beginning of the array, so that no other value begins at 0
        for (int i = 0; i < copies.length; i++) {
            copies[i] = graph.input("x" + i, c.inputs().get(i)).then(SAME);
        }
        Node y = graph.join("y", c.layer(), copies);
        outputs[0] = graph.join(new Concat(), y, y);
        for (int i = 0; i < copies.length; i++) {
            outputs[1 + i] = graph.join(new Concat(), copies[i], copies[i]);
        }
        outputs[copies.length + 1] = graph.join(new Concat(), large, large);
        return graph.network(3, outputs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whereTheValuesLie(LayerCase c) {
        OneLayer one = new OneLayer(c);
        Network network = network(c);
        System.arraycopy(one.network.parameters().values(), 0, network.parameters().values(), 0, one.network.parameters().values().length);
        Context context = network.newContext(c.batch());
        one.feed(context, 0, c.batch());
        Arrays.fill(context.input("large"), 1);
        List<float[]> inputs = new ArrayList<>(List.of(context.input("large").clone()));
        inputs.addAll(one.x);
        context.forward(c.batch());
        Predictor predictor = Predictor.compile(network, PredictorOptions.defaults().withoutWarmUp().batch(c.batch()));
        float[][] outputs = network.outputs().stream().map(node -> new float[c.batch() * node.shape().size()]).toArray(float[][]::new);
        PredictorContext running = predictor.newContext();
        for (int time = 0; time < 2; time++) {
            for (float[] output : outputs) {
                Arrays.fill(output, Float.NaN);
            }
            running.predict(inputs.toArray(float[][]::new), outputs);
            for (int i = 0; i < outputs.length; i++) {
                assertEqual(c.layer(), context.activation(network.outputs().get(i).name()), outputs[i], network.outputs().get(i).toString());
            }
        }
    }

    /** To the bit; a constant operand may be computed as a scale and a shift of each channel, with a rounding more. */
    private static void assertEqual(Layer layer, float[] expected, float[] actual, String output) {
        if (!(layer instanceof BinaryParameter)) {
            assertArrayEquals(expected, actual, output);
            return;
        }
        assertEquals(expected.length, actual.length, output);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2 * Math.ulp(expected[i]), output + " at " + i);
        }
    }

    @Test
    void thereAreSome() {
        assertFalse(cases().findAny().isEmpty());
    }
}
