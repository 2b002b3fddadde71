package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.layer.Context;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Flatten;
import lanewise.layer.Layer;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Parameter;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.layer.Window;
import lanewise.model.LeNet;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;

class NaiveNetworkTest {

    /** Loops and library, each as near to LeNet in double as rounding allows, so near to each other, too. */
    @Test
    void lenetIsTheLibrarys() {
        for (int seed = 1; seed <= 3; seed++) {
            compare(seed, false, 0.75);
            compare(seed, true, 2e-4); // nothing cancels: the bound is about as many eps as a path from digit to score meets terms
        }
    }

    private static void compare(int seed, boolean positive, double mostOfLargest) {
        Network network = LeNet.network(seed);
        float[] all = network.parameters().values();
        float[] biases = Data.reals(seed, all.length);
        for (Parameter view : network.parameters().views()) {
            for (int i = view.offset(); i < view.offset() + view.length(); i++) {
                float value = view.name().endsWith(".bias") ? biases[i] : all[i];
                all[i] = positive ? Math.abs(value) : value;
            }
        }
        network.parameters().changed();
        float[] x = Data.reals(10 + seed, 28 * 28);
        for (int i = 0; i < x.length && positive; i++) {
            x[i] = Math.abs(x[i]);
        }
        Bounded scores = lenet(network, x);
        double largest = 0;
        for (double score : scores.value) {
            largest = Math.max(largest, Math.abs(score));
        }
        float[] naive = new NaiveNetwork(network).predict(x);
        float[] library = library(network, x);
        assertEquals(10, naive.length);
        for (int k = 0; k < 10; k++) {
            assertEquals(scores.value[k], naive[k], scores.error[k], "naive, score " + k);
            assertEquals(scores.value[k], library[k], scores.error[k], "library, score " + k);
            assertTrue(scores.error[k] < mostOfLargest * largest, "a bound of " + scores.error[k] + " for " + largest + " says nothing");
        }
    }

    private static float[] library(Network network, float[] x) {
        Context context = network.newContext(1);
        System.arraycopy(x, 0, context.input(), 0, x.length);
        context.forward(1);
        return context.output().clone();
    }

    /** What a number is, and how far a computation in float may be from it. */
    private record Bounded(double[] value, double[] error) {

        Bounded(int length) {
            this(new double[length], new double[length]);
        }
    }

    private static Bounded lenet(Network network, float[] x) {
        Bounded digit = new Bounded(x.length);
        for (int i = 0; i < x.length; i++) {
            digit.value[i] = x[i];
        }
        Bounded maps = pool(conv(network, "conv1", digit, 28, 1, 28, 6, 2), 28, 6);
        maps = pool(conv(network, "conv2", maps, 14, 6, 10, 16, 0), 10, 16);
        Bounded features = relu(conv(network, "dense1", maps, 1, 400, 1, 120, 0));
        features = relu(conv(network, "dense2", features, 1, 120, 1, 84, 0));
        return conv(network, "scores", features, 1, 84, 1, 10, 0);
    }

    /**
     * Square maps; dense is the case of one pixel. A sum of n terms in any order, with or without fused multiply-add, is off by at most
     * {@code eps (n + 1) sum |term|}, and by what its inputs are off, {@code sum |w| error}.
     */
    private static Bounded conv(Network network, String name, Bounded x, int in, int channels, int out, int filters, int pad) {
        float[] w = network.parameters().get(name + ".weight");
        float[] bias = network.parameters().get(name + ".bias");
        int taps = in == 1 ? 1 : 5;
        Bounded y = new Bounded(out * out * filters);
        for (int i = 0; i < y.value.length; i++) {
            int k = i % filters;
            double sum = bias[k];
            double magnitude = Math.abs(bias[k]);
            double inherited = 0;
            for (int tap = 0; tap < taps * taps; tap++) {
                int row = i / filters / out + tap / taps - pad;
                int column = i / filters % out + tap % taps - pad;
                for (int c = 0; row >= 0 && row < in && column >= 0 && column < in && c < channels; c++) {
                    double weight = w[(tap * channels + c) * filters + k];
                    int from = (row * in + column) * channels + c;
                    sum += weight * x.value[from];
                    magnitude += Math.abs(weight) * (Math.abs(x.value[from]) + x.error[from]);
                    inherited += Math.abs(weight) * x.error[from];
                }
            }
            y.value[i] = sum;
            y.error[i] = inherited + Math.ulp(1f) * (taps * taps * channels + 2) * magnitude;
        }
        return y;
    }

    /** Neither ReLU nor a maximum makes an error larger. */
    private static Bounded relu(Bounded x) {
        Bounded y = new Bounded(x.value.clone(), x.error);
        for (int i = 0; i < y.value.length; i++) {
            y.value[i] = Math.max(y.value[i], 0);
        }
        return y;
    }

    private static Bounded pool(Bounded x, int size, int channels) {
        Bounded y = new Bounded(size / 2 * (size / 2) * channels); // at 0 to begin with: ReLU
        for (int i = 0; i < x.value.length; i++) {
            int to = (i / channels / size / 2 * (size / 2) + i / channels % size / 2) * channels + i % channels;
            y.value[to] = Math.max(y.value[to], x.value[i]);
            y.error[to] = Math.max(y.error[to], x.error[i]);
        }
        return y;
    }

    /**
     * Whole numbers, so that nothing is rounded: other sizes, no ReLU, overlapping pools. With weights up to 2 and inputs up to 4 the
     * layers' numbers are at most 98, 98, 2354, 282,482 (of 60 features) and 2,824,822, which is less than 2^24.
     */
    @Test
    void wholeNumbersAreExact() {
        Network network = Network.chain(Shape.of(9, 7, 2), 1, Conv2d.of(3, 3, 2).withWindow(Window.of(3, 2).withPadding(1, 0, 2, 1)),
                MaxPool2d.of(3).withWindow(Window.of(3, 2).withStride(2, 1)), Conv2d.of(4, 2).relu(), new Flatten(),
                Dense.of(5).relu(), Dense.of(6));
        for (int round = 0; round < 5; round++) {
            float[] weights = Data.integers(round, network.parameters().values().length);
            for (int i = 0; i < weights.length; i++) {
                network.parameters().values()[i] = (int) weights[i] / 2;
            }
            network.parameters().changed();
            float[] x = Data.integers(100 + round, 9 * 7 * 2);
            assertArrayEquals(library(network, x), new NaiveNetwork(network).predict(x), "round " + round);
        }
    }

    @Test
    void refusesWhatItDoesNotCompute() {
        Window three = Window.of(3, 3);
        int refused = 0;
        for (Layer layer : List.of(Conv2d.of(2, 3).withWindow(three.withStride(2, 1)), Conv2d.of(2, 3).withWindow(three.withDilation(1, 2)),
                Conv2d.of(2, 3).same(), Conv2d.of(2, 3).groups(2), Conv2d.of(2, 3).withoutBias(),
                Conv2d.of(2, 3).activation(Activation.RELU6), MaxPool2d.of(2).ceilMode(true), MaxPool2d.of(3).padding(1),
                MaxPool2d.of(3).withWindow(three.withDilation(2, 1)), Dense.of(3).activation(Activation.RELU6), Dense.of(3).withoutBias(),
                new Relu())) {
            Network network = Network.chain(Shape.of(8, 8, 2), 1, layer);
            float[] x = new float[128];
            assertThrows(IllegalArgumentException.class, () -> new NaiveNetwork(network).predict(x), layer::toString);
            refused++;
        }
        assertEquals(12, refused);
    }
}
