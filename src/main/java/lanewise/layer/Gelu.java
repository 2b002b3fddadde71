package lanewise.layer;

import lanewise.kernel.Activation;

/**
 * {@code y = x/2 (1 + erf(x / sqrt(2)))}, or its approximation {@code y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}.
 *
 * @param tanh whether it is the approximation
 */
public record Gelu(boolean tanh) implements ActivationLayer {

    /** The exact function. */
    public Gelu() {
        this(false);
    }

    @Override
    public Activation activation() {
        return tanh ? Activation.GELU_TANH : Activation.GELU;
    }
}
