package lanewise.kernel;

/**
 * What convolutions and transposed convolutions have in common: a packed filter and four passes. {@link ConvPlan} documents the
 * arguments.
 */
public sealed interface FilterPlan permits ConvPlan, ConvTransposePlan, Conv3dPlan, ConvTranspose3dPlan {

    /** The floats that a workspace needs for each worker. */
    int workspaceFloats();

    /** Room for the packed filter of one pass, all 0 until {@link #repack}. */
    PackedFilter newFilter(Pass pass);

    /** The length of that filter, in floats, not bytes. */
    int filterFloats(Pass pass);

    /** How that filter is laid out: {@link PackedFilter#toString}. One of the same layout and length does for several plans in turn. */
    String filterLayout(Pass pass);

    /** The memory of that filter, in bytes: more than its floats, where a longer array lies at cache lines. */
    default long filterBytes(Pass pass) {
        return Float.BYTES * PackedFilter.arrayFloats(filterFloats(pass));
    }

    /** Packs the weights from {@code wOffset} for one pass. */
    void repack(Pass pass, float[] w, int wOffset, PackedFilter packed);

    /** The same, shared by the threads of a workspace, of any size, that is not in use. */
    void repack(Pass pass, float[] w, int wOffset, PackedFilter packed, Workspace workspace);

    /** Computes y; {@code bias} may be null. */
    void forward(float[] x, int xOffset, PackedFilter w, float[] bias, int biasOffset, float[] y, int yOffset, Workspace workspace);

    /** Computes or adds to dx. */
    void gradInput(float[] dy, int dyOffset, PackedFilter w, float[] dx, int dxOffset, WriteMode mode, Workspace workspace);

    /** Computes or adds to dw. */
    void gradWeight(float[] x, int xOffset, float[] dy, int dyOffset, float[] dw, int dwOffset, WriteMode mode, Workspace workspace);

    /** Computes or adds to dbias. */
    void gradBias(float[] dy, int dyOffset, float[] dbias, int dbiasOffset, WriteMode mode);
}
