package lanewise.signal;

import lanewise.internal.Checks;
import lanewise.internal.VectorModule;

/**
 * The classical image filters, by name. Each is a true convolution, {@code y = x * kernel}, of the size of the picture; zero
 * border unless another is asked for.
 *
 * <pre>
 * BLUR        SHARPEN       EDGES         SOBEL_X     SOBEL_Y
 * 0 1 0        0 -1  0       0 -1  0      1 0 -1       1  2  1
 * 1 4 1 / 8   -1  8 -1 / 4  -1  4 -1      2 0 -2       0  0  0
 * 0 1 0        0 -1  0       0 -1  0      1 0 -1      -1 -2 -1
 * </pre>
 *
 * <p>Pictures are not modified, and results are new. All sizes are in pixels. NaN and infinity: see the
 * {@linkplain lanewise.signal package}. A filter may be used by several threads.
 *
 * <p><i>Source:</i> CSC321, lecture 11.
 */
public enum ImageFilter {
    /** A weighted mean of a pixel and its four neighbours; the taps add up to 1. */
    BLUR(8, 0, 1, 0, 1, 4, 1, 0, 1, 0),
    /** Enlarges the difference between a pixel and its four neighbours; the taps add up to 1. */
    SHARPEN(4, 0, -1, 0, -1, 8, -1, 0, -1, 0),
    /** Only that difference: zero where the picture is flat. */
    EDGES(1, 0, -1, 0, -1, 4, -1, 0, -1, 0),
    /** The slope from left to right: positive where the picture becomes brighter to the right. It finds vertical edges. */
    SOBEL_X(1, 1, 0, -1, 2, 0, -2, 1, 0, -1),
    /** The slope downwards, the transpose of {@link #SOBEL_X}: positive where it becomes brighter below. Horizontal edges. */
    SOBEL_Y(1, 1, 2, 1, 0, 0, 0, -1, -2, -1);

    private static final int SIZE = 3;

    private final Plane kernel;

    ImageFilter(int divisor, float... taps) {
        for (int i = 0; i < taps.length; i++) {
            taps[i] /= divisor; // a power of two: exact
        }
        kernel = new Plane(SIZE, SIZE, taps);
    }

    /**
     * The taps.
     *
     * @return 3 x 3, a new plane
     */
    public Plane kernel() {
        return new Plane(SIZE, SIZE, kernel.values().clone());
    }

    /**
     * The filtered picture, with {@link Border#ZERO}.
     *
     * @param picture one channel, H x W
     * @return H x W
     * @throws NullPointerException if the picture is null
     */
    public Plane apply(Plane picture) {
        return apply(picture, Border.ZERO);
    }

    /**
     * The filtered picture.
     *
     * @param picture one channel, H x W
     * @param border what is beyond its edge
     * @return H x W
     * @throws NullPointerException if an argument is null
     */
    public Plane apply(Plane picture, Border border) {
        return convolve(picture, kernel, border);
    }

    /**
     * A filtered picture of several channels, each filtered by itself.
     *
     * @param pixels {@code float[height * width * channels]}, channels last, as red, green and blue of a pixel side by side
     * @param height H
     * @param width W
     * @param channels C
     * @param border what is beyond the edge
     * @return {@code float[height * width * channels]}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a size is less than 1, or the array's length is not their product
     */
    public float[] apply(float[] pixels, int height, int width, int channels, Border border) {
        Checks.atLeast(height, 1, "height");
        Checks.atLeast(width, 1, "width");
        Checks.atLeast(channels, 1, "channels");
        Checks.length(pixels, Checks.product("pixels", height, width, channels), "pixels");
        Plane picture = Plane.zeros(height, width);
        float[] result = new float[pixels.length];
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < picture.values().length; i++) {
                picture.values()[i] = pixels[i * channels + channel];
            }
            float[] filtered = apply(picture, border).values();
            for (int i = 0; i < filtered.length; i++) {
                result[i * channels + channel] = filtered[i];
            }
        }
        return result;
    }

    /**
     * A picture convolved with a kernel of your own, to a picture of the same size.
     *
     * @param picture one channel, H x W
     * @param kernel any size; its middle, the upper left of the middles if a side is even, belongs on the pixel itself
     * @param border what is beyond the edge
     * @return H x W
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the picture and its border have more pixels than an array can hold
     */
    public static Plane convolve(Plane picture, Plane kernel, Border border) {
        VectorModule.require();
        Checks.notNull(picture, "picture");
        Checks.notNull(kernel, "kernel");
        return Checks.notNull(border, "border").convolve(picture, kernel);
    }

    /**
     * How steep the picture is, whatever the direction: {@code sqrt(SOBEL_X^2 + SOBEL_Y^2)}, computed in double.
     *
     * @param picture one channel, H x W
     * @param border what is beyond its edge
     * @return H x W
     * @throws NullPointerException if an argument is null
     */
    public static Plane gradientMagnitude(Plane picture, Border border) {
        float[] across = SOBEL_X.apply(picture, border).values();
        float[] down = SOBEL_Y.apply(picture, border).values();
        float[] magnitude = new float[across.length];
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = (float) Math.sqrt((double) across[i] * across[i] + (double) down[i] * down[i]);
        }
        return new Plane(picture.height(), picture.width(), magnitude);
    }
}
