package lanewise.layer;

import lanewise.kernel.Activation;

/** {@code y = x / (1 + exp(-x))}, also called swish. */
public record Silu() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.SILU;
    }
}
