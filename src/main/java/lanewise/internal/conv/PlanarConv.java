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
 * Pooling 2x2 on the planes, before the second copy, leaves a quarter of it. There x and the sums lie in planes for even and for odd
 * columns, so that the outputs of neighbouring windows are neighbours.
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
    /** Columns of the outputs that follow each other, 2 for the pooling: even ones, then odd ones. */
    private final int phases;
    /** From a row of a plane to the next. */
    private final int columns;
    private final int stripRows;
    /** From a plane of x to the next, and of sums. */
    private final int sourcePlane;
    private final int plane;
    /** For each phase of the outputs, where the taps are. */
    private final int[][] taps;
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
        phases = pool ? 2 : 1;
        int span = q + (shape.s() - 1) * shape.dilationW();
        columns = (span - 1) / phases + 1;
        int rows = Math.clamp(PLANE_FLOATS / ((long) span * paddedK), Math.min(STRIP_ROWS, p), p);
        stripRows = rows == p ? p : rows / 2 * 2; // a window of the pooling lies in one strip
        sourcePlane = sourceRows(stripRows) * columns;
        plane = Simd.roundUp(stripRows * columns, PlaneTile.PIXELS);
        taps = new int[phases][shape.r() * shape.s() * shape.c()];
        for (int phase = 0; phase < phases; phase++) {
            for (int t = 0; t < taps[phase].length; t++) {
                int column = phase + t / shape.c() % shape.s() * shape.dilationW();
                int r = t / shape.c() / shape.s();
                taps[phase][t] = (t % shape.c() * phases + column % phases) * sourcePlane + r * shape.dilationH() * columns
                        + column / phases;
            }
        }
        layout = "planes " + FilterPanels.sizes(shape, k);
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
            return "strips of " + (long) floats + " floats: more than " + MOST_FLOATS;
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
    public boolean keepsPlaces() {
        return pool;
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    @Override
    public int packedFloats() {
        return taps[0].length * paddedK;
    }

    /** Blocks of channels one after the other, in each {@code [tap][channel]}. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        for (int first = 0, at = 0; first < k; ) {
            int block = PlaneTile.channels(k - first);
            for (int t = 0; t < taps[0].length; t++) {
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
        return stripAt(workOffset) + Simd.roundUp(shape.c() * phases * sourcePlane + PlaneTile.PIXELS, LINE_FLOATS);
    }

    @Override
    public int workFloats() {
        return planesAt(0) + phases * paddedK * plane + (pool ? 2 * k * maximaFloats(stripRows / 2) : 0);
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
        for (int phase = 0; phase < phases; phase++) {
            multiply(args, phase, rows, work, strip, workOffset, planes + phase * paddedK * plane);
        }
        if (pool) {
            int out = args.outOffset + (image * (p / 2) + first / 2) * (q / 2) * k;
            pool(args, work, planes, first, rows / 2, planes + phases * paddedK * plane, out);
            return;
        }
        int out = args.outOffset + (image * p + first) * q * k;
        for (int row = 0; row < rows; row++) {
            interleave(args, work, planes + row * columns, out + row * q * k);
        }
        RowBlocks.activate(args, out, rows * q * k);
    }

    /** The sums of one phase, all rows in one piece. */
    private void multiply(ConvArgs args, int phase, int rows, float[] work, int strip, int bias, int planes) {
        int pixels = (rows - 1) * columns + (q - phase + phases - 1) / phases;
        for (int channel = 0; channel < k; ) {
            int block = PlaneTile.channels(k - channel);
            for (int i = 0; i < pixels; i += PlaneTile.PIXELS) {
                PlaneTile.run(block, work, strip + i, taps[phase], args.filter, args.filterOffset + channel * taps[phase].length,
                        work, bias + channel, RowBlocks.reluInside(args), work, planes + channel * plane + i, plane);
            }
            channel += block;
        }
    }

    private void fill(ConvArgs args, int image, int first, int rows, float[] work, int strip) {
        int c = shape.c();
        for (int row = 0; row < sourceRows(rows); row++) {
            int y = first - shape.padTop() + row;
            boolean inside = y >= 0 && y < shape.h();
            int from = args.sourceOffset + (image * shape.h() + y) * shape.w() * c;
            if (inside && c == 1 && pool) {
                split(args.source, from, shape.w(), work, strip + row * columns);
                continue;
            }
            for (int e = 0; e < c * phases; e++) {
                int to = strip + e * sourcePlane + row * columns;
                if (!inside) {
                    Arrays.fill(work, to, to + columns, 0);
                    continue;
                }
                int phase = e % phases;
                int begin = Math.min(columns, (shape.padLeft() - phase + phases - 1) / phases);
                int end = Math.clamp(((long) shape.padLeft() + shape.w() - phase + phases - 1) / phases, begin, columns);
                Arrays.fill(work, to, to + begin, 0);
                StridedCopy.run(phases * c, args.source, from + (begin * phases + phase - shape.padLeft()) * c + e / phases,
                        work, to + begin, end - begin);
                Arrays.fill(work, to + end, to + columns, 0);
            }
        }
    }

    /** A row of one channel into its even and its odd columns, in one loop. */
    private void split(float[] x, int from, int width, float[] work, int to) {
        int left = Math.min(shape.padLeft(), phases * columns);
        int count = Math.min(width, phases * columns - left);
        int a = to + left % 2 * sourcePlane + left / 2;
        int b = to + (left + 1) % 2 * sourcePlane + (left + 1) / 2;
        for (int phase = 0; phase < 2; phase++) {
            int line = to + phase * sourcePlane;
            Arrays.fill(work, line, line + (left + 1 - phase) / 2, 0);
            Arrays.fill(work, line + (left + count + 1 - phase) / 2, line + columns, 0);
        }
        split(count / 2, x, from, work, a, b);
        if (count % 2 == 1) {
            work[a + count / 2] = x[from + count - 1];
        }
    }

    private static void split(int count, float[] x, int from, float[] work, int a, int b) {
        for (int i = 0; i < count; i++) {
            work[a + i] = x[from + 2 * i];
            work[b + i] = x[from + 2 * i + 1];
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

    /** Floats of the maxima of one channel, and of their places. */
    private int maximaFloats(int pairs) {
        return pairs * (q / 2) + PlanePool.SLACK;
    }

    /** Pooled y of {@code pairs} pairs of rows from row {@code first} of the output, and where each comes from, if that is wanted. */
    private void pool(ConvArgs args, float[] work, int planes, int first, int pairs, int maxima, int out) {
        int step = maximaFloats(pairs);
        int places = maxima + k * step;
        for (int channel = 0; channel < k; channel++) {
            int even = planes + channel * plane;
            int odd = even + paddedK * plane;
            if (args.places == null) {
                PlanePool.rowPairs(work, even, odd, columns, q / 2, pairs, work, maxima + channel * step);
            } else {
                PlanePool.rowPairsWithPlaces(work, even, odd, columns, q / 2, pairs, work, maxima + channel * step,
                        places + channel * step, first * placeRow, placeRow, placeColumn);
            }
        }
        int windows = pairs * (q / 2);
        for (int channel = 0; channel < k; channel += 2) {
            int apart = Math.min(1, k - 1 - channel); // of an odd number the last one is written twice
            int from = channel * step;
            Interleave.floats(windows, work, maxima + from, maxima + from + apart * step, k, apart, args.out, out + channel);
            if (args.places != null) {
                Interleave.ints(windows, work, places + from, places + from + apart * step, k, apart,
                        args.places, out - args.outOffset + args.placesOffset + channel);
            }
        }
    }
}
