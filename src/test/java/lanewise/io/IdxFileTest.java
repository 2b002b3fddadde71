package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import lanewise.oracle.Allocation;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("file");
    }

    @Test
    void everyTypeByHand() throws IOException {
        assertFloats("00000801 00000003  00 7f ff", 0x08, List.of(3), 0, 127, 255);
        assertFloats("00000901 00000003  00 7f ff", 0x09, List.of(3), 0, 127, -1);
        assertFloats("00000b02 00000002 00000001  0102 fffe", 0x0b, List.of(2, 1), 258, -2);
        assertFloats("00000c02 00000001 00000002  00010000 80000000", 0x0c, List.of(1, 2), 65536, -0x1p31f);
        assertFloats("00000d01 00000002  3f800000 80000000", 0x0d, List.of(2), 1, -0f);
        assertFloats("00000e01 00000002  3fb999999999999a 7fefffffffffffff", 0x0e, List.of(2), 0.1f, Float.POSITIVE_INFINITY);
        assertFloats("00000800 09", 0x08, List.of(), 9);
        assertFloats("00000803 0000ea60 00000000 0000001c", 0x08, List.of(60000, 0, 28));
    }

    private void assertFloats(String hex, int type, List<Integer> shape, float... expected) throws IOException {
        for (boolean gzip : new boolean[] {false, true}) {
            Files.write(file, gzip ? gzip(hex(hex)) : hex(hex));
            IdxFile idx = IdxFile.read(file);
            assertEquals(type, idx.type());
            assertEquals(shape, idx.shape());
            assertArrayEquals(expected, idx.floats());
        }
    }

    @Test
    void bytesAreForUnsignedBytes() throws IOException {
        Files.write(file, hex("00000801 00000002 80 ff"));
        assertArrayEquals(hex("80ff"), IdxFile.read(file).bytes());
        Files.write(file, hex("00000901 00000002 80 ff"));
        IdxFile signed = IdxFile.read(file);
        Refused.by(IllegalStateException.class, signed::bytes, "0x09", "0x08");
    }

    @Test
    void writtenFilesComeBack() throws IOException {
        byte[] values = new byte[3 * 1000 * 1001];
        new SplittableRandom(1).nextBytes(values);
        Path packed = folder.resolve("file.gz");
        for (Path path : List.of(file, packed)) {
            IdxFile.write(path, List.of(3, 1000, 1001), values);
            assertEquals(List.of(3, 1000, 1001), IdxFile.read(path).shape());
            assertArrayEquals(values, IdxFile.read(path).bytes());
        }
        try (var unpacked = new GZIPInputStream(Files.newInputStream(packed))) {
            assertArrayEquals(Files.readAllBytes(file), unpacked.readAllBytes());
        }
        byte[] first = Files.readAllBytes(packed);
        IdxFile.write(packed, List.of(3, 1000, 1001), values);
        assertArrayEquals(first, Files.readAllBytes(packed));
    }

    @Test
    void layoutByHand() throws IOException {
        IdxFile.write(file, List.of(2, 1, 3), new byte[] {1, 2, 3, 4, 5, -1});
        assertArrayEquals(hex("00000803 00000002 00000001 00000003 0102030405ff"), Files.readAllBytes(file));
        IdxFile.write(file, List.of(), new byte[] {7});
        assertArrayEquals(hex("00000800 07"), Files.readAllBytes(file));
    }

    @Test
    void malformedFilesShowBothValues() throws IOException {
        refused("", "magic number", "0 bytes", "4");
        refused("000008", "magic number", "3 bytes", "4");
        refused("00000a01 00000000", "0x00000a01", "0x000008nn");
        refused("01000801 00000000", "0x01000801", "0x000008nn");
        refused("89504e47 0d0a1a0a", "0x89504e47", "0x000008nn");
        refused("00000802 00000001 0000", "dimension 1", "2 bytes", "4");
        refused("00000801 80000000", "2147483648", Integer.MAX_VALUE);
        refused("00000801 7fffffff", "2147483647 bytes", Integer.MAX_VALUE - 8);
        refused("00000e01 10000000", "[268435456]", "8-byte", "2147483648", Integer.MAX_VALUE - 8);
        refused("00000803 7fffffff 7fffffff 7fffffff", "2147483647", Integer.MAX_VALUE - 8);
        refused("00000802 00010000 00010000 00", "[65536, 65536]", "4294967296", Integer.MAX_VALUE - 8);
        refused("00000802 00000002 00000003 0102030405", "[2, 3]", "needs 6", "has 5");
        refused("00000b02 00000002 00000003 0102030405060708090a0b", "2-byte", "needs 12", "has 11");
    }

    private void refused(String hex, Object... parts) throws IOException {
        Files.write(file, hex(hex));
        Refused.by(FormatException.class, () -> IdxFile.read(file), file);
        Refused.by(FormatException.class, () -> IdxFile.read(file), parts);
        Files.write(file, gzip(hex(hex)));
        Refused.by(FormatException.class, () -> IdxFile.read(file), parts);
    }

    @Test
    void trailingBytes() throws IOException {
        byte[] bytes = hex("00000802 00000002 00000003 010203040506 07");
        Files.write(file, bytes);
        Refused.by(FormatException.class, () -> IdxFile.read(file), "[2, 3]", "needs 6", "has 7");
        Files.write(file, gzip(bytes));
        Refused.by(FormatException.class, () -> IdxFile.read(file), "[2, 3]", "needs 6", "at least 7");
    }

    /** A gzip file that declares 2 GB and holds nothing costs no more than the first step; a plain one nothing. */
    @Test
    void declaredSizesAreNotBelieved() throws IOException {
        byte[] bytes = hex("00000801 7ffffff7 00");
        for (byte[] contents : List.of(bytes, gzip(bytes))) {
            Files.write(file, contents);
            long before = Allocation.bytesSoFar();
            Refused.by(FormatException.class, () -> IdxFile.read(file), "needs 2147483639", "has 1");
            long allocated = Allocation.bytesSoFar() - before;
            assertTrue(allocated < 2_000_000, () -> allocated + " bytes");
        }
    }

    @Test
    void corruptGzip() throws IOException {
        byte[] packed = gzip(hex("00000801 00000010 000102030405060708090a0b0c0d0e0f"));
        gzipRefused(Arrays.copyOf(packed, 5), "ends inside of a gzip header");
        gzipRefused(Arrays.copyOf(packed, 15), "ends inside of its compressed data");
        gzipRefused(Arrays.copyOf(packed, packed.length - 1), "ends inside of a gzip header or trailer");
        gzipRefused(with(packed, 2, 7), "method is 7", "expected 8");
        gzipRefused(with(packed, 3, 0x80), "flags 0x80", "0x1f");
        gzipRefused(with(packed, 10, 0xff), "corrupt");
        gzipRefused(with(packed, packed.length - 8, ~packed[packed.length - 8]), "CRC is 0x", "data has 0x");
        gzipRefused(with(packed, packed.length - 1, 1), "length is 0x01000018", "0x00000018");
        gzipRefused(join(packed, new byte[] {0, 0}), "starts with 0x0000", "0x1f8b");
    }

    private void gzipRefused(byte[] bytes, String... parts) throws IOException {
        Files.write(file, bytes);
        Refused.by(FormatException.class, () -> IdxFile.read(file), file);
        Refused.by(FormatException.class, () -> IdxFile.read(file), (Object[]) parts);
    }

    /** All that RFC 1952 allows in a header, and members one behind the other, empty ones too. */
    @Test
    void everyGzipHeaderAndSeveralMembers() throws IOException {
        byte[] plain = hex("00000801 00000003 010203");
        byte[] deflated = Arrays.copyOfRange(gzip(plain), 10, gzip(plain).length);
        byte[] header = hex("1f8b081f 12345678 00 03  0300 aabbcc  6e616d6500  636f6d6d656e7400");
        var crc = new CRC32();
        crc.update(header);
        byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        Files.write(file, join(header, join(check, deflated)));
        assertArrayEquals(hex("010203"), IdxFile.read(file).bytes());
        check[0]++;
        gzipRefused(join(header, join(check, deflated)), "header's CRC");

        byte[] members = join(join(gzip(new byte[0]), gzip(Arrays.copyOf(plain, 6))), gzip(Arrays.copyOfRange(plain, 6, 11)));
        Files.write(file, members);
        assertArrayEquals(hex("010203"), IdxFile.read(file).bytes());
    }

    /** The JDK's stream calls itself for each. */
    @Test
    void manyEmptyGzipMembers() throws IOException {
        byte[] empty = gzip(new byte[0]);
        byte[] many = new byte[100_000 * empty.length];
        for (int i = 0; i < many.length; i += empty.length) {
            System.arraycopy(empty, 0, many, i, empty.length);
        }
        Files.write(file, join(many, gzip(hex("00000801 00000001 2a"))));
        assertArrayEquals(hex("2a"), IdxFile.read(file).bytes());
    }

    @Test
    void wrongArguments() {
        Refused.argument(() -> IdxFile.write(file, List.of(2, 3), new byte[5]), "5", "6", "[2, 3]");
        Refused.argument(() -> IdxFile.write(file, List.of(2, -3), new byte[5]), "shape[1]", "-3");
        Refused.argument(() -> IdxFile.write(file, List.of(1 << 20, 1 << 20), new byte[5]), 1 << 20, Integer.MAX_VALUE);
        Refused.argument(() -> IdxFile.write(file, Collections.nCopies(256, 1), new byte[1]), "256", "255");
        Refused.isNull(() -> IdxFile.write(null, List.of(), new byte[1]), "path");
        Refused.isNull(() -> IdxFile.write(file, null, new byte[1]), "shape");
        Refused.isNull(() -> IdxFile.write(file, Collections.singletonList(null), new byte[1]), "shape[0]");
        Refused.isNull(() -> IdxFile.write(file, List.of(), null), "values");
        Refused.isNull(() -> IdxFile.read(null), "path");
        assertThrows(NoSuchFileException.class, () -> IdxFile.read(file));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
