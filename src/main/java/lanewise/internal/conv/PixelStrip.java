package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.FilterRowTile;
import lanewise.internal.gemm.Panels;
import lanewise.kernel.ConvShape;

/**
 * The rows of an image of fewer than 16 channels that a band of outputs sees, with their padding, every pixel in a grain of its own:
 *
 * <pre>strip[row][column][16]      channels, then anything</pre>
 *
 * <p>so that the distance of two pixels is a number in the code, whatever the channels.
 */
final class PixelStrip {

    private static final int PITCH = FilterRowTile.PITCH;

    /** Floats of a strip: with the rows of the filter it stays in a 48 KB L1. */
    private static final int FLOATS = 1 << 13;

    private final ConvShape shape;
    private final int columns;
    private final int lineFloats;

    /** Rows of the output in a strip. */
    final int rows;
    /** From what a row of outputs sees to that of the next. */
    final int rowFloats;
    /** Where each channel of each row of the filter is, {@code [r][c]}. */
    final int[] taps;

    PixelStrip(ConvShape shape) {
        this.shape = shape;
        columns = shape.q() + shape.s() - 1;
        lineFloats = columns * PITCH;
        rowFloats = shape.strideH() * lineFloats;
        int most = Math.clamp((FLOATS / lineFloats - lines(shape, 1)) / shape.strideH() + 1, 1, shape.p());
        rows = most == shape.p() ? most : Math.max(2, most / 2 * 2); // rows come in pairs
        taps = new int[shape.r() * shape.c()];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = t / shape.c() * shape.dilationH() * lineFloats + t % shape.c();
        }
    }

    /** Rows of the image that {@code rows} rows of the output see. */
    private static int lines(ConvShape shape, int rows) {
        return (rows - 1) * shape.strideH() + (shape.r() - 1) * shape.dilationH() + 1;
    }

    /** Null, or why what a pair of rows sees is too much. */
    static String refusal(ConvShape shape) {
        double lines = shape.strideH() + (shape.r() - 1.0) * shape.dilationH() + 1;
        double floats = lines * (shape.q() + shape.s() - 1.0) * PITCH;
        return floats <= FLOATS ? null : "two rows of outputs see " + (long) floats + " floats: more than " + FLOATS;
    }

    int floats() {
        return lines(shape, rows) * lineFloats;
    }

    /** Copies what {@code count} rows of outputs from {@code first} see of {@code image}. */
    void fill(ConvArgs args, int image, int first, int count, float[] work, int at) {
        int c = shape.c();
        int begin = Math.min(columns, shape.padLeft());
        int pixels = Math.min(columns - begin, shape.w());
        for (int line = 0; line < lines(shape, count); line++) {
            int y = first * shape.strideH() - shape.padTop() + line;
            int to = at + line * lineFloats;
            if (y < 0 || y >= shape.h()) {
                Arrays.fill(work, to, to + lineFloats, 0);
                continue;
            }
            int from = args.sourceOffset + (image * shape.h() + y) * shape.w() * c;
            Arrays.fill(work, to, to + begin * PITCH, 0);
            copy(args.source, from, c, pixels, work, to + begin * PITCH);
            Arrays.fill(work, to + (begin + pixels) * PITCH, to + lineFloats, 0);
        }
    }

    /** Whole grains, except where the array ends. */
    private static void copy(float[] x, int from, int c, int pixels, float[] work, int to) {
        int grains = Math.clamp(Math.floorDiv(x.length - from - Panels.DEPTH, c) + 1L, 0, pixels);
        for (int i = 0; i < grains; i++) {
            Panels.copyGrain(x, from + i * c, work, to + i * PITCH);
        }
        for (int i = grains; i < pixels; i++) {
            System.arraycopy(x, from + i * c, work, to + i * PITCH, c);
        }
    }
}
