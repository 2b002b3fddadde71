package lanewise.internal.gemm;

import lanewise.internal.simd.Simd;

/**
 * The blocked product {@code c[m][n] = init + a[m][d] b[d][n]} over row panels of {@code a} and column panels of {@code b}.
 *
 * <pre>
 * loop 3  slices of the depth            a is packed here, its block stays in L2
 * loop 2  column panels of b             one slice of a panel streams through L1
 * loop 1  row panels of a
 * </pre>
 *
 * <p>The loops over blocks of rows (loop 4) belong to the caller, whose tasks they are. The depth of one result is always cut at
 * the same places, so its bits do not depend on which rows share a task.
 */
public final class RowGemm {

    /** Depth blocks of a slice. Each slice is one pass over c, and that costs more than b panels that do not fit L1 (NOTES 18). */
    private static final int SLICE = 64;

    /** Floats of a packed block of rows: half of a 1 MB L2. */
    private static final int BLOCK_FLOATS = 1 << 17;

    /** Depth at which the column panels are so short that they may come from L2, and the rows stay in L1 instead. */
    private static final int SHALLOW = 8 * Panels.DEPTH;

    /**
     * Floats of b that stay in L2 beside all else. The rows may stay in L1 then, too: a few are packed shortly before they are used, so
     * that the next ones can come from memory meanwhile.
     */
    private static final int SMALL_FLOATS = 1 << 16;

    /** Floats of a packed block of such rows: a third of a 48 KB L1. */
    private static final int SHALLOW_FLOATS = 1 << 12;

    /** Rows of a block at most. */
    private static final int MOST_ROWS = 28 * Panels.ROWS;

    /** Places at which a tile of {@code RowTile2} fetches the next column panel. */
    private static final int FETCHES = 8;

    /** Floats of b from which on the next column panel is fetched: less than half a megabyte tends to be in L2 already. */
    private static final int FETCH_FROM = 1 << 17;

    /** Row panels up to which it is fetched; with more, the first one is a small part of the time. */
    private static final int FETCH_TILES = 28;

    /** In place of the depth: {@code taps} says where in an image of 16-channel blocks each 16 depths lie. */
    public static final int GRAINS = -1;

    /** Of a row panel of any slice. */
    private static final int[] SECTIONS = Panels.sections(SLICE * Panels.DEPTH);

    /** Floats of the scratch tile through which ragged edges go. */
    public static final int TILE_FLOATS = Panels.ROWS * Panels.WIDTH;

    private RowGemm() {}

    /** Depth blocks of one slice when there are {@code blocks}: nearly equal parts of at most {@link #SLICE}. */
    public static int slice(int blocks) {
        int slices = Math.max(1, (blocks + SLICE - 1) / SLICE);
        return Math.max(1, (blocks + slices - 1) / slices);
    }

    /** Rows of one block, in whole panels, when there are {@code blocks} depth blocks and {@code columns} of b. */
    public static int blockRows(int blocks, int columns) {
        int depth = slice(blocks) * Panels.DEPTH;
        boolean few = depth <= SHALLOW || (long) blocks * Panels.DEPTH * columns <= SMALL_FLOATS;
        int fit = (few ? SHALLOW_FLOATS : BLOCK_FLOATS) / depth;
        return Math.clamp(fit / Panels.ROWS * Panels.ROWS, Panels.ROWS, MOST_ROWS);
    }

    /** Floats of scratch that {@link #run} needs. */
    public static int workFloats(int rows, int blocks) {
        return packedFloats(rows, blocks) + TILE_FLOATS + Panels.WIDTH + slice(blocks) * Panels.DEPTH;
    }

    /** Floats of the packed block of {@code rows} rows and one slice of {@code blocks}. */
    private static int packedFloats(int rows, int blocks) {
        return (rows + Panels.ROWS - 1) / Panels.ROWS * Panels.rowPanelFloats(slice(blocks) * Panels.DEPTH);
    }

    /** Loops 3 to 1 for one block of rows, as below, with neither a residual nor clamping. */
    public static void run(RowSource source, float[] a, int aOffset, int aStride, int row, int rows,
                           int firstBlock, int blocks, float[] b, int bOffset, int n,
                           float[] bias, int biasOffset, boolean plus, float[] c, int cOffset, int cStride,
                           float[] work, int workOffset) {
        run(source, a, aOffset, aStride, row, rows, firstBlock, blocks, b, bOffset, n, bias, biasOffset, plus, null, 0, 0, 0,
                c, cOffset, cStride, work, workOffset);
    }

    /**
     * Runs loops 3 to 1 for one block of rows.
     *
     * @param firstBlock where the depth begins in {@code source}; past 0 the sums go on in {@code c}
     * @param blocks depth blocks to sum; 0 writes the start of the sums alone
     * @param b column panels of these blocks, {@code 16 blocks} deep
     * @param n columns
     * @param bias {@code n} values, zero-padded to a full panel, the start of each sum unless {@code plus}
     * @param plus add to {@code c}
     * @param residual added to the bias, from this block's first row on; null for none, and it must be with {@code plus}
     * @param ceiling clamps the finished sums to {@code [0, ceiling]}: infinity for ReLU; 0 leaves them
     * @param work {@link #workFloats} floats
     */
    public static void run(RowSource source, float[] a, int aOffset, int aStride, int row, int rows,
                           int firstBlock, int blocks, float[] b, int bOffset, int n,
                           float[] bias, int biasOffset, boolean plus, float[] residual, int residualOffset, int residualStride,
                           float ceiling, float[] c, int cOffset, int cStride, float[] work, int workOffset) {
        int slice = slice(blocks);
        int tile = workOffset + packedFloats(rows, blocks);
        int zeros = tile + TILE_FLOATS;
        int spare = zeros + Panels.WIDTH;
        java.util.Arrays.fill(work, zeros, spare, 0);
        for (int from = 0; from == 0 || from < blocks; from += slice) { // loop 3
            int to = Math.min(blocks, from + slice);
            packRows(source, a, aOffset, aStride, row, rows, firstBlock + from, firstBlock + to, work, workOffset, spare);
            boolean first = firstBlock + from == 0 && !plus;
            columns(work, workOffset, rows, (to - from) * Panels.DEPTH, b, bOffset, blocks * Panels.DEPTH, from * Panels.DEPTH, n,
                    first ? bias : work, first ? biasOffset : zeros, first ? Panels.WIDTH : 0,
                    first ? residual : c, first ? residualOffset : cOffset, first ? residualStride : cStride,
                    to == blocks ? ceiling : 0, c, cOffset, cStride, work, tile);
        }
    }

    private static void packRows(RowSource source, float[] a, int aOffset, int aStride, int row, int rows, int from, int to,
                                 float[] work, int workOffset, int spare) {
        int panel = Panels.rowPanelFloats((to - from) * Panels.DEPTH);
        for (int i = 0, at = workOffset; i < rows; i += Panels.ROWS, at += panel) {
            source.pack(a, aOffset, aStride, row + i, Math.min(Panels.ROWS, rows - i), from, to,
                    work, at, Panels.RUN, Panels.ROW, Panels.SECTION, spare);
        }
    }

    /** Loops 2 and 1 over packed rows, for {@code slice} of all the {@code depth} of b, from {@code from} onward. */
    private static void columns(float[] a, int aOffset, int rows, int slice, float[] b, int bOffset, int depth, int from, int n,
                                float[] bias, int biasOffset, int biasStep,
                                float[] added, int addedOffset, int addedStride, float ceiling,
                                float[] c, int cOffset, int cStride, float[] work, int tile) {
        int panel = Panels.rowPanelFloats(slice);
        int tiles = rows / Panels.ROWS;
        int rounds = slice / Panels.RUN * (Panels.RUN / Panels.DEPTH);
        for (int column = 0; column < n; column += Panels.WIDTH) { // loop 2
            int columns = Math.min(Panels.WIDTH, n - column);
            int biasAt = biasOffset + column / Panels.WIDTH * biasStep;
            int bAt = bOffset + column * depth + from * Panels.paddedColumns(columns);
            int nextWidth = Math.min(Panels.WIDTH, Panels.paddedColumns(n - column - columns));
            int step = fetchStep(tiles, rounds, slice * nextWidth, depth * n);
            int gap = fetchGap(slice * nextWidth, tiles * rounds * step);
            int next = step == 0 ? bAt : bOffset + (column + Panels.WIDTH) * depth + from * nextWidth;
            for (int i = 0; i < rows; i += Panels.ROWS) { // loop 1
                tile(Math.min(Panels.ROWS, rows - i), columns, a, aOffset + i / Panels.ROWS * panel, SECTIONS, slice,
                        b, bAt, next + i / Panels.ROWS * rounds * step, step, gap, bias, biasAt,
                        added, addedOffset + i * addedStride + column, addedStride, ceiling,
                        c, cOffset + i * cStride + column, cStride, work, tile);
            }
        }
    }

    /**
     * Floats by which a tile goes on after each of its {@code rounds} when {@code tiles} full tiles over the current panel fetch the
     * next one of {@code panelFloats} at 8 places; 0 if that does not pay for b of {@code bFloats}.
     */
    public static int fetchStep(int tiles, int rounds, int panelFloats, int bFloats) {
        if (bFloats < FETCH_FROM || tiles < 1 || tiles > FETCH_TILES || rounds == 0) {
            return 0;
        }
        return (panelFloats / FETCHES + tiles * rounds - 1) / (tiles * rounds);
    }

    /** Distance of the 8 places, such that the last one ends with the panel, if all tiles together go on by {@code covered}. */
    public static int fetchGap(int panelFloats, int covered) {
        return covered == 0 ? 0 : (panelFloats - covered) / (FETCHES - 1);
    }

    /**
     * One tile of {@code rows x columns}; a ragged right edge goes through the scratch tile, so no neighbour of {@code c} is
     * touched and none of {@code added} is read.
     *
     * <p>Only the bias and ReLU happen in the microkernel's registers: each further branch before or after its loops made C2 spill
     * two accumulators within them. What is added goes through the scratch tile in L1, a few percent of a tile's time if it is 64
     * deep.
     *
     * @param taps where each run of {@code depth} lies in {@code a}, and one number more: in a packed row panel {@link Panels#sections},
     *         in an image of {@link Panels#RUN}-channel blocks a tap and a block each
     * @param depth {@link #GRAINS}, or how deep it is
     * @param next where in {@code b} this tile begins to fetch a part of the next panel into the cache, if it has all 14 rows
     * @param step floats by which it goes on after each 16 depths, {@link #fetchStep}; 0 for none, and {@code next} is then
     *         {@code bOffset}
     * @param gap distance of the 8 places at which it fetches, {@link #fetchGap}
     * @param bias where each sum starts, zero-padded to a full panel
     * @param added added to the sums: a residual, or {@code c} itself; null for none
     * @param ceiling clamps to {@code [0, ceiling]}: infinity for ReLU; 0 leaves the sums as they are
     */
    public static void tile(int rows, int columns, float[] a, int aOffset, int[] taps, int depth,
                            float[] b, int bOffset, int next, int step, int gap,
                            float[] bias, int biasOffset, float[] added, int addedOffset, int addedStride, float ceiling,
                            float[] c, int cOffset, int cStride, float[] work, int tile) {
        int width = Panels.paddedColumns(columns);
        boolean clamped = ceiling > 0;
        boolean direct = columns == width && added == null;
        float[] out = direct ? c : work;
        int outAt = direct ? cOffset : tile;
        int outStride = direct ? cStride : width;
        vectors(width, rows, a, aOffset, taps, depth, b, bOffset, next, step, gap, bias, biasOffset, clamped && added == null,
                out, outAt, outStride);
        if (added != null) {
            Tiles.add(rows, columns, work, tile, width, added, addedOffset, addedStride,
                    clamped ? 0 : Float.NEGATIVE_INFINITY, clamped ? ceiling : Float.POSITIVE_INFINITY, c, cOffset, cStride);
            return;
        }
        if (clamped && ceiling < Float.POSITIVE_INFINITY) {
            Tiles.limit(rows, width, ceiling, out, outAt, outStride);
        }
        if (!direct) {
            Tiles.copyOut(rows, columns, work, tile, width, c, cOffset, cStride);
        }
    }

    private static void vectors(int width, int rows, float[] a, int aOffset, int[] taps, int depth, float[] b, int bOffset,
                                int next, int step, int gap, float[] bias, int biasOffset, boolean relu,
                                float[] c, int cOffset, int cStride) {
        if (width == Panels.WIDTH) {
            if (depth != GRAINS) {
                RowTile2.run(rows, a, aOffset, taps, depth, b, bOffset, next, step, gap, bias, biasOffset, relu,
                        c, cOffset, cStride);
            } else {
                TapTile2.run(rows, a, aOffset, taps, b, bOffset, next, step, gap, bias, biasOffset, relu, c, cOffset, cStride);
            }
        } else if (depth != GRAINS) {
            RowTile1.run(rows, a, aOffset, taps, depth, b, bOffset, bias, biasOffset, relu, c, cOffset, cStride);
        } else {
            TapTile1.run(rows, a, aOffset, taps, b, bOffset, bias, biasOffset, relu, c, cOffset, cStride);
        }
    }
}
