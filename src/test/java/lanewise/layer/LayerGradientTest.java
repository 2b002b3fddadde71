package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import lanewise.kernel.WriteMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every element of every gradient of every layer against {@link LayerReference}: in one go over NaN, with two consumers that add to
 * the same input gradient, and in micro-batches that add to the same parameter gradients.
 */
class LayerGradientTest {

    @ParameterizedTest
    @MethodSource("lanewise.layer.LayerCase#all")
    void gradients(LayerCase c) {
        OneLayer one = new OneLayer(c);
        LayerReference reference = new LayerReference(one);
        List<LayerReference.Expected> byInputs = reference.inputs();
        List<LayerReference.Expected> byParameters = reference.parameters(one.network.parameters().views());
        byInputs.stream().filter(expected -> !isFlat(c.layer(), expected.name())).forEach(expected -> assertNotAllZero(c, expected));
        byParameters.forEach(expected -> assertNotAllZero(c, expected));
        overwrite(one, byInputs, byParameters);
        twoConsumers(one, byInputs);
        if (c.batch() > 1) {
            microBatches(one, byParameters);
        }
    }

    /** Whether the gradient is 0: the input holds numbers of rows or places, or the output does, or does not depend on it. */
    private static boolean isFlat(Layer layer, String input) {
        return ArithmeticOracle.isFlat(layer) || layer instanceof Embedding || layer instanceof Learned || layer instanceof MaxPoolIndices || layer instanceof MaxUnpool && input.equals("x1");
    }

    private static void assertNotAllZero(LayerCase c, LayerReference.Expected expected) {
        assertTrue(Arrays.stream(expected.value()).anyMatch(v -> Math.abs(v) > 1e-3), () -> c + " tests nothing by " + expected.name());
    }

    /** Twice, since a first call may find what a fresh array holds. */
    private static void overwrite(OneLayer one, List<LayerReference.Expected> byInputs, List<LayerReference.Expected> byParameters) {
        int n = one.layerCase.batch();
        Context context = OneLayer.context(one.network, n);
        for (int time = 0; time < 2; time++) {
            byInputs.forEach(expected -> Arrays.fill(context.gradient(expected.name()), Float.NaN));
            if (!(one.layerCase.layer() instanceof Embedding)) {
                Arrays.fill(context.gradients().values(), Float.NaN);
            }
            one.feed(context, 0, n);
            context.forward(n, true);
            System.arraycopy(one.dy, 0, context.outputGradient(), 0, one.dy.length);
            context.backward(n);
            for (LayerReference.Expected expected : byInputs) {
                assertClose(one.layerCase, expected, 1, context.gradient(expected.name()), 0);
            }
            assertParameters(one, byParameters, context);
        }
    }

    private static void assertParameters(OneLayer one, List<LayerReference.Expected> expected, Context context) {
        for (LayerReference.Expected each : expected) {
            assertClose(one.layerCase, each, 1, context.gradients().values(), one.network.parameters().view(each.name()).offset());
        }
    }

    private static void twoConsumers(OneLayer one, List<LayerReference.Expected> byInputs) {
        int n = one.layerCase.batch();
        Network twice = OneLayer.network(one.layerCase, 2);
        for (Parameter view : twice.parameters().views()) {
            twice.parameters().set(view.name(), one.network.parameters().get(view.name().replace("y1.", "y0.")));
        }
        Context context = OneLayer.context(twice, n);
        byInputs.forEach(expected -> Arrays.fill(context.gradient(expected.name()), Float.NaN));
        one.feed(context, 0, n);
        context.forward(n, true);
        for (String output : List.of("y0", "y1")) {
            System.arraycopy(one.dy, 0, context.gradient(output), 0, one.dy.length);
        }
        context.backward(n);
        for (LayerReference.Expected expected : byInputs) {
            assertClose(one.layerCase, expected, 2, context.gradient(expected.name()), 0);
        }
    }

    private static void microBatches(OneLayer one, List<LayerReference.Expected> byParameters) {
        int size = one.outputShape().size();
        int all = one.layerCase.batch();
        Context context = OneLayer.context(one.network, all);
        for (int from = 0, n = 1; from < all; from += n, n = all - from) {
            one.feed(context, from, n);
            context.forward(n, true);
            System.arraycopy(one.dy, from * size, context.outputGradient(), 0, n * size);
            context.backward(n, from == 0 ? WriteMode.OVERWRITE : WriteMode.ACCUMULATE);
        }
        assertParameters(one, byParameters, context);
    }

    private static void assertClose(LayerCase c, LayerReference.Expected expected, int times, float[] actual, int offset) {
        assertTrue(actual.length >= offset + expected.value().length, "elements");
        for (int i = 0; i < expected.value().length; i++) {
            double value = times * expected.value()[i];
            double tolerance = times * expected.tolerance()[i];
            if (!(Math.abs(actual[offset + i] - value) <= tolerance)) {
                fail("%s: gradient by %s[%d], consumed %d times, is %s, must be %s +- %s".formatted(c, expected.name(), i, times,
                        actual[offset + i], value, tolerance));
            }
        }
    }
}
