package lanewise.train;

import lanewise.internal.Checks;
import lanewise.kernel.Eltwise;
import lanewise.kernel.Reduce;
import lanewise.layer.Gradients;

/** {@link GradientClipping#norm}. */
final class NormClipping implements GradientClipping {

    /** Below it, squares of floats may have underflowed. */
    private static final double LEAST = 0x1p-90;

    private final double max;
    private final Gradients.RangeAction sum = this::sum;
    private final Gradients.RangeAction sumInDouble = this::sumInDouble;
    private final Gradients.RangeAction scale = this::scale;

    private float[] g;
    private double squares;
    private float factor;

    NormClipping(double max) {
        this.max = max;
    }

    @Override
    public double apply(Gradients gradients) {
        g = Checks.notNull(gradients, "gradients").values();
        squares = 0;
        gradients.forEachRange(sum);
        if (!(squares >= LEAST && squares < Double.POSITIVE_INFINITY)) {
            squares = 0;
            gradients.forEachRange(sumInDouble);
        }
        double norm = Math.sqrt(squares);
        if (norm > max && norm < Double.POSITIVE_INFINITY) {
            factor = (float) (max / norm);
            gradients.forEachRange(scale);
        }
        return norm;
    }

    private void sum(int from, int to, boolean decayed) {
        squares += Reduce.sumOfSquares(g, from, to - from);
    }

    /** Slower, but squares of floats neither overflow nor underflow. */
    private void sumInDouble(int from, int to, boolean decayed) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) g[i] * g[i];
        }
        squares += sum;
    }

    private void scale(int from, int to, boolean decayed) {
        Eltwise.scale(factor, g, from, g, from, to - from);
    }

    /** The number chosen. */
    @Override
    public String toString() {
        return "Norm clipping, max=" + max;
    }
}
