package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.GatherPlan;

/**
 * An example repeated along its axes of size 1 until it has another shape. The sizes are compared from the last one backwards, as
 * in NumPy: where the input has 1, or no axis any more, the other's size comes out and the input is repeated; where {@code shape}
 * has 1, the input's. Gradients of repeats add up.
 *
 * @param shape what the input is broadcast with, without the batch
 */
public record Expand(Shape shape) implements OffsetLayer {

    /** Checks the component. */
    public Expand {
        Checks.notNull(shape, "shape");
    }

    /** To these sizes. */
    public static Expand to(int... dims) {
        return new Expand(Shape.of(dims));
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs);
        int rank = Math.max(in.rank(), shape.rank());
        List<Integer> dims = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            int mine = size(in, axis, rank);
            int other = size(shape, axis, rank);
            if (mine != other && mine != 1 && other != 1) {
                throw new IllegalArgumentException("input is " + in + ", cannot be broadcast with " + shape + ": sizes " + mine + " and "
                        + other);
            }
            dims.add(Math.max(mine, other));
        }
        return new Shape(dims);
    }

    /** The size at {@code axis} of {@code rank}, 1 where the shape has none. */
    private static int size(Shape shape, int axis, int rank) {
        int own = axis - (rank - shape.rank());
        return own < 0 ? 1 : shape.dim(own);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        Shape out = binding.output();
        int[] dims = new int[out.rank() + 1];
        int[][] tables = new int[out.rank() + 1][];
        dims[0] = binding.batch();
        for (int axis = 0; axis < out.rank(); axis++) {
            dims[axis + 1] = size(binding.input(), axis, out.rank());
            tables[axis + 1] = dims[axis + 1] == out.dim(axis) ? null : new int[out.dim(axis)];
        }
        return GatherRun.of(GatherPlan.of(dims, tables, 0));
    }
}
