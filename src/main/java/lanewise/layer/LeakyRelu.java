package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/**
 * {@code y = x < 0 ? alpha x : x}.
 *
 * @param alpha the slope of the negative side
 */
public record LeakyRelu(float alpha) implements ActivationLayer {

    /** Checks that the slope is finite. */
    public LeakyRelu {
        Checks.finite(alpha, "alpha");
    }

    /** The customary slope of 0.01. */
    public LeakyRelu() {
        this(0.01f);
    }

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
        Eltwise.leakyRelu(alpha, x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.leakyReluGradInput(alpha, xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
