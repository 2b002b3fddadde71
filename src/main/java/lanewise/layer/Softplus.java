package lanewise.layer;

import lanewise.kernel.Activation;

/** {@code y = log(1 + exp(x))}. */
public record Softplus() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.SOFTPLUS;
    }
}
