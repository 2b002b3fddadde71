package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * 1-D transposed convolution: the map whose gradient by its input is a {@link Conv1d}. Each input element stamps its filter, scaled,
 * onto the output,
 *
 * <pre>y[q stride + s dilation - padLeft, k] += x[q,c] w[s,k,c]</pre>
 *
 * <p>then bias and activation follow. Input {@code W x C}, output {@code ((W - 1) stride - padLeft - padRight +
 * dilation (S - 1) + 1 + outputPadding) x K}, weight {@code S x K/groups x C}, bias {@code K}.
 *
 * @param filters channels of the output, K
 * @param window taps, strides, padding, dilations
 * @param outputPadding samples added at the end, less than the stride
 * @param groups parts into which channels are cut; output part g sees input part g only
 * @param bias whether a bias is added
 * @param activation f, one whose gradient is a function of its output
 * @param initializer how the weight starts
 */
public record ConvTranspose1d(int filters, Window window, int outputPadding, int groups, boolean bias,
                              Activation activation, Initializer initializer)
        implements TransposedLayer, Windowed1d<ConvTranspose1d> {

    /** Checks the components. */
    public ConvTranspose1d {
        Filters.check(filters, window, groups);
        Filters.checkLine(window);
        Checks.atLeast(outputPadding, 0, "outputPadding");
        FilterRun.checkFusable(Checks.notNull(activation, "activation"));
        Checks.notNull(initializer, "initializer");
    }

    /** {@code filters} of {@code taps}, stride 1, no padding, bias, no activation, He initialisation. */
    public static ConvTranspose1d of(int filters, int taps) {
        return new ConvTranspose1d(filters, Window.of(1, taps), 0, 1, true, Activation.NONE, Initializer.HE_NORMAL);
    }

    @Override
    public ConvTranspose1d withWindow(Window window) {
        return new ConvTranspose1d(filters, window, outputPadding, groups, bias, activation, initializer);
    }

    /** The same with samples added at the end, to undo a stride that did not divide. */
    public ConvTranspose1d outputPadding(int outputPadding) {
        return new ConvTranspose1d(filters, window, outputPadding, groups, bias, activation, initializer);
    }

    /** The same in groups. */
    public ConvTranspose1d groups(int groups) {
        return new ConvTranspose1d(filters, window, outputPadding, groups, bias, activation, initializer);
    }

    /** The same without bias, as before a batch normalisation. */
    public ConvTranspose1d withoutBias() {
        return new ConvTranspose1d(filters, window, outputPadding, groups, false, activation, initializer);
    }

    /** The same with an activation fused in. */
    public ConvTranspose1d activation(Activation activation) {
        return new ConvTranspose1d(filters, window, outputPadding, groups, bias, activation, initializer);
    }

    /** The same with ReLU fused in. */
    public ConvTranspose1d relu() {
        return activation(Activation.RELU);
    }

    /** The same with another start. */
    public ConvTranspose1d initializer(Initializer initializer) {
        return new ConvTranspose1d(filters, window, outputPadding, groups, bias, activation, initializer);
    }

    @Override
    public ConvShape mirror(int n, Shape in) {
        return Filters.mirror(n, in, window, filters, 0, outputPadding, groups);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs, 2);
        return Filters.transposedShape(in, mirror(1, in));
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        Shape in = inputs.getFirst();
        return Filters.transposedParameters(in, mirror(1, in), bias, initializer);
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().throughTransposed(window);
    }
}
