package lanewise.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import lanewise.internal.Quoted;
import lanewise.onnx.lower.CheckedGraph;
import lanewise.onnx.lower.Operators;
import lanewise.onnx.lower.Signatures;
import lanewise.onnx.proto.AttributeProto;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.TensorProto;
import lanewise.onnx.proto.ValueInfoProto;

/**
 * What can be said against a model without knowing any size: operators, domains, attributes and element types that are not
 * supported.
 */
final class Problems {

    private final ModelProto model;
    private final CheckedGraph graph;
    private final List<String> problems = new ArrayList<>();

    Problems(ModelProto model, CheckedGraph graph) {
        this.model = model;
        this.graph = graph;
    }

    /** One sentence each, by the name of the node, in the order of the graph. */
    List<String> all() {
        long opset = model.opsets().getOrDefault("", 1L);
        if (opset < Operators.OLDEST || opset > Operators.NEWEST) {
            problems.add("operator set is " + opset + ", must be from " + Operators.OLDEST + " to " + Operators.NEWEST);
        }
        for (String name : model.graph().sparseInitializers()) {
            problems.add("initializer " + Quoted.text(name) + " is sparse, which is not supported");
        }
        graph.inputs().forEach(input -> type("input", input));
        graph.outputs().forEach(output -> type("output", output));
        graph.read().forEach(name -> {
            TensorProto tensor = graph.initializers().get(name);
            if (tensor != null && TensorReader.refusal(tensor) != null) {
                problems.add("initializer " + Quoted.text(name) + ": " + TensorReader.refusal(tensor));
            }
        });
        graph.nodes().forEach(this::node);
        return problems;
    }

    private void type(String what, ValueInfoProto info) {
        if (info.elementType() != 0 && !ElementType.isSupported(info.elementType())) {
            problems.add(what + " " + Quoted.text(info.name()) + ": elements are " + ElementType.nameOf(info.elementType())
                    + ", which is not supported");
        }
    }

    private void node(NodeProto node) {
        String title = CheckedGraph.title(node) + ": ";
        if (!node.domain().isEmpty()) {
            problems.add(title + "operators of the domain " + Quoted.text(node.domain()) + " are not supported");
            return;
        }
        if (!Operators.knows(node.opType())) {
            problems.add(title + "operator " + Quoted.text(node.opType()) + " is not supported");
            return;
        }
        Signatures.problems(node).forEach(reason -> problems.add(title + reason));
        node.attributes().values().stream().map(AttributeProto::t).filter(Objects::nonNull).map(TensorReader::refusal)
                .filter(Objects::nonNull).forEach(reason -> problems.add(title + reason));
    }

    /** All constants that the outputs need. */
    static List<TensorProto> tensors(CheckedGraph graph) {
        List<TensorProto> tensors = new ArrayList<>();
        graph.read().stream().map(graph.initializers()::get).filter(Objects::nonNull).forEach(tensors::add);
        graph.nodes().forEach(node -> node.attributes().values().stream().map(AttributeProto::t).filter(Objects::nonNull)
                .forEach(tensors::add));
        return tensors;
    }
}
