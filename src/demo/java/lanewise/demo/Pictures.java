package lanewise.demo;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import lanewise.io.AtomicFile;
import lanewise.io.Picture;

/** Numbers as pictures, pictures side by side, and pictures as files. All sizes are in pixels; no argument is modified. */
public final class Pictures {

    /** The ink of captions and charts. */
    static final Color INK = new Color(0x24292f);

    /** Of second lines and axes. */
    static final Color FAINT = new Color(0x656d76);

    /** Where one picture is at least so wide, gaps and captions are large. */
    private static final int LARGE = 160;

    private Pictures() {}

    /**
     * One channel as a picture, each number a square.
     *
     * @param values {@code float[height * width]}, row after row
     * @param scale the side of a square
     * @param range the colours; null for grey from the least value to the greatest
     * @throws IllegalArgumentException if a size is less than 1, or the array's length is not {@code height * width}
     */
    public static BufferedImage of(float[] values, int height, int width, int scale, Range range) {
        if (height < 1 || width < 1 || scale < 1) {
            throw new IllegalArgumentException("height " + height + ", width " + width + ", scale " + scale + ": must be at least 1");
        }
        if (values.length != (long) height * width) {
            throw new IllegalArgumentException("values has length " + values.length + ", must be " + (long) height * width);
        }
        Range colours = range == null ? Range.greyOf(values) : range;
        BufferedImage picture = new BufferedImage(width * scale, height * scale, BufferedImage.TYPE_INT_RGB);
        int[] line = new int[width * scale];
        for (int row = 0; row < height; row++) {
            for (int x = 0; x < line.length; x++) {
                line[x] = colours.colour(values[row * width + x / scale]);
            }
            for (int y = row * scale; y < (row + 1) * scale; y++) {
                picture.setRGB(0, y, line.length, 1, line, 0, line.length);
            }
        }
        return picture;
    }

    /**
     * A picture in its colours, each pixel a square.
     *
     * @param picture 3 channels, from 0 to 1
     * @param scale the side of a square
     * @throws IllegalArgumentException if it has other channels, or {@code scale} is less than 1
     */
    public static BufferedImage ofColours(Picture picture, int scale) {
        if (picture.channels() != 3 || scale < 1) {
            throw new IllegalArgumentException("picture has " + picture.channels() + " channels, must be 3; scale " + scale
                    + ", must be at least 1");
        }
        BufferedImage colours = new BufferedImage(picture.width() * scale, picture.height() * scale, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < colours.getHeight(); y++) {
            for (int x = 0; x < colours.getWidth(); x++) {
                int rgb = 0;
                for (int channel = 0; channel < 3; channel++) {
                    float value = picture.values()[(y / scale * picture.width() + x / scale) * 3 + channel];
                    rgb = rgb << 8 | Math.round(255 * Math.clamp(value, 0f, 1f));
                }
                colours.setRGB(x, y, rgb);
            }
        }
        return colours;
    }

    /**
     * Tiles of one size: digits, filters, feature maps.
     *
     * @param images each {@code float[height * width]}
     * @param columns tiles in a row
     * @param scale the side of the square that shows one number
     * @param captions one for each, printed below it; or null
     * @param range the colours of all; null for grey from the least to the greatest value of each image by itself
     * @throws IllegalArgumentException if there is no image, a size is less than 1, or the counts or lengths do not fit
     */
    public static BufferedImage grid(List<float[]> images, int height, int width, int columns, int scale, List<String> captions,
                                     Range range) {
        List<BufferedImage> tiles = new ArrayList<>();
        for (float[] image : images) {
            tiles.add(of(image, height, width, scale, range));
        }
        return sheet(tiles, captions, columns);
    }

    /**
     * Pictures side by side, each with a title.
     *
     * @param titles one for each, or null
     * @throws IllegalArgumentException if there is no picture, or not as many titles
     */
    public static BufferedImage row(List<BufferedImage> pictures, List<String> titles) {
        return sheet(pictures, titles, Math.max(1, pictures.size()));
    }

    /**
     * Pictures in rows on white; a column is as wide as the widest in it. Captions stand below: their first line is bold, lines after
     * it are small and faint. One that is too wide for its column is printed smaller.
     *
     * @param captions one for each, of lines separated by {@code \n}; or null
     * @param columns pictures in a row
     * @throws IllegalArgumentException if there is no picture, {@code columns} is less than 1, or there are not as many captions
     */
    public static BufferedImage sheet(List<BufferedImage> pictures, List<String> captions, int columns) {
        if (pictures.isEmpty() || columns < 1) {
            throw new IllegalArgumentException(pictures.size() + " pictures in " + columns + " columns: must be at least 1");
        }
        if (captions != null && captions.size() != pictures.size()) {
            throw new IllegalArgumentException("captions has " + captions.size() + " elements, pictures " + pictures.size());
        }
        boolean large = pictures.stream().anyMatch(picture -> picture.getWidth() >= LARGE);
        int gap = large ? 14 : 6;
        int lineHeight = large ? 21 : 15;
        int lines = captions == null ? 0 : captions.stream().mapToInt(caption -> caption.split("\n").length).max().orElseThrow();
        int height = pictures.stream().mapToInt(BufferedImage::getHeight).max().orElseThrow();
        int stepDown = height + lines * lineHeight + (lines > 0 ? 4 : 0) + gap;
        int[] left = lefts(pictures, columns, gap); // and, after the last column, the right end
        int rows = (pictures.size() + columns - 1) / columns;
        BufferedImage sheet = blank(left[left.length - 1], gap + rows * stepDown);
        Graphics2D pen = pen(sheet);
        for (int i = 0; i < pictures.size(); i++) {
            BufferedImage picture = pictures.get(i);
            int x = left[i % columns];
            int y = gap + i / columns * stepDown;
            int width = left[i % columns + 1] - gap - x;
            pen.drawImage(picture, x + (width - picture.getWidth()) / 2, y + (height - picture.getHeight()) / 2, null);
            String[] text = captions == null ? new String[0] : captions.get(i).split("\n");
            for (int line = 0; line < text.length; line++) {
                pen.setColor(line == 0 ? INK : FAINT);
                Font font = font(line == 0 ? Font.BOLD : Font.PLAIN, !large ? 11 : line == 0 ? 16 : 14);
                centre(pen, text[line], font, x, y + height + (line + 1) * lineHeight, width);
            }
        }
        pen.dispose();
        return sheet;
    }

    /** The left edges of columns as wide as the widest picture in them. */
    private static int[] lefts(List<BufferedImage> pictures, int columns, int gap) {
        int[] left = new int[Math.min(columns, pictures.size()) + 1];
        left[0] = gap;
        for (int column = 0; column < left.length - 1; column++) {
            int width = 0;
            for (int i = column; i < pictures.size(); i += columns) {
                width = Math.max(width, pictures.get(i).getWidth());
            }
            left[column + 1] = left[column] + width + gap;
        }
        return left;
    }

    /**
     * Writes a PNG file, {@linkplain AtomicFile whole or not at all}, and the folders it lies in.
     *
     * @throws IOException if that fails
     */
    public static void write(BufferedImage picture, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFile.write(file, out -> {
            if (!ImageIO.write(picture, "png", out)) {
                throw new IOException(file + ": this Java cannot write such a picture as PNG");
            }
        });
    }

    /** White. */
    static BufferedImage blank(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = picture.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, width, height);
        pen.dispose();
        return picture;
    }

    /** Smooth lines and letters. */
    static Graphics2D pen(BufferedImage picture) {
        Graphics2D pen = picture.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        return pen;
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    /** Prints one line in the middle of a width, in a smaller font if it is too long. */
    static void centre(Graphics2D pen, String text, Font font, int left, int baseline, int width) {
        pen.setFont(font);
        FontMetrics metrics = pen.getFontMetrics();
        if (metrics.stringWidth(text) > width) {
            pen.setFont(font.deriveFont(Math.max(6f, font.getSize2D() * width / metrics.stringWidth(text))));
            metrics = pen.getFontMetrics();
        }
        pen.drawString(text, left + (width - metrics.stringWidth(text)) / 2f, baseline);
    }
}
