package lanewise.kernel;

import lanewise.internal.gemm.MatrixProduct;

/** The arguments of the {@link Gemm} call that runs in a {@link Workspace}: kept there, so that no call allocates. */
final class GemmCall implements Threads.Task {

    private MatrixProduct product;
    private float alpha;
    private float[] a;
    private int aOffset;
    private int lda;
    private float[] b;
    private int bOffset;
    private int ldb;
    private float beta;
    private float[] c;
    private int cOffset;
    private int ldc;
    private Workspace workspace;
    private int tasks;

    void set(MatrixProduct product, float alpha, float[] a, int aOffset, int lda, float[] b, int bOffset, int ldb,
             float beta, float[] c, int cOffset, int ldc, Workspace workspace) {
        this.product = product;
        this.alpha = alpha;
        this.a = a;
        this.aOffset = aOffset;
        this.lda = lda;
        this.b = b;
        this.bOffset = bOffset;
        this.ldb = ldb;
        this.beta = beta;
        this.c = c;
        this.cOffset = cOffset;
        this.ldc = ldc;
        this.workspace = workspace;
        this.tasks = product.tasks(workspace.threads().count());
    }

    /** Lets go of the caller's arrays. */
    void clear() {
        product = null;
        a = null;
        b = null;
        c = null;
        workspace = null;
    }

    @Override
    public void run(int task, int worker) {
        product.run(task, tasks, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc,
                workspace.floats(), workspace.section(worker));
    }
}
