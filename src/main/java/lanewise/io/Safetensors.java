package lanewise.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lanewise.internal.Checks;

/**
 * Tensors by name in one file, as Hugging Face's safetensors library reads and writes them:
 *
 * <pre>
 * 8 bytes     N, little-endian
 * N bytes     {"__metadata__":{"key":"value"},"name":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}, ...} and spaces
 * the rest    the elements of each tensor, little-endian, row-major, one tensor behind the other
 * </pre>
 *
 * <p>All sizes are in bytes, {@code data_offsets} counted from the end of the header. An open file may be read by several threads.
 *
 * <p>A file is refused unless it passes all checks of the reference implementation: a header of at most 100,000,000 bytes that is
 * one JSON object in UTF-8, known types, shapes that agree with the offsets, offsets that cover the data without holes or
 * overlaps. Beyond those: a name given twice is refused, an unknown field of a tensor too, and a dimension may be at most
 * 2^31 - 1. Opening a file takes memory in proportion to its header, about ten times that; no data is read.
 *
 * <p><i>Source:</i> safetensors, "Format", in the README of the reference implementation.
 */
public final class Safetensors implements Closeable {

    /** A header in the file may have so many bytes, as in the reference implementation. */
    static final int MOST_HEADER_BYTES = 100_000_000;

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputFile file;
    private final SafetensorsHeader header;
    private final long dataStart;

    private Safetensors(InputFile file) throws IOException {
        this.file = file;
        if (file.size() < Long.BYTES) {
            throw file.malformed("has " + file.size() + " bytes, expected at least 8, the length of the header");
        }
        long length = file.read(0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = Math.min(file.size() - Long.BYTES, MOST_HEADER_BYTES);
        if (length < 0 || length > most) {
            throw file.malformed("the header's length is " + Long.toUnsignedString(length) + ", expected at most " + most);
        }
        dataStart = Long.BYTES + length;
        header = SafetensorsParser.parse(file.path(), file.read(Long.BYTES, (int) length).array(), file.size() - dataStart);
    }

    /**
     * Opens a file and reads its header.
     *
     * @param path a file
     * @return to be closed
     * @throws NullPointerException if {@code path} is null
     * @throws FormatException if it is no valid safetensors file
     * @throws IOException if it cannot be read
     */
    public static Safetensors open(Path path) throws IOException {
        InputFile file = InputFile.open(path);
        try {
            return new Safetensors(file);
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    /**
     * The strings that the file says about itself.
     *
     * @return in the order of the file; empty if there are none; unmodifiable
     */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * The tensors by name.
     *
     * @return in the order of their data; unmodifiable
     */
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    /**
     * Reads one tensor as floats: F32 bit for bit, F16 and BF16 exactly, F64 rounded to the nearest float.
     *
     * @param name one of {@link #tensors()}
     * @param dst Overwritten from {@code dstOffset} for the number of elements; may be left half written if the disk fails
     * @param dstOffset the first element, in floats
     * @throws NullPointerException if {@code name} or {@code dst} is null
     * @throws IllegalArgumentException if there is no such tensor
     * @throws IndexOutOfBoundsException if {@code dst} is too short
     * @throws FormatException if its type is another, or the file has become shorter
     * @throws IOException if it cannot be read
     */
    public void read(String name, float[] dst, int dstOffset) throws IOException {
        TensorInfo info = tensors().get(Checks.notNull(name, "name"));
        if (info == null) {
            throw new IllegalArgumentException(file.path() + " has no tensor " + FormatException.quote(name) + ", it has "
                    + tensors().size() + " others");
        }
        Dtype dtype = Dtype.named(info.dtype());
        if (!dtype.isReadable()) {
            throw file.malformed("tensor " + FormatException.quote(name) + " has the type " + dtype
                    + ", only F32, F64, F16 and BF16 can be read as floats");
        }
        Checks.range(dst, dstOffset, info.elements(), "dst");
        int bytes = dtype.bits() / Byte.SIZE;
        int count = (int) info.elements();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, (long) count * bytes)).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < count; ) {
            int step = Math.min(BUFFER_BYTES / bytes, count - done);
            buffer.clear().limit(step * bytes);
            file.read(dataStart + info.begin() + (long) done * bytes, buffer);
            dtype.toFloats(buffer, dst, dstOffset + done, step);
            done += step;
        }
    }

    /**
     * Writes a file of F32 tensors, {@linkplain AtomicFile whole or not at all}. The same arguments give the same bytes.
     *
     * @param path the file; replaced if it exists
     * @param metadata strings, written in the order of the map; empty for none
     * @param tensors in the order of the file; names unique. Not modified, nor to be modified meanwhile
     * @throws NullPointerException if an argument, or something in it, is null
     * @throws IllegalArgumentException if a name occurs twice, a string is no valid Unicode, or the header has more than
     *         100,000,000 bytes
     * @throws IOException if it cannot be written; the old file then stays
     */
    public static void write(Path path, Map<String, String> metadata, List<TensorSlice> tensors) throws IOException {
        Checks.notNull(path, "path");
        byte[] header = SafetensorsHeader.compose(Checks.notNull(metadata, "metadata"), Checks.notNull(tensors, "tensors"));
        AtomicFile.write(path, out -> {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.write(buffer.putLong(header.length).array(), 0, Long.BYTES);
            out.write(header);
            for (TensorSlice tensor : tensors) {
                writeData(tensor, buffer, out);
            }
        });
    }

    private static void writeData(TensorSlice tensor, ByteBuffer buffer, OutputStream out) throws IOException {
        int size = tensor.size();
        for (int done = 0; done < size; ) {
            int step = Math.min(BUFFER_BYTES / Float.BYTES, size - done);
            buffer.clear().asFloatBuffer().put(tensor.values(), tensor.offset() + done, step);
            out.write(buffer.array(), 0, step * Float.BYTES);
            done += step;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
