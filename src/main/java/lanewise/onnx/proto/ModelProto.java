package lanewise.onnx.proto;

import java.util.Map;

/**
 * A whole file.
 *
 * @param irVersion the version of the file format
 * @param producer the tool that wrote it, or ""
 * @param opsets the version of each operator set by domain; "" is that of ONNX itself
 * @param graph the computation
 * @param functions how many functions the model defines, which are not supported
 */
public record ModelProto(long irVersion, String producer, Map<String, Long> opsets, GraphProto graph, int functions) {}
