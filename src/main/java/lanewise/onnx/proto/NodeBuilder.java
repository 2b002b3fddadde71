package lanewise.onnx.proto;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lanewise.internal.Quoted;
import lanewise.io.FormatException;

/** Reads a {@code NodeProto}. */
final class NodeBuilder {

    private String name = "";
    private String opType = "";
    private String domain = "";
    private final List<String> inputs = new ArrayList<>(2);
    private final List<String> outputs = new ArrayList<>(1);
    private Map<String, AttributeProto> attributes = Map.of();

    private NodeBuilder() {}

    static NodeProto read(WireReader in) throws FormatException {
        long start = in.start();
        var node = new NodeBuilder();
        node.merge(in);
        if (node.opType.isEmpty()) {
            throw in.malformed(start, "node " + Quoted.text(node.name) + " has no op_type, expected the name of an operator");
        }
        return new NodeProto(node.name, node.opType, node.domain, List.copyOf(node.inputs), List.copyOf(node.outputs),
                node.attributes);
    }

    private void merge(WireReader in) throws FormatException {
        long outer = in.enter("GraphProto.node");
        while (in.next()) {
            switch (in.field()) {
                case 1 -> inputs.add(in.text("NodeProto.input"));
                case 2 -> outputs.add(in.text("NodeProto.output"));
                case 3 -> name = in.text("NodeProto.name");
                case 4 -> opType = in.text("NodeProto.op_type");
                case 5 -> attribute(in);
                case 7 -> domain = ModelReader.domain(in, "NodeProto.domain");
                default -> in.skip();
            }
        }
        in.leave(outer);
    }

    private void attribute(WireReader in) throws FormatException {
        long start = in.start();
        AttributeProto attribute = AttributeBuilder.read(in);
        attributes = attributes.isEmpty() ? new LinkedHashMap<>(4) : attributes;
        if (attributes.putIfAbsent(attribute.name(), attribute) != null) {
            throw in.malformed(start, "a node has the attribute " + Quoted.text(attribute.name()) + " twice, expected it once");
        }
    }
}
