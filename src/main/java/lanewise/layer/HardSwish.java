package lanewise.layer;

import lanewise.kernel.Activation;

/** {@code y = x min(max(x / 6 + 1/2, 0), 1)}. */
public record HardSwish() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.HARD_SWISH;
    }
}
