package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.BinaryFunction;

/**
 * {@code y = x < 0 ? slope x : x} with learned slopes, which are stretched to the input as in {@link Binary}: {@code C} has one for each
 * channel, {@code 1} one for all. They start at 0, are trained, and not decayed.
 *
 * <p><i>Source:</i> He et al., arXiv 1502.01852.
 *
 * @param slope the sizes of the slopes
 */
public record PRelu(Shape slope) implements OffsetLayer {

    /** Checks the component. */
    public PRelu {
        Checks.notNull(slope, "slope");
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.one(inputs);
        Shape output = Shapes.broadcast(input, slope);
        if (!output.equals(input)) {
            throw new IllegalArgumentException("input is " + input + ", the slopes are " + slope + ": they must not be larger");
        }
        return input;
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        return List.of(ParameterSpec.bias("slope", slope));
    }

    @Override
    public boolean mayOverwrite(int index) {
        return true;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new OperandRun(BinaryFunction.PRELU, false, binding);
    }
}
