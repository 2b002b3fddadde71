package lanewise.layer;

import lanewise.kernel.Activation;

/** {@code y = x/2 (1 + erf(x / sqrt(2)))}. */
public record Gelu() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.GELU;
    }
}
