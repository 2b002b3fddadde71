package lanewise.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * An ONNX model under construction: nodes, constants, inputs and outputs. Names connect them.
 *
 * <p><i>Source:</i> the field numbers are those of {@code onnx.proto}; the operators, unless a test says otherwise, those of set
 * 20, which IR version 9 came with.
 */
public final class OnnxGraph {

    private static final int IR_VERSION = 9;
    private static final int OPERATOR_SET = 20;

    private final ProtoMessage graph = new ProtoMessage().text(2, "lanewise");
    private final Map<String, Integer> opsets = new LinkedHashMap<>(Map.of("", OPERATOR_SET));

    /** An empty graph. */
    public OnnxGraph() {} // in an exported package the compiler wants it written

    /** An attribute of a node. */
    public record Attribute(ProtoMessage message) {

        private static final int TYPE_FLOAT = 1;
        private static final int TYPE_INT = 2;
        private static final int TYPE_STRING = 3;
        private static final int TYPE_TENSOR = 4;
        private static final int TYPE_GRAPH = 5;
        private static final int TYPE_FLOATS = 6;
        private static final int TYPE_INTS = 7;
        private static final int TYPE_STRINGS = 8;

        /** An integer. */
        public static Attribute of(String name, long value) {
            return new Attribute(new ProtoMessage().text(1, name).number(3, value).number(20, TYPE_INT));
        }

        /** A float. */
        public static Attribute of(String name, float value) {
            return new Attribute(new ProtoMessage().text(1, name).real(2, value).number(20, TYPE_FLOAT));
        }

        /** A string. */
        public static Attribute of(String name, String value) {
            return new Attribute(new ProtoMessage().text(1, name).text(4, value).number(20, TYPE_STRING));
        }

        /** Integers. */
        public static Attribute of(String name, int[] values) {
            return of(name, IntStream.of(values).asLongStream().toArray());
        }

        /** Integers. */
        public static Attribute of(String name, long[] values) {
            var message = new ProtoMessage().text(1, name);
            for (long value : values) {
                message.number(8, value);
            }
            return new Attribute(message.number(20, TYPE_INTS));
        }

        /** Floats. */
        public static Attribute of(String name, float[] values) {
            var message = new ProtoMessage().text(1, name);
            for (float value : values) {
                message.real(7, value);
            }
            return new Attribute(message.number(20, TYPE_FLOATS));
        }

        /** Strings. */
        public static Attribute of(String name, List<String> values) {
            var message = new ProtoMessage().text(1, name);
            values.forEach(value -> message.text(9, value));
            return new Attribute(message.number(20, TYPE_STRINGS));
        }

        /** A tensor, as raw bytes. */
        public static Attribute of(String name, OnnxTensor value) {
            return tensor(name, TensorMessages.raw(value));
        }

        /** A tensor as it is given, see {@link TensorMessages}. */
        public static Attribute tensor(String name, ProtoMessage value) {
            return new Attribute(new ProtoMessage().text(1, name).message(5, value).number(20, TYPE_TENSOR));
        }

        /** A graph, as control flow has it. */
        public static Attribute of(String name, OnnxGraph value) {
            return new Attribute(new ProtoMessage().text(1, name).message(6, value.graph).number(20, TYPE_GRAPH));
        }
    }

    /** Takes ONNX's own operators from this set. */
    public OnnxGraph opset(int version) {
        return opset("", version);
    }

    /** Says which set of operators a domain means. */
    public OnnxGraph opset(String domain, int version) {
        opsets.put(domain, version);
        return this;
    }

    /** An operator that computes {@code output}, the name that is returned. */
    public String node(String type, String output, List<String> inputs, Attribute... attributes) {
        node("", type, output, inputs, List.of(output), attributes);
        return output;
    }

    /**
     * Any operator.
     *
     * @param domain "" for ONNX's own
     * @param name of the node, or ""
     * @param inputs "" where one is left out
     * @param outputs "" where one is not wanted
     */
    public void node(String domain, String type, String name, List<String> inputs, List<String> outputs, Attribute... attributes) {
        var node = new ProtoMessage();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(3, name).text(4, type);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message());
        }
        if (!domain.isEmpty()) {
            node.text(7, domain);
        }
        graph.message(1, node);
    }

    /**
     * A constant of floats.
     *
     * @param dims none for a scalar
     * @param values asked for when the model is written
     * @return its name
     */
    public String constant(String name, int[] dims, Supplier<float[]> values) {
        int count = 1;
        for (int dim : dims) {
            count = Math.multiplyExact(count, dim);
        }
        return constant(name, TensorMessages.header(ElementType.FLOAT.code(), dims).floats(9, count, values));
    }

    /** A constant of any type, as raw bytes. */
    public String constant(String name, OnnxTensor value) {
        return constant(name, TensorMessages.raw(value));
    }

    /**
     * A constant as it is given, see {@link TensorMessages}.
     *
     * @param tensor without a name; is changed
     */
    public String constant(String name, ProtoMessage tensor) {
        graph.message(5, tensor.text(8, name));
        return name;
    }

    /** An input of floats. */
    public void input(String name, int... dims) {
        input(name, ElementType.FLOAT, boxed(dims));
    }

    /**
     * An input.
     *
     * @param dims each an Integer, a String if only its name is known, or null if not even that is
     */
    public void input(String name, ElementType type, Object... dims) {
        graph.message(11, valueInfo(name, type, dims));
    }

    /** An output of floats. */
    public void output(String name, int... dims) {
        output(name, ElementType.FLOAT, boxed(dims));
    }

    /** An output, with sizes as those of {@link #input(String, ElementType, Object...)}. */
    public void output(String name, ElementType type, Object... dims) {
        graph.message(12, valueInfo(name, type, dims));
    }

    /** An output of which nothing else is said. */
    public void untypedOutput(String name) {
        graph.message(12, new ProtoMessage().text(1, name));
    }

    private static Object[] boxed(int[] dims) {
        return IntStream.of(dims).boxed().toArray();
    }

    private static ProtoMessage valueInfo(String name, ElementType type, Object[] dims) {
        var shape = new ProtoMessage();
        for (Object dim : dims) {
            shape.message(1, switch (dim) {
                case null -> new ProtoMessage();
                case Integer size -> new ProtoMessage().number(1, size);
                case String symbol -> new ProtoMessage().text(2, symbol);
                default -> throw new IllegalArgumentException("size is " + dim + ", must be an Integer, a String or null");
            });
        }
        var tensor = new ProtoMessage().number(1, type.code()).message(2, shape);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }

    /** The graph alone, to which a test may add what has no method here. */
    public ProtoMessage message() {
        return graph;
    }

    /** The model; nothing must be added to the graph afterwards. */
    public ProtoMessage model() {
        var model = new ProtoMessage().number(1, IR_VERSION).text(2, "lanewise").message(7, graph);
        opsets.forEach((domain, version) -> model.message(8, new ProtoMessage().text(1, domain).number(2, version)));
        return model;
    }

    /** Writes the model, and returns the file. */
    public Path write(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            model().writeTo(out);
        }
        return file;
    }
}
