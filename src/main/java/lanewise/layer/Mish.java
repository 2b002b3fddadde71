package lanewise.layer;

import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.UnaryFunction;
import lanewise.kernel.WriteMode;

/** {@code y = x tanh(ln(1 + e^x))}. */
public record Mish() implements ActivationLayer {

    @Override
    public Activation activation() {
        return null;
    }

    @Override
    public boolean gradInputReadsOutput() {
        return false;
    }

    @Override
    public void apply(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Eltwise.unary(UnaryFunction.MISH, x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.unaryGradInput(UnaryFunction.MISH, xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
