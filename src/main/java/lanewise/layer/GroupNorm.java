package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * Group normalisation {@code y = weight[c] (x - mean) / sqrt(variance + epsilon) + bias[c]}, with mean and variance of each example over
 * all places and the channels of one group: no example depends on another, in training or prediction.
 *
 * <p>Input and output {@code ... x C}; weight and bias {@code C}.
 *
 * <p><i>Source:</i> Wu and He, arXiv 1803.08494.
 *
 * @param groups parts of neighbouring channels; divides C
 * @param epsilon added to the variance, above 0
 */
public record GroupNorm(int groups, float epsilon) implements OffsetLayer {

    /** Checks the components. */
    public GroupNorm {
        Checks.atLeast(groups, 1, "groups");
        Checks.positive(epsilon, "epsilon");
    }

    /** Epsilon 1e-5. */
    public GroupNorm(int groups) {
        this(groups, 1e-5f);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs);
        if (in.channels() % groups != 0) {
            throw new IllegalArgumentException("groups is " + groups + ", must divide the " + in.channels() + " channels");
        }
        return in;
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
        return new GroupNormRun(groups, epsilon, binding);
    }
}
