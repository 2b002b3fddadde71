package lanewise.internal.picture;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;

/**
 * The rows of the JDK's image as numbers from 0 to 1. Samples that are grey or sRGB are taken as they are stored: {@code getRGB}
 * would round 16 bits to 8, and it takes the JDK's grey for linear light, which turns a stored 128 into 188.
 */
public final class PictureRows implements Resampler.Rows {

    private static final double OPAQUE = 255;
    // Rec. 601, on the values as they are stored
    private static final double RED = 0.299;
    private static final double GREEN = 0.587;
    private static final double BLUE = 0.114;

    private final BufferedImage image;
    private final int channels;
    private final int bands; // of the stored samples; 0: go by getRGB
    private final int colours;
    private final double[] fullScale; // of each band
    private final int[] row;
    private final float[] pixel = new float[3];

    /** Rows of {@code channels} values per pixel, 1 or 3; {@code image} is not modified. */
    public PictureRows(BufferedImage image, int channels) {
        this.image = image;
        this.channels = channels;
        ColorModel model = image.getColorModel();
        bands = hasPlainSamples(model) ? image.getRaster().getNumBands() : 0;
        colours = model.getNumColorComponents();
        fullScale = new double[bands];
        for (int band = 0; band < bands; band++) {
            fullScale[band] = (1 << model.getComponentSize(band)) - 1;
        }
        row = new int[image.getWidth() * Math.max(bands, 1)];
    }

    private static boolean hasPlainSamples(ColorModel model) {
        boolean integers = model.getTransferType() == DataBuffer.TYPE_BYTE || model.getTransferType() == DataBuffer.TYPE_USHORT;
        ColorSpace space = model.getColorSpace();
        return model instanceof ComponentColorModel && integers && !model.isAlphaPremultiplied()
                && (space.getType() == ColorSpace.TYPE_GRAY || space.isCS_sRGB());
    }

    @Override
    public void read(int y, float[] to) {
        int width = image.getWidth();
        if (bands > 0) {
            image.getRaster().getPixels(0, y, width, 1, row);
        } else {
            image.getRGB(0, y, width, 1, row, 0, width);
        }
        for (int x = 0; x < width; x++) {
            if (bands > 0) {
                readSamples(x);
            } else {
                readArgb(row[x]);
            }
            if (channels == 1) {
                to[x] = (float) (RED * pixel[0] + GREEN * pixel[1] + BLUE * pixel[2]);
            } else {
                System.arraycopy(pixel, 0, to, x * channels, channels);
            }
        }
    }

    /** One or three colours; a band behind them is alpha. */
    private void readSamples(int x) {
        double alpha = bands > colours ? sample(x, colours) : 1;
        for (int channel = 0; channel < pixel.length; channel++) {
            pixel[channel] = (float) (alpha * sample(x, colours == 1 ? 0 : channel));
        }
    }

    private double sample(int x, int band) {
        return row[x * bands + band] / fullScale[band];
    }

    private void readArgb(int argb) {
        double alpha = (argb >>> 24) / OPAQUE;
        pixel[0] = (float) (alpha * (argb >> 16 & 0xff) / OPAQUE);
        pixel[1] = (float) (alpha * (argb >> 8 & 0xff) / OPAQUE);
        pixel[2] = (float) (alpha * (argb & 0xff) / OPAQUE);
    }
}
