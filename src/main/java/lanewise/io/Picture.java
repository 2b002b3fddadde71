package lanewise.io;

import lanewise.internal.Checks;
import lanewise.internal.picture.Axis;
import lanewise.internal.picture.Resampler;

/**
 * A picture in numbers, channels last. The array is the picture's, not a copy.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels 1 for grey, 3 for red, green and blue; others are not for files
 * @param values {@code float[height * width * channels]}; 0 is black and 1 is white
 */
public record Picture(int height, int width, int channels, float[] values) {

    /**
     * Checks the sizes.
     *
     * @throws NullPointerException if {@code values} is null
     * @throws IllegalArgumentException if a size is less than 1, or the array's length is not their product
     */
    public Picture {
        Checks.atLeast(height, 1, "height");
        Checks.atLeast(width, 1, "width");
        Checks.atLeast(channels, 1, "channels");
        Checks.length(values, Checks.product("picture", height, width, channels), "values");
    }

    /**
     * The picture in another size. Along each axis, if that shrinks, a pixel is the mean over the area that it covers, so that
     * nothing is skipped and nothing flickers; if it grows, a value is interpolated linearly between the two nearest centres, with
     * the edge continued. Proportions may change. Summed in double; a value stays between the least and the greatest before.
     *
     * @param height in pixels, at least 1
     * @param width in pixels, at least 1
     * @return a new picture
     * @throws IllegalArgumentException if a size is less than 1, or the result more than an array can hold
     */
    public Picture resized(int height, int width) {
        int row = this.width * channels;
        return resized((y, to) -> System.arraycopy(values, y * row, to, 0, row), this.height, this.width, channels, height, width);
    }

    /** The same of a picture that comes row by row. */
    static Picture resized(Resampler.Rows rows, int fromHeight, int fromWidth, int channels, int height, int width) {
        Checks.atLeast(height, 1, "height");
        Checks.atLeast(width, 1, "width");
        float[] values = new float[Checks.product("picture", height, width, channels)];
        Resampler.resize(rows, channels, Axis.of(fromHeight, height), Axis.of(fromWidth, width), values, 0);
        return new Picture(height, width, channels, values);
    }
}
