package lanewise.demo;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Unsigned bytes on one or more axes, and the file format of MNIST that keeps them: a magic number (0x801 for one axis, 0x803 for
 * three), the sizes as big-endian ints, then the bytes.
 *
 * @param sizes the first is the number of items
 * @param bytes {@code byte[product of sizes]}, not copied
 */
record Idx(int[] sizes, byte[] bytes) {

    private static final int UNSIGNED_BYTES = 0x800;

    Idx {
        long product = 1;
        for (int size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("sizes are " + Arrays.toString(sizes) + ", must be at least 0");
            }
            product = Math.multiplyExact(product, size);
        }
        if (sizes.length == 0 || product != bytes.length) {
            throw new IllegalArgumentException("sizes " + Arrays.toString(sizes) + " need " + product + " bytes, there are "
                    + bytes.length);
        }
    }

    /** The number of items. */
    int count() {
        return sizes[0];
    }

    /** Items 0, step, 2 step, ... */
    Idx everyNth(int step) {
        if (step < 1) {
            throw new IllegalArgumentException("every " + step + "-th item: must be at least 1");
        }
        int[] fewer = sizes.clone();
        fewer[0] = (count() + step - 1) / step;
        int item = count() == 0 ? 0 : bytes.length / count();
        byte[] chosen = new byte[fewer[0] * item];
        for (int i = 0; i < fewer[0]; i++) {
            System.arraycopy(bytes, i * step * item, chosen, i * item, item);
        }
        return new Idx(fewer, chosen);
    }

    /** A file, which may have been compressed: {@code name}, or {@code name.gz}. */
    static Idx read(Path folder, String name) throws IOException {
        Path plain = folder.resolve(name);
        Path file = Files.exists(plain) ? plain : folder.resolve(name + ".gz");
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.equals(plain) ? in : new GZIPInputStream(in), file.toString());
        }
    }

    /** A compressed file beside the classes of this package. */
    static Idx resource(String name) throws IOException {
        try (InputStream in = Idx.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path beside " + Idx.class.getPackageName());
            }
            return read(new GZIPInputStream(in), name);
        }
    }

    private static Idx read(InputStream in, String name) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(in.readAllBytes());
        int magic = file.remaining() < 4 ? 0 : file.getInt();
        int axes = magic - UNSIGNED_BYTES;
        if (axes < 1 || axes > 255 || file.remaining() < 4 * axes) {
            throw new IOException(name + " is not an IDX file of bytes: it begins with 0x" + Integer.toHexString(magic));
        }
        int[] sizes = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            sizes[axis] = file.getInt();
        }
        byte[] bytes = new byte[file.remaining()];
        file.get(bytes);
        try {
            return new Idx(sizes, bytes);
        } catch (IllegalArgumentException | ArithmeticException wrong) {
            throw new IOException(name + ": " + wrong.getMessage(), wrong);
        }
    }

    /** Writes it compressed, with no time stamp: the same bytes give the same file. */
    void write(Path file) throws IOException {
        var compressed = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(new BestGzip(compressed))) {
            out.writeInt(UNSIGNED_BYTES + sizes.length);
            for (int size : sizes) {
                out.writeInt(size);
            }
            out.write(bytes);
        }
        Files.write(file, compressed.toByteArray());
    }

    private static final class BestGzip extends GZIPOutputStream {

        BestGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(9);
        }
    }
}
