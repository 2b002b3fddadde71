package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.ColumnGemm;
import lanewise.internal.gemm.Panels;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient straight from the image: for one tap, the 16 channels of a block are the columns of x's strip shifted by that
 * tap, so neither patches nor a transposed copy of x are made.
 *
 * <pre>dw[t][c][k] (+)= sum over rows i, columns j of strip[i][j + t][c] dy[i][j][k]</pre>
 *
 * <p>A task is a range of dw's (tap, channel block) pairs; each weight is summed by one worker in the order of the pixels.
 */
final class DirectGradWeight implements ConvKernel {

    /** Pixels of a strip: one column panel of dy is then 32 KB. Short strips would copy the rows between them too often. */
    private static final int PIXELS = 256;
    private static final int LEAST_ROWS = 4;

    /** The largest strip, 2 MB: a longer one would be read from L3 once for each column panel. */
    private static final int MOST_FLOATS = 1 << 19;

    /** Taps for each pixel of a stride, and the output channels that repay the packing of patches (NOTES 66). */
    private static final int MOST_TAPS = 3;
    private static final int LEAST_CHANNELS = 64;

    private final PatchGrid grid;
    private final BlockedStrip strip;
    private final int[] taps;
    private final int k;
    /** Whether dy is itself a single panel. */
    private final boolean inPlace;

    DirectGradWeight(PatchGrid grid, int k) {
        this.grid = grid;
        this.k = k;
        inPlace = k <= Panels.WIDTH && Panels.paddedColumns(k) == k;
        strip = strip(grid);
        taps = strip.blockTapOffsets();
    }

    private static BlockedStrip strip(PatchGrid grid) {
        return BlockedStrip.of(grid, grid.channels, Integer.MAX_VALUE, Math.max(LEAST_ROWS, PIXELS / grid.gridW));
    }

    /** Null, or why {@code gradWeight} does not do this shape, which {@link DirectConv#refusal} lets pass. */
    static String refusal(ConvShape shape) {
        int taps = shape.r() * shape.s();
        int steps = shape.strideH() * shape.strideW();
        if (steps > 1 && taps <= MOST_TAPS * steps && shape.k() >= LEAST_CHANNELS) {
            return taps + " taps, one output in " + steps + " pixels, " + shape.k() + " channels: patches are packed faster";
        }
        if (WideGradWeight.does(shape)) {
            return shape.k() + " output channels: patches are packed for wider tiles";
        }
        int floats = strip(PatchGrid.forward(shape)).floats();
        return floats <= MOST_FLOATS ? null : "a strip of " + floats + " floats: more than " + MOST_FLOATS;
    }

    @Override
    public int workFloats() {
        return Panels.WIDTH + ColumnGemm.TILE_FLOATS + dyFloats() + strip.floats();
    }

    private int dyFloats() {
        return inPlace ? 0 : strip.rows * grid.gridW * Panels.paddedColumns(k);
    }

    @Override
    public int tasks(int workers) {
        return workers == 1 ? 1 : Math.min(taps.length, 2 * workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int firstTap = (int) ((long) taps.length * task / tasks);
        int endTap = (int) ((long) taps.length * (task + 1) / tasks);
        int tile = workOffset + Panels.WIDTH;
        int dy = tile + ColumnGemm.TILE_FLOATS;
        int image0 = dy + dyFloats();
        Arrays.fill(work, workOffset, tile, 0);
        for (int image = 0; image < grid.n; image++) {
            for (int row = 0; row < grid.gridH; row += strip.rows) {
                int rows = Math.min(strip.rows, grid.gridH - row);
                int pixel = (image * grid.gridH + row) * grid.gridW;
                strip.fill(args.source, args.sourceOffset, image, row, rows, work, image0);
                boolean first = image == 0 && row == 0 && !args.plus;
                int from = args.dyOffset + pixel * k;
                if (!inPlace) {
                    Panels.packColumns(args.dy, from, k, rows * grid.gridW, k, 1, work, dy, rows * grid.gridW);
                }
                multiply(args, rows, firstTap, endTap, first, inPlace ? args.dy : work, inPlace ? from : dy,
                        work, workOffset, tile, image0);
            }
        }
    }

    private void multiply(ConvArgs args, int rows, int firstTap, int endTap, boolean first,
                          float[] b, int dy, float[] work, int zeros, int tile, int image0) {
        for (int column = 0; column < k; column += Panels.WIDTH) {
            int columns = Math.min(Panels.WIDTH, k - column);
            for (int t = firstTap; t < endTap; t++) {
                ColumnGemm.tile(Panels.DEPTH, columns, work, image0 + taps[t], strip.gridRowFloats(), rows, grid.gridW,
                        b, dy + column * rows * grid.gridW, first,
                        args.out, args.outOffset + t * Panels.DEPTH * k + column, k, work, zeros, tile);
            }
        }
    }
}
