package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.BinaryFunction;

/**
 * A function of the input and a learned operand that all examples share, element by element: {@code y = f(x, operand)}, or
 * {@code f(operand, x)}. Shapes are stretched to each other as in {@link Binary}, without the batch, so the output may be larger than the
 * input.
 *
 * <p>The operand is trained, but not decayed. It starts so that the function does nothing where there is such a start: with zeros for
 * sums and differences, with ones for products, quotients and powers; with zeros for the rest.
 *
 * @param function which one
 * @param operand the operand's sizes
 * @param operandFirst whether it is the function's first argument
 */
public record BinaryParameter(BinaryFunction function, Shape operand, boolean operandFirst) implements OffsetLayer {

    /** Checks the components. */
    public BinaryParameter {
        Checks.notNull(function, "function");
        Checks.notNull(operand, "operand");
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shapes.broadcast(Inputs.one(inputs), operand);
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        boolean factor = function == BinaryFunction.MULTIPLY || function == BinaryFunction.DIVIDE || function == BinaryFunction.POWER;
        Initializer start = factor ? Initializer.ONES : Initializer.ZEROS;
        return List.of(new ParameterSpec("operand", operand, ParameterSpec.Role.BIAS, start, 1, 1));
    }

    /** An input of the output's size is not stretched. */
    @Override
    public boolean mayOverwrite(int index) {
        return true;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new OperandRun(function, operandFirst, binding);
    }
}
