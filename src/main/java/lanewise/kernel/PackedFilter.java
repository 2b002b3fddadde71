package lanewise.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import lanewise.internal.conv.ConvKernel;
import lanewise.internal.simd.Simd;

/**
 * A filter in the order in which a kernel reads it: opaque, made by {@link ConvPlan#pack}, accepted by every plan whose kernel has
 * the same layout: that of the same layer at another batch size, as a rule, unless Winograd's larger filters, or the wide panels of a
 * dense layer, pay at one of them only ({@link #toString} is the layout).
 *
 * <p>It is a copy: a change of the weights needs {@link ConvPlan#repack}. Thread use: any number of threads may read it at a time;
 * none while it is packed.
 */
public final class PackedFilter {

    /** Filters in one array begin at multiples of it, so that each lies at the cache lines as it would in an array of its own. */
    private static final int GRAIN = 16;

    /** The most floats of an array of several filters; larger ones have an array to themselves. */
    private static final int TOGETHER = 1 << 26;

    private final String layout;
    private final float[] floats;
    private final int offset;
    private final boolean alone;
    private final int length;
    private final List<PackedFilter> parts;

    /** A filter in an array of its own. */
    PackedFilter(ConvKernel kernel) {
        this(kernel, new float[Math.toIntExact(arrayFloats(kernel.packedFloats()))], 0, true);
    }

    private PackedFilter(ConvKernel kernel, float[] floats, int offset, boolean alone) {
        layout = kernel.filterLayout();
        this.floats = floats;
        this.offset = offset;
        this.alone = alone;
        length = kernel.packedFloats();
        parts = List.of();
    }

    /**
     * Floats of the array of a filter by itself: more than {@code length} where a longer one lies at cache lines, since vectors that lie in
     * two of them cost a product up to a tenth of its speed.
     */
    static long arrayFloats(int length) {
        return Simd.largeLength(length);
    }

    /** The filters of a convolution that is a sum of others. */
    PackedFilter(List<PackedFilter> parts) {
        layout = layout(parts.stream().map(part -> part.layout).toList());
        floats = new float[0];
        offset = 0;
        alone = true;
        length = parts.stream().mapToInt(PackedFilter::length).reduce(0, Math::addExact);
        this.parts = List.copyOf(parts);
    }

    static String layout(List<String> parts) {
        return parts.size() + " parts of " + String.join(", ", new LinkedHashSet<>(parts));
    }

    /** A filter for each kernel, as many as fit in one array. */
    static List<PackedFilter> together(List<ConvKernel> kernels) {
        List<PackedFilter> filters = new ArrayList<>();
        for (int first = 0; first < kernels.size(); first = filters.size()) {
            long floats = 0;
            int end = first;
            while (end < kernels.size() && (end == first || floats + kernels.get(end).packedFloats() <= TOGETHER)) {
                floats += roundUp(kernels.get(end++).packedFloats());
            }
            float[] array = new float[Math.toIntExact(Simd.largeLength(floats))];
            for (int i = first, offset = 0; i < end; i++) {
                filters.add(new PackedFilter(kernels.get(i), array, offset, false));
                offset += roundUp(kernels.get(i).packedFloats());
            }
        }
        return filters;
    }

    private static int roundUp(int floats) {
        return Simd.roundUp(floats, GRAIN);
    }

    /** Part {@code index} of a filter of {@code count} parts. */
    PackedFilter part(int index, int count) {
        if (parts.size() != count) {
            throw new IllegalArgumentException("filter is packed as \"" + layout + "\", this plan reads " + count + " parts");
        }
        return parts.get(index);
    }

    /** Its floats, from {@link #offset} on, if they are laid out as {@code kernel} reads them. */
    float[] floatsFor(ConvKernel kernel) {
        if (!layout.equals(kernel.filterLayout()) || length != kernel.packedFloats()) {
            throw new IllegalArgumentException("filter is packed as \"" + layout + "\", this plan reads \"" + kernel.filterLayout() + "\"");
        }
        return floats;
    }

    /** Where its floats begin. */
    int offset() {
        return offset;
    }

    /** Packs weights for {@code kernel}, whose layout it has: by way of a copy, if the array is not its own. */
    void pack(ConvKernel kernel, float[] w, int wOffset) {
        float[] to = floatsFor(kernel);
        if (isAlone()) {
            kernel.pack(w, wOffset, to);
        } else {
            float[] own = new float[length];
            kernel.pack(w, wOffset, own);
            System.arraycopy(own, 0, to, offset, length);
        }
    }

    /** Whether no other filter lies in its array. */
    boolean isAlone() {
        return alone;
    }

    /** Its size, in floats, not bytes. */
    public int length() {
        return length;
    }

    @Override
    public String toString() {
        return layout;
    }
}
