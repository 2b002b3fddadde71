package lanewise.internal.gemm;

/**
 * The product {@code c[m][n] (+)= sum over d of a[d][m] b[d][n]} of two operands whose depth runs over rows, as {@link OuterGemm}, for
 * an {@code a} in blocks of 16 channels: the strips and the transformed tiles of weight gradients.
 *
 * <p>The caller's loops cut the depth into chunks that fit the caches, always at the same places.
 */
public final class ColumnGemm {

    /** Floats of the scratch tile through which ragged edges go. */
    public static final int TILE_FLOATS = Panels.DEPTH * Panels.WIDTH;

    private ColumnGemm() {}

    /**
     * One 16-row block of {@code c} against one column panel.
     *
     * @param rows rows of {@code c} to write, 1 to 16
     * @param columns columns of {@code c} to write, 1 to {@link Panels#WIDTH}
     * @param zeros {@link Panels#WIDTH} zeros in {@code work} at this offset
     * @param first start from zero instead of from {@code c}
     * @param tile {@link #TILE_FLOATS} floats in {@code work} at this offset
     */
    public static void tile(int rows, int columns, float[] a, int aOffset, int aStride, int segments, int length,
                            float[] b, int bOffset, boolean first, float[] c, int cOffset, int cStride,
                            float[] work, int zeros, int tile) {
        int width = Panels.paddedColumns(columns);
        if (columns == width && rows == Panels.DEPTH) {
            ColumnTile.run(width, rows, a, aOffset, aStride, segments, length, b, bOffset,
                    first ? work : c, first ? zeros : cOffset, first ? 0 : cStride, c, cOffset, cStride);
            return;
        }
        if (!first) {
            Tiles.copy(rows, columns, c, cOffset, cStride, work, tile, width);
        }
        ColumnTile.run(width, rows, a, aOffset, aStride, segments, length, b, bOffset,
                work, first ? zeros : tile, first ? 0 : width, work, tile, width);
        Tiles.copy(rows, columns, work, tile, width, c, cOffset, cStride);
    }
}
