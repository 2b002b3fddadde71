package lanewise.layer;

import lanewise.kernel.Activation;

/** {@code y = min(max(x, 0), 6)}. */
public record Relu6() implements ActivationLayer {

    @Override
    public Activation activation() {
        return Activation.RELU6;
    }
}
