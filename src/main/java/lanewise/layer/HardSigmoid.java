package lanewise.layer;

import lanewise.kernel.Activation;

/** {@code y = min(max(x / 6 + 1/2, 0), 1)}. */
public record HardSigmoid() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.HARD_SIGMOID;
    }
}
