package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * 2-D locally connected layer: {@link Conv2d} without weight sharing, a filter and a bias of its own at every place of the output.
 *
 * <pre>
 * y[p,q,k] = f(bias[p,q,k] + sum over r, s, c of x[h,w,c] w[p,q,r,s,c,k])
 * h = p strideH + r dilationH - padTop,   w = q strideW + s dilationW - padLeft
 * </pre>
 *
 * <p>Input {@code H x W x C}, output {@code P x Q x K}, weight {@code P x Q x R x S x C x K}, bias {@code P x Q x K}.
 *
 * @param filters feature maps of the output, K
 * @param window taps, strides, padding, dilations
 * @param bias whether a bias is added
 * @param activation f, one whose gradient is a function of its output
 * @param initializer how the weight starts
 */
public record LocallyConnected2d(int filters, Window window, boolean bias, Activation activation, Initializer initializer)
        implements Layer, Windowed2d<LocallyConnected2d> {

    /** Checks the components. */
    public LocallyConnected2d {
        Filters.check(filters, window, 1);
        FilterRun.checkFusable(Checks.notNull(activation, "activation"));
        Checks.notNull(initializer, "initializer");
    }

    /** {@code filters} of {@code size x size} taps, stride 1, no padding, bias, no activation, He initialisation. */
    public static LocallyConnected2d of(int filters, int size) {
        return new LocallyConnected2d(filters, Window.of(size, size), true, Activation.NONE, Initializer.HE_NORMAL);
    }

    @Override
    public LocallyConnected2d withWindow(Window window) {
        return new LocallyConnected2d(filters, window, bias, activation, initializer);
    }

    /** The same without bias. */
    public LocallyConnected2d withoutBias() {
        return new LocallyConnected2d(filters, window, false, activation, initializer);
    }

    /** The same with an activation fused in. */
    public LocallyConnected2d activation(Activation activation) {
        return new LocallyConnected2d(filters, window, bias, activation, initializer);
    }

    /** The same with ReLU fused in. */
    public LocallyConnected2d relu() {
        return activation(Activation.RELU);
    }

    /** The same with another start. */
    public LocallyConnected2d initializer(Initializer initializer) {
        return new LocallyConnected2d(filters, window, bias, activation, initializer);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs, 3);
        return Filters.outputShape(in, window.convolution(1, in, filters, 1));
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        ConvShape shape = window.convolution(1, inputs.getFirst(), filters, 1);
        Shape weight = Shape.of(shape.p(), shape.q(), shape.r(), shape.s(), shape.c(), shape.k());
        return Filters.localParameters(weight, shape, Shape.of(shape.p(), shape.q(), shape.k()), bias, initializer);
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
