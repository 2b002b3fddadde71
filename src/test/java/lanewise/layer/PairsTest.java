package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.kernel.Activation;
import lanewise.kernel.Threads;
import lanewise.kernel.WriteMode;
import lanewise.model.LeNet;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** A convolution and its max-pooling as one call: where it is done, and that the numbers are those of both in turn. */
class PairsTest {

    private static final Shape IN = Shape.of(8, 10, 2);

    private static Memory memory(Network network, ContextOptions options) {
        return Context.memory(network, options, Context.wantsGradient(network, options));
    }

    private static ContextOptions options(boolean inputGradient) {
        return new ContextOptions(3, Threads.one(), true, inputGradient, 1);
    }

    private static boolean pairs(Network network) {
        return memory(network, options(false)).isPaired(1);
    }

    private static Network chain(Layer... layers) {
        return Network.chain(IN, 1, layers);
    }

    @Test
    void where() {
        Conv2d conv = Conv2d.of(5, 3).relu();
        assertTrue(pairs(LeNet.network(1)));
        assertFalse(memory(LeNet.network(1), options(false)).isPaired(3), "the second convolution wants dx");
        assertTrue(pairs(chain(conv, MaxPool2d.of(2))));
        assertTrue(pairs(chain(Conv2d.of(5, 2, 5).relu(), MaxPool2d.of(2))), "an odd row and none in ceil mode");
        assertFalse(memory(chain(conv, MaxPool2d.of(2)), options(true)).isPaired(1), "the input wants dx");
        assertTrue(memory(chain(conv, MaxPool2d.of(2)), new ContextOptions(3, Threads.one(), false, false, 1)).isPaired(1), "prediction");
        assertFalse(pairs(chain(Conv2d.of(5, 3), MaxPool2d.of(2))), "no ReLU");
        assertFalse(pairs(chain(Conv2d.of(5, 3).activation(Activation.TANH), MaxPool2d.of(2))));
        assertFalse(pairs(chain(conv, MaxPool2d.of(3))));
        assertFalse(pairs(chain(conv, MaxPool2d.of(2).stride(1))));
        assertFalse(pairs(chain(conv, MaxPool2d.of(2).padding(1))));
        assertFalse(pairs(chain(conv, MaxPool2d.of(2).dilation(2))));
        assertFalse(pairs(chain(conv, AveragePool2d.of(2))));
        assertTrue(pairs(chain(conv, MaxPool2d.of(2).ceilMode(true))), "6 x 8: nothing to round up");
        assertFalse(pairs(chain(Conv2d.of(5, 2, 5).relu(), MaxPool2d.of(2).ceilMode(true))), "7 rows");
        assertFalse(pairs(chain(Conv2d.of(16, 3).relu(), MaxPool2d.of(2))), "many channels");
        assertFalse(pairs(chain(new Relu(), MaxPool2d.of(2), conv, MaxPool2d.of(2))));
    }

    @Test
    void otherReaders() {
        Graph graph = new Graph();
        Node conv = graph.input(IN).then("conv", Conv2d.of(5, 3).relu());
        Node pool = conv.then("pool", MaxPool2d.of(2));
        assertTrue(pairs(graph.network(1, pool)));
        assertFalse(pairs(graph.network(1, pool, conv)), "the convolution is an output");
        assertFalse(pairs(graph.network(1, pool, conv.then("more", new Flatten()))), "another layer reads it");
    }

    /** What is frozen needs no places; a bias alone is summed over what is pooled. */
    @Test
    void frozen() {
        for (List<String> frozen : List.of(List.of("conv2d_1.weight"), List.of("conv2d_1.bias"), List.of("conv2d_1.weight", "conv2d_1.bias"))) {
            Network network = integers(Conv2d.of(5, 3).relu(), MaxPool2d.of(2), Conv2d.of(2, 2));
            frozen.forEach(network.parameters()::freeze);
            assertTrue(pairs(network));
            float[] expected = step(network.newContext(options(true)), 3, WriteMode.OVERWRITE);
            assertArrayEquals(expected, step(network.newContext(options(false)), 3, WriteMode.OVERWRITE), frozen::toString);
            assertTrue(IntStream.range(0, expected.length).anyMatch(i -> expected[i] != 0));
        }
    }

    /** Small integers, so that sums have the same bits in any order. */
    private static Network integers(Layer... layers) {
        Network network = chain(layers);
        for (Parameter view : network.parameters().views()) {
            float[] values = Data.integers(view.offset() + 1, view.length());
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.signum(values[i]);
            }
            network.parameters().set(view.name(), values);
        }
        return network;
    }

    private static float[] step(Context context, int n, WriteMode mode) {
        System.arraycopy(Data.integers(5, n * IN.size()), 0, context.input(), 0, n * IN.size());
        context.forward(n, true);
        float[] dy = Data.integers(6, context.outputGradient().length);
        System.arraycopy(dy, 0, context.outputGradient(), 0, dy.length);
        context.backward(n, mode);
        return context.gradients().values();
    }

    @Test
    void theNumbersOfBothInTurn() {
        for (Conv2d conv : List.of(Conv2d.of(5, 3).relu(), Conv2d.of(6, 3).same().withoutBias().relu(), Conv2d.of(3, 2, 5).relu())) {
            Network network = integers(conv, MaxPool2d.of(2), Conv2d.of(2, 2));
            for (Keep keep : Keep.values()) {
                Context both = network.newContext(options(false).keeping(keep));
                Context inTurn = network.newContext(options(true).keeping(keep));
                for (float[] buffer : both.buffers) {
                    Arrays.fill(buffer, Float.NaN);
                }
                for (WriteMode mode : WriteMode.values()) {
                    for (int n : new int[] {3, 2}) {
                        float[] expected = step(inTurn, n, mode);
                        float[] actual = step(both, n, mode);
                        assertArrayEquals(inTurn.output(), both.output());
                        assertArrayEquals(expected, actual, keep + " " + conv);
                    }
                }
            }
        }
    }

    /** Where all is kept the convolution's output is shown; else there is no room for it. */
    @Test
    void whatIsKept() {
        Network network = LeNet.network(1);
        Context all = network.newContext(options(false).keeping(Keep.ALL));
        Context needed = network.newContext(options(false));
        Context inTurn = network.newContext(options(true).keeping(Keep.ALL));
        for (Context context : List.of(all, needed, inTurn)) {
            System.arraycopy(Data.reals(7, 3 * 784), 0, context.input(), 0, 3 * 784);
            context.forward(3, true);
        }
        assertArrayEquals(inTurn.activation("conv1"), all.activation("conv1"));
        assertArrayEquals(inTurn.output(), all.output());
        assertArrayEquals(inTurn.output(), needed.output());
        Refused.by(IllegalStateException.class, () -> needed.activation("conv1"), "conv1", "not kept");
        long saved = 2L * 3 * Float.BYTES * 28 * 28 * 6; // with its gradient
        Context before = network.newContext(options(true));
        assertTrue(needed.activationBytes() <= before.activationBytes() - saved / 2, needed.activationBytes() + " of "
                + before.activationBytes());
        assertEquals(needed.activationBytes(), Float.BYTES * 3 * network.summary().trainingFloats());
    }
}
