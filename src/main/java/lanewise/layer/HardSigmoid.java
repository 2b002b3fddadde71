package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/**
 * {@code y = min(max(alpha x + beta, 0), 1)}.
 *
 * @param alpha the slope
 * @param beta the value at 0
 */
public record HardSigmoid(float alpha, float beta) implements ActivationLayer {

    /** Checks the components. */
    public HardSigmoid {
        Checks.finite(alpha, "alpha");
        Checks.finite(beta, "beta");
    }

    /** The slope of MobileNetV3: {@code y = min(max(x / 6 + 1/2, 0), 1)}. */
    public HardSigmoid() {
        this(1 / 6f, 0.5f);
    }

    @Override
    public Activation activation() {
        return alpha == 1 / 6f && beta == 0.5f ? Activation.HARD_SIGMOID : null;
    }

    @Override
    public boolean gradInputReadsOutput() {
        return true;
    }

    @Override
    public void apply(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Eltwise.hardSigmoid(alpha, beta, x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.hardSigmoidGradInput(alpha, xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
