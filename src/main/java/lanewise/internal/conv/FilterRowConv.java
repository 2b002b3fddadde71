package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.FilterRowTile;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * {@code forward} for images of fewer than 16 channels, filters of five columns and rows of whole tens of outputs: a pixel that is
 * broadcast meets a whole row of the filter ({@link FilterRowTile}), while {@link FewChannelConv} broadcasts it once for each column.
 *
 * <p>With a 2x2 max-pooling behind it, a tile is pooled before it is written: it has the two rows of five windows.
 *
 * <p>A task is a strip of an image, whose rows are done in pairs. Of rows that are no tens a fifth is computed in vain, and that loses.
 */
final class FilterRowConv implements ConvKernel {

    private static final int LANES = Simd.LANES;
    private static final int ROWS = FilterRowTile.ROWS;
    private static final int PIXELS = FilterRowTile.PIXELS;

    /** Turns of the tile's loop that repay its 20 sums. */
    private static final int LEAST_TURNS = 8;

    private final ConvShape shape;
    private final boolean pool;
    private final PixelStrip strip;
    private final int p;
    private final int q;
    private final int k;
    /** Floats of the filter for one vector of output channels. */
    private final int panel;
    private final String layout;

    private FilterRowConv(ConvShape shape, boolean pool) {
        this.shape = shape;
        this.pool = pool;
        p = shape.p();
        q = shape.q();
        k = shape.k();
        strip = new PixelStrip(shape);
        panel = strip.taps.length * FilterRowTile.COLUMNS * LANES;
        layout = "filter rows " + FilterPanels.sizes(shape, k);
    }

    /** Null, or why {@code forward} does not do this shape. */
    static String refusal(ConvShape shape) {
        long turns = (long) shape.r() * shape.c();
        return turns < LEAST_TURNS ? shape.c() + " channels of " + shape.r() + " rows: less than " + LEAST_TURNS : anyRefusal(shape);
    }

    /** Null, or why neither {@code forward} nor {@code gradWeight} does this shape. */
    static String anyRefusal(ConvShape shape) {
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        if (shape.c() >= Panels.DEPTH) {
            return shape.c() + " input channels: only 1 to " + (Panels.DEPTH - 1);
        }
        if (shape.s() != FilterRowTile.COLUMNS || shape.dilationW() != 1 || shape.strideW() != 1) {
            return shape.s() + " columns of the filter, dilation " + shape.dilationW() + " and stride " + shape.strideW()
                    + " along rows: only 5 columns, dilation and stride 1";
        }
        if (shape.q() % PIXELS != 0) {
            return "rows of " + shape.q() + " outputs: only multiples of " + PIXELS;
        }
        if (shape.k() % LANES != 0) {
            return shape.k() + " output channels: only multiples of " + LANES;
        }
        return PixelStrip.refusal(shape);
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        return new FilterRowConv(shape, false);
    }

    @Override
    public ConvKernel pooling() {
        return p < 2 ? null : pool ? this : new FilterRowConv(shape, true);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    @Override
    public int packedFloats() {
        return k / LANES * panel;
    }

    /** Vectors of output channels one after the other, in each {@code [r][c][s][lane]}. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        int c = shape.c();
        int s = shape.s();
        for (int first = 0, at = 0; first < k; first += LANES) {
            for (int t = 0; t < strip.taps.length; t++) {
                for (int column = 0; column < s; column++, at += LANES) {
                    int from = wOffset + ((t / c * s + column) * c + t % c) * k + first;
                    System.arraycopy(w, from, packed, at, LANES);
                }
            }
        }
    }

    /** Fewer rows for several workers, so that one image feeds them all, unless there are images enough. */
    private int stripRows(int workers) {
        return RowBlocks.enough(shape.n(), workers) ? strip.rows : Math.min(strip.rows, 2 * ROWS);
    }

    private int strips(int workers) {
        return (p - 1) / stripRows(workers) + 1;
    }

    @Override
    public int workFloats() {
        return k + ROWS * PIXELS * LANES + Panels.DEPTH + strip.floats();
    }

    @Override
    public int tasks(int workers) {
        return shape.n() * strips(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int image = task / strips(workers);
        int first = task % strips(workers) * stripRows(workers);
        int rows = Math.min(stripRows(workers), p - first);
        int tile = workOffset + k;
        int source = Simd.lineFrom(tile + ROWS * PIXELS * LANES);
        Arrays.fill(work, workOffset, tile, 0);
        if (args.bias != null) {
            System.arraycopy(args.bias, args.biasOffset, work, workOffset, k);
        }
        strip.fill(args, image, first, rows, work, source);
        if (pool) {
            pool(args, rows / ROWS, work, workOffset, source, args.outOffset + (image * (p / 2) + first / 2) * (q / 2) * k);
            return;
        }
        int out = args.outOffset + (image * p + first) * q * k;
        for (int row = 0; row < rows; row += ROWS) {
            int pair = Math.min(ROWS, rows - row);
            for (int channel = 0; channel < k; channel += LANES) {
                pair(args, pair, channel, work, workOffset, tile, source + row * strip.rowFloats, out + row * q * k + channel);
            }
            RowBlocks.activate(args, out + row * q * k, pair * q * k);
        }
    }

    /** Pooled outputs of {@code pairs} pairs of rows. */
    private void pool(ConvArgs args, int pairs, float[] work, int bias, int source, int out) {
        int step = PIXELS / 2 * k;
        for (int pair = 0; pair < pairs; pair++) {
            int from = source + pair * ROWS * strip.rowFloats;
            for (int channel = 0; channel < k; channel += LANES) {
                int to = out + pair * (q / 2) * k + channel;
                for (int pixel = 0; pixel < q; pixel += PIXELS, to += step) {
                    FilterRowTile.run(work, from + pixel * FilterRowTile.PITCH, strip.rowFloats, strip.taps,
                            args.filter, args.filterOffset + channel / LANES * panel, work, bias + channel,
                            RowBlocks.reluInside(args), true, args.out, to, k, 0);
                }
            }
        }
    }

    /** A vector of channels of two rows of outputs, or of one, which is then computed twice. */
    private void pair(ConvArgs args, int rows, int channel, float[] work, int bias, int tile, int from, int out) {
        int second = rows - 1;
        int filter = args.filterOffset + channel / LANES * panel;
        for (int pixel = 0; pixel < q; pixel += PIXELS) {
            int at = from + pixel * FilterRowTile.PITCH;
            int to = out + pixel * k;
            if (!args.plus) {
                FilterRowTile.run(work, at, second * strip.rowFloats, strip.taps, args.filter, filter, work, bias + channel,
                        RowBlocks.reluInside(args), false, args.out, to, k, second * q * k);
                continue;
            }
            FilterRowTile.run(work, at, second * strip.rowFloats, strip.taps, args.filter, filter, work, bias + channel,
                    RowBlocks.reluInside(args), false, work, tile, LANES, second * PIXELS * LANES);
            for (int row = 0; row < rows; row++) {
                Tiles.add(PIXELS, LANES, work, tile + row * PIXELS * LANES, LANES, args.out, to + row * q * k, k,
                        args.out, to + row * q * k, k);
            }
        }
    }
}
