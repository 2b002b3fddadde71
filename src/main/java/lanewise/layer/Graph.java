package lanewise.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lanewise.internal.Checks;

/**
 * Where a network is put together: inputs, layers, branches and joins, without any circle, since a node is made from nodes that
 * exist already.
 *
 * <pre>
 * Graph graph = new Graph();
 * Node x = graph.input(Shape.of(32, 32, 16));
 * Node branch = x.then(Conv2d.of(16, 3).same()).then(new BatchNorm()).then(new Relu());
 * Node y = graph.join(new Add(), x, branch).then(new GlobalAveragePool()).then(Dense.of(10));
 * Network network = graph.network(42, y);
 * </pre>
 */
public final class Graph {

    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /** An empty graph. */
    public Graph() {}

    /** An input called {@code input}. */
    public Node input(Shape shape) {
        return input("input", shape);
    }

    /** An input of the network under a name of its own. */
    public Node input(String name, Shape shape) {
        Checks.notNull(shape, "shape");
        claim(Checks.notNull(name, "name"));
        Node node = new Node(this, name, null, List.of(), shape, ReceptiveField.ONE);
        nodes.add(node);
        return node;
    }

    /** {@link #join(String, Layer, Node...)} under a name made from the kind of layer. */
    public Node join(Layer layer, Node... inputs) {
        return add(freeName(layer), layer, inputs);
    }

    /** Feeds several nodes to one layer, for instance {@link Add} or {@link Concat}. */
    public Node join(String name, Layer layer, Node... inputs) {
        return add(Checks.notNull(name, "name"), layer, inputs);
    }

    /**
     * The network that computes these nodes, its parameters drawn by {@code seed}. Nodes they do not depend on are left out.
     *
     * @throws IllegalArgumentException if there is no output, one is an input, or one belongs to another graph
     */
    public Network network(long seed, Node... outputs) {
        Network network = emptyNetwork(outputs);
        network.parameters().initialize(seed);
        return network;
    }

    /** The same with all parameters 0, for whoever overwrites them anyway: a reader of files. */
    public Network emptyNetwork(Node... outputs) {
        List<Node> wanted = List.of(outputs);
        return new Network(nodesFor(wanted), wanted);
    }

    /** The parameters that {@link #network} would make, by full name, without making them. */
    public Map<String, ParameterSpec> parameters(Node... outputs) {
        return Network.specs(nodesFor(List.of(outputs)));
    }

    /** {@link Summary#of} for the nodes that {@code outputs} need, without making any parameter. */
    public Summary summary(Node... outputs) {
        List<Node> wanted = List.of(outputs);
        return Summary.of(nodesFor(wanted), wanted);
    }

    private List<Node> nodesFor(List<Node> outputs) {
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("a network has at least one output");
        }
        Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node output : outputs) {
            checkOwn(output);
            if (output.layer() == null) {
                throw new IllegalArgumentException("output " + output + " is an input: nothing is computed");
            }
            needed.add(output);
        }
        // A node comes after those it is made from, so one sweep backwards finds all ancestors.
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (needed.contains(nodes.get(i))) {
                needed.addAll(nodes.get(i).inputs());
            }
        }
        return nodes.stream().filter(needed::contains).toList();
    }

    Node add(String name, Layer layer, Node... inputs) {
        Checks.notNull(layer, "layer");
        for (Node input : inputs) {
            Checks.notNull(input, "input of " + name);
        }
        List<Node> from = List.of(inputs);
        if (from.isEmpty()) {
            throw new IllegalArgumentException("layer " + name + " has no input");
        }
        from.forEach(this::checkOwn);
        List<Shape> shapes = from.stream().map(Node::shape).toList();
        Shape shape;
        try {
            shape = layer.outputShape(shapes);
            layer.parameters(shapes); // what cannot be held is refused here, too
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(described(name, layer, from) + ": " + e.getMessage(), e);
        }
        claim(name);
        ReceptiveField field = layer.receptiveField(shapes, from.stream().map(Node::receptiveField).toList());
        Node node = new Node(this, name, layer, from, shape, field);
        nodes.add(node);
        return node;
    }

    private static String described(String name, Layer layer, List<Node> from) {
        StringBuilder text = new StringBuilder("layer " + name + " (" + layer + ") after ");
        for (int i = 0; i < from.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(from.get(i));
        }
        return text.toString();
    }

    String freeName(Layer layer) {
        String stem = Checks.notNull(layer, "layer").kind().toLowerCase(Locale.ROOT);
        String name;
        do {
            name = stem + "_" + counts.merge(stem, 1, Integer::sum);
        } while (names.contains(name));
        return name;
    }

    /** By a loop: patterns of text would be two classes more that each start makes (NOTES 115). */
    private static boolean isName(String name) {
        boolean fits = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            fits &= c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '/' || c == '-';
        }
        return fits;
    }

    private void claim(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("name is \"" + name + "\", must consist of letters, digits, _ / and -");
        }
        if (!names.add(name)) {
            throw new IllegalArgumentException("name " + name + " is taken; there are " + nodes);
        }
    }

    private void checkOwn(Node node) {
        if (Checks.notNull(node, "node").graph != this) {
            throw new IllegalArgumentException("node " + node + " belongs to another graph");
        }
    }
}
