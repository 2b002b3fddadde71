package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import lanewise.kernel.Activation;
import lanewise.kernel.Threads;
import lanewise.oracle.Data;

/** A case's layer in a network of its own, with inputs, parameters and output gradients that stay off kinks and ties. */
final class OneLayer {

    private static final double OFF_KINK = 1e-4; // far above rounding errors and the step of differences

    final LayerCase layerCase;
    final Network network;
    final List<float[]> x = new ArrayList<>();
    final float[] dy;

    OneLayer(LayerCase c) {
        layerCase = c;
        network = network(c, 1);
        for (int seed = 0; ; seed++) {
            x.clear();
            for (int i = 0; i < c.inputs().size(); i++) {
                x.add(c.layer() instanceof MaxUnpool unpool && i == 1 ? indices(unpool, seed, c)
                        : input(c.layer(), 10L * seed + i, c.batch() * c.inputs().get(i).size()));
                if (ArithmeticOracle.needsPositive(c.layer())) {
                    makePositive(x.getLast());
                }
            }
            fill(network.parameters(), c, 1_000 + seed);
            if (isOffKinks()) {
                break;
            }
            if (seed == 50) {
                throw new AssertionError(c + ": no data off the kinks");
            }
        }
        dy = Data.reals(77, c.batch() * outputShape().size());
    }

    /** The layer {@code copies} times on the same inputs {@code x0, x1, ...}; outputs are {@code y0, y1, ...}. */
    static Network network(LayerCase c, int copies) {
        Graph graph = new Graph();
        Node[] in = new Node[c.inputs().size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = graph.input("x" + i, c.inputs().get(i));
        }
        Node[] out = new Node[copies];
        for (int i = 0; i < copies; i++) {
            out[i] = graph.join("y" + i, c.layer(), in);
        }
        return graph.network(3, out);
    }

    private static void fill(Parameters parameters, LayerCase c, long seed) {
        boolean wide = LayerOracle.kinks(LayerOracle.fused(c.layer())).length > 0; // reach the bends at 3 and 6
        double scale = (wide ? 6 : 2) / Math.sqrt(LayerOracle.roundings(c.layer(), c.inputs()) + 1);
        for (Parameter view : parameters.views()) {
            float[] values = Data.reals(seed + view.offset(), view.length());
            for (int i = 0; view.spec().role() == ParameterSpec.Role.WEIGHT && i < values.length; i++) {
                values[i] *= (float) scale;
            }
            if (ArithmeticOracle.needsPositive(c.layer())) {
                makePositive(values);
            }
            parameters.set(view.name(), values);
        }
    }

    /** Places of the output, for each example without repetition. */
    private static float[] indices(MaxUnpool layer, long seed, LayerCase c) {
        int size = c.inputs().getFirst().size();
        int outputs = layer.output().size();
        float[] indices = new float[c.batch() * size];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (i % size * 7 + i / size + seed) % outputs;
        }
        return indices;
    }

    /** All different, so that no maximum is taken of equals, and none near 0. */
    private static float[] input(Layer layer, long seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[length];
        if (layer instanceof Embedding embedding) {
            for (int i = 0; i < length; i++) {
                x[i] = random.nextInt(embedding.vocabulary());
            }
            return x;
        }
        double scale = layer instanceof ActivationLayer ? 8 : 1;
        for (int i = 0; i < length; i++) {
            int j = random.nextInt(i + 1);
            x[i] = x[j];
            double value = scale * ((i + 0.25 + random.nextDouble() / 2) / length * 2 - 1);
            // A norm of exponent 1.5 bends sharply at 0.
            x[j] = (float) (isNorm(layer) ? value + Math.signum(value) / 5 : value);
        }
        return x;
    }

    /** From 1/2 on: for functions that have no value, or a pole, elsewhere. */
    private static void makePositive(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]) + 0.5f;
        }
    }

    private static boolean isNorm(Layer layer) {
        return layer instanceof LpPool1d || layer instanceof LpPool2d || layer instanceof LpPool3d || layer instanceof GlobalLpPool;
    }

    private boolean isOffKinks() {
        Layer layer = layerCase.layer();
        if (!ArithmeticOracle.isOffKinks(layer, layerCase.batch(), layerCase.inputs(), inputs(), parameters(), OFF_KINK)) {
            return false;
        }
        Activation activation = layer instanceof ActivationLayer l ? l.activation() : LayerOracle.fused(layer);
        if (activation == null) {
            return true;
        }
        double[] before = layer instanceof ActivationLayer ? doubles(x.getFirst())
                : LayerOracle.forward(LayerOracle.linear(layer), layerCase.batch(), layerCase.inputs(), inputs(), parameters());
        for (double kink : LayerOracle.kinks(activation)) {
            for (double value : before) {
                if (Math.abs(value - kink) < OFF_KINK) {
                    return false;
                }
            }
        }
        return true;
    }

    Shape outputShape() {
        return network.outputs().getFirst().shape();
    }

    List<double[]> inputs() {
        return new ArrayList<>(x.stream().map(OneLayer::doubles).toList());
    }

    List<double[]> parameters() {
        return new ArrayList<>(network.parameters().views().stream().map(v -> doubles(network.parameters().get(v.name()))).toList());
    }

    /** A training context with gradients of the inputs. */
    static Context context(Network network, int batch) {
        return network.newContext(new ContextOptions(batch, Threads.one(), true, true, 5));
    }

    /** Copies examples {@code from} to {@code from + n} to the inputs of a context. */
    void feed(Context context, int from, int n) {
        for (int i = 0; i < x.size(); i++) {
            int size = layerCase.inputs().get(i).size();
            System.arraycopy(x.get(i), from * size, context.input("x" + i), 0, n * size);
        }
    }

    static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
