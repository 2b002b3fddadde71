package lanewise.internal.conv;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * Depthwise convolution with a 3x3 window at stride 1 or 2, over the image in place: {@link SlidingTile} walks along a few rows of
 * outputs for one vector of channels after the other. Its {@code gradInput} at stride 1 is the same over dy, the window turned.
 *
 * <p>Nothing is copied. At most one column of padding is seen on each side, and the tile knows how to leave it out; rows
 * outside the
 * image are one row of zeros. If the channels are no whole number of vectors, the last vector overlaps the one before.
 */
final class SlidingDepthwiseConv implements ConvKernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** The longest row of the image: 64 MB. */
    private static final int MOST_FLOATS = 1 << 24;

    private final PatchGrid grid;
    private final int channels;
    private final int step;
    private final int top;
    private final int left;
    private final boolean padRight;
    private final DepthwiseFilter filter;

    private SlidingDepthwiseConv(PatchGrid grid, String layout) {
        this.grid = grid;
        channels = grid.sourceC;
        step = grid.stepW;
        top = grid.tapH[0];
        left = grid.tapW[0];
        padRight = overhang(grid) == 1;
        filter = new DepthwiseFilter(List.of(grid), layout);
    }

    /** Columns that the last window of a row sees behind the image. */
    private static long overhang(PatchGrid grid) {
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
        return floats <= MOST_FLOATS ? null : "a row of %.0f floats: more than %d".formatted(floats, MOST_FLOATS);
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
        return new SlidingDepthwiseConv(PatchGrid.forward(shape), FilterPanels.forwardLayout(shape));
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return new SlidingDepthwiseConv(PatchGrid.gradInput(shape).getFirst(), FilterPanels.gradInputLayout(shape));
    }

    @Override
    public String filterLayout() {
        return filter.layout();
    }

    @Override
    public int packedFloats() {
        return filter.floats();
    }

    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        filter.pack(w, wOffset, packed);
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
        for (int row = first, rows; row < end; row += rows) {
            rows = tileRows(end - row);
            boolean adds = args.plus || args.residual != null;
            for (int channel = 0; channel < channels; channel += LANES) {
                if (adds) {
                    add(args, image, row, rows, channel, work, workOffset, zero);
                } else {
                    // The last vector writes what it shares with the one before once more.
                    int from = Math.min(channel, channels - LANES);
                    tile(args, image, row, rows, from, work, workOffset, zero,
                            args.activation == Activation.RELU || args.activation == Activation.RELU6,
                            args.activation == Activation.RELU6,
                            args.out, out(args, image, row) + from, grid.gridW * args.outStride, args.outStride);
                }
            }
            if (adds || args.activation != Activation.RELU && args.activation != Activation.RELU6) {
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
    private void add(ConvArgs args, int image, int row, int rows, int channel, float[] work, int bias, int zero) {
        int from = Math.min(channel, channels - LANES);
        int scratch = zero + grid.sourceW * channels;
        tile(args, image, row, rows, from, work, bias, zero, false, false, work, scratch, grid.gridW * LANES, LANES);
        float[] other = args.plus ? args.out : args.residual;
        int otherStride = args.plus ? args.outStride : channels;
        int otherAt = args.plus ? out(args, image, row) : args.residualOffset + (image * grid.gridH + row) * grid.gridW * channels;
        addPixels(rows * grid.gridW, channel - from, work, scratch, other, otherAt + from, otherStride,
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

    private void tile(ConvArgs args, int image, int row, int rows, int channel, float[] work, int bias, int zero,
                      boolean relu, boolean six, float[] y, int yOffset, int yRow, int yPixel) {
        float[] s0 = source(args, row, 0, work);
        float[] s1 = source(args, row, 1, work);
        float[] s2 = source(args, row, 2, work);
        int k0 = source(args, image, row, 0, channel, zero);
        int k1 = source(args, image, row, 1, channel, zero);
        int k2 = source(args, image, row, 2, channel, zero);
        int pixels = grid.gridW;
        int wStride = filter.paddedChannels();
        if (rows == 1) {
            if (step == 1) {
                SlidingTile.rows1(pixels, s0, k0, s1, k1, s2, k2, channels, work, zero, left < 0, padRight,
                        args.filter, args.filterOffset + channel, wStride, work, bias + channel, relu, six, y, yOffset, yPixel);
            } else {
                SlidingTile.strided1(pixels, s0, k0, s1, k1, s2, k2, channels, work, zero, left < 0, padRight,
                        args.filter, args.filterOffset + channel, wStride, work, bias + channel, relu, six, y, yOffset, yPixel);
            }
            return;
        }
        float[] s3 = source(args, row, 3, work);
        int k3 = source(args, image, row, 3, channel, zero);
        if (rows == 2 && step == 1) {
            SlidingTile.rows2(pixels, s0, k0, s1, k1, s2, k2, s3, k3, channels, work, zero, left < 0, padRight,
                    args.filter, args.filterOffset + channel, wStride, work, bias + channel, relu, six, y, yOffset, yRow, yPixel);
            return;
        }
        float[] s4 = source(args, row, 4, work);
        int k4 = source(args, image, row, 4, channel, zero);
        if (rows == 2) {
            SlidingTile.strided2(pixels, s0, k0, s1, k1, s2, k2, s3, k3, s4, k4, channels, work, zero, left < 0, padRight,
                    args.filter, args.filterOffset + channel, wStride, work, bias + channel, relu, six, y, yOffset, yRow, yPixel);
        } else {
            SlidingTile.rows4(pixels, s0, k0, s1, k1, s2, k2, s3, k3, s4, k4,
                    source(args, row, 5, work), source(args, image, row, 5, channel, zero),
                    channels, work, zero, left < 0, padRight,
                    args.filter, args.filterOffset + channel, wStride, work, bias + channel, relu, six, y, yOffset, yRow, yPixel);
        }
    }
}
