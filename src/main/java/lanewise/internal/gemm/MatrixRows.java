package lanewise.internal.gemm;

import lanewise.internal.simd.Processor;

/**
 * The rows of a plain matrix, {@code depth} floats each.
 *
 * @param wide whether they are multiplied with {@link WidePanels}, thin ones at a little depth
 * @param isFar whether their product is too large for the caches
 * @param fetched how many rows there are, if they are themselves; else 0
 */
public record MatrixRows(int depth, boolean wide, boolean isFar, int fetched) implements RowSource {

    /** Floats of such a matrix: 32 MB. Up to there neither loads nor stores hold up what follows (NOTES 94). */
    private static final int FAR = 1 << 23;

    /** A product that stays in the caches. */
    public MatrixRows(int depth, boolean wide) {
        this(depth, wide, false, 0);
    }

    /** For a product with {@code columns} of b. */
    public static MatrixRows of(int depth, int columns) {
        return of(depth, columns, 0);
    }

    /** For a product of so many {@code rows} with {@code columns} of b. */
    public static MatrixRows of(int depth, int columns, int rows) {
        return new MatrixRows(depth, WidePanels.columns(depth, columns) > 0,
                ReadAhead.FETCHES && Processor.READS_AHEAD && (long) rows * columns >= FAR,
                ReadAhead.FETCHES && (long) rows * depth >= FAR ? rows : 0);
    }

    /** The same rows for several workers, who would fetch each other's. */
    public MatrixRows shared() {
        return new MatrixRows(depth, wide, isFar, 0);
    }

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
                if (wholeEnd - block == Panels.RUN / Panels.DEPTH) {
                    Panels.copyRun(a, from, to, at);
                } else {
                    for (int j = 0; j < (wholeEnd - block) * Panels.DEPTH; j += Panels.DEPTH) {
                        Panels.copyGrain(a, from + j, to, at + j);
                    }
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

    @Override
    public boolean isMatrix() {
        return true;
    }

    @Override
    public int wideColumns(int n) {
        return !wide ? 0 : isThin() ? WidePanels.thinColumns(n) : n / WidePanels.WIDTH * WidePanels.WIDTH;
    }

    @Override
    public int next(int end, int rows) {
        return Math.clamp(fetched - end, 0, rows);
    }

    @Override
    public boolean isThin() {
        return WidePanels.isThin(depth);
    }

    @Override
    public void packOuter(float[] a, int aOffset, int aStride, int row, int rows, int fromPanel, int toPanel,
                          float[] to, int toOffset, int panelStride) {
        int from = fromPanel * OuterGemm.HEIGHT;
        int count = Math.min(depth, toPanel * OuterGemm.HEIGHT) - from;
        for (int i = 0; i < rows; i++) {
            OuterGemm.copy(a, aOffset + (row + i) * aStride + from, 0, count, to, toOffset + i * OuterGemm.HEIGHT, panelStride);
        }
    }
}
