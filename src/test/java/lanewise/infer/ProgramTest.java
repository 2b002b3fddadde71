package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Threads;
import lanewise.layer.Add;
import lanewise.layer.Conv2d;
import lanewise.layer.DepthwiseConv2d;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;
import lanewise.model.MobileNetV2;
import lanewise.model.ResNet18;
import lanewise.model.ResNet50;
import lanewise.model.SqueezeNet;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The first layers image by image: the network's bits, for any number of parts and threads. */
class ProgramTest {

    private static final Map<String, Network> NETWORKS = ExactNetworks.all();
    private static final PredictorOptions EXACT = PredictorOptions.defaults().withoutWinograd().withoutWarmUp();

    /** From one part, as long as can be, to as many as there are places to cut. */
    private static final long[] NEAR = {Long.MAX_VALUE, 1 << 14, 3 << 12, 1 << 13, 3 << 11, 1 << 12, 3 << 10, 1 << 11, 3 << 9, 1 << 10};

    static Stream<String> names() {
        return NETWORKS.keySet().stream();
    }

    private static Predictor compile(Network network, PredictorOptions options, long near) {
        return Predictor.compile(network, options, null, near, 0);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSameBitsAsTheNetwork(String name) {
        Network network = NETWORKS.get(name);
        for (long near : NEAR) {
            for (int batch = 2; batch <= 3; batch++) {
                Predictor predictor = compile(network, EXACT.batch(batch), near);
                for (int count = 1; count <= 3; count++) {
                    try (Threads threads = Threads.of(count)) {
                        PredictorContext context = predictor.newContext(threads);
                        poison(context, predictor);
                        for (int seed = 1; seed <= 2; seed++) { // the second call finds what the first left behind
                            check(network, batch, context, seed);
                        }
                    }
                }
            }
        }
    }

    /** Nothing is read before it is written. */
    private static void poison(PredictorContext context, Predictor predictor) {
        Arrays.fill(context.array(new Place(0, 0, 0)), Float.NaN);
        Arrays.fill(context.workspace().floats(), Float.NaN);
        Place ofImage = new Place(1 + predictor.inputs().size() + predictor.outputs().size(), 0, 0);
        for (PredictorContext one : context.ofImages()) {
            Arrays.fill(one.array(ofImage), Float.NaN);
            Arrays.fill(one.workspace().floats(), Float.NaN);
        }
    }

    private static void check(Network network, int batch, PredictorContext context, int seed) {
        List<float[]> inputs = ExactNetworks.inputs(network, batch, seed);
        List<float[]> kept = inputs.stream().map(float[]::clone).toList();
        float[][] actual = network.outputs().stream().map(node -> ExactNetworks.unwritten(batch * node.shape().size()))
                .toArray(float[][]::new);
        context.predict(inputs.toArray(float[][]::new), actual);
        List<float[]> expected = ExactNetworks.outputs(network, batch, inputs);
        for (int i = 0; i < actual.length; i++) {
            assertArrayEquals(expected.get(i), actual[i], context.predictor().describe());
        }
        for (int i = 0; i < kept.size(); i++) {
            assertArrayEquals(kept.get(i), inputs.get(i), "the caller's input was written");
        }
    }

    /**
     * Tuning may choose one algorithm for the batch and another for an image, and so overwrite in place in one of them alone: then no part
     * ends there.
     */
    @Test
    void placesThatOnlyTheBatchShares() {
        Graph graph = new Graph();
        Node x = graph.input("x", Shape.of(100, 84, 3)).then("first", Conv2d.of(32, 1));
        Node y = graph.join(new Add(), x, x.then("depthwise", DepthwiseConv2d.of(3).padding(1)).then("project", Conv2d.of(32, 1)));
        Network network = graph.network(1, y.then("last", Conv2d.of(4, 1)).then(new GlobalAveragePool()));
        List<String> lines = new ArrayList<>();
        for (int n = 1; n <= 2; n++) {
            ConvShape depthwise = ConvShape.depthwise(n, 100, 84, 32, 3, 3).withPadding(1, 1);
            lines.add(depthwise + " exact " + (n == 1 ? "SlidingDepthwiseConv" : "TiledDepthwiseConv"));
            for (int[] size : new int[][] {{3, 32}, {32, 32}, {32, 4}}) {
                lines.add(ConvShape.of(n, 100, 84, size[0], size[1], 1, 1) + " exact PointwiseConv");
            }
        }
        PredictorOptions options = EXACT.batch(2).tuned(Tuning.of(lines));
        Op band = Lowering.ofEach(network, options).get(1);
        assertTrue(band instanceof BandOp, "an image's block runs by bands, which read x after they have written");
        long justTheBand = band.filterFloats() + band.output.length + band.reads().stream().mapToLong(value -> value.length).sum();
        Predictor predictor = compile(network, options, justTheBand);
        assertTrue(predictor.imageSteps() > 0, predictor::describe);
        Predictor single = Predictor.compile(network, EXACT);
        float[] in = Data.reals(1, 2 * 100 * 84 * 3);
        float[] actual = new float[8];
        predictor.newContext().predict(in, actual);
        for (int i = 0; i < 2; i++) {
            float[] expected = new float[4];
            single.newContext().predict(Arrays.copyOfRange(in, i * in.length / 2, (i + 1) * in.length / 2), expected);
            assertArrayEquals(expected, Arrays.copyOfRange(actual, 4 * i, 4 * i + 4), 1e-5f, predictor.describe());
        }
    }

    /** The networks above do have parts, and several: or the tests of them would test nothing. */
    @Test
    void partsOfAllKinds() {
        Map<String, Integer> parts = new TreeMap<>();
        for (String name : NETWORKS.keySet()) {
            for (long near : NEAR) {
                parts.merge(name, compile(NETWORKS.get(name), EXACT.batch(2), near).imageEnds().length, Math::max);
            }
        }
        long cut = parts.values().stream().filter(count -> count > 0).count();
        assertTrue(cut >= 0.7 * parts.size(), parts.toString());
        List<String> several = parts.keySet().stream().filter(name -> parts.get(name) > 1).toList();
        assertTrue(several.size() >= 5, several.toString());
    }

    /** Where a batch is large; a single image, or a few small ones, run as they did. */
    @Test
    void whereItPays() {
        assertEquals(0, Predictor.compile(ResNet50.network(1), EXACT).imageSteps());
        assertEquals(0, Predictor.compile(ResNet18.network(Shape.of(64, 64, 3), 10, 1), EXACT.batch(4)).imageSteps());
        for (Network network : List.of(ResNet50.network(1), ResNet18.network(1), SqueezeNet.network(1), MobileNetV2.network(1))) {
            Predictor predictor = Predictor.compile(network, EXACT.batch(16));
            Arena whole = new Arena(new Program(network, EXACT.batch(16), 0, Long.MAX_VALUE), 1, 1);
            assertTrue(predictor.imageSteps() > 0, predictor::describe);
            assertTrue(predictor.arenaFloats() < 0.6 * whole.floats(), predictor.arenaFloats() + " of " + whole.floats());
            assertTrue(predictor.imageSteps() < predictor.steps().length, "filters of the last layers are large");
        }
    }

    /** By Winograd's algorithm, whose tiles depend on the batch: what rounding allows, and the same bits for any number of threads. */
    @Test
    void aModel() {
        Network network = ResNet18.network(Shape.of(64, 64, 3), 10, 1);
        float[] in = Data.reals(1, 5 * network.inputShape().size());
        PredictorOptions options = PredictorOptions.defaults().withoutWarmUp().batch(5);
        Predictor predictor = compile(network, options, 2 << 18);
        assertTrue(predictor.imageEnds().length > 1, predictor::describe);
        float[] one = new float[50];
        predictor.newContext().predict(in, one);
        float[] two = new float[50];
        try (Threads threads = Threads.of(2)) {
            predictor.newContext(threads).predict(in, two);
        }
        assertArrayEquals(one, two);
        float[] expected = new float[50];
        Predictor.compile(network, options).newContext().predict(in, expected);
        double size = Math.sqrt(Data.dot(expected, expected) / expected.length);
        assertArrayEquals(expected, one, (float) (5e-5 * size));
    }

    /** By plain loops, image by image, until the kernels are ready; by kernels in the same context from then on. */
    @Test
    void plainLoopsFirst() {
        Network network = ResNet18.network(Shape.of(64, 64, 3), 10, 1);
        AtomicReference<Runnable> warmUp = new AtomicReference<>();
        Predictor predictor = Predictor.compile(network, PredictorOptions.defaults().batch(3), warmUp::set, 2 << 18, 0);
        float[] in = Data.reals(1, 3 * network.inputShape().size());
        float[] byPlainLoops = new float[30];
        PredictorContext context = predictor.newContext();
        context.predict(in, byPlainLoops);
        assertFalse(predictor.isWarm());
        warmUp.get().run();
        assertTrue(predictor.isWarm());
        float[] byKernels = new float[30];
        context.predict(in, byKernels);
        float[] expected = new float[30];
        Predictor.compile(network, PredictorOptions.defaults().batch(3).withoutWarmUp(), null, 2 << 18, 0).newContext().predict(in, expected);
        assertArrayEquals(expected, byKernels);
        double size = Math.sqrt(Data.dot(expected, expected) / expected.length);
        assertArrayEquals(expected, byPlainLoops, (float) (5e-5 * size));
    }

    /** A step that runs for each image is told once, with the time of all; of several threads one does the work meanwhile. */
    @Test
    void profile() {
        Network network = NETWORKS.get("bottleneck");
        Predictor predictor = compile(network, EXACT.batch(3), 1 << 12);
        float[] in = Data.reals(1, 3 * network.inputShape().size());
        try (Threads threads = Threads.of(2)) {
            PredictorContext context = predictor.newContext(threads);
            List<StepTime> times = context.profile(in, new float[3 * network.outputShape().size()], 3);
            assertEquals(predictor.steps().length, times.size());
            assertTrue(times.stream().allMatch(time -> time.micros() > 0), times.toString());
        }
        String first = predictor.describe().lines().findFirst().orElseThrow();
        assertTrue(first.startsWith("each image: "), first);
    }

    /** A call that is refused leaves nothing behind. */
    @Test
    void afterAFailure() {
        Network network = NETWORKS.get("lenet");
        Predictor predictor = compile(network, EXACT.batch(4), 1 << 12);
        float[] in = Data.reals(1, 4 * network.inputShape().size());
        float[] expected = new float[4 * network.outputShape().size()];
        predictor.newContext().predict(in, expected);
        try (Threads threads = Threads.of(2)) {
            PredictorContext context = predictor.newContext(threads);
            assertThrows(IllegalArgumentException.class, () -> context.predict(in, in));
            float[] actual = new float[expected.length];
            Arrays.fill(actual, Float.NaN);
            context.predict(in, actual);
            assertArrayEquals(expected, actual);
        }
    }
}
