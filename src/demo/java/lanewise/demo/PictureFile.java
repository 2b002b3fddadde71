package lanewise.demo;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import lanewise.signal.Plane;

/** Pictures from files. What goes wrong is said in one sentence, the exception's message. */
final class PictureFile {

    /** A plane, its border and its filtered copies of that size fit into the demo's heap. */
    private static final long MOST_PIXELS = 40_000_000;

    private PictureFile() {}

    /** A picture that lies beside the demo's classes. */
    static BufferedImage bundled(String name) throws IOException {
        try (InputStream in = PictureFile.class.getResourceAsStream("pictures/" + name)) {
            if (in == null) {
                throw new FileNotFoundException("pictures/" + name + " is not on the class path");
            }
            return ImageIO.read(in);
        }
    }

    /**
     * The user's own.
     *
     * @throws IOException if there is no such file, or it is no picture, broken or too large
     */
    static BufferedImage read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException(file + (Files.isDirectory(file) ? " is a folder, not a picture." : ": there is no such file."));
        }
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(file + " is not a picture that this Java can read; it reads " + formats() + ".");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                return read(file, reader);
            } finally {
                reader.dispose();
            }
        }
    }

    private static BufferedImage read(Path file, ImageReader reader) throws IOException {
        int width;
        int height;
        BufferedImage picture = null;
        try {
            width = reader.getWidth(0);
            height = reader.getHeight(0);
            if ((long) width * height <= MOST_PIXELS) {
                picture = reader.read(0);
            }
        } catch (IOException | RuntimeException broken) { // readers of broken files throw both
            throw new IOException(file + " cannot be read, it may be broken: " + broken, broken);
        }
        if (picture == null) {
            throw new IOException(file + " has " + width + " x " + height + " pixels, more than the " + MOST_PIXELS
                    + " this demo is made for.");
        }
        return picture;
    }

    private static String formats() {
        var names = new TreeSet<String>();
        for (String name : ImageIO.getReaderFormatNames()) {
            names.add(name.toUpperCase(Locale.ROOT));
        }
        return String.join(", ", names);
    }

    /** Grey from 0 to 1: {@code 0.299 red + 0.587 green + 0.114 blue} of sRGB; what is transparent lies on white. */
    static Plane grey(BufferedImage picture) {
        boolean alreadyGrey = picture.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        return alreadyGrey ? sampled(picture) : weighted(picture);
    }

    /** The file's own numbers: by getRGB they would pass for linear light and come out too bright. */
    private static Plane sampled(BufferedImage picture) {
        Plane plane = Plane.zeros(picture.getHeight(), picture.getWidth());
        Raster raster = picture.getRaster();
        float white = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        float opaque = picture.getColorModel().hasAlpha() ? (1 << raster.getSampleModel().getSampleSize(1)) - 1 : 1;
        for (int row = 0; row < plane.height(); row++) {
            for (int column = 0; column < plane.width(); column++) {
                float grey = raster.getSample(column, row, 0) / white;
                float opacity = picture.getColorModel().hasAlpha() ? raster.getSample(column, row, 1) / opaque : 1;
                plane.values()[row * plane.width() + column] = opacity * grey + (1 - opacity);
            }
        }
        return plane;
    }

    private static Plane weighted(BufferedImage picture) {
        Plane plane = Plane.zeros(picture.getHeight(), picture.getWidth());
        int[] line = new int[picture.getWidth()];
        for (int row = 0; row < plane.height(); row++) {
            picture.getRGB(0, row, line.length, 1, line, 0, line.length);
            for (int column = 0; column < line.length; column++) {
                int pixel = line[column];
                float grey = 0.299f * (pixel >> 16 & 0xff) + 0.587f * (pixel >> 8 & 0xff) + 0.114f * (pixel & 0xff);
                float opacity = (pixel >>> 24) / 255f;
                plane.values()[row * line.length + column] = opacity * grey / 255f + (1 - opacity);
            }
        }
        return plane;
    }
}
