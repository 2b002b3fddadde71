package lanewise.onnx.proto;

import java.util.List;

/**
 * A graph, in the order of the file.
 *
 * @param name its name, or ""
 * @param nodes the operators
 * @param initializers constants
 * @param inputs what the caller gives; may name initializers as well, which then are defaults
 * @param outputs what the caller gets
 * @param sparseInitializers names of sparse constants, which are not supported; "" for one without a name
 */
public record GraphProto(String name, List<NodeProto> nodes, List<TensorProto> initializers, List<ValueInfoProto> inputs,
                         List<ValueInfoProto> outputs, List<String> sparseInitializers) {}
