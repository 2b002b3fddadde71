package lanewise.internal.gemm;

import lanewise.internal.simd.Simd;

/**
 * Runs every branch of the tiles of {@link RowGemm} on a few floats: deep and shallow, from a bias or from unfinished sums, clamped or
 * not, with the next panel fetched or not. C2 leaves out branches that were never taken, and compiles a tile again, a quarter of a
 * second, when the first real layer takes one.
 *
 * <p>One call in four is deep: many turns of a loop ask C2 for a version entered in its middle, which nobody needs. Thread use: one at a
 * time.
 */
public final class TileRehearsal implements Runnable {

    private static final int SHALLOW = 5;
    private static final int DEEP = Panels.RUN + 3;

    /** Floats of a filter that is fetched. */
    private static final int LARGE = 1 << 24;

    private final int rows;
    private final int panel = Panels.rowPanelFloats(DEEP);
    private final int[] runs = Panels.runs(DEEP);
    private final float[] a;
    private final float[] b = new float[DEEP * WidePanels.WIDTH];
    private final float[] c;
    private final float[] bias = new float[WidePanels.WIDTH];
    private final float[] work = new float[RowGemm.TILE_FLOATS];
    private int turn;

    /** Tiles that cover {@code rows} rows. */
    public TileRehearsal(int rows) {
        this.rows = rows;
        a = new float[Simd.roundUp(rows, Panels.ROWS) / Panels.ROWS * panel];
        c = new float[rows * WidePanels.WIDTH];
    }

    /** Multiply-adds of a call, on average. */
    public long multiplyAdds() {
        return (3L * SHALLOW + DEEP) / 4 * rows * (Panels.WIDTH + WidePanels.WIDTH);
    }

    @Override
    public void run() {
        int depth = turn % 4 == 0 ? DEEP : SHALLOW;
        float[] added = turn % 3 == 0 ? c : null;
        float ceiling = turn % 5 < 3 ? Float.POSITIVE_INFINITY : 0;
        int floats = turn / 4 % 2 == 0 ? LARGE : 0;
        turn++;
        RowGemm.panel(rows, Panels.WIDTH, a, 0, panel, runs, Panels.RUN, depth, b, 0, 0, depth * Panels.WIDTH, floats, bias, 0,
                added, 0, Panels.WIDTH, ceiling, c, 0, Panels.WIDTH, work, 0);
        StrideGemm.wide(a, 0, depth, rows, depth, b, 0, depth, WidePanels.WIDTH, bias, 0, added, 0, WidePanels.WIDTH, ceiling,
                c, 0, WidePanels.WIDTH);
    }
}
