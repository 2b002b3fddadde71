package lanewise.internal.gemm;

/** The rows of a plain matrix, {@code depth} floats each. */
public record MatrixRows(int depth) implements RowSource {

    @Override
    public void pack(float[] a, int aOffset, int aStride, int row, int rows, int fromBlock, int toBlock,
                     float[] to, int toOffset, int run, int rowStride, int runStride, int spare) {
        int whole = depth / Panels.DEPTH;
        int runBlocks = run / Panels.DEPTH;
        for (int i = 0; i < rows; i++) {
            int from = aOffset + (row + i) * aStride + fromBlock * Panels.DEPTH;
            int at = toOffset + i * rowStride;
            for (int block = fromBlock; block < toBlock; block += runBlocks, at += runStride) {
                int end = Math.min(toBlock, block + runBlocks);
                int wholeEnd = Math.min(whole, end);
                for (int j = 0; j < (wholeEnd - block) * Panels.DEPTH; j += Panels.DEPTH) {
                    Panels.copyGrain(a, from + j, to, at + j);
                }
                if (wholeEnd < end) {
                    int left = depth - wholeEnd * Panels.DEPTH;
                    int last = (wholeEnd - block) * Panels.DEPTH;
                    Panels.copyPart(a, from + last, left, to, at + last);
                }
                from += run;
            }
        }
    }
}
