package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/**
 * {@code y = x / (1 + e^(-alpha x))}, also called swish.
 *
 * @param alpha the factor, not 0
 */
public record Silu(float alpha) implements ActivationLayer {

    /** Checks that the factor is finite and not 0. */
    public Silu {
        Checks.finite(alpha, "alpha");
        Checks.require(alpha != 0, "alpha", alpha, "must not be 0");
    }

    /** The usual factor of 1. */
    public Silu() {
        this(1);
    }

    @Override
    public Activation activation() {
        return alpha == 1 ? Activation.SILU : null;
    }

    @Override
    public boolean gradInputReadsOutput() {
        return false;
    }

    @Override
    public void apply(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Eltwise.silu(alpha, x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.siluGradInput(alpha, xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
