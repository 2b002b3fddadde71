package lanewise.onnx;

import java.util.Arrays;
import java.util.List;

/**
 * The element types of ONNX that an importer meets: networks compute in {@link #FLOAT}, shapes and indices come as integers.
 *
 * <p><i>Source:</i> {@code TensorProto.DataType} in the ONNX specification.
 */
public enum ElementType {
    /** 32-bit floats. */
    FLOAT(1, 4, Kind.FLOATS),
    /** Unsigned bytes. */
    UINT8(2, 1, Kind.LONGS),
    /** Signed bytes. */
    INT8(3, 1, Kind.LONGS),
    /** Unsigned 16-bit integers. */
    UINT16(4, 2, Kind.LONGS),
    /** Signed 16-bit integers. */
    INT16(5, 2, Kind.LONGS),
    /** Signed 32-bit integers. */
    INT32(6, 4, Kind.LONGS),
    /** Signed 64-bit integers, the type of shapes. */
    INT64(7, 8, Kind.LONGS),
    /** Truth values, held as 0 and 1. */
    BOOL(9, 1, Kind.LONGS),
    /** IEEE half precision, held widened to float. */
    FLOAT16(10, 2, Kind.FLOATS),
    /** 64-bit floats. */
    DOUBLE(11, 8, Kind.DOUBLES),
    /** Unsigned 32-bit integers. */
    UINT32(12, 4, Kind.LONGS),
    /** Unsigned 64-bit integers; above 2^63 - 1 the held long is negative. */
    UINT64(13, 8, Kind.LONGS),
    /** The upper half of a float, held widened to float. */
    BFLOAT16(16, 2, Kind.FLOATS);

    /** The Java array that holds the elements. */
    enum Kind { FLOATS, DOUBLES, LONGS }

    /** By number. */
    private static final List<String> NAMES = List.of("UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64",
            "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16", "FLOAT8E4M3FN",
            "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "UINT4", "INT4", "FLOAT4E2M1", "FLOAT8E8M0", "UINT2", "INT2");

    private final int code;
    private final int bytes;
    private final Kind kind;

    ElementType(int code, int bytes, Kind kind) {
        this.code = code;
        this.bytes = bytes;
        this.kind = kind;
    }

    /**
     * The type with this number in a file.
     *
     * @throws IllegalArgumentException if there is none, or it is one that holds no numbers (strings, complex, packed types)
     */
    public static ElementType of(int code) {
        for (ElementType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("element type is " + nameOf(code) + ", must be one of " + Arrays.toString(values()));
    }

    /** Whether {@link #of} has this number. */
    static boolean isSupported(int code) {
        return Arrays.stream(values()).anyMatch(type -> type.code == code);
    }

    /** The name of any type of the specification, supported or not. */
    static String nameOf(int code) {
        return code >= 0 && code < NAMES.size() ? NAMES.get(code) : "type " + code;
    }

    /** The number of the type in a file. */
    public int code() {
        return code;
    }

    /** Bytes of one element in a file. */
    public int bytes() {
        return bytes;
    }

    Kind kind() {
        return kind;
    }
}
