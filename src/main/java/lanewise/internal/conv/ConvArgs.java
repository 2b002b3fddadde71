package lanewise.internal.conv;

import lanewise.kernel.Activation;

/**
 * The arguments of one running call, checked by the plan. Mutable and kept in the workspace, so that a call allocates nothing; a
 * kernel only reads it.
 *
 * <p>{@code source} is x, or dy for {@code gradInput}; {@code filter} is packed; {@code dy} is there for {@code gradWeight} only;
 * {@code out} is y, dx or dw.
 */
public final class ConvArgs {

    /** The most parts that a call is cut into. */
    static final int PARTS = 8;

    /** What parts of a call are given by its kernel; they have no parts themselves. */
    final ConvArgs[] parts;

    public float[] source;
    public int sourceOffset;
    public float[] filter;
    public int filterOffset;
    public float[] dy;
    public int dyOffset;
    /** Null for none. */
    public float[] bias;
    public int biasOffset;
    public Activation activation = Activation.NONE;
    /** What follows an activation that is applied to finished sums in memory. */
    public float scale = 1;
    public float shift;
    /** Whether to add to {@code out}. */
    public boolean plus;
    public float[] out;
    public int outOffset;
    /** Distance of two output pixels, in floats: their channels, or more if the output is a part of wider pixels. */
    public int outStride;
    /** Dense like an output, added before the activation; null for none. It may be {@code out} itself. */
    public float[] residual;
    public int residualOffset;
    /** Where the largest pixel of each window of a max-pooling is, see {@link MaximaGradWeight}; null if nobody wants to know. */
    public int[] places;
    public int placesOffset;

    /** Of a call, with those of its parts. */
    public ConvArgs() {
        parts = new ConvArgs[PARTS];
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new ConvArgs(new ConvArgs[0]);
        }
    }

    private ConvArgs(ConvArgs[] parts) {
        this.parts = parts;
    }

    /** Lets go of the caller's arrays. */
    public void clear() {
        for (int i = 0; i < parts.length; i++) {
            parts[i].clear();
        }
        source = null;
        filter = null;
        dy = null;
        bias = null;
        out = null;
        residual = null;
        places = null;
        activation = Activation.NONE;
    }
}
