package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.PlaneTile;
import lanewise.internal.pool.PlanePool;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * {@code forward} at stride 1 from few channels to fewer than fill a vector: vectors run along the rows of planes,
 *
 * <pre>
 * strip[c][row][column]     planes of x with their padding, cut out of channels-last rows
 * planes[k][row][column]    sums, and between rows S - 1 columns that no one reads
 * y[row][q][k]              interleaved
 * </pre>
 *
 * <p>so no lane idles for want of channels, only those between rows. Both copies are of single floats: they pay where K is small.
 * Pooling 2x2 on the planes, before the second copy, leaves a quarter of it.
 */
final class PlanarConv implements ConvKernel {

    private static final int MOST_CHANNELS = 4;

    /** More fill a vector well enough. */
    private static final int MOST_OUT_CHANNELS = 12;

    /** Floats of the planes of sums, about: with the strip they stay in L1. */
    private static final int PLANE_FLOATS = 1 << 13;

    /** Rows of a strip, at least: the rows between two strips are copied twice. */
    private static final int STRIP_ROWS = 4;

    private static final int LINE_FLOATS = 16;

    /** The largest scratch: 64 MB. */
    private static final int MOST_FLOATS = 1 << 24;

    private final ConvShape shape;
    private final int p;
    private final int q;
    private final int k;
    /** K with the padding of the last block. */
    private final int paddedK;
    private final int columns;
    private final int stripRows;
    /** From a plane of x to the next, and of sums. */
    private final int sourcePlane;
    private final int plane;
    private final int[] taps;
    private final String layout;
    private final boolean pool;
    /** From the place of an output to that of the next, and of the one below. */
    private final int placeColumn;
    private final int placeRow;

    private PlanarConv(ConvShape shape, boolean pool) {
        this.shape = shape;
        this.pool = pool;
        placeColumn = MaximaGradWeight.placeColumn(shape);
        placeRow = MaximaGradWeight.placeRow(shape);
        p = shape.p();
        q = shape.q();
        k = shape.k();
        paddedK = paddedChannels(k);
        columns = q + (shape.s() - 1) * shape.dilationW();
        int rows = Math.clamp(PLANE_FLOATS / ((long) columns * paddedK), Math.min(STRIP_ROWS, p), p);
        stripRows = rows == p ? p : rows / 2 * 2; // a window of the pooling lies in one strip
        sourcePlane = sourceRows(stripRows) * columns;
        plane = Simd.roundUp(stripRows * columns, PlaneTile.PIXELS);
        taps = new int[shape.r() * shape.s() * shape.c()];
        for (int t = 0; t < taps.length; t++) {
            int s = t / shape.c() % shape.s();
            int r = t / shape.c() / shape.s();
            taps[t] = t % shape.c() * sourcePlane + r * shape.dilationH() * columns + s * shape.dilationW();
        }
        layout = "planes r%ds%dc%dk%d".formatted(shape.r(), shape.s(), shape.c(), k);
    }

    private static int paddedChannels(int k) {
        int padded = 0;
        while (padded < k) {
            padded += PlaneTile.channels(k - padded);
        }
        return padded;
    }

    /** Null, or why {@code forward} does not do this shape. */
    static String refusal(ConvShape shape) {
        if (shape.groups() != 1) {
            return shape.groups() + " groups: only 1 group";
        }
        if (shape.strideH() != 1 || shape.strideW() != 1) {
            return "stride " + shape.strideH() + "x" + shape.strideW() + ": only 1";
        }
        if (shape.c() > MOST_CHANNELS) {
            return shape.c() + " input channels: only 1 to " + MOST_CHANNELS;
        }
        if (shape.k() > MOST_OUT_CHANNELS) {
            return shape.k() + " output channels: only 1 to " + MOST_OUT_CHANNELS;
        }
        if (shape.r() * shape.s() < 9) {
            return shape.r() + "x" + shape.s() + " filter: too few products for copies of single floats";
        }
        double width = shape.q() + (shape.s() - 1.0) * shape.dilationW();
        double rows = STRIP_ROWS + (shape.r() - 1.0) * shape.dilationH();
        double floats = 2.0 * PLANE_FLOATS + width * (rows * shape.c() + STRIP_ROWS * (MOST_OUT_CHANNELS + 1.0));
        if (floats > MOST_FLOATS) {
            return "strips of %.0f floats: more than %d".formatted(floats, MOST_FLOATS);
        }
        return width > 2 * shape.q() ? "rows of " + shape.q() + " outputs: more than half of the lanes would lie between rows" : null;
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        return new PlanarConv(shape, false);
    }

    @Override
    public ConvKernel pooling() {
        return p < 2 || q < 2 ? null : pool ? this : new PlanarConv(shape, true);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    @Override
    public int packedFloats() {
        return taps.length * paddedK;
    }

    /** Blocks of channels one after the other, in each {@code [tap][channel]}. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        for (int first = 0, at = 0; first < k; ) {
            int block = PlaneTile.channels(k - first);
            for (int t = 0; t < taps.length; t++) {
                for (int i = 0; i < block; i++, at++) {
                    packed[at] = first + i < k ? w[wOffset + t * k + first + i] : 0;
                }
            }
            first += block;
        }
    }

    /** Fewer rows for several workers, so that one image feeds them all, unless there are images enough. */
    private int stripRows(int workers) {
        return RowBlocks.enough(shape.n(), workers) ? stripRows : Math.min(stripRows, STRIP_ROWS);
    }

    private int strips(int workers) {
        return (p + stripRows(workers) - 1) / stripRows(workers);
    }

    /** Rows of the image that {@code rows} rows of the output see. */
    private int sourceRows(int rows) {
        return rows - 1 + (shape.r() - 1) * shape.dilationH() + 1;
    }

    /** Behind the bias; what begins at a cache line is stored in whole ones. */
    private int stripAt(int workOffset) {
        return workOffset + Simd.roundUp(paddedK, LINE_FLOATS);
    }

    private int planesAt(int workOffset) {
        return stripAt(workOffset) + Simd.roundUp(shape.c() * sourcePlane + PlaneTile.PIXELS, LINE_FLOATS);
    }

    @Override
    public int workFloats() {
        return planesAt(0) + paddedK * plane + (pool ? PlanePool.SLACK + 2 * (stripRows / 2) * poolStep() : 0);
    }

    @Override
    public int tasks(int workers) {
        return shape.n() * strips(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int strips = strips(workers);
        int image = task / strips;
        int first = task % strips * stripRows(workers);
        int rows = Math.min(stripRows(workers), p - first);
        int strip = stripAt(workOffset);
        int planes = planesAt(workOffset);
        for (int i = 0; i < paddedK; i++) {
            work[workOffset + i] = args.bias != null && i < k ? args.bias[args.biasOffset + i] : 0;
        }
        fill(args, image, first, rows, work, strip);
        int pixels = (rows - 1) * columns + q;
        for (int channel = 0; channel < k; ) {
            int block = PlaneTile.channels(k - channel);
            for (int i = 0; i < pixels; i += PlaneTile.PIXELS) {
                PlaneTile.run(block, work, strip + i, taps, args.filter, args.filterOffset + channel * taps.length,
                        work, workOffset + channel,
                        RowBlocks.reluInside(args), work, planes + channel * plane + i, plane);
            }
            channel += block;
        }
        if (pool) {
            int out = args.outOffset + (image * (p / 2) + first / 2) * (q / 2) * k;
            int maxima = planes + paddedK * plane + PlanePool.SLACK;
            if (args.places != null) {
                interleaveMaximaWithPlaces(args, work, planes, first, rows / 2, maxima, out);
                return;
            }
            for (int row = 0; row + 1 < rows; row += 2, out += q / 2 * k) {
                interleaveMaxima(args, work, planes + row * columns, maxima, out);
            }
            return;
        }
        int out = args.outOffset + (image * p + first) * q * k;
        for (int row = 0; row < rows; row++) {
            interleave(args, work, planes + row * columns, out + row * q * k);
        }
        RowBlocks.activate(args, out, rows * q * k);
    }

    private void fill(ConvArgs args, int image, int first, int rows, float[] work, int strip) {
        int c = shape.c();
        int begin = Math.min(columns, shape.padLeft());
        int end = (int) Math.min(columns, (long) shape.padLeft() + shape.w());
        for (int row = 0; row < sourceRows(rows); row++) {
            int y = first - shape.padTop() + row;
            boolean inside = y >= 0 && y < shape.h();
            int from = args.sourceOffset + (image * shape.h() + y) * shape.w() * c;
            for (int e = 0; e < c; e++) {
                int to = strip + e * sourcePlane + row * columns;
                if (!inside) {
                    Arrays.fill(work, to, to + columns, 0);
                    continue;
                }
                Arrays.fill(work, to, to + begin, 0);
                if (c == 1) {
                    System.arraycopy(args.source, from, work, to + begin, end - begin);
                } else {
                    for (int i = 0; i < end - begin; i++) {
                        work[to + begin + i] = args.source[from + i * c + e];
                    }
                }
                Arrays.fill(work, to + end, to + columns, 0);
            }
        }
    }

    /** One row of y from its planes, two at a time. */
    private void interleave(ConvArgs args, float[] work, int from, int out) {
        float[] y = args.out;
        int channel = 0;
        for (; channel + 1 < k && !args.plus; channel += 2) {
            int a = from + channel * plane;
            int b = a + plane;
            int to = out + channel;
            for (int i = 0; i < q; i++) {
                y[to + i * k] = work[a + i];
                y[to + i * k + 1] = work[b + i];
            }
        }
        for (; channel < k; channel++) {
            int a = from + channel * plane;
            for (int i = 0, to = out + channel; i < q; i++, to += k) {
                y[to] = args.plus ? y[to] + work[a + i] : work[a + i];
            }
        }
    }

    /** One row of pooled y from two rows of each plane: the largest of each window in vectors, then every other one. */
    private void interleaveMaxima(ConvArgs args, float[] work, int from, int maxima, int out) {
        for (int channel = 0; channel < k; channel++) {
            PlanePool.rowPair(work, from + channel * plane, columns, q - 1, work, maxima);
            for (int i = 0, to = out + channel; i < q / 2; i++, to += k) {
                args.out[to] = work[maxima + 2 * i];
            }
        }
    }

    /** Floats from the maxima of a pair of rows to those of the next. */
    private int poolStep() {
        return q + PlanePool.SLACK;
    }

    /** The same for {@code pairs} pairs of rows from row {@code first} of the output, with the places of the maxima. */
    private void interleaveMaximaWithPlaces(ConvArgs args, float[] work, int from, int first, int pairs, int maxima, int out) {
        int places = maxima + pairs * poolStep();
        for (int channel = 0; channel < k; channel++) {
            PlanePool.rowPairsWithPlaces(work, from + channel * plane, columns, q - 1, pairs, work, maxima, places, poolStep(),
                    first * placeRow, placeRow, placeColumn);
            interleave(q / 2, pairs, poolStep(), work, maxima, places, k, args.out, out + channel, args.places,
                    out + channel - args.outOffset + args.placesOffset);
        }
    }

    /** Every other maximum of each pair, and its place. One loop over all pairs: its start costs as much as a row of a small image. */
    private static void interleave(int count, int pairs, int step, float[] work, int maxima, int places, int k,
                                   float[] y, int to, int[] kept, int keptTo) {
        int column = 0;
        int from = 0;
        for (int i = 0, at = 0; i < count * pairs; i++, at += k) {
            y[to + at] = work[maxima + from + 2 * column];
            kept[keptTo + at] = Float.floatToRawIntBits(work[places + from + 2 * column]);
            column++;
            if (column == count) {
                column = 0;
                from += step;
            }
        }
    }
}
