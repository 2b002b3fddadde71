package lanewise.layer;

import lanewise.kernel.Activation;

/** {@code y = 1 / (1 + exp(-x))}. */
public record Sigmoid() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.SIGMOID;
    }
}
