package lanewise.onnx.lower;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lanewise.layer.Graph;
import lanewise.layer.Layer;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;
import lanewise.layer.Shape;

/** The network that grows: its graph, names that its rules allow, and the numbers of its parameters. */
final class Builder {

    private final Graph graph = new Graph();
    private final Set<String> names = new HashSet<>();
    private final Map<String, float[]> parameters = new HashMap<>();
    /** What was asked for before, so that two readers of a transposed value share the transposition. */
    private final Map<List<Object>, Node> shared = new HashMap<>();
    private final boolean batchwise;

    /** Whether axis 0 of the inputs counts independent examples. */
    Builder(boolean batchwise) {
        this.batchwise = batchwise;
    }

    boolean batchwise() {
        return batchwise;
    }

    Node input(String name, Shape shape) {
        return graph.input(free(name), shape);
    }

    /** A layer whose parameters, if it has any, are set by {@link #set}. */
    Node layer(String name, Layer layer, Node... inputs) {
        try {
            return graph.join(free(name), layer, inputs);
        } catch (IllegalArgumentException e) {
            throw new Refusal(e.getMessage());
        }
    }

    /** A layer without parameters that stands in the graph once for all who ask. */
    Node sharedLayer(String name, Layer layer, Node input) {
        return shared.computeIfAbsent(List.of(layer, input), key -> layer(name, layer, input));
    }

    /** The numbers of a layer's parameter. */
    void set(Node node, String parameter, float[] values) {
        parameters.put(node.name() + "." + parameter, values);
    }

    /** The constant operand of a {@link lanewise.layer.BinaryParameter}. */
    float[] operand(Node node) {
        return parameters.get(node.name() + ".operand");
    }

    /** Another layer in the place of one that nobody reads yet, with the same weight. */
    Node replace(Node node, Layer layer) {
        Node other = layer(node.name(), layer, node.inputs().toArray(Node[]::new));
        set(other, "weight", parameters.get(node.name() + ".weight"));
        return other;
    }

    /** The finished network. */
    Network network(List<Node> outputs) {
        Network network = graph.emptyNetwork(outputs.toArray(Node[]::new));
        for (Parameter view : network.parameters().views()) {
            float[] values = parameters.get(view.name());
            if (values == null) {
                throw new IllegalStateException("parameter " + view.name() + " has no value");
            }
            network.parameters().set(view.name(), values);
        }
        return network;
    }

    /** A name of letters, digits, _, / and - that no other node has. */
    private String free(String wanted) {
        String stem = wanted.replaceAll("[^A-Za-z0-9_/-]", "_");
        stem = stem.isEmpty() ? "node" : stem;
        String name = stem;
        for (int i = 2; !names.add(name); i++) {
            name = stem + "_" + i;
        }
        return name;
    }
}
