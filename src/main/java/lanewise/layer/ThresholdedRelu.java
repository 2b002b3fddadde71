package lanewise.layer;

import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/**
 * {@code y = x > alpha ? x : 0}.
 *
 * @param alpha the threshold
 */
public record ThresholdedRelu(float alpha) implements ActivationLayer {

    /** Checks that the threshold is finite. */
    public ThresholdedRelu {
        Checks.finite(alpha, "alpha");
    }

    /** A threshold of 1. */
    public ThresholdedRelu() {
        this(1);
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
        Eltwise.thresholdedRelu(alpha, x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.thresholdedReluGradInput(alpha, xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
