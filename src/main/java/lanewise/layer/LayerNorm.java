package lanewise.layer;

import java.util.List;

/**
 * Layer normalisation {@code y[c] = weight[c] (x[c] - mean) / sqrt(variance + epsilon) + bias[c]}, with mean and variance over the
 * channels of each place: no example depends on another, in training or prediction.
 *
 * <p>Input and output {@code ... x C}; weight and bias {@code C}.
 *
 * <p><i>Source:</i> Ba, Kiros and Hinton, arXiv 1607.06450.
 *
 * @param epsilon added to the variance, above 0
 */
public record LayerNorm(float epsilon) implements Layer {

    /** Checks the component. */
    public LayerNorm {
        Norms.checkEpsilon(epsilon);
    }

    /** Epsilon 1e-5. */
    public LayerNorm() {
        this(1e-5f);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        Shape channels = Shape.of(inputs.getFirst().channels());
        return List.of(Norms.scale(channels), ParameterSpec.bias("bias", channels));
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.INPUTS;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new LayerNormRun(epsilon, binding);
    }
}
