package lanewise.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import lanewise.oracle.Allocation;
import lanewise.oracle.Data;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFileTest {

    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGBA = 6;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("picture");
    }

    /** Written out by the format's specification: what is stored is what is read, whatever the JDK thinks of the colour space. */
    @Test
    void storedValuesOfEveryKindOfPng() throws IOException {
        assertPng(png(3, 1, 8, GREY, "00 00 80 ff"), 1, 0, 128 / 255f, 1);
        assertPng(png(3, 1, 8, GREY, "00 00 80 ff"), 3, 0, 0, 0, 128 / 255f, 128 / 255f, 128 / 255f, 1, 1, 1);
        assertPng(png(2, 1, 16, GREY, "00 0001 8000"), 1, 1 / 65535f, 32768 / 65535f);
        assertPng(png(4, 1, 2, GREY, "00 1b"), 1, 0, 85 / 255f, 170 / 255f, 1);
        assertPng(png(2, 1, 8, RGB, "00 010203 80c0ff"), 3, 1 / 255f, 2 / 255f, 3 / 255f, 128 / 255f, 192 / 255f, 1);
        assertPng(png(1, 1, 16, RGB, "00 0001 8000 ffff"), 3, 1 / 65535f, 32768 / 65535f, 1);
        assertPng(png(1, 2, 8, RGB, "00 ff0000 00 0000ff"), 1, 0.299f, 0.114f);
        assertPng(png(1, 1, 8, RGB, "00 00ff00"), 1, 0.587f);
        assertPng(png(1, 1, 8, RGB, "00 ffffff"), 1, 1);
        assertPng(png(2, 1, 8, PALETTE, "00 01 00"), 3, 128 / 255f, 192 / 255f, 1, 1 / 255f, 2 / 255f, 3 / 255f);
    }

    @Test
    void transparencyIsBlack() throws IOException {
        float half = (float) (51 / 255.0 * 100 / 255);
        assertPng(png(3, 1, 8, RGBA, "00 640064ff 64006433 64006400"), 3, 100 / 255f, 0, 100 / 255f, half, 0, half, 0, 0, 0);
        assertPng(png(3, 1, 8, GREY_ALPHA, "00 64ff 6433 6400"), 1, 100 / 255f, half, 0);
        var premultiplied = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB_PRE);
        premultiplied.setRGB(0, 0, 0x33ff0000);
        assertEquals(0x33ff0000, premultiplied.getRGB(0, 0));
        assertArrayEquals(new float[] {0.2f, 0, 0}, ImageFile.read(premultiplied, 3).values());
    }

    private void assertPng(byte[] png, int channels, float... expected) throws IOException {
        Files.write(file, png);
        float[] values = ImageFile.read(file, channels).values();
        assertEquals(expected.length, values.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], values[i], Math.ulp(expected[i]), i + " of " + Arrays.toString(values));
        }
    }

    @Test
    void rowsAndColumnsAreNotMixedUp() throws IOException {
        Files.write(file, png(2, 3, 8, GREY, "00 0102 00 0304 00 0506"));
        Picture picture = ImageFile.read(file, 1);
        assertEquals(3, picture.height());
        assertEquals(2, picture.width());
        for (int i = 0; i < 6; i++) {
            assertEquals((i + 1) / 255f, picture.values()[i]);
        }
        assertEquals(3, ImageFile.read(file).channels());
        Picture small = ImageFile.read(file, 1, 2, 1);
        assertEquals(1, small.height());
        assertArrayEquals(new float[] {3 / 255f, 4 / 255f}, small.values());
    }

    @Test
    void everyTypeOfTheJdkGivesTheSameNumbers() {
        float[] expected = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1};
        for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR, BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_4BYTE_ABGR_PRE, BufferedImage.TYPE_INT_ARGB,
            BufferedImage.TYPE_USHORT_565_RGB, BufferedImage.TYPE_BYTE_INDEXED}) {
            var image = new BufferedImage(2, 2, type);
            image.setRGB(0, 0, 2, 2, new int[] {0xffff0000, 0xff00ff00, 0xff0000ff, 0xffffffff}, 0, 2);
            assertArrayEquals(expected, ImageFile.read(image, 3).values(), "type " + type);
            assertArrayEquals(new float[] {0, 0, 1, 1, 1, 1}, ImageFile.read(image.getSubimage(0, 1, 2, 1), 3).values());
        }
    }

    @Test
    void everyFormatIsKnownByItsContents() throws IOException {
        var image = new BufferedImage(16, 8, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 16; x++) {
                image.setRGB(x, y, x < 8 ? 0xffffff : 0);
            }
        }
        for (String format : List.of("png", "jpeg", "gif", "bmp")) {
            Files.write(file, encode(image, format));
            Picture picture = ImageFile.read(file, 1);
            assertEquals(8, picture.height());
            assertEquals(16, picture.width());
            for (int i = 0; i < 128; i++) { // black and white survive JPEG at a border of blocks
                assertEquals(i % 16 < 8 ? 1 : 0, picture.values()[i], 2 / 255f, format + " " + i);
            }
        }
    }

    @Test
    void writtenFilesComeBack() throws IOException {
        for (int channels : new int[] {1, 3}) {
            float[] values = new float[16 * 16 * channels];
            for (int i = 0; i < values.length; i++) {
                values[i] = (i * 7 % 256) / 255f;
            }
            ImageFile.writePng(file, new Picture(16, 16, channels, values));
            assertArrayEquals(values, ImageFile.read(file, channels).values());
        }
        float[] odd = {-1, 2, Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0.499f / 255, 0.501f / 255, 254.5f / 255};
        ImageFile.writePng(file, new Picture(1, 8, 1, odd));
        assertArrayEquals(new float[] {0, 1, 0, 0, 1, 0, 1 / 255f, 1}, ImageFile.read(file, 1).values());
        byte[] first = Files.readAllBytes(file);
        ImageFile.writePng(file, new Picture(1, 8, 1, odd));
        assertArrayEquals(first, Files.readAllBytes(file));
    }

    /** The declared size is refused before a byte of it is allocated. */
    @Test
    void bombs() throws IOException {
        for (int[] size : new int[][] {{8193, 8192}, {65_535, 65_535}, {Integer.MAX_VALUE, Integer.MAX_VALUE}, {1, (1 << 26) + 1}}) {
            Files.write(file, png(size[0], size[1], 8, GREY, "00"));
            long before = Allocation.bytesSoFar();
            Refused.by(FormatException.class, () -> ImageFile.read(file, 8, 8, 1), file, size[0] + " x " + size[1], 1 << 26);
            long allocated = Allocation.bytesSoFar() - before;
            assertTrue(allocated < 4_000_000, () -> allocated + " bytes");
        }
        Files.write(file, HexFormat.of().parseHex("474946383961ffffffff000000" + "2cffffffffffffffff00" + "0200003b"));
        Refused.by(FormatException.class, () -> ImageFile.read(file, 8, 8, 1), "65535 x 65535", 1 << 26);
    }

    @Test
    void malformedFiles() throws IOException {
        Files.write(file, new byte[0]);
        Refused.by(FormatException.class, () -> ImageFile.read(file), file, "0x,", "0x89504e47");
        Files.write(file, "GIT 123456".getBytes(StandardCharsets.US_ASCII));
        Refused.by(FormatException.class, () -> ImageFile.read(file), file, "0x4749542031323334", "0x47494638");
        byte[] good = png(2, 1, 8, GREY, "00 0102");
        Files.write(file, Arrays.copyOf(good, 40));
        Refused.by(FormatException.class, () -> ImageFile.read(file), file, "cannot be decoded");
        byte[] zero = png(0, 1, 8, GREY, "00");
        Files.write(file, zero);
        Refused.by(FormatException.class, () -> ImageFile.read(file), file);
        byte[] bmp = encode(new BufferedImage(3, 3, BufferedImage.TYPE_3BYTE_BGR), "bmp");
        bmp[30] = 5;
        Files.write(file, bmp);
        Refused.by(FormatException.class, () -> ImageFile.read(file), "compression is 5", "0 to 3");
    }

    /** The JDK would make the rest of the picture grey. With nothing but the end marker missing, the picture is there. */
    @Test
    void jpegThatIsCutOff() throws IOException {
        var image = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
        float[] noise = Data.reals(1, 64 * 64);
        for (int i = 0; i < noise.length; i++) {
            image.setRGB(i % 64, i / 64, (int) (0x7fffff * (noise[i] + 1)));
        }
        byte[] jpeg = encode(image, "jpeg");
        float[] whole = read(jpeg);
        assertArrayEquals(whole, read(Arrays.copyOf(jpeg, jpeg.length - 2)));
        for (int cut : new int[] {jpeg.length / 2, jpeg.length - 100}) {
            Files.write(file, Arrays.copyOf(jpeg, cut));
            Refused.by(FormatException.class, () -> ImageFile.read(file), cut + " bytes");
        }
    }

    private float[] read(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        return ImageFile.read(file).values();
    }

    @Test
    void wrongArguments() {
        var image = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
        Picture two = new Picture(1, 1, 2, new float[2]);
        Refused.argument(() -> ImageFile.read(file, 2), "channels is 2", "1 or 3");
        Refused.argument(() -> ImageFile.read(file, 0, 1, 3), "height", "0");
        Refused.argument(() -> ImageFile.read(file, 1, 0, 3), "width", "0");
        Refused.argument(() -> ImageFile.read(file, 1 << 15, 1 << 15, 3), 1 << 15, Integer.MAX_VALUE);
        Refused.argument(() -> ImageFile.read(file, 1, 1, 4), "channels is 4", "1 or 3");
        Refused.argument(() -> ImageFile.read(image, 0), "channels is 0", "1 or 3");
        Refused.argument(() -> ImageFile.read(image, 1, -1, 3), "width", "-1");
        Refused.argument(() -> ImageFile.writePng(file, two), "channels is 2", "1 or 3");
        Refused.isNull(() -> ImageFile.read((Path) null), "path");
        Refused.isNull(() -> ImageFile.read((BufferedImage) null, 1), "image");
        Refused.isNull(() -> ImageFile.writePng(null, new Picture(1, 1, 1, new float[1])), "path");
        Refused.isNull(() -> ImageFile.writePng(file, null), "picture");
        assertThrows(NoSuchFileException.class, () -> ImageFile.read(file));
        Throwable directory = assertThrows(IOException.class, () -> ImageFile.read(folder));
        assertTrue(!(directory instanceof FormatException), directory.toString());
    }

    static byte[] encode(BufferedImage image, String format) throws IOException {
        var bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, bytes), format);
        return bytes.toByteArray();
    }

    /** A file with the given rows, each with its filter byte first; a palette has the colours (1, 2, 3) and (128, 192, 255). */
    static byte[] png(int width, int height, int bits, int colour, String rows) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(HexFormat.of().parseHex("89504e470d0a1a0a"));
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) bits).put((byte) colour);
        chunk(out, "IHDR", header.array());
        if (colour == PALETTE) {
            chunk(out, "PLTE", HexFormat.of().parseHex("01020380c0ff"));
        }
        try (var deflater = new Deflater()) {
            deflater.setInput(HexFormat.of().parseHex(rows.replace(" ", "")));
            deflater.finish();
            byte[] packed = new byte[1000];
            chunk(out, "IDAT", Arrays.copyOf(packed, deflater.deflate(packed)));
        }
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(12 + data.length).putInt(data.length).put(name).put(data).putInt((int) crc.getValue())
                .array());
    }
}
