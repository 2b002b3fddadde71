package lanewise.internal.conv;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * Depthwise convolution with a 3x3 window at stride 1 or 2, over the image in place. Its {@code gradInput} at stride 1 is the same
 * over dy, the window turned.
 *
 * <p>While x and y lie in the second cache, {@link SlidingTile} walks along a few rows of outputs for one vector of channels after
 * the other: few loads. Beyond it {@link DepthwiseColumn} takes all channels of a pixel before the next: memory is read and written
 * in its order (NOTES 72). Both sum in the same order.
 *
 * <p>Nothing is copied. At most one column of padding is seen on each side, and the tiles know how to leave it out; rows outside
 * the image are one row of zeros. If the channels are no whole number of vectors, the last vector overlaps the one before.
 */
final class SlidingDepthwiseConv implements ConvKernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** The longest row of the image: 64 MB. */
    private static final int MOST_FLOATS = 1 << 24;

    /** The most floats of x and y that are walked over vector by vector at stride 1: 3.25 MB, beside 2 MB of L2. */
    private static final int NEAR_FLOATS = 13 << 16;

    /** Vectors of channels from which on it pays to walk over them. */
    private static final int STREAM_VECTORS = 2;

    private static final int TAPS = 9;

    private final PatchGrid grid;
    private final int channels;
    private final int step;
    private final int top;
    private final int left;
    private final boolean padRight;
    private final String layout;
    private final boolean streams;

    private SlidingDepthwiseConv(PatchGrid grid, String layout, boolean streams) {
        this.grid = grid;
        this.layout = "sliding " + layout;
        this.streams = streams;
        channels = grid.sourceC;
        step = grid.stepW;
        top = grid.tapH[0];
        left = grid.tapW[0];
        padRight = overhang(grid) == 1;
    }

    /** Whether to take all channels of a pixel before the next. */
    static boolean streams(PatchGrid grid) {
        double pixels = grid.n * ((double) grid.sourceH * grid.sourceW + (double) grid.gridH * grid.gridW);
        return grid.sourceC >= STREAM_VECTORS * LANES && (grid.stepW > 1 || pixels * grid.sourceC > NEAR_FLOATS);
    }

    /** Columns that the last window of a row sees behind the image. */
    static long overhang(PatchGrid grid) {
        return (grid.gridW - 1L) * grid.stepW + grid.tapW[0] + 3 - grid.sourceW;
    }

    /** Null, or why {@code forward} does not do this shape. */
    static String refusal(ConvShape shape) {
        String refusal = DepthwiseConv.groupsRefusal(shape);
        return refusal != null ? refusal : refusal(PatchGrid.forward(shape));
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    static String gradInputRefusal(ConvShape shape) {
        String refusal = DepthwiseConv.groupsRefusal(shape);
        if (refusal != null) {
            return refusal;
        }
        return shape.strideH() == 1 && shape.strideW() == 1 ? refusal(PatchGrid.gradInput(shape).getFirst())
                : "stride " + shape.strideH() + "x" + shape.strideW() + ": only 1";
    }

    private static String refusal(PatchGrid grid) {
        if (grid.sourceC < LANES) {
            return grid.sourceC + " channels: only " + LANES + " or more";
        }
        if (!isWindow(grid)) {
            return "only a 3x3 filter without dilation";
        }
        if (grid.stepH != grid.stepW || grid.stepW > 2) {
            return "stride " + grid.stepH + "x" + grid.stepW + ": only 1 or 2";
        }
        if (grid.tapW[0] < -1 || grid.tapW[0] > 0 || overhang(grid) > 1) {
            return -grid.tapW[0] + " and " + overhang(grid) + " columns of padding: only 0 or 1";
        }
        double floats = (double) grid.sourceW * grid.sourceC + (double) SlidingTile.ROWS * grid.gridW * LANES;
        return floats <= MOST_FLOATS ? null : "a row of " + (long) floats + " floats: more than " + MOST_FLOATS;
    }

    private static boolean isWindow(PatchGrid grid) {
        boolean window = grid.taps() == 9;
        for (int t = 0; window && t < 9; t++) {
            window = grid.tapH[t] == grid.tapH[0] + t / 3 && grid.tapW[t] == grid.tapW[0] + t % 3;
        }
        return window;
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        return forward(shape, streams(PatchGrid.forward(shape)));
    }

    /** The same with the answer of {@link #streams} given. */
    static ConvKernel forward(ConvShape shape, boolean streams) {
        return new SlidingDepthwiseConv(PatchGrid.forward(shape), FilterPanels.forwardLayout(shape), streams);
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return gradInput(shape, streams(PatchGrid.gradInput(shape).getFirst()));
    }

    static ConvKernel gradInput(ConvShape shape, boolean streams) {
        return new SlidingDepthwiseConv(PatchGrid.gradInput(shape).getFirst(), FilterPanels.gradInputLayout(shape), streams);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    private int vectors() {
        return (channels - 1) / LANES + 1;
    }

    /** The first channel of a vector. */
    private int from(int vector) {
        return Math.min(vector * LANES, channels - LANES);
    }

    @Override
    public int packedFloats() {
        return Math.multiplyExact(TAPS * LANES, vectors());
    }

    /** Packs {@code w: R*S*C} to {@code [vector of channels][tap][lane]}. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        for (int vector = 0; vector < vectors(); vector++) {
            for (int t = 0; t < TAPS; t++) {
                int tap = wOffset + grid.filterTap[t] * channels;
                System.arraycopy(w, tap + from(vector), packed, (vector * TAPS + t) * LANES, LANES);
            }
        }
    }

    @Override
    public boolean fuses() {
        return true;
    }

    /** A row of zeros, and a few rows of outputs of one vector. */
    @Override
    public int workFloats() {
        return RowBlocks.biasFloats(channels) + grid.sourceW * channels + SlidingTile.ROWS * grid.gridW * LANES;
    }

    /** Rows of one task: all of an image, or fewer if several workers would not have four tasks each. */
    private int taskRows(int workers) {
        if (workers == 1) {
            return grid.gridH;
        }
        long wanted = ((long) grid.n * grid.gridH - 1) / (4L * workers) + 1;
        return (int) Math.min(grid.gridH, (wanted - 1) / SlidingTile.ROWS * SlidingTile.ROWS + SlidingTile.ROWS);
    }

    private int imageTasks(int workers) {
        return (grid.gridH - 1) / taskRows(workers) + 1;
    }

    @Override
    public int tasks(int workers) {
        return grid.n * imageTasks(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int image = task / imageTasks(workers);
        int first = task % imageTasks(workers) * taskRows(workers);
        int end = Math.min(first + taskRows(workers), grid.gridH);
        int zero = workOffset + RowBlocks.biasFloats(channels);
        RowBlocks.bias(args, 0, channels, work, workOffset);
        Arrays.fill(work, zero, zero + grid.sourceW * channels, 0);
        boolean adds = args.plus || args.residual != null;
        boolean six = args.activation == Activation.RELU6;
        boolean relu = args.activation == Activation.RELU || six;
        for (int row = first, rows; row < end; row += rows) {
            rows = tileRows(end - row);
            int y = out(args, image, row);
            int whole = streams && !adds ? channels / LANES : 0;
            if (whole > 0) {
                columns(args, image, row, rows, whole * LANES, work, workOffset, zero, relu, six, y);
            }
            // The last vector writes what it shares with the one before once more.
            for (int vector = whole; vector < vectors(); vector++) {
                if (adds) {
                    add(args, image, row, rows, vector, work, workOffset, zero);
                } else {
                    tile(args, image, row, rows, vector, work, workOffset, zero, relu, six,
                            args.out, y + from(vector), grid.gridW * args.outStride, args.outStride);
                }
            }
            if (adds || args.activation != Activation.NONE && !relu) {
                activate(args, image, row, rows);
            }
        }
    }

    private int tileRows(int left) {
        int most = step == 1 ? SlidingTile.ROWS : SlidingTile.ROWS_STRIDED;
        return left >= 4 ? most : left >= 2 ? 2 : 1;
    }

    private int out(ConvArgs args, int image, int row) {
        return args.outOffset + (image * grid.gridH + row) * grid.gridW * args.outStride;
    }

    /**
     * Sums {@code rows} rows of one vector of channels into scratch memory, then adds them to what is there, or to the residual.
     */
    private void add(ConvArgs args, int image, int row, int rows, int vector, float[] work, int bias, int zero) {
        int from = from(vector);
        int scratch = zero + grid.sourceW * channels;
        tile(args, image, row, rows, vector, work, bias, zero, false, false, work, scratch, grid.gridW * LANES, LANES);
        float[] other = args.plus ? args.out : args.residual;
        int otherStride = args.plus ? args.outStride : channels;
        int otherAt = args.plus ? out(args, image, row) : args.residualOffset + (image * grid.gridH + row) * grid.gridW * channels;
        addPixels(rows * grid.gridW, vector * LANES - from, work, scratch, other, otherAt + from, otherStride,
                args.out, out(args, image, row) + from, args.outStride);
    }

    /** {@code out = work + other} for vectors of pixels, without their first {@code skip} lanes. */
    private static void addPixels(int pixels, int skip, float[] work, int workAt, float[] other, int otherAt, int otherStride,
                                  float[] out, int outAt, int outStride) {
        for (int pixel = 0; pixel < pixels; pixel++) {
            int from = workAt + pixel * LANES;
            int to = outAt + pixel * outStride;
            int with = otherAt + pixel * otherStride;
            if (skip == 0) {
                FloatVector.fromArray(S, work, from).add(FloatVector.fromArray(S, other, with)).intoArray(out, to);
            } else {
                for (int i = skip; i < LANES; i++) {
                    out[to + i] = work[from + i] + other[with + i];
                }
            }
        }
    }

    private void activate(ConvArgs args, int image, int row, int rows) {
        int pixels = rows * grid.gridW;
        int together = args.outStride == channels ? pixels : 1;
        for (int pixel = 0; pixel < pixels; pixel += together) {
            RowBlocks.activateAny(args, out(args, image, row) + pixel * args.outStride, together * channels);
        }
    }

    /** Whether row {@code r} of the window over {@code row} lies in the image. */
    private boolean isInside(int row, int r) {
        int y = row * step + top + r;
        return y >= 0 && y < grid.sourceH;
    }

    private float[] source(ConvArgs args, int row, int r, float[] work) {
        return isInside(row, r) ? args.source : work;
    }

    /** Where the first column of that row would lie. */
    private int source(ConvArgs args, int image, int row, int r, int channel, int zero) {
        int y = row * step + top + r;
        int start = isInside(row, r) ? args.sourceOffset + (image * grid.sourceH + y) * grid.sourceW * channels + channel : zero;
        return start + left * channels;
    }

    /** One vector of channels. */
    private void tile(ConvArgs args, int image, int row, int rows, int vector, float[] work, int bias, int zero,
                      boolean relu, boolean six, float[] y, int yOffset, int yRow, int yPixel) {
        int channel = from(vector);
        int w = args.filterOffset + vector * TAPS * LANES;
        float[] s0 = source(args, row, 0, work);
        float[] s1 = source(args, row, 1, work);
        float[] s2 = source(args, row, 2, work);
        int k0 = source(args, image, row, 0, channel, zero);
        int k1 = source(args, image, row, 1, channel, zero);
        int k2 = source(args, image, row, 2, channel, zero);
        int pixels = grid.gridW;
        if (rows == 1) {
            if (step == 1) {
                SlidingTile.rows1(pixels, s0, k0, s1, k1, s2, k2, channels, work, zero, left < 0, padRight,
                        args.filter, w, LANES, work, bias + channel, relu, six, y, yOffset, yPixel);
            } else {
                SlidingTile.strided1(pixels, s0, k0, s1, k1, s2, k2, channels, work, zero, left < 0, padRight,
                        args.filter, w, LANES, work, bias + channel, relu, six, y, yOffset, yPixel);
            }
            return;
        }
        float[] s3 = source(args, row, 3, work);
        int k3 = source(args, image, row, 3, channel, zero);
        if (rows == 2 && step == 1) {
            SlidingTile.rows2(pixels, s0, k0, s1, k1, s2, k2, s3, k3, channels, work, zero, left < 0, padRight,
                    args.filter, w, LANES, work, bias + channel, relu, six, y, yOffset, yRow, yPixel);
            return;
        }
        float[] s4 = source(args, row, 4, work);
        int k4 = source(args, image, row, 4, channel, zero);
        if (rows == 2) {
            SlidingTile.strided2(pixels, s0, k0, s1, k1, s2, k2, s3, k3, s4, k4, channels, work, zero, left < 0, padRight,
                    args.filter, w, LANES, work, bias + channel, relu, six, y, yOffset, yRow, yPixel);
        } else {
            SlidingTile.rows4(pixels, s0, k0, s1, k1, s2, k2, s3, k3, s4, k4,
                    source(args, row, 5, work), source(args, image, row, 5, channel, zero),
                    channels, work, zero, left < 0, padRight,
                    args.filter, w, LANES, work, bias + channel, relu, six, y, yOffset, yRow, yPixel);
        }
    }

    /** The first {@code whole} channels, which are vectors. */
    private void columns(ConvArgs args, int image, int row, int rows, int whole, float[] work, int bias, int zero,
                         boolean relu, boolean six, int y) {
        float[] s0 = source(args, row, 0, work);
        float[] s1 = source(args, row, 1, work);
        float[] s2 = source(args, row, 2, work);
        int k0 = source(args, image, row, 0, 0, zero);
        int k1 = source(args, image, row, 1, 0, zero);
        int k2 = source(args, image, row, 2, 0, zero);
        int pixels = grid.gridW;
        int yRow = pixels * args.outStride;
        if (rows == 1) {
            DepthwiseColumn.rows1(pixels, step, whole, s0, k0, s1, k1, s2, k2, channels, work, zero, left < 0, padRight,
                    args.filter, args.filterOffset, work, bias, relu, six, args.out, y, args.outStride);
            return;
        }
        float[] s3 = source(args, row, 3, work);
        int k3 = source(args, image, row, 3, 0, zero);
        if (rows == 2 && step == 1) {
            DepthwiseColumn.rows2(pixels, whole, s0, k0, s1, k1, s2, k2, s3, k3, channels, work, zero, left < 0, padRight,
                    args.filter, args.filterOffset, work, bias, relu, six, args.out, y, yRow, args.outStride);
            return;
        }
        float[] s4 = source(args, row, 4, work);
        int k4 = source(args, image, row, 4, 0, zero);
        if (rows == 2) {
            DepthwiseColumn.strided2(pixels, whole, s0, k0, s1, k1, s2, k2, s3, k3, s4, k4, channels, work, zero,
                    left < 0, padRight, args.filter, args.filterOffset, work, bias, relu, six, args.out, y, yRow, args.outStride);
        } else {
            DepthwiseColumn.rows4(pixels, whole, s0, k0, s1, k1, s2, k2, s3, k3, s4, k4,
                    source(args, row, 5, work), source(args, image, row, 5, 0, zero), channels, work, zero, left < 0, padRight,
                    args.filter, args.filterOffset, work, bias, relu, six, args.out, y, yRow, args.outStride);
        }
    }
}
