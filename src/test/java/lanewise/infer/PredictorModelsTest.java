package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import lanewise.internal.gemm.FilterRowTile;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Network;
import lanewise.layer.Parameter;
import lanewise.layer.Shape;
import lanewise.kernel.Threads;
import lanewise.model.LeNet;
import lanewise.model.MobileNetV2;
import lanewise.model.ResNet18;
import lanewise.model.ResNet50;
import lanewise.model.SqueezeNet;
import lanewise.model.Vgg16;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models: compiled, they compute what the network computes. */
class PredictorModelsTest {

    private static final Map<String, Function<Shape, Network>> MODELS = new TreeMap<>(Map.of(
            "ResNet-18", shape -> ResNet18.network(shape, 10, 1),
            "ResNet-50", shape -> ResNet50.network(shape, 10, 1),
            "MobileNetV2", shape -> MobileNetV2.network(shape, 10, 1),
            "SqueezeNet", shape -> SqueezeNet.network(shape, 10, 1),
            "VGG-16", shape -> Vgg16.network(shape, 10, 1)));

    static Stream<String> names() {
        return MODELS.keySet().stream();
    }

    /** Batch norms that have seen data, so that folding them changes every weight. */
    private static Network trained(Network network) {
        SplittableRandom random = new SplittableRandom(5);
        for (Parameter view : network.parameters().views()) {
            float[] values = network.parameters().get(view.name());
            for (int i = 0; i < values.length; i++) {
                if (view.name().endsWith("running_var")) {
                    values[i] = (float) random.nextDouble(0.8, 1.6);
                } else if (view.name().endsWith("running_mean") || view.name().endsWith("bias")) {
                    values[i] = (float) random.nextDouble(-0.1, 0.1);
                } else if (view.name().endsWith("norm.weight")) {
                    values[i] = (float) random.nextDouble(0.5, 1.1);
                }
            }
            network.parameters().set(view.name(), values);
        }
        return network;
    }

    private static double rms(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum / values.length);
    }

    /**
     * Folding and fusing round at other places than the network does. Errors of the layers add up like a random walk, each about 1e-6
     * of its output's size by Winograd and half of it without ({@code NOTES}, Precision); 50 layers make 1e-5, and 5 times that
     * is allowed.
     */
    @ParameterizedTest
    @MethodSource("names")
    void agreesWithTheNetwork(String name) {
        Shape shape = Shape.of(64, 64, 3);
        Network network = trained(MODELS.get(name).apply(shape));
        float[] in = Data.reals(1, 2 * shape.size());
        Context context = network.newContext(new ContextOptions(2, Threads.one(), false, false, 0).withoutWinograd());
        float[] expected = new float[20];
        context.predict(in, expected, 2);
        float[] exact = new float[20];
        Predictor.compile(network, PredictorOptions.defaults().batch(2).withoutWarmUp().withoutWinograd()).newContext().predict(in, exact);
        float[] fast = new float[20];
        Predictor.compile(network, PredictorOptions.defaults().batch(2).withoutWarmUp()).newContext().predict(in, fast);
        double size = rms(expected);
        assertTrue(size > 0.01, "the scores are about " + size);
        assertArrayEquals(expected, exact, (float) (2e-5 * size), name + " without Winograd");
        assertArrayEquals(expected, fast, (float) (5e-5 * size), name);
    }

    /** Images shared by threads, and layers where there is one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void twoThreadsComputeTheSameBits(int batch) {
        Shape shape = Shape.of(64, 64, 3);
        Predictor predictor = Predictor.compile(trained(ResNet50.network(shape, 10, 1)),
                PredictorOptions.defaults().batch(batch).withoutWarmUp());
        float[] in = Data.reals(3, batch * shape.size());
        float[] expected = new float[batch * 10];
        predictor.newContext().predict(in, expected);
        float[] actual = new float[batch * 10];
        try (Threads threads = Threads.of(2)) {
            predictor.newContext(threads).predict(in, actual);
        }
        assertArrayEquals(expected, actual);
    }

    /** Of two requests in a batch neither sees the other. */
    @Test
    void aBatchIsSingleRequests() {
        Shape shape = Shape.of(64, 64, 3);
        Network network = trained(ResNet18.network(shape, 10, 1));
        PredictorOptions options = PredictorOptions.defaults().withoutWarmUp().withoutWinograd();
        float[] in = Data.reals(2, 3 * shape.size());
        float[] together = new float[30];
        Predictor.compile(network, options.batch(3)).newContext().predict(in, together);
        PredictorContext single = Predictor.compile(network, options).newContext();
        for (int i = 0; i < 3; i++) {
            float[] one = new float[10];
            single.predict(java.util.Arrays.copyOfRange(in, i * shape.size(), (i + 1) * shape.size()), one);
            float[] part = java.util.Arrays.copyOfRange(together, i * 10, i * 10 + 10);
            assertArrayEquals(one, part, (float) (2e-5 * rms(one)));
        }
    }

    /** Beyond the largest input and output that have to live at once there is at most a third, for what shortcuts keep. */
    @Test
    void activationsTakeLittleMoreThanTheLargestPair() {
        Predictor resNet = Predictor.compile(ResNet50.network(1), PredictorOptions.defaults().withoutWarmUp());
        int largestPair = 56 * 56 * 256 + 56 * 56 * 128; // into the first convolution of stage 2 and out of it
        assertEquals(largestPair, resNet.largestNeedFloats());
        assertTrue(resNet.arenaFloats() <= 1.3 * largestPair, resNet.arenaFloats() + " floats for a pair of " + largestPair);
        Predictor squeezeNet = Predictor.compile(SqueezeNet.network(1), PredictorOptions.defaults().withoutWarmUp());
        assertTrue(squeezeNet.arenaFloats() <= 1.3 * squeezeNet.largestNeedFloats(),
                squeezeNet.arenaFloats() + " floats for a pair of " + squeezeNet.largestNeedFloats());
    }

    /** One step for each convolution, pooling and dense layer: norms, activations, sums and concatenations are all taken in. */
    @Test
    void nothingIsLeftBesideConvolutionsAndPools() {
        assertEquals(53 + 2 + 1, steps(ResNet50.network(1)));
        assertEquals(52 + 1 + 1 - 3 * 2 - 1, steps(MobileNetV2.network(1)), "the first blocks are a step each, by bands");
        assertEquals(26 + 4, steps(SqueezeNet.network(1)), SqueezeNet.class.getSimpleName());
        int pools = FilterRowTile.FITS ? 0 : 1;
        assertEquals(2 + pools + 3, steps(LeNet.network(1)), "the first pooling is the convolution's, with registers enough both are");
    }

    private static int steps(Network network) {
        Predictor predictor = Predictor.compile(network, PredictorOptions.defaults().withoutWarmUp());
        return predictor.steps().length;
    }
}
