package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.UnaryFunction;
import lanewise.kernel.WriteMode;

/**
 * A function of each element, {@code y = f(x)}.
 *
 * @param function which one
 */
public record Unary(UnaryFunction function) implements ActivationLayer {

    /** Checks the component. */
    public Unary {
        Checks.notNull(function, "function");
    }

    @Override
    public Activation activation() {
        return null;
    }

    @Override
    public boolean gradInputReadsOutput() {
        return function.gradInputReadsOutput();
    }

    @Override
    public void apply(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Eltwise.unary(function, x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.unaryGradInput(function, xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
