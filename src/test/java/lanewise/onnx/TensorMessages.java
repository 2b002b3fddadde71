package lanewise.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Messages {@code TensorProto} without a name, in each way that elements can be stored. */
public final class TensorMessages {

    private TensorMessages() {}

    /** Sizes and type alone. */
    public static ProtoMessage header(int elementType, int... dims) {
        var tensor = new ProtoMessage();
        for (int dim : dims) {
            tensor.number(1, dim);
        }
        return tensor.number(2, elementType);
    }

    /** Raw bytes. */
    public static ProtoMessage raw(OnnxTensor tensor) {
        return header(tensor.type().code(), tensor.dims()).bytes(9, bytes(tensor));
    }

    /** A packed list of numbers, in the field that the type asks for. */
    public static ProtoMessage typed(OnnxTensor tensor) {
        ProtoMessage message = header(tensor.type().code(), tensor.dims());
        return switch (tensor.type()) {
            case FLOAT -> message.packed(4, tensor.floats());
            case DOUBLE -> message.packed(10, tensor.doubles());
            case INT64 -> message.packed(7, tensor.longs());
            case UINT32, UINT64 -> message.packed(11, tensor.longs());
            case FLOAT16, BFLOAT16 -> message.packed(5, halves(tensor));
            default -> message.packed(5, tensor.longs());
        };
    }

    /** The same list, each number a field of its own. */
    public static ProtoMessage unpacked(OnnxTensor tensor) {
        ProtoMessage message = header(tensor.type().code(), tensor.dims());
        for (int i = 0; i < tensor.size(); i++) {
            switch (tensor.type()) {
                case FLOAT -> message.real(4, tensor.floats()[i]);
                case DOUBLE -> message.real(10, tensor.doubles()[i]);
                case INT64 -> message.number(7, tensor.longs()[i]);
                case UINT32, UINT64 -> message.number(11, tensor.longs()[i]);
                case FLOAT16, BFLOAT16 -> message.number(5, halves(tensor)[i]);
                default -> message.number(5, tensor.longs()[i]);
            }
        }
        return message;
    }

    /**
     * Elements in another file.
     *
     * @param entries keys and values in turn: {@code location}, {@code offset}, {@code length}
     */
    public static ProtoMessage external(int elementType, int[] dims, String... entries) {
        ProtoMessage message = header(elementType, dims);
        for (int i = 0; i < entries.length; i += 2) {
            message.message(13, new ProtoMessage().text(1, entries[i]).text(2, entries[i + 1]));
        }
        return message.number(14, 1);
    }

    /** The elements, little-endian. */
    public static byte[] bytes(OnnxTensor tensor) {
        int width = tensor.type().bytes();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(tensor.size(), width)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < tensor.size(); i++) {
            switch (tensor.type()) {
                case FLOAT -> bytes.putFloat(tensor.floats()[i]);
                case DOUBLE -> bytes.putDouble(tensor.doubles()[i]);
                case FLOAT16, BFLOAT16 -> bytes.putShort((short) halves(tensor)[i]);
                default -> putLow(bytes, tensor.longs()[i], width);
            }
        }
        return bytes.array();
    }

    private static void putLow(ByteBuffer bytes, long value, int width) {
        for (int i = 0; i < width; i++) {
            bytes.put((byte) (value >> Byte.SIZE * i));
        }
    }

    /** The bits of halves, as unsigned numbers. */
    private static long[] halves(OnnxTensor tensor) {
        boolean ieee = tensor.type() == ElementType.FLOAT16;
        float[] values = tensor.floats();
        long[] bits = new long[values.length];
        Arrays.setAll(bits, i -> (ieee ? Float.floatToFloat16(values[i]) : Float.floatToRawIntBits(values[i]) >>> 16) & 0xffffL);
        return bits;
    }
}
