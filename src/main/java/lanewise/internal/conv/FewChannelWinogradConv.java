package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.AdjacentTile2;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Lines;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * {@code forward} by Winograd's algorithm along the rows, for first layers: few channels, and a filter of 7 or 8 columns with stride 2.
 *
 * <p>Two neighbouring columns of the image are one of twice the channels, over which the filter has stride 1 and four taps; down the
 * columns the sum is direct. F(4, 4) takes 7 multiplications for 4 outputs, so {@code 7 R 2C} for four outputs where the direct sum takes
 * {@code 4 R S C}: half as many for 7x7. In two dimensions it would be a quarter, but of products only 4C deep, whose beginnings and ends
 * take as long as the rest.
 *
 * <pre>
 * v[i][row][f][tile]   = sum over j of B'[i][j] x[row][2 (4 tile + j) + f / C][f % C]      f in [0, 2C)
 * m[i][tile][k]        = sum over r, f of v[i][strideH p + r][f][tile] u[i][r][f][k]       a product of depth 2RC
 * y[p][4 tile + q][k]  = sum over i of A'[q][i] m[i][tile][k]
 * </pre>
 *
 * <p>Rows of v follow each other, so that what an output row sees of a point is one panel, whatever the vertical stride. The rounding is
 * that of {@link WinogradConv} (NOTES, Precision).
 */
public final class FewChannelWinogradConv implements ConvKernel {

    private static final int MOST_CHANNELS = Panels.DEPTH - 1;

    /** Columns of the image that are one. */
    private static final int STRIDE = 2;

    private static final int POINTS = WinogradF44.POINTS;
    private static final int OUTPUTS = WinogradF44.OUTPUTS;
    private static final int WIDTH = Panels.WIDTH;

    /** Products below this depth take as long for their beginnings and ends. */
    private static final int LEAST_DEPTH = 24;

    /** Tiles of a row, at least. */
    private static final int LEAST_TILES = 7;

    /** Floats of transformed rows, at most: 256 KB of L2; and rows of outputs of a task when there are several workers. */
    private static final int MOST_FLOATS = 1 << 16;
    private static final int TASK_ROWS = 8;

    private final ConvShape shape;
    private final int p;
    private final int q;
    /** Channels of two columns. */
    private final int step;
    private final int depth;
    private final int tiles;
    /** Tiles of a group, whose products are made together. */
    private final int groupTiles;
    private final int bandRows;
    /** Floats of a transformed row, of one point. */
    private final int rowFloats;
    /** What a group of tiles sees of a row, with its padding. */
    private final int lineFloats;
    private final int panels;
    private final String layout;

    private FewChannelWinogradConv(ConvShape shape) {
        this.shape = shape;
        p = shape.p();
        q = shape.q();
        step = STRIDE * shape.c();
        depth = shape.r() * step;
        tiles = Math.ceilDiv(q, OUTPUTS);
        groupTiles = groupTiles(tiles);
        rowFloats = step * AdjacentTile2.PITCH;
        lineFloats = (groupTiles + 1) * OUTPUTS * step;
        panels = Math.ceilDiv(shape.k(), WIDTH);
        int most = (MOST_FLOATS / (POINTS * rowFloats) - shape.r()) / shape.strideH() + 1;
        bandRows = Math.clamp(most, Math.min(TASK_ROWS, p), p);
        layout = "winograd F(4,4) of stride 2 r%ds%dc%dk%d".formatted(shape.r(), shape.s(), shape.c(), shape.k());
    }

    private static int groupTiles(int tiles) {
        return Math.ceilDiv(tiles, Math.ceilDiv(tiles, AdjacentTile2.ROWS));
    }

    /** Null, or why {@code forward} does not do this shape. */
    public static String refusal(ConvShape shape) {
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        if (shape.c() > MOST_CHANNELS) {
            return shape.c() + " input channels: only 1 to " + MOST_CHANNELS;
        }
        if (shape.strideW() != STRIDE || shape.s() < 2 * WinogradF44.TAPS - 1 || shape.s() > 2 * WinogradF44.TAPS) {
            return shape.s() + " columns with stride " + shape.strideW() + ": only 7 or 8 with stride 2";
        }
        if (shape.dilationH() != 1 || shape.dilationW() != 1) {
            return "dilation " + shape.dilationH() + "x" + shape.dilationW() + ": only 1x1";
        }
        if (shape.r() * STRIDE * shape.c() < LEAST_DEPTH) {
            return shape.r() + " rows of " + shape.c() + " channels: too short a product to repay the transforms";
        }
        int tiles = Math.ceilDiv(shape.q(), OUTPUTS);
        int computed = AdjacentTile2.computed(groupTiles(tiles));
        if (tiles < LEAST_TILES || 2 * computed > 3 * groupTiles(tiles)) {
            return shape.q() + " columns of outputs, " + tiles + " tiles: too few, or of " + computed + " too many would be padding";
        }
        int padded = Simd.roundUp(shape.k(), WIDTH);
        if (4 * (padded - shape.k()) > shape.k()) {
            return shape.k() + " output channels: of " + padded + " too many would be padding";
        }
        double floats = ((TASK_ROWS - 1.0) * shape.strideH() + shape.r()) * POINTS * STRIDE * shape.c() * AdjacentTile2.PITCH;
        return floats <= 4.0 * MOST_FLOATS ? null : "transformed rows of %.0f floats: more than %d".formatted(floats, 4 * MOST_FLOATS);
    }

    /** {@code y} from {@code x}. */
    public static ConvKernel forward(ConvShape shape) {
        return new FewChannelWinogradConv(shape);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    /** {@code packed[k / WIDTH][point][r][f][WIDTH]}, from the first cache line on, and scratch behind it. */
    @Override
    public int packedFloats() {
        return Math.addExact(Simd.lineFrom(0) + WinogradF44.TAPS * WIDTH, Math.multiplyExact(panels, POINTS * depth * WIDTH));
    }

    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        int scratch = packedFloats() - WinogradF44.TAPS * WIDTH;
        for (int panel = 0; panel < panels; panel++) {
            for (int d = 0; d < depth; d++) {
                int f = d % step;
                for (int tap = 0; tap < WinogradF44.TAPS; tap++) {
                    int s = STRIDE * tap + f / shape.c();
                    int from = wOffset + ((d / step * shape.s() + s) * shape.c() + f % shape.c()) * shape.k() + panel * WIDTH;
                    int count = s < shape.s() ? Math.min(WIDTH, shape.k() - panel * WIDTH) : 0;
                    int to = scratch + tap * WIDTH;
                    if (count > 0) {
                        System.arraycopy(w, from, packed, to, count);
                    }
                    Arrays.fill(packed, to + count, to + WIDTH, 0);
                }
                WinogradF44.filter(packed, scratch, filterOffset(panel) + d * WIDTH, depth * WIDTH);
            }
        }
    }

    private int filterOffset(int panel) {
        return Simd.lineFrom(0) + panel * POINTS * depth * WIDTH;
    }

    @Override
    public boolean fuses() {
        return true;
    }

    private int bandRows(int workers) {
        return RowBlocks.enough(shape.n(), workers) ? bandRows : Math.min(bandRows, TASK_ROWS);
    }

    private int sourceRows(int rows) {
        return (rows - 1) * shape.strideH() + shape.r();
    }

    /** Distance of two points of the transformed rows. */
    private int pointStride() {
        return sourceRows(bandRows) * rowFloats;
    }

    @Override
    public int workFloats() {
        return Math.addExact(RowBlocks.biasFloats(shape.k()) + lineFloats + OUTPUTS * step * WinogradF44.PLANE
                + POINTS * WinogradF44.POINT_FLOATS + AdjacentTile2.ROWS * OUTPUTS * WIDTH, Math.multiplyExact(POINTS, pointStride()));
    }

    @Override
    public int tasks(int workers) {
        return shape.n() * Math.ceilDiv(p, bandRows(workers));
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int bands = Math.ceilDiv(p, bandRows(workers));
        int image = task / bands;
        int first = task % bands * bandRows(workers);
        int rows = Math.min(bandRows(workers), p - first);
        int line = workOffset + RowBlocks.biasFloats(shape.k());
        int planes = line + lineFloats;
        int m = planes + OUTPUTS * step * WinogradF44.PLANE;
        int edge = m + POINTS * WinogradF44.POINT_FLOATS;
        int v = edge + AdjacentTile2.ROWS * OUTPUTS * WIDTH;
        RowBlocks.bias(args, 0, shape.k(), work, workOffset);
        for (int tile = 0; tile < tiles; tile += groupTiles) {
            int count = Math.min(groupTiles, tiles - tile);
            for (int row = 0; row < sourceRows(rows); row++) {
                inputs(args, image, first * shape.strideH() - shape.padTop() + row, tile, count, work, line, planes, v + row * rowFloats);
            }
            for (int row = 0; row < rows; row++) {
                int pixel = (image * p + first + row) * q + OUTPUTS * tile;
                int pixels = Math.min(OUTPUTS * count, q - OUTPUTS * tile);
                int from = v + row * shape.strideH() * rowFloats;
                for (int panel = 0; panel < panels; panel++) {
                    multiply(args, pixel, pixels, panel, work, from, m);
                    outputs(args, pixel, pixels, panel * WIDTH, work, m, workOffset, edge);
                }
            }
        }
        for (int row = first; row < first + rows; row++) {
            activate(args, args.outOffset + (image * p + row) * q * args.outStride);
        }
    }

    /** Transforms what {@code count} tiles see of one row of the image, which may be padding. */
    private void inputs(ConvArgs args, int image, int row, int tile, int count, float[] work, int line, int planes, int v) {
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
        for (int plane = 0; plane < OUTPUTS * step; plane++) {
            StridedCopy.run(OUTPUTS * step, work, line + plane, work, planes + plane * WinogradF44.PLANE, count + 1);
        }
        WinogradF44.input(work, planes, step, count, v, pointStride());
    }

    /** The products of all points for one panel of output channels; meanwhile its share of what the panels will write is fetched. */
    private void multiply(ConvArgs args, int pixel, int pixels, int panel, float[] work, int v, int m) {
        int out = args.outOffset + pixel * args.outStride;
        int length = (pixels - 1) * args.outStride + shape.k();
        int b = args.filterOffset + filterOffset(panel);
        for (int point = 0; point < POINTS; point++) {
            int share = panel * POINTS + point;
            Lines.fetch(args.out, out + part(length, share), out + part(length, share + 1));
            AdjacentTile2.run(Math.ceilDiv(pixels, OUTPUTS), work, v + point * pointStride(), depth, args.filter, b + point * depth * WIDTH,
                    work, m + point * WinogradF44.POINT_FLOATS);
        }
    }

    private int part(int length, int share) {
        return (int) ((long) length * share / (panels * POINTS));
    }

    /** Transforms these products to outputs; what hangs over an edge goes through scratch. */
    private void outputs(ConvArgs args, int pixel, int pixels, int column, float[] work, int m, int bias, int edge) {
        int columns = Math.min(WIDTH, shape.k() - column);
        int whole = columns == WIDTH ? pixels / OUTPUTS : 0;
        boolean relu = RowBlocks.reluInside(args);
        float[] added = args.plus ? args.out : args.residual;
        int addedStride = args.plus ? args.outStride : shape.k();
        int addedAt = (args.plus ? args.outOffset : args.residualOffset) + pixel * addedStride + column;
        int out = args.outOffset + pixel * args.outStride + column;
        finish(work, m, whole, bias + column, added, addedAt, addedStride, relu, args.out, out, args.outStride);
        int rest = pixels - whole * OUTPUTS;
        if (rest > 0) {
            int at = out + whole * OUTPUTS * args.outStride;
            if (added != null) {
                Tiles.copy(rest, columns, added, addedAt + whole * OUTPUTS * addedStride, addedStride, work, edge, WIDTH);
            }
            finish(work, m + whole * WIDTH, Math.ceilDiv(rest, OUTPUTS), bias + column, added == null ? null : work, edge, WIDTH, relu,
                    work, edge, WIDTH);
            Tiles.copy(rest, columns, work, edge, WIDTH, args.out, at, args.outStride);
        }
    }

    private static void finish(float[] work, int m, int tiles, int bias, float[] added, int addedAt, int addedStride, boolean relu,
                               float[] y, int at, int stride) {
        for (int i = 0; i < WIDTH; i += Simd.LANES) {
            WinogradF44.finish(work, m + i, tiles, work, bias + i, added, addedAt + i, addedStride, relu, y, at + i, stride);
        }
    }

    /** Finishes one row of the output. */
    private void activate(ConvArgs args, int row) {
        if (args.outStride == shape.k()) {
            RowBlocks.activate(args, row, q * shape.k());
            return;
        }
        for (int i = 0; i < q; i++) {
            RowBlocks.activate(args, row + i * args.outStride, shape.k());
        }
    }
}
