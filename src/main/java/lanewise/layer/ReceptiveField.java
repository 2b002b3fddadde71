package lanewise.layer;

import java.util.List;

/**
 * The patch of the network's input that one element of a layer's output depends on, when borders are left aside. A window of
 * {@code k} taps at dilation {@code d} and stride {@code s} widens it by
 *
 * <pre>size' = size + (k - 1) d jump,   jump' = jump s</pre>
 *
 * <p>so that two stacked 3 x 3 convolutions see 5 x 5 pixels, three see 7 x 7.
 *
 * @param height rows that are seen; {@link #ALL} when the whole input is
 * @param width columns that are seen
 * @param jumpH rows between the patches of two neighbours; below 1 after a transposed convolution
 * @param jumpW columns between them
 */
public record ReceptiveField(long height, long width, double jumpH, double jumpW) {

    /** Stands for "the whole input". */
    public static final long ALL = Long.MAX_VALUE;

    /** An input element sees itself. */
    public static final ReceptiveField ONE = new ReceptiveField(1, 1, 1, 1);

    /** What a unit sees that is connected to everything. */
    public static final ReceptiveField WHOLE = new ReceptiveField(ALL, ALL, 1, 1);

    /** After a window of {@code r x s} taps. */
    public ReceptiveField through(Window window) {
        return new ReceptiveField(
                widened(height, (window.r() - 1L) * window.dilationH() * jumpH),
                widened(width, (window.s() - 1L) * window.dilationW() * jumpW),
                jumpH * window.strideH(), jumpW * window.strideW());
    }

    /** After a transposed window: of its taps, one in {@code stride} meets an input element. */
    public ReceptiveField throughTransposed(Window window) {
        return new ReceptiveField(
                widened(height, ((long) (window.r() - 1) * window.dilationH() / window.strideH()) * jumpH),
                widened(width, ((long) (window.s() - 1) * window.dilationW() / window.strideW()) * jumpW),
                jumpH / window.strideH(), jumpW / window.strideW());
    }

    private static long widened(long size, double by) {
        return size == ALL ? ALL : size + Math.round(by);
    }

    /** The widest of several inputs on each axis. */
    public static ReceptiveField widest(List<ReceptiveField> seen) {
        ReceptiveField widest = seen.getFirst();
        for (ReceptiveField field : seen) {
            widest = new ReceptiveField(Math.max(widest.height, field.height), Math.max(widest.width, field.width),
                    Math.max(widest.jumpH, field.jumpH), Math.max(widest.jumpW, field.jumpW));
        }
        return widest;
    }

    /** {@code 5x5}, {@code 1x9} or {@code all}. */
    @Override
    public String toString() {
        return height == ALL && width == ALL ? "all" : (height == ALL ? "all" : height) + "x" + (width == ALL ? "all" : width);
    }
}
