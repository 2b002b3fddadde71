package lanewise.onnx.lower;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lanewise.internal.Quoted;
import lanewise.onnx.fold.TensorSource;
import lanewise.onnx.proto.GraphProto;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.TensorProto;
import lanewise.onnx.proto.ValueInfoProto;

/**
 * A graph in which every name is made once, before it is read, in an order in which it can be computed.
 *
 * @param opset the version of ONNX's own operators
 * @param nodes the operators that the outputs need, each behind those that feed it
 * @param initializers constants by name
 * @param inputs what the caller gives, without those that have an initializer
 * @param defaults the inputs that have an initializer, which the caller may give as well
 * @param outputs what the caller gets
 * @param tensors reads the numbers of a constant
 */
public record CheckedGraph(int opset, List<NodeProto> nodes, Map<String, TensorProto> initializers, List<ValueInfoProto> inputs,
                           List<ValueInfoProto> defaults, List<ValueInfoProto> outputs, TensorSource tensors) {

    /**
     * Checks a model's graph.
     *
     * @throws IllegalArgumentException if it is no graph: a name made twice or never, a circle, no output
     */
    public static CheckedGraph of(ModelProto model, TensorSource tensors) {
        GraphProto graph = model.graph();
        Map<String, TensorProto> initializers = new LinkedHashMap<>();
        for (TensorProto tensor : graph.initializers()) {
            if (initializers.put(tensor.name(), tensor) != null) {
                throw new IllegalArgumentException("initializer " + Quoted.text(tensor.name()) + " stands there twice");
            }
        }
        List<ValueInfoProto> inputs = new ArrayList<>();
        List<ValueInfoProto> defaults = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ValueInfoProto input : graph.inputs()) {
            if (!names.add(input.name())) {
                throw new IllegalArgumentException("input " + Quoted.text(input.name()) + " stands there twice");
            }
            (initializers.containsKey(input.name()) ? defaults : inputs).add(input);
        }
        names.addAll(initializers.keySet());
        if (graph.outputs().isEmpty()) {
            throw new IllegalArgumentException("the graph has no output");
        }
        Map<String, NodeProto> makers = makers(graph, names);
        List<NodeProto> sorted = sorted(graph, makers, names);
        long opset = model.opsets().getOrDefault("", 1L);
        return new CheckedGraph(Math.clamp(opset, Integer.MIN_VALUE, Integer.MAX_VALUE), sorted, initializers, List.copyOf(inputs),
                List.copyOf(defaults), graph.outputs(), tensors);
    }

    /** From the name of a value to the node that makes it. */
    private static Map<String, NodeProto> makers(GraphProto graph, Set<String> given) {
        Map<String, NodeProto> makers = new HashMap<>();
        for (NodeProto node : graph.nodes()) {
            for (String output : node.outputs()) {
                if (!output.isEmpty() && (given.contains(output) || makers.put(output, node) != null)) {
                    throw new IllegalArgumentException("value " + Quoted.text(output) + " is made twice, by " + title(node)
                            + (given.contains(output) ? " and as an input or initializer" : " and another node"));
                }
            }
        }
        return makers;
    }

    /** What the outputs need, by a walk against the arrows that keeps its own stack: a deep graph is no deep recursion. */
    private static List<NodeProto> sorted(GraphProto graph, Map<String, NodeProto> makers, Set<String> given) {
        List<NodeProto> order = new ArrayList<>();
        Set<NodeProto> open = Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        Set<NodeProto> done = Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        ArrayDeque<NodeProto> stack = new ArrayDeque<>();
        for (ValueInfoProto output : graph.outputs()) {
            push(output.name(), "the graph's outputs", makers, given, done, open, stack);
            while (!stack.isEmpty()) {
                NodeProto node = stack.peek();
                if (done.contains(node)) {
                    stack.pop();
                } else if (open.add(node)) {
                    for (String input : node.inputs()) {
                        push(input, title(node), makers, given, done, open, stack);
                    }
                } else {
                    stack.pop();
                    open.remove(node);
                    done.add(node);
                    order.add(node);
                }
            }
        }
        return order;
    }

    private static void push(String name, String reader, Map<String, NodeProto> makers, Set<String> given, Set<NodeProto> done,
                             Set<NodeProto> open, ArrayDeque<NodeProto> stack) {
        if (name.isEmpty() || given.contains(name)) {
            return;
        }
        NodeProto maker = makers.get(name);
        if (maker == null) {
            throw new IllegalArgumentException("value " + Quoted.text(name) + " is read by " + reader + ", but nothing makes it");
        }
        if (open.contains(maker)) {
            throw new IllegalArgumentException("value " + Quoted.text(name) + " depends on itself, by way of " + reader);
        }
        if (!done.contains(maker)) {
            stack.push(maker);
        }
    }

    /** The names that nodes and outputs read, each once, in their order. */
    public Set<String> read() {
        Set<String> names = new LinkedHashSet<>();
        nodes.forEach(node -> names.addAll(node.inputs()));
        outputs.forEach(output -> names.add(output.name()));
        return names;
    }

    /** How messages call a node: {@code Conv "conv1"}. */
    public static String title(NodeProto node) {
        String name = node.name().isEmpty() ? node.outputs().stream().findFirst().orElse("") : node.name();
        return node.opType() + " " + Quoted.text(name);
    }
}
