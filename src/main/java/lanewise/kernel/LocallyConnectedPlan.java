package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.local.Patches;
import lanewise.internal.simd.Simd;

/**
 * A convolution whose weights are not shared: every place (p, q) of the output has a filter and a bias of its own.
 *
 * <pre>
 * forward     y[n,p,q,k]       = bias[p,q,k] + sum over r,s,c of x[n, p u + r d - pad, q v + s e - pad, c] w[p,q,r,s,c,k]
 * gradInput   dx[n,h,w,c]    (+)= sum over p,q,r,s that see the pixel, and k, of dy[n,p,q,k] w[p,q,r,s,c,k]
 * gradWeight  dw[p,q,r,s,c,k] (+)= sum over n of x[n, p u + r d - pad, q v + s e - pad, c] dy[n,p,q,k]
 * gradBias    dbias[p,q,k]   (+)= sum over n of dy[n,p,q,k]
 * </pre>
 *
 * <p>with strides u, v and dilations d, e. Padding is zeros; over it a NaN or infinite weight may or may not make NaN, as in
 * {@link ConvPlan}. A weight is used once for each image, so at batch 1 every pass runs at the speed at which memory delivers the
 * weights, which are read as they lie and need no packing.
 *
 * <p>Shapes: {@code x: float[N*H*W*C]}, {@code w: float[P*Q*R*S*C*K]}, {@code y: float[N*P*Q*K]}, {@code bias: float[P*Q*K]}, their
 * gradients alike, from their offsets. Inputs are not modified. An output must not overlap another argument.
 *
 * <p>Immutable and thread-safe: one plan serves any number of threads, each with its own {@link Workspace}. A call allocates nothing,
 * and its bits do not depend on the number of threads.
 */
public final class LocallyConnectedPlan {

    /** Images of a chunk, at most: more would not make the weights cheaper. */
    private static final int MOST_IMAGES = 64;

    /** Floats of the gathered patches of a chunk, half of a 1 MB L2; patches that are longer come 4 at a time. */
    private static final int PATCH_FLOATS = 1 << 17;

    /** What a sum over the lanes of one vector costs, in multiply-adds of vectors. */
    private static final int DOT_OVERHEAD = 10;

    private final ConvShape shape;
    private final int weightLength;
    private final int patchLength;
    private final int chunk;
    private final boolean byDots;
    private final int workspaceFloats;
    final WindowAxis rows;
    final WindowAxis columns;
    final Patches patches;

    private LocallyConnectedPlan(ConvShape shape) {
        this.shape = shape;
        rows = new WindowAxis(shape.h(), shape.r(), shape.strideH(), shape.dilationH(), shape.padTop(), shape.padBottom(), shape.p());
        columns = new WindowAxis(shape.w(), shape.s(), shape.strideW(), shape.dilationW(), shape.padLeft(), shape.padRight(), shape.q());
        weightLength = Checks.product("w", shape.p(), shape.q(), shape.r(), shape.s(), shape.c(), shape.k());
        patchLength = shape.r() * shape.s() * shape.c();
        chunk = Math.min(Math.min(shape.n(), MOST_IMAGES), Math.max(4, PATCH_FLOATS / patchLength));
        int vectors = Math.ceilDiv(shape.k(), Simd.LANES);
        byDots = (long) chunk * (vectors + DOT_OVERHEAD) < (long) shape.k() * (paddedChunk() / Simd.LANES);
        int images = byDots ? chunk : paddedChunk();
        int floats = Checks.product("workspace", images, Math.addExact(patchLength, shape.k()));
        // Behind it is room for rows that end with their array, where more than is theirs can be read.
        workspaceFloats = Math.addExact(floats, Checks.product("workspace", 4, Math.addExact(shape.k(), Simd.LANES)));
        // A product that overflows belongs to a step beyond the input, which is never taken.
        patches = new Patches(shape.c(), shape.r(), shape.s(), shape.dilationH() * shape.w() * shape.c(), shape.dilationW() * shape.c());
    }

    /**
     * A plan for a shape.
     *
     * @throws IllegalArgumentException if the shape has groups, or the weights would not fit an array
     * @throws IllegalStateException if this JVM has no vector module
     */
    public static LocallyConnectedPlan of(ConvShape shape) {
        VectorModule.require();
        Checks.notNull(shape, "shape");
        Checks.require(shape.groups() == 1, "groups", shape.groups(), "must be 1: places that share no weights have no groups");
        return new LocallyConnectedPlan(shape);
    }

    /** The sizes. */
    public ConvShape shape() {
        return shape;
    }

    /** Floats of the weights, P Q R S C K. */
    public int weightLength() {
        return weightLength;
    }

    /** Floats of the bias, P Q K. */
    public int biasLength() {
        return places() * shape.k();
    }

    /** Floats a {@link Workspace} needs for each worker, whichever pass. */
    public int workspaceFloats() {
        return workspaceFloats;
    }

    /** A workspace of the right size for one thread. */
    public Workspace newWorkspace() {
        return newWorkspace(Threads.one());
    }

    /** A workspace of the right size for {@code threads}. */
    public Workspace newWorkspace(Threads threads) {
        return Workspace.aligned(workspaceFloats, threads);
    }

    /** Places of the output. */
    int places() {
        return rows.out() * columns.out();
    }

    /** Weights of one place and output channel. */
    int patchLength() {
        return patchLength;
    }

    /** Images that are gathered at a time. */
    int chunk() {
        return chunk;
    }

    /** The same in whole vectors, for {@code gradInput}, whose vectors run along the batch. */
    int paddedChunk() {
        return Simd.roundUp(chunk, Simd.LANES);
    }

    /** Whether {@code gradInput} takes the images one by one, its vectors along K. */
    boolean byDots() {
        return byDots;
    }

    /** Where the pixel lies that place (p, q) sees with a tap. */
    int pixel(int p, int r, int q, int s) {
        return (int) ((rows.position(p, r) * shape.w() + columns.position(q, s)) * shape.c());
    }

    /**
     * Computes y.
     *
     * @param x N H W C floats, not modified
     * @param w P Q R S C K floats, not modified
     * @param bias P Q K floats, not modified, or null for none
     * @param y N P Q K floats, overwritten; old contents may be NaN
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if y overlaps another array, or the workspace is too small
     * @throws IllegalStateException if the workspace is in use
     */
    public void forward(float[] x, int xOffset, float[] w, int wOffset, float[] bias, int biasOffset, float[] y, int yOffset,
                        Workspace workspace) {
        Checks.range(y, yOffset, shape.yLength(), "y");
        Ranges.apart(x, xOffset, shape.xLength(), "x", y, yOffset, shape.yLength(), "y");
        Ranges.apart(w, wOffset, weightLength, "w", y, yOffset, shape.yLength(), "y");
        if (bias != null) {
            Ranges.apart(bias, biasOffset, biasLength(), "bias", y, yOffset, shape.yLength(), "y");
        }
        run(Pass.FORWARD, x, xOffset, w, wOffset, bias, biasOffset, null, 0, WriteMode.OVERWRITE, y, yOffset, workspace);
    }

    /**
     * Computes dx.
     *
     * @param dy N P Q K floats, not modified
     * @param w P Q R S C K floats, not modified
     * @param dx N H W C floats, overwritten or added to
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if dx overlaps another array, or the workspace is too small
     * @throws IllegalStateException if the workspace is in use
     */
    public void gradInput(float[] dy, int dyOffset, float[] w, int wOffset, float[] dx, int dxOffset, WriteMode mode,
                          Workspace workspace) {
        Checks.range(dx, dxOffset, shape.xLength(), "dx");
        Ranges.apart(dy, dyOffset, shape.yLength(), "dy", dx, dxOffset, shape.xLength(), "dx");
        Ranges.apart(w, wOffset, weightLength, "w", dx, dxOffset, shape.xLength(), "dx");
        run(Pass.GRAD_INPUT, dy, dyOffset, w, wOffset, null, 0, null, 0, mode, dx, dxOffset, workspace);
    }

    /**
     * Computes dw: a weight's gradient is a sum over the batch alone.
     *
     * @param x N H W C floats, not modified
     * @param dy N P Q K floats, not modified
     * @param dw P Q R S C K floats, overwritten or added to
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if dw overlaps another array, or the workspace is too small
     * @throws IllegalStateException if the workspace is in use
     */
    public void gradWeight(float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset, WriteMode mode,
                           Workspace workspace) {
        Checks.range(dw, dwOffset, weightLength, "dw");
        Ranges.apart(x, xOffset, shape.xLength(), "x", dw, dwOffset, weightLength, "dw");
        Ranges.apart(dy, dyOffset, shape.yLength(), "dy", dw, dwOffset, weightLength, "dw");
        run(Pass.GRAD_WEIGHT, x, xOffset, null, 0, null, 0, dy, dyOffset, mode, dw, dwOffset, workspace);
    }

    /**
     * Computes dbias, by the calling thread alone: one sweep over dy at memory speed.
     *
     * @param dy N P Q K floats, not modified
     * @param dbias P Q K floats, overwritten or added to
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if dbias overlaps dy
     */
    public void gradBias(float[] dy, int dyOffset, float[] dbias, int dbiasOffset, WriteMode mode) {
        Checks.range(dbias, dbiasOffset, biasLength(), "dbias");
        Ranges.apart(dy, dyOffset, shape.yLength(), "dy", dbias, dbiasOffset, biasLength(), "dbias");
        Reduce.sumPerChannel(dy, dyOffset, shape.n(), biasLength(), dbias, dbiasOffset, mode);
    }

    private void run(Pass pass, float[] in, int inOffset, float[] w, int wOffset, float[] bias, int biasOffset,
                     float[] dy, int dyOffset, WriteMode mode, float[] out, int outOffset, Workspace workspace) {
        Checks.notNull(mode, "mode");
        Checks.notNull(workspace, "workspace").acquire(workspaceFloats);
        try {
            LocallyConnectedCall call = workspace.localCall;
            call.pass = pass;
            call.in = in;
            call.inOffset = inOffset;
            call.w = w;
            call.wOffset = wOffset;
            call.bias = bias;
            call.biasOffset = biasOffset;
            call.dy = dy;
            call.dyOffset = dyOffset;
            call.plus = mode == WriteMode.ACCUMULATE;
            call.out = out;
            call.outOffset = outOffset;
            call.run(this, workspace);
        } finally {
            workspace.release();
        }
    }

    /** The shape and how {@code gradInput} goes, in one line. */
    @Override
    public String toString() {
        return "locally connected " + shape + (byDots ? ", gradInput by dots" : ", gradInput along the batch");
    }
}
