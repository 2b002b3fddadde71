package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/**
 * {@code y = gamma (x < 0 ? alpha (e^x - 1) : x)}.
 *
 * @param alpha of the negative side, above 0
 * @param gamma factor of both sides, above 0
 */
public record Selu(float alpha, float gamma) implements ActivationLayer {

    /** Checks the components. */
    public Selu {
        Checks.positive(alpha, "alpha");
        Checks.positive(gamma, "gamma");
    }

    /** The constants that keep mean 0 and variance 1 (Klambauer et al., arXiv 1706.02515). */
    public Selu() {
        this(1.6732632f, 1.050701f);
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
        Eltwise.selu(alpha, gamma, x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.seluGradInput(alpha, gamma, xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
