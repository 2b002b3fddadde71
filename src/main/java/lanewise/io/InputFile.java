package lanewise.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import lanewise.internal.Checks;

/**
 * A file open for reading, whose size is known. Reads are positional, so several threads may read.
 *
 * <p>Read in pieces: the JDK copies to a heap buffer by way of a direct one of the same size, which it keeps per thread.
 */
final class InputFile implements Closeable {

    private static final int PIECE = 1 << 16;

    private final Path path;
    private final FileChannel channel;
    private final long size;

    private InputFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        size = channel.size();
    }

    static InputFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(Checks.notNull(path, "path"), StandardOpenOption.READ);
        try {
            return new InputFile(path, channel);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** When it was opened, in bytes. */
    long size() {
        return size;
    }

    /** Fills a buffer with the bytes from {@code position}, and flips it; the caller has compared with {@link #size()}. */
    void read(long position, ByteBuffer to) throws IOException {
        int length = to.limit();
        while (to.position() < length) {
            to.limit(Math.min(length, to.position() + PIECE));
            if (channel.read(to, position + to.position()) < 0) {
                throw malformed("ends at byte " + (position + to.position()) + ", had " + size + " bytes when it was opened");
            }
        }
        to.limit(length).position(0);
    }

    /** The bytes from {@code position}, at most as many as the file has. */
    ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        read(position, bytes);
        return bytes;
    }

    /** All bytes from the start; not to be closed. */
    InputStream stream() {
        return Channels.newInputStream(channel);
    }

    FormatException malformed(String reason) {
        return new FormatException(path, reason);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
