package lanewise.layer;

import java.util.List;
import java.util.stream.IntStream;
import lanewise.internal.Checks;

/**
 * A regular part of every axis, {@code y[i0, i1, ...] = x[starts[0] + i0 steps[0], starts[1] + i1 steps[1], ...]}, without the
 * batch. A negative step goes backwards.
 *
 * @param starts the first index of each axis
 * @param sizes how many are taken, each at least 1
 * @param steps from one to the next, not 0
 */
public record Slice(List<Integer> starts, List<Integer> sizes, List<Integer> steps) implements OffsetLayer {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if there are not as many of each, a start is negative, a size below 1 or a step 0
     */
    public Slice {
        starts = Checks.copy(starts, "starts");
        sizes = Checks.copy(sizes, "sizes");
        steps = Checks.copy(steps, "steps");
        Axes.sameLength(starts, "starts", sizes, "sizes");
        Axes.sameLength(starts, "starts", steps, "steps");
        starts.forEach(start -> Checks.atLeast(start, 0, "start"));
        sizes.forEach(size -> Checks.atLeast(size, 1, "size"));
        if (steps.contains(0)) {
            throw new IllegalArgumentException("steps are " + steps + ", must not be 0");
        }
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Axes.one(inputs, starts.size(), "starts " + starts);
        for (int axis = 0; axis < in.rank(); axis++) {
            long last = starts.get(axis) + (sizes.get(axis) - 1L) * steps.get(axis);
            if (starts.get(axis) >= in.dim(axis) || last < 0 || last >= in.dim(axis)) {
                throw new IllegalArgumentException("slice of axis " + axis + " reads " + starts.get(axis) + " to " + last
                        + ", must be within 0 to " + (in.dim(axis) - 1) + " of " + in);
            }
        }
        return new Shape(sizes);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int[][] tables = new int[starts.size()][];
        for (int axis = 0; axis < tables.length; axis++) {
            int start = starts.get(axis);
            int step = steps.get(axis);
            tables[axis] = Axes.orWhole(IntStream.range(0, sizes.get(axis)).map(i -> start + i * step).toArray(),
                    binding.input().dim(axis));
        }
        return GatherRun.of(binding, tables, 0);
    }
}
