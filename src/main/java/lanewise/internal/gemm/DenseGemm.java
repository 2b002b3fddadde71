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
 */
public final class DenseGemm {

    /** The most rows: packing 14, which then share each load, is faster than two tiles of unpacked ones. */
    public static final int MOST_ROWS = 12;

    /** Columns of a block. */
    public static final int BLOCK = 2 * Panels.WIDTH;

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    /** Rows of a tile of one panel, at most. */
    private static final int TILE_ROWS = MANY_REGISTERS ? 8 : 4;

    /** Depth of a slice: half of L1. */
    private static final int SLICE = 128;

    private static final float[] NO_BIAS = new float[BLOCK];

    private DenseGemm() {}

    /** Floats of scratch that {@link #run} needs. */
    public static int workFloats(int rows) {
        return rows * BLOCK;
    }

    /**
     * Computes columns {@code from} to {@code to} of c.
     *
     * @param rows 1 to {@link #MOST_ROWS}, of {@code depth} floats one after the other
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
            for (int j = 0; j < rows; j++) {
                int tile = workOffset + j * BLOCK;
                System.arraycopy(plus ? c : start, plus ? cAt + j * cStride : startAt, work, tile, columns);
                for (int i = columns; i < width; i++) {
                    work[tile + i] = 0;
                }
                for (int i = 0; residual != null && i < columns; i++) {
                    work[tile + i] += residual[residualOffset + j * n + column + i];
                }
            }
            block(rows, depth, x, xOffset, b, bAt, width, panelDepth, work, workOffset, BLOCK, relu, work, workOffset, BLOCK);
            Tiles.copy(rows, columns, work, workOffset, BLOCK, c, cAt, cStride);
        }
    }

    /** Columns of the next block: two panels, one, or a panel of one vector. */
    private static int width(int rows, int left) {
        int padded = Panels.paddedColumns(left);
        return padded >= BLOCK && rows <= 4 && MANY_REGISTERS ? BLOCK : Math.min(padded, Panels.WIDTH);
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
