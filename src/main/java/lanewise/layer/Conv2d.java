package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * 2-D convolution of feature maps, as in every deep-learning library the cross-correlation
 *
 * <pre>
 * y[p,q,k] = f(bias[k] + sum over r, s, c of x[h,w,c] w[r,s,c,k])
 * h = p strideH + r dilationH - padTop,   w = q strideW + s dilationW - padLeft
 * </pre>
 *
 * <p>Input {@code H x W x C}, output {@code P x Q x K}, weight {@code R x S x C/groups x K}, bias {@code K}.
 *
 * @param filters feature maps of the output, K
 * @param window taps, strides, padding, dilations
 * @param groups parts into which channels are cut; output part g sees input part g only
 * @param bias whether a bias is added
 * @param activation f, one whose gradient is a function of its output
 * @param initializer how the weight starts
 */
public record Conv2d(int filters, Window window, int groups, boolean bias, Activation activation, Initializer initializer)
        implements ConvolutionLayer, Windowed2d<Conv2d> {

    /** Checks the components. */
    public Conv2d {
        Filters.check(filters, window, groups);
        FilterRun.checkFusable(Checks.notNull(activation, "activation"));
        Checks.notNull(initializer, "initializer");
    }

    /** {@code filters} of {@code size x size} taps, stride 1, no padding, bias, no activation, He initialisation. */
    public static Conv2d of(int filters, int size) {
        return of(filters, size, size);
    }

    /** {@code filters} of {@code r x s} taps, stride 1, no padding, bias, no activation, He initialisation. */
    public static Conv2d of(int filters, int r, int s) {
        return new Conv2d(filters, Window.of(r, s), 1, true, Activation.NONE, Initializer.HE_NORMAL);
    }

    @Override
    public Conv2d withWindow(Window window) {
        return new Conv2d(filters, window, groups, bias, activation, initializer);
    }

    /** The same in groups. */
    public Conv2d groups(int groups) {
        return new Conv2d(filters, window, groups, bias, activation, initializer);
    }

    /** The same without bias, as before a batch normalisation. */
    public Conv2d withoutBias() {
        return new Conv2d(filters, window, groups, false, activation, initializer);
    }

    /** The same with an activation fused in. */
    public Conv2d activation(Activation activation) {
        return new Conv2d(filters, window, groups, bias, activation, initializer);
    }

    /** The same with ReLU fused in. */
    public Conv2d relu() {
        return activation(Activation.RELU);
    }

    /** The same with another start. */
    public Conv2d initializer(Initializer initializer) {
        return new Conv2d(filters, window, groups, bias, activation, initializer);
    }

    @Override
    public ConvShape convolution(int n, Shape in) {
        return window.convolution(n, in, filters, groups);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs, 3);
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

    /** This layer and a max-pooling of 2x2 behind it as one. */
    LayerRun newPooledRun(Binding binding) {
        return FilterRun.pooled(convolution(binding.batch(), binding.input()), bias, binding);
    }
}
