package lanewise.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import lanewise.internal.Checks;

/**
 * An array of numbers in the IDX format, in which MNIST and its relatives come:
 *
 * <pre>
 * 4 bytes       0, 0, the type of the elements, the number of dimensions
 * 4 bytes each  the dimensions, big-endian
 * the rest      the elements, big-endian, row-major
 *
 * type          0x08 unsigned byte   0x09 byte   0x0b short   0x0c int   0x0d float   0x0e double
 * </pre>
 *
 * <p>Plain or gzip: the contents decide, not the name. At most 2^31 - 9 bytes of elements, as many as fit into an array.
 *
 * <p><i>Source:</i> Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits, "The IDX file format".
 */
public final class IdxFile {

    private static final int UNSIGNED_BYTE = 0x08;
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;
    private static final int MOST_DIMENSIONS = 255;
    private static final int FIRST_BYTES = 1 << 20;
    private static final int PIECE = 1 << 16;

    private final List<Integer> shape;
    private final int type;
    private final byte[] data;

    private IdxFile(List<Integer> shape, int type, byte[] data) {
        this.shape = List.copyOf(shape);
        this.type = type;
        this.data = data;
    }

    /**
     * Reads a file.
     *
     * @param path plain or gzip
     * @return all of it
     * @throws NullPointerException if {@code path} is null
     * @throws FormatException if it is no valid IDX file, ends early or goes on too long
     * @throws IOException if it cannot be read
     */
    public static IdxFile read(Path path) throws IOException {
        try (InputFile file = InputFile.open(path)) {
            boolean gzip = file.size() >= 2 && (file.read(0, 2).getShort() & 0xffff) == GzipInput.MAGIC;
            if (!gzip) {
                return read(file, file.stream(), file.size());
            }
            try (var unpacked = new GzipInput(path, file.stream())) {
                return read(file, unpacked, -1);
            }
        }
    }

    /** {@code size} is that of the whole file, -1 if it shows only at its end. */
    private static IdxFile read(InputFile file, InputStream in, long size) throws IOException {
        int magic = readInt(file, in, "magic number");
        int type = magic >>> 8;
        int elementBytes = elementBytes(type); // of a type that has other bits than its lowest eight, too
        if (elementBytes == 0) {
            throw file.malformed(("magic number is 0x%08x, expected 0x000008nn, 09, 0b, 0c, 0d or 0e instead of 08, "
                    + "with the number of dimensions for nn").formatted(magic));
        }
        List<Integer> shape = new ArrayList<>();
        long bytes = elementBytes;
        for (int i = 0; i < (magic & 0xff); i++) {
            int dimension = readInt(file, in, "dimension " + i);
            shape.add(dimension);
            if (dimension < 0) {
                throw file.malformed("dimension " + i + " is " + Integer.toUnsignedString(dimension) + ", expected at most "
                        + Integer.MAX_VALUE);
            }
            bytes *= dimension;
            if (bytes > MOST_BYTES) {
                throw file.malformed("shape starts with " + shape + " of " + elementBytes + "-byte elements, " + bytes
                        + " bytes, expected at most " + MOST_BYTES);
            }
        }
        String needs = "shape " + shape + " of " + elementBytes + "-byte elements needs " + bytes + " bytes, the file has ";
        long header = Integer.BYTES * (1L + shape.size());
        if (size >= 0 && size - header != bytes) {
            throw file.malformed(needs + (size - header));
        }
        byte[] data = new byte[size >= 0 ? (int) bytes : (int) Math.min(bytes, FIRST_BYTES)];
        int filled = 0;
        while (filled < bytes) {
            if (filled == data.length) { // only gzip, where a declared size is not believed
                data = Arrays.copyOf(data, (int) Math.min(bytes, 2L * data.length));
            }
            int count = in.read(data, filled, Math.min(PIECE, data.length - filled));
            if (count < 0) {
                throw file.malformed(needs + filled);
            }
            filled += count;
        }
        if (in.read() >= 0) {
            throw file.malformed(needs + "at least " + (bytes + 1));
        }
        return new IdxFile(shape, type, data);
    }

    private static int readInt(InputFile file, InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(Integer.BYTES);
        if (bytes.length < Integer.BYTES) {
            throw file.malformed(name + " has " + bytes.length + " bytes, expected 4, then the file ends");
        }
        return ByteBuffer.wrap(bytes).getInt();
    }

    /** 0 if there is no such type. */
    private static int elementBytes(int type) {
        return switch (type) {
            case UNSIGNED_BYTE, 0x09 -> Byte.BYTES;
            case 0x0b -> Short.BYTES;
            case 0x0c -> Integer.BYTES;
            case 0x0d -> Float.BYTES;
            case 0x0e -> Double.BYTES;
            default -> 0;
        };
    }

    /**
     * The dimensions, the slowest first: {@code [60000, 28, 28]} for the images of MNIST.
     *
     * @return unmodifiable; empty for a single number
     */
    public List<Integer> shape() {
        return shape;
    }

    /**
     * The type of the elements in the file.
     *
     * @return 0x08 to 0x0e
     */
    public int type() {
        return type;
    }

    /**
     * The elements, if they are unsigned bytes: {@code bytes()[i] & 0xff}.
     *
     * @return {@code byte[product of shape]}, not a copy
     * @throws IllegalStateException if they have another type
     */
    public byte[] bytes() {
        if (type != UNSIGNED_BYTE) {
            throw new IllegalStateException("type is 0x%02x, bytes are there for 0x%02x".formatted(type, UNSIGNED_BYTE));
        }
        return data;
    }

    /**
     * The elements as they are, unsigned bytes from 0 to 255; int and double are rounded to the nearest float.
     *
     * @return {@code float[product of shape]}, new
     */
    public float[] floats() {
        float[] floats = new float[data.length / elementBytes(type)];
        ByteBuffer buffer = ByteBuffer.wrap(data);
        for (int i = 0; i < floats.length; i++) {
            floats[i] = switch (type) {
                case UNSIGNED_BYTE -> buffer.get() & 0xff;
                case 0x09 -> buffer.get();
                case 0x0b -> buffer.getShort();
                case 0x0c -> buffer.getInt();
                case 0x0d -> buffer.getFloat();
                default -> (float) buffer.getDouble();
            };
        }
        return floats;
    }

    /**
     * Writes unsigned bytes, {@linkplain AtomicFile whole or not at all}. The same arguments give the same bytes; packed ones may
     * differ from one version of the JDK to the next.
     *
     * @param path the file, replaced if it exists; packed with gzip if the name ends in {@code .gz}
     * @param shape at most 255 dimensions, the slowest first
     * @param values {@code byte[product of shape]}. Not modified
     * @throws NullPointerException if an argument, or a dimension, is null
     * @throws IllegalArgumentException if a dimension is negative, there are too many, or the length of {@code values} is not
     *         their product
     * @throws IOException if it cannot be written; the old file then stays
     */
    public static void write(Path path, List<Integer> shape, byte[] values) throws IOException {
        Checks.notNull(path, "path");
        if (Checks.notNull(shape, "shape").size() > MOST_DIMENSIONS) {
            throw new IllegalArgumentException("shape has " + shape.size() + " dimensions, at most " + MOST_DIMENSIONS + " fit");
        }
        ByteBuffer header = ByteBuffer.allocate(Integer.BYTES * (1 + shape.size()));
        header.putInt(UNSIGNED_BYTE << 8 | shape.size());
        int[] dimensions = new int[shape.size()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = Checks.atLeast(Checks.notNull(shape.get(i), "shape[" + i + "]"), 0, "shape[" + i + "]");
            header.putInt(dimensions[i]);
        }
        int size = Checks.product("shape", dimensions);
        if (Checks.notNull(values, "values").length != size) {
            throw new IllegalArgumentException("values has length " + values.length + ", shape " + shape + " needs " + size);
        }
        boolean gzip = path.toString().endsWith(".gz");
        AtomicFile.write(path, out -> {
            try (OutputStream to = gzip ? new GZIPOutputStream(out, PIECE) : out) {
                to.write(header.array());
                to.write(values);
            }
        });
    }
}
