package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.AdjacentTile2;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.ReadAhead;
import lanewise.internal.gemm.Tiles;
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
 * v                    of {@link PairedColumns}
 * m[i][tile][k]        = sum over r, f of v[i][strideH p + r][f][tile] u[i][r][f][k]       a product of depth 2RC
 * y[p][4 tile + q][k]  = sum over i of A'[q][i] m[i][tile][k]
 * </pre>
 *
 * <p>The rounding is of the kind of {@link WinogradConv}'s (NOTES, Precision).
 */
final class FewChannelWinogradConv implements ConvKernel {

    private static final int POINTS = WinogradF44.POINTS;
    private static final int OUTPUTS = WinogradF44.OUTPUTS;
    private static final int WIDTH = Panels.WIDTH;

    /** Floats of transformed rows, about: 256 KB of L2; and rows of outputs of a task when there are several workers. */
    private static final int MOST_FLOATS = 1 << 16;
    private static final int TASK_ROWS = PairedColumns.TASK_ROWS;

    private final ConvShape shape;
    private final PairedColumns columns;
    private final int p;
    private final int q;
    private final int depth;
    private final int bandRows;
    private final int panels;
    private final String layout;

    private FewChannelWinogradConv(ConvShape shape) {
        this.shape = shape;
        columns = new PairedColumns(shape);
        p = shape.p();
        q = shape.q();
        depth = columns.depth;
        bandRows = columns.bandRows(MOST_FLOATS, TASK_ROWS);
        panels = Math.ceilDiv(shape.k(), WIDTH);
        layout = "winograd F(4,4) of stride 2 " + FilterPanels.sizes(shape, shape.k());
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
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
                int f = d % columns.step;
                for (int tap = 0; tap < WinogradF44.TAPS; tap++) {
                    int s = PairedColumns.STRIDE * tap + f / shape.c();
                    int from = wOffset + ((d / columns.step * shape.s() + s) * shape.c() + f % shape.c()) * shape.k() + panel * WIDTH;
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

    /** Distance of two points of the transformed rows. */
    private int pointStride() {
        return columns.sourceRows(bandRows) * columns.rowFloats;
    }

    @Override
    public int workFloats() {
        int fixed = RowBlocks.biasFloats(shape.k()) + columns.scratchFloats() + POINTS * WinogradF44.POINT_FLOATS
                + AdjacentTile2.ROWS * OUTPUTS * WIDTH;
        return Math.addExact(fixed, Math.multiplyExact(POINTS, pointStride()));
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
        int scratch = workOffset + RowBlocks.biasFloats(shape.k());
        int m = scratch + columns.scratchFloats();
        int edge = m + POINTS * WinogradF44.POINT_FLOATS;
        int v = edge + AdjacentTile2.ROWS * OUTPUTS * WIDTH;
        RowBlocks.bias(args, 0, shape.k(), work, workOffset);
        for (int group = 0; group < columns.groups; group++) {
            int tile = columns.firstTile(group);
            int count = columns.firstTile(group + 1) - tile;
            columns.transform(args, image, first, rows, tile, count, work, v, pointStride(), scratch);
            for (int row = 0; row < rows; row++) {
                int pixel = (image * p + first + row) * q + OUTPUTS * tile;
                int pixels = Math.min(OUTPUTS * count, q - OUTPUTS * tile);
                int from = v + row * shape.strideH() * columns.rowFloats;
                for (int panel = 0; panel < panels; panel++) {
                    multiply(args, pixel, pixels, panel, work, from, m);
                    outputs(args, pixel, pixels, panel * WIDTH, work, m, workOffset, edge);
                }
            }
        }
        for (int row = first; row < first + rows; row++) {
            RowBlocks.activateRow(args, args.outOffset + (image * p + row) * q * args.outStride, q, shape.k());
        }
    }

    /** The products of all points for one panel of output channels; meanwhile its share of what the panels will write is fetched. */
    private void multiply(ConvArgs args, int pixel, int pixels, int panel, float[] work, int v, int m) {
        int out = args.outOffset + pixel * args.outStride;
        int length = (pixels - 1) * args.outStride + shape.k();
        int b = args.filterOffset + filterOffset(panel);
        for (int point = 0; point < POINTS; point++) {
            int share = panel * POINTS + point;
            if (ReadAhead.FETCHES) {
                ReadAhead.fetch(args.out, out + part(length, share), out + part(length, share + 1));
            }
            AdjacentTile2.run(Math.ceilDiv(pixels, OUTPUTS), work, v + point * pointStride(), depth, args.filter, b + point * depth * WIDTH,
                    work, m + point * WinogradF44.POINT_FLOATS);
        }
    }

    private int part(int length, int share) {
        return (int) ((long) length * share / (panels * POINTS));
    }

    /** Transforms these products to outputs; what hangs over an edge goes through scratch. */
    private void outputs(ConvArgs args, int pixel, int pixels, int column, float[] work, int m, int bias, int edge) {
        int width = Math.min(WIDTH, shape.k() - column);
        int whole = width == WIDTH ? pixels / OUTPUTS : 0;
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
                Tiles.copy(rest, width, added, addedAt + whole * OUTPUTS * addedStride, addedStride, work, edge, WIDTH);
            }
            finish(work, m + whole * WIDTH, Math.ceilDiv(rest, OUTPUTS), bias + column, added == null ? null : work, edge, WIDTH, relu,
                    work, edge, WIDTH);
            Tiles.copy(rest, width, work, edge, WIDTH, args.out, at, args.outStride);
        }
    }

    private static void finish(float[] work, int m, int tiles, int bias, float[] added, int addedAt, int addedStride, boolean relu,
                               float[] y, int at, int stride) {
        for (int i = 0; i < WIDTH; i += Simd.LANES) {
            WinogradF44.finish(work, m + i, tiles, work, bias + i, added, addedAt + i, addedStride, relu, y, at + i, stride);
        }
    }
}
