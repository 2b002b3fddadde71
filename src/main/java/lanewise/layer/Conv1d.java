package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * 1-D convolution of signals, as in every deep-learning library the cross-correlation
 *
 * <pre>y[q,k] = f(bias[k] + sum over s, c of x[q stride + s dilation - padLeft, c] w[s,c,k])</pre>
 *
 * <p>Input {@code W x C}, output {@code Q x K}, weight {@code S x C/groups x K}, bias {@code K}. A filter of radius R has
 * {@code 2 R + 1} taps: see {@link #ofRadius}.
 *
 * @param filters channels of the output, K
 * @param window taps, strides, padding, dilations
 * @param groups parts into which channels are cut; output part g sees input part g only
 * @param bias whether a bias is added
 * @param activation f, one whose gradient is a function of its output
 * @param initializer how the weight starts
 */
public record Conv1d(int filters, Window window, int groups, boolean bias, Activation activation, Initializer initializer)
        implements ConvolutionLayer, Windowed1d<Conv1d> {

    /** Checks the components. */
    public Conv1d {
        Filters.check(filters, window, groups);
        Filters.checkLine(window);
        FilterRun.checkFusable(Checks.notNull(activation, "activation"));
        Checks.notNull(initializer, "initializer");
    }

    /** {@code filters} of {@code taps}, stride 1, no padding, bias, no activation, He initialisation. */
    public static Conv1d of(int filters, int taps) {
        return new Conv1d(filters, Window.of(1, taps), 1, true, Activation.NONE, Initializer.HE_NORMAL);
    }

    /** {@code filters} that see {@code radius} samples to each side, padded so that the signal keeps its length. */
    public static Conv1d ofRadius(int filters, int radius) {
        return of(filters, 2 * Checks.atLeast(radius, 0, "radius") + 1).same();
    }

    @Override
    public Conv1d withWindow(Window window) {
        return new Conv1d(filters, window, groups, bias, activation, initializer);
    }

    /** The same in groups. */
    public Conv1d groups(int groups) {
        return new Conv1d(filters, window, groups, bias, activation, initializer);
    }

    /** The same without bias, as before a batch normalisation. */
    public Conv1d withoutBias() {
        return new Conv1d(filters, window, groups, false, activation, initializer);
    }

    /** The same with an activation fused in. */
    public Conv1d activation(Activation activation) {
        return new Conv1d(filters, window, groups, bias, activation, initializer);
    }

    /** The same with ReLU fused in. */
    public Conv1d relu() {
        return activation(Activation.RELU);
    }

    /** The same with another start. */
    public Conv1d initializer(Initializer initializer) {
        return new Conv1d(filters, window, groups, bias, activation, initializer);
    }

    @Override
    public ConvShape convolution(int n, Shape in) {
        return window.convolution(n, in, filters, groups);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs, 2);
        return Filters.outputShape(in, convolution(1, in));
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        Shape in = inputs.getFirst();
        return Filters.parameters(in, convolution(1, in), bias, initializer);
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().through(window);
    }
}
