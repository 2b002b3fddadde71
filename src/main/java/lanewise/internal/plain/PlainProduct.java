package lanewise.internal.plain;

import java.util.Arrays;
import lanewise.internal.conv.ConvArgs;

/**
 * A convolution as the product of patches, one row for each output pixel, and the filter's rows: {@code y[pixel][k] = sum over d of
 * patch[pixel][d] w[d][k]}, group by group.
 */
abstract class PlainProduct extends PlainConv {

    private final int groups;
    private final int depth;
    private final int columns;
    /** Distance of two patches: the depth rounded up, zeros behind it. */
    private final int stride;

    PlainProduct(int pixels, int groups, int depth, int columns) {
        super(pixels, groups * columns, rounded(depth));
        this.groups = groups;
        this.depth = depth;
        this.columns = columns;
        stride = rounded(depth);
    }

    private static int rounded(int depth) {
        return Math.addExact(depth, PlainLoops.DEPTHS - 1) / PlainLoops.DEPTHS * PlainLoops.DEPTHS;
    }

    /** Copies what the filter sees of {@code group} at output {@code pixel}, zeros for padding. */
    abstract void patch(ConvArgs args, int pixel, int group, float[] patches, int at);

    /** Copies row {@code d} of the filter, of {@code group}. */
    abstract void filterRow(float[] filter, int group, int d, float[] row);

    @Override
    final void run(ConvArgs args, int first, int count, PlainScratch scratch) {
        int rows = (count + PlainLoops.ROWS - 1) / PlainLoops.ROWS * PlainLoops.ROWS;
        float[][] y = scratch.sums(rows, columns);
        float[][] w = scratch.filter(PlainLoops.DEPTHS, columns);
        float[] patches = scratch.patches(rows * stride);
        for (int group = 0; group < groups; group++) {
            for (int i = 0; i < count; i++) {
                begin(args, first + i, group * columns, columns, y[i], scratch);
                patch(args, first + i, group, patches, i * stride);
                Arrays.fill(patches, i * stride + depth, (i + 1) * stride, 0);
            }
            Arrays.fill(patches, count * stride, rows * stride, 0);
            multiply(args.filter, group, y, w, patches, rows);
            for (int i = 0; i < count; i++) {
                end(args, first + i, group * columns, columns, y[i]);
            }
        }
    }

    private void multiply(float[] filter, int group, float[][] y, float[][] w, float[] patches, int rows) {
        for (int d = 0; d < depth; d += PlainLoops.DEPTHS) {
            for (int j = 0; j < PlainLoops.DEPTHS; j++) {
                if (d + j < depth) {
                    filterRow(filter, group, d + j, w[j]);
                } else {
                    Arrays.fill(w[j], 0, columns, 0);
                }
            }
            for (int i = 0; i < rows; i += PlainLoops.ROWS) {
                int at = i * stride + d;
                PlainLoops.multiply(y[i], y[i + 1], y[i + 2], y[i + 3], w[0], w[1], w[2], w[3], columns,
                        patches, at, at + stride, at + 2 * stride, at + 3 * stride);
            }
        }
    }
}
