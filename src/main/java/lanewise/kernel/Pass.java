package lanewise.kernel;

/** The three products of a convolution; the bias gradient is a plain sum and needs no choice. */
public enum Pass {
    /** {@code y = conv(x, w)}. */
    FORWARD,
    /** {@code dx = conv^T(dy, w)}. */
    GRAD_INPUT,
    /** {@code dw = x^T dy}, summed over all places that share the weight. */
    GRAD_WEIGHT;

    /** The product of the mirror that is this one of a transposed convolution. */
    Pass turned() {
        return switch (this) {
            case FORWARD -> GRAD_INPUT;
            case GRAD_INPUT -> FORWARD;
            case GRAD_WEIGHT -> GRAD_WEIGHT;
        };
    }
}
