package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Networks that are no chain, run with small integers, so that every result is exact. */
class NetworkTest {

    private static final int N = 3;

    /** A dense layer of integers without bias. */
    private static void setIntegers(Network network) {
        for (Parameter view : network.parameters().views()) {
            network.parameters().set(view.name(), Data.integers(view.offset(), view.length()));
        }
    }

    private static Context trained(Network network) {
        return OneLayer.context(network, N);
    }

    private static float[] fill(float[] array, long seed) {
        System.arraycopy(Data.integers(seed, array.length), 0, array, 0, array.length);
        return array;
    }

    @Test
    void chain() {
        Network network = Network.chain(Shape.of(6, 2), 1, Conv1d.of(3, 3), new Relu(), new Flatten(), Dense.of(5));
        assertEquals(List.of("input", "conv1d_1", "relu_1", "flatten_1", "dense_1"), network.nodes().stream().map(Node::name).toList());
        assertEquals(Shape.of(6, 2), network.inputShape());
        assertEquals(Shape.of(5), network.outputShape());
        assertEquals("Network [input 6x2] -> [dense_1 5], 86 parameters", network.toString());
        Refused.argument(() -> Network.chain(Shape.of(6), 1), "nothing is computed");
    }

    @Test
    void severalInputsAndOutputsGoByName() {
        Graph graph = new Graph();
        Node a = graph.input("a", Shape.of(4));
        Node b = graph.input("b", Shape.of(4));
        Node sum = graph.join("sum", new Add(), a, b);
        Node both = graph.join("both", new Concat(), b, a);
        Network network = graph.network(1, both, sum);
        Refused.by(IllegalStateException.class, network::inputShape, "2 inputs", "a 4", "b 4");
        Refused.by(IllegalStateException.class, network::outputShape, "2 outputs", "both 8", "sum 4");
        Context context = trained(network);
        Refused.by(IllegalStateException.class, context::input, "2 inputs");
        Refused.by(IllegalStateException.class, context::output, "2 outputs");
        Refused.by(IllegalStateException.class, context::outputGradient, "2 outputs");
        Refused.argument(() -> context.input("sum"), "sum 4 is no input", "a 4", "b 4");
        Refused.argument(() -> context.input("c"), "no node is called c", "a 4", "both 8");

        float[] x = fill(context.input("a"), 1);
        float[] z = fill(context.input("b"), 2);
        context.forward(N, true);
        for (int i = 0; i < N * 4; i++) {
            assertEquals(x[i] + z[i], context.activation("sum")[i]);
            assertEquals(z[i], context.activation("both")[i / 4 * 8 + i % 4]);
            assertEquals(x[i], context.activation("both")[i / 4 * 8 + 4 + i % 4]);
        }
        float[] dSum = fill(context.gradient("sum"), 3).clone();
        float[] dBoth = fill(context.gradient("both"), 4).clone();
        context.backward(N);
        for (int i = 0; i < N * 4; i++) {
            assertEquals(dSum[i] + dBoth[i / 4 * 8 + 4 + i % 4], context.gradient("a")[i]);
            assertEquals(dSum[i] + dBoth[i / 4 * 8 + i % 4], context.gradient("b")[i]);
        }
    }

    /** An output that another layer reads has the gradient of both: what the caller set, and what comes back. */
    @Test
    void outputThatIsConsumedInside() {
        Graph graph = new Graph();
        Node hidden = graph.input("x", Shape.of(3)).then("hidden", Dense.of(4).withoutBias());
        Node last = hidden.then("last", Dense.of(2).withoutBias());
        Network network = graph.network(1, last, hidden);
        setIntegers(network);
        Context context = trained(network);
        float[] x = fill(context.input(), 1);
        context.forward(N, true);
        float[] w = network.parameters().get("hidden.weight");
        float[] w2 = network.parameters().get("last.weight");
        float[] dHidden = fill(context.gradient("hidden"), 2).clone();
        float[] dLast = fill(context.gradient("last"), 3).clone();
        context.backward(N);
        float[] whole = dHidden.clone();
        for (int i = 0; i < N * 4; i++) {
            for (int k = 0; k < 2; k++) {
                whole[i] += dLast[i / 4 * 2 + k] * w2[i % 4 * 2 + k];
            }
        }
        assertArrayEquals(whole, context.gradient("hidden"));
        float[] dx = new float[N * 3];
        float[] dw = new float[12];
        for (int i = 0; i < N * 3; i++) {
            for (int k = 0; k < 4; k++) {
                dx[i] += whole[i / 3 * 4 + k] * w[i % 3 * 4 + k];
                dw[i % 3 * 4 + k] += whole[i / 3 * 4 + k] * x[i];
            }
        }
        assertArrayEquals(dx, context.gradient("x"));
        assertArrayEquals(dw, Arrays.copyOf(context.gradients().values(), 12));
    }

    /** The same node joined twice: its gradient counts twice, in each kind of join. */
    @Test
    void sameNodeTwice() {
        Graph graph = new Graph();
        Node x = graph.input("x", Shape.of(2, 3));
        Node twice = graph.join("twice", new Add(), x, x, x);
        Node beside = graph.join("beside", new Concat(), x, x);
        Context context = trained(graph.network(1, twice, beside));
        float[] in = fill(context.input(), 1);
        context.forward(N, true);
        float[] dTwice = fill(context.gradient("twice"), 2).clone();
        float[] dBeside = fill(context.gradient("beside"), 3).clone();
        Arrays.fill(context.gradient("x"), Float.NaN);
        context.backward(N);
        for (int i = 0; i < in.length; i++) {
            assertEquals(3 * in[i], context.activation("twice")[i]);
            int at = i / 3 * 6 + i % 3;
            assertEquals(in[i], context.activation("beside")[at]);
            assertEquals(in[i], context.activation("beside")[at + 3]);
            assertEquals(3 * dTwice[i] + dBeside[at] + dBeside[at + 3], context.gradient("x")[i]);
        }
    }

    /** Two branches from one node that meet again: with weights W1 and W2 the gradient is that of W1 + W2. */
    @Test
    void diamond() {
        Graph graph = new Graph();
        Node x = graph.input("x", Shape.of(4));
        Node top = x.then("top", Dense.of(4).withoutBias());
        Node left = top.then("left", Dense.of(3).withoutBias());
        Node right = top.then("right", Dense.of(3).withoutBias());
        Network diamond = graph.network(1, graph.join("sum", new Add(), left, right));
        setIntegers(diamond);
        Graph straight = new Graph();
        Node t = straight.input("x", Shape.of(4)).then("top", Dense.of(4).withoutBias());
        Network line = straight.network(1, t.then("sum", Dense.of(3).withoutBias()));
        line.parameters().set("top.weight", diamond.parameters().get("top.weight"));
        line.parameters().set("sum.weight", Data.axpy(diamond.parameters().get("left.weight"), 1,
                diamond.parameters().get("right.weight")));
        Context a = trained(diamond);
        Context b = trained(line);
        for (Context context : List.of(a, b)) {
            fill(context.input(), 4);
            context.forward(N, true);
            fill(context.outputGradient(), 5);
            context.backward(N);
        }
        assertArrayEquals(b.output(), a.output());
        assertArrayEquals(b.gradient("x"), a.gradient("x"));
        assertArrayEquals(Arrays.copyOf(b.gradients().values(), 16), Arrays.copyOf(a.gradients().values(), 16));
        assertArrayEquals(Arrays.copyOfRange(a.gradients().values(), 16, 28), Arrays.copyOfRange(a.gradients().values(), 28, 40));
    }

    /** Whole numbers that are no parameters have no gradient, also where another layer reads them as numbers. */
    @Test
    void rowNumbersThatAreReadTwice() {
        Graph graph = new Graph();
        Node ids = graph.input("ids", Shape.of(4));
        Node vectors = ids.then(Embedding.of(9, 2)).then(new Flatten());
        Node numbers = ids.then("numbers", new Relu());
        Context context = trained(graph.network(1, graph.join("all", new Concat(), numbers, vectors)));
        for (int time = 0; time < 2; time++) {
            Arrays.fill(context.gradient("ids"), Float.NaN);
            Arrays.fill(context.input(), 5);
            context.forward(N, true);
            Arrays.fill(context.outputGradient(), 7);
            context.backward(N);
            for (float gradient : context.gradient("ids")) {
                assertEquals(7, gradient, "of the Relu alone");
            }
        }
    }

    @Test
    void unknownNames() {
        Network network = Network.chain(Shape.of(4), 1, Dense.of(2));
        Refused.argument(() -> network.node("dense"), "no node is called dense", "input 4", "dense_1 2");
        Refused.isNull(() -> network.node(null), "name");
        Refused.argument(() -> network.parameters().view("dense_1.w"), "no parameter is called dense_1.w", "dense_1.weight, dense_1.bias");
    }
}
