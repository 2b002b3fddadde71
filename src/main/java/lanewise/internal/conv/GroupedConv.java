package lanewise.internal.conv;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;
import lanewise.kernel.ConvShape;

/**
 * Grouped convolution with few channels in a group, where a matrix product for each group would leave most lanes empty. A vector of
 * output channels spans several groups; input i of a group stands under each of its outputs in a {@link ChannelSpread}
 * copy, so that
 *
 * <pre>y[p][q][k] = sum over r, s, i of spread_i[p + r][q + s][k] w[r][s][i][k]</pre>
 *
 * <p>without a sum over lanes ({@link GroupTile}). The copy is of one block of 16 outputs and a strip of rows; each of its vectors
 * then serves all places of the filter. {@code gradInput} is the same over dy, phase by phase.
 */
final class GroupedConv implements ConvKernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int GRAIN = Panels.DEPTH;

    /** Channels of a group, on either side; more fill the tiles of a matrix product well enough. */
    private static final int MOST_CHANNELS = 8;

    /** Floats of a strip, about: 256 KB of L2. */
    private static final int STRIP_FLOATS = 1 << 16;

    private final PatchGrid[] grids;
    private final BlockedStrip[] strips;
    /** For each grid the places in a strip of all taps and inputs. */
    private final int[][] taps;
    private final ChannelSpread spread;
    private final int inside;
    private final int channels;
    private final int blocks;
    /** Distances in w of two taps, and for an output channel its first weight and the distance to the next input's. */
    private final int tapStride;
    private final int[] firstWeight;
    private final int inputStride;
    /** Where each grid's weights begin in the packed filter. */
    private final int[] weights;
    private final String layout;

    private GroupedConv(ConvShape shape, boolean forward, List<PatchGrid> grids, String layout) {
        this.grids = grids.toArray(new PatchGrid[0]);
        this.layout = "grouped " + layout;
        inside = forward ? shape.groupC() : shape.groupK();
        channels = forward ? shape.k() : shape.c();
        blocks = Panels.blocks(channels);
        spread = new ChannelSpread(shape.groups(), inside, channels / shape.groups());
        strips = grids.stream().map(grid -> BlockedStrip.of(grid, inside * GRAIN, STRIP_FLOATS, grid.gridH))
                .toArray(BlockedStrip[]::new);
        taps = Arrays.stream(strips).map(BlockedStrip::blockTapOffsets).toArray(int[][]::new);
        weights = new int[strips.length + 1];
        for (int g = 0; g < taps.length; g++) {
            weights[g + 1] = Math.addExact(weights[g], Math.multiplyExact(blocks * GRAIN, taps[g].length));
        }
        tapStride = shape.groupC() * shape.k();
        inputStride = forward ? shape.k() : 1;
        firstWeight = new int[channels];
        for (int c = 0; c < channels; c++) {
            firstWeight[c] = forward ? c : c % shape.groupC() * shape.k() + c / shape.groupC() * shape.groupK();
        }
    }

    /** Null, or why {@code forward} does not do this shape. */
    static String refusal(ConvShape shape) {
        String refusal = groupsRefusal(shape);
        return refusal != null ? refusal : BlockedStrip.refusal(PatchGrid.forward(shape), shape.groupC() * GRAIN);
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    static String gradInputRefusal(ConvShape shape) {
        String refusal = groupsRefusal(shape);
        return refusal != null ? refusal : BlockedStrip.refusal(PatchGrid.gradInput(shape), shape.groupK() * GRAIN);
    }

    private static String groupsRefusal(ConvShape shape) {
        if (shape.groups() == 1) {
            return "1 group: only 2 or more";
        }
        return shape.groupC() <= MOST_CHANNELS && shape.groupK() <= MOST_CHANNELS ? null
                : "groups of " + shape.groupC() + " to " + shape.groupK() + " channels: at most " + MOST_CHANNELS;
    }

    /** {@code y} from {@code x}. */
    static ConvKernel forward(ConvShape shape) {
        return new GroupedConv(shape, true, List.of(PatchGrid.forward(shape)), FilterPanels.forwardLayout(shape));
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return new GroupedConv(shape, false, PatchGrid.gradInput(shape), FilterPanels.gradInputLayout(shape));
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    @Override
    public int packedFloats() {
        return weights[grids.length];
    }

    /** For each grid {@code [block][tap][input][16]}. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        for (int g = 0; g < grids.length; g++) {
            int count = taps[g].length;
            for (int at = 0; at < weights[g + 1] - weights[g]; at++) {
                int channel = at / (GRAIN * count) * GRAIN + at % GRAIN;
                int i = at / GRAIN % inside;
                int tap = grids[g].filterTap[at / GRAIN % count / inside];
                packed[weights[g] + at] = channel < channels
                        ? w[wOffset + tap * tapStride + i * inputStride + firstWeight[channel]] : 0;
            }
        }
    }

    @Override
    public boolean fuses() {
        return true;
    }

    /** Sums of one block and strip. */
    private int sumFloats(int g) {
        return strips[g].rows * grids[g].gridW * GRAIN;
    }

    @Override
    public int workFloats() {
        int most = 0;
        for (int g = 0; g < grids.length; g++) {
            most = Math.max(most, Math.addExact(strips[g].floats(), sumFloats(g)));
        }
        return Math.addExact(RowBlocks.biasFloats(blocks * GRAIN), most);
    }

    /** A task is one strip, all its channels. */
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
        int firstPixel = (image * grid.gridH + row) * grid.gridW;
        int copy = workOffset + RowBlocks.biasFloats(blocks * GRAIN);
        int sums = copy + strip.floats();
        RowBlocks.bias(args, 0, channels, work, workOffset);
        Arrays.fill(work, workOffset + channels, copy, 0);
        for (int block = 0; block < blocks; block++) {
            strip.fillSpread(args.source, args.sourceOffset, image, row, rows, spread, block, work, copy);
            for (int i = 0; i < rows; i++) {
                GroupTile.run(grid.gridW, work, copy + i * strip.gridRowFloats(), taps[g],
                        args.filter, args.filterOffset + weights[g] + block * GRAIN * taps[g].length,
                        work, workOffset + block * GRAIN,
                        work, sums + i * grid.gridW * GRAIN);
            }
            write(args, grid, firstPixel, rows * grid.gridW, block, work, sums);
        }
        activate(args, grid, firstPixel, rows * grid.gridW);
    }

    /** Writes the sums of one block to their pixels, or adds them to what is there or to the residual. */
    private void write(ConvArgs args, PatchGrid grid, int firstPixel, int pixels, int block, float[] work, int sums) {
        int count = Math.min(GRAIN, channels - block * GRAIN);
        float[] other = args.plus ? args.out : args.residual;
        for (int i = 0; i < pixels; i++) {
            int pixel = grid.outPixel(firstPixel + i);
            int from = sums + i * GRAIN;
            int to = args.outOffset + pixel * args.outStride + block * GRAIN;
            int with = args.plus ? to : args.residualOffset + pixel * channels + block * GRAIN;
            if (other == null) {
                copy(count, work, from, args.out, to);
            } else {
                add(count, work, from, other, with, args.out, to);
            }
        }
    }

    private static void copy(int count, float[] work, int from, float[] out, int to) {
        if (count == GRAIN) {
            Panels.copyGrain(work, from, out, to);
        } else {
            System.arraycopy(work, from, out, to, count);
        }
    }

    private static void add(int count, float[] work, int from, float[] other, int with, float[] out, int to) {
        int whole = S.loopBound(count);
        for (int c = 0; c < whole; c += LANES) {
            FloatVector.fromArray(S, work, from + c).add(FloatVector.fromArray(S, other, with + c)).intoArray(out, to + c);
        }
        for (int c = whole; c < count; c++) {
            out[to + c] = work[from + c] + other[with + c];
        }
    }

    private void activate(ConvArgs args, PatchGrid grid, int firstPixel, int pixels) {
        int together = grid.isWhole() && args.outStride == channels ? pixels : 1;
        for (int pixel = 0; pixel < pixels; pixel += together) {
            RowBlocks.activateAny(args, args.outOffset + grid.outPixel(firstPixel + pixel) * args.outStride, together * channels);
        }
    }
}
