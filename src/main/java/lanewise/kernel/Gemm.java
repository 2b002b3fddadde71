package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.gemm.MatrixProduct;

/**
 * General matrix product of fixed sizes,
 *
 * <pre>C = alpha op(A) op(B) + beta C,   op(A): m x k,  op(B): k x n,  C: m x n</pre>
 *
 * <p>Matrices are row-major in {@code float[]}s, rows {@code lda}, {@code ldb}, {@code ldc} floats apart; {@code op} is the identity
 * or the transposition. A and B are not modified and may overlap each other, not C. With {@code beta = 0} the old C is never read
 * and may be NaN; with {@code alpha = 0} neither are A and B. A zero in A does not stop a NaN in B.
 *
 * <p>Immutable; one instance serves any number of threads, each with its own {@link Workspace}. A call allocates nothing, and its
 * bits do not depend on the number of threads.
 *
 * <p><i>Source:</i> K. Goto and R. van de Geijn, Anatomy of High-Performance Matrix Multiplication, ACM TOMS 34(3), 2008.
 */
public final class Gemm {

    private final int m;
    private final int n;
    private final int k;
    private final boolean transposeA;
    private final boolean transposeB;
    private final MatrixProduct product;

    private Gemm(int m, int n, int k, boolean transposeA, boolean transposeB) {
        this.m = Checks.atLeast(m, 0, "m");
        this.n = Checks.atLeast(n, 0, "n");
        this.k = Checks.atLeast(k, 0, "k");
        this.transposeA = transposeA;
        this.transposeB = transposeB;
        Checks.product("A", m, k);
        Checks.product("B", k, n);
        Checks.product("C", m, n);
        product = new MatrixProduct(m, n, k, transposeA, transposeB);
    }

    /**
     * A product {@code A B} of plain matrices; sizes of 0 are allowed.
     *
     * @throws IllegalArgumentException if a size is negative or a matrix would not fit an array
     */
    public static Gemm of(int m, int n, int k) {
        return of(m, n, k, false, false);
    }

    /**
     * A product {@code op(A) op(B)}.
     *
     * @param m rows of op(A) and C
     * @param n columns of op(B) and C
     * @param k columns of op(A), rows of op(B)
     * @param transposeA whether A is stored as {@code k x m}
     * @param transposeB whether B is stored as {@code n x k}
     * @throws IllegalArgumentException if a size is negative or a matrix would not fit an array
     */
    public static Gemm of(int m, int n, int k, boolean transposeA, boolean transposeB) {
        VectorModule.require();
        return new Gemm(m, n, k, transposeA, transposeB);
    }

    /** Floats a {@link Workspace} needs for each worker. */
    public int workspaceFloats() {
        return product.workFloats();
    }

    /** A workspace of the right size for one thread. */
    public Workspace newWorkspace() {
        return newWorkspace(Threads.one());
    }

    /** A workspace of the right size for {@code threads}. */
    public Workspace newWorkspace(Threads threads) {
        return Workspace.aligned(workspaceFloats(), threads);
    }

    /** {@code c = op(a) op(b)} on dense matrices that begin at 0. */
    public void multiply(float[] a, float[] b, float[] c, Workspace workspace) {
        multiply(1, a, 0, Math.max(1, transposeA ? m : k), b, 0, Math.max(1, transposeB ? k : n), 0, c, 0, Math.max(1, n), workspace);
    }

    /**
     * {@code C = alpha op(A) op(B) + beta C} on any part of larger matrices.
     *
     * @param alpha factor of the product
     * @param a A, not modified
     * @param aOffset index of its first element
     * @param lda distance of its rows in floats, at least their length
     * @param b B, not modified
     * @param bOffset index of its first element
     * @param ldb distance of its rows in floats
     * @param beta factor of the old C; 0 overwrites it, 1 adds
     * @param c C, overwritten or added to; what lies between its rows is left alone
     * @param cOffset index of its first element
     * @param ldc distance of its rows in floats
     * @param workspace scratch, at least {@link #workspaceFloats()} for each worker
     * @throws IllegalArgumentException if a row distance is shorter than a row, C overlaps an operand, or the workspace is too small
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if the workspace is in use
     */
    public void multiply(float alpha, float[] a, int aOffset, int lda, float[] b, int bOffset, int ldb,
                         float beta, float[] c, int cOffset, int ldc, Workspace workspace) {
        long aSpan = span("a", "lda", a, aOffset, lda, transposeA ? k : m, transposeA ? m : k);
        long bSpan = span("b", "ldb", b, bOffset, ldb, transposeB ? n : k, transposeB ? k : n);
        long cSpan = span("c", "ldc", c, cOffset, ldc, m, n);
        Checks.disjoint(a, aOffset, aSpan, "a", c, cOffset, cSpan, "c");
        Checks.disjoint(b, bOffset, bSpan, "b", c, cOffset, cSpan, "c");
        Checks.notNull(workspace, "workspace").acquire(workspaceFloats());
        try {
            GemmCall call = workspace.gemmCall;
            call.set(product, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc, workspace);
            workspace.threads().run(product.tasks(workspace.threads().count()), call);
            call.clear();
        } finally {
            workspace.release();
        }
    }

    /** Checks one matrix and returns the floats from its first element to its last. */
    private static long span(String name, String strideName, float[] array, int offset, int stride, int rows, int columns) {
        Checks.atLeast(stride, Math.max(1, columns), strideName);
        long span = rows == 0 || columns == 0 ? 0 : (rows - 1L) * stride + columns;
        Checks.range(array, offset, span, name);
        return span;
    }

    /** For instance {@code gemm m64 n3136 k576 (A transposed)}. */
    @Override
    public String toString() {
        return "gemm m" + m + " n" + n + " k" + k + (transposeA ? " (A transposed)" : "") + (transposeB ? " (B transposed)" : "");
    }
}
