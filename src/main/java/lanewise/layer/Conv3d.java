package lanewise.layer;

import java.util.List;
import lanewise.kernel.Conv3dShape;
import lanewise.kernel.ConvShape;

/**
 * 3-D convolution of volumes, as in every deep-learning library the cross-correlation
 *
 * <pre>y[o,p,q,k] = bias[k] + sum over t, r, s, c of x[d,h,w,c] w[t,r,s,c,k],   d = o stride + t dilation - padBefore, h, w likewise</pre>
 *
 * <p>Input {@code D x H x W x C}, output {@code O x P x Q x K}, weight {@code T x R x S x C/groups x K}, bias {@code K}.
 *
 * @param filters feature maps of the output, K
 * @param window taps, strides, padding, dilations
 * @param groups parts into which channels are cut; output part g sees input part g only
 * @param bias whether a bias is added
 */
public record Conv3d(int filters, Window3d window, int groups, boolean bias) implements OffsetLayer {

    /** Checks the components. */
    public Conv3d {
        Filters.check(filters, window, groups);
    }

    /** {@code filters} of {@code size x size x size} taps, stride 1, no padding, bias. */
    public static Conv3d of(int filters, int size) {
        return new Conv3d(filters, Window3d.of(size), 1, true);
    }

    private Conv3dShape convolution(int n, Shape in) {
        ConvShape slice = window.sliceConvolution(n, in, filters, groups);
        return new Conv3dShape(in.dim(0), window.taps().get(0), window.strides().get(0), window.padBefore().get(0),
                window.padAfter().get(0), window.dilations().get(0), slice);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Conv3dShape shape = convolution(1, Inputs.one(inputs, 4));
        return Shape.of(shape.o(), shape.slice().p(), shape.slice().q(), filters);
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        Shape slice = Window3d.slice(inputs.getFirst());
        ConvShape convolution = convolution(1, inputs.getFirst()).slice();
        ParameterSpec weight = Filters.parameters(slice, convolution, false, Initializer.HE_NORMAL).getFirst();
        return Filters.volumeParameters(weight, window.taps().get(0), bias, filters);
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return convolution(1, inputs.getFirst()).multiplyAdds();
    }

    /** In height and width. */
    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().through(window.slice());
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return FilterRun.convolution(convolution(binding.batch(), binding.input()), bias, binding);
    }
}
