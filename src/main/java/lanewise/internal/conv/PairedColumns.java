package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.AdjacentTile2;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * An image of few channels under a filter of 7 or 8 columns with stride 2: two neighbouring columns are one of twice the channels, over
 * which the filter has four taps and stride 1. Its rows are transformed by {@link WinogradF44}, some neighbouring tiles at a time:
 *
 * <pre>v[i][row][f][tile] = sum over j of B'[i][j] x[row][2 (4 tile + j) + f / C][f % C]      f in [0, 2C)</pre>
 *
 * <p>Rows of v follow each other, so that what a row of outputs sees of a point is one panel of depth 2RC, whatever the vertical stride.
 */
final class PairedColumns {

    private static final int MOST_CHANNELS = Panels.DEPTH - 1;

    /** Columns of the image that are one. */
    static final int STRIDE = 2;

    private static final int OUTPUTS = WinogradF44.OUTPUTS;

    /** Products below this depth take as long for their beginnings and ends. */
    private static final int LEAST_DEPTH = 24;

    /** Tiles of a row, at least. */
    private static final int LEAST_TILES = 7;

    /** Rows of outputs that are done together at least, their transformed inputs at most, and the largest packed filter and its sums. */
    static final int TASK_ROWS = 8;
    private static final int MOST_FLOATS = 1 << 24;
    private static final int MOST_FILTER_FLOATS = 1 << 26;

    private final ConvShape shape;
    /** Channels of two columns. */
    final int step;
    /** Of the products. */
    final int depth;
    private final int tiles;
    /** Groups of neighbouring tiles whose products are made together, and the tiles of the largest: others have one less. */
    final int groups;
    final int groupTiles;
    /** Floats of a transformed row, of one point. */
    final int rowFloats;
    /** What a group of tiles sees of a row, with its padding. */
    private final int lineFloats;

    PairedColumns(ConvShape shape) {
        this.shape = shape;
        step = STRIDE * shape.c();
        depth = shape.r() * step;
        tiles = Math.ceilDiv(shape.q(), OUTPUTS);
        groups = groups(tiles);
        groupTiles = Math.ceilDiv(tiles, groups);
        rowFloats = step * AdjacentTile2.PITCH;
        lineFloats = Simd.roundUp((groupTiles + 1) * OUTPUTS * step, Panels.DEPTH); // what follows begins at a line, too
    }

    private static int groups(int tiles) {
        return Math.ceilDiv(tiles, AdjacentTile2.ROWS);
    }

    /** The first tile of a group, and where the one before it ends. */
    int firstTile(int group) {
        return (int) ((long) tiles * group / groups);
    }

    /** Null, or why it is not for this shape. */
    static String refusal(ConvShape shape) {
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        if (shape.c() > MOST_CHANNELS) {
            return shape.c() + " input channels: only 1 to " + MOST_CHANNELS;
        }
        if (shape.strideW() != STRIDE || shape.s() < STRIDE * WinogradF44.TAPS - 1 || shape.s() > STRIDE * WinogradF44.TAPS) {
            return shape.s() + " columns with stride " + shape.strideW() + ": only 7 or 8 with stride 2";
        }
        if (shape.dilationH() != 1 || shape.dilationW() != 1) {
            return "dilation " + shape.dilationH() + "x" + shape.dilationW() + ": only 1x1";
        }
        if (shape.r() * STRIDE * shape.c() < LEAST_DEPTH) {
            return shape.r() + " rows of " + shape.c() + " channels: too short a product to repay the transforms";
        }
        int tiles = Math.ceilDiv(shape.q(), OUTPUTS);
        int groupTiles = Math.ceilDiv(tiles, groups(tiles));
        int computed = AdjacentTile2.computed(groupTiles);
        if (tiles < LEAST_TILES || 2 * computed > 3 * groupTiles) {
            return shape.q() + " columns of outputs, " + groupTiles + " tiles at a time: fewer than " + LEAST_TILES + ", or too many of "
                    + computed + " would be padding";
        }
        int padded = Simd.roundUp(shape.k(), Panels.WIDTH);
        if (4 * (padded - shape.k()) > shape.k()) {
            return shape.k() + " output channels: of " + padded + " too many would be padding";
        }
        if (shape.strideH() > shape.r()) {
            return "stride " + shape.strideH() + " over " + shape.r() + " rows: rows that no tap sees would be transformed";
        }
        double row = (double) WinogradF44.POINTS * STRIDE * shape.c() * AdjacentTile2.PITCH;
        double rows = row * ((Math.min(TASK_ROWS, shape.p()) - 1.0) * shape.strideH() + shape.r());
        if (rows > MOST_FLOATS) {
            return "transformed rows of " + (long) rows + " floats: more than " + MOST_FLOATS;
        }
        double filter = (double) WinogradF44.POINTS * shape.r() * STRIDE * shape.c() * padded;
        return filter <= MOST_FILTER_FLOATS ? null
                : "a transformed filter of " + (long) filter + " floats: more than " + MOST_FILTER_FLOATS;
    }

    /** Rows of outputs whose transformed inputs are about {@code floats}, but {@code least} if there are so many. */
    int bandRows(int floats, int least) {
        int most = (floats / (WinogradF44.POINTS * rowFloats) - shape.r()) / shape.strideH() + 1;
        return Math.clamp(most, Math.min(least, shape.p()), shape.p());
    }

    /** Rows of the image that {@code rows} rows of outputs see. */
    int sourceRows(int rows) {
        return (rows - 1) * shape.strideH() + shape.r();
    }

    /** Floats of scratch. */
    int scratchFloats() {
        return lineFloats + OUTPUTS * step * WinogradF44.PLANE;
    }

    /**
     * Transforms what {@code count} tiles from {@code tile} on see of the rows under {@code rows} rows of outputs.
     *
     * @param v point i at {@code v + i pointStride}
     */
    void transform(ConvArgs args, int image, int first, int rows, int tile, int count, float[] work, int v, int pointStride, int scratch) {
        for (int row = 0; row < sourceRows(rows); row++) {
            int y = first * shape.strideH() - shape.padTop() + row;
            transform(args, image, y, tile, count, work, v + row * rowFloats, pointStride, scratch);
        }
    }

    /** One row, which may be padding. */
    private void transform(ConvArgs args, int image, int row, int tile, int count, float[] work, int v, int pointStride, int line) {
        int columns = STRIDE * OUTPUTS * (count + 1);
        int left = STRIDE * OUTPUTS * tile - shape.padLeft();
        int begin = row < 0 || row >= shape.h() ? columns : Math.clamp(-(long) left, 0, columns);
        int end = Math.clamp((long) shape.w() - left, begin, columns);
        int c = shape.c();
        Arrays.fill(work, line, line + begin * c, 0);
        if (begin < end) {
            System.arraycopy(args.source, args.sourceOffset + ((image * shape.h() + row) * shape.w() + left + begin) * c,
                    work, line + begin * c, (end - begin) * c);
        }
        Arrays.fill(work, line + end * c, line + columns * c, 0);
        int planes = line + lineFloats;
        for (int plane = 0; plane < OUTPUTS * step; plane++) {
            StridedCopy.run(OUTPUTS * step, work, line + plane, work, planes + plane * WinogradF44.PLANE, count + 1);
        }
        WinogradF44.input(work, planes, step, count, v, pointStride);
    }
}
