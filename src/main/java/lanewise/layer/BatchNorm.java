package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * Batch normalisation {@code y = weight[c] (x - mean[c]) / sqrt(variance[c] + epsilon) + bias[c]}. In training mean and variance are
 * those of the batch over all places, and running averages of them are kept for prediction; the running variance is the unbiased one.
 * If weight and bias are both frozen, the running ones serve in training, too. A batch of one place
 * leaves the running variance as it is, and a channel whose moments are not finite both.
 *
 * <p>Input and output {@code ... x C}; weight, bias, running_mean and running_var {@code C}.
 *
 * <p><i>Source:</i> Ioffe and Szegedy, arXiv 1502.03167.
 *
 * @param epsilon added to the variance, above 0
 * @param momentum the weight of the newest batch in the running averages, from 0 to 1
 */
public record BatchNorm(float epsilon, float momentum) implements Layer {

    /** Checks the components. */
    public BatchNorm {
        Checks.positive(epsilon, "epsilon");
        Checks.require(momentum >= 0 && momentum <= 1, "momentum", momentum, "must be from 0 to 1");
    }

    /** Epsilon 1e-5 and momentum 0.1. */
    public BatchNorm() {
        this(1e-5f, 0.1f);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Inputs.one(inputs);
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        Shape channels = Shape.of(inputs.getFirst().channels());
        return List.of(Norms.scale(channels), ParameterSpec.bias("bias", channels),
                new ParameterSpec("running_mean", channels, ParameterSpec.Role.STATE, Initializer.ZEROS, 1, 1),
                new ParameterSpec("running_var", channels, ParameterSpec.Role.STATE, Initializer.ONES, 1, 1));
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.INPUTS;
    }

    @Override
    public boolean worksInPlace(int index) {
        return true;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new BatchNormRun(this, binding);
    }
}
