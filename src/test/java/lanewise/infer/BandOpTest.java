package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import lanewise.kernel.Threads;
import lanewise.layer.Add;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Conv2d;
import lanewise.layer.DepthwiseConv2d;
import lanewise.layer.Graph;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Relu6;
import lanewise.layer.Reshape;
import lanewise.layer.Shape;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;

/** Blocks by bands of rows: the bits of layer after layer, and what the network computes. */
class BandOpTest {

    /** Rows around a multiple of a band, odd and even for stride 2. */
    private static final int[] HEIGHTS = {97, 98, 100, 105};

    @Test
    void agrees() {
        for (int height : HEIGHTS) {
            for (int stride = 1; stride <= 2; stride++) {
                check(block(height, 6, stride, 1, 24, false), 1, 1);
                check(block(height, 6, stride, 0, 24, false), 1, 1);
                check(block(height, 1, stride, 1, 16, false), 1, 1);
            }
            check(block(height, 6, 1, 1, 16, true), 1, 1);
            check(block(height, 1, 1, 1, 96, true), 1, 1);
        }
        check(block(97, 6, 2, 1, 24, false), 3, 1);
        check(block(97, 6, 1, 1, 16, true), 2, 1);
    }

    @Test
    void onlyLargeBlocksOfTheirOwn() {
        check(block(20, 6, 1, 1, 16, true), 1, 3);
        Graph graph = new Graph();
        Node wide = graph.input("x", Shape.of(97, 80, 16)).then("expand", Conv2d.of(96, 1)).then("relu", new Relu6());
        Node y = wide.then("depthwise", DepthwiseConv2d.of(3).padding(1)).then("project", Conv2d.of(16, 1));
        Network network = graph.network(1, y, wide);
        assertEquals(2, steps(network, 1), "another reads what is between: a layer and two by bands");
    }

    /** By plain loops layer by layer until the kernels are ready, by bands in the same context from then on. */
    @Test
    void plainLoopsFirst() {
        AtomicReference<Runnable> warmUp = new AtomicReference<>();
        Predictor predictor = Predictor.compile(block(97, 6, 1, 1, 16, true), PredictorOptions.defaults(), warmUp::set);
        float[] in = Data.reals(1, predictor.inputs().getFirst().shape().size());
        float[] byPlainLoops = new float[predictor.outputs().getFirst().shape().size()];
        PredictorContext context = predictor.newContext();
        context.predict(in, byPlainLoops);
        assertFalse(predictor.isWarm());
        warmUp.get().run();
        assertTrue(predictor.isWarm());
        float[] byBands = new float[byPlainLoops.length];
        context.predict(in, byBands);
        assertArrayEquals(byBands, byPlainLoops, 1e-4f);
        float[] expected = new float[byBands.length];
        Predictor.compile(block(97, 6, 1, 1, 16, true), PredictorOptions.defaults().withoutWarmUp()).newContext().predict(in, expected);
        assertArrayEquals(expected, byBands);
    }

    /** Between two layers the sum takes the place of its residual, as soon as no window needs that any longer. */
    @Test
    void residualInPlace() {
        for (int expansion : new int[] {6, 1}) {
            Graph graph = new Graph();
            int channels = expansion == 1 ? 96 : 16;
            Node x = graph.input("in", Shape.of(105, 80, 8)).then("x", Conv2d.of(channels, 1));
            Node y = expansion == 1 ? x : x.then("expand", Conv2d.of(16 * expansion, 1)).then("relu", new Relu6());
            y = y.then("depthwise", DepthwiseConv2d.of(3).padding(1)).then("project", Conv2d.of(channels, 1));
            Network network = graph.network(1, graph.join("add", new Add(), x, y).then("y", Conv2d.of(8, 1)));
            check(network, 2, 3);
            int floats = Predictor.compile(network, PredictorOptions.defaults().batch(2).withoutWarmUp()).arenaFloats();
            assertEquals(2 * 105 * 80 * (expansion == 1 ? 3 * 96 : 16 + 2 * 96), floats);
        }
    }

    /** A value that is read in another shape is no row of pixels that the next layer goes on with. */
    @Test
    void reshapedBetween() {
        for (int place = 0; place < 2; place++) {
            Graph graph = new Graph();
            Node y = graph.input("x", Shape.of(97, 80, 16)).then("expand", Conv2d.of(96, 1)).then("relu", new Relu6());
            if (place == 0) {
                y = y.then("reshape", Reshape.to(97, 40, 192));
            }
            y = y.then("depthwise", DepthwiseConv2d.of(3).padding(1));
            if (place == 1) {
                y = y.then("reshape", Reshape.to(97, 40, 192));
            }
            check(graph.network(1, y.then("project", Conv2d.of(16, 1))), 1, place == 0 ? 2 : 3);
        }
    }

    /** The residual's rows are the block's input in another shape, and are needed for longer than the rows of the output. */
    @Test
    void reshapedResidual() {
        Graph graph = new Graph();
        Node x = graph.input("in", Shape.of(98, 96, 12)).then("x", Conv2d.of(12, 1));
        Node y = x.then("expand", Conv2d.of(96, 1)).then("relu", new Relu6())
                .then("depthwise", DepthwiseConv2d.of(3).stride(2).padding(0, 1, 0, 1)).then("project", Conv2d.of(49, 1));
        check(graph.network(1, graph.join("add", new Add(), x.then("reshape", Reshape.to(48, 48, 49)), y)), 1, 2);
    }

    /** A block of 16 channels, {@code expansion} times as many within; 96 if there is no expansion. */
    private static Network block(int height, int expansion, int stride, int padding, int outputs, boolean residual) {
        Graph graph = new Graph();
        Node x = graph.input("x", Shape.of(height, 80, expansion == 1 ? 96 : 16));
        Node y = expansion == 1 ? x : x.then("expand", Conv2d.of(16 * expansion, 1)).then("relu", new Relu6());
        y = y.then("depthwise", DepthwiseConv2d.of(3).stride(stride).padding(padding)).then("relu2", new Relu6())
                .then("project", Conv2d.of(outputs, 1));
        return graph.network(1, residual ? graph.join("add", new Add(), x, y) : y);
    }

    private static int steps(Network network, int batch) {
        return Predictor.compile(network, PredictorOptions.defaults().batch(batch).withoutWarmUp()).steps().length;
    }

    private static void check(Network network, int batch, int steps) {
        Predictor predictor = Predictor.compile(network, PredictorOptions.defaults().batch(batch).withoutWarmUp());
        assertEquals(steps, predictor.steps().length, predictor.describe());
        float[] in = Data.reals(1, batch * network.inputShape().size());
        float[] byBands = new float[batch * network.outputShape().size()];
        predictor.newContext().predict(in, byBands);
        float[] byLayers = new float[byBands.length];
        try (Threads two = Threads.of(2)) {
            predictor.newContext(two).predict(in, byLayers);
        }
        assertArrayEquals(byLayers, byBands, () -> predictor.describe());
        float[] expected = new float[byBands.length];
        Context context = network.newContext(new ContextOptions(batch, Threads.one(), false, false, 0));
        context.predict(in, expected, batch);
        assertArrayEquals(expected, byBands, 1e-4f, () -> predictor.describe());
    }
}
