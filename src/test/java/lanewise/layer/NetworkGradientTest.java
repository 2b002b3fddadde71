package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lanewise.kernel.Threads;
import lanewise.oracle.Data;
import lanewise.oracle.Sums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Outputs and gradients of {@link SmallNetworks} against {@link NetworkOracle}: elements of the gradients by parameters and
 * inputs against a central difference in double. With {@code D} roundings on the longest way,
 * {@code |error| <= D EPS (the majorant's derivative)}.
 */
class NetworkGradientTest {

    private static final int N = 2;
    private static final int MOST = 150;
    private static final double OFF_KINK = 1e-4;
    private static final double STEP = 0x1p-20; // moves no value before a ReLU by OFF_KINK: none of the slopes is near 100

    /** Rounding of the loss in double, over the step. */
    private static final double DIFFERENCE = 1e-8;

    static Stream<String> names() {
        return SmallNetworks.all().keySet().stream();
    }

    private Network network;
    private NetworkOracle oracle;
    private NetworkOracle majorant;
    private final Map<String, double[]> inputs = new HashMap<>();
    private final Map<String, float[]> v = new HashMap<>();
    private double[] parameters;

    private void prepare(String name) {
        network = SmallNetworks.all().get(name);
        oracle = new NetworkOracle(network, N, false);
        majorant = new NetworkOracle(network, N, true);
        for (int seed = 0; ; seed++) {
            fill(seed);
            if (oracle.isOffKinks(inputs, parameters, OFF_KINK)) {
                return;
            }
            assertTrue(seed < 100, "no data off the kinks");
        }
    }

    private void fill(long seed) {
        for (Parameter view : network.parameters().views()) {
            if (view.spec().role() == ParameterSpec.Role.BIAS) {
                network.parameters().set(view.name(), Data.reals(seed + view.offset(), view.length()));
            }
        }
        parameters = OneLayer.doubles(network.parameters().values());
        for (Node input : network.inputs()) {
            float[] x = Data.reals(seed + input.name().length(), N * input.shape().size());
            for (int i = 0; input.name().equals("words") && i < x.length; i++) {
                x[i] = (float) Math.floor(5 * x[i] + 5); // rows 10 and 11 do not occur
            }
            inputs.put(input.name(), OneLayer.doubles(x));
        }
        for (Node output : network.outputs()) {
            v.put(output.name(), Data.reals(seed + 9, N * output.shape().size()));
        }
    }

    static Stream<Arguments> contexts() {
        return names().flatMap(name -> Arrays.stream(Keep.values()).map(keep -> Arguments.of(name, keep)));
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void differences(String name, Keep keep) {
        prepare(name);
        Context context = network.newContext(new ContextOptions(N, Threads.one(), true, true, 5).keeping(keep));
        for (Node input : network.inputs()) {
            float[] x = context.input(input.name());
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) inputs.get(input.name())[i];
            }
        }
        context.forward(N, true);
        assertOutputs(context, keep == Keep.ALL ? network.nodes() : network.outputs());
        for (Node output : network.outputs()) {
            System.arraycopy(v.get(output.name()), 0, context.gradient(output.name()), 0, v.get(output.name()).length);
        }
        if (!name.equals("words")) {
            Arrays.fill(context.gradients().values(), Float.NaN);
        }
        context.backward(N);
        assertGradient("parameters", parameters, context.gradients().values());
        for (Node input : network.inputs()) {
            if (!input.name().equals("words")) {
                assertGradient(input.name(), inputs.get(input.name()), context.gradient(input.name()));
            }
        }
    }

    private void assertOutputs(Context context, List<Node> kept) {
        Map<String, double[]> expected = oracle.forward(inputs, parameters);
        Map<String, double[]> size = majorant.forward(inputs, parameters);
        for (Node node : kept) {
            float[] y = context.activation(node.name());
            for (int i = 0; i < y.length; i++) {
                double tolerance = Sums.EPS * oracle.roundings() * size.get(node.name())[i];
                if (!(Math.abs(y[i] - expected.get(node.name())[i]) <= tolerance)) {
                    fail("%s[%d] is %s, must be %s +- %s".formatted(node, i, y[i], expected.get(node.name())[i], tolerance));
                }
            }
        }
    }

    private void assertGradient(String what, double[] array, float[] actual) {
        double values = 0;
        double tolerances = 0;
        int every = Math.max(1, array.length / MOST); // of a long array a sample
        for (int j = 0; j < array.length; j += every) {
            double expected = difference(oracle, array, j);
            double tolerance = Sums.EPS * oracle.roundings() * Math.abs(difference(majorant, array, j)) + DIFFERENCE;
            if (!(Math.abs(actual[j] - expected) <= tolerance)) {
                fail("gradient by %s[%d] is %s, must be %s +- %s".formatted(what, j, actual[j], expected, tolerance));
            }
            values += Math.abs(expected);
            tolerances += tolerance;
        }
        assertTrue(tolerances < values / 20, what + ": the tolerance leaves nothing to test");
    }

    private double difference(NetworkOracle function, double[] array, int j) {
        double at = array[j];
        array[j] = at + STEP;
        double above = function.loss(inputs, parameters, v);
        array[j] = at - STEP;
        double below = function.loss(inputs, parameters, v);
        array[j] = at;
        return (above - below) / (2 * STEP);
    }
}
