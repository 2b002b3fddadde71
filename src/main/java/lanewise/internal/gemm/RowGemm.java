package lanewise.internal.gemm;

import lanewise.internal.simd.Processor;

/**
 * The blocked product {@code c[m][n] = init + a[m][d] b[d][n]} over row panels of {@code a} and column panels of {@code b}.
 *
 * <pre>
 * loop 3  slices of the depth            a is packed here, its block stays in L2
 * loop 2  column panels of b             one slice of a panel streams through L1
 * loop 1  row panels of a
 * </pre>
 *
 * <p>Rows of a matrix are mostly read where they lie ({@link StrideGemm}): the same sums in the same order.
 *
 * <p>The loops over blocks of rows (loop 4) belong to the caller, whose tasks they are. The depth of one result is always cut at
 * the same places, so its bits do not depend on which rows share a task.
 */
public final class RowGemm {

    /** Depth blocks of a slice. Each slice is one pass over c, and that costs more than b panels that do not fit L1 (NOTES 18). */
    private static final int SLICE = 64;

    /** Their floats. */
    static final int SLICE_FLOATS = SLICE * Panels.DEPTH;

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

    /** Floats of the scratch tile through which ragged edges go. */
    public static final int TILE_FLOATS = Panels.ROWS * Panels.WIDTH;

    /** Where the runs of a packed slice begin. */
    private static final int[] RUNS = Panels.runs(SLICE_FLOATS);

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

    /** Rows of one block whose rows are a matrix, at least {@link #blockRows}. */
    public static int matrixRows(int blocks, int columns) {
        int rows = blockRows(blocks, columns);
        if (WidePanels.columns(blocks * Panels.DEPTH, columns) == 0) {
            return rows;
        }
        return WidePanels.isThin(blocks * Panels.DEPTH)
                ? rows / WidePanels.THIN_ROWS * WidePanels.THIN_ROWS : Math.max(rows, StrideGemm.ROWS);
    }

    /** Floats of scratch that {@link #run} needs for a matrix of {@code rows} rows and {@code columns} of b. */
    public static int matrixWorkFloats(int rows, int blocks, int columns) {
        return workFloats(Math.min(rows, blockRows(blocks, columns)), blocks);
    }

    /** Whether a filter of {@code floats} is so large that the next column panel is fetched while one is multiplied. */
    static boolean fetches(long floats) {
        return floats >= FETCH_FROM;
    }

    /** Floats of scratch that {@link #run} needs. */
    public static int workFloats(int rows, int blocks) {
        return packedFloats(rows, blocks) + TILE_FLOATS + slice(blocks) * Panels.DEPTH;
    }

    /** Floats of the packed block of {@code rows} rows and one slice of {@code blocks}. */
    private static int packedFloats(int rows, int blocks) {
        return (rows + Panels.ROWS - 1) / Panels.ROWS * Panels.rowPanelFloats(slice(blocks) * Panels.DEPTH);
    }

    /** Loops 3 to 1 for one block of rows, as below, with neither a residual nor clamping. */
    public static void run(RowSource source, float[] a, int aOffset, int aStride, int row, int rows,
                           int firstBlock, int depth, float[] b, int bOffset, int n,
                           float[] bias, int biasOffset, boolean plus, float[] c, int cOffset, int cStride,
                           float[] work, int workOffset) {
        run(source, a, aOffset, aStride, row, rows, firstBlock, depth, b, bOffset, n, bias, biasOffset, plus, null, 0, 0, 0,
                c, cOffset, cStride, work, workOffset);
    }

    /**
     * Runs loops 3 to 1 for one block of rows.
     *
     * @param firstBlock where the depth begins in {@code source}; past 0 the sums go on in {@code c}
     * @param depth depths to sum; 0 writes the start of the sums alone
     * @param b column panels of these depths, which are padded to whole blocks there; {@link WidePanels} if {@code source}
     *     says so
     * @param n columns
     * @param bias {@code n} values, zero-padded to a full panel, the start of each sum unless {@code plus}
     * @param plus add to {@code c}
     * @param residual added to the bias, from this block's first row on; null for none, and it must be with {@code plus}
     * @param ceiling clamps the finished sums to {@code [0, ceiling]}: infinity for ReLU; 0 leaves them
     * @param work {@link #workFloats} floats
     */
    public static void run(RowSource source, float[] a, int aOffset, int aStride, int row, int rows,
                           int firstBlock, int depth, float[] b, int bOffset, int n,
                           float[] bias, int biasOffset, boolean plus, float[] residual, int residualOffset, int residualStride,
                           float ceiling, float[] c, int cOffset, int cStride, float[] work, int workOffset) {
        int blocks = Panels.blocks(depth);
        boolean goesOn = plus || firstBlock > 0;
        float[] added = goesOn ? c : residual;
        int addedOffset = goesOn ? cOffset : residualOffset;
        int addedStride = goesOn ? cStride : residualStride;
        float[] initial = goesOn ? null : bias;
        int column = source.wideColumns(n);
        if (column < n) {
            boolean spills = n == cStride && n > Panels.WIDTH && n < Panels.paddedColumns(n) && !goesOn && blocks <= SLICE
                    && !fetches(depth * n) && !(added == c && addedOffset == cOffset);
            columns(source, a, aOffset, aStride, row, rows, firstBlock, depth, b, bOffset + column * blocks * Panels.DEPTH, n - column,
                    initial, biasOffset + column, added, addedOffset + column, addedStride, ceiling,
                    spills, c, cOffset + column, cStride, work, workOffset);
        }
        if (column > 0 && source.isThin()) {
            StrideGemm.thin(a, aOffset + row * aStride + firstBlock * Panels.DEPTH, aStride, rows, depth,
                    b, bOffset, blocks * Panels.DEPTH, column, initial, biasOffset, added, addedOffset, addedStride, ceiling,
                    c, cOffset, cStride);
        } else if (column > 0) {
            StrideGemm.wide(a, aOffset + row * aStride + firstBlock * Panels.DEPTH, aStride, rows, source.next(row + rows, rows), depth,
                    b, bOffset, blocks * Panels.DEPTH, column, initial, biasOffset, added, addedOffset, addedStride, ceiling,
                    c, cOffset, cStride);
        }
    }

    /**
     * Columns that are not {@link StrideGemm#wide}'s: whole panels of rows where they lie, if that pays, and the others packed.
     *
     * @param spills whether the last vector of a row may reach into the next row's first columns, which are written later
     */
    private static void columns(RowSource source, float[] a, int aOffset, int aStride, int row, int rows,
                                int firstBlock, int depth, float[] b, int bOffset, int n, float[] bias, int biasOffset,
                                float[] added, int addedOffset, int addedStride, float ceiling,
                                boolean spills, float[] c, int cOffset, int cStride, float[] work, int workOffset) {
        int done = 0;
        if (source.isMatrix() && StrideGemm.isNarrow(aStride, depth, n)) {
            done = rows / Panels.ROWS * Panels.ROWS;
            StrideGemm.narrow(a, aOffset + row * aStride + firstBlock * Panels.DEPTH, aStride, done, depth,
                    b, bOffset, Panels.blocks(depth) * Panels.DEPTH, n, bias, biasOffset, added, addedOffset, addedStride, ceiling,
                    spills ? rows - 1 : 0, c, cOffset, cStride, work, workOffset);
        }
        int step = blockRows(Panels.blocks(depth), n);
        for (int i = done; i < rows; i += step) { // loop 4, for a caller whose blocks are StrideGemm's
            packed(source, a, aOffset, aStride, row + i, Math.min(step, rows - i), firstBlock, depth, b, bOffset, n, bias, biasOffset,
                    added, addedOffset + i * addedStride, addedStride, ceiling, spills ? rows - i - 1 : 0,
                    c, cOffset + i * cStride, cStride, work, workOffset);
        }
    }

    /**
     * Loops 3 to 1 over packed rows.
     *
     * @param spilling of the rows from the first on, how many may spill
     */
    private static void packed(RowSource source, float[] a, int aOffset, int aStride, int row, int rows,
                               int firstBlock, int depth, float[] b, int bOffset, int n, float[] bias, int biasOffset,
                               float[] added, int addedOffset, int addedStride, float ceiling,
                               int spilling, float[] c, int cOffset, int cStride, float[] work, int workOffset) {
        int blocks = Panels.blocks(depth);
        int slice = slice(blocks);
        int tile = workOffset + packedFloats(rows, blocks);
        int spare = tile + TILE_FLOATS;
        for (int from = 0; from == 0 || from < blocks; from += slice) { // loop 3
            int to = Math.min(blocks, from + slice);
            packRows(source, a, aOffset, aStride, row, rows, firstBlock + from, firstBlock + to, work, workOffset, spare);
            boolean first = from == 0;
            panels(source.isFar() && first, work, workOffset, rows, Math.min(depth, to * Panels.DEPTH) - from * Panels.DEPTH,
                    b, bOffset, blocks * Panels.DEPTH, from * Panels.DEPTH, n,
                    first ? bias : null, biasOffset,
                    first ? added : c, first ? addedOffset : cOffset, first ? addedStride : cStride,
                    to == blocks ? ceiling : 0, spilling, c, cOffset, cStride, work, tile);
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

    /**
     * Loops 2 and 1 over packed rows, for {@code slice} of all the {@code depth} of b, from {@code from} onward.
     *
     * @param far whether the lines of c that a tile will write are fetched before it begins
     * @param spilling of the rows from the first on, how many may spill
     */
    private static void panels(boolean far, float[] a, int aOffset, int rows, int slice, float[] b, int bOffset, int depth, int from, int n,
                               float[] bias, int biasOffset, float[] added, int addedOffset, int addedStride, float ceiling,
                               int spilling, float[] c, int cOffset, int cStride, float[] work, int tile) {
        int panel = Panels.rowPanelFloats(slice);
        int panels = Math.ceilDiv(n, Panels.WIDTH);
        for (int j = 0; j < panels; j++) { // loop 2
            int column = panel(j, panels, spilling) * Panels.WIDTH;
            int columns = Math.min(Panels.WIDTH, n - column);
            int width = Panels.paddedColumns(columns);
            int nextWidth = Math.min(Panels.WIDTH, Panels.paddedColumns(n - column - columns));
            int whole = columns < width ? Math.min(spilling, rows) / Panels.ROWS * Panels.ROWS : 0;
            int step = far && columns == Panels.WIDTH && !fetches(depth * n) ? Panels.ROWS : rows;
            int count;
            for (int i = 0; i < rows; i += count) {
                count = i < whole ? whole : Math.min(step, rows - i);
                if (step < rows) {
                    ReadAhead.fetchTile(c, cOffset + i * cStride + column, cStride, count);
                }
                panel(count, i < whole ? width : columns, a, aOffset + i / Panels.ROWS * panel, panel, RUNS, Panels.RUN, slice,
                        b, bOffset + column * depth + from * width,
                        bOffset + (column + Panels.WIDTH) * depth + from * nextWidth, slice * nextWidth, depth * n,
                        bias, biasOffset + column, added, addedOffset + i * addedStride + column, addedStride, ceiling,
                        c, cOffset + i * cStride + column, cStride, work, tile);
            }
        }
    }

    /** The column panel that comes {@code j}-th: if any rows spill, the last one comes first. */
    static int panel(int j, int panels, int spilling) {
        return spilling == 0 ? j : j == 0 ? panels - 1 : j - 1;
    }

    /**
     * Loop 1: all rows against one column panel, as {@link #tile}.
     *
     * @param panel distance of two row panels in {@code a}
     * @param runs where the runs of each begin
     * @param run their length, as for {@link #tile}
     * @param next where in {@code b} the panel begins that comes after this one, of {@code nextFloats}; 0 for none
     * @param bFloats floats of all of b: decides whether the next panel is fetched meanwhile
     */
    public static void panel(int rows, int columns, float[] a, int aOffset, int panel, int[] runs, int run, int depth,
                             float[] b, int bOffset, int next, int nextFloats, int bFloats, float[] bias, int biasOffset,
                             float[] added, int addedOffset, int addedStride, float ceiling,
                             float[] c, int cOffset, int cStride, float[] work, int tile) {
        int tiles = rows / Panels.ROWS;
        int rounds = depth / Panels.RUN * (Panels.RUN / Panels.DEPTH);
        int step = Processor.READS_AHEAD ? fetchStep(tiles, rounds, nextFloats, bFloats) : 0;
        int gap = fetchGap(nextFloats, tiles * rounds * step);
        int fetch = step == 0 ? bOffset : next;
        for (int i = 0; i < rows; i += Panels.ROWS) {
            tile(Math.min(Panels.ROWS, rows - i), columns, a, aOffset + i / Panels.ROWS * panel, runs, run, depth,
                    b, bOffset, fetch + i / Panels.ROWS * rounds * step, step, gap,
                    bias, biasOffset, added, addedOffset + i * addedStride, addedStride, ceiling,
                    c, cOffset + i * cStride, cStride, work, tile);
        }
    }

    /**
     * Floats by which a tile goes on after each of its {@code rounds} when {@code tiles} full tiles over the current panel fetch the
     * next one of {@code panelFloats} at 8 places; 0 if that does not pay for b of {@code bFloats}.
     */
    public static int fetchStep(int tiles, int rounds, int panelFloats, int bFloats) {
        if (!fetches(bFloats) || tiles < 1 || tiles > FETCH_TILES || rounds == 0) {
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
     * @param runs where each run of depths of the first row begins in {@code a}, from {@code aOffset} on; null for 14 rows in one
     *         piece each, {@code run} apart
     * @param run depths of a run: {@link Panels#RUN} where rows are {@link Panels#ROW} apart, the last run may be shorter; or
     *         {@link Panels#DEPTH}, with rows as far apart
     * @param next where in {@code b} this tile begins to fetch a part of the next panel into the cache, if it has all 14 rows
     * @param step floats by which it goes on after each 16 depths, {@link #fetchStep}; 0 for none, and {@code next} is then
     *         {@code bOffset}
     * @param gap distance of the 8 places at which it fetches, {@link #fetchGap}
     * @param bias where each sum starts, zero-padded to a full panel; null for none
     * @param added what else each sum starts from: a residual, unfinished sums, or {@code c} itself; null for nothing
     * @param ceiling clamps to {@code [0, ceiling]}: infinity for ReLU; 0 leaves the sums as they are
     */
    public static void tile(int rows, int columns, float[] a, int aOffset, int[] runs, int run, int depth,
                            float[] b, int bOffset, int next, int step, int gap, float[] bias, int biasOffset,
                            float[] added, int addedOffset, int addedStride, float ceiling,
                            float[] c, int cOffset, int cStride, float[] work, int tile) {
        int width = Panels.paddedColumns(columns);
        boolean direct = columns == width;
        float[] out = direct ? c : work;
        int outAt = direct ? cOffset : tile;
        int outStride = direct ? cStride : width;
        float[] start = added;
        int startAt = addedOffset;
        int startStride = addedStride;
        if (added == null) {
            start = StrideGemm.NOTHING;
            startAt = 0;
            startStride = 0;
        } else if (!direct) {
            Tiles.copyIn(rows, columns, added, addedOffset, addedStride, work, tile, width);
            start = work;
            startAt = tile;
            startStride = width;
        }
        vectors(width, rows, a, aOffset, runs, run, depth, b, bOffset, next, step, gap, start, startAt, startStride,
                bias == null ? StrideGemm.NOTHING : bias, bias == null ? 0 : biasOffset, ceiling, out, outAt, outStride);
        if (!direct) {
            Tiles.copyOut(rows, columns, work, tile, width, c, cOffset, cStride);
        }
    }

    private static void vectors(int width, int rows, float[] a, int aOffset, int[] runs, int run, int depth, float[] b, int bOffset,
                                int next, int step, int gap, float[] start, int startOffset, int startStride,
                                float[] bias, int biasOffset, float ceiling,
                                float[] c, int cOffset, int cStride) {
        boolean relu = ceiling == Float.POSITIVE_INFINITY;
        if (runs == null) {
            StrideTile.run(width, a, aOffset, run, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
        } else if (width == Panels.WIDTH) {
            if (run == Panels.RUN) {
                RowTile2.run(rows, a, aOffset, runs, depth, b, bOffset, next, step, gap, start, startOffset, startStride,
                        bias, biasOffset, relu, c, cOffset, cStride);
            } else {
                TapTile2.run(rows, a, aOffset, runs, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                        c, cOffset, cStride);
            }
        } else if (run == Panels.RUN) {
            RowTile1.run(rows, a, aOffset, runs, depth, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
        } else {
            TapTile1.run(rows, a, aOffset, runs, b, bOffset, start, startOffset, startStride, bias, biasOffset, relu,
                    c, cOffset, cStride);
        }
        if (ceiling > 0 && !relu) { // within the tiles it is too much for C2, which then inlines no more
            Tiles.clamp(rows, width, ceiling, c, cOffset, cStride);
        }
    }
}
