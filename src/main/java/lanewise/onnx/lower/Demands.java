package lanewise.onnx.lower;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import lanewise.onnx.ElementType;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.ValueInfoProto;

/**
 * Which inputs of a model must be known before its network can be made: filters, shapes, axes, all integers. The others are computed
 * with when the network runs.
 */
final class Demands {

    private Demands() {}

    /** The names of such inputs. */
    static Set<String> of(CheckedGraph graph) {
        Set<String> constant = constants(graph);
        Set<String> demanded = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            NodeProto node = graph.nodes().get(i);
            boolean all = Operators.find(node.opType()) == null || node.outputs().stream().anyMatch(demanded::contains)
                    || isIntegral(graph, node.inputs()); // an operator of integers is evaluated, so that its other operands are known, too
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                String input = node.inputs().get(slot);
                if (looksUp(node, slot, constant)) {
                    ids.add(input);
                } else if (!node.opType().equals("Shape") && !node.opType().equals("Size") && (all || isConstant(node, slot))) {
                    demanded.add(input);
                }
            }
        }
        for (ValueInfoProto input : graph.inputs()) {
            boolean computes = input.elementType() == ElementType.FLOAT.code() || input.elementType() == 0;
            if (!computes && !onlyLooksUp(graph, input.name(), ids, constant)) {
                demanded.add(input.name());
            }
        }
        return demanded;
    }

    /** Whether the first operand is an input of integers. */
    private static boolean isIntegral(CheckedGraph graph, List<String> operands) {
        return !operands.isEmpty() && graph.inputs().stream().anyMatch(input -> input.name().equals(operands.getFirst())
                && input.elementType() != ElementType.FLOAT.code() && input.elementType() != 0);
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

    private static boolean onlyLooksUp(CheckedGraph graph, String input, Set<String> ids, Set<String> constant) {
        return ids.contains(input) && graph.nodes().stream().allMatch(node -> IntStream.range(0, node.inputs().size())
                .filter(slot -> node.inputs().get(slot).equals(input))
                .allMatch(slot -> looksUp(node, slot, constant) || node.opType().equals("Shape") || node.opType().equals("Size")));
    }
}
