package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * 2-D transposed convolution: the map whose gradient by its input is a {@link Conv2d}. Each input element stamps its filter, scaled,
 * onto the output,
 *
 * <pre>y[p strideH + r dilationH - padTop, q strideW + s dilationW - padLeft, k] += x[p,q,c] w[r,s,k,c]</pre>
 *
 * <p>then bias and activation follow. Input {@code H x W x C}, output {@code ((H - 1) strideH - padTop - padBottom +
 * dilationH (R - 1) + 1 + outputPaddingH) x ... x K}, weight {@code R x S x K/groups x C}, bias {@code K}.
 *
 * @param filters feature maps of the output, K
 * @param window taps, strides, padding, dilations
 * @param outputPaddingH rows added at the bottom, less than the stride
 * @param outputPaddingW columns added at the right, less than the stride
 * @param groups parts into which channels are cut; output part g sees input part g only
 * @param bias whether a bias is added
 * @param activation f, one whose gradient is a function of its output
 * @param initializer how the weight starts
 */
public record ConvTranspose2d(int filters, Window window, int outputPaddingH, int outputPaddingW, int groups, boolean bias,
                              Activation activation, Initializer initializer)
        implements TransposedLayer, Windowed2d<ConvTranspose2d> {

    /** Checks the components. */
    public ConvTranspose2d {
        Filters.check(filters, window, groups);
        Checks.atLeast(outputPaddingH, 0, "outputPaddingH");
        Checks.atLeast(outputPaddingW, 0, "outputPaddingW");
        FilterRun.checkFusable(Checks.notNull(activation, "activation"));
        Checks.notNull(initializer, "initializer");
    }

    /** {@code filters} of {@code size x size} taps, stride 1, no padding, bias, no activation, He initialisation. */
    public static ConvTranspose2d of(int filters, int size) {
        return of(filters, size, size);
    }

    /** {@code filters} of {@code r x s} taps, stride 1, no padding, bias, no activation, He initialisation. */
    public static ConvTranspose2d of(int filters, int r, int s) {
        return new ConvTranspose2d(filters, Window.of(r, s), 0, 0, 1, true, Activation.NONE, Initializer.HE_NORMAL);
    }

    @Override
    public ConvTranspose2d withWindow(Window window) {
        return new ConvTranspose2d(filters, window, outputPaddingH, outputPaddingW, groups, bias, activation, initializer);
    }

    /** The same with rows added at the bottom and columns at the right, to undo a stride that did not divide. */
    public ConvTranspose2d outputPadding(int outputPaddingH, int outputPaddingW) {
        return new ConvTranspose2d(filters, window, outputPaddingH, outputPaddingW, groups, bias, activation, initializer);
    }

    /** The same in groups. */
    public ConvTranspose2d groups(int groups) {
        return new ConvTranspose2d(filters, window, outputPaddingH, outputPaddingW, groups, bias, activation, initializer);
    }

    /** The same without bias, as before a batch normalisation. */
    public ConvTranspose2d withoutBias() {
        return new ConvTranspose2d(filters, window, outputPaddingH, outputPaddingW, groups, false, activation, initializer);
    }

    /** The same with an activation fused in. */
    public ConvTranspose2d activation(Activation activation) {
        return new ConvTranspose2d(filters, window, outputPaddingH, outputPaddingW, groups, bias, activation, initializer);
    }

    /** The same with ReLU fused in. */
    public ConvTranspose2d relu() {
        return activation(Activation.RELU);
    }

    /** The same with another start. */
    public ConvTranspose2d initializer(Initializer initializer) {
        return new ConvTranspose2d(filters, window, outputPaddingH, outputPaddingW, groups, bias, activation, initializer);
    }

    @Override
    public ConvShape mirror(int n, Shape in) {
        return Filters.mirror(n, in, window, filters, outputPaddingH, outputPaddingW, groups);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs, 3);
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
