package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.PoolPlan;

/**
 * 1-D average pooling: the mean of each window.
 *
 * <p>Input {@code W x C}, output {@code Q x C}; channels do not mix.
 *
 * @param window taps, strides, padding, dilations
 * @param ceilMode whether a window that begins inside the input but ends outside makes an output, too
 * @param countPadding whether the divisor counts the taps in the padding
 */
public record AveragePool1d(Window window, boolean ceilMode, boolean countPadding) implements PoolLayer, Windowed1d<AveragePool1d> {

    /** Checks the components. */
    public AveragePool1d {
        Checks.notNull(window, "window");
        Filters.checkLine(window);
    }

    /** Windows of {@code size} taps side by side, no padding. */
    public static AveragePool1d of(int size) {
        return new AveragePool1d(Window.of(1, size).withStride(1, size), false, false);
    }

    @Override
    public AveragePool1d withWindow(Window window) {
        return new AveragePool1d(window, ceilMode, countPadding);
    }

    /** The same with output sizes rounded up. */
    public AveragePool1d ceilMode(boolean ceilMode) {
        return new AveragePool1d(window, ceilMode, countPadding);
    }

    /** The same with another divisor at the border. */
    public AveragePool1d countPadding(boolean countPadding) {
        return new AveragePool1d(window, ceilMode, countPadding);
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
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public PoolPlan pooling(int n, Shape in) {
        return PoolPlan.average(window.pooling(n, in, ceilMode), countPadding);
    }
}
