package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import lanewise.kernel.Threads;
import lanewise.layer.Binding;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Embedding;
import lanewise.layer.Flatten;
import lanewise.layer.Frame;
import lanewise.layer.Layer;
import lanewise.layer.LayerRun;
import lanewise.layer.Network;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.model.ResNet18;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PredictorTest {

    private static final Map<String, Network> NETWORKS = ExactNetworks.all();
    private static final PredictorOptions EXACT = PredictorOptions.defaults().withoutWinograd().withoutWarmUp();

    static Stream<String> names() {
        return NETWORKS.keySet().stream();
    }

    private static float[][] unwritten(Network network, int batch) {
        return network.outputs().stream().map(node -> ExactNetworks.unwritten(batch * node.shape().size())).toArray(float[][]::new);
    }

    private static void assertSame(Network network, List<float[]> expected, float[][] actual) {
        for (int i = 0; i < actual.length; i++) {
            assertArrayEquals(expected.get(i), actual[i], network.outputs().get(i).toString());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSameBitsAsTheNetwork(String name) {
        Network network = NETWORKS.get(name);
        for (int batch : new int[] {1, 3}) {
            PredictorContext context = Predictor.compile(network, EXACT.batch(batch)).newContext();
            for (int seed = 1; seed <= 2; seed++) { // the second call finds what the first left behind
                List<float[]> inputs = ExactNetworks.inputs(network, batch, seed);
                List<float[]> kept = inputs.stream().map(float[]::clone).toList();
                float[][] actual = unwritten(network, batch);
                context.predict(inputs.toArray(float[][]::new), actual);
                assertSame(network, ExactNetworks.outputs(network, batch, inputs), actual);
                for (int i = 0; i < kept.size(); i++) {
                    assertArrayEquals(kept.get(i), inputs.get(i), "the caller's input was written");
                }
            }
        }
    }

    /** The arena full of NaN: nothing is read before it is written. */
    @ParameterizedTest
    @MethodSource("names")
    void oldContentsDoNotMatter(String name) {
        Network network = NETWORKS.get(name);
        PredictorContext context = Predictor.compile(network, EXACT.batch(2)).newContext();
        Arrays.fill(context.array(new Place(0, 0, 0)), Float.NaN);
        Arrays.fill(context.workspace().floats(), Float.NaN);
        List<float[]> inputs = ExactNetworks.inputs(network, 2, 3);
        float[][] actual = unwritten(network, 2);
        context.predict(inputs.toArray(float[][]::new), actual);
        assertSame(network, ExactNetworks.outputs(network, 2, inputs), actual);
    }

    @ParameterizedTest
    @MethodSource("names")
    void anyNumberOfThreadsGivesTheSameBits(String name) {
        Network network = NETWORKS.get(name);
        Predictor predictor = Predictor.compile(network, PredictorOptions.defaults().withoutWarmUp().batch(3));
        float[][] inputs = network.inputs().stream()
                .map(node -> node.name().equals("words") ? new float[3 * 8] : Data.reals(1, 3 * node.shape().size()))
                .toArray(float[][]::new);
        float[][] one = unwritten(network, 3);
        predictor.newContext().predict(inputs, one);
        for (int count = 2; count <= 3; count++) {
            try (Threads threads = Threads.of(count)) {
                float[][] several = unwritten(network, 3);
                predictor.newContext(threads).predict(inputs, several);
                for (int i = 0; i < one.length; i++) {
                    assertArrayEquals(one[i], several[i], count + " threads");
                }
            }
        }
    }

    /** Help is asked of the caller's executor, and the bits are those of one thread. */
    @Test
    void theCallersExecutor() {
        AtomicInteger asked = new AtomicInteger();
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            for (String name : List.of("lenet", "basic blocks", "bottleneck", "fire")) {
                Network network = NETWORKS.get(name);
                Predictor predictor = Predictor.compile(network, PredictorOptions.defaults().withoutWarmUp().batch(3));
                float[][] inputs = {Data.reals(1, 3 * network.inputShape().size())};
                float[][] one = unwritten(network, 3);
                predictor.newContext().predict(inputs, one);
                float[][] several = unwritten(network, 3);
                predictor.newContext(Threads.of(task -> {
                    asked.incrementAndGet();
                    executor.execute(task);
                }, 3)).predict(inputs, several);
                assertArrayEquals(one, several, name);
            }
            assertFalse(executor.isShutdown());
        }
        assertTrue(asked.get() > 0);
    }

    /** A thread begins in the group of the one that starts it: that of the caller has no other than those that were asked for. */
    @Test
    void noThreadsButThoseAskedFor() throws InterruptedException {
        ThreadGroup group = new ThreadGroup("callers");
        List<Integer> counts = new ArrayList<>();
        Thread caller = new Thread(group, () -> {
            Network network = ResNet18.network(Shape.of(64, 64, 3), 10, 1);
            Predictor predictor = Predictor.compile(network, EXACT.batch(2));
            float[] in = Data.reals(1, 2 * 64 * 64 * 3);
            predictor.newContext().predict(in, new float[20]);
            counts.add(group.activeCount());
            try (Threads two = Threads.of(2)) {
                predictor.newContext(two).predict(in, new float[20]);
                counts.add(group.activeCount());
            }
        });
        caller.start();
        caller.join();
        assertEquals(List.of(1, 2), counts);
    }

    /** Weights are packed once: a context has activations and scratch alone. */
    @Test
    void contextsShareTheWeights() {
        Predictor predictor = Predictor.compile(ResNet18.network(Shape.of(64, 64, 3), 10, 1), EXACT);
        predictor.newContext();
        long before = Allocation.bytesSoFar();
        predictor.newContext();
        long bytes = Allocation.bytesSoFar() - before;
        long floats = predictor.arenaFloats() + predictor.workspaceFloats();
        assertTrue(bytes <= 4 * floats + 65_536, bytes + " bytes for " + floats + " floats");
        assertTrue(floats < predictor.weightFloats() / 4, floats + " floats beside " + predictor.weightFloats() + " of weights");
    }

    @Test
    void whatFollowsAConvolutionIsPartOfIt() {
        assertEquals(3, steps("norm after convolution"));
        assertEquals(6, steps("lenet"), "two convolutions, the second pooling, two dense layers and the softmax");
        assertEquals(1 + 2 + 2 + 1 + 1, steps("basic blocks"), "no sum, norm or activation is left");
        assertEquals(6, steps("bottleneck") - 1, "one pooling before");
        assertEquals(7, steps("fire") - 1, "no copy into a concatenation");
        assertEquals(2, steps("shortcut later"));
        assertEquals(2, steps("constants"), "two convolutions");
        assertEquals(1 + 2 + 2 + 1 + 1 + 1, steps("constants before padding"), "sums stay before padding and transposed convolutions");
        assertEquals(2 + 6 * 4 + 1 + 2, steps("gates"), "products and sums are one, but the last of twice, and those of a product read twice");
        assertEquals(5 + 4 + 1, steps("pyramid"), "only what is read elsewhere is copied into the concatenation");
        assertEquals(4, steps("constants before groups"), "a map of 24 channels stays, one of all places goes into the dense layer");
    }

    private static int steps(String name) {
        return Predictor.compile(NETWORKS.get(name), EXACT).steps().length;
    }

    @Test
    void trainingOnDoesNotChangeTheProgram() {
        for (String name : List.of("basic blocks", "without operations of their own", "norm first")) {
            Network network = ExactNetworks.all().get(name);
            Predictor predictor = Predictor.compile(network, EXACT);
            List<float[]> inputs = ExactNetworks.inputs(network, 1, 1);
            List<float[]> before = ExactNetworks.outputs(network, 1, inputs);
            Arrays.fill(network.parameters().values(), 0.5f);
            network.parameters().changed();
            float[][] actual = unwritten(network, 1);
            predictor.newContext().predict(inputs.toArray(float[][]::new), actual);
            assertSame(network, before, actual);
        }
    }

    @Test
    void threadsShareAProgram() throws InterruptedException {
        Network network = NETWORKS.get("basic blocks");
        Predictor predictor = Predictor.compile(network, EXACT);
        List<Thread> threads = new ArrayList<>();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger compared = new AtomicInteger();
        for (int t = 0; t < 4; t++) {
            int seed = t;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    PredictorContext context = predictor.newContext();
                    List<float[]> inputs = ExactNetworks.inputs(network, 1, seed);
                    float[] expected = ExactNetworks.outputs(network, 1, inputs).getFirst();
                    for (int i = 0; i < 200; i++) {
                        float[] actual = ExactNetworks.unwritten(3);
                        context.predict(inputs.getFirst(), actual);
                        compared.incrementAndGet();
                        if (!Arrays.equals(expected, actual)) {
                            wrong.add(Arrays.toString(actual) + " for " + Arrays.toString(expected));
                        }
                    }
                } catch (Throwable e) {
                    wrong.add(e.toString());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), wrong);
        assertEquals(4 * 200, compared.get());
    }

    /** A layer that waits until the test has tried to use its context a second time. */
    private record Waiting(CountDownLatch entered, CountDownLatch go) implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.getFirst();
        }

        @Override
        public LayerRun newRun(Binding binding) {
            return new LayerRun() {
                @Override
                public void forward(Frame frame) {
                    entered.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    System.arraycopy(frame.x(0), 0, frame.y(), 0, frame.y().length);
                }

                @Override
                public void backward(Frame frame) {
                    throw new AssertionError("only predicts");
                }
            };
        }
    }

    @Test
    void aSecondCallMeanwhileIsRefused() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Network network = Network.chain(Shape.of(3), 1, new Waiting(entered, go));
        PredictorContext context = Predictor.compile(network, EXACT).newContext();
        float[] y = new float[3];
        Thread first = Thread.ofPlatform().start(() -> context.predict(new float[] {1, 2, 3}, y));
        entered.await();
        String message = assertThrows(IllegalStateException.class, () -> context.predict(new float[3], new float[3])).getMessage();
        String all = assertThrows(IllegalStateException.class, () -> context.predictAll(List.of(new float[3]), List.of(new float[3])))
                .getMessage();
        go.countDown();
        first.join();
        assertTrue(message.contains("in use by another call"), message);
        assertEquals(message, all);
        assertArrayEquals(new float[] {1, 2, 3}, y);
        context.predict(new float[] {4, 5, 6}, y); // and after it, the context serves again
        assertArrayEquals(new float[] {4, 5, 6}, y);
    }

    /** The one that is refused changes nothing for the one that runs. */
    @Test
    void twoProfilesAtOnce() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        PredictorContext context = Predictor.compile(Network.chain(Shape.of(3), 1, new Waiting(entered, go)), EXACT).newContext();
        List<StepTime> times = new ArrayList<>();
        Thread first = Thread.ofPlatform().start(() -> times.addAll(context.profile(new float[3], new float[3], 5)));
        entered.await();
        assertThrows(IllegalStateException.class, () -> context.profile(new float[3], new float[3], 2));
        go.countDown();
        first.join();
        assertEquals(1, times.size());
        assertTrue(times.getFirst().micros() > 0, times.toString());
    }

    @Test
    void aContextServesAgainAfterAnException() {
        Network network = NETWORKS.get("words");
        PredictorContext context = Predictor.compile(network, EXACT).newContext();
        float[] y = new float[5];
        assertThrows(IllegalArgumentException.class, () -> context.predict(new float[] {0, 0, 0, 9, 0, 0, 0, 0}, y));
        context.predict(new float[8], y);
        assertArrayEquals(ExactNetworks.outputs(network, 1, List.of(new float[8])).getFirst(), y);
    }

    @Test
    void singleRequestsAreGatheredIntoBatches() {
        Network network = NETWORKS.get("lenet");
        PredictorContext context = Predictor.compile(network, EXACT.batch(4)).newContext();
        for (int requests : new int[] {0, 1, 4, 6, 9}) {
            List<float[]> inputs = new ArrayList<>();
            List<float[]> outputs = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                inputs.add(ExactNetworks.inputs(network, 1, i).getFirst());
                outputs.add(ExactNetworks.unwritten(5));
            }
            context.predictAll(inputs, outputs);
            for (int i = 0; i < requests; i++) {
                assertArrayEquals(ExactNetworks.outputs(network, 1, inputs.subList(i, i + 1)).getFirst(), outputs.get(i));
            }
        }
        refused("there are 1 outputs, must be 2", () -> context.predictAll(List.of(new float[144], new float[144]), List.of(new float[5])));
        refused("in[1] has length 143", () -> context.predictAll(List.of(new float[144], new float[143]),
                List.of(new float[5], new float[5])));
        refused("out[0] has length 6", () -> context.predictAll(List.of(new float[144]), List.of(new float[6])));
    }

    /** A request that a layer refuses fails its own call, and no later one. */
    @Test
    void aRefusedRequestIsForgotten() {
        Network network = Network.chain(Shape.of(2), 1, Embedding.of(5, 3), new Flatten(), Dense.of(4));
        PredictorContext context = Predictor.compile(network, EXACT.batch(3)).newContext();
        List<float[]> good = List.of(new float[] {1, 2}, new float[] {3, 4}, new float[] {0, 1}, new float[] {2, 2}, new float[] {4, 0});
        List<float[]> expected = Stream.generate(() -> new float[4]).limit(5).toList();
        context.predictAll(good, expected);
        List<float[]> bad = new ArrayList<>(good);
        bad.set(4, new float[] {1, 5});
        List<float[]> outputs = Stream.generate(() -> ExactNetworks.unwritten(4)).limit(5).toList();
        refused("5", () -> context.predictAll(bad, outputs));
        assertArrayEquals(expected.get(2), outputs.get(2), "the batch before");
        assertArrayEquals(ExactNetworks.unwritten(4), outputs.get(3));
        List<float[]> one = List.of(new float[4]);
        context.predictAll(good.subList(0, 1), one);
        assertArrayEquals(expected.getFirst(), one.getFirst());
    }

    @Test
    void refusals() {
        PredictorContext context = Predictor.compile(NETWORKS.get("lenet"), EXACT.batch(2)).newContext();
        refused("in[0] has length 144, must be 288", () -> context.predict(new float[1][144], new float[1][10]));
        refused("out[0] has length 5, must be 10", () -> context.predict(new float[1][288], new float[1][5]));
        Refused.isNull(() -> context.predict(new float[1][288], new float[1][]), "out[0]");
        refused("in has length 144", () -> context.predict(new float[144], new float[10]));
        refused("out has length 5", () -> context.predict(new float[288], new float[5]));
        Refused.isNull(() -> context.predict((float[][]) null, new float[1][10]), "in");
        Refused.isNull(() -> context.predict(new float[1][288], null), "out");
        Refused.isNull(() -> context.predictAll(null, List.of()), "in");
        Refused.isNull(() -> context.predictAll(List.of(), null), "out");
        refused("there are 2 inputs, must be 1", () -> context.predict(new float[2][288], new float[1][10]));
        refused("there are 0 outputs, must be 1", () -> context.predict(new float[1][288], new float[0][]));
        refused("batch is 0", () -> EXACT.batch(0));
        Network square = Network.chain(Shape.of(4), 1, Dense.of(4));
        float[] both = new float[4];
        refused("out is the same array as in, of length 4", () -> Predictor.compile(square, EXACT).newContext().predict(both, both));
        PredictorContext several = Predictor.compile(NETWORKS.get("several outputs"), EXACT).newContext();
        String message = assertThrows(IllegalStateException.class, () -> several.predict(new float[108], new float[2])).getMessage();
        assertTrue(message.contains("5 outputs") && message.contains("must be 1; predict(float[][], float[][])"), message);
        String profile = assertThrows(IllegalStateException.class, () -> several.profile(new float[108], new float[2], 1)).getMessage();
        assertEquals(message, profile);
        refused("calls is 0, must be at least 1", () -> context.profile(new float[288], new float[10], 0));
        float[][] outputs = several.predictor().outputs().stream().map(node -> new float[node.shape().size()]).toArray(float[][]::new);
        int length = outputs[3].length;
        outputs[3] = new float[length + 1];
        refused("out[3] has length " + (length + 1) + ", must be " + length, () -> several.predict(new float[1][108], outputs));
        Network large = Network.chain(Shape.of(1000, 1000, 1), 1, Conv2d.of(8, 1), new Relu());
        refused("more than the 2147483647", () -> Predictor.compile(large, EXACT.batch(300)));
    }

    private static void refused(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void describesEveryStep() {
        String text = Predictor.compile(NETWORKS.get("basic blocks"), EXACT).describe();
        assertTrue(text.contains("conv2d_3 + batch norm + conv2d_1, relu: n1c16h15w15_k16r3s3_p1 DirectConv"), text);
        assertTrue(text.contains("maxpool") || text.contains("average pool"), text);
        assertTrue(text.contains("7 steps; activations "), text);
        String rows = Predictor.compile(NETWORKS.get("rows of padding"), EXACT).describe();
        assertTrue(rows.contains("n1c16h1w9_k20r1s3_p0x1"), rows);
        Network twice = Network.chain(Shape.of(28, 28, 16), 1, Conv2d.of(16, 3).same(), Conv2d.of(16, 3).same(), new Flatten());
        assertTrue(Predictor.compile(twice).describe().contains("WinogradConv"));
        assertFalse(Predictor.compile(twice, PredictorOptions.defaults().withoutWinograd()).describe().contains("Winograd"));
    }

    /** Within a network a filter comes from memory: one image does not repay the larger one of a strided Winograd layer. */
    @Test
    void largeStridedFiltersAreForBatches() {
        Network strided = Network.chain(Shape.of(56, 56, 128), 1, Conv2d.of(128, 3).stride(2).padding(1), new Flatten());
        assertFalse(Predictor.compile(strided).describe().contains("StridedWinogradConv"));
        assertTrue(Predictor.compile(strided, PredictorOptions.defaults().batch(2)).describe().contains("StridedWinogradConv"));
        Network smaller = Network.chain(Shape.of(56, 56, 64), 1, Conv2d.of(64, 3).stride(2).padding(1), new Flatten());
        assertTrue(Predictor.compile(smaller).describe().contains("StridedWinogradConv"));
    }

    /** A chain needs no more than its largest pair. */
    @Test
    void activationsShareMemory() {
        Network network = Network.chain(Shape.of(16, 16, 3), 1, Conv2d.of(8, 3).same(), Conv2d.of(8, 3).same(), Conv2d.of(8, 3).same(),
                Conv2d.of(8, 3).same(), Conv2d.of(8, 3).same());
        assertEquals(2 * 16 * 16 * 8, Predictor.compile(network, EXACT).arenaFloats());
        assertEquals(2 * 16 * 16 * 8, Predictor.compile(network, EXACT).largestNeedFloats());
    }
}
