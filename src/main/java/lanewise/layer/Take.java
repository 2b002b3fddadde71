package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import lanewise.internal.Checks;

/**
 * An axis at chosen places, {@code y[.., i, ..] = x[.., indices[i], ..]}. An index may occur again: its gradients add up.
 *
 * @param axis the axis, without the batch; from the end if negative, so that -1 is the last
 * @param indices at least one, each at least 0
 */
public record Take(int axis, List<Integer> indices) implements OffsetLayer {

    /** Checks the components. */
    public Take {
        indices = Checks.copy(indices, "indices");
        Checks.atLeast(indices.size(), 1, "number of indices");
        indices.forEach(index -> Checks.atLeast(index, 0, "index"));
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs);
        int at = Axes.index(axis, in);
        for (int index : indices) {
            if (index >= in.dim(at)) {
                throw new IllegalArgumentException("index is " + index + ", must be below " + in.dim(at) + ", the size of axis " + at
                        + " of " + in);
            }
        }
        List<Integer> dims = new ArrayList<>(in.dims());
        dims.set(at, indices.size());
        return new Shape(dims);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int at = Axes.index(axis, binding.input());
        int[][] tables = new int[binding.input().rank()][];
        tables[at] = Axes.orWhole(indices.stream().mapToInt(Integer::intValue).toArray(), binding.input().dim(at));
        return GatherRun.of(binding, tables, 0);
    }
}
