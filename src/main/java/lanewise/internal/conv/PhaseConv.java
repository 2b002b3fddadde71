package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.PhaseTile;
import lanewise.internal.simd.Simd;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * {@code gradInput} of a 3x3 filter that strides by 2 over a padding of 1, all phases at once: four pixels of dx see the same four
 * of dy ({@link PhaseTile}).
 *
 * <pre>dx[2 i + u][2 j + v][c] (+)= sum over u', v' in {0, 1}, k of dy[i + u'][j + v'][k] w[u + 1 - 2 u'][v + 1 - 2 v'][c][k]</pre>
 *
 * <p>without the terms for which there is no such row or column of the filter. A strip of dy is copied in blocks of channels, with
 * zeros for the row and the column behind the last ({@link BlockedStrip}). A task is a strip, or some of its channels of dx.
 */
final class PhaseConv implements ConvKernel {

    private static final int LANES = Simd.LANES;

    /** Floats of a strip: what is copied should stay in L1 or near it. */
    private static final int STRIP_FLOATS = 1 << 14;

    /** K at most: a panel of the filter is then 36 KB at 512 bits. */
    private static final int MOST_CHANNELS = 64;

    /** Outputs of a row that fill the tiles of {@link DirectConv} well enough, if the channels do. */
    private static final int LONG_ROW = 2 * Panels.ROWS;

    /** Floats of a filter's panel for each of K. */
    private static final int PANEL = PhaseTile.TAPS * LANES;

    private final ConvShape shape;
    private final BlockedStrip strip;
    private final String layout;

    private PhaseConv(ConvShape shape) {
        this.shape = shape;
        strip = strip(shape);
        layout = "phases " + FilterPanels.sizes(shape, shape.k()) + " transposed";
    }

    /** The strip of the phase that sees all four pixels. */
    private static BlockedStrip strip(ConvShape shape) {
        PatchGrid grid = PatchGrid.gradInput(shape).getLast();
        return BlockedStrip.of(grid, shape.k(), STRIP_FLOATS, grid.gridH);
    }

    /** Null, or why {@code gradInput} does not do this shape. */
    static String refusal(ConvShape shape) {
        if (shape.r() != 3 || shape.s() != 3 || shape.dilationH() != 1 || shape.dilationW() != 1 || shape.groups() != 1) {
            return shape.r() + "x" + shape.s() + " filter, dilation " + shape.dilationH() + "x" + shape.dilationW() + ", " + shape.groups()
                    + " groups: only 3x3, dilation 1x1, 1 group";
        }
        if (shape.strideH() != 2 || shape.strideW() != 2 || shape.padTop() != 1 || shape.padLeft() != 1
                || shape.h() != 2 * shape.p() || shape.w() != 2 * shape.q()) {
            return "stride " + shape.strideH() + "x" + shape.strideW() + ", padding " + shape.padTop() + "." + shape.padLeft() + ", "
                    + shape.p() + "x" + shape.q() + " outputs of " + shape.h() + "x" + shape.w()
                    + ": only stride 2x2, padding 1.1, two pixels for each output";
        }
        if (shape.q() % PhaseTile.PIXELS != 0) {
            return shape.q() + " columns of outputs: only multiples of " + PhaseTile.PIXELS;
        }
        if (shape.c() % Panels.DEPTH != 0 || shape.k() % Panels.DEPTH != 0) {
            return shape.c() + " to " + shape.k() + " channels: only multiples of " + Panels.DEPTH;
        }
        if (shape.k() > MOST_CHANNELS) {
            return shape.k() + " output channels: beyond " + MOST_CHANNELS + " a panel of the filter leaves the first cache";
        }
        if (shape.q() >= LONG_ROW && shape.c() >= Panels.WIDTH) {
            return shape.q() + " columns of outputs, " + shape.c() + " channels: they fill tiles of " + Panels.ROWS + " by "
                    + Panels.WIDTH;
        }
        return BlockedStrip.refusal(PatchGrid.gradInput(shape).getLast(), shape.k());
    }

    /** {@code dx} from {@code dy}. */
    static ConvKernel gradInput(ConvShape shape) {
        return new PhaseConv(shape);
    }

    @Override
    public String filterLayout() {
        return layout;
    }

    @Override
    public int packedFloats() {
        return Simd.lineFrom(0) + Math.multiplyExact(Math.multiplyExact(shape.c(), shape.k()), PhaseTile.TAPS);
    }

    /** Panels {@code [c / LANES][k][tap][lane]}. */
    @Override
    public void pack(float[] w, int wOffset, float[] packed) {
        int tapOfW = shape.c() * shape.k();
        for (int channel = 0; channel < shape.c(); channel += LANES) {
            int to = Simd.lineFrom(0) + channel * shape.k() * PhaseTile.TAPS;
            for (int tap = 0; tap < PhaseTile.TAPS; tap++) {
                Panels.packTransposed(w, wOffset + filterTap(tap) * tapOfW + channel * shape.k(), shape.k(), shape.k(), LANES,
                        packed, to + tap * LANES, PANEL);
            }
        }
    }

    /** Where tap {@code i} of the tile lies in the filter, as 3 r + s. */
    private static int filterTap(int i) {
        return switch (i) {
            case 0 -> 4;
            case 1 -> 5;
            case 2 -> 7;
            case 3 -> 8;
            case 4 -> 3;
            case 5 -> 6;
            case 6 -> 1;
            case 7 -> 2;
            default -> 0;
        };
    }

    @Override
    public int workFloats() {
        return shape.c() + strip.floats();
    }

    private int panels() {
        return shape.c() / LANES;
    }

    /** Ranges of channels share a strip where there are few, so that all workers have something to do. */
    private int parts(int workers) {
        return RowBlocks.enough(strips(), workers) ? 1 : Math.min(panels(), Math.ceilDiv(4 * workers, strips()));
    }

    private int strips() {
        return shape.n() * strip.count();
    }

    @Override
    public int tasks(int workers) {
        return strips() * parts(workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int parts = parts(workers);
        int image = task / parts / strip.count();
        int row = task / parts % strip.count() * strip.rows;
        int rows = Math.min(strip.rows, shape.p() - row);
        int first = panels() * (task % parts) / parts * LANES;
        int end = panels() * (task % parts + 1) / parts * LANES;
        int dy = workOffset + shape.c();
        if (args.bias != null) {
            System.arraycopy(args.bias, args.biasOffset, work, workOffset, shape.c());
        } else {
            Arrays.fill(work, workOffset, dy, 0);
        }
        strip.fill(args.source, args.sourceOffset, image, row, rows, work, dy);
        int pixel = (image * shape.h() + 2 * row) * shape.w();
        for (int channel = first; channel < end; channel += LANES) {
            for (int i = 0; i < rows; i++) {
                row(args, pixel + 2 * i * shape.w(), channel, work, workOffset + channel, dy + i * strip.gridRowFloats());
            }
        }
        for (int i = 0; i < 2 * rows * shape.w() && args.activation != Activation.NONE; i++) {
            RowBlocks.activateAny(args, args.outOffset + (pixel + i) * shape.c() + first, end - first);
        }
    }

    /** A vector of channels of two rows of dx. */
    private void row(ConvArgs args, int firstPixel, int channel, float[] work, int bias, int dy) {
        int c = shape.c();
        int out = args.outOffset + firstPixel * c + channel;
        int panel = args.filterOffset + Simd.lineFrom(0) + channel * shape.k() * PhaseTile.TAPS;
        for (int j = 0; j < shape.q(); j += PhaseTile.PIXELS, out += 2 * PhaseTile.PIXELS * c) {
            PhaseTile.run(work, dy + j * Panels.DEPTH, strip.gridRowFloats(), strip.blockOffset(Panels.DEPTH),
                    Panels.blocks(shape.k()), args.filter, panel, args.plus ? args.out : work, args.plus ? out : bias,
                    args.plus ? shape.w() * c : 0, args.plus ? c : 0, args.out, out, shape.w() * c, c);
        }
    }
}
