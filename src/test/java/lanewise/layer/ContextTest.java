package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import lanewise.kernel.Threads;
import lanewise.kernel.WriteMode;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One network in many contexts: the same bits everywhere, and calls that make no sense are refused. */
class ContextTest {

    static Stream<String> names() {
        return SmallNetworks.all().keySet().stream();
    }

    private static Network network(String name) {
        return SmallNetworks.all().get(name);
    }

    private static Network dense() {
        return Network.chain(Shape.of(3), 1, Dense.of(4).relu(), Dense.of(2));
    }

    private static void feed(Context context, int n, long seed) {
        for (Node input : context.network().inputs()) {
            float[] x = Data.reals(seed, n * input.shape().size());
            for (int i = 0; i < x.length; i++) {
                context.input(input.name())[i] = input.name().equals("words") ? (float) Math.floor(6 * x[i] + 6) : x[i];
            }
        }
    }

    /** All outputs of a forward pass of {@code n} examples. */
    private static List<float[]> predict(Context context, int n, long seed) {
        feed(context, n, seed);
        context.forward(n);
        return outputs(context, n);
    }

    private static List<float[]> outputs(Context context, int n) {
        return context.network().outputs().stream()
                .map(output -> Arrays.copyOf(context.activation(output.name()), n * output.shape().size())).toList();
    }

    /** Outputs, then gradients, of a step with {@code n} examples. */
    private static List<float[]> step(Context context, int n, long seed) {
        feed(context, n, seed);
        context.forward(n, true);
        List<float[]> results = new ArrayList<>(outputs(context, n));
        for (Node output : context.network().outputs()) {
            float[] dy = Data.reals(seed + 1, n * output.shape().size());
            System.arraycopy(dy, 0, context.gradient(output.name()), 0, dy.length);
        }
        context.backward(n);
        results.add(context.gradients().values().clone());
        return results;
    }

    private static void assertSameBits(List<float[]> expected, List<float[]> actual, String what) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), what);
        }
    }

    private static void fillWithNaN(Context context) {
        for (float[] buffer : context.buffers) {
            Arrays.fill(buffer, Float.NaN);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void predictingAndTrainingGiveTheSameBits(String name) {
        Network network = network(name);
        Context training = network.newTrainingContext(3, 1);
        fillWithNaN(training);
        List<float[]> expected = predict(training, 3, 7);
        Context predicting = network.newContext(3);
        assertSameBits(expected, predict(predicting, 3, 7), "predicting");
        predicting.forward(3);
        assertSameBits(expected, outputs(predicting, 3), "the inputs are still there");
        assertSameBits(expected, step(training, 3, 7).subList(0, expected.size()), "no layer here acts otherwise in training");
        assertTrue(predicting.activationBytes() < training.activationBytes());
    }

    @ParameterizedTest
    @MethodSource("names")
    void threadsDoNotChangeBits(String name) {
        Network network = network(name);
        List<float[]> expected = step(network.newTrainingContext(5, 1), 5, 7);
        try (Threads two = Threads.of(2)) {
            Context context = network.newContext(new ContextOptions(5, two, true, false, 1));
            assertSameBits(expected, step(context, 5, 7), "two threads");
            assertSameBits(expected.subList(0, expected.size() - 1), predict(network.newContext(5, two), 5, 7), "predicting with two");
        }
    }

    /** Eight callers, each with a context of its own, on one network: the bits of one after the other. */
    @Test
    void oneNetworkServesManyThreads() throws Exception {
        int callers = 8;
        for (String name : List.of("residual", "words")) {
            Network network = network(name);
            List<Future<List<float[]>>> results = new ArrayList<>();
            try (ExecutorService pool = Executors.newFixedThreadPool(callers)) {
                for (int i = 0; i < callers; i++) {
                    long seed = i;
                    results.add(pool.submit(() -> {
                        Context context = network.newContext(2);
                        List<float[]> last = null;
                        for (int time = 0; time < 20; time++) {
                            last = predict(context, 2, seed);
                        }
                        return last;
                    }));
                }
            }
            Context serial = network.newContext(2);
            for (int i = 0; i < callers; i++) {
                assertSameBits(predict(serial, 2, i), results.get(i).get(), name + " " + i);
            }
        }
    }

    /** More sizes than a context keeps plans for, there and back. */
    @ParameterizedTest
    @MethodSource("names")
    void anyBatchSizeInTurn(String name) {
        Network network = network(name);
        Context context = network.newTrainingContext(7, 1);
        for (int n : new int[] {7, 1, 2, 3, 4, 5, 6, 7, 6, 1, 5, 2, 4, 3}) {
            assertSameBits(step(network.newTrainingContext(n, 1), n, n), step(context, n, n), "n = " + n);
            assertSameBits(predict(network.newContext(n), n, n), predict(context, n, n), "predicting n = " + n);
        }
    }

    /** What is written to the parameters is what every context computes with, for each size whose plans it keeps. */
    @ParameterizedTest
    @MethodSource("names")
    void changedParameters(String name) {
        Network network = network(name);
        Context training = network.newTrainingContext(3, 1);
        Context predicting = network.newContext(3);
        for (int time = 0; time < 3; time++) {
            for (int n : new int[] {3, 2}) {
                List<float[]> fresh = step(network.newTrainingContext(n, 1), n, 5);
                assertSameBits(fresh, step(training, n, 5), "training");
                assertSameBits(fresh.subList(0, fresh.size() - 1), predict(predicting, n, 5), "predicting");
            }
            List<float[]> before = predict(predicting, 3, 5);
            float[] values = network.parameters().values();
            for (int i = 0; i < values.length; i++) {
                values[i] = -values[i] + 0.01f;
            }
            network.parameters().changed();
            assertFalse(Arrays.equals(before.getFirst(), predict(predicting, 3, 5).getFirst()), "the old parameters");
        }
    }

    @Test
    void numberOfExamples() {
        Context context = dense().newTrainingContext(4, 1);
        for (int n : new int[] {0, -1, 5, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            Refused.argument(() -> context.forward(n), "n is " + n, "batch of 4");
            Refused.argument(() -> context.forward(n, true), "n is " + n, "batch of 4");
            Refused.argument(() -> context.predict(new float[3], new float[2], n), "n is " + n, "batch of 4");
        }
        Refused.argument(() -> dense().newContext(0), "batch is 0");
        Refused.argument(() -> dense().newContext(Integer.MAX_VALUE), "batch is 2147483647", "more than");
        Refused.isNull(() -> dense().newContext(null), "options");
        Refused.isNull(() -> dense().newContext(1, null), "threads");
        Refused.argument(() -> new ContextOptions(1, Threads.one(), false, true, 0), "inputGradient is true and training false");
    }

    @Test
    void backwardOutOfTurn() {
        Context context = dense().newTrainingContext(4, 1);
        Refused.by(IllegalStateException.class, () -> context.backward(4), "backward of 4", "no training forward");
        context.forward(4);
        Refused.by(IllegalStateException.class, () -> context.backward(4), "backward of 4", "no training forward");
        context.forward(3, true);
        Refused.by(IllegalStateException.class, () -> context.backward(4), "backward of 4", "training forward of 3");
        Refused.isNull(() -> context.backward(3, null), "mode");
        context.backward(3);
        Refused.by(IllegalStateException.class, () -> context.backward(3), "backward of 3", "no training forward");
        context.forward(3, true);
        context.forward(3);
        Refused.by(IllegalStateException.class, () -> context.backward(3), "no training forward");

        Context predicting = dense().newContext(4);
        Refused.by(IllegalStateException.class, () -> predicting.forward(4, true), "only predicts");
        Refused.by(IllegalStateException.class, () -> predicting.backward(4), "only predicts");
        Refused.by(IllegalStateException.class, () -> predicting.backward(4, WriteMode.ACCUMULATE), "only predicts");
        Refused.by(IllegalStateException.class, predicting::gradients, "only predicts");
    }

    /** A forward that fails half-way is none: its layers do not belong together. */
    @Test
    void backwardAfterAForwardThatFailed() {
        Context context = Network.chain(Shape.of(2), 1, Embedding.of(3, 4)).newTrainingContext(2, 1);
        context.forward(2, true);
        context.input()[1] = 3;
        Refused.argument(() -> context.forward(2, true), "element 1");
        Refused.by(IllegalStateException.class, () -> context.backward(2), "no training forward");
    }

    private static Network twoConvolutions() {
        return Network.chain(Shape.of(8, 8, 16), 1, Conv2d.of(64, 3).same().relu(), Conv2d.of(48, 3).same());
    }

    /** Threads that someone else is using make a call fail while it packs a filter: the next call has to pack it. */
    @Test
    void forwardAfterAPackingThatFailed() {
        Network network = twoConvolutions();
        try (Threads threads = Threads.of(2)) {
            Context context = network.newContext(2, threads);
            feed(context, 2, 1);
            failing(threads, () -> context.forward(2));
            assertSameBits(predict(network.newContext(2), 2, 1), predict(context, 2, 1), "after a call that failed");
        }
    }

    /** A backward pass that fails half-way has overwritten gradients of activations: another may not begin there. */
    @Test
    void backwardAfterABackwardThatFailed() {
        try (Threads threads = Threads.of(2)) {
            Context context = twoConvolutions().newContext(new ContextOptions(2, threads, true, false, 0));
            feed(context, 2, 1);
            context.forward(2, true);
            failing(threads, () -> context.backward(2));
            Refused.by(IllegalStateException.class, () -> context.backward(2), "no training forward");
            context.forward(2, true);
            context.backward(2);
        }
    }

    private static void failing(Threads threads, Executable call) {
        threads.run(2, (task, worker) -> {
            if (task == 0) {
                Refused.by(IllegalStateException.class, call, "another call runs on these Threads");
            }
        });
    }

    @Test
    void whatIsNotKept() {
        Network network = network("two outputs");
        Context predicting = network.newContext(2);
        Refused.by(IllegalStateException.class, () -> predicting.activation("trunk"), "activation of trunk 3x3x4", "not kept");
        Refused.by(IllegalStateException.class, () -> predicting.gradient("outer"), "this context only predicts");
        assertSame(predicting.input(), predicting.activation("input"));
        assertEquals(2 * 12, predicting.activation("inner").length);
        Context training = network.newTrainingContext(2, 1);
        assertEquals(2 * 36, training.activation("trunk").length);
        Refused.by(IllegalStateException.class, () -> training.gradient("trunk"), "gradient of trunk 3x3x4", "not kept");
        Refused.by(IllegalStateException.class, () -> training.gradient("input"), "gradient of input 5x5x2", "not computed");
        Refused.argument(() -> training.activation("none"), "no node is called none");
        Refused.argument(() -> training.gradient("none"), "no node is called none");
    }

    @Test
    void predictCopiesInAndOut() {
        Network network = dense();
        Context context = network.newContext(4);
        float[] x = Data.reals(1, 9);
        float[] y = new float[6];
        Arrays.fill(y, Float.NaN);
        context.predict(x, y, 3);
        assertArrayEquals(Data.reals(1, 9), x);
        Context other = network.newContext(3);
        System.arraycopy(x, 0, other.input(), 0, 9);
        other.forward(3);
        assertArrayEquals(other.output(), y);
        Refused.argument(() -> context.predict(new float[8], y, 3), "x has length 8, must be 9");
        Refused.argument(() -> context.predict(x, new float[8], 3), "y has length 8, must be 6");
        Refused.isNull(() -> context.predict(null, y, 3), "x");
    }

    /** Small integers stay exact then, forward and back, where Winograd's fractions would round them. */
    @Test
    void withoutWinogradIntegersStayExact() {
        Network network = Network.chain(Shape.of(20, 20, 16), 1, Conv2d.of(16, 3).same(), Conv2d.of(16, 3).same());
        for (Parameter view : network.parameters().views()) {
            network.parameters().set(view.name(), Data.integers(3, view.length()));
        }
        float[] inexact = gradients(network, new ContextOptions(1, Threads.one(), true, false, 0));
        float[] exact = gradients(network, new ContextOptions(1, Threads.one(), true, false, 0).withoutWinograd());
        boolean fractions = false;
        for (int i = 0; i < exact.length; i++) {
            assertEquals(Math.rint(exact[i]), exact[i]);
            fractions |= inexact[i] != Math.rint(inexact[i]);
        }
        assertTrue(fractions, "the plans of both contexts are the same");
    }

    private static float[] gradients(Network network, ContextOptions options) {
        Context context = network.newContext(options);
        System.arraycopy(Data.integers(1, 6400), 0, context.input(), 0, 6400);
        context.forward(1, true);
        System.arraycopy(Data.integers(2, 6400), 0, context.outputGradient(), 0, 6400);
        context.backward(1);
        return context.gradients().values().clone();
    }
}
