package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/**
 * {@code y = x < 0 ? alpha (e^x - 1) : x}.
 *
 * @param alpha minus the limit at -infinity, above 0
 */
public record Elu(float alpha) implements ActivationLayer {

    /** Checks the component. */
    public Elu {
        Checks.positive(alpha, "alpha");
    }

    /** An alpha of 1. */
    public Elu() {
        this(1);
    }

    @Override
    public Activation activation() {
        return null;
    }

    @Override
    public boolean gradInputReadsOutput() {
        return true;
    }

    @Override
    public void apply(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Eltwise.elu(alpha, x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.eluGradInput(alpha, xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
