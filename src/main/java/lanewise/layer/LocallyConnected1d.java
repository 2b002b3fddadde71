package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * 1-D locally connected layer: {@link Conv1d} without weight sharing, a filter and a bias of its own at every place of the output.
 *
 * <pre>y[q,k] = f(bias[q,k] + sum over s, c of x[q stride + s dilation - padLeft, c] w[q,s,c,k])</pre>
 *
 * <p>Input {@code W x C}, output {@code Q x K}, weight {@code Q x S x C x K}, bias {@code Q x K}.
 *
 * @param filters channels of the output, K
 * @param window taps, strides, padding, dilations
 * @param bias whether a bias is added
 * @param activation f, one whose gradient is a function of its output
 * @param initializer how the weight starts
 */
public record LocallyConnected1d(int filters, Window window, boolean bias, Activation activation, Initializer initializer)
        implements Layer, Windowed1d<LocallyConnected1d> {

    /** Checks the components. */
    public LocallyConnected1d {
        Filters.check(filters, window, 1);
        Filters.checkLine(window);
        FilterRun.checkFusable(Checks.notNull(activation, "activation"));
        Checks.notNull(initializer, "initializer");
    }

    /** {@code filters} of {@code taps}, stride 1, no padding, bias, no activation, He initialisation. */
    public static LocallyConnected1d of(int filters, int taps) {
        return new LocallyConnected1d(filters, Window.of(1, taps), true, Activation.NONE, Initializer.HE_NORMAL);
    }

    @Override
    public LocallyConnected1d withWindow(Window window) {
        return new LocallyConnected1d(filters, window, bias, activation, initializer);
    }

    /** The same without bias. */
    public LocallyConnected1d withoutBias() {
        return new LocallyConnected1d(filters, window, false, activation, initializer);
    }

    /** The same with an activation fused in. */
    public LocallyConnected1d activation(Activation activation) {
        return new LocallyConnected1d(filters, window, bias, activation, initializer);
    }

    /** The same with ReLU fused in. */
    public LocallyConnected1d relu() {
        return activation(Activation.RELU);
    }

    /** The same with another start. */
    public LocallyConnected1d initializer(Initializer initializer) {
        return new LocallyConnected1d(filters, window, bias, activation, initializer);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs, 2);
        return Filters.outputShape(in, window.convolution(1, in, filters, 1));
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        ConvShape shape = window.convolution(1, inputs.getFirst(), filters, 1);
        Shape weight = Shape.of(shape.q(), shape.s(), shape.c(), shape.k());
        return Filters.localParameters(weight, shape, Shape.of(shape.q(), shape.k()), bias, initializer);
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return window.convolution(1, inputs.getFirst(), filters, 1).multiplyAdds();
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().through(window);
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.ofFused(activation);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new LocallyConnectedRun(window.convolution(binding.batch(), binding.input(), filters, 1), activation, bias, binding);
    }
}
