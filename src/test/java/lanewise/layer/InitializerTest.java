package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Moments of the starts. Of n independent values with variance V the mean lies within 6 deviations of 0, {@code 6 sqrt(V/n)}, and the
 * second moment within {@code 6 V sqrt((kurtosis - 1) / n)} of V; the kurtosis is 3 for normal, 9/5 for uniform values.
 */
class InitializerTest {

    private static void assertMoments(float[] values, double variance, boolean uniform, String what) {
        double mean = 0;
        double second = 0;
        double largest = 0;
        for (float value : values) {
            mean += value / (double) values.length;
            second += (double) value * value / values.length;
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(values.length >= 1_000, "too few values to tell");
        assertEquals(0, mean, 6 * Math.sqrt(variance / values.length), what + ": mean");
        assertEquals(variance, second, 6 * variance * Math.sqrt((uniform ? 0.8 : 2) / values.length), what + ": variance");
        if (uniform) {
            assertTrue(largest <= Math.sqrt(3 * variance) * (1 + 1e-6) && largest > 0.99 * Math.sqrt(3 * variance), what + ": range");
        } else {
            assertTrue(largest > 3 * Math.sqrt(variance), what + ": no tails");
        }
    }

    @ParameterizedTest
    @EnumSource
    void moments(Initializer initializer) {
        float[] values = new float[20_002];
        values[0] = 7;
        values[20_001] = 8;
        initializer.fill(values, 1, 20_000, 50, 30, 99);
        assertEquals(7, values[0]);
        assertEquals(8, values[20_001]);
        float[] inside = java.util.Arrays.copyOfRange(values, 1, 20_001);
        float[] again = new float[20_000];
        initializer.fill(again, 0, 20_000, 50, 30, 99);
        assertArrayEquals(inside, again, "same seed");
        String name = initializer.name();
        switch (initializer) {
            case ZEROS -> assertArrayEquals(new float[20_000], inside);
            case ONES -> java.util.stream.IntStream.range(0, 20_000).forEach(i -> assertEquals(1, inside[i]));
            case HE_NORMAL, HE_UNIFORM -> assertMoments(inside, 2.0 / 50, initializer == Initializer.HE_UNIFORM, name);
            case GLOROT_NORMAL, GLOROT_UNIFORM -> assertMoments(inside, 2.0 / 80, initializer == Initializer.GLOROT_UNIFORM, name);
            case STANDARD_NORMAL -> assertMoments(inside, 1, false, name);
        }
    }

    /** What every layer takes for the inputs summed into one output and the outputs fed by one input. */
    @Test
    void fans() {
        assertFans(Conv2d.of(64, 3).groups(2), Shape.of(9, 9, 32), 9 * 16, 9 * 32);
        assertFans(Conv1d.of(64, 5), Shape.of(9, 32), 5 * 32, 5 * 64);
        assertFans(DepthwiseConv2d.of(3).multiplier(2), Shape.of(9, 9, 100), 9, 18);
        assertFans(ConvTranspose2d.of(64, 3).groups(2), Shape.of(9, 9, 32), 9 * 16, 9 * 32);
        assertFans(ConvTranspose1d.of(64, 5), Shape.of(9, 32), 5 * 32, 5 * 64);
        assertFans(Dense.of(70), Shape.of(3, 90), 90, 70);
    }

    private static void assertFans(Layer layer, Shape in, long fanIn, long fanOut) {
        ParameterSpec weight = layer.parameters(java.util.List.of(in)).getFirst();
        assertEquals(fanIn, weight.fanIn(), layer::toString);
        assertEquals(fanOut, weight.fanOut(), layer::toString);
        Network network = Network.chain(in, 4, layer);
        boolean glorot = weight.initializer() == Initializer.GLOROT_UNIFORM;
        assertTrue(glorot || weight.initializer() == Initializer.HE_NORMAL);
        Parameter view = network.parameters().views().getFirst();
        double variance = glorot ? 2.0 / (fanIn + fanOut) : 2.0 / fanIn;
        assertMoments(network.parameters().get(view.name()), variance, glorot, layer.toString());
    }

    /** Biases start at 0. */
    @Test
    void biases() {
        Network network = Network.chain(Shape.of(9, 9, 3), 4, Conv2d.of(8, 3), new Flatten(), Dense.of(5));
        assertArrayEquals(new float[8], network.parameters().get("conv2d_1.bias"));
        assertArrayEquals(new float[5], network.parameters().get("dense_1.bias"));
    }

    /**
     * Layers of the same size start independently: no weights of one are those of another moved by a few places. Of n pairs of
     * independent values with variance 1 the mean product is within {@code 6 / sqrt(n)} of 0.
     */
    @Test
    void layersStartIndependently() {
        for (Initializer initializer : new Initializer[] {Initializer.HE_NORMAL, Initializer.HE_UNIFORM}) {
            Dense layer = Dense.of(100).withoutBias().initializer(initializer);
            Network network = Network.chain(Shape.of(100), 1, layer, layer, layer);
            Network neighbour = Network.chain(Shape.of(100), 2, layer, layer, layer);
            float[][] arrays = new float[6][];
            for (int i = 0; i < 6; i++) {
                arrays[i] = (i < 3 ? network : neighbour).parameters().get("dense_" + (i % 3 + 1) + ".weight");
            }
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 6; j++) {
                    for (int shift = 0; shift < 10 && i != j; shift++) {
                        assertUncorrelated(arrays[i], arrays[j], shift, initializer + " " + i + " and " + j + " moved by " + shift);
                    }
                }
            }
        }
    }

    private static void assertUncorrelated(float[] a, float[] b, int shift, String what) {
        int n = a.length - shift;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) a[i + shift] * b[i];
        }
        assertEquals(0, sum / n / 0.02, 6 / Math.sqrt(n), what);
    }
}
