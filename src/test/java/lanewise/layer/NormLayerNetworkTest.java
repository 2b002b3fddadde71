package lanewise.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.BitSet;
import lanewise.kernel.Threads;
import lanewise.kernel.WriteMode;
import lanewise.oracle.Data;
import lanewise.oracle.Sums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole gradient of convolution, batch normalisation, ReLU and dense layer against central differences of the four in double.
 *
 * <p>A float gradient is off by at most {@code D EPS (1 + max X) M}: D roundings on the longest way forward and back; M, the gradient
 * with every term taken by its size, where the size of xhat is {@code X = (|x| + mean|x|) / deviation} and that of x what its
 * convolution adds up; and {@code max X}, since what moves x by one of its roundings moves the deviation by no more of its own.
 */
class NormLayerNetworkTest {

    private static final int N = 3;
    private static final int WIDTH = 7;
    private static final int IN = 2;
    private static final int TAPS = 3;
    private static final int PLACES = WIDTH - TAPS + 1;
    private static final int CHANNELS = 5;
    private static final int UNITS = 3;
    private static final int ROWS = N * PLACES;
    private static final int LENGTH = ROWS * CHANNELS;
    private static final double EPSILON = 1e-3f;
    private static final double OFF_KINK = 1e-3;
    private static final double STEP = 0x1p-18; // moves no value by OFF_KINK
    private static final double DIFFERENCE = 1e-8; // rounding 1e-15 of the loss over STEP; STEP^2 of a third derivative below 500

    /** Each term meets that of two convolutions, five sums of a channel, two dense layers and one sum over examples. */
    private static final int ROUNDINGS = 2 * (TAPS * IN + 2) + 5 * (ROWS + 4) + 2 * (PLACES * CHANNELS + 2) + ROWS;

    private Network network;
    private boolean frozen;
    private float[] v;
    private double[] x;
    private double[] parameters;

    private static Network network() {
        Graph graph = new Graph();
        return graph.network(3, graph.input("x", Shape.of(WIDTH, IN)).then("conv", Conv1d.of(CHANNELS, TAPS).withoutBias())
                .then("bn", new BatchNorm((float) EPSILON, 0.25f)).then("relu", new Relu()).then("flat", new Flatten())
                .then("dense", Dense.of(UNITS)));
    }

    private double parameter(String name, int i) {
        return parameters[network.parameters().view(name).offset() + i];
    }

    /** The convolution of x, or what its terms add up to by their sizes. */
    private double[] convolved(boolean sizes) {
        double[] y = new double[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            for (int tap = 0; tap < TAPS * IN; tap++) {
                double term = x[inputOf(i) + tap] * parameter("conv.weight", tap * CHANNELS + i % CHANNELS);
                y[i] += sizes ? Math.abs(term) : term;
            }
        }
        return y;
    }

    /** Where the window of element i begins: all its taps lie side by side. */
    private static int inputOf(int i) {
        int row = i / CHANNELS;
        return (row / PLACES * WIDTH + row % PLACES) * IN;
    }

    private double[] mean(double[] z) {
        double[] mean = new double[CHANNELS];
        for (int i = 0; i < LENGTH; i++) {
            mean[i % CHANNELS] += z[i] / ROWS;
        }
        return mean;
    }

    private double shift(double[] z, int c) {
        return frozen ? parameter("bn.running_mean", c) : mean(z)[c];
    }

    private double deviation(double[] z, int c) {
        if (frozen) {
            return Math.sqrt(parameter("bn.running_var", c) + EPSILON);
        }
        double mean = mean(z)[c];
        double variance = 0;
        for (int i = c; i < LENGTH; i += CHANNELS) {
            variance += (z[i] - mean) * (z[i] - mean) / ROWS;
        }
        return Math.sqrt(variance + EPSILON);
    }

    private double[] normalised(double[] z) {
        double[] y = new double[LENGTH];
        for (int c = 0; c < CHANNELS; c++) {
            double shift = shift(z, c);
            double scale = parameter("bn.weight", c) / deviation(z, c);
            for (int i = c; i < LENGTH; i += CHANNELS) {
                y[i] = (z[i] - shift) * scale + parameter("bn.bias", c);
            }
        }
        return y;
    }

    private double loss() {
        double[] y = normalised(convolved(false));
        double loss = 0;
        for (int k = 0; k < N * UNITS; k++) {
            double out = parameter("dense.bias", k % UNITS);
            for (int j = 0; j < PLACES * CHANNELS; j++) {
                out += Math.max(0, y[k / UNITS * PLACES * CHANNELS + j]) * parameter("dense.weight", j * UNITS + k % UNITS);
            }
            loss += v[k] * out;
        }
        return loss;
    }

    private double difference(double[] array, int j) {
        double at = array[j];
        array[j] = at + STEP;
        double above = loss();
        array[j] = at - STEP;
        double below = loss();
        array[j] = at;
        return (above - below) / (2 * STEP);
    }

    /** M of the class comment, all gradients by their sizes, and the largest X. */
    private final class Sizes {
        final double[] byParameter = new double[network.parameters().trainableLength()];
        final double[] byInput = new double[x.length];
        double mostX;

        Sizes() {
            double[] z = convolved(false);
            double[] y = normalised(z);
            double[] zSizes = convolved(true);
            double[] means = mean(zSizes);
            double[] xhat = new double[LENGTH];
            double[] g = new double[LENGTH];
            double[] meanG = new double[CHANNELS];
            double[] meanBend = new double[CHANNELS];
            for (int i = 0; i < LENGTH; i++) {
                int c = i % CHANNELS;
                xhat[i] = (zSizes[i] + (frozen ? Math.abs(shift(z, c)) : means[c])) / deviation(z, c);
                mostX = Math.max(mostX, xhat[i]);
                dense(i, y[i] > 0, Math.abs(parameter("bn.weight", c)) * xhat[i] + Math.abs(parameter("bn.bias", c)), g);
                add("bn.weight", c, g[i] * xhat[i]);
                add("bn.bias", c, g[i]);
                meanG[c] += frozen ? 0 : g[i] / ROWS;
                meanBend[c] += frozen ? 0 : g[i] * xhat[i] / ROWS;
            }
            for (int i = 0; i < LENGTH; i++) {
                int c = i % CHANNELS;
                double dz = Math.abs(parameter("bn.weight", c)) / deviation(z, c) * (g[i] + meanG[c] + xhat[i] * meanBend[c]);
                for (int tap = 0; tap < TAPS * IN; tap++) {
                    add("conv.weight", tap * CHANNELS + c, dz * Math.abs(x[inputOf(i) + tap]));
                    byInput[inputOf(i) + tap] += dz * Math.abs(parameter("conv.weight", tap * CHANNELS + c));
                }
            }
        }

        private void dense(int i, boolean open, double size, double[] g) {
            int j = i % (PLACES * CHANNELS);
            for (int unit = 0; unit < UNITS; unit++) {
                double vSize = Math.abs(v[i / (PLACES * CHANNELS) * UNITS + unit]);
                add("dense.weight", j * UNITS + unit, open ? vSize * size : 0);
                g[i] += open ? vSize * Math.abs(parameter("dense.weight", j * UNITS + unit)) : 0;
                add("dense.bias", unit, j == 0 ? vSize : 0);
            }
        }

        private void add(String name, int i, double size) {
            byParameter[network.parameters().view(name).offset() + i] += size;
        }
    }

    private void prepare() {
        network = network();
        for (int seed = 0; seed < 100; seed++) {
            for (Parameter view : network.parameters().views()) {
                float[] values = Data.reals(100L * seed + view.offset(), view.length());
                for (int i = 0; view.name().equals("bn.running_var") && i < values.length; i++) {
                    values[i] = 0.5f + Math.abs(values[i]);
                }
                network.parameters().set(view.name(), values);
            }
            parameters = OneLayer.doubles(network.parameters().values());
            x = OneLayer.doubles(Data.reals(seed + 7, N * WIDTH * IN));
            v = Data.reals(seed + 9, N * UNITS);
            if (Arrays.stream(normalised(convolved(false))).noneMatch(value -> Math.abs(value) < OFF_KINK)) {
                return;
            }
        }
        fail("no data off the kinks");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradients(boolean freeze) {
        frozen = freeze;
        prepare();
        float[] states = states();
        if (frozen) {
            network.parameters().freeze("bn.");
        }
        Context context = OneLayer.context(network, N);
        float[] in = new float[x.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = (float) x[i];
        }
        NormCase.step(context, in, v, WriteMode.OVERWRITE);
        Sizes sizes = new Sizes();
        BitSet trained = trained(context);
        assertEquals(network.parameters().trainableLength() - (frozen ? 2 * CHANNELS : 0), trained.cardinality());
        assertClose("x", x, context.gradient("x"), sizes.byInput, sizes.mostX, null);
        assertClose("parameters", parameters, context.gradients().values(), sizes.byParameter, sizes.mostX, trained);
        assertEquals(frozen, Arrays.equals(states, states()), "running moments");
    }

    private float[] states() {
        float[] values = network.parameters().values();
        return Arrays.copyOfRange(values, network.parameters().trainableLength(), values.length);
    }

    private static BitSet trained(Context context) {
        BitSet trained = new BitSet();
        context.gradients().forEachRange((from, to, _) -> trained.set(from, to));
        return trained;
    }

    private void assertClose(String what, double[] array, float[] actual, double[] sizes, double mostX, BitSet trained) {
        double values = 0;
        double tolerances = 0;
        for (int j = 0; j < sizes.length; j++) {
            boolean counts = trained == null || trained.get(j);
            double expected = counts ? difference(array, j) : 0;
            double tolerance = counts ? ROUNDINGS * Sums.EPS * (1 + mostX) * sizes[j] + DIFFERENCE : 0;
            if (!(Math.abs(actual[j] - expected) <= tolerance)) {
                fail("gradient by %s[%d] is %s, must be %s +- %s".formatted(what, j, actual[j], expected, tolerance));
            }
            values += Math.abs(expected);
            tolerances += tolerance;
        }
        assertTrue(tolerances < values / 50, what + ": the tolerance leaves nothing to test");
    }

    private Context keepingAll(int batch) {
        return network.newContext(new ContextOptions(batch, Threads.one(), true, true, 5).keeping(Keep.ALL));
    }

    /** With frozen normalisation an example is independent of its batch, in training too. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void frozenExamplesAreIndependent(int example) {
        frozen = true;
        prepare();
        network.parameters().freeze("bn.");
        Context context = keepingAll(N);
        Context alone = keepingAll(1);
        float[] all = Data.reals(5, x.length);
        int size = WIDTH * IN;
        NormCase.step(context, all, v, WriteMode.OVERWRITE);
        NormCase.step(alone, Arrays.copyOfRange(all, example * size, (example + 1) * size),
                Arrays.copyOfRange(v, example * UNITS, (example + 1) * UNITS), WriteMode.OVERWRITE);
        assertArrayEquals(alone.activation("bn"), Arrays.copyOfRange(context.activation("bn"), example * PLACES * CHANNELS,
                (example + 1) * PLACES * CHANNELS));
    }
}
