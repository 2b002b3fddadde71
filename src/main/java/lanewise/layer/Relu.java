package lanewise.layer;

import lanewise.kernel.Activation;

/** ReLU {@code y = max(x, 0)}. */
public record Relu() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.RELU;
    }
}
