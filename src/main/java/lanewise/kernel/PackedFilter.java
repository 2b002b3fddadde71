package lanewise.kernel;

import java.util.List;
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
    private final List<PackedFilter> parts;

    PackedFilter(ConvKernel kernel) {
        layout = kernel.filterLayout();
        floats = new float[kernel.packedFloats()];
        parts = List.of();
    }

    /** The filters of a convolution that is a sum of others. */
    PackedFilter(List<PackedFilter> parts) {
        layout = parts.size() + " parts of " + parts.getFirst().layout;
        floats = new float[0];
        this.parts = List.copyOf(parts);
    }

    /** Part {@code index} of a filter of {@code count} parts. */
    PackedFilter part(int index, int count) {
        if (parts.size() != count) {
            throw new IllegalArgumentException("filter is packed as \"" + layout + "\", this plan reads " + count + " parts");
        }
        return parts.get(index);
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
        int length = floats.length;
        for (PackedFilter part : parts) {
            length = Math.addExact(length, part.length());
        }
        return length;
    }

    @Override
    public String toString() {
        return layout;
    }
}
