package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.BroadcastPlan;

/**
 * A function of two inputs, element by element, {@code y = f(a, b)}. Shapes are compared from the last size on, without the batch; a size
 * of 1, or one that is missing, is stretched to the other's: {@code H x W x C} and {@code 1 x 1 x C} give {@code H x W x C}.
 *
 * <p>{@link Add} sums any number of equal shapes, and a predictor fuses it.
 *
 * @param function which one
 */
public record Binary(BinaryFunction function) implements OffsetLayer {

    /** Checks the component. */
    public Binary {
        Checks.notNull(function, "function");
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shapes.checkTwo(inputs);
        return Shapes.broadcast(inputs.get(0), inputs.get(1));
    }

    /** An input of the output's size is not stretched. */
    @Override
    public boolean mayOverwrite(int index) {
        return true;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int rank = binding.output().rank();
        BroadcastPlan plan = BroadcastPlan.of(function, Shapes.batched(binding.batch(), binding.inputs().get(0), rank),
                Shapes.batched(binding.batch(), binding.inputs().get(1), rank));
        return new CodeRun(plan.workspaceFloats(),
                frame -> plan.forward(frame.x(0), frame.xOffset(0), frame.x(1), frame.xOffset(1), frame.y(), frame.yOffset(),
                        frame.workspace()),
                frame -> {
                    if (frame.dx(0) != null) {
                        plan.gradA(frame.x(0), 0, frame.x(1), 0, frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0), frame.workspace());
                    }
                    if (frame.dx(1) != null) {
                        plan.gradB(frame.x(0), 0, frame.x(1), 0, frame.dy(), 0, frame.dx(1), 0, frame.dxMode(1), frame.workspace());
                    }
                });
    }
}
