package lanewise.layer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.ReduceFunction;
import lanewise.kernel.ReducePlan;

/**
 * One number of all elements along some axes: their mean, their largest, and so on. The axes stay with size 1, or vanish; if all vanish,
 * the output has the shape 1.
 *
 * @param function what is made of them
 * @param axes which axes of an example, from 0; the batch is none
 * @param keepDims whether the axes stay
 */
public record Reduction(ReduceFunction function, List<Integer> axes, boolean keepDims) implements OffsetLayer {

    /** Checks that there is an axis, none is negative and none occurs twice. */
    public Reduction {
        Checks.notNull(function, "function");
        axes = Checks.copy(axes, "axes");
        if (axes.isEmpty()) {
            throw new IllegalArgumentException("axes are " + axes + ", must be at least one");
        }
        axes.forEach(axis -> Checks.atLeast(axis, 0, "axis"));
        if (new HashSet<>(axes).size() < axes.size()) {
            throw new IllegalArgumentException("axes are " + axes + ", one of them twice");
        }
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.one(inputs);
        for (int axis : axes) {
            if (axis >= input.rank()) {
                throw new IllegalArgumentException("input is " + input + " with " + input.rank() + " axes, none is number " + axis);
            }
        }
        List<Integer> sizes = new ArrayList<>();
        for (int axis = 0; axis < input.rank(); axis++) {
            if (!axes.contains(axis)) {
                sizes.add(input.dim(axis));
            } else if (keepDims) {
                sizes.add(1);
            }
        }
        return sizes.isEmpty() ? Shape.of(1) : new Shape(sizes);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        Shape input = binding.input();
        boolean[] reduced = new boolean[input.rank()];
        axes.forEach(axis -> reduced[axis] = true);
        ReducePlan plan = ReducePlan.of(function, binding.batch(), Shapes.sizes(input), reduced);
        return CodeRun.ofInput(0,
                frame -> plan.forward(frame.x(0), frame.xOffset(0), frame.y(), frame.yOffset()),
                frame -> plan.gradInput(frame.x(0), 0, frame.y(), 0, frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0)));
    }
}
