package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lanewise.kernel.BinaryFunction;
import lanewise.layer.BinaryParameter;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.HardSigmoid;
import lanewise.layer.HardSwish;
import lanewise.layer.Layer;
import lanewise.layer.Network;
import lanewise.layer.Parameter;
import lanewise.layer.Shape;
import lanewise.layer.Silu;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;

/** Constants next to convolutions where folding them rounds differently, and weights too small to count. */
class PredictorMapsTest {

    private static final PredictorOptions OPTIONS = PredictorOptions.defaults().withoutWinograd().withoutWarmUp();

    private static Network chain(Shape input, Layer... layers) {
        Network network = Network.chain(input, 3, layers);
        for (Parameter view : network.parameters().views()) {
            if (view.name().endsWith("operand") || view.name().endsWith("bias")) {
                network.parameters().set(view.name(), Data.reals(view.name().hashCode(), view.length()));
            }
        }
        return network;
    }

    private static BinaryParameter constant(BinaryFunction function, int channels) {
        return new BinaryParameter(function, Shape.of(channels), false);
    }

    /** Compiles, compares with the network, and describes. */
    private static String checked(Network network, int steps) {
        Predictor predictor = Predictor.compile(network, OPTIONS);
        float[] x = Data.reals(1, network.inputShape().size());
        float[] expected = ExactNetworks.outputs(network, 1, List.of(x)).getFirst();
        float[] actual = ExactNetworks.unwritten(expected.length);
        predictor.newContext().predict(x, actual);
        double size = 0;
        for (float value : expected) {
            size = Math.max(size, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 4e-6 * size, "element " + i);
        }
        assertEquals(steps, predictor.steps().length, predictor.describe());
        return predictor.describe();
    }

    @Test
    void numbersBehindAnActivationInMemoryRescaleIt() {
        String text = checked(chain(Shape.of(9, 9, 16), Conv2d.of(20, 3).same(), new HardSwish(), constant(BinaryFunction.MULTIPLY, 1),
                constant(BinaryFunction.ADD, 1), Conv2d.of(5, 3).same()), 2);
        assertTrue(text.contains("hard swish rescaled"), text);
    }

    @Test
    void numbersOfEachChannelDoNot() {
        String text = checked(chain(Shape.of(9, 9, 16), Conv2d.of(20, 3).same(), new Silu(), constant(BinaryFunction.MULTIPLY, 20),
                constant(BinaryFunction.DIVIDE, 20), constant(BinaryFunction.ADD, 1), Conv2d.of(5, 3).same()), 3);
        assertTrue(text.contains("scale 20 channels"), text);
    }

    @Test
    void withoutPaddingTheyGoIntoTheNextFilter() {
        String text = checked(chain(Shape.of(9, 9, 16), Conv2d.of(20, 3).same(), new HardSwish(), constant(BinaryFunction.MULTIPLY, 1),
                constant(BinaryFunction.ADD, 20), Conv2d.of(5, 1), Dense.of(3)), 3);
        assertFalse(text.contains("rescaled"), text);
    }

    @Test
    void hardSigmoidsOfAnySlope() {
        String text = checked(chain(Shape.of(16), Dense.of(20), new HardSigmoid(0.2f, 0.4f)), 1);
        assertTrue(text.contains("hard sigmoid"), text);
        checked(chain(Shape.of(16), Dense.of(20).relu(), new HardSigmoid(0.2f, 0.4f)), 2);
    }

    private static float[] ofOnes(float[] weights, float[] bias) {
        Network network = Network.chain(Shape.of(2), 1, Dense.of(2));
        network.parameters().set("dense_1.weight", weights);
        network.parameters().set("dense_1.bias", bias);
        float[] y = new float[2];
        Predictor.compile(network, OPTIONS).newContext().predict(new float[] {1, 1}, y);
        return y;
    }

    @Test
    void weightsTooSmallToCountAreZeros() {
        assertArrayEquals(new float[] {3, 0}, ofOnes(new float[] {1, 1e-40f, 2, -1e-14f}, new float[] {0, 1e-15f}));
        assertArrayEquals(new float[] {0, 0}, ofOnes(new float[] {1e-35f, 1e-40f, -1e-36f, 0}, new float[2]), "all of them");
        assertNotEquals(0, ofOnes(new float[] {1e-25f, 1e-25f, 1e-25f, 1e-25f}, new float[2])[1], "none beside which they vanish");
        assertNotEquals(0, ofOnes(new float[] {1, 3e-14f, 1, 3e-14f}, new float[2])[1], "small, and not that small");
        assertNotEquals(0, ofOnes(new float[] {1e-3f, 1e-14f, 1e-3f, 1e-14f}, new float[2])[1], "the others are small, too");
        assertArrayEquals(new float[] {Float.POSITIVE_INFINITY, 2}, ofOnes(new float[] {Float.POSITIVE_INFINITY, 1, 1, 1}, new float[2]));
    }
}
