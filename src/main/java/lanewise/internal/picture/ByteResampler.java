package lanewise.internal.picture;

/**
 * Resizes pixels of bytes by the same rule and in the same order of sums as {@link Resampler}, so to the same bits, without a table or
 * a row in memory: along a row the pixels under an output are found by walking on from the one before, and nothing is allocated.
 */
public final class ByteResampler {

    /** A stored byte as a number from 0 to 1. */
    private static final double[] UNIT = new double[256];

    static {
        for (int i = 0; i < UNIT.length; i++) {
            UNIT[i] = i / 255f; // rounded to float, as where a picture is read
        }
    }

    private ByteResampler() {}

    /**
     * The middle {@code rows x columns} of the picture in another size.
     *
     * @param pixels {@code byte[height * width * channels]} or longer, unsigned. Not modified
     * @param channels 1 or 3
     * @param toHeight the whole picture's new height, at least {@code rows}
     * @param toWidth its new width, at least {@code columns}
     * @param to overwritten in {@code [offset, offset + rows * columns * channels)}
     */
    public static void resizeMiddle(byte[] pixels, int height, int width, int channels, int toHeight, int toWidth,
                                    int rows, int columns, float[] to, int offset) {
        assert channels == 1 || channels == 3 : channels;
        int next = channels / 3; // from red to green; of grey, three times the same
        int top = (toHeight - rows) / 2;
        int left = (toWidth - columns) / 2;
        double inside = (double) toWidth / width; // the weight of a pixel that an output covers wholly
        int at = offset;
        for (int p = top; p < top + rows; p++) {
            int y = Axis.first(height, toHeight, p);
            int tapsDown = Axis.taps(height, toHeight, p);
            int first = Axis.first(width, toWidth, left);
            int last = first;
            for (int q = left; q < left + columns; q++) {
                double firstWeight;
                double lastWeight;
                if (toWidth <= width) {
                    long begin = (long) q * width; // as in Axis.weight
                    long end = begin + width;
                    while ((first + 1L) * toWidth <= begin) {
                        first++;
                    }
                    while ((last + 1L) * toWidth < end) {
                        last++;
                    }
                    firstWeight = (double) (Math.min(end, (first + 1L) * toWidth) - begin) / width;
                    lastWeight = (double) (end - (long) last * toWidth) / width;
                } else {
                    first = Axis.first(width, toWidth, q);
                    last = first + Axis.taps(width, toWidth, q) - 1;
                    firstWeight = Axis.weight(width, toWidth, q, 0);
                    lastWeight = Axis.weight(width, toWidth, q, 1);
                }
                double red = 0;
                double green = 0;
                double blue = 0;
                for (int i = 0; i < tapsDown; i++) {
                    int pixel = ((y + i) * width + first) * channels;
                    double rowRed = 0;
                    double rowGreen = 0;
                    double rowBlue = 0;
                    for (int x = first; x <= last; x++) {
                        double weight = x == first ? firstWeight : x == last ? lastWeight : inside;
                        rowRed += weight * UNIT[pixels[pixel] & 0xff];
                        rowGreen += weight * UNIT[pixels[pixel + next] & 0xff];
                        rowBlue += weight * UNIT[pixels[pixel + 2 * next] & 0xff];
                        pixel += channels;
                    }
                    double weight = Axis.weight(height, toHeight, p, i);
                    red += weight * rowRed;
                    green += weight * rowGreen;
                    blue += weight * rowBlue;
                }
                to[at] = (float) red;
                to[at + next] = (float) green;
                to[at + 2 * next] = (float) blue;
                at += channels;
            }
        }
    }
}
