package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** The flat array, its views, and what is trained of it. */
class ParametersTest {

    /** A layer that keeps a state between two trained parameters, and passes its input on. */
    record Counted(int size) implements Layer {

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return inputs.getFirst();
        }

        @Override
        public List<ParameterSpec> parameters(List<Shape> inputs) {
            return List.of(ParameterSpec.weight("scale", Shape.of(size), Initializer.ONES, 1, 1),
                    new ParameterSpec("mean", Shape.of(size), ParameterSpec.Role.STATE, Initializer.ZEROS, 1, 1),
                    ParameterSpec.bias("shift", Shape.of(size)));
        }

        @Override
        public LayerRun newRun(Binding binding) {
            return new Flatten().newRun(binding);
        }
    }

    private static Network network(long seed) {
        return Network.chain(Shape.of(6, 6, 3), seed, Conv2d.of(4, 3), new Counted(5), Conv2d.of(7, 3).withoutBias(), new Flatten(),
                Dense.of(10));
    }

    /** First all that is trained, in the order of the layers, then the states; without gaps or overlaps. */
    @Test
    void layout() {
        Parameters parameters = network(1).parameters();
        List<Parameter> views = parameters.views();
        assertEquals(List.of("conv2d_1.weight", "conv2d_1.bias", "counted_1.scale", "counted_1.mean", "counted_1.shift",
                "conv2d_2.weight", "dense_1.weight", "dense_1.bias"), views.stream().map(Parameter::name).toList());
        int next = 0;
        List<Parameter> inOrder = new ArrayList<>(views.stream().filter(Parameter::trainable).toList());
        assertEquals(7, inOrder.size());
        inOrder.add(parameters.view("counted_1.mean"));
        for (Parameter view : inOrder) {
            assertEquals(next, view.offset(), view::name);
            next += view.length();
            assertEquals(view.shape().size(), view.length());
        }
        assertEquals(next, parameters.values().length);
        assertEquals(next - 5, parameters.trainableLength());
        assertFalse(parameters.view("counted_1.mean").trainable());
        assertEquals("3x3x3x4", parameters.view("conv2d_1.weight").shape().toString());
        assertEquals("28x10", parameters.view("dense_1.weight").shape().toString());
    }

    @Test
    void viewsAreLive() {
        Parameters parameters = network(1).parameters();
        long version = parameters.version();
        float[] bias = {1, 2, 3, 4};
        parameters.set("conv2d_1.bias", bias);
        assertTrue(parameters.version() > version);
        assertEquals(3, parameters.values()[parameters.view("conv2d_1.bias").offset() + 2]);
        assertArrayEquals(bias, parameters.get("conv2d_1.bias"));
        parameters.get("conv2d_1.bias")[0] = 99;
        assertEquals(1, parameters.get("conv2d_1.bias")[0], "a copy");
        version = parameters.version();
        parameters.changed();
        assertTrue(parameters.version() > version);
        float[] before = parameters.values().clone();
        Refused.argument(() -> parameters.set("conv2d_1.bias", new float[5]), "conv2d_1.bias has length 5, must be 4");
        Refused.isNull(() -> parameters.set("conv2d_1.bias", null), "conv2d_1.bias");
        Refused.isNull(() -> parameters.view(null), "name");
        assertArrayEquals(before, parameters.values());
    }

    @Test
    void seeds() {
        float[] one = network(1).parameters().values();
        assertArrayEquals(one, network(1).parameters().values(), "same seed");
        float[] two = network(2).parameters().values();
        Parameter weight = network(1).parameters().view("dense_1.weight");
        for (int i = weight.offset(); i < weight.offset() + weight.length(); i++) {
            assertTrue(one[i] != two[i], "other seed");
        }
    }

    @Test
    void aLayerAtTheEndChangesNoOther() {
        Network shorter = Network.chain(Shape.of(6), 5, Dense.of(7), Dense.of(8));
        Network longer = Network.chain(Shape.of(6), 5, Dense.of(7), Dense.of(8), new Relu(), Dense.of(9));
        float[] before = shorter.parameters().values();
        assertArrayEquals(before, Arrays.copyOf(longer.parameters().values(), before.length));
    }

    /** A frozen parameter has gradient 0 and no range; the others are trained as before. */
    @Test
    void freeze() {
        Network network = Network.chain(Shape.of(6, 3), 1, Conv1d.of(4, 3), Conv1d.of(5, 2), new Flatten(), Dense.of(2));
        Parameters parameters = network.parameters();
        float[] free = gradients(network, false);
        parameters.freeze("conv1d_2");
        assertFalse(parameters.isTrained(parameters.view("conv1d_2.weight")));
        assertTrue(parameters.isTrained(parameters.view("conv1d_1.weight")));
        assertFrozen(network, free, "conv1d_2.weight", "conv1d_2.bias");
        parameters.freeze("conv1d_1.w");
        assertFrozen(network, free, "conv1d_1.weight", "conv1d_2.weight", "conv1d_2.bias");
        parameters.freeze("conv1d_1"); // now nothing before the dense layer needs a gradient
        assertFrozen(network, free, "conv1d_1.weight", "conv1d_1.bias", "conv1d_2.weight", "conv1d_2.bias");
        parameters.unfreeze();
        assertFrozen(network, free);
        Refused.argument(() -> parameters.freeze("pool"), "no parameter's name begins with pool", "conv1d_1.weight");
        Refused.argument(() -> parameters.freeze("weight"), "no parameter's name begins with weight");
    }

    private static float[] gradients(Network network, boolean inputGradient) {
        Context context = inputGradient ? OneLayer.context(network, 2) : network.newTrainingContext(2, 1);
        System.arraycopy(Data.reals(1, context.input().length), 0, context.input(), 0, context.input().length);
        context.forward(2, true);
        System.arraycopy(Data.reals(2, context.output().length), 0, context.outputGradient(), 0, context.output().length);
        context.backward(2);
        return context.gradients().values().clone();
    }

    private static void assertFrozen(Network network, float[] free, String... frozen) {
        float[] expected = free.clone();
        boolean[] covered = new boolean[free.length];
        network.newTrainingContext(1, 1).gradients().forEachRange((from, to, _) -> Arrays.fill(covered, from, to, true));
        for (Parameter view : network.parameters().views()) {
            boolean isFrozen = List.of(frozen).contains(view.name());
            for (int i = view.offset(); i < view.offset() + view.length(); i++) {
                assertEquals(!isFrozen, covered[i], view::name);
                assertTrue(free[i] != 0, "the test has nothing to freeze");
                expected[i] = isFrozen ? 0 : expected[i];
            }
        }
        assertArrayEquals(expected, gradients(network, false));
        assertArrayEquals(expected, gradients(network, true));
    }

    /** A context keeps to what was trained when it was made, also for batch sizes that it meets only later. */
    @Test
    void contextsThatExistDoNotNoticeAFreeze() {
        Graph graph = new Graph();
        Node vectors = graph.input("ids", Shape.of(3)).then("table", Embedding.of(5, 2)).then(new Flatten());
        Network network = graph.network(1, vectors.then("dense", Dense.of(2)));
        Context before = OneLayer.context(network, 2);
        network.parameters().freeze("");
        Context after = OneLayer.context(network, 2);
        float[] trained = step(before);
        assertArrayEquals(new float[trained.length], step(after));
        for (int i = network.parameters().view("dense.weight").offset(); i < trained.length; i++) {
            assertTrue(trained[i] != 0, "not trained after all");
        }
        network.parameters().unfreeze();
        Context late = OneLayer.context(network, 2);
        assertArrayEquals(trained, step(late));
        for (int n = 2; n > 0; n--) {
            after.forward(n, true);
            after.backward(n);
        }
        assertArrayEquals(new float[trained.length], after.gradients().values());
    }

    /** One example in a context of two, so that the batch size is new. */
    private static float[] step(Context context) {
        Arrays.fill(context.input(), 2);
        context.forward(1, true);
        Arrays.fill(context.outputGradient(), 1);
        context.backward(1);
        return context.gradients().values().clone();
    }

    /** Weights decay, biases do not; ranges are in order, do not overlap and cover what is trained. */
    @Test
    void ranges() {
        Network network = network(1);
        Parameters parameters = network.parameters();
        List<String> ranges = new ArrayList<>();
        network.newTrainingContext(1, 1).gradients().forEachRange((from, to, decayed) -> ranges.add(from + "-" + to + decayed));
        int scale = parameters.view("counted_1.scale").offset();
        assertEquals(List.of("0-108true", "108-112false", scale + "-" + (scale + 5) + "true",
                (scale + 5) + "-" + (scale + 10) + "false", (scale + 10) + "-" + (parameters.trainableLength() - 10) + "true",
                (parameters.trainableLength() - 10) + "-" + parameters.trainableLength() + "false"), ranges);
        assertEquals(parameters.trainableLength(), network.newTrainingContext(1, 1).gradients().values().length);
    }
}
