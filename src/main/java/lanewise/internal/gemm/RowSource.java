package lanewise.internal.gemm;

/**
 * The left operand of a product, known only by how its rows are gathered: a matrix, or the patches of an image that im2col would
 * write out. So im2col is a way of packing, never a matrix in memory.
 */
public interface RowSource {

    /**
     * Copies some depth blocks of some rows:
     *
     * <pre>to[toOffset + d / run runStride + i rowStride + d % run] = row (row + i), depth 16 fromBlock + d</pre>
     *
     * <p>with zeros past the depth. {@code run} is a power of two. With the constants of {@link Panels} this is a row panel.
     *
     * @param a what the rows are gathered from
     * @param aOffset where it begins
     * @param aStride distance of two rows of a matrix; an image knows its own
     * @param spare room for one row of {@code (toBlock - fromBlock) * 16} floats in {@code to}, for sources whose runs do not
     *     begin on a grain
     */
    void pack(float[] a, int aOffset, int aStride, int row, int rows, int fromBlock, int toBlock,
              float[] to, int toOffset, int run, int rowStride, int runStride, int spare);

    /** Whether each row lies in one piece, {@code aStride} from the next, so that it may be read there. */
    default boolean isMatrix() {
        return false;
    }

    /** How many of {@code n} columns of b lie in {@link WidePanels}; only a matrix is multiplied with these. */
    default int wideColumns(int n) {
        return 0;
    }

    /** Whether these are thin ones. */
    default boolean isThin() {
        return false;
    }

    /**
     * How many rows from {@code end} on are fetched while those before are multiplied, at most {@code rows}: none, unless all of a is read
     * from memory, by one worker, where it lies.
     */
    default int next(int end, int rows) {
        return 0;
    }

    /** Whether c is so large that it comes from memory, and its lines are fetched before each tile. */
    default boolean isFar() {
        return false;
    }

    /**
     * Copies some rows, each of which is one depth of the product, into some of their outer panels ({@link OuterGemm}); what lies
     * past the end of a row is left as it is.
     *
     * @param aStride as above
     */
    void packOuter(float[] a, int aOffset, int aStride, int row, int rows, int fromPanel, int toPanel,
                   float[] to, int toOffset, int panelStride);
}
