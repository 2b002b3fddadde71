package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import lanewise.kernel.Threads;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** What is dropped, how much of it, and that backward drops the same. */
class DropoutTest {

    private static final int SIZE = 10_000;

    private static Context context(float rate, long seed) {
        return contextOf(Network.chain(Shape.of(SIZE), 1, new Dropout(rate)), seed);
    }

    /** A context of one example with gradients of the inputs, under another seed. */
    private static Context contextOf(Network network, long seed) {
        return network.newContext(new ContextOptions(1, Threads.one(), true, true, seed));
    }

    private static float[] mask(Context context) {
        Arrays.fill(context.input(), 1);
        context.forward(1, true);
        return context.output().clone();
    }

    /** Of SIZE elements a binomial number is dropped, within 6 deviations; the others grow so that the mean stays. */
    @Test
    void rates() {
        for (float rate : new float[] {0, 0.1f, 0.5f, 0.9f}) {
            float[] mask = mask(context(rate, 3));
            int dropped = 0;
            for (float factor : mask) {
                assertTrue(factor == 0 || factor == 1 / (1 - rate), "neither dropped nor scaled: " + factor);
                dropped += factor == 0 ? 1 : 0;
            }
            assertEquals(rate * SIZE, dropped, 6 * Math.sqrt(SIZE * rate * (1 - rate)), "dropped at rate " + rate);
        }
    }

    /** What is dropped is 0, even if it is no number. */
    @Test
    void infinitiesAreDroppedToo() {
        Context context = context(0.5f, 3);
        for (float value : new float[] {Float.POSITIVE_INFINITY, Float.NaN}) {
            Arrays.fill(context.input(), value);
            context.forward(1, true);
            int dropped = 0;
            for (float y : context.output()) {
                assertTrue(y == 0 || Float.compare(y, value) == 0, "neither dropped nor kept: " + y);
                dropped += y == 0 ? 1 : 0;
            }
            assertTrue(dropped > SIZE / 3, dropped + " are dropped");
        }
    }

    /** Neighbours are dropped independently: of pairs at any small distance, a quarter loses both. */
    @Test
    void placesAreIndependent() {
        float[] mask = mask(context(0.5f, 3));
        for (int distance = 1; distance < 70; distance++) {
            int both = 0;
            for (int i = distance; i < SIZE; i++) {
                both += mask[i] == 0 && mask[i - distance] == 0 ? 1 : 0;
            }
            assertEquals((SIZE - distance) / 4.0, both, 6 * Math.sqrt(SIZE * 5 / 16.0), "at distance " + distance);
        }
    }

    @Test
    void seedsAndSteps() {
        Context context = context(0.5f, 3);
        float[] first = mask(context);
        assertEquals(1, context.step());
        float[] second = mask(context);
        assertUnrelated(first, second, "the next step");
        assertArrayEquals(first, mask(context(0.5f, 3)), "same seed, same step");
        assertUnrelated(first, mask(context(0.5f, 4)), "another seed");
        context.step(0);
        assertArrayEquals(first, mask(context), "a resumed run");
        assertArrayEquals(second, mask(context), "a resumed run");
        assertEquals(2, context.step());
        context.forward(1);
        assertEquals(2, context.step(), "only training counts");
    }

    /** No two of neighbouring seeds, steps and layers drop the same. */
    @Test
    void neighboursAreUnrelated() {
        int layers = 3;
        int steps = 4;
        int seeds = 6;
        float[][] masks = new float[seeds * steps * layers][];
        int count = 0;
        for (int seed = 0; seed < seeds; seed++) {
            Graph graph = new Graph();
            Node x = graph.input(Shape.of(SIZE));
            Node[] outputs = new Node[layers];
            Arrays.setAll(outputs, i -> x.then("drop" + i, new Dropout(0.5f)));
            Context context = contextOf(graph.network(1, outputs), seed);
            for (int step = 0; step < steps; step++) {
                Arrays.fill(context.input(), 1);
                context.forward(1, true);
                for (int i = 0; i < layers; i++) {
                    masks[count++] = context.activation("drop" + i).clone();
                }
            }
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < i; j++) {
                assertUnrelated(masks[i], masks[j], "masks " + i + " and " + j);
            }
        }
    }

    /** Two masks of rate 1/2 agree at half of the places. */
    private static void assertUnrelated(float[] a, float[] b, String what) {
        int same = 0;
        for (int i = 0; i < SIZE; i++) {
            same += a[i] == b[i] ? 1 : 0;
        }
        assertEquals(SIZE / 2.0, same, 6 * Math.sqrt(SIZE / 4.0), what);
    }

    @Test
    void evaluationIsTheIdentity() {
        Context context = context(0.5f, 3);
        float[] x = Data.reals(1, SIZE);
        System.arraycopy(x, 0, context.input(), 0, SIZE);
        context.forward(1);
        assertArrayEquals(x, context.output());
        context.forward(1, true);
        assertFalse(Arrays.equals(x, context.output()));
        context.forward(1);
        assertArrayEquals(x, context.output(), "after training");
        Context predicting = context.network().newContext(1);
        System.arraycopy(x, 0, predicting.input(), 0, SIZE);
        predicting.forward(1);
        assertArrayEquals(x, predicting.output());
    }

    @Test
    void backwardUsesTheSameMask() {
        Context context = context(0.3f, 3);
        for (int time = 0; time < 2; time++) {
            float[] x = Data.reals(time + 1, SIZE);
            System.arraycopy(x, 0, context.input(), 0, SIZE);
            context.forward(1, true);
            float[] dy = Data.reals(time + 9, SIZE);
            System.arraycopy(dy, 0, context.outputGradient(), 0, SIZE);
            Arrays.fill(context.gradient("input"), Float.NaN);
            context.backward(1);
            for (int i = 0; i < SIZE; i++) {
                boolean dropped = context.output()[i] == 0;
                assertEquals(dropped ? 0 : x[i] * (1 / (1 - 0.3f)), context.output()[i]);
                assertEquals(dropped ? 0 : dy[i] * (1 / (1 - 0.3f)), context.gradient("input")[i]);
            }
        }
    }

    @Test
    void wrongRates() {
        for (float rate : new float[] {-0.1f, 1, 2, Float.NaN}) {
            Refused.argument(() -> new Dropout(rate), "rate is " + rate, "at least 0 and below 1");
        }
    }
}
