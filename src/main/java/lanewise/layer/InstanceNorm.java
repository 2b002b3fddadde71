package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * Instance normalisation {@code y = weight[c] (x - mean[c]) / sqrt(variance[c] + epsilon) + bias[c]}, with mean and variance of each
 * channel of each example over all places: a {@link GroupNorm} with a group for every channel.
 *
 * <p>Input and output {@code ... x C}; weight and bias {@code C}.
 *
 * <p><i>Source:</i> Ulyanov, Vedaldi and Lempitsky, arXiv 1607.08022.
 *
 * @param epsilon added to the variance, above 0
 */
public record InstanceNorm(float epsilon) implements OffsetLayer {

    /** Checks the component. */
    public InstanceNorm {
        Checks.positive(epsilon, "epsilon");
    }

    /** Epsilon 1e-5. */
    public InstanceNorm() {
        this(1e-5f);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        return Norms.parameters(Shape.of(inputs.getFirst().channels()));
    }

    @Override
    public boolean mayOverwrite(int index) {
        return true; // the moments of an example are taken before it is written
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new GroupNormRun(binding.output().channels(), epsilon, binding);
    }
}
