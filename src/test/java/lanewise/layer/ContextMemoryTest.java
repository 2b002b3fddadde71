package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import lanewise.kernel.Threads;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which buffers are shared, and that sharing never shows. */
class ContextMemoryTest {

    /** However deep, a chain needs room for one layer's input and output, besides what the caller fills in and reads. */
    @Test
    void deepChain() {
        Layer[] layers = new Layer[40];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = i % 2 == 0 ? Conv2d.of(4, 3).same() : new Relu();
        }
        Network network = Network.chain(Shape.of(8, 8, 4), 1, layers);
        int one = 3 * 8 * 8 * 4 * Float.BYTES;
        assertEquals(4 * one, network.newContext(3).activationBytes(), "input, output and two in turn");
        assertEquals((1 + 19 + 1 + 3) * one, network.newTrainingContext(3, 1).activationBytes(),
                "input, each ReLU's output in the place of its input, the output, its gradient and two in turn");
        assertEquals((41 + 3) * one, keeping(network, 3, Keep.ALL).activationBytes(),
                "all activations, the output's gradient and two in turn");
        assertEquals((1 + 4 + 2 + 1 + 3) * one, keeping(network, 3, Keep.LEAST).activationBytes(),
                "input, what goes over between five segments, two within the last, the output, its gradient and two in turn");
    }

    private static Context keeping(Network network, int batch, Keep keep) {
        return network.newContext(new ContextOptions(batch, Threads.one(), true, false, 1).keeping(keep));
    }

    /** Where maps shrink, the largest pair of neighbours bounds the rest. */
    @Test
    void shrinkingChain() {
        Network network = Network.chain(Shape.of(16, 16, 1), 1, Conv2d.of(8, 3).same(), MaxPool2d.of(2), Conv2d.of(16, 3).same(),
                MaxPool2d.of(2), new Flatten(), Dense.of(10));
        long most = 0;
        for (Node node : network.nodes().subList(2, network.nodes().size())) {
            most = Math.max(most, node.shape().size() + node.inputShapes().getFirst().size());
        }
        assertTrue(network.newContext(1).activationBytes() <= (most + 256 + 10) * Float.BYTES);
        long all = network.nodes().stream().mapToLong(node -> node.shape().size()).sum();
        assertTrue(network.newContext(1).activationBytes() < all * Float.BYTES * 2 / 3);
    }

    /** What the summary announces is what a context takes. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.ContextTest#names")
    void summaryTellsTheTruth(String name) {
        Network network = SmallNetworks.all().get(name);
        Summary summary = network.summary();
        assertEquals(Float.BYTES * summary.predictionFloats(), network.newContext(1).activationBytes());
        assertEquals(Float.BYTES * summary.trainingFloats(), network.newTrainingContext(1, 1).activationBytes());
        assertEquals(5 * Float.BYTES * summary.trainingFloats(), network.newTrainingContext(5, 1).activationBytes());
        assertEquals(network.parameters().values().length, summary.parameters());
    }

    /**
     * Random networks of layers that move small integers: sharing buffers gives the numbers of a context that keeps everything, and
     * the gradients of one that is told to keep all of them, as outputs.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void randomGraphs(int seed) {
        Random random = new Random(seed);
        Graph graph = new Graph();
        List<Node> nodes = new ArrayList<>(List.of(graph.input("a", Shape.of(3)), graph.input("b", Shape.of(3))));
        for (int i = 0; i < 14; i++) {
            Node from = nodes.get(Math.max(0, nodes.size() - 1 - random.nextInt(4)));
            Node other = nodes.get(random.nextInt(nodes.size()));
            nodes.add(switch (random.nextInt(8)) {
                case 0 -> from.then(Dense.of(3));
                case 1 -> graph.join(new Add(), from, other);
                case 3 -> from.then(Reshape.to(1, 3)).then(new Relu()).then(new Flatten());
                case 4 -> from.then(new Dropout(0.5f));
                case 5 -> from.then(Dense.of(3).relu());
                case 6 -> graph.join(new Add(), other, random.nextBoolean() ? other : nodes.get(random.nextInt(nodes.size())), from);
                case 2 -> graph.join(new Concat(), from, other).then(Dense.of(3).withoutBias());
                default -> from.then(new Relu());
            });
        }
        Node last = graph.join("end", new Add(), nodes.getLast(), nodes.get(nodes.size() - 2), nodes.getFirst(), nodes.get(1));
        Network network = graph.network(seed, last);
        Node[] all = network.nodes().stream().filter(node -> node.layer() != null && node != last).toArray(Node[]::new);
        Node[] outputs = Arrays.copyOf(all, all.length + 1);
        outputs[all.length] = last;
        Network keeping = graph.network(seed, outputs);
        assertArrayEquals(network.parameters().values(), keeping.parameters().values());
        for (Parameter view : network.parameters().views()) {
            float[] integers = Data.integers(view.offset(), view.length());
            for (int i = 0; i < integers.length; i++) {
                integers[i] = Math.signum(integers[i]); // sums stay exact
            }
            network.parameters().set(view.name(), integers);
            keeping.parameters().set(view.name(), integers);
        }
        Context kept = OneLayer.context(keeping, 2);
        Context shared = OneLayer.context(network, 2);
        Context recomputing = network.newContext(shared.options().keeping(Keep.LEAST));
        Context predicting = network.newContext(2);
        for (Context context : List.of(kept, shared, recomputing, predicting)) {
            System.arraycopy(Data.integers(1, 6), 0, context.input("a"), 0, 6);
            System.arraycopy(Data.integers(2, 6), 0, context.input("b"), 0, 6);
            context.forward(2, context != predicting);
        }
        assertSameInUse(kept.activation("end"), shared.activation("end"));
        assertSameInUse(kept.activation("end"), recomputing.activation("end"));
        if (network.nodes().stream().noneMatch(node -> node.layer() instanceof Dropout)) {
            assertSameInUse(kept.activation("end"), predicting.activation("end"));
        }
        for (Context context : List.of(kept, shared, recomputing)) {
            Arrays.stream(all).filter(_ -> context == kept).forEach(node -> Arrays.fill(context.gradient(node.name()), 0));
            System.arraycopy(Data.integers(3, 6), 0, context.gradient("end"), 0, 6);
            context.backward(2);
        }
        assertArrayEquals(kept.gradients().values(), shared.gradients().values());
        assertSameInUse(kept.gradient("a"), shared.gradient("a"));
        assertSameInUse(kept.gradient("b"), shared.gradient("b"));
        assertArrayEquals(kept.gradients().values(), recomputing.gradients().values());
        assertSameInUse(kept.gradient("a"), recomputing.gradient("a"));
        assertSameInUse(kept.gradient("b"), recomputing.gradient("b"));
        assertTrue(shared.activationBytes() < kept.activationBytes());
        assertTrue(recomputing.activationBytes() <= shared.activationBytes());
    }

    /** A shared buffer may be longer than what it holds. */
    private static void assertSameInUse(float[] expected, float[] actual) {
        assertArrayEquals(Arrays.copyOf(expected, 6), Arrays.copyOf(actual, 6));
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    /** Nothing alive shares a buffer; a buffer is as large as its first tenant. */
    @Test
    void plans() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            BufferPlan plan = new BufferPlan();
            List<int[]> tenants = new ArrayList<>(); // buffer, birth, death
            List<Long> firsts = new ArrayList<>();
            long[] alive = new long[40];
            for (int i = 0; i < 30; i++) {
                int birth = random.nextInt(30);
                int death = birth + random.nextInt(8);
                long size = 100 - 3 * i;
                int buffer = plan.place(size, birth, death);
                for (int[] tenant : tenants) {
                    assertTrue(tenant[0] != buffer || tenant[2] < birth || death < tenant[1], "two at once");
                }
                tenants.add(new int[] {buffer, birth, death});
                if (buffer == firsts.size()) {
                    firsts.add(size);
                }
                for (int t = birth; t <= death; t++) {
                    alive[t] += size;
                }
            }
            assertArrayEquals(firsts.stream().mapToLong(size -> size).toArray(), plan.sizes());
            assertEquals(Arrays.stream(plan.sizes()).sum(), plan.total());
            long most = Arrays.stream(alive).max().orElseThrow();
            assertTrue(plan.total() >= most && plan.total() < 2 * most, plan.total() + " for " + most);
        }
    }

    /** The smallest buffer that is free. */
    @Test
    void bestFit() {
        BufferPlan plan = new BufferPlan();
        assertEquals(0, plan.place(50, 4, 5));
        assertEquals(1, plan.place(30, 5, 9));
        assertEquals(2, plan.place(20, 5, 6));
        assertEquals(2, plan.place(15, 1, 4));
        assertEquals(1, plan.place(15, 1, 3));
        assertEquals(1, plan.place(12, 4, 4));
        assertEquals(0, plan.place(11, 0, 3));
        assertEquals(3, plan.place(10, 3, 5));
        assertArrayEquals(new long[] {50, 30, 20, 10}, plan.sizes());
        assertEquals(110, plan.total());
    }
}
