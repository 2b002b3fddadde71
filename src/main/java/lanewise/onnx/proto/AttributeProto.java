package lanewise.onnx.proto;

import java.util.List;

/**
 * An attribute of a node: one of the values is meant, which one says {@code type}.
 *
 * @param name its name
 * @param type the number of its type: 1 float, 2 int, 3 string, 4 tensor, 5 graph, 6 floats, 7 ints, 8 strings; others are
 * unsupported
 * @param f a float
 * @param i an integer
 * @param s a string, UTF-8
 * @param t a tensor, or null
 * @param floats floats, never null
 * @param ints integers, never null
 * @param strings strings, never null
 */
public record AttributeProto(String name, int type, float f, long i, String s, TensorProto t, float[] floats, long[] ints,
                             List<String> strings) {}
