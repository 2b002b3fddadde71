package lanewise.internal.gemm;

import lanewise.internal.simd.Simd;

/**
 * The product of a few rows with column panels, {@code c[m][n] = init + x[m][d] b[d][n]}: each weight is fetched once, and used by
 * all rows before it leaves L1.
 *
 * <pre>
 * loop 3  blocks of columns              two panels, or the last one
 * loop 2  slices of the depth            only if the rows need several tiles: they share a slice in L1
 * loop 1  tiles of rows
 * </pre>
 *
 * <p>If b comes from far away and the rows are more than a tile, or long, loops 2 and 3 change places, and a slice of the rows is
 * packed.
 */
public final class DenseGemm {

    /** The most rows of a small b: packing 14, which then share each load, is faster than two tiles of unpacked ones. */
    public static final int MOST_ROWS = 12;

    /** The most rows of a b from a far cache or memory. */
    private static final int MOST_ROWS_LARGE = 28;

    /** Rows of a tile of packed rows, at most. The first tile waits for memory, so it is the highest one. */
    private static final int PACKED_ROWS = 12;

    /** Depth up to which tiles of rows where they lie go over all of it: 8 rows of it are an eighth of L2. */
    private static final int IN_PLACE = 4096;

    /** Columns of a block. */
    public static final int BLOCK = 2 * Panels.WIDTH;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    /** Rows of a tile of one panel, at most. */
    private static final int TILE_ROWS = MANY_REGISTERS ? 8 : 4;

    /** Rows of a tile of two panels, at most. */
    private static final int FEW_ROWS = 4;

    /** Depth of a slice: half of L1. */
    private static final int SLICE = 128;

    private static final float[] NO_BIAS = new float[BLOCK];

    private DenseGemm() {}

    /** The most rows for b of {@code depth x n}. */
    public static int mostRows(int depth, int n) {
        return MANY_REGISTERS && RowGemm.fetches((long) depth * n) ? MOST_ROWS_LARGE : MOST_ROWS;
    }

    /**
     * Whether slices of the rows are packed, so that all columns are multiplied with one slice before the next. Otherwise the rows
     * would come from L2 for each panel, or not even from there, since the panels that pass through it drive them out.
     */
    private static boolean packs(int rows, int depth, int n) {
        boolean large = mostRows(depth, n) == MOST_ROWS_LARGE;
        return large && (rows > TILE_ROWS || rows > TILE_ROWS / 2 && depth > IN_PLACE);
    }

    /** Floats of scratch that {@link #run} needs. */
    public static int workFloats(int rows, int depth, int n) {
        int packed = packs(rows, depth, n) ? Simd.roundUp(rows, PACKED_ROWS) * DenseTile2.ROW : 0;
        return rows * BLOCK + packed;
    }

    /**
     * Computes columns {@code from} to {@code to} of c.
     *
     * @param rows 1 to {@link #mostRows}, of {@code depth} floats one after the other
     * @param b column panels, their depth padded to whole blocks
     * @param from a multiple of {@link #BLOCK}
     * @param to {@code n}, or a multiple of {@link #BLOCK}
     * @param bias {@code n} values, or null for none
     * @param plus start from {@code c} instead of from the bias
     * @param residual added; rows of n, or null for none; it may be c
     * @param relu clamp the finished sums
     * @param work {@link #workFloats} floats
     */
    public static void run(int rows, int depth, float[] x, int xOffset, float[] b, int bOffset, int from, int to, int n,
                           float[] bias, int biasOffset, boolean plus, float[] residual, int residualOffset, boolean relu,
                           float[] c, int cOffset, int cStride, float[] work, int workOffset) {
        if (packs(rows, depth, n)) {
            packed(rows, depth, x, xOffset, b, bOffset, from, to, n, bias, biasOffset, plus, residual, residualOffset, relu,
                    c, cOffset, cStride, work, workOffset);
            return;
        }
        int panelDepth = Panels.blocks(depth) * Panels.DEPTH;
        for (int column = from, width; column < to; column += width) { // loop 3
            width = width(rows, to - column);
            int columns = Math.min(width, to - column);
            int bAt = bOffset + column * panelDepth;
            int cAt = cOffset + column;
            float[] start = bias == null ? NO_BIAS : bias;
            int startAt = bias == null ? 0 : biasOffset + column;
            if (columns == width && residual == null) {
                block(rows, depth, x, xOffset, b, bAt, width, panelDepth,
                        plus ? c : start, plus ? cAt : startAt, plus ? cStride : 0, relu, c, cAt, cStride);
                continue;
            }
            initial(rows, columns, width, plus ? c : start, plus ? cAt : startAt, plus ? cStride : 0,
                    residual, residualOffset + column, n, work, workOffset);
            block(rows, depth, x, xOffset, b, bAt, width, panelDepth, work, workOffset, BLOCK, relu, work, workOffset, BLOCK);
            Tiles.copy(rows, columns, work, workOffset, BLOCK, c, cAt, cStride);
        }
    }

    /** What the sums of some columns start from: {@code start}, rows {@code startStride} apart, and the residual; then zeros. */
    private static void initial(int rows, int columns, int width, float[] start, int startAt, int startStride,
                                float[] residual, int residualAt, int residualStride, float[] work, int workOffset) {
        for (int j = 0; j < rows; j++) {
            int tile = workOffset + j * BLOCK;
            System.arraycopy(start, startAt + j * startStride, work, tile, columns);
            for (int i = columns; i < width; i++) {
                work[tile + i] = 0;
            }
            for (int i = 0; residual != null && i < columns; i++) {
                work[tile + i] += residual[residualAt + j * residualStride + i];
            }
        }
    }

    /** As {@link #run}, slice after slice of the rows, which is packed, against all columns; the sums go on in {@code c}. */
    private static void packed(int rows, int depth, float[] x, int xOffset, float[] b, int bOffset, int from, int to, int n,
                               float[] bias, int biasOffset, boolean plus, float[] residual, int residualOffset, boolean relu,
                               float[] c, int cOffset, int cStride, float[] work, int workOffset) {
        int panelDepth = Panels.blocks(depth) * Panels.DEPTH;
        int pack = workOffset + rows * BLOCK;
        for (int d = 0; d < depth; d += DenseTile2.SLICE) {
            int slice = Math.min(DenseTile2.SLICE, depth - d);
            for (int j = 0; j < Simd.roundUp(rows, PACKED_ROWS); j++) {
                System.arraycopy(x, xOffset + Math.min(j, rows - 1) * depth + d, work, pack + j * DenseTile2.ROW, slice);
            }
            boolean first = d == 0;
            boolean goesOn = plus || !first;
            boolean clamps = relu && d + slice == depth;
            for (int column = from, width; column < to; column += width) {
                width = width(remainder(rows), to - column);
                int columns = Math.min(width, to - column);
                int bAt = bOffset + column * panelDepth + d * Math.min(width, Panels.WIDTH);
                int cAt = cOffset + column;
                float[] start = goesOn ? c : bias == null ? NO_BIAS : bias;
                int startAt = goesOn ? cAt : bias == null ? 0 : biasOffset + column;
                int startStride = goesOn ? cStride : 0;
                boolean whole = columns == width;
                if (!whole || first && residual != null) {
                    initial(rows, columns, width, start, startAt, startStride, first ? residual : null, residualOffset + column, n,
                            work, workOffset);
                    start = work;
                    startAt = workOffset;
                    startStride = BLOCK;
                }
                tiles(rows, slice, work, pack, b, bAt, width, panelDepth * Panels.WIDTH, start, startAt, startStride, clamps,
                        whole ? c : work, whole ? cAt : workOffset, whole ? cStride : BLOCK);
                if (!whole) {
                    Tiles.copy(rows, columns, work, workOffset, BLOCK, c, cAt, cStride);
                }
            }
        }
    }

    /** Rows behind the last tile of {@link #PACKED_ROWS} if they are so few that two panels at once are faster, or PACKED_ROWS if not. */
    private static int remainder(int rows) {
        int left = rows % PACKED_ROWS;
        return left > 0 && left <= FEW_ROWS ? left : PACKED_ROWS;
    }

    /** Tiles of packed rows: the high ones panel by panel, then the rows that are left on both panels, which L2 holds by then. */
    private static void tiles(int rows, int depth, float[] x, int xAt, float[] b, int bAt, int width, int panel,
                              float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        int high = width < Panels.WIDTH ? 0 : width == BLOCK ? rows - remainder(rows) : rows;
        for (int column = 0; column < width; column += Panels.WIDTH) {
            highTiles(high, depth, x, xAt, b, bAt + column / Panels.WIDTH * panel, init, initAt + column, initStride, relu,
                    c, cAt + column, cStride);
        }
        for (int row = high; row < rows; row += TILE_ROWS) {
            tile(width, Math.min(TILE_ROWS, rows - row), x, xAt + row * DenseTile2.ROW, DenseTile2.ROW, 0, depth, b, bAt, panel,
                    init, initAt + row * initStride, initStride, relu, c, cAt + row * cStride, cStride);
        }
    }

    /** Tiles of one panel. */
    private static void highTiles(int rows, int depth, float[] x, int xAt, float[] b, int bAt,
                                  float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        for (int row = 0, height; row < rows; row += height) {
            int left = rows - row;
            int xRow = xAt + row * DenseTile2.ROW;
            int initRow = initAt + row * initStride;
            int cRow = cAt + row * cStride;
            if (left > TILE_ROWS / 2) { // 8 rows in place are no faster than 12 of these
                height = Math.min(PACKED_ROWS, left);
                DenseTile2.rows12(height, x, xRow, depth, b, bAt, init, initRow, initStride, relu, c, cRow, cStride);
            } else {
                height = left;
                DenseTile2.run(height, x, xRow, DenseTile2.ROW, 0, depth, b, bAt, init, initRow, initStride, relu,
                        c, cRow, cStride);
            }
        }
    }

    /** Columns of the next block: two panels for few rows, one, or a panel of one vector. */
    private static int width(int rows, int left) {
        int padded = Panels.paddedColumns(left);
        return padded >= BLOCK && rows <= FEW_ROWS && MANY_REGISTERS ? BLOCK : Math.min(padded, Panels.WIDTH);
    }

    /** Loops 2 and 1. */
    private static void block(int rows, int depth, float[] x, int xOffset, float[] b, int bAt, int width, int panelDepth,
                              float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        int slice = rows <= TILE_ROWS ? depth : SLICE;
        int panel = panelDepth * Panels.WIDTH;
        for (int from = 0; from < depth; from += slice) { // loop 2
            int to = Math.min(depth, from + slice);
            boolean first = from == 0;
            for (int row = 0; row < rows; row += TILE_ROWS) { // loop 1
                tile(width, Math.min(TILE_ROWS, rows - row), x, xOffset + row * depth, depth, from, to, b, bAt, panel,
                        first ? init : c, first ? initAt + row * initStride : cAt + row * cStride, first ? initStride : cStride,
                        relu && to == depth, c, cAt + row * cStride, cStride);
            }
        }
    }

    private static void tile(int width, int rows, float[] x, int xAt, int xStride, int from, int to, float[] b, int bAt, int panel,
                             float[] init, int initAt, int initStride, boolean relu, float[] c, int cAt, int cStride) {
        if (width == BLOCK) {
            DenseTile4.run(rows, x, xAt, xStride, from, to, b, bAt, panel, init, initAt, initStride, relu, c, cAt, cStride);
        } else if (width == Panels.WIDTH) {
            DenseTile2.run(rows, x, xAt, xStride, from, to, b, bAt, init, initAt, initStride, relu, c, cAt, cStride);
        } else {
            DenseTile1.run(rows, x, xAt, xStride, from, to, b, bAt, init, initAt, initStride, relu, c, cAt, cStride);
        }
    }
}
