package lanewise.internal.gemm;

/**
 * The left operand of a product, known only by how its rows are gathered: a matrix, or the patches of an image that im2col would
 * write out. So im2col is a way of packing, never a matrix in memory.
 */
public interface RowSource {

    /**
     * Copies some depth blocks of some rows:
     *
     * <pre>to[toOffset + (block - fromBlock) blockStride + 16 i + e] = row (row + i), depth 16 block + e</pre>
     *
     * <p>with zeros past the depth. {@code blockStride} is {@link Panels#BLOCK} for row panels; with the number of pixels it makes
     * the column form of {@link ColumnTile2}.
     *
     * @param a what the rows are gathered from
     * @param aOffset where it begins
     * @param aStride distance of two rows of a matrix; an image knows its own
     * @param spare room for one row of {@code (toBlock - fromBlock) * 16} floats in {@code to}, for sources whose runs do not
     *     begin on a grain
     */
    void pack(float[] a, int aOffset, int aStride, int row, int rows, int fromBlock, int toBlock,
              float[] to, int toOffset, int blockStride, int spare);
}
