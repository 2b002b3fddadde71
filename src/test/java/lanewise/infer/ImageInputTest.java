package lanewise.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Random;
import lanewise.io.ImageFile;
import lanewise.io.Picture;
import lanewise.layer.Shape;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;

/** Pixels to inputs against loops in double, and the two ways to fill against each other. */
class ImageInputTest {

    private static final int BEFORE = 3; // floats that are not the input's, with a value to keep
    private static final float CANARY = -77;

    private static byte[] pixels(long seed, int length) {
        byte[] pixels = new byte[length];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    private static float[] fill(ImageInput input, byte[] pixels, int height, int width) {
        int length = input.shape().size();
        float[] x = new float[BEFORE + length + 2];
        Arrays.fill(x, CANARY);
        Arrays.fill(x, BEFORE, BEFORE + length, Float.NaN);
        input.fill(pixels, height, width, x, BEFORE);
        for (int i = 0; i < x.length; i++) {
            assertEquals(i < BEFORE || i >= BEFORE + length, x[i] == CANARY, "canary " + i);
        }
        return Arrays.copyOfRange(x, BEFORE, BEFORE + length);
    }

    private static BufferedImage image(byte[] pixels, int height, int width, int channels) {
        var image = new BufferedImage(width, height, channels == 3 ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    image.getRaster().setSample(x, y, c, pixels[(y * width + x) * channels + c] & 0xff);
                }
            }
        }
        return image;
    }

    /** How much of output pixel o is input pixel i: an area where the axis shrinks, else a triangle between centres. */
    private static double weight(int o, int out, int i, int in) {
        if (out <= in) {
            double begin = (double) o * in / out;
            double end = (double) (o + 1) * in / out;
            return Math.max(0, Math.min(end, i + 1) - Math.max(begin, i)) / (end - begin);
        }
        double centre = Math.min(Math.max((o + 0.5) * in / out - 0.5, 0), in - 1);
        return Math.max(0, 1 - Math.abs(centre - i));
    }

    private static void assertLikeLoops(float[] actual, byte[] pixels, int height, int width, Shape shape, int toHeight, int toWidth,
            double scale, double[] mean, double[] deviation) {
        int channels = shape.channels();
        int top = (toHeight - shape.dim(0)) / 2;
        int left = (toWidth - shape.dim(1)) / 2;
        for (int p = 0; p < shape.dim(0); p++) {
            for (int q = 0; q < shape.dim(1); q++) {
                for (int c = 0; c < channels; c++) {
                    double v = 0;
                    for (int y = 0; y < height; y++) {
                        for (int x = 0; x < width; x++) {
                            v += weight(top + p, toHeight, y, height) * weight(left + q, toWidth, x, width)
                                    * (pixels[(y * width + x) * channels + c] & 0xff) / 255;
                        }
                    }
                    double expected = (scale * v - mean[c]) / deviation[c];
                    // three roundings of numbers no larger than the terms, and one of the byte
                    double bound = 4 * 0x1p-24 * (Math.abs(scale * v) + Math.abs(mean[c])) / Math.abs(deviation[c]) + 1e-14;
                    assertEquals(expected, actual[(p * shape.dim(1) + q) * channels + c], bound, "at " + p + ", " + q + ", " + c);
                }
            }
        }
    }

    /** Every ragged size from 1 x 1 on: shrinking, growing, one axis each. */
    @Test
    void wholePicture() {
        for (int channels = 1; channels <= 3; channels += 2) {
            ImageInput input = ImageInput.of(Shape.of(4, 7, channels));
            for (int height = 1; height <= 11; height++) {
                for (int width = 1; width <= 17; width++) {
                    byte[] pixels = pixels(height * 100 + width, height * width * channels);
                    assertLikeLoops(fill(input, pixels, height, width), pixels, height, width, input.shape(), 4, 7, 1, new double[3],
                            new double[] {1, 1, 1});
                }
            }
        }
    }

    /** Proportions stay, the longer side is rounded down, the middle is taken. */
    @Test
    void centreCrop() {
        for (int channels = 1; channels <= 3; channels += 2) {
            ImageInput input = ImageInput.of(Shape.of(4, 5, channels)).centreCropped(6);
            for (int height = 1; height <= 13; height++) {
                for (int width = 1; width <= 14; width++) {
                    byte[] pixels = pixels(height * 100 + width, height * width * channels);
                    int toHeight = height <= width ? 6 : (int) Math.floor(6.0 * height / width + 1e-9);
                    int toWidth = width <= height ? 6 : (int) Math.floor(6.0 * width / height + 1e-9);
                    assertLikeLoops(fill(input, pixels, height, width), pixels, height, width, input.shape(), toHeight, toWidth, 1,
                            new double[3], new double[] {1, 1, 1});
                }
            }
        }
    }

    @Test
    void numbers() {
        float[] mean = {0.5f, -2, 30};
        float[] deviation = {0.25f, -4, 7};
        ImageInput input = ImageInput.of(Shape.of(3, 4, 3)).scale(255).normalized(mean, deviation);
        mean[0] = 9;
        deviation[2] = 9; // copies were taken
        byte[] pixels = pixels(5, 9 * 9 * 3);
        assertLikeLoops(fill(input, pixels, 9, 9), pixels, 9, 9, input.shape(), 3, 4, 255, new double[] {0.5, -2, 30},
                new double[] {0.25, -4, 7});
        float[] symmetric = fill(ImageInput.of(Shape.of(1, 3, 1)).normalized(0.5f, 0.5f), new byte[] {0, (byte) 255, 51}, 1, 3);
        assertArrayEquals(new float[] {-1, 1, -0.6f}, symmetric, 1e-7f);
    }

    /** By hand: the four middle pixels of 4 x 8, halved to 2 x 4. */
    @Test
    void handComputed() {
        byte[] pixels = new byte[4 * 8];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (8 * i);
        }
        float[] x = fill(ImageInput.of(Shape.of(2, 2, 1)).centreCropped(2).scale(255), pixels, 4, 8);
        assertArrayEquals(new float[] {8 * 6.5f, 8 * 8.5f, 8 * 22.5f, 8 * 24.5f}, x, 1e-4f);
    }

    /** ImageNet's numbers, on a picture that needs no resizing. */
    @Test
    void imageNet() {
        byte[] pixels = pixels(6, 256 * 256 * 3);
        float[] x = fill(ImageInput.IMAGENET, pixels, 256, 256);
        float[] mean = {0.485f, 0.456f, 0.406f};
        float[] deviation = {0.229f, 0.224f, 0.225f};
        for (int i = 0; i < x.length; i++) {
            int c = i % 3;
            int pixel = ((16 + i / (224 * 3)) * 256 + 16 + i / 3 % 224) * 3 + c;
            assertEquals(((pixels[pixel] & 0xff) / 255f - mean[c]) / deviation[c], x[i]);
        }
        assertEquals(Shape.of(224, 224, 3), ImageInput.IMAGENET.shape());
        String text = ImageInput.IMAGENET.toString();
        assertTrue(text.contains("224x224x3") && text.contains("256") && text.contains("0.485") && text.contains("0.225"), text);
    }

    /** The picture's way, row by row, and the bytes' way, weight by weight, come to the same bits, in either use of the picture. */
    @Test
    void imagesAndBytesAgree() {
        for (int channels = 1; channels <= 3; channels += 2) {
            ImageInput whole = ImageInput.of(Shape.of(9, 6, channels)).scale(3).normalized(0.3f, 0.7f);
            ImageInput cropped = whole.centreCropped(10);
            for (int[] size : new int[][] {{1, 1}, {1, 50}, {50, 1}, {9, 6}, {10, 10}, {37, 23}, {7, 31}, {300, 200}, {20, 21}}) {
                byte[] pixels = pixels(size[0], size[0] * size[1] * channels);
                BufferedImage image = image(pixels, size[0], size[1], channels);
                for (ImageInput input : new ImageInput[] {whole, cropped}) {
                    float[] x = new float[input.shape().size() + 1];
                    x[0] = CANARY;
                    input.fill(image, x, 1);
                    assertEquals(CANARY, x[0]);
                    assertArrayEquals(fill(input, pixels, size[0], size[1]), Arrays.copyOfRange(x, 1, x.length),
                            input + " of " + size[0] + " x " + size[1]);
                }
            }
        }
    }

    /** As a picture resized by the library: no second rule. */
    @Test
    void likePicture() {
        byte[] pixels = pixels(7, 40 * 30 * 3);
        BufferedImage image = image(pixels, 40, 30, 3);
        Picture picture = ImageFile.read(image, 3).resized(13, 45);
        assertArrayEquals(picture.values(), fill(ImageInput.of(Shape.of(13, 45, 3)), pixels, 40, 30));
    }

    /** Rec. 601 luma of a coloured picture, black for what is transparent. */
    @Test
    void otherImages() {
        var colour = new BufferedImage(1, 2, BufferedImage.TYPE_INT_ARGB);
        colour.setRGB(0, 0, 0xff_ff_00_80);
        colour.setRGB(0, 1, 0x00_ff_ff_ff);
        float[] grey = new float[2];
        ImageInput.of(Shape.of(2, 1, 1)).fill(colour, grey, 0);
        assertEquals(0.299 + 0.114 * 128 / 255, grey[0], 1e-6);
        assertEquals(0, grey[1]);
    }

    /** A line of pixels, hundreds of thousands long: only the middle is ever computed. */
    @Test
    void longPicture() {
        byte[] pixels = pixels(8, 500_000);
        ImageInput input = ImageInput.of(Shape.of(224, 224, 1)).centreCropped(224);
        float[] x = fill(input, pixels, 1, 500_000);
        float middle = ((pixels[249_999] & 0xff) + (pixels[250_000] & 0xff)) / 2f / 255;
        assertEquals(middle, x[112], 1f / 224, "half a column beside the middle of two pixels");
        float[] y = new float[x.length];
        input.fill(image(pixels, 1, 500_000, 1), y, 0);
        assertArrayEquals(x, y);
        ImageInput large = input.centreCropped(5_000);
        Refused.argument(() -> large.fill(pixels, 500_000, 1, x, 0), "500000", "2500000000", Integer.MAX_VALUE);
    }

    @Test
    void refusedDescriptions() {
        Refused.argument(() -> ImageInput.of(Shape.of(4, 4, 2)), "4x4x2", "x 1", "x 3");
        Refused.argument(() -> ImageInput.of(Shape.of(4, 3)), "4x3");
        Refused.isNull(() -> ImageInput.of(null), "shape");
        ImageInput input = ImageInput.of(Shape.of(4, 6, 3));
        Refused.argument(() -> input.centreCropped(5), "shorterSide is 5, must be at least 6");
        Refused.argument(() -> input.normalized(new float[2], new float[3]), "mean has length 2, must be 3");
        Refused.argument(() -> input.normalized(new float[3], new float[4]), "deviation has length 4, must be 3");
        Refused.argument(() -> input.normalized(new float[3], new float[] {1, 0, 1}), "deviation 1 is 0.0");
        Refused.argument(() -> input.normalized(Float.NaN, 1), "mean 0 is NaN");
        Refused.argument(() -> input.normalized(0, Float.POSITIVE_INFINITY), "deviation 0 is Infinity");
        Refused.isNull(() -> input.normalized(null, new float[3]), "mean");
        Refused.argument(() -> input.scale(0), "scale is 0.0");
        Refused.argument(() -> input.scale(Float.NaN), "scale is NaN");
        Refused.argument(() -> ImageInput.of(Shape.of(4, 4, 1)).imageNet(), "mean has length 3, must be 1");
    }

    @Test
    void refusedArrays() {
        ImageInput input = ImageInput.of(Shape.of(4, 6, 3));
        float[] x = new float[72];
        Refused.bounds(() -> input.fill(new byte[59], 4, 5, x, 0), "pixels needs 60", "length 59");
        Refused.bounds(() -> input.fill(new byte[60], 4, 5, x, 1), "input needs 72", "length 72");
        Refused.bounds(() -> input.fill(new byte[60], 4, 5, x, -1), "input offset is -1");
        Refused.argument(() -> input.fill(new byte[60], 0, 5, x, 0), "height is 0");
        Refused.argument(() -> input.fill(new byte[60], 4, -5, x, 0), "width is -5");
        Refused.argument(() -> input.fill(new byte[60], 1 << 16, 1 << 16, x, 0), "pixels", "65536");
        Refused.isNull(() -> input.fill((byte[]) null, 4, 5, x, 0), "pixels");
        Refused.isNull(() -> input.fill(new byte[60], 4, 5, null, 0), "input");
        Refused.isNull(() -> input.fill((BufferedImage) null, x, 0), "image");
        Refused.bounds(() -> input.fill(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), x, 1), "input needs 72", "length 72");
    }
}
