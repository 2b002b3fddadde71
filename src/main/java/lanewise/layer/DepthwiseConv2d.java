package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * Depthwise 2-D convolution: every channel is filtered by {@code multiplier} filters of its own, and channels do not mix. Output map
 * {@code c multiplier + m} is {@link Conv2d}'s formula over input channel c alone.
 *
 * <p>Input {@code H x W x C}, output {@code P x Q x (C multiplier)}, weight {@code R x S x 1 x (C multiplier)}.
 *
 * @param multiplier filters of each channel
 * @param window taps, strides, padding, dilations
 * @param bias whether a bias is added
 * @param activation one whose gradient is a function of its output
 * @param initializer how the weight starts
 */
public record DepthwiseConv2d(int multiplier, Window window, boolean bias, Activation activation, Initializer initializer)
        implements ConvolutionLayer, Windowed2d<DepthwiseConv2d> {

    /** Checks the components. */
    public DepthwiseConv2d {
        Checks.atLeast(multiplier, 1, "multiplier");
        Checks.notNull(window, "window");
        FilterRun.checkFusable(Checks.notNull(activation, "activation"));
        Checks.notNull(initializer, "initializer");
    }

    /** One filter of {@code size x size} taps for each channel, stride 1, no padding, bias, no activation, He initialisation. */
    public static DepthwiseConv2d of(int size) {
        return new DepthwiseConv2d(1, Window.of(size, size), true, Activation.NONE, Initializer.HE_NORMAL);
    }

    @Override
    public DepthwiseConv2d withWindow(Window window) {
        return new DepthwiseConv2d(multiplier, window, bias, activation, initializer);
    }

    /** The same with more filters for each channel. */
    public DepthwiseConv2d multiplier(int multiplier) {
        return new DepthwiseConv2d(multiplier, window, bias, activation, initializer);
    }

    /** The same without bias. */
    public DepthwiseConv2d withoutBias() {
        return new DepthwiseConv2d(multiplier, window, false, activation, initializer);
    }

    /** The same with an activation fused in. */
    public DepthwiseConv2d activation(Activation activation) {
        return new DepthwiseConv2d(multiplier, window, bias, activation, initializer);
    }

    /** The same with another start. */
    public DepthwiseConv2d initializer(Initializer initializer) {
        return new DepthwiseConv2d(multiplier, window, bias, activation, initializer);
    }

    @Override
    public ConvShape convolution(int n, Shape in) {
        return window.convolution(n, in, Checks.product("filters", in.channels(), multiplier), in.channels());
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
}
