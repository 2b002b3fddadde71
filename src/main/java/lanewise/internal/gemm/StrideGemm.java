package lanewise.internal.gemm;

import java.util.Arrays;
import lanewise.internal.simd.Simd;

/**
 * The product {@code c[m][n] = start + a[m][d] b[d][n]} of rows that are read where they lie, the rows of a matrix, with
 * {@link WidePanels} of b. The same sums in the same order as for packed rows, so the same bits.
 *
 * <p>Three forms: {@link #wide} and {@link #thin} for wide panels, and {@link #narrow} for columns that are not in these.
 */
final class StrideGemm {

    /** Depths of a slice of the wide form: a panel of b is 32 KB at 512 bits, two thirds of a first cache. */
    private static final int SLICE = 8 * Panels.DEPTH;

    /** Rows of a block at least, if there are so many: with their slice of a, about 50 KB, they pass over one panel. */
    static final int ROWS = 7 * Panels.ROWS;

    /** Depths up to which rows are read in the narrow form, whatever the number of columns. */
    private static final int THIN = 2 * Panels.DEPTH;

    /** Columns up to which they are at larger depths, too: if these are whole panels, or at 512 bits in any case (NOTES 119). */
    private static final int NARROW = 2 * Panels.WIDTH;

    /** Neither a bias nor a start: {@code x + -0 = x} for each x, the zeros of both signs too. */
    static final float[] NOTHING = new float[ThinTile.WIDEST];

    static {
        Arrays.fill(NOTHING, -0f);
    }

    private StrideGemm() {}

    /**
     * Whether the narrow form pays: where packing does not, as the depth or the columns are few, and the filter needs no fetching. Rows
     * a multiple of 1 KB apart meet in a quarter of the sets of the first cache, too few for 14 of them (NOTES 73).
     */
    static boolean isNarrow(int aStride, int depth, int n) {
        boolean few = n <= NARROW && (Simd.LANES == 16 || Panels.paddedColumns(n) % Panels.WIDTH == 0);
        return StrideTile.FITS && (depth <= THIN || few && aStride % 256 != 0) && !RowGemm.fetches(depth * n)
                && depth <= RowGemm.SLICE_FLOATS;
    }

    /**
     * All {@code rows} against {@code n} columns, slice by slice of the depth; the sums go on in {@code c}.
     *
     * @param next rows behind these that are fetched meanwhile, a piece before each tile
     * @param panelDepth depths of a panel of b, with those that pad it
     * @param n columns in wide panels
     * @param bias where each sum starts, or null
     * @param added what else it starts from, possibly {@code c} itself, or null
     * @param ceiling as in {@link RowGemm#run}
     */
    static void wide(float[] a, int aOffset, int aStride, int rows, int next, int depth, float[] b, int bOffset, int panelDepth, int n,
                     float[] bias, int biasOffset, float[] added, int addedOffset, int addedStride, float ceiling,
                     float[] c, int cOffset, int cStride) {
        int stream = ReadAhead.stream(next * aStride);
        int tiles = Math.ceilDiv(rows, StrideTile4.ROWS);
        int pieces = ReadAhead.pieces(stream, tiles * Math.max(1, Math.ceilDiv(depth, SLICE)) * (n / WidePanels.WIDTH));
        int piece = 0;
        for (int from = 0; from == 0 || from < depth; from += SLICE) {
            int slice = Math.min(SLICE, depth - from);
            boolean first = from == 0;
            float[] start = first ? added : c;
            float[] initial = first ? bias : null;
            for (int column = 0; column < n; column += WidePanels.WIDTH, piece += tiles * pieces) {
                column(aOffset + rows * aStride, next * aStride, stream, piece, pieces, a, aOffset + from, aStride, rows, slice,
                        b, bOffset + column * panelDepth + from * WidePanels.WIDTH,
                        initial == null ? NOTHING : initial, initial == null ? 0 : biasOffset + column,
                        start == null ? NOTHING : start, start == null ? 0 : (first ? addedOffset : cOffset) + column,
                        start == null ? 0 : first ? addedStride : cStride,
                        from + slice == depth ? ceiling : 0, c, cOffset + column, cStride);
            }
        }
    }

    /** All rows against one panel; before each tile, {@code pieces} of the {@code ahead} floats at {@code next} are fetched. */
    private static void column(int next, int ahead, int stream, int piece, int pieces,
                               float[] a, int aOffset, int aStride, int rows, int depth, float[] b, int bOffset,
                               float[] bias, int biasOffset, float[] start, int startOffset, int startStride, float ceiling,
                               float[] c, int cOffset, int cStride) {
        boolean relu = ceiling == Float.POSITIVE_INFINITY;
        int height;
        for (int i = 0; i < rows; i += height, piece += pieces) {
            ReadAhead.fetch(a, next, ahead, stream, piece, pieces);
            height = StrideTile4.next(rows - i);
            StrideTile4.run(height, a, aOffset + i * aStride, aStride, depth, b, bOffset,
                    start, startOffset + i * startStride, startStride, bias, biasOffset, relu, c, cOffset + i * cStride, cStride);
            if (ceiling > 0 && !relu) { // within the tile it is too much for C2, which then inlines no more
                Tiles.clamp(height, WidePanels.WIDTH, ceiling, c, cOffset + i * cStride, cStride);
            }
        }
    }

    /** All {@code rows} against {@code n} columns in thin panels, at one go: the depth is at most two blocks, a whole filter fits L1. */
    static void thin(float[] a, int aOffset, int aStride, int rows, int depth, float[] b, int bOffset, int panelDepth, int n,
                     float[] bias, int biasOffset, float[] added, int addedOffset, int addedStride, float ceiling,
                     float[] c, int cOffset, int cStride) {
        float floor = ceiling > 0 ? 0 : Float.NEGATIVE_INFINITY;
        float most = ceiling > 0 ? ceiling : Float.POSITIVE_INFINITY;
        int from = 0;
        for (int to = 0; from < n; from = to) {
            int width = WidePanels.thinWidth(n - from);
            to = width == ThinTile.WIDEST ? from + width : n;
            int height;
            for (int i = 0; i < rows; i += height) {
                boolean whole = rows - i >= ThinTile.rows(width);
                height = whole ? ThinTile.rows(width) : 1;
                for (int column = from; column < to; column += width) {
                    ThinTile.run(width, a, aOffset + i * aStride, whole ? aStride : 0, depth, b, bOffset + column * panelDepth,
                            added != null, added == null ? NOTHING : added, addedOffset + i * addedStride + column,
                            whole ? addedStride : 0, bias == null ? NOTHING : bias, bias == null ? 0 : biasOffset + column,
                            floor, most, c, cOffset + i * cStride + column, whole ? cStride : 0);
                }
            }
        }
    }

    /** All rows, whole panels of them, one panel after the other against all columns; the first {@code spilling} may spill. */
    static void narrow(float[] a, int aOffset, int aStride, int rows, int depth, float[] b, int bOffset, int panelDepth, int n,
                       float[] bias, int biasOffset, float[] added, int addedOffset, int addedStride, float ceiling,
                       int spilling, float[] c, int cOffset, int cStride, float[] work, int tile) {
        int panels = Math.ceilDiv(n, Panels.WIDTH);
        for (int i = 0; i < rows; i += Panels.ROWS) {
            for (int j = 0; j < panels; j++) {
                int column = RowGemm.panel(j, panels, spilling) * Panels.WIDTH;
                int columns = Math.min(Panels.WIDTH, n - column);
                int width = i + Panels.ROWS <= spilling ? Panels.paddedColumns(columns) : columns;
                RowGemm.tile(Panels.ROWS, width, a, aOffset + i * aStride, null, aStride, depth,
                        b, bOffset + column * panelDepth, 0, 0, 0, bias, biasOffset + column,
                        added, addedOffset + i * addedStride + column, addedStride, ceiling,
                        c, cOffset + i * cStride + column, cStride, work, tile);
            }
        }
    }
}
