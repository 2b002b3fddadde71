package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorOptions;
import lanewise.kernel.WriteMode;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The normalising layers in training, by the moments of what they are given, against {@link NormOracle}. */
class NormLayerTest {

    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#all")
    void forward(NormCase c) {
        Network network = c.network(1);
        Context context = OneLayer.context(network, c.batch());
        NormOracle.Bounded expected = c.own(network).forward(OneLayer.doubles(c.x()));
        for (int time = 0; time < 2; time++) {
            Arrays.fill(context.output(), Float.NaN);
            NormCase.forward(context, c.x(), true);
            expected.assertClose(context.output(), 0, c);
            assertArrayEquals(c.x(), context.input(), "the input");
        }
    }

    /** Every element of every gradient, over NaN; twice, since a first call may find what a fresh array holds. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#all")
    void gradients(NormCase c) {
        Network network = c.network(1);
        Context context = OneLayer.context(network, c.batch());
        for (int time = 0; time < 2; time++) {
            Arrays.fill(context.gradient("x"), Float.NaN);
            Arrays.fill(context.gradients().values(), Float.NaN);
            NormCase.step(context, c.x(), c.dy(), WriteMode.OVERWRITE);
            assertInputGradient(c, context, c.own(network), 1);
            assertParameterGradients(c, context, c.own(network), true, true);
        }
    }

    /** As the first layer of a network that does not ask for it. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#all")
    void withoutInputGradient(NormCase c) {
        Network network = c.network(1);
        Context context = network.newTrainingContext(c.batch(), 1);
        NormCase.step(context, c.x(), c.dy(), WriteMode.OVERWRITE);
        assertParameterGradients(c, context, c.own(network), true, true);
    }

    /** Both consumers have the moments of the same input, and add to the same gradient. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#all")
    void twoConsumers(NormCase c) {
        Network network = c.network(2);
        Context context = OneLayer.context(network, c.batch());
        Arrays.fill(context.gradient("x"), Float.NaN);
        NormCase.step(context, c.x(), c.dy(), WriteMode.OVERWRITE);
        assertInputGradient(c, context, c.own(network), 2);
        float[] all = context.gradients().values();
        int half = all.length / 2;
        assertArrayEquals(Arrays.copyOf(all, half), Arrays.copyOfRange(all, half, all.length), "the same layer twice");
    }

    private static void assertInputGradient(NormCase c, Context context, NormOracle oracle, int times) {
        NormOracle.Bounded once = oracle.byInput(OneLayer.doubles(c.x()), OneLayer.doubles(c.dy()));
        assertEquals(c.isAlone(), once.isZero(), "by x");
        (times == 1 ? once : once.plus(once)).assertClose(context.gradient("x"), 0, c + " by x");
    }

    /** Where a parameter is not trained its gradient is 0. */
    private static void assertParameterGradients(NormCase c, Context context, NormOracle oracle, boolean weight, boolean bias) {
        double[] x = OneLayer.doubles(c.x());
        double[] dy = OneLayer.doubles(c.dy());
        NormOracle.Bounded byWeight = weight ? oracle.byWeight(x, dy) : NormOracle.Bounded.of(c.parameters());
        NormOracle.Bounded byBias = bias ? oracle.byBias(x, dy) : NormOracle.Bounded.of(c.parameters());
        assertEquals(!weight || c.isAlone(), byWeight.isZero(), "by weight");
        assertEquals(!bias, byBias.isZero(), "by bias");
        assertParameters(c, context, byWeight, byBias);
    }

    private static void assertParameters(NormCase c, Context context, NormOracle.Bounded byWeight, NormOracle.Bounded byBias) {
        Parameters parameters = context.network().parameters();
        float[] gradients = context.gradients().values();
        byWeight.assertClose(gradients, parameters.view("norm0.weight").offset(), c + " by weight");
        byBias.assertClose(gradients, parameters.view("norm0.bias").offset(), c + " by bias");
        assertEquals(2 * c.parameters(), gradients.length, "running moments have no gradient");
    }

    /** Each micro-batch has moments of its own, also if it is of the size, and so of the plan, of one before. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#all")
    void microBatches(NormCase c) {
        int[] sizes = c.batch() == 1 ? new int[] {1, 1, 1} : new int[] {2, 3, 1, 2};
        NormCase all = new NormCase(c.layer(), Arrays.stream(sizes).sum(), c.shape());
        Network network = all.network(1);
        NormOracle oracle = all.own(network);
        Context context = OneLayer.context(network, 3);
        NormOracle.Bounded byWeight = NormOracle.Bounded.of(c.parameters());
        NormOracle.Bounded byBias = byWeight;
        int from = 0;
        for (int size : sizes) {
            float[] x = all.examples(all.x(), from, from + size);
            float[] dy = all.examples(all.dy(), from, from + size);
            NormCase.step(context, x, dy, from == 0 ? WriteMode.OVERWRITE : WriteMode.ACCUMULATE);
            byWeight = byWeight.plus(oracle.byWeight(OneLayer.doubles(x), OneLayer.doubles(dy)));
            byBias = byBias.plus(oracle.byBias(OneLayer.doubles(x), OneLayer.doubles(dy)));
            oracle.byInput(OneLayer.doubles(x), OneLayer.doubles(dy)).assertClose(context.gradient("x"), 0, c + " by x from " + from);
            from += size;
        }
        assertParameters(c, context, byWeight, byBias);
    }

    /** The other parameter is trained as before, and so is what lies before the layer. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#all")
    void oneParameterFrozen(NormCase c) {
        for (String frozen : List.of("weight", "bias")) {
            Network network = c.network(1);
            network.parameters().freeze("norm0." + frozen);
            Context context = OneLayer.context(network, c.batch());
            NormCase.step(context, c.x(), c.dy(), WriteMode.OVERWRITE);
            c.own(network).forward(OneLayer.doubles(c.x())).assertClose(context.output(), 0, c + " without " + frozen);
            assertInputGradient(c, context, c.own(network), 1);
            assertParameterGradients(c, context, c.own(network), frozen.equals("bias"), frozen.equals("weight"));
            NormCase.step(context, c.x(), c.dy(), WriteMode.ACCUMULATE);
            assertEquals(0, sumOfSizes(context, frozen), "added to what is frozen");
            String trained = frozen.equals("bias") ? "weight" : "bias";
            assertEquals(List.of(ofParameter(network, trained)), ranges(context));
        }
    }

    private static double sumOfSizes(Context context, String name) {
        Parameter view = context.network().parameters().view("norm0." + name);
        double sum = 0;
        for (int i = view.offset(); i < view.offset() + view.length(); i++) {
            sum += Math.abs(context.gradients().values()[i]);
        }
        return sum;
    }

    private static List<String> ranges(Context context) {
        List<String> ranges = new ArrayList<>();
        context.gradients().forEachRange((from, to, decayed) -> ranges.add(from + " to " + to + (decayed ? " decayed" : "")));
        return ranges;
    }

    private static String ofParameter(Network network, String name) {
        Parameter view = network.parameters().view("norm0." + name);
        return view.offset() + " to " + (view.offset() + view.length());
    }

    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#withoutBatch")
    void frozen(NormCase c) {
        Network network = c.network(1);
        network.parameters().freeze("norm0.");
        Context context = OneLayer.context(network, c.batch());
        NormCase.step(context, c.x(), c.dy(), WriteMode.OVERWRITE);
        c.own(network).forward(OneLayer.doubles(c.x())).assertClose(context.output(), 0, c);
        assertInputGradient(c, context, c.own(network), 1);
        assertParameterGradients(c, context, c.own(network), false, false);
        assertEquals(List.of(), ranges(context));
    }

    /** To the bit what each example gives alone, in training as in prediction. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#withoutBatch")
    void examplesAreIndependent(NormCase c) {
        Network network = c.network(1);
        Context context = OneLayer.context(network, c.batch());
        NormCase.step(context, c.x(), c.dy(), WriteMode.OVERWRITE);
        float[] predicted = new float[c.batch() * c.shape().size()];
        network.newContext(c.batch()).predict(c.x(), predicted, c.batch());
        assertArrayEquals(predicted, context.output(), "training is as prediction");
        for (int i = 0; i < c.batch(); i++) {
            Context alone = OneLayer.context(network, 1);
            NormCase.step(alone, c.examples(c.x(), i, i + 1), c.examples(c.dy(), i, i + 1), WriteMode.OVERWRITE);
            assertArrayEquals(alone.output(), c.examples(context.output(), i, i + 1), "output of " + i);
            assertArrayEquals(alone.gradient("x"), c.examples(context.gradient("x"), i, i + 1), "gradient of " + i);
        }
    }

    /** Over several sizes together there is a weight for each of their elements. */
    @Test
    void shapeOfParameters() {
        Graph graph = new Graph();
        Network network = graph.network(3, graph.input("x", Shape.of(4, 2, 3)).then("norm", new LayerNorm(1e-5f, 2)));
        assertEquals(Shape.of(2, 3), network.parameters().view("norm.weight").shape());
        assertEquals(Shape.of(2, 3), network.parameters().view("norm.bias").shape());
        assertEquals(Shape.of(4, 2, 3), network.outputShape());
    }

    /** Where the values lie in a predictor, over its input or beside it, the bits are the same. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#withoutBatch")
    void predictorGivesTheSameBits(NormCase c) {
        Graph graph = new Graph();
        Node x = graph.input("x", c.shape()).then(new LeakyRelu(1));
        Node over = x.then(new LeakyRelu(1)).then("norm0", c.layer());
        Network network = graph.network(3, graph.join(new Concat(), over, x.then("norm1", c.layer()), x));
        network.parameters().views().forEach(view -> network.parameters().set(view.name(), Data.reals(5 + view.offset(), view.length())));
        float[] expected = new float[3 * c.x().length];
        float[] actual = new float[expected.length];
        network.newContext(c.batch()).predict(c.x(), expected, c.batch());
        Predictor.compile(network, PredictorOptions.defaults().withoutWarmUp().batch(c.batch())).newContext().predict(c.x(), actual);
        assertArrayEquals(expected, actual);
    }

    @Test
    void parametersAtTheStart() {
        for (Layer layer : List.of(new BatchNorm(), new LayerNorm(), new InstanceNorm(), new GroupNorm(3))) {
            Graph graph = new Graph();
            Network network = graph.network(3, graph.join("norm0", layer, graph.input("x", Shape.of(2, 3))));
            assertEquals(Shape.of(2, 3), network.outputShape());
            assertEquals(6, network.parameters().trainableLength());
            assertArrayEquals(new float[] {1, 1, 1}, network.parameters().get("norm0.weight"));
            assertArrayEquals(new float[3], network.parameters().get("norm0.bias"));
            // neither scale nor bias decays, so they are one range
            assertEquals(List.of("0 to 6"), ranges(network.newTrainingContext(2, 1)));
            List<String> names = network.parameters().views().stream().map(Parameter::name).toList();
            if (layer instanceof BatchNorm) {
                assertEquals(List.of("norm0.weight", "norm0.bias", "norm0.running_mean", "norm0.running_var"), names);
                assertArrayEquals(new float[3], network.parameters().get("norm0.running_mean"));
                assertArrayEquals(new float[] {1, 1, 1}, network.parameters().get("norm0.running_var"));
            } else {
                assertEquals(List.of("norm0.weight", "norm0.bias"), names);
            }
        }
        assertEquals(new BatchNorm(1e-5f, 0.1f), new BatchNorm());
        assertEquals(new LayerNorm(1e-5f), new LayerNorm());
        assertEquals(new LayerNorm(1e-5f, 1), new LayerNorm());
        assertEquals(new GroupNorm(4, 1e-5f), new GroupNorm(4));
        assertEquals(new InstanceNorm(1e-5f), new InstanceNorm());
    }

    @Test
    void refused() {
        for (float epsilon : new float[] {0, -0.0f, -1e-5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Refused.argument(() -> new BatchNorm(epsilon, 0.1f), "epsilon is " + epsilon, "above 0");
            Refused.argument(() -> new LayerNorm(epsilon), "epsilon is " + epsilon, "above 0");
            Refused.argument(() -> new GroupNorm(1, epsilon), "epsilon is " + epsilon, "above 0");
            Refused.argument(() -> new InstanceNorm(epsilon), "epsilon is " + epsilon, "above 0");
        }
        for (float momentum : new float[] {-Float.MIN_VALUE, -1, Math.nextUp(1f), 10, Float.NaN, Float.POSITIVE_INFINITY}) {
            Refused.argument(() -> new BatchNorm(1e-5f, momentum), "momentum is " + momentum, "from 0 to 1");
        }
        assertEquals(0, new BatchNorm(Float.MIN_VALUE, 0).momentum());
        assertEquals(1, new BatchNorm(Float.MAX_VALUE, 1).momentum());
        Graph graph = new Graph();
        Node a = graph.input("a", Shape.of(3));
        Node b = graph.input("b", Shape.of(3));
        Refused.by(IllegalArgumentException.class, () -> graph.join(new BatchNorm(), a, b), "2");
        for (Layer layer : List.of(new LayerNorm(), new GroupNorm(1), new InstanceNorm())) {
            Refused.by(IllegalArgumentException.class, () -> graph.join(layer, a, b), "2");
        }
        Refused.argument(() -> new LayerNorm(1e-5f, 0), "axes is 0", "at least 1");
        Refused.argument(() -> a.then(new LayerNorm(1e-5f, 2)), "axes is 2", "3 has 1");
        Refused.argument(() -> new GroupNorm(0), "groups is 0", "at least 1");
        Refused.argument(() -> a.then(new GroupNorm(2)), "groups is 2", "3 channels");
    }

    /** A channel or place whose elements are all equal has variance 0: epsilon keeps the results finite. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#all")
    void equalElements(NormCase c) {
        Network network = c.network(1);
        Context context = OneLayer.context(network, c.batch());
        float[] x = new float[c.batch() * c.shape().size()];
        Arrays.fill(x, 3);
        NormCase.step(context, x, c.dy(), WriteMode.OVERWRITE);
        float[] bias = network.parameters().get("norm0.bias");
        for (int i = 0; i < x.length; i++) {
            assertEquals(bias[i % bias.length], context.output()[i]);
        }
        assertEquals(0, sumOfSizes(context, "weight"));
        assertTrue(sumOfSizes(context, "bias") > 0);
        c.own(network).byInput(OneLayer.doubles(x), OneLayer.doubles(c.dy())).assertClose(context.gradient("x"), 0, c);
    }
}
