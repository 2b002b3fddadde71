package lanewise.io;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The JDK's decoders and its encoder of PNG, fenced in: see {@link ImageFile}. */
final class PictureCodec {

    private static final int MAGIC_BYTES = 8;
    private static final int BMP_HEADER_BYTES = 34;
    private static final int BMP_EMBEDDED_JPEG = 4;
    private static final int BMP_EMBEDDED_PNG = 5;

    private PictureCodec() {}

    static BufferedImage decode(InputFile file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format(file)).next();
        try (var stream = new PictureStream(file)) {
            return decode(file, reader, stream);
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage decode(InputFile file, ImageReader reader, PictureStream stream) throws IOException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> {
            if (warning.contains("premature end")) { // of the data of a JPEG file: the rest would be grey
                warnings.add(warning);
            }
        });
        BufferedImage image;
        try {
            reader.setInput(stream, true, true);
            requirePixels(file, reader.getWidth(0), reader.getHeight(0));
            image = reader.read(0);
        } catch (FormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the decoders throw any of them for corrupt files
            if (stream.trouble() != null) {
                throw stream.trouble();
            }
            throw new FormatException(file.path(), "its picture cannot be decoded, " + e, e);
        }
        if (!warnings.isEmpty()) {
            throw file.malformed("has " + file.size() + " bytes, fewer than its picture needs, " + warnings.getFirst());
        }
        return image;
    }

    /** By the first bytes, as the name may lie; only formats that are known by their first bytes. */
    private static String format(InputFile file) throws IOException {
        ByteBuffer start = file.read(0, (int) Math.min(BMP_HEADER_BYTES, file.size())).order(ByteOrder.LITTLE_ENDIAN);
        String magic = HexFormat.of().formatHex(start.array(), 0, Math.min(MAGIC_BYTES, start.limit()));
        if (magic.equals("89504e470d0a1a0a")) {
            return "png";
        }
        if (magic.startsWith("ffd8ff")) {
            return "jpeg";
        }
        if (magic.startsWith("47494638")) {
            return "gif";
        }
        if (magic.startsWith("424d")) {
            refuseEmbedded(file, start);
            return "bmp";
        }
        throw file.malformed("starts with 0x" + magic + ", expected a picture: PNG 0x89504e470d0a1a0a, JPEG 0xffd8ff, "
                + "GIF 0x47494638 or BMP 0x424d");
    }

    /** The picture inside would be decoded without a look at its size. */
    private static void refuseEmbedded(InputFile file, ByteBuffer start) throws FormatException {
        int compression = start.limit() < BMP_HEADER_BYTES ? 0 : start.getInt(30);
        if (compression == BMP_EMBEDDED_JPEG || compression == BMP_EMBEDDED_PNG) {
            throw file.malformed("its BMP compression is " + compression + ", a JPEG or PNG file inside, expected 0 to 3");
        }
    }

    private static void requirePixels(InputFile file, int width, int height) throws FormatException {
        if (width < 1 || height < 1 || (long) width * height > ImageFile.MOST_PIXELS) {
            throw file.malformed("has " + width + " x " + height + " pixels, expected 1 to " + ImageFile.MOST_PIXELS);
        }
    }

    static void encodePng(Picture picture, OutputStream out) throws IOException {
        boolean grey = picture.channels() == 1;
        var image = new BufferedImage(picture.width(), picture.height(),
                grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        int[] row = new int[picture.width() * picture.channels()];
        for (int y = 0; y < picture.height(); y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (int) (Math.clamp(picture.values()[y * row.length + i], 0f, 1f) * 255 + 0.5f);
            }
            image.getRaster().setPixels(0, y, picture.width(), 1, row); // setRGB would take grey for linear light
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(image);
        } finally {
            writer.dispose();
        }
    }
}
