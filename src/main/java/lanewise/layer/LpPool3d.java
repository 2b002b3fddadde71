package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;

/**
 * 3-D Lp-pooling {@code (sum over the window of |x|^p)^(1/p)}: between a sum (p = 1) and a maximum (p large).
 *
 * <p>Input {@code D x H x W x C}, output {@code O x P x Q x C}; channels do not mix. Every window must see an element of the input.
 *
 * @param window taps, strides, padding, dilations
 * @param ceilMode whether a window that begins inside the input but ends outside makes an output, too
 * @param p the exponent, at least 1
 */
public record LpPool3d(Window3d window, boolean ceilMode, float p) implements OffsetLayer {

    /** Checks the components. */
    public LpPool3d {
        Checks.notNull(window, "window");
        Norms.checkExponent(p);
    }

    /** Windows of {@code size x size x size} taps side by side, no padding. */
    public static LpPool3d of(int size, float p) {
        return new LpPool3d(Window3d.of(size).withStrides(size, size, size), false, p);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Pool3dRun.outputShape(inputs, window, ceilMode);
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().through(window.slice());
    }

    @Override
    public LayerRun newRun(Binding binding) {
        PoolShape slices = window.slicePooling(binding.batch(), binding.input(), ceilMode);
        PoolShape depth = Pool3dRun.depth(binding.batch(), binding.input(), window, ceilMode, slices);
        return new Pool3dRun(PoolPlan.lp(slices, p), PoolPlan.lp(depth, p));
    }
}
