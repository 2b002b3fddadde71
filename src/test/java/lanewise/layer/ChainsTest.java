package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lanewise.kernel.Activation;
import lanewise.kernel.Threads;
import lanewise.kernel.Workspace;
import lanewise.kernel.WriteMode;
import lanewise.model.ResNet20;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Chains}: layers that go on range by range give the bits of layers that run one after the other on arrays of their own. */
class ChainsTest {

    private static final int BATCH = 3;

    /** Chains of every kind, over maps of several ranges each, whose ends are no multiples of the channels. */
    private static Network network(int channels, boolean frozen) {
        Graph graph = new Graph();
        Node x = graph.input("x", Shape.of(23, 29, channels));
        Node a = x.then("norm1", new BatchNorm()).then("relu1", new Relu());
        Node b = a.then("norm2", new BatchNorm());
        Node c = graph.join("add", new Add(), a, b).then("leaky", new LeakyRelu()).then("drop", new Dropout(0.2f));
        Node d = graph.join("sum", new Add(), c, x.then("norm3", new BatchNorm()), a).then("norm4", new BatchNorm());
        Node e = a.then("norm5", new BatchNorm());
        Node f = d.then("relu3", new Relu()); // adds to the gradient of d before norm5 has its turn
        Node g = graph.join("sum2", new Add(), e, d);
        Node h = graph.join("sum3", new Add(), g.then("norm6", new BatchNorm()), f, f);
        Node i = h.then("norm8", new BatchNorm()).then("conv", Conv2d.of(channels, 1).activation(Activation.RELU)); // works in dy
        Node j = graph.join("sum4", new Add(), h, i).then("leaky2", new LeakyRelu());
        Node k = j.then("norm7", new BatchNorm());
        Node l = j.then("relu4", new Relu()); // as relu3, where d comes first
        Node m = graph.join("sum5", new Add(), j, k);
        Node o = graph.join("sum6", new Add(), m, l).then("norm9", new BatchNorm());
        Node p = o.then("relu5", new Relu()).then("conv2", Conv2d.of(channels, 1));
        p = graph.join("sum7", new Add(), p, o); // relu5 adds to a gradient that is there
        Network network = graph.network(5, p.then("norm10", new BatchNorm()).then("relu6", new Relu())
                .then("drop2", new Dropout(0.2f)).then("relu2", new Relu())); // not relu6 alone before norm10
        for (Parameter view : network.parameters().views()) {
            float[] values = Data.reals(view.offset(), view.length());
            for (int n = 0; n < values.length; n++) {
                network.parameters().values()[view.offset() + n] = (view.name().startsWith("conv") ? 0 : 1.5f) + values[n];
            }
        }
        if (frozen) {
            network.parameters().freeze("norm2");
        }
        return network;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 21, 64, 130})
    void sameBitsAsOneAfterTheOther(int channels) {
        for (boolean frozen : new boolean[] {false, true}) {
            for (Keep keep : Keep.values()) {
                for (int threads : new int[] {1, 3}) {
                    check(channels, frozen, keep, threads);
                }
            }
        }
    }

    private static void check(int channels, boolean frozen, Keep keep, int count) {
        try (Threads threads = Threads.of(count)) {
            Network network = network(channels, frozen);
            Context context = network.newContext(new ContextOptions(BATCH, threads, true, true, 1).keeping(keep));
            Alone alone = new Alone(network(channels, frozen), new ContextOptions(BATCH, Threads.one(), true, true, 1));
            float[] x = Data.reals(1, BATCH * network.inputShape().size());
            float[] dy = Data.reals(2, BATCH * network.outputShape().size());
            System.arraycopy(x, 0, context.input(), 0, x.length);
            context.forward(BATCH, true);
            alone.forward(x, context);
            assertArrayEquals(alone.y.get("relu2"), context.output());
            System.arraycopy(dy, 0, context.outputGradient(), 0, dy.length);
            context.backward(BATCH);
            alone.backward(dy);
            assertArrayEquals(alone.dy.get("x"), context.gradient("x"));
            assertArrayEquals(alone.gradients.values(), context.gradients().values());
            assertArrayEquals(alone.network.parameters().values(), network.parameters().values(), "running averages");
        }
    }

    /** Every layer by its own run, on arrays that nobody shares. */
    private static final class Alone {

        final Network network;
        final ContextOptions options;
        final Gradients gradients;
        final Map<String, float[]> y = new HashMap<>();
        final Map<String, float[]> dy = new HashMap<>();
        private final Map<String, LayerRun> runs = new HashMap<>();
        private final Map<String, Long> seeds = new HashMap<>();

        Alone(Network network, ContextOptions options) {
            this.network = network;
            this.options = options;
            this.gradients = new Gradients(network.parameters(), Threads.one());
        }

        void forward(float[] x, Context drawn) {
            Set<Parameter> trained = Context.trained(network, options);
            for (Node node : network.nodes()) {
                y.put(node.name(), node.layer() == null ? x : new float[BATCH * node.shape().size()]);
                dy.put(node.name(), new float[BATCH * node.shape().size()]);
                if (node.layer() != null) {
                    runs.put(node.name(), node.layer().newRun(Context.binding(network, options, trained, node, BATCH)));
                    seeds.put(node.name(), drawn.seedOf(network.nodes().indexOf(node)));
                    runs.get(node.name()).forward(frame(node, new HashSet<>()));
                }
            }
        }

        void backward(float[] last) {
            System.arraycopy(last, 0, dy.get("relu2"), 0, last.length);
            Set<String> written = new HashSet<>();
            List<Node> nodes = new ArrayList<>(network.nodes());
            for (Node node : nodes.reversed()) {
                if (node.layer() != null) {
                    runs.get(node.name()).backward(frame(node, written));
                }
            }
        }

        private Frame frame(Node node, Set<String> written) {
            List<Node> in = node.inputs();
            WriteMode[] modes = new WriteMode[in.size()];
            for (int i = 0; i < modes.length; i++) {
                modes[i] = written.add(in.get(i).name()) ? WriteMode.OVERWRITE : WriteMode.ACCUMULATE;
            }
            Frame frame = new Frame(network.parameters(), in.stream().map(input -> y.get(input.name())).toArray(float[][]::new),
                    y.get(node.name()), dy.get(node.name()), in.stream().map(input -> dy.get(input.name())).toArray(float[][]::new),
                    modes, gradients);
            frame.workspace = new Workspace(runs.get(node.name()).workspaceFloats(), Threads.one());
            frame.training = true;
            frame.seed = seeds.get(node.name());
            return frame;
        }
    }

    /** Which layers of a residual block go together: else nothing else here would notice that none do. */
    @Test
    void residualBlocks() {
        Network network = ResNet20.network(Shape.of(8, 8, 3), 10, 1);
        ContextOptions options = new ContextOptions(2, Threads.one(), true, false, 1);
        Memory memory = Context.memory(network, options, Context.wantsGradient(network, options));
        Set<Parameter> trained = Context.trained(network, options);
        List<Node> nodes = network.nodes();
        LayerRun[] runs = nodes.stream().map(node -> node.layer() == null ? null
                : node.layer().newRun(Context.binding(network, options, trained, node, 2))).toArray(LayerRun[]::new);
        Set<String> forward = chains(memory.forward, nodes, runs);
        Set<String> backward = chains(memory.backward, nodes, runs);
        assertTrue(forward.contains("stage1/block1/norm1 stage1/block1/relu1"), forward.toString());
        assertTrue(forward.contains("stage1/block2/norm2 stage1/block2/add stage1/block2/relu"), forward.toString());
        assertTrue(backward.contains("stage1/block1/relu1 stage1/block1/norm1"), backward.toString());
        assertTrue(backward.contains("stage1/block2/relu stage1/block2/add stage1/block2/norm2"), backward.toString());
        for (Memory.Call call : memory.backward) {
            if (nodes.get(call.node()).layer() instanceof Add) {
                assertTrue(call.dx()[0] == call.dy() && call.dx()[1] == call.dy(), nodes.get(call.node()) + " copies its gradient");
            }
        }
        assertEquals(19, forward.size());
        assertEquals(19, backward.size());
    }

    private static Set<String> chains(List<Memory.Call> calls, List<Node> nodes, LayerRun[] runs) {
        Chains chains = new Chains(calls, nodes, runs);
        Set<String> found = new HashSet<>();
        for (int k = 0; k < calls.size(); k += chains.length(k)) {
            if (chains.length(k) > 1) {
                List<Memory.Call> chain = calls.subList(k, k + chains.length(k));
                found.add(String.join(" ", chain.stream().map(call -> nodes.get(call.node()).name()).toList()));
            }
        }
        return found;
    }
}
