package lanewise.infer;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.picture.Axis;
import lanewise.internal.picture.ByteResampler;
import lanewise.internal.picture.PictureRows;
import lanewise.internal.picture.Resampler;
import lanewise.layer.Shape;

/**
 * How a picture becomes the input of a network. It is resized as by {@code lanewise.io.Picture.resized}, a mean over areas where it
 * shrinks, either as a whole, so that its proportions may change, or with its proportions kept and the middle cut out. Then, with v from
 * 0, black, to 1, white, for each channel c
 *
 * <pre>x[c] = (scale v[c] - mean[c]) / deviation[c]</pre>
 *
 * <p>in float, one operation after the other. {@code float[height * width * channels]}, channels last: red, green and blue, or grey
 * alone.
 *
 * <p>Both ways to {@code fill} give the same bits for the same 8-bit picture. That from bytes needs no module but those of the library;
 * a {@link BufferedImage} needs java.desktop. Immutable; any number of threads may call, each with its own arrays.
 */
public final class ImageInput {

    private static final float[] IMAGENET_MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] IMAGENET_DEVIATION = {0.229f, 0.224f, 0.225f};

    /** As networks of ImageNet are mostly evaluated: the middle 224 x 224 pixels at a shorter side of 256, {@link #imageNet}. */
    public static final ImageInput IMAGENET = of(Shape.of(224, 224, 3)).centreCropped(256).imageNet();

    private final Shape shape;
    private final int height;
    private final int width;
    private final int channels;
    private final int shorterSide; // 0: as a whole
    private final float scale;
    private final float[] mean;
    private final float[] deviation;

    private ImageInput(Shape shape, int shorterSide, float scale, float[] mean, float[] deviation) {
        this.shape = shape;
        this.height = shape.dim(0);
        this.width = shape.dim(1);
        this.channels = shape.channels();
        this.shorterSide = shorterSide;
        this.scale = scale;
        this.mean = mean;
        this.deviation = deviation;
    }

    /**
     * The whole picture, resized to this shape; values from 0 to 1.
     *
     * @param shape height, width and 1 or 3 channels: {@code network.inputShape()}
     * @throws IllegalArgumentException if it is another shape
     */
    public static ImageInput of(Shape shape) {
        boolean picture = Checks.notNull(shape, "shape").rank() == 3 && (shape.channels() == 1 || shape.channels() == 3);
        Checks.require(picture, "shape", shape, "must be height x width x 1 or height x width x 3");
        float[] ones = new float[shape.channels()];
        Arrays.fill(ones, 1);
        return new ImageInput(shape, 0, 1, new float[shape.channels()], ones);
    }

    /**
     * The same, but with proportions kept: resized so that the shorter side has {@code shorterSide} pixels and the longer one as many as
     * that makes, rounded down, of which the middle is taken; if what is cut off is odd, one pixel more below or right.
     *
     * @param shorterSide at least the height and the width
     * @throws IllegalArgumentException if it is less
     */
    public ImageInput centreCropped(int shorterSide) {
        Checks.atLeast(shorterSide, Math.max(height, width), "shorterSide");
        return new ImageInput(shape, shorterSide, scale, mean, deviation);
    }

    /**
     * The same with another scale, 255 for networks that want bytes.
     *
     * @throws IllegalArgumentException if it is 0 or not finite
     */
    public ImageInput scale(float scale) {
        return new ImageInput(shape, shorterSide, Checks.factor(scale, "scale"), mean, deviation);
    }

    /** The same with one mean and one deviation for all channels: 0.5 and 0.5 for values from -1 to 1. */
    public ImageInput normalized(float mean, float deviation) {
        float[] means = new float[channels];
        Arrays.fill(means, mean);
        float[] deviations = new float[channels];
        Arrays.fill(deviations, deviation);
        return normalized(means, deviations);
    }

    /**
     * The same with a mean and a deviation for each channel, in the numbers after scaling.
     *
     * @param mean {@code float[channels]}, copied
     * @param deviation {@code float[channels]}, copied
     * @throws IllegalArgumentException if a length is not the number of channels, a value not finite or a deviation 0
     */
    public ImageInput normalized(float[] mean, float[] deviation) {
        Checks.length(mean, channels, "mean");
        Checks.length(deviation, channels, "deviation");
        for (int c = 0; c < channels; c++) {
            Checks.finite(mean[c], "mean " + c);
            Checks.factor(deviation[c], "deviation " + c);
        }
        return new ImageInput(shape, shorterSide, scale, mean.clone(), deviation.clone());
    }

    /**
     * The same with the means and deviations of ImageNet's red, green and blue, (0.485, 0.456, 0.406) and (0.229, 0.224, 0.225).
     *
     * @throws IllegalArgumentException if there are not 3 channels
     */
    public ImageInput imageNet() {
        return normalized(IMAGENET_MEAN, IMAGENET_DEVIATION);
    }

    /** The shape of the input. */
    public Shape shape() {
        return shape;
    }

    /**
     * Fills an input from the pixels of a picture, for instance a decoded frame. Allocates nothing.
     *
     * @param pixels unsigned bytes, {@code byte[height * width * channels]} or longer, row by row, red, green and blue or grey. Not
     *         modified
     * @param height of the picture
     * @param width of the picture
     * @param input overwritten in {@code [offset, offset + shape.size())}; old contents may be NaN
     * @throws IllegalArgumentException if a size is less than 1, or the picture too long for {@link #centreCropped}
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public void fill(byte[] pixels, int height, int width, float[] input, int offset) {
        Checks.atLeast(height, 1, "height");
        Checks.atLeast(width, 1, "width");
        Checks.range(pixels, 0, Checks.product("pixels", Checks.product("pixels", height, width), channels), "pixels");
        Checks.range(input, offset, shape.size(), "input");
        ByteResampler.resizeMiddle(pixels, height, width, channels, resizedHeight(height, width), resizedWidth(height, width),
                this.height, this.width, input, offset);
        normalize(input, offset);
    }

    /**
     * Fills an input from a picture of the JDK. What is transparent shows black; grey is the luma of Rec. 601, as by
     * {@code lanewise.io.ImageFile}. Allocates a few rows.
     *
     * @param image not modified
     * @param input overwritten in {@code [offset, offset + shape.size())}; old contents may be NaN
     * @throws IllegalArgumentException if the picture is too long for {@link #centreCropped}
     * @throws IndexOutOfBoundsException if {@code input} is too short
     */
    public void fill(BufferedImage image, float[] input, int offset) {
        int fromHeight = Checks.notNull(image, "image").getHeight();
        int fromWidth = image.getWidth();
        Checks.range(input, offset, shape.size(), "input");
        Resampler.resize(new PictureRows(image, channels), channels,
                Axis.middle(fromHeight, resizedHeight(fromHeight, fromWidth), height),
                Axis.middle(fromWidth, resizedWidth(fromHeight, fromWidth), width), input, offset);
        normalize(input, offset);
    }

    private int resizedHeight(int fromHeight, int fromWidth) {
        return shorterSide == 0 ? height : side(fromHeight, fromWidth);
    }

    private int resizedWidth(int fromHeight, int fromWidth) {
        return shorterSide == 0 ? width : side(fromWidth, fromHeight);
    }

    /** The new length of a side, beside another. */
    private int side(int from, int other) {
        long to = (long) shorterSide * from / Math.min(from, other);
        if (to > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("picture has sides of " + from + " and " + other + " pixels: with a shorter side of "
                    + shorterSide + " it would have " + to + ", more than " + Integer.MAX_VALUE);
        }
        return (int) to;
    }

    private void normalize(float[] input, int offset) {
        int end = offset + shape.size();
        for (int c = 0; c < channels; c++) {
            float shift = mean[c];
            float divisor = deviation[c];
            for (int i = offset + c; i < end; i += channels) {
                input[i] = (scale * input[i] - shift) / divisor;
            }
        }
    }

    /** Shape, cut and numbers. */
    @Override
    public String toString() {
        return shape + (shorterSide == 0 ? ", whole" : ", middle at a shorter side of " + shorterSide) + ", (" + scale + " v - "
                + Arrays.toString(mean) + ") / " + Arrays.toString(deviation);
    }
}
