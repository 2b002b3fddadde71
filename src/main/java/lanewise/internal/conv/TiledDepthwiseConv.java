package lanewise.internal.conv;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * Depthwise convolution with a window 3 or 5 wide, at steps of 1 or 2 along the row and any down the image: {@link DepthwiseRow}
 * takes eight outputs of a row at a time, for one vector of channels after the other. Its {@code gradInput} at stride 1 is the same
 * over dy, the window turned.
 *
 * <p>The image is read where it lies, and rows outside it are left out. Only for tiles at the ends of rows, whose windows see padding,
 * the columns that they see are copied beside zeros, once for all rows of a task. The last tile of a row overlaps the one before, and
 * so does the last vector of channels.
 */
final class TiledDepthwiseConv implements ConvKernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Floats of the outputs of a task, which are still in L2 when the activation comes. */
    private static final int TASK_FLOATS = 1 << 16;

    /** Rows of a task at most: what is copied for each is in L2, too. */
    private static final int MOST_ROWS = 16;

    /** The longest row: 64 MB. */
    private static final int MOST_FLOATS = 1 << 24;

    private final PatchGrid grid;
    private final int channels;
    private final int height;
    private final int width;
    private final int top;
    private final int left;
    private final DepthwiseFilter filter;
    /** First output of each tile of a row. */
    private final int[] tiles;
    /** Which copy a tile reads, or -1 for the image itself. */
    private final int[] edges;
    private final int edgeCount;
    /** Columns that a tile sees. */
    private final int columns;
    private final int rows;

    private TiledDepthwiseConv(PatchGrid grid, String layout) {
        this.grid = grid;
        channels = grid.sourceC;
        width = windowWidth(grid);
        height = grid.taps() / width;
        top = grid.tapH[0];
        left = grid.tapW[0];
        filter = new DepthwiseFilter(List.of(grid), layout);
        columns = columns(grid);
        int count = (grid.gridW - 1) / DepthwiseRow.PIXELS + 1;
        tiles = new int[count];
        edges = new int[count];
        int copies = 0;
        for (int i = 0; i < count; i++) {
            tiles[i] = Math.max(0, Math.min(i * DepthwiseRow.PIXELS, grid.gridW - DepthwiseRow.PIXELS));
            int from = tiles[i] * grid.stepW + left;
            edges[i] = from >= 0 && from + columns <= grid.sourceW ? -1 : copies++;
        }
        edgeCount = copies;
        rows = Math.clamp(TASK_FLOATS / (grid.gridW * channels), 1, Math.min(MOST_ROWS, grid.gridH));
    }

    private static int columns(PatchGrid grid) {
        return (DepthwiseRow.PIXELS - 1) * grid.stepW + windowWidth(grid);
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
        if (windowWidth(grid) == 0) {
            return "only a filter 3 or 5 wide without dilation";
        }
        if (grid.stepW > 2) {
            return "stride " + grid.stepH + "x" + grid.stepW + ": only 1 or 2 along the row";
        }
        int height = grid.taps() / windowWidth(grid);
        double tiles = (grid.gridW - 1) / DepthwiseRow.PIXELS + 1.0;
        double copied = ((MOST_ROWS - 1.0) * grid.stepH + height) * columns(grid) * LANES * tiles;
        double floats = Math.max(copied, Math.max((double) grid.sourceW, grid.gridW) * grid.sourceC);
        return floats <= MOST_FLOATS ? null : "a row of " + (long) floats + " floats: more than " + MOST_FLOATS;
    }

    /** 3 or 5 if the taps are a dense window that wide, else 0. */
    private static int windowWidth(PatchGrid grid) {
        for (int width = 3; width <= 5; width += 2) {
            boolean window = grid.taps() > 0 && grid.taps() % width == 0;
            for (int t = 0; window && t < grid.taps(); t++) {
                window = grid.tapH[t] == grid.tapH[0] + t / width && grid.tapW[t] == grid.tapW[0] + t % width;
            }
            if (window) {
                return width;
            }
        }
        return 0;
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        return new TiledDepthwiseConv(PatchGrid.forward(shape), FilterPanels.forwardLayout(shape));
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return new TiledDepthwiseConv(PatchGrid.gradInput(shape).getFirst(), FilterPanels.gradInputLayout(shape));
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

    /** Source rows that a task sees. */
    private int seenRows() {
        return (rows - 1) * grid.stepH + height;
    }

    private int edgeFloats() {
        return seenRows() * columns * LANES;
    }

    /** The bias, the outputs of a tile, and the copies of edges. */
    @Override
    public int workFloats() {
        return RowBlocks.biasFloats(channels) + DepthwiseRow.PIXELS * LANES + edgeCount * edgeFloats();
    }

    private int imageTasks() {
        return (grid.gridH - 1) / rows + 1;
    }

    @Override
    public int tasks(int workers) {
        return grid.n * imageTasks();
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int image = task / imageTasks();
        int first = task % imageTasks() * rows;
        int end = Math.min(first + rows, grid.gridH);
        RowBlocks.bias(args, 0, channels, work, workOffset);
        boolean relu = args.activation == Activation.RELU && args.residual == null && !args.plus;
        for (int channel = 0; channel < channels; channel += LANES) {
            // The last vector writes what it shares with the one before once more, unless it adds.
            int from = Math.min(channel, channels - LANES);
            copyEdges(args, image, first, end, from, work, workOffset);
            for (int row = first; row < end; row++) {
                row(args, image, first, row, from, channel - from, relu, work, workOffset);
            }
        }
        if (!relu) {
            activate(args, image, first, end);
        }
    }

    private int edge(int number, int workOffset) {
        return workOffset + RowBlocks.biasFloats(channels) + DepthwiseRow.PIXELS * LANES + number * edgeFloats();
    }

    /** Copies what the tiles at the ends of rows see, zeros outside the image; rows outside it are never read. */
    private void copyEdges(ConvArgs args, int image, int first, int end, int channel, float[] work, int workOffset) {
        int begin = first * grid.stepH + top;
        int seen = (end - 1 - first) * grid.stepH + height;
        for (int i = 0; i < tiles.length; i++) {
            if (edges[i] < 0) {
                continue;
            }
            int column = tiles[i] * grid.stepW + left;
            int to = edge(edges[i], workOffset);
            int from = Math.clamp(-column, 0, columns);
            int until = Math.clamp((long) grid.sourceW - column, from, columns);
            for (int row = Math.max(0, -begin); row < seen && begin + row < grid.sourceH; row++) {
                int at = to + row * columns * LANES;
                int source = args.sourceOffset + ((image * grid.sourceH + begin + row) * grid.sourceW + column) * channels + channel;
                Arrays.fill(work, at, at + from * LANES, 0);
                for (int j = from; j < until; j++) {
                    FloatVector.fromArray(S, args.source, source + j * channels).intoArray(work, at + j * LANES);
                }
                Arrays.fill(work, at + until * LANES, at + columns * LANES, 0);
            }
        }
    }

    private void row(ConvArgs args, int image, int first, int row, int channel, int skip, boolean relu,
                     float[] work, int workOffset) {
        int y = row * grid.stepH + top;
        int begin = Math.max(0, -y); // the first tap that lies in the image
        int taps = Math.min(height, grid.sourceH - y) - begin;
        int w = args.filterOffset + channel + begin * width * filter.paddedChannels();
        int out = args.outOffset + (image * grid.gridH + row) * grid.gridW * args.outStride + channel;
        int sums = workOffset + RowBlocks.biasFloats(channels);
        boolean adds = args.plus || args.residual != null;
        boolean whole = grid.gridW >= DepthwiseRow.PIXELS && !adds;
        for (int i = 0; i < tiles.length; i++) {
            int at = out + tiles[i] * args.outStride;
            float[] to = whole ? args.out : work;
            int toOffset = whole ? at : sums;
            int toPixel = whole ? args.outStride : LANES;
            if (edges[i] < 0) {
                int x = args.sourceOffset
                        + ((image * grid.sourceH + y + begin) * grid.sourceW + tiles[i] * grid.stepW + left) * channels + channel;
                tile(taps, args.source, x, grid.sourceW * channels, channels, args.filter, w, work, workOffset + channel, relu,
                        to, toOffset, toPixel);
            } else {
                int x = edge(edges[i], workOffset) + ((row - first) * grid.stepH + begin) * columns * LANES;
                tile(taps, work, x, columns * LANES, LANES, args.filter, w, work, workOffset + channel, relu, to, toOffset, toPixel);
            }
            if (!whole) {
                int done = i == 0 ? 0 : tiles[i - 1] + DepthwiseRow.PIXELS - tiles[i];
                int count = Math.min(DepthwiseRow.PIXELS, grid.gridW);
                store(args, image, row, tiles[i], done, count, channel, skip, adds, work, sums);
            }
        }
    }

    private void tile(int taps, float[] x, int xOffset, int xRow, int xPixel, float[] w, int wOffset, float[] bias, int biasOffset,
                      boolean relu, float[] y, int yOffset, int yPixel) {
        int wStride = filter.paddedChannels();
        if (width == 5 && grid.stepW == 1) {
            DepthwiseRow.five(taps, x, xOffset, xRow, xPixel, w, wOffset, wStride, bias, biasOffset, relu, y, yOffset, yPixel);
        } else if (width == 5) {
            DepthwiseRow.fiveStrided(taps, x, xOffset, xRow, xPixel, w, wOffset, wStride, bias, biasOffset, relu, y, yOffset, yPixel);
        } else if (grid.stepW == 1) {
            DepthwiseRow.three(taps, x, xOffset, xRow, xPixel, w, wOffset, wStride, bias, biasOffset, relu, y, yOffset, yPixel);
        } else {
            DepthwiseRow.threeStrided(taps, x, xOffset, xRow, xPixel, w, wOffset, wStride, bias, biasOffset, relu, y, yOffset, yPixel);
        }
    }

    /** Writes outputs {@code done} to {@code count} of a tile, those lanes that were not done before, added to what is there or given. */
    private void store(ConvArgs args, int image, int row, int tile, int done, int count, int channel, int skip, boolean adds,
                       float[] work, int sums) {
        int pixel = (image * grid.gridH + row) * grid.gridW + tile;
        float[] other = args.plus ? args.out : args.residual;
        for (int j = done; j < count; j++) {
            int to = args.outOffset + (pixel + j) * args.outStride + channel;
            int with = args.plus ? to : args.residualOffset + (pixel + j) * channels + channel;
            for (int v = skip; v < LANES; v++) {
                args.out[to + v] = adds ? work[sums + j * LANES + v] + other[with + v] : work[sums + j * LANES + v];
            }
        }
    }

    private void activate(ConvArgs args, int image, int first, int end) {
        int pixels = (end - first) * grid.gridW;
        int out = args.outOffset + (image * grid.gridH + first) * grid.gridW * args.outStride;
        int together = args.outStride == channels ? pixels : 1;
        for (int pixel = 0; pixel < pixels; pixel += together) {
            RowBlocks.activateAny(args, out + pixel * args.outStride, together * channels);
        }
    }
}
