package lanewise.kernel;

import lanewise.internal.Checks;

/**
 * Transposed convolution of volumes: the products of a {@link Conv3dPlan} turned round, as {@link ConvTransposePlan} turns those of a
 * {@link ConvPlan}. Where the mirror maps {@code N*D*H*W*C} to {@code N*O*P*Q*K}, this maps back; the filter is the mirror's,
 * {@code T*R*S*(channels out / groups)*(channels in)}.
 */
public final class ConvTranspose3dPlan implements FilterPlan {

    private final Conv3dPlan mirror;

    private ConvTranspose3dPlan(Conv3dPlan mirror) {
        this.mirror = mirror;
    }

    /** The transposed convolution that undoes the shape change of {@code mirror}; see {@link #mirror}. */
    public static ConvTranspose3dPlan of(Conv3dShape mirror) {
        return new ConvTranspose3dPlan(Conv3dPlan.of(mirror));
    }

    /** The same without Winograd's algorithm, as {@link ConvPlan#withoutWinograd()}. */
    public ConvTranspose3dPlan withoutWinograd() {
        return new ConvTranspose3dPlan(mirror.withoutWinograd());
    }

    /**
     * The mirror shape, from the sizes as a transposed layer states them. The output's depth is {@code (d - 1) stride - padFront - padBack
     * + dilation (t - 1) + 1 + outputPadding}.
     *
     * @param d depth of the input
     * @param outputPadding slices added at the back, less than the stride
     * @param slice the mirror of one slice, from {@link ConvTransposePlan#mirror}
     * @throws IllegalArgumentException if the sizes make no convolution
     */
    public static Conv3dShape mirror(int d, int t, int stride, int padFront, int padBack, int outputPadding, int dilation,
                                     ConvShape slice) {
        Checks.atLeast(d, 1, "d");
        int out = ConvTransposePlan.outputSize("depth", d, stride, padFront, padBack, t, dilation, outputPadding);
        return new Conv3dShape(out, t, stride, padFront, padBack, dilation, slice);
    }

    /** The sizes of the mirror convolution: x here is its y. */
    public Conv3dShape mirror() {
        return mirror.shape();
    }

    @Override
    public int workspaceFloats() {
        return mirror.workspaceFloats();
    }

    /** A workspace of the right size for one thread. */
    public Workspace newWorkspace() {
        return mirror.newWorkspace();
    }

    @Override
    public PackedFilter newFilter(Pass pass) {
        return mirror.newFilter(ConvTransposePlan.turned(pass));
    }

    @Override
    public String filterLayout(Pass pass) {
        return mirror.filterLayout(ConvTransposePlan.turned(pass));
    }

    @Override
    public int filterFloats(Pass pass) {
        return mirror.filterFloats(ConvTransposePlan.turned(pass));
    }

    @Override
    public long filterBytes(Pass pass) {
        return mirror.filterBytes(ConvTransposePlan.turned(pass));
    }

    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed) {
        mirror.repack(ConvTransposePlan.turned(pass), w, wOffset, packed);
    }

    /** The same, shared by the threads of a workspace, of any size. */
    @Override
    public void repack(Pass pass, float[] w, int wOffset, PackedFilter packed, Workspace workspace) {
        mirror.repack(ConvTransposePlan.turned(pass), w, wOffset, packed, workspace);
    }

    @Override
    public void forward(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset,
                        Workspace workspace) {
        mirror.gradInputWithBias(x, xOffset, w, bias, biasOffset, y, yOffset, workspace);
    }

    @Override
    public void gradInput(float[] dy, int dyOffset, PackedFilter w, float[] dx, int dxOffset, WriteMode mode, Workspace workspace) {
        Checks.range(dy, dyOffset, mirror.shape().xLength(), "dy");
        Checks.range(dx, dxOffset, mirror.shape().yLength(), "dx");
        Checks.disjoint(dy, dyOffset, mirror.shape().xLength(), "dy", dx, dxOffset, mirror.shape().yLength(), "dx");
        mirror.forward(dy, dyOffset, w, dx, dxOffset, mode, workspace);
    }

    @Override
    public void gradWeight(float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset, WriteMode mode,
                           Workspace workspace) {
        // By their names here: the mirror's x is dy, its dy is x.
        int wLength = mirror.shape().wLength();
        Checks.range(dw, dwOffset, wLength, "dw");
        Ranges.apart(x, xOffset, mirror.shape().yLength(), "x", dw, dwOffset, wLength, "dw");
        Ranges.apart(dy, dyOffset, mirror.shape().xLength(), "dy", dw, dwOffset, wLength, "dw");
        mirror.gradWeight(dy, dyOffset, x, xOffset, dw, dwOffset, mode, workspace);
    }

    @Override
    public void gradBias(float[] dy, int dyOffset, float[] dbias, int dbiasOffset, WriteMode mode) {
        int channels = mirror.shape().slice().c();
        int yLength = mirror.shape().xLength();
        Checks.range(dbias, dbiasOffset, channels, "dbias");
        Ranges.apart(dy, dyOffset, yLength, "dy", dbias, dbiasOffset, channels, "dbias");
        Reduce.sumPerChannel(dy, dyOffset, yLength / channels, channels, dbias, dbiasOffset, mode);
    }

    /** The mirror's choices; FORWARD there is {@code gradInput} here and the other way round. */
    public String describe() {
        return "transposed " + mirror.describe();
    }
}
