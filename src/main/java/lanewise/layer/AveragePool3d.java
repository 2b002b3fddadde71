package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;

/**
 * 3-D average pooling: the mean of each window.
 *
 * <p>Input {@code D x H x W x C}, output {@code O x P x Q x C}; channels do not mix. Every window must see an element of the input.
 *
 * @param window taps, strides, padding, dilations
 * @param ceilMode whether a window that begins inside the input but ends outside makes an output, too
 * @param countPadding whether the divisor counts the taps in the padding
 */
public record AveragePool3d(Window3d window, boolean ceilMode, boolean countPadding) implements OffsetLayer {

    /** Checks the components. */
    public AveragePool3d {
        Checks.notNull(window, "window");
    }

    /** Windows of {@code size x size x size} taps side by side, no padding. */
    public static AveragePool3d of(int size) {
        return new AveragePool3d(Window3d.of(size).withStrides(size, size, size), false, false);
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
        return new Pool3dRun(PoolPlan.average(slices, countPadding), PoolPlan.average(depth, countPadding));
    }
}
