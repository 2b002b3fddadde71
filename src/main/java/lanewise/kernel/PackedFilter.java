package lanewise.kernel;

import lanewise.internal.conv.ConvKernel;

/**
 * A filter in the order in which a kernel reads it: opaque, made by {@link ConvPlan#pack}, accepted by every plan whose kernel has
 * the same layout: that of the same layer at another batch size, as a rule, unless Winograd's larger filters pay at one of them only
 * ({@link #toString} is the layout).
 *
 * <p>It is a copy: a change of the weights needs {@link ConvPlan#repack}. Thread use: any number of threads may read it at a time;
 * none while it is packed.
 */
public final class PackedFilter {

    private final String layout;
    private final float[] floats;

    PackedFilter(ConvKernel kernel) {
        layout = kernel.filterLayout();
        floats = new float[kernel.packedFloats()];
    }

    /** Its floats, if they are laid out as {@code kernel} reads them. */
    float[] floatsFor(ConvKernel kernel) {
        if (!layout.equals(kernel.filterLayout()) || floats.length != kernel.packedFloats()) {
            throw new IllegalArgumentException("filter is packed as \"" + layout + "\", this plan reads \"" + kernel.filterLayout() + "\"");
        }
        return floats;
    }

    /** Its size, in floats, not bytes. */
    public int length() {
        return floats.length;
    }

    @Override
    public String toString() {
        return layout;
    }
}
