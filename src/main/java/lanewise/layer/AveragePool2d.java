package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.PoolPlan;

/**
 * 2-D average pooling: the mean of each window.
 *
 * <p>Input {@code H x W x C}, output {@code P x Q x C}; channels do not mix.
 *
 * @param window taps, strides, padding, dilations
 * @param ceilMode whether a window that begins inside the input but ends outside makes an output, too
 * @param countPadding whether the divisor counts the taps in the padding
 */
public record AveragePool2d(Window window, boolean ceilMode, boolean countPadding) implements PoolLayer, Windowed2d<AveragePool2d> {

    /** Checks the components. */
    public AveragePool2d {
        Checks.notNull(window, "window");
    }

    /** Windows of {@code size x size} taps side by side, no padding. */
    public static AveragePool2d of(int size) {
        return new AveragePool2d(Window.of(size, size).withStride(size, size), false, false);
    }

    @Override
    public AveragePool2d withWindow(Window window) {
        return new AveragePool2d(window, ceilMode, countPadding);
    }

    /** The same with output sizes rounded up. */
    public AveragePool2d ceilMode(boolean ceilMode) {
        return new AveragePool2d(window, ceilMode, countPadding);
    }

    /** The same with another divisor at the border. */
    public AveragePool2d countPadding(boolean countPadding) {
        return new AveragePool2d(window, ceilMode, countPadding);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return window.pooled(Inputs.one(inputs, 3), ceilMode);
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().through(window);
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public PoolPlan pooling(int n, Shape in) {
        return PoolPlan.average(window.pooling(n, in, ceilMode), countPadding);
    }
}
