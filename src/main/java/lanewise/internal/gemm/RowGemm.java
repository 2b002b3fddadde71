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

    /** Floats of a packed block of shallow rows: a third of a 48 KB L1. */
    private static final int SHALLOW_FLOATS = 1 << 12;

    /** Rows of a block at most. */
    private static final int MOST_ROWS = 28 * Panels.ROWS;

    /** Places at which a tile of {@code RowTile2} fetches the next column panel. */
    private static final int FETCHES = 8;

    /** Floats of b from which on the next column panel is fetched: less than half a megabyte tends to be in L2 already. */
    private static final int FETCH_FROM = 1 << 17;

    /** Row panels up to which it is fetched; with more, the first one is a small part of the time. */
    private static final int FETCH_TILES = 28;

    /** Floats of the scratch tile through which ragged edges go. */
    public static final int TILE_FLOATS = Panels.ROWS * Panels.WIDTH;

    private static final int[] PANEL_TAPS = panelTaps();

    private RowGemm() {}

    private static int[] panelTaps() {
        int[] taps = new int[SLICE];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = t * Panels.BLOCK;
        }
        return taps;
    }

    /** Depth blocks of one slice when there are {@code blocks}: nearly equal parts of at most {@link #SLICE}. */
    public static int slice(int blocks) {
        int slices = Math.max(1, (blocks + SLICE - 1) / SLICE);
        return Math.max(1, (blocks + slices - 1) / slices);
    }

    /** Rows of one block, in whole panels, when there are {@code blocks} depth blocks. */
    public static int blockRows(int blocks) {
        int depth = slice(blocks) * Panels.DEPTH;
        int fit = (depth <= SHALLOW ? SHALLOW_FLOATS : BLOCK_FLOATS) / depth;
        return Math.min(MOST_ROWS, fit / Panels.ROWS * Panels.ROWS);
    }

    /** Floats of scratch that {@link #run} needs. */
    public static int workFloats(int rows, int blocks) {
        return packedFloats(rows, blocks) + TILE_FLOATS + slice(blocks) * Panels.DEPTH;
    }

    /** Floats of the packed block of {@code rows} rows and one slice of {@code blocks}. */
    private static int packedFloats(int rows, int blocks) {
        return Simd.roundUp(rows, Panels.ROWS) * slice(blocks) * Panels.DEPTH;
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
        int spare = tile + TILE_FLOATS;
        for (int from = 0; from == 0 || from < blocks; from += slice) { // loop 3
            int to = Math.min(blocks, from + slice);
            packRows(source, a, aOffset, aStride, row, rows, firstBlock + from, firstBlock + to, work, workOffset, spare);
            boolean first = firstBlock + from == 0 && !plus;
            columns(work, workOffset, rows, to - from, b, bOffset, blocks, from, n,
                    bias, biasOffset, first, first ? residual : null, residualOffset, residualStride, to == blocks ? ceiling : 0,
                    c, cOffset, cStride, work, tile);
        }
    }

    private static void packRows(RowSource source, float[] a, int aOffset, int aStride, int row, int rows, int from, int to,
                                 float[] work, int workOffset, int spare) {
        int panel = (to - from) * Panels.BLOCK;
        for (int i = 0, at = workOffset; i < rows; i += Panels.ROWS, at += panel) {
            source.pack(a, aOffset, aStride, row + i, Math.min(Panels.ROWS, rows - i), from, to, work, at, Panels.BLOCK, spare);
        }
    }

    /** Loops 2 and 1 over packed rows, for depth blocks {@code from} (in b) onward. */
    private static void columns(float[] a, int aOffset, int rows, int slice,
                                float[] b, int bOffset, int blocks, int from, int n,
                                float[] bias, int biasOffset, boolean first,
                                float[] residual, int residualOffset, int residualStride, float ceiling,
                                float[] c, int cOffset, int cStride, float[] work, int tile) {
        int panel = slice * Panels.BLOCK;
        int depth = blocks * Panels.DEPTH;
        int tiles = rows / Panels.ROWS;
        for (int column = 0; column < n; column += Panels.WIDTH) { // loop 2
            int columns = Math.min(Panels.WIDTH, n - column);
            int bAt = bOffset + column * depth + from * Panels.DEPTH * Panels.paddedColumns(columns);
            int nextWidth = Math.min(Panels.WIDTH, Panels.paddedColumns(n - column - columns));
            int step = fetchStep(tiles, nextWidth, depth * n);
            int gap = fetchGap(slice * Panels.DEPTH * nextWidth, tiles * slice * step);
            int next = step == 0 ? bAt : bOffset + (column + Panels.WIDTH) * depth + from * Panels.DEPTH * nextWidth;
            for (int i = 0; i < rows; i += Panels.ROWS) { // loop 1
                tile(Math.min(Panels.ROWS, rows - i), columns, a, aOffset + i / Panels.ROWS * panel, PANEL_TAPS, 0, slice,
                        b, bAt, next + i / Panels.ROWS * slice * step, step, gap, bias, biasOffset + column, first,
                        residual, residualOffset + i * residualStride + column, residualStride, ceiling,
                        c, cOffset + i * cStride + column, cStride, work, tile);
            }
        }
    }

    /**
     * Floats by which a tile goes on after each of its depth blocks when {@code tiles} full tiles over the current panel fetch the
     * next one, {@code width} wide, at 8 places; 0 if that does not pay for b of {@code bFloats}.
     */
    public static int fetchStep(int tiles, int width, int bFloats) {
        return bFloats < FETCH_FROM || tiles < 1 || tiles > FETCH_TILES ? 0 : (width * Panels.DEPTH / FETCHES + tiles - 1) / tiles;
    }

    /** Distance of the 8 places, such that the last one ends with the panel, if all tiles together go on by {@code covered}. */
    public static int fetchGap(int panelFloats, int covered) {
        return covered == 0 ? 0 : (panelFloats - covered) / (FETCHES - 1);
    }

    /** One tile, as below, without a residual; {@code relu} is a ceiling of infinity. */
    public static void tile(int rows, int columns, float[] a, int aOffset, int[] taps, int firstTap, int lastTap,
                            float[] b, int bOffset, int next, int step, int gap,
                            float[] bias, int biasOffset, boolean first, boolean relu,
                            float[] c, int cOffset, int cStride, float[] work, int tile) {
        tile(rows, columns, a, aOffset, taps, firstTap, lastTap, b, bOffset, next, step, gap, bias, biasOffset, first, null, 0, 0,
                relu ? Float.POSITIVE_INFINITY : 0, c, cOffset, cStride, work, tile);
    }

    /**
     * One tile of {@code rows x columns}; a ragged right edge goes through the scratch tile, so no neighbour of {@code c} is
     * touched and none of {@code residual} is read.
     *
     * <p>Only ReLU happens in the microkernel's registers: each further branch before or after its loops made C2 spill two
     * accumulators within them. The two passes here, over a tile in L1, take a few percent of its time if it is 64 deep.
     *
     * @param next where in {@code b} this tile begins to fetch a part of the next panel into the cache, if it has all 14 rows
     * @param step floats by which it goes on after each depth block, {@link #fetchStep}; 0 for none, and {@code next} is then
     *         {@code bOffset}
     * @param gap distance of the 8 places at which it fetches, {@link #fetchGap}
     * @param first start from {@code bias}, and {@code residual} if that is not null; else from {@code c}
     * @param ceiling clamps to {@code [0, ceiling]}: infinity for ReLU; 0 leaves the sums as they are
     */
    public static void tile(int rows, int columns, float[] a, int aOffset, int[] taps, int firstTap, int lastTap,
                            float[] b, int bOffset, int next, int step, int gap,
                            float[] bias, int biasOffset, boolean first,
                            float[] residual, int residualOffset, int residualStride, float ceiling,
                            float[] c, int cOffset, int cStride, float[] work, int tile) {
        int width = Panels.paddedColumns(columns);
        boolean whole = columns == width;
        float[] out = whole ? c : work;
        int outAt = whole ? cOffset : tile;
        int outStride = whole ? cStride : width;
        boolean fromBias = first && residual == null;
        if (first && residual != null) {
            Tiles.addRow(rows, columns, residual, residualOffset, residualStride, bias, biasOffset, out, outAt, outStride);
        } else if (!first && !whole) {
            Tiles.copy(rows, columns, c, cOffset, cStride, work, tile, width);
        }
        vectors(width, rows, a, aOffset, taps, firstTap, lastTap, b, bOffset, next, step, gap,
                fromBias ? bias : out, fromBias ? biasOffset : outAt, fromBias ? 0 : outStride, ceiling > 0, out, outAt, outStride);
        if (ceiling > 0 && ceiling < Float.POSITIVE_INFINITY) {
            Tiles.limit(rows, width, ceiling, out, outAt, outStride);
        }
        if (!whole) {
            Tiles.copyOut(rows, columns, work, tile, width, c, cOffset, cStride);
        }
    }

    private static void vectors(int width, int rows, float[] a, int aOffset, int[] taps, int from, int to, float[] b, int bOffset,
                                int next, int step, int gap, float[] init, int initOffset, int initStride, boolean relu,
                                float[] c, int cOffset, int cStride) {
        if (width == Panels.WIDTH) {
            RowTile2.run(rows, a, aOffset, taps, from, to, b, bOffset, next, step, gap,
                    init, initOffset, initStride, relu, c, cOffset, cStride);
        } else {
            RowTile1.run(rows, a, aOffset, taps, from, to, b, bOffset, init, initOffset, initStride, relu, c, cOffset, cStride);
        }
    }
}
