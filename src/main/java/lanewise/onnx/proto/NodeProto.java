package lanewise.onnx.proto;

import java.util.List;
import java.util.Map;

/**
 * One use of an operator.
 *
 * @param name its name, often ""
 * @param opType the operator: {@code Conv}
 * @param domain "" for ONNX's own operators ({@code ai.onnx} is read as "")
 * @param inputs names of values; "" where an optional input is left out
 * @param outputs names of values; "" where an optional output is not wanted
 * @param attributes by name
 */
public record NodeProto(String name, String opType, String domain, List<String> inputs, List<String> outputs,
                        Map<String, AttributeProto> attributes) {}
