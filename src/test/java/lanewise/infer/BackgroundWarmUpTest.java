package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import lanewise.kernel.Threads;
import lanewise.layer.Binding;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.Frame;
import lanewise.layer.Layer;
import lanewise.layer.LayerRun;
import lanewise.layer.Network;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.model.MobileNetV2;
import lanewise.model.ResNet18;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that are called before their kernels are ready: the warm-up is held back here until a test lets it run. */
@Timeout(300)
class BackgroundWarmUpTest {

    private static final Map<String, Network> NETWORKS = ExactNetworks.all();
    private static final PredictorOptions EXACT = PredictorOptions.defaults().withoutWinograd();

    static Stream<String> names() {
        return NETWORKS.keySet().stream();
    }

    /** A program and its warm-up, which has not begun. */
    private record Held(Predictor predictor, Runnable warmUp) {
        static Held compile(Network network, PredictorOptions options) {
            AtomicReference<Runnable> task = new AtomicReference<>();
            Predictor predictor = Predictor.compile(network, options, task::set);
            return new Held(predictor, task.get());
        }
    }

    private static float[][] unwritten(Network network, int batch) {
        return network.outputs().stream().map(node -> ExactNetworks.unwritten(batch * node.shape().size())).toArray(float[][]::new);
    }

    /** Whether sums behind an average or a sigmoid, which are no integers, are rounded by plain loops as they are by kernels. */
    private static boolean isExact(String name) {
        return !name.equals("basic blocks");
    }

    private static void assertClose(Network network, int batch, PredictorContext context, int seed) {
        List<float[]> inputs = ExactNetworks.inputs(network, batch, seed);
        float[][] actual = unwritten(network, batch);
        context.predict(inputs.toArray(float[][]::new), actual);
        assertArrayEquals(ExactNetworks.outputs(network, batch, inputs).getFirst(), actual[0], 1e-6f);
    }

    private static void assertRight(Network network, int batch, PredictorContext context, int seed) {
        List<float[]> inputs = ExactNetworks.inputs(network, batch, seed);
        float[][] actual = unwritten(network, batch);
        context.predict(inputs.toArray(float[][]::new), actual);
        List<float[]> expected = ExactNetworks.outputs(network, batch, inputs);
        for (int i = 0; i < actual.length; i++) {
            assertArrayEquals(expected.get(i), actual[i], network.outputs().get(i).toString());
        }
    }

    /** The trial of each network, several at a time: gentle warm-ups rest for most of their time. */
    private static final class Trials {

        private static final int AT_ONCE = 5;
        private static final Map<String, Future<?>> ALL = begin();

        private Trials() {}

        private static Map<String, Future<?>> begin() {
            ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().daemon().factory());
            Map<String, Future<?>> trials = new HashMap<>();
            NETWORKS.forEach((name, network) -> trials.put(name, threads.submit(() -> {
                theSameBitsBeforeAndAfter(name, network);
                return null;
            })));
            threads.shutdown();
            return trials;
        }
    }

    /** Small integers are exact by plain loops, too; contexts from before go over to the kernels, on one thread and on two. */
    @ParameterizedTest
    @MethodSource("names")
    void theSameBitsBeforeAndAfter(String name) throws Throwable {
        try {
            Trials.ALL.get(name).get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static void theSameBitsBeforeAndAfter(String name, Network network) throws InterruptedException {
        for (int batch : new int[] {1, 3}) {
            Held held = Held.compile(network, EXACT.batch(batch));
            Predictor predictor = held.predictor;
            try (Threads threads = Threads.of(2)) {
                List<PredictorContext> contexts = List.of(predictor.newContext(), predictor.newContext(threads));
                for (PredictorContext context : contexts) {
                    Arrays.fill(context.array(new Place(0, 0, 0)), Float.NaN);
                    for (int seed = 1; seed <= 2; seed++) {
                        if (isExact(name)) {
                            assertRight(network, batch, context, seed);
                        } else {
                            assertClose(network, batch, context, seed);
                        }
                    }
                }
                assertFalse(predictor.isWarm());
                String described = predictor.describe();
                held.warmUp.run();
                predictor.awaitWarm();
                assertTrue(predictor.isWarm());
                for (WarmingStep step : predictor.warmingSteps()) {
                    assertSame(step.fast(), step.current());
                }
                for (PredictorContext context : contexts) {
                    assertRight(network, batch, context, 3);
                }
                assertRight(network, batch, predictor.newContext(), 4);
                assertEquals(described, predictor.describe());
                assertEquals(Predictor.compile(network, EXACT.batch(batch).withoutWarmUp()).describe(), described);
            }
        }
    }

    /** Reals: first calls differ by rounding only, and later ones have the bits of a program that was warmed up before. */
    @Test
    void roundingOfTheFirstCalls() {
        Shape picture = Shape.of(64, 64, 3);
        for (Network network : List.of(ResNet18.network(picture, 10, 1), MobileNetV2.network(picture, 10, 1))) {
            float[] in = Data.reals(1, 64 * 64 * 3);
            Held held = Held.compile(network, PredictorOptions.defaults());
            PredictorContext context = held.predictor.newContext();
            float[] first = new float[10];
            context.predict(in, first);
            float[] expected = new float[10];
            Predictor.compile(network, PredictorOptions.defaults().withoutWarmUp()).newContext().predict(in, expected);
            float largest = 0;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(expected, first, 1e-4f * largest);
            assertFalse(Arrays.equals(expected, first), "plain loops round in another order");
            held.warmUp.run();
            float[] later = new float[10];
            context.predict(in, later);
            assertArrayEquals(expected, later);
        }
    }

    /** By its own thread, which is a daemon and ends, with several contexts that call all the while. */
    @Test
    void contextsGoOverWhileTheyCall() throws InterruptedException {
        Network network = NETWORKS.get("bottleneck");
        Predictor predictor = Predictor.compile(network, EXACT, BackgroundWarmUp::onNewThread);
        List<Throwable> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int seed = t;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    PredictorContext context = predictor.newContext();
                    for (int more = 20; more > 0; more -= predictor.isWarm() ? 1 : 0) {
                        assertRight(network, 1, context, seed);
                    }
                } catch (Throwable e) {
                    wrong.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), wrong);
        assertTrue(predictor.isWarm());
    }

    @Test
    void theThreadIsADaemonWithAName() throws InterruptedException {
        AtomicReference<Thread> seen = new AtomicReference<>();
        CountDownLatch ran = new CountDownLatch(1);
        BackgroundWarmUp.onNewThread(() -> {
            seen.set(Thread.currentThread());
            ran.countDown();
        });
        ran.await();
        assertEquals("lanewise warm-up", seen.get().getName());
        assertTrue(seen.get().isDaemon());
        seen.get().join();
    }

    @Test
    void trainingOnChangesNothing() {
        for (String name : List.of("bottleneck", "without operations of their own", "norm first", "constants before padding")) {
            Network network = ExactNetworks.all().get(name);
            Held held = Held.compile(network, EXACT);
            List<float[]> inputs = ExactNetworks.inputs(network, 1, 1);
            List<float[]> before = ExactNetworks.outputs(network, 1, inputs);
            Arrays.fill(network.parameters().values(), 0.5f);
            network.parameters().changed();
            PredictorContext context = held.predictor.newContext();
            for (int call = 0; call < 2; call++) {
                float[][] actual = unwritten(network, 1);
                context.predict(inputs.toArray(float[][]::new), actual);
                for (int i = 0; i < actual.length; i++) {
                    assertArrayEquals(before.get(i), actual[i], name + ", call " + call);
                }
                held.warmUp.run();
            }
        }
    }

    /** A layer that cannot do with zeros, which the warm-up runs it on. */
    private record NoZeros() implements Layer {
        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.getFirst();
        }

        @Override
        public LayerRun newRun(Binding binding) {
            return new LayerRun() {
                @Override
                public void forward(Frame frame) {
                    if (frame.x(0)[0] == 0) {
                        throw new ArithmeticException("zero");
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
    void failuresReachTheCallers() {
        Network network = Network.chain(Shape.of(3), 1, new NoZeros(), Dense.of(2));
        Held held = Held.compile(network, EXACT);
        PredictorContext context = held.predictor.newContext();
        float[] in = {1, 2, 3};
        context.predict(in, new float[2]);
        held.warmUp.run();
        for (int call = 0; call < 2; call++) {
            IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> context.predict(in, new float[2]));
            assertEquals("warming up failed: java.lang.ArithmeticException: zero", thrown.getMessage());
            assertTrue(thrown.getCause() instanceof ArithmeticException);
        }
        assertThrows(IllegalStateException.class, () -> held.predictor.newContext().predictAll(List.of(in), List.of(new float[2])));
        assertThrows(IllegalStateException.class, held.predictor::awaitWarm);
        assertFalse(held.predictor.isWarm());
    }

    @Test
    void errorsToo() {
        Predictor predictor = Held.compile(NETWORKS.get("lenet"), EXACT).predictor;
        predictor.warmUpState().fail(new OutOfMemoryError("a test"));
        PredictorContext context = predictor.newContext();
        Throwable cause = assertThrows(IllegalStateException.class, () -> context.predict(new float[144], new float[5])).getCause();
        assertTrue(cause instanceof OutOfMemoryError);
    }

    /** Compiling has failed: there will be no program, and the thread does not wait for one. */
    @Test
    void aCancelledWarmUpEnds() {
        AtomicReference<Runnable> task = new AtomicReference<>();
        BackgroundWarmUp warmUp = BackgroundWarmUp.start(new WarmUp(List.of()), task::set);
        warmUp.cancel();
        task.get().run();
    }

    private static void collect(WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(reference.get());
    }

    private static Runnable letGo(List<WeakReference<?>> references) {
        Network network = Network.chain(Shape.of(16, 16, 3), 1, Conv2d.of(16, 3).same(), new Relu(), new Flatten(), Dense.of(10));
        Held held = Held.compile(network, EXACT);
        held.predictor.newContext().predict(new float[768], new float[10]);
        references.add(new WeakReference<>(held.predictor));
        references.add(new WeakReference<>(network.parameters().values()));
        references.add(new WeakReference<>(held.predictor.warmingSteps().getFirst().current()));
        return held.warmUp;
    }

    /** The warm-up of a predictor that nobody uses keeps nothing of it, and ends. */
    @Test
    void aForgottenPredictorIsGarbage() throws InterruptedException {
        List<WeakReference<?>> references = new ArrayList<>();
        Runnable warmUp = letGo(references);
        for (WeakReference<?> reference : references) {
            collect(reference);
        }
        warmUp.run();
    }

    /** The network is not kept by its program, nor the plain steps and their weights once the kernels are in place. */
    @Test
    void unpackedWeightsAreLetGoOf() throws InterruptedException {
        Network network = Network.chain(Shape.of(16, 16, 3), 1, Conv2d.of(16, 3).same(), new Relu(), new Flatten(), Dense.of(10));
        Held held = Held.compile(network, EXACT);
        PredictorContext context = held.predictor.newContext();
        context.predict(new float[768], new float[10]);
        WeakReference<float[]> parameters = new WeakReference<>(network.parameters().values());
        network = null;
        collect(parameters);
        List<WeakReference<Step>> plain = held.predictor.warmingSteps().stream()
                .map(step -> new WeakReference<>(step.current())).toList();
        held.warmUp.run();
        context.predict(new float[768], new float[10]);
        for (WeakReference<Step> step : plain) {
            collect(step);
        }
        assertTrue(held.predictor.isWarm());
    }

    @Test
    void interruptsAreHarmless() throws InterruptedException {
        Network network = NETWORKS.get("lenet");
        Held held = Held.compile(network, EXACT);
        PredictorContext context = held.predictor.newContext();
        Thread.currentThread().interrupt();
        assertRight(network, 1, context, 1);
        assertThrows(InterruptedException.class, held.predictor::awaitWarm);
        Thread.currentThread().interrupt();
        held.warmUp.run();
        assertTrue(Thread.interrupted());
        held.predictor.awaitWarm();
        assertRight(network, 1, context, 2);
    }

    /** Small networks, other modes, and kernels that are compiled already. */
    @Test
    void whoWarmsUpBeside() {
        Network nothingToWarm = Network.chain(Shape.of(4, 4, 3), 1, new Relu());
        assertTrue(Predictor.compile(nothingToWarm).isWarm());
        assertTrue(Predictor.compile(nothingToWarm).warmingSteps().isEmpty());
        Network large = ResNet18.network(Shape.of(64, 64, 3), 10, 1);
        assertTrue(Predictor.compile(large, EXACT.warmUp(WarmUpMode.BEFORE)).warmingSteps().isEmpty());
        assertTrue(Predictor.compile(large, EXACT.withoutWarmUp()).isWarm());
    }
}
