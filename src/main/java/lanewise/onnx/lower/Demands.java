package lanewise.onnx.lower;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import lanewise.onnx.ElementType;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.ValueInfoProto;

/**
 * Which inputs of a model must be known before its network can be made: filters, shapes, axes, all integers. The others are
 * computed with when the network runs.
 */
final class Demands {

    private Demands() {}

    /** The names of such inputs. */
    static Set<String> of(CheckedGraph graph) {
        Set<String> constant = constants(graph);
        Set<String> integral = integral(graph);
        Set<String> demanded = new HashSet<>();
        Set<String> otherwise = new HashSet<>(); // read by something that does not take integers as the floats they are
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            NodeProto node = graph.nodes().get(i);
            boolean widens = widens(node);
            // An operator of integers is evaluated, so that its other operands are known, too.
            boolean all = Operators.find(node.opType()) == null || node.outputs().stream().anyMatch(demanded::contains)
                    || !widens && !node.inputs().isEmpty() && integral.contains(node.inputs().getFirst());
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                String input = node.inputs().get(slot);
                boolean sizesOnly = node.opType().equals("Shape") || node.opType().equals("Size");
                boolean looksUp = looksUp(node, slot, constant);
                if (!looksUp && !sizesOnly && (all || isConstant(node, slot))) {
                    demanded.add(input);
                }
                if (!looksUp && !sizesOnly && !widens) {
                    otherwise.add(input);
                }
            }
        }
        Set<String> read = graph.nodes().stream().flatMap(node -> node.inputs().stream()).collect(Collectors.toSet());
        for (String input : integral) {
            if (otherwise.contains(input) || !read.contains(input)) {
                demanded.add(input);
            }
        }
        return demanded;
    }

    /** The inputs that are not declared as FLOAT. */
    private static Set<String> integral(CheckedGraph graph) {
        return graph.inputs().stream().filter(input -> input.elementType() != ElementType.FLOAT.code() && input.elementType() != 0)
                .map(ValueInfoProto::name).collect(Collectors.toSet());
    }

    /** Whether the node makes floats of bytes or integers, which are fed as floats then. */
    private static boolean widens(NodeProto node) {
        AttributeProto to = node.attributes().get("to");
        return node.opType().equals("Cast") && to != null && to.i() == ElementType.FLOAT.code();
    }

    private static boolean isConstant(NodeProto node, int slot) {
        return Operators.find(node.opType()).constants().contains(slot);
    }

    /** Names of values that do not depend on any input. */
    private static Set<String> constants(CheckedGraph graph) {
        Set<String> constant = new HashSet<>(graph.initializers().keySet());
        for (NodeProto node : graph.nodes()) {
            if (node.inputs().stream().allMatch(input -> input.isEmpty() || constant.contains(input))) {
                constant.addAll(node.outputs());
            }
        }
        return constant;
    }

    /** Whether this is the index of a look-up in a constant table. */
    private static boolean looksUp(NodeProto node, int slot, Set<String> constant) {
        return node.opType().equals("Gather") && slot == 1 && constant.contains(node.inputs().getFirst());
    }
}
