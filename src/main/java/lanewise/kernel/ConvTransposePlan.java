package lanewise.kernel;

import lanewise.internal.Checks;

/**
 * Transposed convolution: the products of a {@link ConvPlan} turned round. Where the mirror convolution maps {@code N*H*W*C} to
 * {@code N*P*Q*K}, this maps back:
 *
 * <pre>
 * forward     y: N*H*W*C      = act(bias[c] + mirror.gradInput(x))     x: N*P*Q*K
 * gradInput   dx: N*P*Q*K     = mirror.forward(dy)
 * gradWeight  dw: R*S*C*K   (+)= mirror.gradWeight(x := dy, dy := x)
 * gradBias    dbias: C      (+)= sums of dy
 * </pre>
 *
 * <p>The filter is the mirror's, {@code R*S*(channels out / groups)*(channels in)}. Everything else is as in {@link ConvPlan}.
 */
public final class ConvTransposePlan implements FilterPlan {

    private final ConvPlan mirror;
    private final Activation activation;

    private ConvTransposePlan(ConvPlan mirror, Activation activation) {
        this.mirror = mirror;
        this.activation = activation;
    }

    /** The transposed convolution that undoes the shape change of {@code mirror}; see {@link #mirror}. */
    public static ConvTransposePlan of(ConvShape mirror) {
        return new ConvTransposePlan(ConvPlan.of(mirror), Activation.NONE);
    }

    /** The same with an activation fused into {@code forward}. */
    public ConvTransposePlan withActivation(Activation activation) {
        return new ConvTransposePlan(mirror, Checks.notNull(activation, "activation"));
    }

    /** The same without Winograd's algorithm, as {@link ConvPlan#withoutWinograd()}. */
    public ConvTransposePlan withoutWinograd() {
        return new ConvTransposePlan(mirror.withoutWinograd(), activation);
    }

    /** The mirror shape of a layer that pads both ends alike. */
    public static ConvShape mirror(int n, int h, int w, int channelsIn, int channelsOut, int r, int s, int strideH, int strideW,
                                   int padH, int padW, int outputPaddingH, int outputPaddingW, int dilationH, int dilationW, int groups) {
        return mirror(n, h, w, channelsIn, channelsOut, r, s, strideH, strideW, padH, padW, padH, padW, outputPaddingH, outputPaddingW,
                dilationH, dilationW, groups);
    }

    /**
     * The mirror shape, from the sizes as a transposed layer states them. The output's height is {@code (h - 1) strideH - padTop -
     * padBottom + dilationH (r - 1) + 1 + outputPaddingH}, its width likewise: padding is what is cut off.
     *
     * @param n batch
     * @param h height of the input
     * @param w width of the input
     * @param channelsIn channels of the input, the mirror's K
     * @param channelsOut channels of the output, the mirror's C
     * @param outputPaddingH rows added at the bottom, less than the stride
     * @param outputPaddingW columns added at the right, less than the stride
     * @throws IllegalArgumentException if the sizes make no convolution
     */
    public static ConvShape mirror(int n, int h, int w, int channelsIn, int channelsOut, int r, int s, int strideH, int strideW,
                                   int padTop, int padLeft, int padBottom, int padRight, int outputPaddingH, int outputPaddingW,
                                   int dilationH, int dilationW, int groups) {
        Checks.atLeast(h, 1, "h");
        Checks.atLeast(w, 1, "w");
        int outH = outputSize("height", h, strideH, padTop, padBottom, r, dilationH, outputPaddingH);
        int outW = outputSize("width", w, strideW, padLeft, padRight, s, dilationW, outputPaddingW);
        return new ConvShape(n, outH, outW, channelsOut, channelsIn, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight,
                dilationH, dilationW, groups);
    }

    static int outputSize(String side, int in, int stride, int before, int after, int taps, int dilation, int outputPadding) {
        Checks.atLeast(outputPadding, 0, "output padding of the " + side);
        if (outputPadding >= stride) {
            throw new IllegalArgumentException("output padding of the " + side + " is " + outputPadding
                    + ", must be less than the stride " + stride);
        }
        long extent = dilation * (taps - 1L) + 1;
        long size = Math.addExact(Math.multiplyExact(in - 1L, (long) stride), extent + outputPadding - before - after);
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("output " + side + " would be " + size + " for input " + in + ", stride " + stride
                    + ", padding " + (before == after ? "" + before : before + " and " + after) + ", " + taps + " taps");
        }
        return (int) size;
    }

    /** The sizes of the mirror convolution: x here is its y. */
    public ConvShape mirror() {
        return mirror.shape();
    }

    /** Floats of the input. */
    public int xLength() {
        return mirror.shape().yLength();
    }

    /** Floats of the output. */
    public int yLength() {
        return mirror.shape().xLength();
    }

    /** Floats a {@link Workspace} needs for each worker. */
    @Override
    public int workspaceFloats() {
        return mirror.workspaceFloats();
    }

    /** A workspace of the right size for one thread. */
    public Workspace newWorkspace() {
        return mirror.newWorkspace();
    }

    /** A workspace of the right size for {@code threads}. */
    public Workspace newWorkspace(Threads threads) {
        return mirror.newWorkspace(threads);
    }

    /** Packs a filter for {@code FORWARD} or {@code GRAD_INPUT}. */
    public PackedFilter pack(Pass pass, float[] w) {
        return mirror.pack(turned(pass), w);
    }

    /** Room for the packed filter of one pass, all 0 until {@link #repack}. */
    @Override
    public PackedFilter newFilter(Pass pass) {
        return mirror.newFilter(turned(pass));
    }

    @Override
    public String filterLayout(Pass pass) {
        return mirror.filterLayout(turned(pass));
    }

    @Override
    public int filterFloats(Pass pass) {
        return mirror.filterFloats(turned(pass));
    }

    /** Packs changed weights into a filter made before. */
    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed) {
        mirror.repack(turned(pass), w, wOffset, packed);
    }

    /** The same, shared by the threads of a workspace, of any size. */
    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed, Workspace workspace) {
        mirror.repack(turned(pass), w, wOffset, packed, workspace);
    }

    static Pass turned(Pass pass) {
        return Checks.notNull(pass, "pass").turned();
    }

    /** Computes y, overwritten; {@code bias} has the output's channels or is null. */
    public void forward(float[] x, PackedFilter w, float[] bias, float[] y, Workspace workspace) {
        Checks.length(x, xLength(), "x");
        Checks.length(y, yLength(), "y");
        if (bias != null) {
            Checks.length(bias, mirror.shape().c(), "bias");
        }
        forward(x, 0, w, bias, 0, y, 0, workspace);
    }

    /** Computes y at offsets. */
    @Override
    public void forward(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset,
                        Workspace workspace) {
        mirror.gradInputWithBias(x, xOffset, w, bias, biasOffset, activation, y, yOffset, workspace);
    }

    /** Computes dx, overwritten or added to. */
    @Override
    public void gradInput(float[] dy, int dyOffset, PackedFilter w, float[] dx, int dxOffset, WriteMode mode, Workspace workspace) {
        Checks.range(dy, dyOffset, yLength(), "dy");
        Checks.range(dx, dxOffset, xLength(), "dx");
        Checks.disjoint(dy, dyOffset, yLength(), "dy", dx, dxOffset, xLength(), "dx");
        mirror.forward(dy, dyOffset, w, dx, dxOffset, mode, workspace);
    }

    /** Computes dw, overwritten or added to. */
    @Override
    public void gradWeight(float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset, WriteMode mode,
                           Workspace workspace) {
        // By their names here: the mirror's x is dy, its dy is x.
        int wLength = mirror.shape().wLength();
        Checks.range(dw, dwOffset, wLength, "dw");
        Ranges.apart(x, xOffset, xLength(), "x", dw, dwOffset, wLength, "dw");
        Ranges.apart(dy, dyOffset, yLength(), "dy", dw, dwOffset, wLength, "dw");
        mirror.gradWeight(dy, dyOffset, x, xOffset, dw, dwOffset, mode, workspace);
    }

    /** Computes dbias, overwritten or added to. */
    @Override
    public void gradBias(float[] dy, int dyOffset, float[] dbias, int dbiasOffset, WriteMode mode) {
        int channels = mirror.shape().c();
        Checks.range(dbias, dbiasOffset, channels, "dbias");
        Ranges.apart(dy, dyOffset, yLength(), "dy", dbias, dbiasOffset, channels, "dbias");
        Reduce.sumPerChannel(dy, dyOffset, yLength() / channels, channels, dbias, dbiasOffset, mode);
    }

    /** The mirror's choices; FORWARD there is {@code gradInput} here and the other way round. */
    public String describe() {
        return "transposed " + mirror.describe();
    }
}
