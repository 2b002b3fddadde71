package lanewise.onnx.proto;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lanewise.io.FormatException;

/** Reads a {@code GraphProto}. */
final class GraphBuilder {

    private String name = "";
    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<TensorProto> initializers = new ArrayList<>();
    private final List<ValueInfoProto> inputs = new ArrayList<>();
    private final List<ValueInfoProto> outputs = new ArrayList<>();
    private final List<String> sparseInitializers = new ArrayList<>();

    void merge(WireReader in, String holder) throws FormatException {
        long outer = in.enter(holder);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> nodes.add(NodeBuilder.read(in));
                case 2 -> name = in.text("GraphProto.name");
                case 5 -> initializers.add(initializer(in));
                case 11 -> inputs.add(ValueInfoBuilder.read(in, "GraphProto.input"));
                case 12 -> outputs.add(ValueInfoBuilder.read(in, "GraphProto.output"));
                case 15 -> sparseInitializers.add(sparseName(in));
                default -> in.skip();
            }
        }
        in.leave(outer);
    }

    private static TensorProto initializer(WireReader in) throws FormatException {
        long start = in.start();
        TensorProto tensor = TensorBuilder.read(in, "GraphProto.initializer");
        if (tensor.name().isEmpty()) {
            throw in.malformed(start, "an initializer has no name, expected one");
        }
        return tensor;
    }

    /** A {@code SparseTensorProto} is named by its values, which are a tensor. */
    private static String sparseName(WireReader in) throws FormatException {
        String name = "";
        long outer = in.enter("GraphProto.sparse_initializer");
        while (in.next()) {
            if (in.field() == 1) {
                name = TensorBuilder.read(in, "SparseTensorProto.values").name();
            } else {
                in.skip();
            }
        }
        in.leave(outer);
        return name;
    }

    GraphProto build() {
        return new GraphProto(name, Collections.unmodifiableList(nodes), Collections.unmodifiableList(initializers),
                Collections.unmodifiableList(inputs), Collections.unmodifiableList(outputs),
                Collections.unmodifiableList(sparseInitializers));
    }
}
