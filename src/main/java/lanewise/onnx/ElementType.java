package lanewise.onnx;

import java.util.Arrays;

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
        throw new IllegalArgumentException("element type is " + code + ", must be one of " + Arrays.toString(values()));
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
