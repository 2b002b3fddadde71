package lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import lanewise.oracle.Data;
import org.junit.jupiter.api.Test;

/** Bytes of the wire; the first four and the packed integers are examples of protobuf.dev. */
class ProtoMessageTest {

    private static void assertBytes(String hex, ProtoMessage message) throws IOException {
        assertEquals(hex.replace(" ", ""), HexFormat.of().formatHex(written(message)));
        assertEquals(hex.replace(" ", "").length() / 2, message.length());
    }

    private static byte[] written(ProtoMessage message) throws IOException {
        var out = new ByteArrayOutputStream();
        message.writeTo(out);
        return out.toByteArray();
    }

    @Test
    void number() throws IOException {
        assertBytes("08 9601", new ProtoMessage().number(1, 150));
    }

    @Test
    void text() throws IOException {
        assertBytes("12 07 74657374696e67", new ProtoMessage().text(2, "testing"));
    }

    @Test
    void messageWithin() throws IOException {
        assertBytes("1a 03 08 9601", new ProtoMessage().message(3, new ProtoMessage().number(1, 150)));
    }

    @Test
    void negativeNumber() throws IOException {
        assertBytes("08 feffffffffffffffff01", new ProtoMessage().number(1, -2));
    }

    @Test
    void zeroAndEmptyAreWritten() throws IOException {
        assertBytes("08 00 12 00 1a 00", new ProtoMessage().number(1, 0).text(2, "").message(3, new ProtoMessage()));
    }

    /** The tag of field 20 has two bytes; 127 has one and 128 two. */
    @Test
    void bordersOfVariableLength() throws IOException {
        assertBytes("a001 7f", new ProtoMessage().number(20, 127));
        assertBytes("78 8001", new ProtoMessage().number(15, 128));
    }

    @Test
    void realIsLittleEndian() throws IOException {
        assertBytes("15 0000803f", new ProtoMessage().real(2, 1));
    }

    @Test
    void realsOfEightBytes() throws IOException {
        assertBytes("11 000000000000f03f", new ProtoMessage().real(2, 1.0));
    }

    @Test
    void packed() throws IOException {
        assertBytes("32 06 03 8e02 9ea705", new ProtoMessage().packed(6, 3, 270, 86942));
        assertBytes("22 04 0000803f", new ProtoMessage().packed(4, 1f));
        assertBytes("52 08 000000000000f03f", new ProtoMessage().packed(10, 1.0));
    }

    @Test
    void bytes() throws IOException {
        assertBytes("4a 02 ff00", new ProtoMessage().bytes(9, new byte[] {-1, 0}));
    }

    @Test
    void textIsUtf8() throws IOException {
        assertBytes("0a 02 c3a4", new ProtoMessage().text(1, "\u00e4"));
    }

    /** More than one chunk, and not a whole number of them. */
    @Test
    void floatsAreLittleEndian() throws IOException {
        float[] values = Data.reals(1, 40_001);
        var message = new ProtoMessage().floats(9, values.length, () -> values);
        byte[] bytes = written(message);
        assertEquals(bytes.length, message.length());
        float[] read = new float[values.length];
        ByteBuffer.wrap(bytes, bytes.length - 4 * values.length, 4 * values.length).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()
                .get(read);
        assertArrayEquals(values, read);
    }

    @Test
    void floatsOfAnotherNumberAreRefused() {
        var message = new ProtoMessage().floats(9, 3, () -> new float[2]);
        var refusal = assertThrows(IllegalStateException.class, () -> written(message));
        assertEquals("2 floats came, 3 were announced", refusal.getMessage());
    }
}
