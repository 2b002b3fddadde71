package lanewise.internal.conv;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient of a depthwise convolution with a 3x3 window at stride 1, {@code dw[r][s][c] (+)= sum over npq of
 * x[p + r][q + s][c] dy[p][q][c]}, over x and dy in place: {@link DepthwiseColumnSums}.
 *
 * <p>A task is a range of vectors of channels, in the order of the pixels. Padding and channels that are no whole number of vectors
 * are treated as by {@link SlidingDepthwiseConv}.
 */
final class SlidingDepthwiseGradWeight implements ConvKernel {

    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();
    private static final int TAPS = 9;

    /** Rows of dy at a time. */
    private static final int ROWS = 4;

    private final PatchGrid grid;
    private final int channels;
    private final int vectors;
    private final int top;
    private final int left;
    private final boolean padRight;

    private SlidingDepthwiseGradWeight(PatchGrid grid) {
        this.grid = grid;
        channels = grid.sourceC;
        vectors = (channels - 1) / LANES + 1;
        top = grid.tapH[0];
        left = grid.tapW[0];
        padRight = SlidingDepthwiseConv.overhang(grid) == 1;
    }

    /** Null, or why it does not do this shape. */
    static String refusal(ConvShape shape) {
        String refusal = SlidingDepthwiseConv.refusal(shape);
        if (refusal != null) {
            return refusal;
        }
        return shape.strideH() == 1 ? null : "stride " + shape.strideH() + "x" + shape.strideW() + ": only 1";
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    static ConvKernel gradWeight(ConvShape shape) {
        return new SlidingDepthwiseGradWeight(PatchGrid.forward(shape));
    }

    /** A row of zeros and the sums. */
    @Override
    public int workFloats() {
        return Math.addExact(grid.sourceW * channels, Math.multiplyExact(TAPS * LANES, vectors));
    }

    @Override
    public int tasks(int workers) {
        return workers == 1 ? 1 : Math.min(2 * workers, vectors);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int first = (int) ((long) vectors * task / tasks);
        int end = (int) ((long) vectors * (task + 1) / tasks);
        int sums = workOffset + grid.sourceW * channels;
        Arrays.fill(work, workOffset, sums, 0);
        Arrays.fill(work, sums + first * TAPS * LANES, sums + end * TAPS * LANES, 0);
        int whole = Math.min(end, channels / LANES);
        for (int image = 0; image < grid.n; image++) {
            for (int row = 0, rows; row < grid.gridH; row += rows) {
                int rest = grid.gridH - row;
                rows = rest >= ROWS ? ROWS : rest >= 2 ? 2 : 1;
                if (first < whole) {
                    rows(args, image, row, rows, first * LANES, whole - first, work, workOffset, sums + first * TAPS * LANES);
                }
                if (whole < end) {
                    rows(args, image, row, rows, channels - LANES, 1, work, workOffset, sums + whole * TAPS * LANES);
                }
            }
        }
        for (int vector = first; vector < end; vector++) {
            write(args, vector, work, sums + vector * TAPS * LANES);
        }
    }

    /** The last vector shares channels with the one before, which has written them. */
    private void write(ConvArgs args, int vector, float[] work, int sums) {
        int from = Math.min(vector * LANES, channels - LANES);
        int skip = vector * LANES - from;
        for (int t = 0; t < TAPS; t++) {
            int to = args.outOffset + grid.filterTap[t] * channels + from;
            for (int i = skip; i < LANES; i++) {
                float sum = work[sums + t * LANES + i];
                args.out[to + i] = args.plus ? args.out[to + i] + sum : sum;
            }
        }
    }

    private boolean isInside(int y) {
        return y >= 0 && y < grid.sourceH;
    }

    private float[] source(ConvArgs args, int y, float[] work) {
        return isInside(y) ? args.source : work;
    }

    /** Where the first column of row {@code y} of x would lie. */
    private int source(ConvArgs args, int image, int y, int channel, int zero) {
        int start = isInside(y) ? args.sourceOffset + (image * grid.sourceH + y) * grid.sourceW * channels + channel : zero;
        return start + left * channels;
    }

    private void rows(ConvArgs args, int image, int row, int rows, int channel, int count, float[] work, int zero, int sums) {
        int y = row + top;
        float[] s0 = source(args, y, work);
        float[] s1 = source(args, y + 1, work);
        float[] s2 = source(args, y + 2, work);
        int k0 = source(args, image, y, channel, zero);
        int k1 = source(args, image, y + 1, channel, zero);
        int k2 = source(args, image, y + 2, channel, zero);
        int pixels = grid.gridW;
        int dyRow = pixels * channels;
        int dy = args.dyOffset + (image * grid.gridH + row) * dyRow + channel;
        if (rows == 1) {
            DepthwiseColumnSums.rows1(pixels, count * LANES, s0, k0, s1, k1, s2, k2, channels, work, zero, left < 0, padRight,
                    args.dy, dy, work, sums);
            return;
        }
        float[] s3 = source(args, y + 3, work);
        int k3 = source(args, image, y + 3, channel, zero);
        if (rows == 2) {
            DepthwiseColumnSums.rows2(pixels, count * LANES, s0, k0, s1, k1, s2, k2, s3, k3, channels, work, zero,
                    left < 0, padRight, args.dy, dy, dyRow, work, sums);
            return;
        }
        DepthwiseColumnSums.rows4(pixels, count * LANES, s0, k0, s1, k1, s2, k2, s3, k3,
                source(args, y + 4, work), source(args, image, y + 4, channel, zero),
                source(args, y + 5, work), source(args, image, y + 5, channel, zero), channels, work, zero,
                left < 0, padRight, args.dy, dy, dyRow, work, sums);
    }
}
