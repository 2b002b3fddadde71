package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.PoolPlan;

/**
 * 2-D max-pooling: the largest value of each window, which stays the same when the input moves a little. Padding never wins.
 *
 * <p>Input {@code H x W x C}, output {@code P x Q x C}; channels do not mix.
 *
 * @param window taps, strides, padding, dilations
 * @param ceilMode whether a window that begins inside the input but ends outside makes an output, too
 */
public record MaxPool2d(Window window, boolean ceilMode) implements PoolLayer, Windowed2d<MaxPool2d> {

    /** Checks the components. */
    public MaxPool2d {
        Checks.notNull(window, "window");
    }

    /** Windows of {@code size x size} taps side by side, no padding. */
    public static MaxPool2d of(int size) {
        return new MaxPool2d(Window.of(size, size).withStride(size, size), false);
    }

    @Override
    public MaxPool2d withWindow(Window window) {
        return new MaxPool2d(window, ceilMode);
    }

    /** The same with output sizes rounded up. */
    public MaxPool2d ceilMode(boolean ceilMode) {
        return new MaxPool2d(window, ceilMode);
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
    public PoolPlan pooling(int n, Shape in) {
        return PoolPlan.max(window.pooling(n, in, ceilMode));
    }
}
