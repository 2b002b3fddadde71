package lanewise.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.Quoted;
import lanewise.io.FormatException;
import lanewise.onnx.proto.TensorProto;

/**
 * Makes tensors of the constants of a model, wherever their elements are: raw bytes, a list of numbers, or another file beside the
 * model. Types are widened exactly as {@link ElementType} says; of a number in a list the low bits count that its type has.
 *
 * <p>Nothing is allocated before the sizes agree with the elements that are there.
 *
 * <p><i>Source:</i> {@code TensorProto} in {@code onnx.proto} of the ONNX specification.
 */
final class TensorReader {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path model;
    private final ExternalData external;

    /**
     * @param model the file the tensors were read from; those in other files are beside it
     */
    TensorReader(Path model) {
        this.model = Checks.notNull(model, "model");
        external = new ExternalData(model);
    }

    /** Why a tensor of this type cannot be read, by the name of the type, or null. */
    static String refusal(TensorProto tensor) {
        return ElementType.isSupported(tensor.elementType()) ? null : "elements are " + ElementType.nameOf(tensor.elementType())
                + ", only " + Arrays.toString(ElementType.values()) + " are supported";
    }

    /**
     * Reads one tensor. Its array is new, or that of the proto.
     *
     * @throws FormatException if its type is none of {@link ElementType}, its sizes do not agree with its elements, or the file
     *         that it names is missing, too short, or not within the folder of the model
     * @throws IOException if that file cannot be read
     */
    OnnxTensor read(TensorProto tensor) throws IOException {
        String refusal = refusal(tensor);
        if (refusal != null) {
            throw malformed(tensor, refusal);
        }
        ElementType type = ElementType.of(tensor.elementType());
        int[] dims = dims(tensor);
        int size = OnnxTensor.size(dims);
        requireOneStorage(tensor);
        long bytes = (long) size * type.bytes();
        Object data;
        if (!tensor.external().isEmpty()) {
            try (Arena arena = Arena.ofConfined()) {
                data = fromBytes(type, external.map(tensor, bytes, arena), size);
            }
        } else if (tensor.raw() != null) {
            require(tensor, bytes, tensor.raw().byteSize(), "bytes");
            data = fromBytes(type, tensor.raw(), size);
        } else {
            data = fromNumbers(type, tensor, size);
        }
        return OnnxTensor.of(type, data, dims);
    }

    /**
     * Refuses what {@link #read} would refuse, without reading any element.
     *
     * @throws FormatException as {@link #read}
     * @throws IOException if another file cannot be opened
     */
    void check(TensorProto tensor) throws IOException {
        String refusal = refusal(tensor);
        if (refusal != null) {
            throw malformed(tensor, refusal);
        }
        ElementType type = ElementType.of(tensor.elementType());
        int size = OnnxTensor.size(dims(tensor));
        requireOneStorage(tensor);
        if (!tensor.external().isEmpty()) {
            external.check(tensor, (long) size * type.bytes());
        } else if (tensor.raw() != null) {
            require(tensor, (long) size * type.bytes(), tensor.raw().byteSize(), "bytes");
        } else {
            requireNumbers(type, tensor, size);
        }
    }

    /** An array must be able to hold the elements, and the sizes other than 0 must not overflow. */
    private int[] dims(TensorProto tensor) throws FormatException {
        long[] given = tensor.dims();
        int[] dims = new int[given.length];
        long size = 1;
        for (int i = 0; i < dims.length; i++) {
            long most = Integer.MAX_VALUE / size;
            if (given[i] < 0 || given[i] > most) {
                throw malformed(tensor, "sizes are " + shortened(given) + ", size " + i + " must be from 0 to " + most
                        + ", as an array can hold");
            }
            dims[i] = (int) given[i];
            size *= Math.max(1, given[i]);
        }
        return dims;
    }

    private void requireOneStorage(TensorProto tensor) throws FormatException {
        int lists = used(tensor.floats().length) + used(tensor.ints().length) + used(tensor.longs().length)
                + used(tensor.doubles().length) + used(tensor.unsigned().length);
        int stored = lists + (tensor.raw() == null ? 0 : 1) + used(tensor.external().size());
        if (stored > 1) {
            throw malformed(tensor, "elements are stored in " + stored + " ways, expected one");
        }
    }

    private static int used(int length) {
        return length == 0 ? 0 : 1;
    }

    private void requireNumbers(ElementType type, TensorProto tensor, int size) throws FormatException {
        switch (type) {
            case FLOAT -> require(tensor, size, tensor.floats().length, "float_data");
            case DOUBLE -> require(tensor, size, tensor.doubles().length, "double_data");
            case INT64 -> require(tensor, size, tensor.longs().length, "int64_data");
            case UINT64, UINT32 -> require(tensor, size, tensor.unsigned().length, "uint64_data");
            default -> require(tensor, size, tensor.ints().length, "int32_data");
        }
    }

    private Object fromNumbers(ElementType type, TensorProto tensor, int size) throws FormatException {
        requireNumbers(type, tensor, size);
        return switch (type) {
            case FLOAT -> tensor.floats();
            case DOUBLE -> tensor.doubles();
            case INT64 -> tensor.longs();
            case UINT64, UINT32 -> narrowed(type, tensor.unsigned());
            case FLOAT16, BFLOAT16 -> widened(type, tensor.ints());
            default -> narrowed(type, tensor.ints());
        };
    }

    private static long[] narrowed(ElementType type, long[] values) {
        long[] data = new long[values.length];
        for (int i = 0; i < data.length; i++) {
            long value = values[i];
            data[i] = switch (type) {
                case UINT8 -> value & 0xff;
                case INT8 -> (byte) value;
                case UINT16 -> value & 0xffff;
                case INT16 -> (short) value;
                case INT32 -> (int) value;
                case UINT32 -> value & 0xffff_ffffL;
                case BOOL -> value == 0 ? 0 : 1;
                default -> value;
            };
        }
        return data;
    }

    private static float[] widened(ElementType type, long[] bits) {
        float[] data = new float[bits.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = widened(type, (short) bits[i]);
        }
        return data;
    }

    private static float widened(ElementType type, short bits) {
        return type == ElementType.FLOAT16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
    }

    /** All {@code size} elements of little-endian bytes. */
    private static Object fromBytes(ElementType type, MemorySegment bytes, int size) {
        return switch (type) {
            case FLOAT -> bytes.toArray(FLOAT);
            case DOUBLE -> bytes.toArray(DOUBLE);
            case INT64, UINT64 -> bytes.toArray(LONG);
            case FLOAT16, BFLOAT16 -> {
                float[] data = new float[size];
                for (int i = 0; i < size; i++) {
                    data[i] = widened(type, bytes.get(SHORT, (long) Short.BYTES * i));
                }
                yield data;
            }
            default -> {
                long[] data = new long[size];
                for (int i = 0; i < size; i++) {
                    data[i] = integer(type, bytes, (long) type.bytes() * i);
                }
                yield data;
            }
        };
    }

    private static long integer(ElementType type, MemorySegment bytes, long at) {
        return switch (type) {
            case UINT8 -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
            case UINT16 -> bytes.get(SHORT, at) & 0xffff;
            case INT16 -> bytes.get(SHORT, at);
            case INT32 -> bytes.get(INT, at);
            case UINT32 -> bytes.get(INT, at) & 0xffff_ffffL;
            case BOOL -> bytes.get(ValueLayout.JAVA_BYTE, at) == 0 ? 0 : 1;
            default -> throw new AssertionError(type);
        };
    }

    private void require(TensorProto tensor, long wanted, long found, String what) throws FormatException {
        if (wanted != found) {
            throw malformed(tensor, ElementType.of(tensor.elementType()) + shortened(tensor.dims()) + " needs " + wanted
                    + (what.equals("bytes") ? " bytes, " : " elements in " + what + ", ") + found + " are there");
        }
    }

    /** The first sizes, when there are absurdly many. */
    private static String shortened(long[] dims) {
        int most = 8;
        String text = Arrays.toString(dims.length <= most ? dims : Arrays.copyOf(dims, most));
        return dims.length <= most ? text : text + " and " + (dims.length - most) + " more";
    }

    private FormatException malformed(TensorProto tensor, String reason) {
        return new FormatException(model, "tensor " + Quoted.text(tensor.name()) + ": " + reason);
    }
}
