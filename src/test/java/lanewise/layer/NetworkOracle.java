package lanewise.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lanewise.kernel.Activation;

/**
 * A whole network in double: an interpreter of {@link Network#nodes()} over {@link LayerOracle}.
 *
 * <p>Its majorant takes every number by its size, every activation but the straight line through 0 for it, and sums for maxima: the
 * result, a polynomial without minus signs, bounds the sizes of all terms that make an output, and its derivatives those that make a
 * gradient.
 */
final class NetworkOracle {

    private final Network network;
    private final int n;
    private final boolean majorant;

    NetworkOracle(Network network, int n, boolean majorant) {
        this.network = network;
        this.n = n;
        this.majorant = majorant;
    }

    /** The activation of every node for these inputs, by name, and this flat array of parameters. */
    Map<String, double[]> forward(Map<String, double[]> inputs, double[] parameters) {
        Map<String, double[]> values = new HashMap<>();
        for (Node node : network.nodes()) {
            if (node.layer() == null) {
                double[] input = inputs.get(node.name());
                values.put(node.name(), majorant && !readsIds(node) ? LayerOracle.abs(input) : input);
            } else {
                values.put(node.name(), compute(node, values, parameters));
            }
        }
        return values;
    }

    private boolean readsIds(Node input) {
        return network.nodes().stream().anyMatch(node -> node.layer() instanceof Embedding && node.inputs().contains(input));
    }

    private double[] compute(Node node, Map<String, double[]> values, double[] parameters) {
        List<double[]> x = node.inputs().stream().map(input -> values.get(input.name())).toList();
        List<double[]> own = own(node, parameters);
        return majorant ? LayerOracle.majorant(node.layer(), n, node.inputShapes(), x, own)
                : LayerOracle.forward(node.layer(), n, node.inputShapes(), x, own);
    }

    private List<double[]> own(Node node, double[] parameters) {
        List<double[]> own = new ArrayList<>();
        for (Parameter view : network.parametersOf(node)) {
            own.add(Arrays.copyOfRange(parameters, view.offset(), view.offset() + view.length()));
        }
        return own;
    }

    /** Sum over the outputs of {@code v' y}. */
    double loss(Map<String, double[]> inputs, double[] parameters, Map<String, float[]> v) {
        Map<String, double[]> values = forward(inputs, parameters);
        double loss = 0;
        for (Node output : network.outputs()) {
            double[] y = values.get(output.name());
            for (int i = 0; i < y.length; i++) {
                loss += y[i] * (majorant ? Math.abs(v.get(output.name())[i]) : v.get(output.name())[i]);
            }
        }
        return loss;
    }

    /** How many roundings a term meets on its way through all layers, forward and back, at most. */
    int roundings() {
        int sum = 0;
        int most = 0;
        for (Node node : network.nodes()) {
            most = Math.max(most, node.shape().size());
            sum += node.layer() == null ? 0 : 2 * LayerOracle.roundings(node.layer(), node.inputShapes()) + 8;
        }
        return sum + n * most; // a shared weight's gradient sums over all places
    }

    /** Whether what goes into each ReLU, fused or not, stays away from 0 by {@code distance}. */
    boolean isOffKinks(Map<String, double[]> inputs, double[] parameters, double distance) {
        Map<String, double[]> values = forward(inputs, parameters);
        for (Node node : network.nodes()) {
            double[] before = new double[0];
            if (node.layer() instanceof Relu) {
                before = values.get(node.inputs().getFirst().name());
            } else if (node.layer() != null && LayerOracle.fused(node.layer()) == Activation.RELU) {
                List<double[]> x = node.inputs().stream().map(input -> values.get(input.name())).toList();
                before = LayerOracle.forward(LayerOracle.linear(node.layer()), n, node.inputShapes(), x, own(node, parameters));
            }
            if (Arrays.stream(before).anyMatch(value -> Math.abs(value) < distance)) {
                return false;
            }
        }
        return true;
    }
}
