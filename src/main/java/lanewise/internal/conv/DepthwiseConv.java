package lanewise.internal.conv;

import java.util.Arrays;
import java.util.List;
import lanewise.internal.gemm.Panels;
import lanewise.kernel.ConvShape;

/**
 * Depthwise convolution, one filter per channel: {@code y[p][q][c] = sum over (r, s) of x[p + r][q + s][c] w[r][s][c]}. There is no
 * matrix product in it; vectors run along the channels, and each output is a few multiply-adds on loads.
 *
 * <p>{@code gradInput} is the same over dy, phase by phase; {@code gradWeight} is {@link DepthwiseGradWeight}. All go over a
 * {@link BlockedStrip}: it ends the borders, and walking down one block of channels in the image itself would touch one line in
 * every pixel, a stride that no prefetcher follows (NOTES 7).
 */
public final class DepthwiseConv implements ConvKernel {

    /** Floats of a strip: 512 KB of a 1 MB L2; rows between two strips are copied twice. */
    static final int STRIP_FLOATS = 1 << 17;

    private final PatchGrid[] grids;
    private final BlockedStrip[] strips;
    private final int[][] taps;
    private final DepthwiseFilter filter;
    private final int channels;
    private final int paddedChannels;

    private DepthwiseConv(List<PatchGrid> grids, String layout) {
        this.grids = grids.toArray(new PatchGrid[0]);
        filter = new DepthwiseFilter(grids, layout);
        channels = this.grids[0].sourceC;
        paddedChannels = filter.paddedChannels();
        strips = grids.stream().map(grid -> BlockedStrip.of(grid, channels, STRIP_FLOATS, grid.gridH)).toArray(BlockedStrip[]::new);
        taps = Arrays.stream(strips).map(BlockedStrip::tapOffsets).toArray(int[][]::new);
    }

    /** Null, or why {@code forward} and {@code gradWeight} do not do this shape. */
    public static String refusal(ConvShape shape) {
        String refusal = groupsRefusal(shape);
        return refusal != null ? refusal : BlockedStrip.refusal(PatchGrid.forward(shape), shape.c());
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    public static String gradInputRefusal(ConvShape shape) {
        String refusal = groupsRefusal(shape);
        return refusal != null ? refusal : BlockedStrip.refusal(PatchGrid.gradInput(shape), shape.c());
    }

    static String groupsRefusal(ConvShape shape) {
        return shape.groups() == shape.c() && shape.k() == shape.c() ? null
                : shape.groups() + " groups of " + shape.groupC() + " to " + shape.groupK() + " channels: only groups of 1 to 1";
    }

    /** {@code y} from {@code x}. */
    public static ConvKernel forward(ConvShape shape) {
        return new DepthwiseConv(List.of(PatchGrid.forward(shape)), FilterPanels.forwardLayout(shape));
    }

    /** {@code dx} from {@code dy}. */
    public static ConvKernel gradInput(ConvShape shape) {
        return new DepthwiseConv(PatchGrid.gradInput(shape), FilterPanels.gradInputLayout(shape));
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    public static ConvKernel gradWeight(ConvShape shape) {
        return new DepthwiseGradWeight(PatchGrid.forward(shape));
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

    /** Scratch for the outputs of a ragged last block of channels. */
    private int raggedFloats(int g) {
        return channels % Panels.DEPTH == 0 ? 0 : strips[g].rows * grids[g].gridW * Panels.DEPTH;
    }

    @Override
    public int workFloats() {
        int most = 0;
        for (int g = 0; g < grids.length; g++) {
            most = Math.max(most, Math.addExact(strips[g].floats(), raggedFloats(g)));
        }
        return Math.addExact(RowBlocks.biasFloats(paddedChannels), most);
    }

    /** A task is one strip. */
    @Override
    public int tasks(int workers) {
        int tasks = 0;
        for (int g = 0; g < grids.length; g++) {
            tasks += grids[g].n * strips[g].count();
        }
        return tasks;
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int g = 0;
        int number = task;
        for (; number >= grids[g].n * strips[g].count(); g++) {
            number -= grids[g].n * strips[g].count();
        }
        PatchGrid grid = grids[g];
        BlockedStrip strip = strips[g];
        int image = number / strip.count();
        int row = number % strip.count() * strip.rows;
        int rows = Math.min(strip.rows, grid.gridH - row);
        int image0 = workOffset + RowBlocks.biasFloats(paddedChannels);
        RowBlocks.bias(args, 0, channels, work, workOffset);
        strip.fill(args.source, args.sourceOffset, image, row, rows, work, image0);
        int firstPixel = (image * grid.gridH + row) * grid.gridW;
        for (int channel = 0; channel < channels; channel += Panels.DEPTH) {
            block(args, g, channel, rows, firstPixel, work, image0 + strip.blockOffset(channel), workOffset + channel,
                    image0 + strip.floats());
        }
        activate(args, grid, firstPixel, rows);
    }

    /** One block of 16 channels; the last may have fewer and goes through {@code ragged}. */
    private void block(ConvArgs args, int g, int channel, int rows, int firstPixel, float[] work, int strip, int bias, int ragged) {
        PatchGrid grid = grids[g];
        int pixels = grid.gridW;
        int y = args.outOffset + grid.outPixel(firstPixel) * channels + channel;
        int yStride = grid.outStepW * channels;
        int yRow = grid.outStepH * grid.outW * channels;
        int count = Math.min(Panels.DEPTH, channels - channel);
        if (count == Panels.DEPTH) {
            DepthwiseTile.forward(rows, pixels, work, strip, strips[g].gridRowFloats(), taps[g],
                    args.filter, args.filterOffset + filter.offset(g) + channel,
                    paddedChannels, args.plus ? args.out : work, args.plus ? y : bias,
                    args.plus ? yRow : 0, args.plus ? yStride : 0, args.out, y, yRow, yStride);
            return;
        }
        DepthwiseTile.forward(rows, pixels, work, strip, strips[g].gridRowFloats(), taps[g],
                    args.filter, args.filterOffset + filter.offset(g) + channel,
                paddedChannels, work, bias, 0, 0, work, ragged, pixels * Panels.DEPTH, Panels.DEPTH);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < pixels; j++) {
                int from = ragged + (i * pixels + j) * Panels.DEPTH;
                int to = y + i * yRow + j * yStride;
                for (int c = 0; c < count; c++) {
                    args.out[to + c] = args.plus ? args.out[to + c] + work[from + c] : work[from + c];
                }
            }
        }
    }

    private void activate(ConvArgs args, PatchGrid grid, int firstPixel, int rows) {
        int together = grid.isWhole() ? rows * grid.gridW : 1;
        for (int pixel = 0; pixel < rows * grid.gridW; pixel += together) {
            RowBlocks.activateAny(args, args.outOffset + grid.outPixel(firstPixel + pixel) * channels, together * channels);
        }
    }
}
