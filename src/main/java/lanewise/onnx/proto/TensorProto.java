package lanewise.onnx.proto;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * A constant as it stands in the file; its elements are in one of the fields, which one depends on the type and on the writer.
 *
 * @param name its name, or ""
 * @param elementType the number of its element type
 * @param dims its sizes
 * @param raw little-endian bytes, a part of the file, or null
 * @param floats {@code float_data}
 * @param ints {@code int32_data}, which also holds smaller integers, truth values and the bits of halves, each sign-extended
 * @param longs {@code int64_data}
 * @param doubles {@code double_data}
 * @param unsigned {@code uint64_data}, which also holds 32-bit unsigned integers
 * @param external where the bytes are if not in this file: {@code location}, {@code offset}, {@code length}; empty if they are here
 */
public record TensorProto(String name, int elementType, long[] dims, MemorySegment raw, float[] floats, long[] ints, long[] longs,
                          double[] doubles, long[] unsigned, Map<String, String> external) {}
