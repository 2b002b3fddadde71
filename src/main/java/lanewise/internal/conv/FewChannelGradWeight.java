package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.OuterTile2;
import lanewise.internal.gemm.OuterTile4;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.ReadAhead;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient for images of fewer than 16 channels,
 *
 * <pre>dw[d][k] (+)= sum over npq of patch(x)[npq][d] dy[npq][k],   d = (r, s, c)</pre>
 *
 * <p>with dy read where it lies and patches from a {@link PatchStrip}, where each of their segments is a run of floats: nothing is
 * packed pixel by pixel. The lanes run along K where it fills them; then sums lie in dw itself. Where K fills tiles 4 vectors wide,
 * dy is packed for these, unless it lies as they want it. Otherwise they run along the segments, and the sums, transposed, in scratch
 * until the last pixel is added.
 *
 * <p>A task is a range of K, so that each weight is summed by one worker in the order of the pixels.
 */
final class FewChannelGradWeight implements ConvKernel {

    private static final int WIDTH = Panels.WIDTH;
    private static final int WIDE = OuterTile4.WIDTH;

    /** The largest strip: 64 MB. */
    private static final int MOST_FLOATS = 1 << 24;

    /** Outputs of a band with lanes along K, about: a panel of dy is then 16 KB and stays in L1 for all segments. */
    private static final int PIXELS = 128;

    private final ConvShape shape;
    private final PatchStrip strip;
    private final boolean alongK;
    /** Whether K and the segments are such that tiles of 5 or 6 x 4 vectors do all. */
    private final boolean wide;
    /** Lanes of all segments, each padded to whole tiles; 0 if there are no sums in scratch. */
    private final int lanes;
    private final int pixels;
    /** Rows whose dy is packed together for the wide tiles: a strip has more, since its rows share lines of x. */
    private final int packedRows;
    /** Where the gradient of each output of a band begins. */
    private final int[] dyPlaces;
    private final int k;

    private FewChannelGradWeight(ConvShape shape) {
        this.shape = shape;
        k = shape.k();
        pixels = shape.p() * shape.q();
        alongK = k % WIDTH == 0;
        wide = OuterTile4.FITS && k % WIDE == 0 && OuterTile4.covers(shape.s() * shape.c());
        strip = new PatchStrip(shape, !alongK && PatchStrip.savesByFolding(shape), alongK && !wide ? PIXELS : Integer.MAX_VALUE);
        packedRows = Math.clamp(PIXELS / shape.q(), 1, strip.rows);
        dyPlaces = new int[strip.places.length];
        for (int i = 0; i < dyPlaces.length; i++) {
            dyPlaces[i] = i * k;
        }
        lanes = alongK ? 0 : strip.segments * Simd.roundUp(strip.segmentFloats, WIDTH);
    }

    /** Null, or why {@code gradWeight} does not do this shape. */
    static String refusal(ConvShape shape) {
        if (shape.c() >= Panels.DEPTH) {
            return shape.c() + " input channels: only 1 to " + (Panels.DEPTH - 1);
        }
        if (shape.isPointwise()) {
            return "1x1 filter: patches are whole rows already";
        }
        String refusal = PatchStrip.refusal(shape);
        if (refusal != null) {
            return refusal;
        }
        double floats = PatchStrip.floats(shape) + (double) Simd.roundUp(shape.k(), WIDTH) * (shape.r() * shape.s() * shape.c() + WIDTH);
        return floats <= MOST_FLOATS ? null : "a strip and sums of " + (long) floats + " floats: more than " + MOST_FLOATS;
    }

    /** {@code dw} from {@code x} and {@code dy}. */
    static ConvKernel gradWeight(ConvShape shape) {
        return new FewChannelGradWeight(shape);
    }

    @Override
    public ConvKernel pooling() {
        return MaximaGradWeight.refusal(shape) == null ? new MaximaGradWeight(shape) : null;
    }

    @Override
    public int workFloats() {
        return WIDE + lanes * k + strip.floats() + (wide ? WIDTH + packedRows * shape.q() * k : 0);
    }

    private int unit() {
        return wide ? WIDE : alongK ? WIDTH : 1;
    }

    @Override
    public int tasks(int workers) {
        int units = k / unit();
        return workers == 1 ? 1 : Math.min(units, 2 * workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int from = (int) ((long) k / unit() * task / tasks) * unit();
        int to = (int) ((long) k / unit() * (task + 1) / tasks) * unit();
        int sums = workOffset + WIDE;
        int patches = sums + lanes * k;
        Arrays.fill(work, workOffset, sums, 0);
        boolean first = true;
        for (int image = 0; image < shape.n(); image++) {
            for (int row = 0; row < shape.p(); row += strip.rows) {
                int rows = Math.min(strip.rows, shape.p() - row);
                strip.fill(args, image, row, rows, first, work, patches);
                int dy = args.dyOffset + (image * pixels + row * shape.q()) * k;
                if (wide) {
                    wide(args, dy, rows, from, to, first && !args.plus, work, workOffset, patches);
                } else if (alongK) {
                    alongK(args, dy, rows, from, to, first && !args.plus, work, workOffset, patches);
                } else {
                    alongSegments(args, dy, rows, from, to, first, work, workOffset, sums, patches);
                }
                first = false;
            }
        }
        if (!alongK) {
            transpose(shape, strip, args, from, to, work, sums);
        }
    }

    private void alongK(ConvArgs args, int dy, int rows, int from, int to, boolean first, float[] work, int zeros, int patches) {
        int run = strip.segmentFloats;
        for (int column = from; column < to; column += WIDTH) {
            for (int segment = 0; segment < strip.segments; segment++) {
                int out = args.outOffset + segment * run * k + column;
                OuterTile2.run(run, rows * shape.q(), work, patches + segment * strip.segmentStep, strip.places,
                        args.dy, dy + column, dyPlaces, first ? work : args.out, first ? zeros : out, first ? 0 : k,
                        args.out, out, k);
            }
        }
    }

    /** A few rows at a time: their dy is one panel, packed or as it lies, and the next rows' comes to L1 between tiles. */
    private void wide(ConvArgs args, int dy, int rows, int from, int to, boolean first, float[] work, int zeros, int patches) {
        int panel = Simd.lineFrom(patches + strip.floats());
        int row = shape.q() * k;
        int end = args.dyOffset + shape.n() * pixels * k;
        boolean fetches = ReadAhead.FETCHES && to - from == k && (long) shape.n() * pixels * k >= ReadAhead.HOT;
        for (int i = 0; i < rows; i += packedRows) {
            int count = Math.min(packedRows, rows - i);
            int at = dy + i * row;
            int next = at + count * row;
            boolean packs = !OuterTile4.isPanel(at, k);
            if (packs) {
                OuterTile4.pack(args.dy, at + from, k, count * shape.q(), to - from, work, panel);
            }
            multiply(args, count, from, to, first && i == 0, work, zeros, patches + i * PatchStrip.rowStep(shape, false),
                    packs ? work : args.dy, packs ? panel : at, next, fetches ? Math.min(packedRows * row, end - next) : 0);
        }
    }

    /** All tiles over {@code rows} rows of the panels {@code dys}; fetches {@code ahead} floats of dy from {@code next} on meanwhile. */
    private void multiply(ConvArgs args, int rows, int from, int to, boolean first, float[] work, int zeros, int patches,
                          float[] dys, int panel, int next, int ahead) {
        int run = strip.segmentFloats;
        int q = shape.q();
        int rowStep = PatchStrip.rowStep(shape, false);
        int pixelStep = PatchStrip.pixelStep(shape, false);
        int stream = ReadAhead.stream(ahead);
        int pieces = ReadAhead.pieces(stream, (to - from) / WIDE * strip.segments * OuterTile4.tiles(run));
        int done = 0;
        for (int column = from; column < to; column += WIDE) {
            int b = panel + (column - from) * rows * q;
            for (int segment = 0; segment < strip.segments; segment++) {
                for (int e = 0; e < run; e += OuterTile4.height(run - e), done += pieces) {
                    int out = args.outOffset + (segment * run + e) * k + column;
                    int patch = patches + segment * strip.segmentStep + e;
                    for (int row = 0; row < rows; row++) {
                        boolean zero = first && row == 0;
                        OuterTile4.run(OuterTile4.height(run - e), work, patch + row * rowStep, pixelStep, dys, b + row * q * WIDE, q,
                                zero ? work : args.out, zero ? zeros : out, zero ? 0 : k, args.out, out, k);
                    }
                    ReadAhead.fetch(args.dy, next, ahead, stream, done, pieces);
                }
            }
        }
    }

    private void alongSegments(ConvArgs args, int dy, int rows, int from, int to, boolean first,
                               float[] work, int zeros, int sums, int patches) {
        int sum = sums + from * WIDTH;
        for (int segment = 0; segment < strip.segments; segment++) {
            for (int lane = 0; lane < strip.segmentFloats; lane += WIDTH) {
                OuterTile2.run(to - from, rows * shape.q(), args.dy, dy + from, dyPlaces,
                        work, patches + segment * strip.segmentStep + lane, strip.places,
                        work, first ? zeros : sum, first ? 0 : WIDTH, work, sum, WIDTH);
                sum += k * WIDTH;
            }
        }
    }

    /** Writes the sums {@code [block][k][WIDTH]} of a range of K to dw. */
    static void transpose(ConvShape shape, PatchStrip strip, ConvArgs args, int from, int to, float[] work, int sums) {
        int k = shape.k();
        int blocks = Simd.roundUp(strip.segmentFloats, WIDTH) / WIDTH;
        for (int r = 0; r < shape.r(); r++) {
            for (int e = 0; e < shape.s() * shape.c(); e++) {
                // Where (r, s, c) lies: in segment r, or in a folded one that runs over s, then r.
                int lane = strip.segments == 1 ? (e / shape.c() * shape.r() + r) * shape.c() + e % shape.c() : e;
                int block = (strip.segments == 1 ? 0 : r * blocks) + lane / WIDTH;
                int sum = sums + block * k * WIDTH + lane % WIDTH;
                int out = args.outOffset + (r * shape.s() * shape.c() + e) * k;
                for (int j = from; j < to; j++) {
                    args.out[out + j] = args.plus ? args.out[out + j] + work[sum + j * WIDTH] : work[sum + j * WIDTH];
                }
            }
        }
    }
}
