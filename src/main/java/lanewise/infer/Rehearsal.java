package lanewise.infer;

import java.util.List;
import lanewise.internal.conv.ConvAlgorithm;
import lanewise.internal.gemm.TileRehearsal;
import lanewise.internal.gemm.WidePanels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
import lanewise.kernel.PoolKind;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.kernel.Threads;
import lanewise.kernel.Workspace;

/**
 * A small problem that runs the code of one step: the same algorithm, and the same remainders of its tiles.
 *
 * <p>Small in depth, above all. HotSpot hands a method to C2 after some 600 to 900 calls of some 20 turns of a loop each, and to C2
 * a second time, for a replacement in the middle of its loop, after 40,000 turns. So few turns a call are both the least work and one
 * compilation less, of a third of a second for the largest kernels.
 */
final class Rehearsal {

    /**
     * Sizes to which those of the step are cut: a depth block, two vectors, a tile of pixels, or of Winograd's tiles in a row, and turns
     * of a loop over taps or windows.
     */
    private static final int CHANNELS = 16;
    private static final int OUT_CHANNELS = 32;
    private static final int AVERAGED_CHANNELS = 8 * Simd.LANES;
    private static final int POOLED_CHANNELS = Math.max(OUT_CHANNELS, 4 * Simd.LANES);
    private static final int MANY_OUT_CHANNELS = 6 * OUT_CHANNELS;
    private static final int DENSE_COLUMNS = 2 * OUT_CHANNELS;
    private static final int WIDE_CHANNELS = 3 * CHANNELS;
    /** Rows a multiple of so many floats apart are packed where others are not. */
    private static final int ALIGNED = 256;
    /** From so many channels on, some tiles are other ones. */
    private static final int DEEP = 4 * CHANNELS;
    private static final int PIXELS = 14;
    private static final int TILES_OF_PIXELS = 4 * PIXELS;
    private static final int DEPTH = 24;
    private static final int WINDOWS = 24;

    /** What computes at 4 GFLOP/s, or pools an element in 0.4 ns, is compiled; times in ns, and what a call may take besides. */
    private static final double SLOW_MULTIPLY_ADD = 0.5;
    private static final double SLOW_POOLED = 0.4;
    private static final long CALL = 5_000;

    private static final int FAST_CALLS = 3;

    /** Algorithms with tiles of their own, in the order of {@link TileRehearsal}. */
    private static final List<String> SPECIAL = List.of("FewChannelConv", "PlanarConv", "FilterRowConv", "DenseConv",
            "FewChannelWinogradConv");

    private final Object key;
    private final Runnable call;
    /** Null if it is not that of a tile. */
    private final TileRehearsal tile;
    private final long multiplyAdds;
    private final long slowNanos;
    private int fastCalls;

    private Rehearsal(Object key, Runnable call, TileRehearsal tile, long multiplyAdds, double slowNanos) {
        this.key = key;
        this.call = call;
        this.tile = tile;
        this.multiplyAdds = multiplyAdds;
        this.slowNanos = CALL + (long) slowNanos;
    }

    /** Of a convolution, or null if no smaller shape would run the same algorithm. */
    static Rehearsal of(ConvPlan plan, boolean residual) {
        String name = plan.algorithm(Pass.FORWARD);
        ConvShape shape = plan.usesWinograd(Pass.FORWARD) ? winograd(plan.shape())
                : name.equals("DenseConv") ? dense(plan.shape()) : smaller(plan.shape(), plan.shape().groups() > 1);
        if (refuses(name, shape)) {
            shape = smaller(plan.shape(), true);
        }
        if (refuses(name, shape)) {
            shape = smaller(plan.shape(), true, TILES_OF_PIXELS);
        }
        if (refuses(name, shape)) {
            return null;
        }
        ConvPlan small = ConvPlan.of(shape).withAlgorithm(Pass.FORWARD, name).withActivation(plan.activation());
        float[] x = new float[shape.xLength()];
        float[] y = new float[shape.yLength()];
        float[] bias = new float[shape.k()];
        float[] shortcut = residual && small.fuses() ? new float[y.length] : null;
        PackedFilter filter = small.newFilter(Pass.FORWARD);
        Workspace workspace = new Workspace(small.workspaceFloats(Pass.FORWARD), Threads.one());
        long multiplyAdds = shape.multiplyAdds();
        return new Rehearsal(shape + " " + name + " " + small.activation() + residual,
                () -> small.forward(x, 0, filter, bias, 0, shortcut, 0, y, 0, workspace), null, multiplyAdds,
                SLOW_MULTIPLY_ADD * multiplyAdds);
    }

    /** The tiles that take most of a convolution's time, a bit of {@link TileRehearsal} each. */
    static int tiles(ConvPlan plan) {
        ConvShape shape = plan.shape();
        String name = plan.algorithm(Pass.FORWARD);
        int special = SPECIAL.indexOf(name);
        if (special >= 0) {
            return TileRehearsal.PIXELS14 << special | (name.equals("DenseConv") ? TileRehearsal.DENSE_TAILS : 0);
        }
        if (name.equals("PointwiseConv") && WidePanels.columns(shape.c(), shape.k()) > 0) {
            return WidePanels.isThin(shape.c()) ? 0 : TileRehearsal.STRIDE6 | TileRehearsal.STRIDE4;
        }
        boolean left = shape.p() * shape.q() % PIXELS >= PIXELS / 2;
        if (shape.groups() > 1 || name.equals("FourTileWinogradConv")) {
            return 0;
        }
        return left ? TileRehearsal.ROWS14 | TileRehearsal.ROWS7 : TileRehearsal.ROWS14;
    }

    /** Of a tile. */
    static Rehearsal of(int tile) {
        TileRehearsal of = new TileRehearsal(tile);
        return new Rehearsal(tile, of::run, of, of.multiplyAdds(), SLOW_MULTIPLY_ADD * of.multiplyAdds());
    }

    private static boolean refuses(String name, ConvShape shape) {
        for (ConvAlgorithm algorithm : ConvAlgorithm.list(Pass.FORWARD)) {
            if (algorithm.name().equals(name)) {
                return algorithm.refusal(shape) != null;
            }
        }
        return true;
    }

    /** A block of columns and all that is left: tiles of their own, which a few columns of many would leave cold for half a minute. */
    static ConvShape dense(ConvShape shape) {
        return ConvShape.of(1, shape.h(), shape.w(), reduced(shape.c(), DEEP), reduced(shape.k(), DENSE_COLUMNS), 1, 1);
    }

    private static ConvShape winograd(ConvShape shape) {
        if (shape.s() == 3 && shape.strideW() == 2) { // 16 tiles repay their filter
            int c = shape.c() % DEEP == 0 ? DEEP : OUT_CHANNELS + shape.c() % CHANNELS;
            return ConvShape.of(1, 17, 17, c, reduced(shape.k(), OUT_CHANNELS), 3, 3).withStride(2, 2);
        }
        return isDeep(shape) ? deepTiles(shape) : smaller(shape, true);
    }

    /** Whether the transformed product has the tiles of many channels. */
    private static boolean isDeep(ConvShape shape) {
        return shape.c() % DEEP == 0 && shape.r() == 3 && shape.s() == 3 && shape.p() >= 9 && shape.q() >= 12;
    }

    /** 9 tiles of 4x4, the fewest: for 2x2 would take a third more multiplications, so these are what a larger image has, too. */
    private static ConvShape deepTiles(ConvShape shape) {
        return ConvShape.of(1, 9, 12, DEEP, reduced(shape.k(), OUT_CHANNELS), 3, 3, 1, 1);
    }

    static ConvShape smaller(ConvShape shape, boolean wholeFilter) {
        return smaller(shape, wholeFilter, PIXELS);
    }

    private static ConvShape smaller(ConvShape shape, boolean wholeFilter, int pixels) {
        int c = shape.groups() > 1 ? shape.c() : reduced(shape.c(), wholeFilter || shape.c() < DEEP ? CHANNELS : DEEP);
        int k = shape.groups() == 1 ? reduced(shape.k(), OUT_CHANNELS) : shape.k();
        if (shape.groups() == 1 && shape.isPointwise()) {
            if (WidePanels.columns(shape.c(), shape.k()) > 0) { // they need some depth
                c = WidePanels.isThin(shape.c()) ? c : WIDE_CHANNELS + shape.c() % CHANNELS;
                k = WidePanels.fewest(shape.c(), shape.k());
            } else if (shape.c() >= DEEP && shape.k() > 2 * OUT_CHANNELS) { // fewer are narrow, or wide
                k = MANY_OUT_CHANNELS + shape.k() % OUT_CHANNELS;
            }
            c = shape.c() % ALIGNED == 0 && shape.k() % WidePanels.WIDTH > 0 ? ALIGNED : c;
        }
        int groups = shape.groups();
        if (groups > 1 && groups == shape.c() && groups == shape.k()) {
            c = reduced(shape.c(), OUT_CHANNELS);
            k = c;
            groups = c;
        }
        int taps = wholeFilter ? Integer.MAX_VALUE : DEPTH / c;
        int s = Math.clamp(taps, Math.min(2, shape.s()), shape.s());
        int r = Math.clamp(taps / s, Math.min(2, shape.r()), shape.r());
        int p = shape.isPointwise() ? 1 : Math.min(shape.p(), wholeFilter && pixels == PIXELS ? PIXELS : 3);
        int q = reduced(shape.isPointwise() ? shape.p() * shape.q() : shape.q(), pixels);
        int h = (p - 1) * shape.strideH() + (r - 1) * shape.dilationH() + 1 - shape.padTop() - shape.padBottom();
        int w = (q - 1) * shape.strideW() + (s - 1) * shape.dilationW() + 1 - shape.padLeft() - shape.padRight();
        return new ConvShape(1, Math.max(1, h), Math.max(1, w), c, k, r, s, shape.strideH(), shape.strideW(),
                shape.padTop(), shape.padLeft(), shape.padBottom(), shape.padRight(), shape.dilationH(), shape.dilationW(), groups);
    }

    /** At most {@code 2 unit - 1}, with the same remainder; at least a unit if there is one. */
    private static int reduced(int size, int unit) {
        return size <= unit ? size : unit + size % unit;
    }

    /** Of a pooling, or null if it has no smaller shape. */
    static Rehearsal of(PoolPlan plan) {
        PoolShape shape = plan.shape().withBatch(1);
        PoolPlan small = plan;
        if (plan.kind() == PoolKind.MAX) {
            shape = smaller(shape, POOLED_CHANNELS);
            small = PoolPlan.max(shape);
        } else if (plan.kind() == PoolKind.AVERAGE) {
            shape = smaller(shape, AVERAGED_CHANNELS);
            small = PoolPlan.average(shape, plan.countsPadding());
        } else if (plan.shape().n() > 1 || shape.xLength() > 200_000) {
            return null;
        }
        PoolPlan run = small;
        float[] x = new float[shape.xLength()];
        float[] y = new float[shape.yLength()];
        Workspace workspace = new Workspace(run.workspaceFloats(), Threads.one());
        return new Rehearsal(plan.kind() + " " + shape, () -> run.forward(x, 0, y, 0, workspace), null, 0,
                SLOW_POOLED * shape.yLength() * shape.r() * shape.s());
    }

    /** Of several vectors of channels several stay: their loops are others than those of a single one. */
    static PoolShape smaller(PoolShape shape, int channels) {
        int h = Math.min(shape.h(), shape.r() * shape.dilationH() + shape.strideH());
        int w = Math.min(shape.w(), shape.s() * shape.dilationW() + WINDOWS * shape.strideW());
        return new PoolShape(1, h, w, reduced(shape.c(), channels), shape.r(), shape.s(), shape.strideH(), shape.strideW(),
                shape.padTop(), shape.padLeft(), shape.padBottom(), shape.padRight(), shape.dilationH(), shape.dilationW(),
                shape.ceilMode());
    }

    /** Equal for two that run the same code. */
    Object key() {
        return key;
    }

    /** The work of a convolution. */
    long multiplyAdds() {
        return multiplyAdds;
    }

    /** Has HotSpot count calls. */
    void count() {
        if (tile != null) {
            tile.count();
        }
    }

    /** Runs it once; whether it has now been fast three times in a row. */
    boolean run() {
        long start = System.nanoTime();
        call.run();
        fastCalls = System.nanoTime() - start < slowNanos ? fastCalls + 1 : 0;
        if (fastCalls == 0) {
            count();
        }
        return fastCalls >= FAST_CALLS;
    }

    /**
     * Whether it is fast from the second call on, which finds its arrays in the cache; one of them may have been interrupted. In a new
     * JVM, a call takes milliseconds.
     */
    boolean isFast() {
        run();
        fastCalls = 0;
        int slow = 0;
        while (slow < 2) {
            if (run()) {
                return true;
            }
            slow += fastCalls == 0 ? 1 : 0;
        }
        return false;
    }
}
