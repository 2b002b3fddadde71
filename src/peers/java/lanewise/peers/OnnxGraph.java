package lanewise.peers;

import java.util.List;
import java.util.function.Supplier;

/**
 * An ONNX model under construction: nodes, constants, inputs and outputs, all of floats and of fixed sizes. Names connect them.
 *
 * <p><i>Source:</i> the field numbers are those of {@code onnx.proto}; the operators those of set 20, which IR version 9 came with.
 */
final class OnnxGraph {

    private static final int IR_VERSION = 9;
    private static final int OPERATOR_SET = 20;
    private static final int FLOAT = 1;

    private final ProtoMessage graph = new ProtoMessage().text(2, "lanewise");

    /** An attribute of a node. */
    record Attribute(ProtoMessage message) {

        private static final int TYPE_FLOAT = 1;
        private static final int TYPE_INT = 2;
        private static final int TYPE_STRING = 3;
        private static final int TYPE_INTS = 7;

        static Attribute of(String name, int value) {
            return new Attribute(new ProtoMessage().text(1, name).number(3, value).number(20, TYPE_INT));
        }

        static Attribute of(String name, float value) {
            return new Attribute(new ProtoMessage().text(1, name).real(2, value).number(20, TYPE_FLOAT));
        }

        static Attribute of(String name, String value) {
            return new Attribute(new ProtoMessage().text(1, name).text(4, value).number(20, TYPE_STRING));
        }

        static Attribute of(String name, int[] values) {
            var message = new ProtoMessage().text(1, name);
            for (int value : values) {
                message.number(8, value);
            }
            return new Attribute(message.number(20, TYPE_INTS));
        }
    }

    /** An operator that computes {@code output}, the name that is returned. */
    String node(String type, String output, List<String> inputs, Attribute... attributes) {
        var node = new ProtoMessage();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(3, output).text(4, type);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message());
        }
        graph.message(1, node);
        return output;
    }

    /**
     * A constant.
     *
     * @param dims none for a scalar
     * @param values asked for when the model is written
     * @return its name
     */
    String constant(String name, int[] dims, Supplier<float[]> values) {
        var tensor = new ProtoMessage();
        int count = 1;
        for (int dim : dims) {
            tensor.number(1, dim);
            count = Math.multiplyExact(count, dim);
        }
        graph.message(5, tensor.number(2, FLOAT).text(8, name).floats(9, count, values));
        return name;
    }

    void input(String name, int... dims) {
        graph.message(11, valueInfo(name, dims));
    }

    void output(String name, int... dims) {
        graph.message(12, valueInfo(name, dims));
    }

    private static ProtoMessage valueInfo(String name, int[] dims) {
        var shape = new ProtoMessage();
        for (int dim : dims) {
            shape.message(1, new ProtoMessage().number(1, dim));
        }
        var tensor = new ProtoMessage().number(1, FLOAT).message(2, shape);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }

    /** The model; nothing must be added afterwards. */
    ProtoMessage model() {
        return new ProtoMessage().number(1, IR_VERSION).text(2, "lanewise").message(7, graph)
                .message(8, new ProtoMessage().text(1, "").number(2, OPERATOR_SET));
    }
}
