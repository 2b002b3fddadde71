package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import lanewise.io.ModelFile;
import lanewise.kernel.WriteMode;
import lanewise.oracle.Data;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The running moments of {@link BatchNorm}: who writes them, who uses them, and that they are kept with the model. */
class NormLayerStateTest {

    private static final String MEAN = "norm0.running_mean";
    private static final String VARIANCE = "norm0.running_var";

    @TempDir
    Path folder;

    /** In a predicting context, in a training context outside training, and in any number of calls. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#batchNorm")
    void predictionUsesRunningMomentsAndLeavesThem(NormCase c) {
        Network network = c.network(1);
        float[] before = network.parameters().values().clone();
        Context predicting = network.newContext(c.batch());
        Context training = OneLayer.context(network, c.batch());
        NormOracle.Bounded expected = c.running(network).forward(OneLayer.doubles(c.x()));
        for (int time = 0; time < 3; time++) {
            NormCase.forward(predicting, c.x(), false);
            expected.assertClose(predicting.output(), 0, c);
            NormCase.forward(training, c.x(), false);
            assertArrayEquals(predicting.output(), training.output());
            assertArrayEquals(before, network.parameters().values(), "prediction wrote parameters");
        }
    }

    /** Evaluation between training steps does not disturb them, nor they it: each goes by its own moments. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#batchNorm")
    void trainingAndEvaluationInTurn(NormCase c) {
        Network network = c.network(1);
        Context context = OneLayer.context(network, c.batch());
        NormOracle.Bounded own = c.own(network).forward(OneLayer.doubles(c.x()));
        for (int time = 0; time < 3; time++) {
            NormCase.forward(context, c.x(), true);
            own.assertClose(context.output(), 0, c + " training");
            NormCase.forward(context, c.x(), false);
            c.running(network).forward(OneLayer.doubles(c.x())).assertClose(context.output(), 0, c + " evaluation");
        }
    }

    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#batchNorm")
    void averagesAfterThreeSteps(NormCase c) {
        for (float momentum : new float[] {0, NormCase.MOMENTUM, 1}) {
            NormCase three = new NormCase(new BatchNorm(NormCase.EPSILON, momentum), 3, c.shape());
            Network network = three.network(1);
            NormOracle.Bounded mean = exact(network.parameters().get(MEAN));
            NormOracle.Bounded variance = exact(network.parameters().get(VARIANCE));
            float[] before = network.parameters().values().clone();
            Context context = OneLayer.context(network, 3);
            for (int time = 0; time < 3; time++) {
                float[] x = Arrays.copyOf(Data.reals(50 + time, 3 * c.shape().size()), (c.batch() + time) % 3 * c.shape().size()
                        + c.shape().size()); // of each number of examples, a single one among them
                NormCase.forward(context, x, true);
                double places = x.length / (double) c.shape().channels();
                NormOracle own = three.own(network);
                mean = average(mean, own.mean(OneLayer.doubles(x)), momentum, 1);
                variance = places == 1 ? variance
                        : average(variance, own.variance(OneLayer.doubles(x)), momentum, places / (places - 1));
            }
            mean.assertClose(network.parameters().values(), network.parameters().view(MEAN).offset(), three + " mean");
            variance.assertClose(network.parameters().values(), network.parameters().view(VARIANCE).offset(), three + " variance");
            int trainable = network.parameters().trainableLength();
            float[] after = network.parameters().values();
            assertArrayEquals(Arrays.copyOf(before, trainable), Arrays.copyOf(after, trainable), "weight and bias");
            if (momentum == 0) {
                assertArrayEquals(before, after, "momentum 0");
            }
        }
    }

    private static NormOracle.Bounded exact(float[] values) {
        return new NormOracle.Bounded(OneLayer.doubles(values), new double[values.length]);
    }

    /** {@code (1 - momentum) old + momentum factor batch}, by four operations that each round what they make. */
    private static NormOracle.Bounded average(NormOracle.Bounded old, NormOracle.Bounded batch, double momentum, double factor) {
        NormOracle.Bounded next = NormOracle.Bounded.of(old.value().length);
        for (int i = 0; i < next.value().length; i++) {
            next.value()[i] = (1 - momentum) * old.value()[i] + momentum * factor * batch.value()[i];
            next.tolerance()[i] = (1 - momentum) * old.tolerance()[i] + momentum * factor * batch.tolerance()[i]
                    + 2 * Sums.EPS * (Math.abs(old.value()[i]) + factor * Math.abs(batch.value()[i]));
        }
        return next;
    }

    /** One place has no variance to average; the output is the bias, and no gradient reaches the input. */
    @Test
    void oneRow() {
        NormCase c = new NormCase(new BatchNorm(NormCase.EPSILON, 0.5f), 1, Shape.of(17));
        Network network = c.network(1);
        network.parameters().set(MEAN, new float[17]);
        float[] variance = network.parameters().get(VARIANCE);
        Context context = OneLayer.context(network, 1);
        NormCase.step(context, c.x(), c.dy(), WriteMode.OVERWRITE);
        assertArrayEquals(network.parameters().get("norm0.bias"), context.output());
        for (int i = 0; i < 17; i++) {
            assertEquals(c.x()[i] / 2, network.parameters().get(MEAN)[i]);
            assertEquals(variance[i], network.parameters().get(VARIANCE)[i]);
            assertEquals(0, Math.abs(context.gradient("x")[i]));
        }
    }

    /** A batch with a NaN or an infinity spoils its own outputs, and no prediction after it. */
    @Test
    void momentsThatAreNotFinite() {
        NormCase c = new NormCase(new BatchNorm(NormCase.EPSILON, 0.5f), 3, Shape.of(17));
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE}) {
            Network network = c.network(1);
            float[] mean = network.parameters().get(MEAN);
            float[] variance = network.parameters().get(VARIANCE);
            float[] x = c.x().clone();
            x[17 + 4] = bad;
            NormCase.forward(OneLayer.context(network, 3), x, true);
            for (int i = 0; i < 17; i++) {
                assertEquals(i == 4, mean[i] == network.parameters().get(MEAN)[i], "mean " + i + " beside " + bad);
                assertEquals(i == 4, variance[i] == network.parameters().get(VARIANCE)[i], "variance " + i + " beside " + bad);
            }
        }
    }

    /** An affine map with fixed moments, in training as in prediction, that nothing changes. */
    @ParameterizedTest
    @MethodSource("lanewise.layer.NormCase#batchNorm")
    void frozen(NormCase c) {
        Network network = c.network(2);
        network.parameters().freeze("norm");
        float[] before = network.parameters().values().clone();
        Context context = OneLayer.context(network, c.batch());
        NormOracle.Bounded output = c.running(network).forward(OneLayer.doubles(c.x()));
        NormOracle.Bounded byInput = c.running(network).byInput(OneLayer.doubles(c.x()), OneLayer.doubles(c.dy()));
        assertFalse(byInput.isZero());
        for (WriteMode mode : WriteMode.values()) {
            Arrays.fill(context.gradient("x"), Float.NaN);
            NormCase.step(context, c.x(), c.dy(), mode);
            output.assertClose(context.activation("norm0"), 0, c);
            byInput.plus(byInput).assertClose(context.gradient("x"), 0, c + " by x, of two consumers");
            assertArrayEquals(new float[4 * c.shape().channels()], context.gradients().values(), "gradients");
            assertArrayEquals(before, network.parameters().values(), "parameters");
        }
        context.gradients().forEachRange((from, to, _) -> {
            throw new AssertionError(from + " to " + to + " is frozen");
        });
    }

    /** A context is as its network was when it was made. */
    @Test
    void frozenLater() {
        NormCase c = new NormCase(new BatchNorm(NormCase.EPSILON, NormCase.MOMENTUM), 3, Shape.of(5, 3));
        Network network = c.network(1);
        Context before = OneLayer.context(network, 3);
        network.parameters().freeze("norm0.");
        Context frozen = OneLayer.context(network, 3);
        network.parameters().unfreeze();
        Context after = OneLayer.context(network, 3);
        NormOracle.Bounded running = c.running(network).forward(OneLayer.doubles(c.x()));
        NormCase.forward(frozen, c.x(), true);
        running.assertClose(frozen.output(), 0, "frozen");
        for (Context context : new Context[] {before, after}) {
            float[] mean = network.parameters().get(MEAN);
            NormCase.forward(context, c.x(), true);
            c.own(network).forward(OneLayer.doubles(c.x())).assertClose(context.output(), 0, "not frozen");
            assertFalse(Arrays.equals(mean, network.parameters().get(MEAN)), "running mean");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 17})
    void savedAndLoaded(int channels) throws IOException {
        Graph graph = new Graph();
        Node y = graph.input("x", Shape.of(6, 5, 2)).then("conv", Conv2d.of(channels, 3).withoutBias())
                .then("norm0", new BatchNorm(NormCase.EPSILON, NormCase.MOMENTUM)).then("relu", new Relu())
                .then("flat", new Flatten()).then("ln", new LayerNorm(NormCase.EPSILON)).then("dense", Dense.of(3));
        Network network = graph.network(3, y);
        Context context = network.newTrainingContext(4, 1);
        for (int time = 0; time < 3; time++) {
            NormCase.forward(context, Data.reals(time, 4 * network.inputShape().size()), true);
        }
        Path file = folder.resolve("norm.safetensors");
        ModelFile.save(network, file);
        Network loaded = ModelFile.load(file);

        Network fresh = graph.network(3, y);
        for (String name : new String[] {MEAN, VARIANCE}) {
            assertFalse(Arrays.equals(fresh.parameters().get(name), network.parameters().get(name)), "training did not move " + name);
            assertArrayEquals(network.parameters().get(name), loaded.parameters().get(name), name);
        }
        float[] x = Data.reals(9, 4 * network.inputShape().size());
        float[] expected = predict(network, x);
        assertArrayEquals(expected, predict(loaded, x));
        assertFalse(Arrays.equals(expected, predict(fresh, x)), "predictions without the running moments");
    }

    private static float[] predict(Network network, float[] x) {
        float[] y = new float[4 * network.outputShape().size()];
        network.newContext(4).predict(x, y, 4);
        return y;
    }
}
