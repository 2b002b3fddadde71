package lanewise.internal.gemm;

import lanewise.internal.simd.Simd;

/**
 * The outer loops of a plain matrix product, for operands that are packed on the way.
 *
 * <pre>
 * loop 6  blocks of columns      the packed part of b stays in L3
 * loop 5  slices of the depth    b is packed here
 * loop 4  blocks of rows         a is packed here, its block stays in L2
 * </pre>
 *
 * <p>and below them those of {@link RowGemm}, or of {@link OuterGemm} if A is transposed. A task is a range of columns, or of rows
 * if there are more of those; it packs what it needs for itself.
 */
public final class MatrixProduct {

    /** Columns of a block: 1024 x 512 floats are 2 MB. */
    private static final int BLOCK_N = 512;

    /** Depth of a slice when A is transposed: one 32-column panel of it is 32 KB. */
    private static final int SLICE = 256;

    /** Rows of a block when A is transposed: 252 x 256 floats are 252 KB. */
    private static final int BLOCK_M_TRANSPOSED = 18 * OuterGemm.HEIGHT;

    private final int m;
    private final int n;
    private final int k;
    private final boolean transposeA;
    private final boolean transposeB;
    private final RowSource rows;

    /** Sizes and forms as in the public class, checked there. */
    public MatrixProduct(int m, int n, int k, boolean transposeA, boolean transposeB) {
        this.m = m;
        this.n = n;
        this.k = k;
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        rows = new MatrixRows(transposeA ? m : k, !transposeA && WidePanels.columns(slice(), Math.min(n, BLOCK_N)) > 0);
    }

    private int slice() {
        return transposeA ? Math.min(SLICE, Math.max(1, k)) : RowGemm.slice(Panels.blocks(k)) * Panels.DEPTH;
    }

    private int blockRows() {
        return RowGemm.matrixRows(Panels.blocks(k), Math.min(n, BLOCK_N));
    }

    private int packedB() {
        return Simd.roundUp(slice(), Panels.DEPTH) * Panels.paddedColumns(Math.min(n, BLOCK_N));
    }

    /** Every sum starts from a row of these. */
    private int zeros() {
        return Simd.roundUp(Math.min(n, BLOCK_N), Panels.WIDTH);
    }

    /** Floats of scratch for one worker. */
    public int workFloats() {
        int block = transposeA
                ? OuterGemm.panels(Math.min(m, BLOCK_M_TRANSPOSED)) * OuterGemm.panelStride(slice()) + OuterGemm.TILE_FLOATS
                : RowGemm.matrixWorkFloats(Math.min(m, blockRows()), Panels.blocks(k), Math.min(n, BLOCK_N));
        return zeros() + Panels.DEPTH + packedB() + block;
    }

    /** Into how many parts the product is cut for {@code workers}. */
    public int tasks(int workers) {
        int parts = Math.max(m / Panels.ROWS, n / Panels.WIDTH);
        return workers == 1 ? 1 : Math.max(1, Math.min(parts, 2 * workers));
    }

    /** Runs one part; {@code work} has {@link #workFloats()} from {@code workOffset}. */
    public void run(int task, int tasks, float alpha, float[] a, int aOffset, int lda, float[] b, int bOffset, int ldb,
                    float beta, float[] c, int cOffset, int ldc, float[] work, int workOffset) {
        boolean byColumns = n / Panels.WIDTH >= m / Panels.ROWS;
        int rowStep = transposeA ? OuterGemm.HEIGHT : Panels.ROWS;
        int firstColumn = byColumns ? part(task, tasks, n, Panels.WIDTH) : 0;
        int endColumn = byColumns ? part(task + 1, tasks, n, Panels.WIDTH) : n;
        int firstRow = byColumns ? 0 : part(task, tasks, m, rowStep);
        int endRow = byColumns ? m : part(task + 1, tasks, m, rowStep);
        boolean nothingToAdd = k == 0 || alpha == 0;
        if (beta != 1 && (beta != 0 || nothingToAdd)) {
            scale(beta, c, cOffset, ldc, firstRow, endRow, firstColumn, endColumn);
        }
        if (nothingToAdd) {
            return;
        }
        java.util.Arrays.fill(work, workOffset, workOffset + zeros(), 0);
        int packedB = Simd.lineFrom(workOffset + zeros());
        int block = packedB + packedB();
        for (int column = firstColumn; column < endColumn; column += BLOCK_N) { // loop 6
            int columns = Math.min(BLOCK_N, endColumn - column);
            for (int from = 0; from < k; from += slice()) { // loop 5
                int depth = Math.min(slice(), k - from);
                int panelDepth = Simd.roundUp(depth, Panels.DEPTH);
                packB(b, transposeB ? bOffset + column * ldb + from : bOffset + from * ldb + column, ldb, depth, columns, alpha,
                        work, packedB, panelDepth);
                boolean plus = beta != 0 || from > 0;
                int step = transposeA ? BLOCK_M_TRANSPOSED : blockRows();
                for (int row = firstRow; row < endRow; row += step) { // loop 4
                    int count = Math.min(step, endRow - row);
                    if (transposeA) {
                        transposed(a, aOffset, lda, row, count, from, depth, work, packedB, columns, !plus,
                                c, cOffset + row * ldc + column, ldc, workOffset, block);
                    } else {
                        RowGemm.run(rows, a, aOffset, lda, row, count, from / Panels.DEPTH, depth,
                                work, packedB, columns, work, workOffset, plus, c, cOffset + row * ldc + column, ldc, work, block);
                    }
                }
            }
        }
    }

    /** Packs a block of B: wide panels for rows of A that are read in place. */
    private void packB(float[] b, int offset, int ldb, int depth, int columns, float alpha, float[] work, int at, int panelDepth) {
        if (transposeB) {
            WidePanels.packTransposed(rows.wideColumns(columns), rows.isThin(), b, offset, ldb, depth, columns, alpha,
                    work, at, panelDepth);
        } else {
            WidePanels.pack(rows.wideColumns(columns), rows.isThin(), b, offset, ldb, depth, columns, alpha, work, at, panelDepth);
        }
    }

    /** Loops 3 to 1 for a transposed A: all outer panels against each column panel, which stays in L1. */
    private void transposed(float[] a, int aOffset, int lda, int row, int count, int from, int depth, float[] work, int packedB,
                            int columns, boolean first, float[] c, int cOffset, int ldc, int zeros, int block) {
        int panelStride = OuterGemm.panelStride(depth);
        int panelDepth = OuterGemm.paddedDepth(depth);
        int panels = OuterGemm.panels(count);
        int firstPanel = row / OuterGemm.HEIGHT;
        rows.packOuter(a, aOffset, lda, from, depth, firstPanel, firstPanel + panels, work, block, panelStride);
        OuterGemm.pad(panels, depth, work, block, panelStride);
        int tile = block + panels * panelStride;
        for (int column = 0; column < columns; column += Panels.WIDTH) {
            for (int i = 0; i < count; i += OuterGemm.HEIGHT) {
                OuterGemm.tile(Math.min(OuterGemm.HEIGHT, count - i), Math.min(Panels.WIDTH, columns - column),
                        work, block + i / OuterGemm.HEIGHT * panelStride, panelDepth, work, packedB + column * panelDepth, first,
                        c, cOffset + i * ldc + column, ldc, work, zeros, tile);
            }
        }
    }

    /** The first of the indices, in whole steps, that part {@code task} of {@code tasks} covers. */
    private static int part(int task, int tasks, int size, int step) {
        long steps = (size + step - 1L) / step;
        return (int) Math.min(size, steps * task / tasks * step);
    }

    private static void scale(float beta, float[] c, int cOffset, int ldc,
                              int firstRow, int endRow, int firstColumn, int endColumn) {
        for (int i = firstRow; i < endRow; i++) {
            for (int j = firstColumn; j < endColumn; j++) {
                int at = cOffset + i * ldc + j;
                c[at] = beta == 0 ? 0 : beta * c[at];
            }
        }
    }
}
