package lanewise.io;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import lanewise.internal.Checks;
import lanewise.internal.picture.PictureRows;

/**
 * Pictures from PNG, JPEG, GIF and BMP files, and to PNG files. Needs the module java.desktop of the JDK: on the class path it is
 * there; on the module path a program requires it or is started with {@code --add-modules java.desktop}.
 *
 * <p>A stored value of b bits is divided by {@code 2^b - 1}; nothing is done to its gamma, and a colour profile is not applied to
 * grey. One channel is the luma of Rec. 601, {@code 0.299 R + 0.587 G + 0.114 B}, of the stored values; grey becomes three equal
 * channels. What is transparent shows black, the zero with which convolutions pad: {@code alpha R}. Of several pictures in one
 * file the first is read. A camera's note about rotation is not obeyed.
 *
 * <p>A file of a few bytes may declare billions of pixels, so the declared size is looked at before anything is decoded: at most
 * {@value #MOST_PIXELS} pixels are accepted, 8192 x 8192. The decoders are the JDK's; whatever they throw at a corrupt file
 * becomes a {@link FormatException}. They do not look at checksums, so not every corruption shows. In memory a picture is there
 * as the decoder leaves it, up to 8 bytes per pixel, and as floats in the size that was asked for.
 *
 * <p>No setting of the JVM is read or changed. A {@link BufferedImage} is for pictures of other origin, and not modified.
 */
public final class ImageFile {

    /** A file with more pixels is refused. */
    public static final int MOST_PIXELS = 1 << 26;

    private ImageFile() {}

    /**
     * Reads a picture with red, green and blue.
     *
     * @param path PNG, JPEG, GIF or BMP
     * @return 3 channels
     * @throws NullPointerException if {@code path} is null
     * @throws IllegalStateException if the module java.desktop is not there
     * @throws FormatException if it is no picture, has too many pixels or cannot be decoded
     * @throws IOException if it cannot be read
     */
    public static Picture read(Path path) throws IOException {
        return read(path, 3);
    }

    /**
     * Reads a picture.
     *
     * @param path PNG, JPEG, GIF or BMP
     * @param channels 1 for grey or 3 for red, green and blue
     * @return in the size of the file
     * @throws NullPointerException if {@code path} is null
     * @throws IllegalArgumentException if {@code channels} is neither
     * @throws IllegalStateException if the module java.desktop is not there
     * @throws FormatException if it is no picture, has too many pixels or cannot be decoded
     * @throws IOException if it cannot be read
     */
    public static Picture read(Path path, int channels) throws IOException {
        requireChannels(channels);
        DesktopModule.require();
        return read(decode(path), channels);
    }

    /**
     * Reads a picture in a size of one's own: as {@link Picture#resized}, without the large picture's floats.
     *
     * @param path PNG, JPEG, GIF or BMP
     * @param height in pixels, at least 1
     * @param width in pixels, at least 1
     * @param channels 1 for grey or 3 for red, green and blue
     * @return {@code height} x {@code width}
     * @throws NullPointerException if {@code path} is null
     * @throws IllegalArgumentException if a size is less than 1 or their product too large, or {@code channels} is neither
     * @throws IllegalStateException if the module java.desktop is not there
     * @throws FormatException if it is no picture, has too many pixels or cannot be decoded
     * @throws IOException if it cannot be read
     */
    public static Picture read(Path path, int height, int width, int channels) throws IOException {
        requireChannels(channels);
        Checks.product("picture", Checks.atLeast(height, 1, "height"), Checks.atLeast(width, 1, "width"), channels);
        DesktopModule.require();
        return read(decode(path), height, width, channels);
    }

    /**
     * Takes the numbers out of a picture of the JDK.
     *
     * @param image not modified
     * @param channels 1 for grey or 3 for red, green and blue
     * @return in the same size
     * @throws NullPointerException if {@code image} is null
     * @throws IllegalArgumentException if {@code channels} is neither, or the picture more than an array can hold
     */
    public static Picture read(BufferedImage image, int channels) {
        Checks.notNull(image, "image");
        return read(image, image.getHeight(), image.getWidth(), channels);
    }

    /**
     * Takes the numbers out of a picture of the JDK, in another size.
     *
     * @param image not modified
     * @param height in pixels, at least 1
     * @param width in pixels, at least 1
     * @param channels 1 for grey or 3 for red, green and blue
     * @return {@code height} x {@code width}
     * @throws NullPointerException if {@code image} is null
     * @throws IllegalArgumentException if a size is less than 1 or their product too large, or {@code channels} is neither
     */
    public static Picture read(BufferedImage image, int height, int width, int channels) {
        Checks.notNull(image, "image");
        requireChannels(channels);
        return Picture.resized(new PictureRows(image, channels), image.getHeight(), image.getWidth(), channels, height, width);
    }

    private static BufferedImage decode(Path path) throws IOException {
        try (InputFile file = InputFile.open(path)) {
            return PictureCodec.decode(file);
        }
    }

    /**
     * Writes a PNG file of 8 bits per value, {@linkplain AtomicFile whole or not at all}: {@code 255 value} rounded to the nearest
     * integer, values below 0 as 0, above 1 as 1, NaN as 0.
     *
     * @param path the file; replaced if it exists
     * @param picture 1 or 3 channels. Not modified
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if it has another number of channels
     * @throws IllegalStateException if the module java.desktop is not there
     * @throws IOException if it cannot be written; the old file then stays
     */
    public static void writePng(Path path, Picture picture) throws IOException {
        Checks.notNull(path, "path");
        requireChannels(Checks.notNull(picture, "picture").channels());
        DesktopModule.require();
        AtomicFile.write(path, out -> PictureCodec.encodePng(picture, out));
    }

    private static void requireChannels(int channels) {
        Checks.require(channels == 1 || channels == 3, "channels", channels, "must be 1 or 3");
    }
}
