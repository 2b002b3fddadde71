package lanewise.internal.gemm;

/** The rows of a plain matrix, {@code depth} floats each. */
public record MatrixRows(int depth) implements RowSource {

    @Override
    public void pack(float[] a, int aOffset, int aStride, int row, int rows, int fromBlock, int toBlock,
                     float[] to, int toOffset, int blockStride, int spare) {
        pack(depth, a, aOffset, aStride, row, rows, fromBlock, toBlock, to, toOffset, blockStride);
    }

    /** The same for a depth that is no constant of a plan. */
    static void pack(int depth, float[] a, int aOffset, int aStride, int row, int rows, int fromBlock, int toBlock,
                     float[] to, int toOffset, int blockStride) {
        int wholeBlocks = Math.min(toBlock, depth / Panels.DEPTH);
        for (int i = 0; i < rows; i++) {
            int from = aOffset + (row + i) * aStride + fromBlock * Panels.DEPTH;
            int at = toOffset + i * Panels.DEPTH;
            for (int block = fromBlock; block < wholeBlocks; block++) {
                Panels.copyGrain(a, from, to, at);
                from += Panels.DEPTH;
                at += blockStride;
            }
            if (wholeBlocks < toBlock) {
                Panels.copyPart(a, from, depth - wholeBlocks * Panels.DEPTH, to, at);
            }
        }
    }
}
