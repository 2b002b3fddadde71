package lanewise.layer;

import java.util.List;
import lanewise.kernel.Conv3dShape;
import lanewise.kernel.ConvShape;
import lanewise.kernel.ConvTranspose3dPlan;

/**
 * 3-D transposed convolution: the map whose gradient by its input is a {@link Conv3d}. Each input element stamps its filter, scaled,
 * onto the output, then the bias is added; see {@link ConvTranspose2d}.
 *
 * <p>Input {@code D x H x W x C}, output {@code ((D - 1) stride - padBefore - padAfter + dilation (T - 1) + 1 + outputPadding) x ... x K},
 * weight {@code T x R x S x K/groups x C}, bias {@code K}.
 *
 * @param filters feature maps of the output, K
 * @param window taps, strides, padding, dilations
 * @param outputPadding elements added behind, below and right, each less than the stride
 * @param groups parts into which channels are cut; output part g sees input part g only
 * @param bias whether a bias is added
 */
public record ConvTranspose3d(int filters, Window3d window, List<Integer> outputPadding, int groups, boolean bias)
        implements OffsetLayer {

    /** Checks the components. */
    public ConvTranspose3d {
        Filters.check(filters, window, groups);
        outputPadding = Window3d.three(outputPadding, 0, "outputPadding");
    }

    /** {@code filters} of {@code size x size x size} taps, stride 1, no padding, bias. */
    public static ConvTranspose3d of(int filters, int size) {
        return new ConvTranspose3d(filters, Window3d.of(size), List.of(0, 0, 0), 1, true);
    }

    private Conv3dShape mirror(int n, Shape in) {
        ConvShape slice = Filters.mirror(n, Window3d.slice(in), window.slice(), filters, outputPadding.get(1), outputPadding.get(2),
                groups);
        return ConvTranspose3dPlan.mirror(in.dim(0), window.taps().get(0), window.strides().get(0), window.padBefore().get(0),
                window.padAfter().get(0), outputPadding.get(0), window.dilations().get(0), slice);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Conv3dShape mirror = mirror(1, Inputs.one(inputs, 4));
        return Shape.of(mirror.d(), mirror.slice().h(), mirror.slice().w(), filters);
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        Shape slice = Window3d.slice(inputs.getFirst());
        ConvShape mirror = mirror(1, inputs.getFirst()).slice();
        ParameterSpec weight = Filters.transposedParameters(slice, mirror, false, Initializer.HE_NORMAL).getFirst();
        return Filters.volumeParameters(weight, window.taps().get(0), bias, filters);
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return mirror(1, inputs.getFirst()).multiplyAdds();
    }

    /** In height and width. */
    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst().throughTransposed(window.slice());
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return FilterRun.transposed(mirror(binding.batch(), binding.input()), bias, binding);
    }
}
