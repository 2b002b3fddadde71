package lanewise.kernel;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.conv.ConvKernel;

/**
 * A convolution layer's products for one {@link ConvShape}:
 *
 * <pre>
 * forward     y[n,p,q,k]   = act(bias[k] + sum over r,s,c of x[n, p u + r d - pad, q v + s e - pad, c] w[r,s,c,k])
 * gradInput   dx[n,h,w,c] (+)= sum over r,s,k of dy at every output that saw the pixel, times w[r,s,c,k]
 * gradWeight  dw[r,s,c,k] (+)= sum over n,p,q of x[n, p u + r d - pad, q v + s e - pad, c] dy[n,p,q,k]
 * gradBias    dbias[k]    (+)= sum over n,p,q of dy[n,p,q,k]
 * </pre>
 *
 * <p>with strides u, v and dilations d, e: cross-correlation, as in every deep-learning library ({@code lanewise.signal} has the
 * flipped, textbook convolution). Padding is zeros that are multiplied like data: over it a finite weight adds 0, while a NaN or
 * infinite one may make NaN, as the algorithm happens to multiply it or skip it. Elsewhere NaN and infinity follow IEEE 754, except
 * that Winograd's algorithm spreads them further ({@link #withoutWinograd}).
 *
 * <p>Shapes: {@code x: float[N*H*W*C]}, {@code w: float[R*S*C/groups*K]}, {@code y: float[N*P*Q*K]}, {@code bias: float[K]}, their
 * gradients alike. Offsets and lengths are in floats. An output must not overlap another argument. {@code dy} of a plan with an
 * activation is the gradient before the activation ({@link Eltwise} has the step between).
 *
 * <p>Immutable and thread-safe: one plan and one {@link PackedFilter} serve any number of threads, each with its own
 * {@link Workspace}. A call allocates nothing, and its bits do not depend on the number of threads.
 */
public final class ConvPlan implements FilterPlan {

    private final ConvSelection selection;
    private final ConvShape shape;
    private final Activation activation;
    private final float scale;
    private final float shift;
    private final int yStride;
    /** Floats from the first output of {@code forward} to its last. */
    private final int ySpan;
    private final boolean maxPool;
    private final ConvKernel forward;

    private ConvPlan(ConvSelection selection, Activation activation, float scale, float shift, int yStride, boolean maxPool) {
        this.selection = selection;
        this.shape = selection.shape;
        this.activation = activation;
        this.scale = scale;
        this.shift = shift;
        this.yStride = yStride;
        this.maxPool = maxPool;
        PassKernel computed = selection.of(Pass.FORWARD);
        forward = maxPool && computed.pooling() != null ? computed.pooling() : computed.kernel();
        if (yStride != shape.k() && !fuses()) {
            throw new IllegalArgumentException("yStride is " + yStride + ", " + algorithm(Pass.FORWARD) + " only writes dense outputs of "
                    + shape.k() + " channels");
        }
        if ((scale != 1 || shift != 0) && !rescales()) {
            throw new IllegalArgumentException("scale is " + scale + ", shift " + shift + ", but nothing can follow " + activation);
        }
        if (maxPool && !pools()) {
            throw new IllegalArgumentException("max pooling is asked for, but " + algorithm(Pass.FORWARD) + " with " + activation
                    + " on " + shape + " does none");
        }
        ySpan = Ranges.span((maxPool ? pooledLength() : shape.yLength()) / shape.k(), yStride, shape.k());
    }

    /** A plan that takes for each pass the first algorithm that does not refuse, and no activation. */
    public static ConvPlan of(ConvShape shape) {
        VectorModule.require();
        return new ConvPlan(ConvSelection.of(Checks.notNull(shape, "shape")), Activation.NONE, 1, 0, shape.k(), false);
    }

    /** The same with an activation fused into {@code forward}. */
    public ConvPlan withActivation(Activation activation) {
        return new ConvPlan(selection, Checks.notNull(activation, "activation"), scale, shift, yStride, maxPool);
    }

    /**
     * The same with a last step behind the activation, {@code y = scale act(...) + shift}, as networks with learned numbers behind their
     * activations have it.
     *
     * @throws IllegalArgumentException if a number is not finite, or the activation takes no such step ({@link #rescales})
     */
    public ConvPlan withRescaling(float scale, float shift) {
        if (!Float.isFinite(scale) || !Float.isFinite(shift)) {
            throw new IllegalArgumentException("scale is " + scale + ", shift " + shift + ", must be finite");
        }
        return new ConvPlan(selection, activation, scale, shift, yStride, maxPool);
    }

    /** Whether the activation is one that is applied to finished sums in memory, where a scale and a shift can follow it. */
    public boolean rescales() {
        return activation != Activation.NONE && activation != Activation.RELU && activation != Activation.RELU6;
    }

    /**
     * The same for an output whose pixels lie {@code yStride} floats apart: {@code forward} then writes K channels of wider pixels and
     * leaves the others alone, so that a concatenation is written in place. The gradients still take and give dense arrays.
     *
     * @param yStride at least K
     * @throws IllegalArgumentException if it is less, y is then longer than an array, or the algorithm cannot ({@link #fuses})
     */
    public ConvPlan withOutputStride(int yStride) {
        return new ConvPlan(selection, activation, scale, shift, Checks.atLeast(yStride, shape.k(), "yStride"), maxPool);
    }

    /**
     * The same with a 2x2 max-pooling of stride 2 behind {@code forward}, which then writes {@code y: float[N*(P/2)*(Q/2)*K]}, the
     * same bits as a {@link PoolPlan} would make of the outputs. An odd last row or column is dropped. The gradients are those of the
     * convolution alone, but for the {@code gradWeight} that takes places ({@link #trainsPooled}).
     *
     * @throws IllegalArgumentException if it cannot ({@link #pools})
     */
    public ConvPlan withMaxPool() {
        return new ConvPlan(selection, activation, scale, shift, yStride, true);
    }

    /** Whether {@code forward} can pool its outputs before it writes them: after ReLU or no activation, where the kernel can. */
    public boolean pools() {
        return forward.pooling() != null && (activation == Activation.NONE || activation == Activation.RELU);
    }

    /**
     * Whether this plan pools, and can train what it pools: {@code forward} then keeps the places of the maxima, and {@code gradWeight}
     * takes them and the pooled output's gradient. It is for ReLU.
     */
    public boolean trainsPooled() {
        return pooledGradWeight() != null;
    }

    /** The length of the pooled output, and of its places: N (P/2) (Q/2) K. */
    public int pooledLength() {
        return shape.n() * (shape.p() / 2) * (shape.q() / 2) * shape.k();
    }

    /** Whether {@code forward} can add a residual before its activation, and write into wider pixels. */
    public boolean fuses() {
        return forward.fuses();
    }

    /**
     * The same without Winograd's algorithm: wherever it was chosen, the fastest that sums products of inputs and weights as they
     * are. Filters must be packed by the new plan.
     *
     * <p>Winograd's algorithm multiplies linear combinations of neighbouring inputs by linear combinations of weights, which takes a
     * quarter to three quarters of the multiplications. Its rounding error grows with the largest values of a patch instead of with
     * the sum's own terms (0.3e-6 to 3e-6 of the outputs' root mean square on random data), small integers do not stay exact, inputs
     * within a factor of 30 of the largest float (dy of {@code gradWeight}: 70) may overflow, and a NaN or infinity in x or dy may
     * also spoil the other outputs of its tiles, in {@code gradWeight} all taps of its channel.
     *
     * <p>The error of a tile of outputs is at most {@code (n + 21) u |A'| (sum of (|G| |g| |G'|) (|B'| |d| |B|)) |A|} to first order, in
     * absolute values throughout: {@code d} its inputs and {@code g} the weights of a channel, over whose products the sum goes,
     * {@code A}, {@code B} and {@code G} the matrices of the transforms, {@code n} how many products a point sums, {@code u = 2^-24}. The
     * tests hold every form of tile to twice that, and the root mean square to half as much again as was measured (NOTES, Precision).
     */
    public ConvPlan withoutWinograd() {
        return new ConvPlan(selection.withoutWinograd(), activation, scale, shift, yStride, maxPool);
    }

    /**
     * The same with another algorithm for one pass, for comparison.
     *
     * @param name one of {@link #algorithms(Pass)}
     * @throws IllegalArgumentException if there is none of that name, it refuses the shape, or it cannot write this plan's wider pixels
     */
    public ConvPlan withAlgorithm(Pass pass, String name) {
        return new ConvPlan(selection.with(pass, name), activation, scale, shift, yStride, maxPool);
    }

    /** The names of all algorithms for a pass, in the order in which they are tried. */
    public static List<String> algorithms(Pass pass) {
        return ConvSelection.names(pass);
    }

    /** Null if the named algorithm can compute this shape, or one sentence that says why it does not. */
    public String refusal(Pass pass, String name) {
        return selection.refusal(pass, name);
    }

    /** The name of the algorithm chosen for a pass. */
    public String algorithm(Pass pass) {
        return selection.of(pass).algorithm().name();
    }

    /** Whether a pass is rounded as {@link #withoutWinograd} describes. */
    public boolean usesWinograd(Pass pass) {
        return selection.of(pass).algorithm().isWinograd();
    }

    /** The sizes. */
    public ConvShape shape() {
        return shape;
    }

    /** The activation of {@code forward}. */
    public Activation activation() {
        return activation;
    }

    /** Floats a {@link Workspace} needs for each worker, whichever pass. */
    @Override
    public int workspaceFloats() {
        return Math.max(forward.workFloats(), Math.max(workspaceFloats(Pass.GRAD_INPUT), workspaceFloats(Pass.GRAD_WEIGHT)));
    }

    /** Floats a {@link Workspace} needs for each worker if this is the only pass. */
    public int workspaceFloats(Pass pass) {
        if (pass == Pass.GRAD_WEIGHT) {
            ConvKernel pooled = pooledGradWeight();
            return Math.max(kernel(pass).workFloats(), pooled == null ? 0 : pooled.workFloats());
        }
        return kernelWithFilter(pass).workFloats();
    }

    /** A workspace of the right size for one thread. */
    public Workspace newWorkspace() {
        return newWorkspace(Threads.one());
    }

    /** A workspace of the right size for {@code threads}. */
    public Workspace newWorkspace(Threads threads) {
        return Workspace.aligned(workspaceFloats(), threads);
    }

    /**
     * Packs a filter for one pass.
     *
     * @param pass {@code FORWARD} or {@code GRAD_INPUT}; {@code gradWeight} reads no filter
     * @param w {@code float[R*S*C/groups*K]}, not modified
     */
    public PackedFilter pack(Pass pass, float[] w) {
        Checks.length(w, shape.wLength(), "w");
        PackedFilter packed = newFilter(pass);
        repack(pass, w, 0, packed);
        return packed;
    }

    /** Room for the packed filter of one pass, all 0 until {@link #repack}. */
    @Override
    public PackedFilter newFilter(Pass pass) {
        return new PackedFilter(kernelWithFilter(pass));
    }

    /**
     * Room for the packed filters of several plans' {@code forward}, side by side: they lie at cache lines like {@link #newFilter}'s, and
     * take less memory.
     *
     * @return in the order of {@code plans}; packing one of them again allocates
     */
    public static List<PackedFilter> newFilters(List<ConvPlan> plans) {
        return PackedFilter.together(plans.stream().map(plan -> plan.forward).toList());
    }

    @Override
    public String filterLayout(Pass pass) {
        return kernelWithFilter(pass).filterLayout();
    }

    @Override
    public int filterFloats(Pass pass) {
        return kernelWithFilter(pass).packedFloats();
    }

    /**
     * Packs changed weights into a filter made before, without allocating.
     *
     * @param w {@code R*S*C/groups*K} floats from {@code wOffset}, not modified
     * @param packed overwritten
     * @throws IllegalArgumentException if {@code packed} has another layout
     */
    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed) {
        ConvKernel kernel = kernelWithFilter(pass);
        Checks.range(w, wOffset, shape.wLength(), "w");
        Checks.notNull(packed, "packed").pack(kernel, w, wOffset);
    }

    /**
     * {@link #repack(Pass, float[], int, PackedFilter)}, shared by the threads of a workspace, of any size.
     *
     * @throws IllegalStateException if the workspace is in use
     */
    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed, Workspace workspace) {
        ConvKernel kernel = kernelWithFilter(pass);
        Checks.range(w, wOffset, shape.wLength(), "w");
        float[] floats = Checks.notNull(packed, "packed").floatsFor(kernel);
        Checks.notNull(workspace, "workspace").acquire(0);
        try {
            if (!packed.isAlone()) {
                packed.pack(kernel, w, wOffset);
                return;
            }
            workspace.convCall.pack(kernel, w, wOffset, floats, workspace);
        } finally {
            workspace.release();
        }
    }

    /** Refuses a filter that is not packed for this pass. */
    void check(Pass pass, PackedFilter packed) {
        packed.floatsFor(kernelWithFilter(pass));
    }

    private ConvKernel kernelWithFilter(Pass pass) {
        if (Checks.notNull(pass, "pass") == Pass.GRAD_WEIGHT) {
            throw new IllegalArgumentException("pass is GRAD_WEIGHT, only FORWARD and GRAD_INPUT read a filter");
        }
        return kernel(pass);
    }

    private ConvKernel kernel(Pass pass) {
        return pass == Pass.FORWARD ? forward : selection.of(pass).kernel();
    }

    /** Of the convolution with its max-pooling, from what the pooling kept; null if it cannot be. */
    private ConvKernel pooledGradWeight() {
        return maxPool && activation == Activation.RELU && forward.keepsPlaces() ? selection.of(Pass.GRAD_WEIGHT).pooling() : null;
    }

    /** {@link #forward(float[], int, PackedFilter, float[], int, float[], int, Workspace)} on arrays of exactly the right length. */
    public void forward(float[] x, PackedFilter w, float[] bias, float[] y, Workspace workspace) {
        Checks.length(x, shape.xLength(), "x");
        Checks.length(y, ySpan, "y");
        if (bias != null) {
            Checks.length(bias, shape.k(), "bias");
        }
        forward(x, 0, w, bias, 0, y, 0, workspace);
    }

    /**
     * Computes y.
     *
     * @param x N H W C floats, not modified
     * @param w packed for {@code FORWARD}
     * @param bias K floats, not modified, or null for none
     * @param y N P Q K floats, overwritten
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if y overlaps x or bias, or the filter or workspace is not made for this plan
     * @throws IllegalStateException if the workspace is in use
     */
    @Override
    public void forward(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset,
                        Workspace workspace) {
        forward(x, xOffset, w, bias, biasOffset, null, 0, y, yOffset, workspace);
    }

    /**
     * Computes {@code y = act(conv(x, w) + bias + residual)}, as a residual block ends.
     *
     * @param residual N P Q K floats, dense; null for none; it may be y itself at the same offset, if that is dense, and must not
     *     overlap it otherwise
     * @throws IllegalArgumentException if there is a residual and the algorithm cannot add it ({@link #fuses})
     */
    public void forward(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] residual, int residualOffset,
                        float[] y, int yOffset, Workspace workspace) {
        checkOutput(x, xOffset, shape.xLength(), "x", y, yOffset, ySpan, "y");
        if (bias != null) {
            checkOutput(bias, biasOffset, shape.k(), "bias", y, yOffset, ySpan, "y");
        }
        if (residual != null) {
            checkResidual(residual, residualOffset, y, yOffset);
        }
        run(forward, x, xOffset, w, bias, biasOffset, activation, scale, shift, WriteMode.OVERWRITE, residual, residualOffset,
                y, yOffset, yStride, workspace);
    }

    /**
     * Computes the pooled y and where it comes from, for a training step of a convolution, ReLU and max-pooling in one.
     *
     * @param y N (P/2) (Q/2) K floats, overwritten
     * @param places as many ints, overwritten: where in its window each y comes from, the first of equal ones; they mean something to
     *     {@link #gradWeight(float[], int, int[], float[], int, float[], int, WriteMode, Workspace)} of a plan for this shape alone
     * @throws IllegalArgumentException if this plan does not train what it pools ({@link #trainsPooled}), or places has another length
     */
    public void forward(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset, int[] places,
                        Workspace workspace) {
        checkPlaces(places);
        checkOutput(x, xOffset, shape.xLength(), "x", y, yOffset, ySpan, "y");
        if (bias != null) {
            checkOutput(bias, biasOffset, shape.k(), "bias", y, yOffset, ySpan, "y");
        }
        float[] filter = Checks.notNull(w, "w").floatsFor(forward);
        run(forward, x, xOffset, filter, w.offset(), null, 0, places, bias, biasOffset, activation, scale, shift, WriteMode.OVERWRITE,
                null, 0, y, yOffset, yStride, workspace);
    }

    private void checkPlaces(int[] places) {
        if (!trainsPooled()) {
            throw new IllegalArgumentException("places are given, but a plan of " + this + " with " + activation
                    + (maxPool ? "" : " that does not pool") + " keeps none");
        }
        if (Checks.notNull(places, "places").length != pooledLength()) {
            throw new IllegalArgumentException("places has length " + places.length + ", must be " + pooledLength());
        }
    }

    private void checkResidual(float[] residual, int residualOffset, float[] y, int yOffset) {
        if (!fuses() || maxPool) {
            throw new IllegalArgumentException("residual is given, but " + algorithm(Pass.FORWARD) + (maxPool ? ", pooling," : "")
                    + " adds none");
        }
        Checks.range(residual, residualOffset, shape.yLength(), "residual");
        if (residual != y || residualOffset != yOffset || yStride != shape.k()) {
            Checks.disjoint(residual, residualOffset, shape.yLength(), "residual", y, yOffset, ySpan, "y");
        }
    }

    /**
     * Computes {@code y (+)= conv(x, w)}: the product alone, without bias and activation, which do not go with adding.
     *
     * @param x N H W C floats, not modified
     * @param w packed for {@code FORWARD}
     * @param y N P Q K floats, overwritten or added to
     */
    public void forward(float[] x, int xOffset, PackedFilter w, float[] y, int yOffset, WriteMode mode, Workspace workspace) {
        if (maxPool) {
            throw new IllegalArgumentException("mode is " + mode + ": a plan that pools only writes finished outputs");
        }
        checkOutput(x, xOffset, shape.xLength(), "x", y, yOffset, ySpan, "y");
        run(forward, x, xOffset, w, null, 0, Activation.NONE, 1, 0, mode, null, 0, y, yOffset, yStride, workspace);
    }

    /** {@link #gradInput(float[], int, PackedFilter, float[], int, WriteMode, Workspace)}, overwriting arrays of exact length. */
    public void gradInput(float[] dy, PackedFilter w, float[] dx, Workspace workspace) {
        Checks.length(dy, shape.yLength(), "dy");
        Checks.length(dx, shape.xLength(), "dx");
        gradInput(dy, 0, w, dx, 0, WriteMode.OVERWRITE, workspace);
    }

    /**
     * Computes dx.
     *
     * @param dy N P Q K floats, not modified
     * @param w packed for {@code GRAD_INPUT}
     * @param dx N H W C floats, overwritten or added to
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if dx overlaps dy, or the filter or workspace is not made for this plan
     * @throws IllegalStateException if the workspace is in use
     */
    @Override
    public void gradInput(float[] dy, int dyOffset, PackedFilter w, float[] dx, int dxOffset, WriteMode mode, Workspace workspace) {
        checkOutput(dy, dyOffset, shape.yLength(), "dy", dx, dxOffset, shape.xLength(), "dx");
        run(kernel(Pass.GRAD_INPUT), dy, dyOffset, w, null, 0, Activation.NONE, 1, 0, mode, null, 0, dx, dxOffset, shape.c(), workspace);
    }

    /** For {@link ConvTransposePlan}, whose forward this is: dx with a bias and an activation on top. */
    void gradInputWithBias(float[] dy, int dyOffset, PackedFilter w, float[] bias, int biasOffset, Activation activation,
                           float[] dx, int dxOffset, Workspace workspace) {
        checkOutput(dy, dyOffset, shape.yLength(), "x", dx, dxOffset, shape.xLength(), "y");
        if (bias != null) {
            checkOutput(bias, biasOffset, shape.c(), "bias", dx, dxOffset, shape.xLength(), "y");
        }
        run(kernel(Pass.GRAD_INPUT), dy, dyOffset, w, bias, biasOffset, activation, 1, 0, WriteMode.OVERWRITE, null, 0, dx, dxOffset,
                shape.c(), workspace);
    }

    /** {@link #gradWeight(float[], int, float[], int, float[], int, WriteMode, Workspace)}, overwriting arrays of exact length. */
    public void gradWeight(float[] x, float[] dy, float[] dw, Workspace workspace) {
        Checks.length(x, shape.xLength(), "x");
        Checks.length(dy, shape.yLength(), "dy");
        Checks.length(dw, shape.wLength(), "dw");
        gradWeight(x, 0, dy, 0, dw, 0, WriteMode.OVERWRITE, workspace);
    }

    /**
     * Computes dw: one weight's gradient is the sum over all places that share it.
     *
     * @param x N H W C floats, not modified
     * @param dy N P Q K floats, not modified
     * @param dw R S C/groups K floats, overwritten or added to
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if dw overlaps x or dy, or the workspace is too small
     * @throws IllegalStateException if the workspace is in use
     */
    @Override
    public void gradWeight(float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset, WriteMode mode,
                           Workspace workspace) {
        checkOutput(x, xOffset, shape.xLength(), "x", dw, dwOffset, shape.wLength(), "dw");
        checkOutput(dy, dyOffset, shape.yLength(), "dy", dw, dwOffset, shape.wLength(), "dw");
        run(kernel(Pass.GRAD_WEIGHT), x, xOffset, null, 0, dy, dyOffset, null, null, 0, Activation.NONE, 1, 0, mode, null, 0, dw, dwOffset,
                shape.k(), workspace);
    }

    /**
     * Computes dw from the gradient of the pooled output: the same sum as with a dy that is 0 but at the largest pixel of each window,
     * added up window by window.
     *
     * @param places as {@code forward} left them, not modified
     * @param dy N (P/2) (Q/2) K floats, the gradient before ReLU: 0 where the pooled output is not above 0; not modified
     * @throws IllegalArgumentException if this plan does not train what it pools ({@link #trainsPooled}), or places has another length
     */
    public void gradWeight(float[] x, int xOffset, int[] places, float[] dy, int dyOffset, float[] dw, int dwOffset, WriteMode mode,
                           Workspace workspace) {
        checkPlaces(places);
        checkOutput(x, xOffset, shape.xLength(), "x", dw, dwOffset, shape.wLength(), "dw");
        checkOutput(dy, dyOffset, pooledLength(), "dy", dw, dwOffset, shape.wLength(), "dw");
        run(pooledGradWeight(), x, xOffset, null, 0, dy, dyOffset, places, null, 0, Activation.NONE, 1, 0, mode, null, 0, dw, dwOffset,
                shape.k(), workspace);
    }

    /** {@link #gradBias(float[], int, float[], int, WriteMode)}, overwriting arrays of exact length. */
    public void gradBias(float[] dy, float[] dbias) {
        Checks.length(dy, shape.yLength(), "dy");
        Checks.length(dbias, shape.k(), "dbias");
        gradBias(dy, 0, dbias, 0, WriteMode.OVERWRITE);
    }

    /**
     * Computes dbias, by the calling thread alone: one sweep over dy at memory speed.
     *
     * @param dy N P Q K floats, not modified
     * @param dbias K floats, overwritten or added to
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if dbias overlaps dy
     */
    @Override
    public void gradBias(float[] dy, int dyOffset, float[] dbias, int dbiasOffset, WriteMode mode) {
        checkOutput(dy, dyOffset, shape.yLength(), "dy", dbias, dbiasOffset, shape.k(), "dbias");
        Reduce.sumPerChannel(dy, dyOffset, shape.yLength() / shape.k(), shape.k(), dbias, dbiasOffset, mode);
    }

    private static void checkOutput(float[] in, int inOffset, int inLength, String inName,
                                    float[] out, int outOffset, int outLength, String outName) {
        Checks.range(in, inOffset, inLength, inName);
        Checks.range(out, outOffset, outLength, outName);
        Checks.disjoint(in, inOffset, inLength, inName, out, outOffset, outLength, outName);
    }

    private static void run(ConvKernel kernel, float[] source, int sourceOffset, PackedFilter w, float[] bias, int biasOffset,
                            Activation activation, float scale, float shift, WriteMode mode,
                            float[] residual, int residualOffset, float[] out, int outOffset,
                            int outStride, Workspace workspace) {
        float[] filter = Checks.notNull(w, "w").floatsFor(kernel);
        run(kernel, source, sourceOffset, filter, w.offset(), null, 0, null, bias, biasOffset, activation, scale, shift, mode,
                residual, residualOffset, out, outOffset, outStride, workspace);
    }

    private static void run(ConvKernel kernel, float[] source, int sourceOffset, float[] filter, int filterOffset,
                            float[] dy, int dyOffset, int[] places, float[] bias, int biasOffset,
                            Activation activation, float scale, float shift, WriteMode mode, float[] residual, int residualOffset,
                            float[] out, int outOffset, int outStride, Workspace workspace) {
        Checks.notNull(mode, "mode");
        Checks.notNull(workspace, "workspace").acquire(kernel.workFloats());
        try {
            var args = workspace.convCall.args;
            args.source = source;
            args.sourceOffset = sourceOffset;
            args.filter = filter;
            args.filterOffset = filterOffset;
            args.dy = dy;
            args.dyOffset = dyOffset;
            args.places = places;
            args.placesOffset = 0;
            args.bias = bias;
            args.biasOffset = biasOffset;
            args.activation = activation;
            args.scale = scale;
            args.shift = shift;
            args.plus = mode == WriteMode.ACCUMULATE;
            args.out = out;
            args.outOffset = outOffset;
            args.outStride = outStride;
            args.residual = residual;
            args.residualOffset = residualOffset;
            workspace.convCall.run(kernel, workspace);
        } finally {
            workspace.release();
        }
    }

    /** For each pass the algorithm chosen and, before it, those that refused, each with its reason. */
    public String describe() {
        return selection.describe();
    }

    /** The shape and the algorithm of each pass, in one line. */
    @Override
    public String toString() {
        return selection.toString();
    }
}
