package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * Layer normalisation {@code y[i] = weight[i] (x[i] - mean) / sqrt(variance + epsilon) + bias[i]}, with mean and variance over the last
 * {@code axes} sizes together, for one over the channels of each place: no example depends on another, in training or prediction.
 *
 * <p>Input and output of one shape; weight and bias of its last {@code axes} sizes.
 *
 * <p><i>Source:</i> Ba, Kiros and Hinton, arXiv 1607.06450.
 *
 * @param epsilon added to the variance, above 0
 * @param axes how many sizes are normalised together, counted from the last
 */
public record LayerNorm(float epsilon, int axes) implements OffsetLayer {

    /** Checks the components. */
    public LayerNorm {
        Checks.positive(epsilon, "epsilon");
        Checks.atLeast(axes, 1, "axes");
    }

    /** Over the channels of each place. */
    public LayerNorm(float epsilon) {
        this(epsilon, 1);
    }

    /** Over the channels of each place, epsilon 1e-5. */
    public LayerNorm() {
        this(1e-5f);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs);
        if (axes > in.rank()) {
            throw new IllegalArgumentException("axes is " + axes + ", but the input " + in + " has " + in.rank());
        }
        return in;
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        return Norms.parameters(normalised(inputs.getFirst()));
    }

    private Shape normalised(Shape in) {
        return new Shape(in.dims().subList(in.rank() - axes, in.rank()));
    }

    @Override
    public boolean mayOverwrite(int index) {
        return true; // the moments of a row are taken before it is written
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.INPUTS;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new LayerNormRun(epsilon, normalised(binding.output()).size(), binding);
    }
}
