package lanewise.layer;

import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.kernel.WriteMode;

/**
 * {@code y = min(max(x, min), max)}. A bound of {@code Float.MAX_VALUE} or beyond, of either sign, is none.
 *
 * @param min the lower bound
 * @param max the upper bound, at least min
 */
public record Clip(float min, float max) implements ActivationLayer {

    /** Checks that the bounds are numbers in this order. */
    public Clip {
        if (!(min <= max)) {
            throw new IllegalArgumentException("min is " + min + ", must be at most max, which is " + max);
        }
    }

    /** ReLU and ReLU6 are clips. */
    @Override
    public Activation activation() {
        if (min == 0 && max == 6) {
            return Activation.RELU6;
        }
        return min == 0 && max >= Float.MAX_VALUE ? Activation.RELU : null;
    }

    private float low() {
        return min <= -Float.MAX_VALUE ? Float.NEGATIVE_INFINITY : min;
    }

    private float high() {
        return max >= Float.MAX_VALUE ? Float.POSITIVE_INFINITY : max;
    }

    @Override
    public boolean gradInputReadsOutput() {
        return true;
    }

    @Override
    public void apply(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Eltwise.clip(low(), high(), x, xOffset, y, yOffset, length);
    }

    @Override
    public void gradInput(float[] xOrY, float[] dy, float[] dx, int offset, int length, WriteMode mode) {
        Eltwise.clipGradInput(low(), high(), xOrY, offset, dy, offset, dx, offset, length, mode);
    }
}
