package lanewise.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * A message of protocol buffers on the wire: field after field in the order in which they were added, each a tag
 * {@code field << 3 | type}, then a variable-length number, four bytes, or a length with so many bytes.
 *
 * <p>Lengths are summed up as fields are added, so a model of half a gigabyte is written in one pass and never lies in memory as
 * bytes. A message that was added to another must not be changed afterwards.
 *
 * <p><i>Source:</i> protobuf.dev, "Encoding".
 */
public final class ProtoMessage {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int CHUNK = 1 << 14; // floats

    /** What writes some of the bytes. */
    private interface Part {
        void writeTo(OutputStream out) throws IOException;
    }

    private final List<Part> parts = new ArrayList<>();
    private long length;

    /** A message without fields. */
    public ProtoMessage() {} // in an exported package the compiler wants it written

    /** The bytes that {@link #writeTo} writes. */
    public long length() {
        return length;
    }

    /** An integer or enum. */
    public ProtoMessage number(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    /** A float. */
    public ProtoMessage real(int field, float value) {
        varint((long) field << 3 | FIXED32);
        bytes(ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
        return this;
    }

    /** A string, in UTF-8. */
    public ProtoMessage text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        delimited(field, utf8.length);
        bytes(utf8);
        return this;
    }

    /** A double. */
    public ProtoMessage real(int field, double value) {
        varint((long) field << 3 | FIXED64);
        bytes(ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
        return this;
    }

    /** Bytes. */
    public ProtoMessage bytes(int field, byte[] value) {
        delimited(field, value.length);
        bytes(value);
        return this;
    }

    /** Packed integers. */
    public ProtoMessage packed(int field, long... values) {
        var packed = new ProtoMessage();
        LongStream.of(values).forEach(packed::varint);
        return message(field, packed);
    }

    /** Packed floats. */
    public ProtoMessage packed(int field, float... values) {
        ByteBuffer packed = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        packed.asFloatBuffer().put(values);
        return bytes(field, packed.array());
    }

    /** Packed doubles. */
    public ProtoMessage packed(int field, double... values) {
        ByteBuffer packed = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        packed.asDoubleBuffer().put(values);
        return bytes(field, packed.array());
    }

    /** A message within this one. */
    public ProtoMessage message(int field, ProtoMessage value) {
        delimited(field, value.length);
        parts.add(value::writeTo);
        length += value.length;
        return this;
    }

    /**
     * Bytes that are floats, little-endian.
     *
     * @param values asked for when it is their turn to be written
     */
    public ProtoMessage floats(int field, int count, Supplier<float[]> values) {
        delimited(field, (long) Float.BYTES * count);
        parts.add(out -> write(values.get(), count, out));
        length += (long) Float.BYTES * count;
        return this;
    }

    /** Writes all bytes. */
    public void writeTo(OutputStream out) throws IOException {
        for (Part part : parts) {
            part.writeTo(out);
        }
    }

    /** All bytes; of small messages. */
    public byte[] toBytes() {
        var out = new ByteArrayOutputStream();
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void delimited(int field, long bytes) {
        varint((long) field << 3 | DELIMITED);
        varint(bytes);
    }

    /** Seven bits a byte, the lowest first; all bytes but the last have the highest bit set. */
    private void varint(long value) {
        int count = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
        byte[] encoded = new byte[count];
        for (int i = 0; i < count; i++) {
            encoded[i] = (byte) (value >>> 7 * i & 0x7f | (i < count - 1 ? 0x80 : 0));
        }
        bytes(encoded);
    }

    private void bytes(byte[] value) {
        parts.add(out -> out.write(value));
        length += value.length;
    }

    private static void write(float[] values, int count, OutputStream out) throws IOException {
        if (values.length != count) {
            throw new IllegalStateException(values.length + " floats came, " + count + " were announced");
        }
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < count; from += CHUNK) {
            int floats = Math.min(CHUNK, count - from);
            chunk.asFloatBuffer().put(values, from, floats);
            out.write(chunk.array(), 0, floats * Float.BYTES);
        }
    }
}
