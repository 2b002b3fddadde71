package lanewise.onnx.lower;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lanewise.layer.Graph;
import lanewise.layer.Layer;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Parameter;
import lanewise.layer.Shape;
import lanewise.layer.Summary;

/** The network that grows: its graph, names that its rules allow, and the numbers of its parameters. */
final class Builder {

    private final Graph graph = new Graph();
    private final Set<String> names = new HashSet<>();
    /** The last number behind a name that was wanted more than once. */
    private final Map<String, Integer> numbers = new HashMap<>();
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

    /** How many nodes there are. */
    int size() {
        return names.size();
    }

    /** What the finished network will need. */
    Summary summary(List<Node> outputs) {
        return graph.summary(outputs.toArray(Node[]::new));
    }

    /** Whether the finished network would be this one: the same layers and numbers, joined in the same way. */
    boolean makes(Network network, List<Node> outputs) {
        Map<Node, Node> pairs = new IdentityHashMap<>();
        Deque<Node> open = new ArrayDeque<>();
        boolean same = pair(network.outputs(), outputs, pairs, open);
        while (same && !open.isEmpty()) {
            Node theirs = open.pop();
            Node own = pairs.get(theirs);
            same = theirs.shape().equals(own.shape()) && Objects.equals(theirs.layer(), own.layer())
                    && (theirs.layer() != null || theirs.name().equals(own.name())) && sameNumbers(network, theirs, own)
                    && pair(theirs.inputs(), own.inputs(), pairs, open);
        }
        return same;
    }

    private static boolean pair(List<Node> theirs, List<Node> own, Map<Node, Node> pairs, Deque<Node> open) {
        boolean same = theirs.size() == own.size();
        for (int i = 0; same && i < own.size(); i++) {
            Node before = pairs.putIfAbsent(theirs.get(i), own.get(i));
            same = before == null || before == own.get(i);
            if (before == null) {
                open.push(theirs.get(i));
            }
        }
        return same;
    }

    private boolean sameNumbers(Network network, Node theirs, Node own) {
        for (Parameter view : network.parametersOf(theirs)) {
            float[] values = parameters.get(own.name() + "." + view.spec().name());
            int from = view.offset();
            if (values == null || !Arrays.equals(values, 0, values.length, network.parameters().values(), from, from
                    + view.length())) {
                return false;
            }
        }
        return true;
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
        while (!names.add(name)) {
            name = stem + "_" + numbers.merge(stem, 2, (last, two) -> last + 1);
        }
        return name;
    }
}
