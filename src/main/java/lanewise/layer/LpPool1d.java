package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.PoolPlan;

/**
 * 1-D Lp-pooling {@code (sum over the window of |x|^p)^(1/p)}: between a sum (p = 1) and a maximum (p large).
 *
 * <p>Input {@code W x C}, output {@code Q x C}; channels do not mix.
 *
 * @param window taps, strides, padding, dilations
 * @param ceilMode whether a window that begins inside the input but ends outside makes an output, too
 * @param p the exponent, at least 1
 */
public record LpPool1d(Window window, boolean ceilMode, float p) implements PoolLayer, Windowed1d<LpPool1d> {

    /** Checks the components. */
    public LpPool1d {
        Checks.notNull(window, "window");
        Filters.checkLine(window);
        Norms.checkExponent(p);
    }

    /** Windows of {@code size} taps side by side, no padding. */
    public static LpPool1d of(int size, float p) {
        return new LpPool1d(Window.of(1, size).withStride(1, size), false, p);
    }

    @Override
    public LpPool1d withWindow(Window window) {
        return new LpPool1d(window, ceilMode, p);
    }

    /** The same with output sizes rounded up. */
    public LpPool1d ceilMode(boolean ceilMode) {
        return new LpPool1d(window, ceilMode, p);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return window.pooled(Inputs.one(inputs, 2), ceilMode);
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().through(window);
    }

    @Override
    public PoolPlan pooling(int n, Shape in) {
        return PoolPlan.lp(window.pooling(n, in, ceilMode), p);
    }
}
