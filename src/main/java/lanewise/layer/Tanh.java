package lanewise.layer;

import lanewise.kernel.Activation;

/** {@code y = tanh(x)}. */
public record Tanh() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.TANH;
    }
}
