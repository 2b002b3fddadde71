package lanewise.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lanewise.internal.Checks;
import lanewise.kernel.Threads;

/**
 * A graph of layers with its parameters. It holds no activation: every calling thread makes itself a {@link Context}, so that one
 * network serves many threads. Nodes stand in an order in which each comes after those it depends on.
 */
public final class Network {

    private final List<Node> nodes;
    private final List<Node> inputs;
    private final List<Node> outputs;
    private final Parameters parameters;

    Network(List<Node> nodes, List<Node> outputs) {
        this.nodes = nodes;
        this.inputs = nodes.stream().filter(node -> node.layer() == null).toList();
        this.outputs = outputs;
        this.parameters = Parameters.layOut(specs(nodes));
    }

    static Map<String, ParameterSpec> specs(List<Node> nodes) {
        Map<String, ParameterSpec> specs = new LinkedHashMap<>();
        for (Node node : nodes) {
            for (ParameterSpec spec : specs(node)) {
                specs.put(parameterName(node, spec), spec);
            }
        }
        return specs;
    }

    /**
     * A network without branches: each layer is fed by the one before.
     *
     * @param seed draws the parameters; the same seed gives the same network
     */
    public static Network chain(Shape input, long seed, Layer... layers) {
        Graph graph = new Graph();
        Node node = graph.input(input);
        for (Layer layer : Checks.notNull(layers, "layers")) {
            node = node.then(layer);
        }
        return graph.network(seed, node);
    }

    static List<ParameterSpec> specs(Node node) {
        return node.layer() == null ? List.of() : node.layer().parameters(node.inputShapes());
    }

    private static String parameterName(Node node, ParameterSpec spec) {
        return node.name() + "." + spec.name();
    }

    /** The parameters of one node, in the order of {@link Layer#parameters}. */
    public List<Parameter> parametersOf(Node node) {
        return specs(node).stream().map(spec -> parameters.view(parameterName(node, spec))).toList();
    }

    /** All nodes, inputs included, in the order of computation. */
    public List<Node> nodes() {
        return nodes;
    }

    /** The inputs. */
    public List<Node> inputs() {
        return inputs;
    }

    /** The outputs, in the order in which they were asked for. */
    public List<Node> outputs() {
        return outputs;
    }

    /** The shape of the only input. */
    public Shape inputShape() {
        return only(inputs, "inputs").shape();
    }

    /** The shape of the only output. */
    public Shape outputShape() {
        return only(outputs, "outputs").shape();
    }

    static Node only(List<Node> nodes, String what) {
        if (nodes.size() != 1) {
            throw new IllegalStateException("the network has " + nodes.size() + " " + what + ", " + nodes + ": say which");
        }
        return nodes.getFirst();
    }

    /**
     * The node of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Node node(String name) {
        for (Node node : nodes) {
            if (node.name().equals(Checks.notNull(name, "name"))) {
                return node;
            }
        }
        throw new IllegalArgumentException("no node is called " + name + "; there are " + nodes);
    }

    /** The parameters, live. */
    public Parameters parameters() {
        return parameters;
    }

    /**
     * This network up to a node, with other layers behind it: what another task needs of a trained network. Everything up to the node
     * keeps its name and its numbers, in arrays of its own; the new layers are drawn anew.
     *
     * <pre>
     * Network pets = imagenet.withHead("pool", 42, Dense.of(37));
     * pets.parameters().freezeAllBut("head");
     * </pre>
     *
     * @param last the name of the last node that is kept
     * @param seed draws the parameters of the head
     * @param head the layers behind it, called {@code head} if there is one, or else {@code head/1}, {@code head/2}, ...
     * @throws IllegalArgumentException if no node has that name, or a layer does not take what it is given
     */
    public Network withHead(String last, long seed, Layer... head) {
        Graph graph = new Graph();
        Map<Node, Node> copies = new HashMap<>();
        Set<Node> kept = withAncestors(node(last));
        for (Node node : nodes) {
            if (kept.contains(node)) {
                copies.put(node, node.layer() == null ? graph.input(node.name(), node.shape())
                        : graph.join(node.name(), node.layer(), node.inputs().stream().map(copies::get).toArray(Node[]::new)));
            }
        }
        Node top = copies.get(node(last));
        for (int i = 0; i < head.length; i++) {
            top = top.then(head.length == 1 ? "head" : "head/" + (i + 1), head[i]);
        }
        Network network = graph.network(seed, top);
        for (Node node : kept) {
            parametersOf(node).forEach(view -> network.parameters.set(view.name(), parameters.get(view.name())));
        }
        return network;
    }

    private static Set<Node> withAncestors(Node node) {
        Set<Node> all = new LinkedHashSet<>();
        Deque<Node> open = new ArrayDeque<>(List.of(node));
        while (!open.isEmpty()) {
            Node next = open.pop();
            if (all.add(next)) {
                open.addAll(next.inputs());
            }
        }
        return all;
    }

    /** What one thread needs to predict: activations for up to {@code batch} examples, reused as soon as they are free. */
    public Context newContext(int batch) {
        return newContext(batch, Threads.one());
    }

    /** The same, with {@code threads} sharing the work of each layer. */
    public Context newContext(int batch, Threads threads) {
        return new Context(this, new ContextOptions(batch, threads, false, false, 0));
    }

    /**
     * What training needs: activations that are kept for backward, and gradients. It predicts as well.
     *
     * @param seed draws what dropout drops
     */
    public Context newTrainingContext(int batch, long seed) {
        return newContext(new ContextOptions(batch, Threads.one(), true, false, seed));
    }

    /** A context with every choice spelled out. */
    public Context newContext(ContextOptions options) {
        return new Context(this, Checks.notNull(options, "options"));
    }

    /** Multiply-adds of one example's forward pass. */
    public long multiplyAdds() {
        long sum = 0;
        for (Node node : nodes) {
            sum += node.layer() == null ? 0 : node.layer().multiplyAdds(node.inputShapes());
        }
        return sum;
    }

    /** The table of layers, shapes, parameters, work and memory. */
    public Summary summary() {
        return Summary.of(nodes, outputs);
    }

    /**
     * The same with the peak memory of a context made by these options in the last line: parameters, gradients, activations, packed
     * filters and workspace. Plans are made for it, no large array.
     *
     * @param optimizerArrays for each trained parameter: 0 for plain descent, 1 with momentum, 2 for Adam
     */
    public Summary summary(ContextOptions options, int optimizerArrays) {
        return summary().with(MemoryUse.of(this, Checks.notNull(options, "options")).withOptimizer(optimizerArrays));
    }

    /** Inputs, outputs and the number of parameters. */
    @Override
    public String toString() {
        return "Network " + inputs + " -> " + outputs + ", " + parameters.values().length + " parameters";
    }
}
