package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * A place in a {@link Graph}: the output of one layer, or an input of the network. Shapes are inferred when the node is made, so a
 * mistake is reported by the line that made it.
 */
public final class Node {

    final Graph graph;
    private final String name;
    private final Layer layer;
    private final List<Node> inputs;
    private final Shape shape;
    private final ReceptiveField receptiveField;

    Node(Graph graph, String name, Layer layer, List<Node> inputs, Shape shape, ReceptiveField receptiveField) {
        this.graph = graph;
        this.name = name;
        this.layer = layer;
        this.inputs = inputs;
        this.shape = shape;
        this.receptiveField = receptiveField;
    }

    /** {@link #then(String, Layer)} under a name made from the kind of layer: {@code conv2d_1}. */
    public Node then(Layer layer) {
        return graph.add(graph.freeName(layer), layer, this);
    }

    /**
     * Feeds this node to a layer.
     *
     * @param name under which its parameters and activations are found; of letters, digits, _ / and -
     * @return the layer's output
     * @throws IllegalArgumentException if the name is taken or malformed, or the layer does not take this shape; the message names
     *     the layer and the shapes
     */
    public Node then(String name, Layer layer) {
        return graph.add(Checks.notNull(name, "name"), layer, this);
    }

    /** The graph it stands in, for whoever goes on from it by {@link Graph#join}. */
    public Graph graph() {
        return graph;
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The layer, or null for an input of the network. */
    public Layer layer() {
        return layer;
    }

    /** The nodes it is computed from. */
    public List<Node> inputs() {
        return inputs;
    }

    /** The shapes of these. */
    public List<Shape> inputShapes() {
        return inputs.stream().map(Node::shape).toList();
    }

    /** Its shape, per example. */
    public Shape shape() {
        return shape;
    }

    /** What one of its elements sees of the network's input. */
    public ReceptiveField receptiveField() {
        return receptiveField;
    }

    /** Name and shape: {@code conv1 28x28x6}. */
    @Override
    public String toString() {
        return name + " " + shape;
    }
}
