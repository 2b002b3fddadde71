package lanewise.internal.gemm;

import lanewise.internal.simd.Simd;

/**
 * A tile of its own, called as the layers of large networks call it, so that HotSpot compiles it once and for all: as deep as they
 * are, for a loop that was short is compiled for that, and through each branch, for C2 leaves out one that was never taken, and the
 * first call that takes it brings the tile back to the interpreter.
 *
 * <p>Such a call is slow until then, as each vector is an object. But HotSpot counts calls: beside each one it may be {@link #count
 * counted} many times more, by calls without an output, which return at once.
 *
 * <p>Thread use: one thread.
 */
public final class TileRehearsal {

    /** The tiles, a bit each. */
    public static final int ROWS14 = 1;
    public static final int ROWS7 = 2;
    public static final int STRIDE6 = 4;
    public static final int STRIDE4 = 8;
    public static final int PIXELS14 = 16;
    public static final int PLANES = 32;
    public static final int FILTER_ROW = 64;
    public static final int DENSE4 = 128;
    public static final int ADJACENT14 = 256;
    public static final int DENSE_TAILS = 512;

    /** Calls without an output beside one with it. With 200 C2 takes the tile for seldom used, and some spill. */
    private static final int COUNTED = 64;

    /** Turns of an empty loop in each: HotSpot asks C2 after 5,000 calls, or 600 with 15,000 turns; after more if C2 is busy. */
    static final int TURNS = 25;

    private static final int RUN = Panels.RUN;
    private static final int WIDEST = 4 * Simd.LANES;
    private static final int TAPS = 25;

    private final int tile;
    private final float[] a = new float[3 * Panels.SECTION];
    private final int[] runs = {0, Panels.SECTION};
    private final int[] taps = new int[TAPS];
    private final float[] b = new float[3 * RUN * WIDEST];
    private final float[] start = new float[Panels.ROWS * WIDEST];
    private final float[] c = new float[Panels.ROWS * WIDEST];
    private int turn;

    /** Of one of the tiles. */
    public TileRehearsal(int tile) {
        this.tile = tile;
    }

    /** The multiply-adds of a call, about: those of the smallest tiles are a quarter. */
    public long multiplyAdds() {
        return (long) RUN * 16 * Simd.LANES;
    }

    /** One call. */
    public void run() {
        call(c);
        turn++;
    }

    /** Calls that only count. */
    public void count() {
        for (int i = 0; i < COUNTED; i++) {
            call(null);
        }
    }

    private void call(float[] out) {
        int depth = turn % 4 == 0 ? RUN : turn % 4 == 1 ? RUN + RUN / 4 : 2 * RUN;
        boolean relu = turn % 2 == 0;
        boolean goesOn = turn % 3 == 0;
        float[] from = goesOn ? start : StrideGemm.NOTHING;
        int stride = goesOn ? WIDEST : 0;
        switch (tile) {
            case ROWS14, ROWS7 -> {
                boolean fetches = turn % 5 == 0;
                RowTile2.run(tile == ROWS14 ? 14 : 7, a, 0, runs, depth, b, 0,
                        fetches ? RUN * WIDEST : 0, fetches ? Panels.DEPTH : 0, fetches ? RUN : 0,
                        from, 0, stride, StrideGemm.NOTHING, 0, relu, out, 0, WIDEST);
            }
            case STRIDE6, STRIDE4 -> StrideTile4.run(tile == STRIDE6 ? 6 : 4, a, 0, 2 * RUN, depth, b, 0, from, 0, stride,
                    StrideGemm.NOTHING, 0, relu, out, 0, WIDEST);
            case PIXELS14 -> PixelTile2.run(14, a, 0, taps, b, 0, from, 0, stride, relu, out, 0, WIDEST);
            case PLANES -> PlaneTile.run(6, a, 0, taps, b, 0, start, 0, relu, out, 0, WIDEST);
            case FILTER_ROW -> FilterRowTile.run(a, 0, 0, taps, b, 0, StrideGemm.NOTHING, 0, relu, turn % 4 > 0,
                    out, 0, Simd.LANES, 0);
            case ADJACENT14 -> AdjacentTile2.run(Panels.ROWS, a, 0, RUN, b, 0, out, 0);
            case DENSE_TAILS -> { // few columns of many: a call a prediction would keep them cold for half a minute
                DenseTile2.run(1, a, 0, 0, 0, depth, b, 0, StrideGemm.NOTHING, 0, 0, relu, out, 0, 0);
                DenseTile1.run(1, a, 0, 0, 0, depth, b, 0, StrideGemm.NOTHING, 0, 0, relu, out, 0, 0);
            }
            default -> DenseTile4.run(1, a, 0, 0, 0, depth, b, 0, RUN, StrideGemm.NOTHING, 0, 0, relu, out, 0, 0);
        }
    }
}
