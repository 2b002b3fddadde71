package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.PoolPlan;

/**
 * 1-D max-pooling: the largest value of each window, which stays the same when the input moves a little. Padding never wins.
 *
 * <p>Input {@code W x C}, output {@code Q x C}; channels do not mix.
 *
 * @param window taps, strides, padding, dilations
 * @param ceilMode whether a window that begins inside the input but ends outside makes an output, too
 */
public record MaxPool1d(Window window, boolean ceilMode) implements PoolLayer, Windowed1d<MaxPool1d> {

    /** Checks the components. */
    public MaxPool1d {
        Checks.notNull(window, "window");
        Filters.checkLine(window);
    }

    /** Windows of {@code size} taps side by side, no padding. */
    public static MaxPool1d of(int size) {
        return new MaxPool1d(Window.of(1, size).withStride(1, size), false);
    }

    @Override
    public MaxPool1d withWindow(Window window) {
        return new MaxPool1d(window, ceilMode);
    }

    /** The same with output sizes rounded up. */
    public MaxPool1d ceilMode(boolean ceilMode) {
        return new MaxPool1d(window, ceilMode);
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
        return PoolPlan.max(window.pooling(n, in, ceilMode));
    }
}
