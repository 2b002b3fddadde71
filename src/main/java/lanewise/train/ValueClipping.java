package lanewise.train;

import lanewise.internal.Checks;
import lanewise.kernel.Eltwise;
import lanewise.kernel.Reduce;
import lanewise.layer.Gradients;

/** {@link GradientClipping#value}. */
final class ValueClipping implements GradientClipping {

    private final float max;
    private final Gradients.RangeAction clip = this::clip;

    private float[] g;
    private float largest;

    ValueClipping(float max) {
        this.max = max;
    }

    @Override
    public double apply(Gradients gradients) {
        g = Checks.notNull(gradients, "gradients").values();
        largest = 0;
        gradients.forEachRange(clip);
        return largest;
    }

    private void clip(int from, int to, boolean decayed) {
        int length = to - from;
        largest = Math.max(largest, Math.max(Reduce.max(g, from, length), -Reduce.min(g, from, length))); // NaN wins
        Eltwise.clip(-max, max, g, from, g, from, length);
    }

    /** The number chosen. */
    @Override
    public String toString() {
        return "Value clipping, max=" + max;
    }
}
