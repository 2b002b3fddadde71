package lanewise.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file as the JDK's decoders want it. Their own streams keep a copy of the file, on disk or in memory, or do not know its length,
 * by which decoders check the sizes that a file declares.
 */
final class PictureStream extends ImageInputStreamImpl {

    private final InputFile file;
    private final ByteBuffer window = ByteBuffer.allocate(1 << 13);
    private long windowStart;
    private IOException trouble;

    PictureStream(InputFile file) {
        this.file = file;
        window.limit(0);
    }

    /** Why the disk could not be read; null if it could. Decoders wrap it into what they throw for malformed files. */
    IOException trouble() {
        return trouble;
    }

    @Override
    public long length() {
        return file.size();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** As many bytes as are asked for, unless the file ends: the readers of numbers above this take fewer for the end. */
    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        checkClosed();
        Objects.checkFromIndexSize(offset, length, to.length);
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        int count = 0;
        while (count < length && streamPos < file.size()) {
            if (streamPos < windowStart || streamPos >= windowStart + window.limit()) {
                fill();
            }
            int at = (int) (streamPos - windowStart);
            int piece = Math.min(length - count, window.limit() - at);
            window.get(at, to, offset + count, piece);
            streamPos += piece;
            count += piece;
        }
        return count == 0 ? -1 : count;
    }

    private void fill() throws IOException {
        try {
            windowStart = streamPos;
            file.read(streamPos, window.clear().limit((int) Math.min(window.capacity(), file.size() - streamPos)));
        } catch (IOException e) {
            window.limit(0);
            trouble = e;
            throw e;
        }
    }
}
