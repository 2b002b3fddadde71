package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.internal.Checks;

/**
 * An example with more around it: {@code y[i0, i1, ...] = x[i0 - before[0], i1 - before[1], ...]}, and beyond the edges what the
 * mode says. Where that is an element of x, its gradients add up. More than an axis holds is mirrored, or begun again, as often as
 * it takes.
 *
 * @param mode what is beyond the edges
 * @param before how many are added before each axis, without the batch; each at least 0
 * @param after how many are added after it
 * @param value of {@link PadMode#CONSTANT}; may be infinite
 */
public record Pad(PadMode mode, List<Integer> before, List<Integer> after, float value) implements OffsetLayer {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if there are not as many of each, or one is negative
     */
    public Pad {
        Checks.notNull(mode, "mode");
        before = Checks.copy(before, "before");
        after = Checks.copy(after, "after");
        Axes.sameLength(before, "before", after, "after");
        before.forEach(count -> Checks.atLeast(count, 0, "padding before"));
        after.forEach(count -> Checks.atLeast(count, 0, "padding after"));
    }

    /** A constant. */
    public Pad(List<Integer> before, List<Integer> after, float value) {
        this(PadMode.CONSTANT, before, after, value);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Axes.one(inputs, before.size(), "before " + before);
        List<Integer> dims = new ArrayList<>();
        for (int axis = 0; axis < in.rank(); axis++) {
            long size = (long) before.get(axis) + in.dim(axis) + after.get(axis);
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("axis " + axis + " of " + in + " would have " + size + " elements, more than "
                        + Integer.MAX_VALUE);
            }
            dims.add((int) size);
        }
        return new Shape(dims);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int[][] tables = new int[before.size()][];
        for (int axis = 0; axis < tables.length; axis++) {
            int size = binding.input().dim(axis);
            int first = -before.get(axis);
            tables[axis] = Axes.orWhole(IntStream.range(first, size + after.get(axis)).map(i -> mode.source(i, size)).toArray(), size);
        }
        return GatherRun.of(binding, tables, value);
    }
}
