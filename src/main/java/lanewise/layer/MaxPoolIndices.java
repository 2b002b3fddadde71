package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * Where {@link MaxPool2d} finds its maxima, as numbers: for each window and channel the position of the first maximum in the tensor
 * {@code C x H x W} of the example, {@code c H W + h W + w}, or with {@code columnMajor} {@code c H W + w H + h}. These are the indices
 * of ONNX's MaxPool, but for the examples before.
 *
 * <p>Input {@code H x W x C} of at most 2^24 elements, output {@code P x Q x C}. No gradient flows back.
 *
 * @param window taps, strides, padding, dilations
 * @param ceilMode whether a window that begins inside the input but ends outside makes an output, too
 * @param columnMajor whether the columns of a channel are counted one after the other instead of the rows
 */
public record MaxPoolIndices(Window window, boolean ceilMode, boolean columnMajor) implements OffsetLayer, Windowed2d<MaxPoolIndices> {

    /** Checks the components. */
    public MaxPoolIndices {
        Checks.notNull(window, "window");
    }

    /** Windows of {@code size x size} taps side by side, no padding, counted by rows. */
    public static MaxPoolIndices of(int size) {
        return new MaxPoolIndices(Window.of(size, size).withStride(size, size), false, false);
    }

    @Override
    public MaxPoolIndices withWindow(Window window) {
        return new MaxPoolIndices(window, ceilMode, columnMajor);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs, 3);
        PlaceIndices.checkExact(in);
        return window.pooled(in, ceilMode);
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().through(window);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new MaxPoolIndicesRun(window.pooling(binding.batch(), binding.input(), ceilMode), columnMajor);
    }
}
