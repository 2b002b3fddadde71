package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;

/**
 * The weight gradient of a depthwise convolution, {@code dw[r][s][c] (+)= sum over npq of x[p + r][q + s][c] dy[p][q][c]}, with the
 * sums of 9 taps in registers while the pixels of a strip go by. A task is a range of channel blocks, in the order of the pixels.
 */
final class DepthwiseGradWeight implements ConvKernel {

    private final PatchGrid grid;
    private final BlockedStrip strip;
    private final int[] taps;
    private final int channels;
    private final int paddedChannels;

    DepthwiseGradWeight(PatchGrid grid) {
        this.grid = grid;
        channels = grid.sourceC;
        paddedChannels = Simd.roundUp(channels, Panels.DEPTH);
        strip = BlockedStrip.of(grid, channels, DepthwiseConv.STRIP_FLOATS, grid.gridH);
        taps = strip.tapOffsets();
    }

    /** A copy of dy's ragged last block of channels, padded. */
    private int raggedFloats() {
        return channels % Panels.DEPTH == 0 ? 0 : strip.rows * grid.gridW * Panels.DEPTH;
    }

    @Override
    public int workFloats() {
        return Math.addExact(Math.multiplyExact(taps.length, paddedChannels), Math.addExact(strip.floats(), raggedFloats()));
    }

    @Override
    public int tasks(int workers) {
        return workers == 1 ? 1 : Math.min(2 * workers, paddedChannels / Panels.DEPTH);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int blocks = paddedChannels / Panels.DEPTH;
        int first = blocks * task / tasks * Panels.DEPTH;
        int end = Math.min(channels, blocks * (task + 1) / tasks * Panels.DEPTH);
        int image0 = workOffset + taps.length * paddedChannels;
        Arrays.fill(work, workOffset, image0, 0);
        for (int image = 0; image < grid.n; image++) {
            for (int row = 0; row < grid.gridH; row += strip.rows) {
                int rows = Math.min(strip.rows, grid.gridH - row);
                strip.fill(args.source, args.sourceOffset, image, row, rows, work, image0);
                int dy = args.dyOffset + (image * grid.gridH + row) * grid.gridW * channels;
                for (int channel = first; channel < end; channel += Panels.DEPTH) {
                    block(args, channel, rows, dy + channel, work, workOffset, image0 + strip.blockOffset(channel),
                            image0 + strip.floats());
                }
            }
        }
        for (int t = 0; t < taps.length; t++) {
            int to = args.outOffset + grid.filterTap[t] * channels;
            int from = workOffset + t * paddedChannels;
            for (int c = first; c < end; c++) {
                args.out[to + c] = args.plus ? args.out[to + c] + work[from + c] : work[from + c];
            }
        }
    }

    private void block(ConvArgs args, int channel, int rows, int dy, float[] work, int sums, int x, int ragged) {
        int pixels = grid.gridW;
        int count = Math.min(Panels.DEPTH, channels - channel);
        if (count == Panels.DEPTH) {
            DepthwiseTile.gradWeight(rows, pixels, work, x, strip.gridRowFloats(), taps, args.dy, dy, pixels * channels, channels,
                    work, sums + channel, paddedChannels);
            return;
        }
        for (int pixel = 0; pixel < rows * pixels; pixel++) {
            int to = ragged + pixel * Panels.DEPTH;
            System.arraycopy(args.dy, dy + pixel * channels, work, to, count);
            Arrays.fill(work, to + count, to + Panels.DEPTH, 0);
        }
        DepthwiseTile.gradWeight(rows, pixels, work, x, strip.gridRowFloats(), taps,
                work, ragged, pixels * Panels.DEPTH, Panels.DEPTH, work, sums + channel, paddedChannels);
    }
}
