package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.FilterRowSums;
import lanewise.internal.gemm.FilterRowTile;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient of {@link FilterRowConv}: ten gradients of a row of outputs stay in registers while all that they saw passes by.
 *
 * <pre>sums[r][c][s][k] += sum over p, q of strip[p + r][q + s][c] dy[p][q][k]</pre>
 *
 * <p>The sums are written to dw, whose order is {@code [r][s][c][k]}, when the last pixel is added. A task is a range of K, so that each
 * weight is summed by one worker in the order of the rows.
 */
final class FilterRowGradWeight implements ConvKernel {

    private static final int LANES = Simd.LANES;
    private static final int PIXELS = FilterRowTile.PIXELS;
    private static final int COLUMNS = FilterRowTile.COLUMNS;

    private final ConvShape shape;
    private final PixelStrip strip;
    private final int k;
    /** Sums of one vector of output channels. */
    private final int panel;

    private FilterRowGradWeight(ConvShape shape) {
        this.shape = shape;
        k = shape.k();
        strip = new PixelStrip(shape);
        panel = strip.taps.length * COLUMNS * LANES;
    }

    /** Null, or why {@code gradWeight} does not do this shape. */
    static String refusal(ConvShape shape) {
        return FilterRowConv.anyRefusal(shape);
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    static ConvKernel gradWeight(ConvShape shape) {
        return new FilterRowGradWeight(shape);
    }

    @Override
    public ConvKernel pooling() {
        return FewChannelGradWeight.refusal(shape) == null ? FewChannelGradWeight.gradWeight(shape).pooling() : null;
    }

    @Override
    public int workFloats() {
        return Panels.DEPTH + k / LANES * panel + strip.floats();
    }

    @Override
    public int tasks(int workers) {
        return workers == 1 ? 1 : Math.min(k / LANES, 2 * workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int from = (int) ((long) k / LANES * task / tasks);
        int to = (int) ((long) k / LANES * (task + 1) / tasks);
        int source = Simd.lineFrom(workOffset);
        int sums = source + strip.floats();
        int row = shape.q() * k;
        Arrays.fill(work, sums + from * panel, sums + to * panel, 0);
        for (int image = 0; image < shape.n(); image++) {
            for (int first = 0; first < shape.p(); first += strip.rows) {
                int rows = Math.min(strip.rows, shape.p() - first);
                int dy = args.dyOffset + (image * shape.p() + first) * row;
                strip.fill(args, image, first, rows, work, source);
                add(args, dy, rows, from, to, work, source, sums);
            }
        }
        write(args, from * LANES, to * LANES, work, sums);
    }

    private void add(ConvArgs args, int dy, int rows, int from, int to, float[] work, int source, int sums) {
        for (int j = 0; j < shape.q(); j += PIXELS) {
            for (int vector = from; vector < to; vector++) {
                FilterRowSums.run(rows, work, source + j * FilterRowTile.PITCH, strip.rowFloats, strip.taps,
                        args.dy, dy + j * k + vector * LANES, k, shape.q() * k, work, sums + vector * panel);
            }
        }
    }

    /** Writes the sums of a range of K to dw. */
    private void write(ConvArgs args, int from, int to, float[] work, int sums) {
        int c = shape.c();
        for (int t = 0; t < strip.taps.length; t++) {
            for (int s = 0; s < COLUMNS; s++) {
                int out = args.outOffset + ((t / c * COLUMNS + s) * c + t % c) * k;
                int at = sums + (t * COLUMNS + s) * LANES;
                for (int j = from; j < to; j++) {
                    float sum = work[at + j / LANES * panel + j % LANES];
                    args.out[out + j] = args.plus ? args.out[out + j] + sum : sum;
                }
            }
        }
    }
}
