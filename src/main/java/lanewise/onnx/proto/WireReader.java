package lanewise.onnx.proto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import lanewise.internal.Quoted;
import lanewise.io.FormatException;

/**
 * A cursor over the wire format of protocol buffers: a message is field after field, each a tag {@code number << 3 | type} and
 * then, by type, a variable-length number (0), eight bytes (1), a length with so many bytes (2: text, a message, packed numbers)
 * or four bytes (5). A message within another is bounded by {@link #enter} and {@link #leave}; what is unknown is skipped unread,
 * so the depth of calls is that of the messages that are known.
 *
 * <p>Nothing a file says is believed before it is compared with the bytes that are there. A number of at most ten bytes, no groups
 * (types 3 and 4, which ONNX never had), and so many items that a hostile file fills no heap with tiny objects.
 *
 * <p><i>Source:</i> protobuf.dev, "Encoding".
 */
final class WireReader {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    /** Messages and texts in one file, each up to some hundred bytes of heap; a network of a thousand layers has 20,000. */
    static final int MOST_ITEMS = 1 << 21;

    /** Bytes of one name or other text. */
    static final int MOST_TEXT = 1 << 20;

    private static final byte[] NO_BYTES = {};

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private long position;
    private long end;
    private long start;
    private int field;
    private int type;
    private int items;

    WireReader(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
        this.end = bytes.byteSize();
    }

    /** Goes to the next field of the current message; its value must then be read or skipped. False at the end of the message. */
    boolean next() throws FormatException {
        if (position == end) {
            return false;
        }
        start = position;
        long tag = varint();
        type = (int) tag & 7;
        field = (int) (tag >>> 3);
        if (field == 0 || tag >>> 32 != 0) {
            throw malformed(start, "the field number is " + Long.toUnsignedString(tag >>> 3) + ", expected 1 to 536870911");
        }
        if (type != VARINT && type != FIXED64 && type != DELIMITED && type != FIXED32) {
            throw malformed(start, "field " + field + " has the wire type " + type + ", expected 0, 1, 2 or 5");
        }
        return true;
    }

    /** The number of the current field. */
    int field() {
        return field;
    }

    /** Where the current field starts, in bytes. */
    long start() {
        return start;
    }

    void skip() throws FormatException {
        switch (type) {
            case VARINT -> varint();
            case FIXED64 -> advance(Long.BYTES, "a field");
            case DELIMITED -> advance(length("a field"), "a field");
            default -> advance(Integer.BYTES, "a field");
        }
    }

    /**
     * Goes into the message that is the value of the current field.
     *
     * @return what {@link #leave} wants
     */
    long enter(String name) throws FormatException {
        expect(DELIMITED, name);
        long length = length(name);
        count();
        long outer = end;
        end = position + length;
        return outer;
    }

    /** Back in the message around the current one, which was read to its end. */
    void leave(long outer) {
        end = outer;
    }

    long number(String name) throws FormatException {
        expect(VARINT, name);
        return varint();
    }

    /** As every parser does it, the lower half of a longer number. */
    int integer(String name) throws FormatException {
        return (int) number(name);
    }

    float real(String name) throws FormatException {
        expect(FIXED32, name);
        return Float.intBitsToFloat(bytes.get(INT, advance(Integer.BYTES, name)));
    }

    /** Text, which has to be valid UTF-8. */
    String text(String name) throws FormatException {
        byte[] utf8 = textBytes(name);
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0 && !Arrays.equals(utf8, text.getBytes(StandardCharsets.UTF_8))) {
            throw malformed(start, name + " is " + Quoted.text(text) + ", expected valid UTF-8");
        }
        return text;
    }

    /** Bytes that mostly are text; what is no UTF-8 becomes U+FFFD. */
    String bytesAsText(String name) throws FormatException {
        return new String(textBytes(name), StandardCharsets.UTF_8);
    }

    private byte[] textBytes(String name) throws FormatException {
        expect(DELIMITED, name);
        long length = length(name);
        if (length > MOST_TEXT) {
            throw malformed(start, name + " has " + length + " bytes, expected at most " + MOST_TEXT);
        }
        count();
        byte[] text = length == 0 ? NO_BYTES : new byte[(int) length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, advance(length, name), text, 0, text.length);
        return text;
    }

    /** Bytes, a part of the file. */
    MemorySegment bytes(String name) throws FormatException {
        expect(DELIMITED, name);
        long length = length(name);
        return bytes.asSlice(advance(length, name), length);
    }

    /** Numbers of a repeated field: one, or several packed. */
    void numbers(LongList to, String name) throws FormatException {
        if (type == VARINT) {
            requireArray(to.size() + 1L, name);
            to.add(varint());
            return;
        }
        expect(DELIMITED, name);
        long length = length(name);
        long outer = end;
        end = position + length;
        long count = numbersUntilEnd();
        requireArray(to.size() + count, name);
        to.reserve((int) count);
        while (position < end) {
            to.add(varint());
        }
        end = outer;
    }

    /** The last byte of a number has no highest bit. */
    private long numbersUntilEnd() {
        long count = 0;
        for (long i = position; i < end; i++) {
            count += bytes.get(ValueLayout.JAVA_BYTE, i) >= 0 ? 1 : 0;
        }
        return count;
    }

    /** Floats of a repeated field: one, or several packed. */
    void floats(FixedList to, String name) throws FormatException {
        fixed(to, FIXED32, Float.BYTES, name);
    }

    /** Doubles of a repeated field: one, or several packed. */
    void doubles(FixedList to, String name) throws FormatException {
        fixed(to, FIXED64, Double.BYTES, name);
    }

    private void fixed(FixedList to, int single, int width, String name) throws FormatException {
        if (type != single) {
            expect(DELIMITED, name);
        }
        long length = type == single ? width : length(name);
        if (length % width != 0) {
            throw malformed(start, name + " has " + length + " bytes, expected a multiple of " + width);
        }
        requireArray(to.size() == 0 ? length / width : to.size() + length, name);
        to.add(bytes, advance(length, name), length);
    }

    private void requireArray(long length, String name) throws FormatException {
        if (length > LongList.MOST) {
            throw malformed(start, name + " is " + length + " long, expected at most " + LongList.MOST + ", as an array can be");
        }
    }

    private void expect(int wanted, String name) throws FormatException {
        if (type != wanted) {
            throw malformed(start, name + " has the wire type " + type + ", expected " + wanted);
        }
    }

    private void count() throws FormatException {
        if (++items > MOST_ITEMS) {
            throw malformed(start, "here are more than " + MOST_ITEMS + " messages and texts, expected at most so many");
        }
    }

    /** A length, already compared with what is left. */
    private long length(String name) throws FormatException {
        long length = varint();
        requireLeft(length, name);
        return length;
    }

    private long advance(long length, String name) throws FormatException {
        requireLeft(length, name);
        long from = position;
        position += length;
        return from;
    }

    private void requireLeft(long length, String name) throws FormatException {
        if (length < 0 || length > end - position) {
            throw malformed(start, name + " has " + Long.toUnsignedString(length) + " bytes, expected at most " + (end - position)
                    + ", where what holds it ends");
        }
    }

    /** Seven bits a byte, the lowest first; all bytes but the last have the highest bit set. */
    private long varint() throws FormatException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position == end) {
                throw malformed(position, "a number goes on, expected its end within what holds it");
            }
            byte next = bytes.get(ValueLayout.JAVA_BYTE, position++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0 && (shift < 63 || next <= 1)) {
                return value;
            }
        }
        throw malformed(position - 1, "a number has more than 64 bits, expected at most 64");
    }

    FormatException malformed(long at, String reason) {
        return new FormatException(file, "at byte " + at + ": " + reason);
    }
}
