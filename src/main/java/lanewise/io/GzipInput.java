package lanewise.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip, one member or several. In place of the JDK's stream because of what that does with hostile files: it calls itself
 * for each empty member until the stack is full, and takes whatever follows a member, an error of the disk too, for the end.
 *
 * <p><i>Source:</i> RFC 1952.
 */
final class GzipInput extends InputStream {

    static final int MAGIC = 0x1f8b;

    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final Path path;
    private final InputStream packed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32(); // of the unpacked bytes of a member; between members, of its header
    private final byte[] buffer = new byte[1 << 16];
    private int next; // of the buffer
    private int end;
    private boolean insideMember;

    /** Closing does not close {@code packed}. */
    GzipInput(Path path, InputStream packed) {
        this.path = path;
        this.packed = packed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            if (!insideMember && !startMember()) {
                return -1;
            }
            int count = inflate(to, offset, length);
            crc.update(to, offset, count);
            if (inflater.finished()) {
                next = end - inflater.getRemaining();
                requireTrailer();
                insideMember = false;
            }
            if (count > 0) {
                return count;
            }
        }
    }

    private int inflate(byte[] to, int offset, int length) throws IOException {
        try {
            int count = inflater.inflate(to, offset, length);
            if (count == 0 && inflater.needsInput()) {
                if (!fill()) {
                    throw malformed("ends inside of its compressed data");
                }
                inflater.setInput(buffer, 0, end);
            }
            return count;
        } catch (DataFormatException e) {
            throw new FormatException(path, "its gzip data is corrupt, " + e.getMessage(), e);
        }
    }

    /** False at the end of the file. */
    private boolean startMember() throws IOException {
        if (next == end && !fill()) {
            return false;
        }
        crc.reset();
        int magic = take() << 8 | take();
        if (magic != MAGIC) {
            throw malformed("a gzip member starts with 0x%04x, expected 0x%04x".formatted(magic, MAGIC));
        }
        int method = take();
        int flags = take();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw malformed("its gzip method is %d with flags 0x%02x, expected %d and none above 0x1f"
                    .formatted(method, flags, DEFLATE));
        }
        skip(6); // the time, the effort and the operating system
        if ((flags & EXTRA) != 0) {
            skip(take() | take() << 8);
        }
        skipText((flags & NAME) != 0);
        skipText((flags & COMMENT) != 0);
        if ((flags & HEADER_CRC) != 0) {
            int computed = (int) crc.getValue() & 0xffff;
            requireEqual("header's CRC", take() | take() << 8, computed);
        }
        crc.reset();
        inflater.reset();
        inflater.setInput(buffer, next, end - next);
        insideMember = true;
        return true;
    }

    private void requireTrailer() throws IOException {
        int computed = (int) crc.getValue();
        requireEqual("CRC", littleEndian(), computed);
        requireEqual("length", littleEndian(), (int) inflater.getBytesWritten());
    }

    private void requireEqual(String name, int stored, int computed) throws FormatException {
        if (stored != computed) {
            throw malformed("its gzip %s is 0x%08x, the data has 0x%08x".formatted(name, stored, computed));
        }
    }

    private int littleEndian() throws IOException {
        return take() | take() << 8 | take() << 16 | take() << 24;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            take();
        }
    }

    private void skipText(boolean present) throws IOException {
        while (present && take() != 0) {
            continue; // a name may be as long as the file
        }
    }

    private int take() throws IOException {
        if (next == end && !fill()) {
            throw malformed("ends inside of a gzip header or trailer");
        }
        crc.update(buffer[next]);
        return buffer[next++] & 0xff;
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(packed.read(buffer), 0);
        return end > 0;
    }

    private FormatException malformed(String reason) {
        return new FormatException(path, reason);
    }

    @Override
    public void close() {
        inflater.close();
    }
}
