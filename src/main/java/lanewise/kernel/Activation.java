package lanewise.kernel;

/**
 * The element-wise functions without a parameter that a convolution can apply to its output while it is still in cache.
 *
 * <p>{@link Eltwise} has each of them by name, with its exact properties, and those that take a parameter.
 */
public enum Activation {
    /** {@code y = x}. */
    NONE(true),
    /** {@code y = max(x, 0)}. */
    RELU(true),
    /** {@code y = min(max(x, 0), 6)}. */
    RELU6(true),
    /** {@code y = min(max(x / 6 + 1/2, 0), 1)}. */
    HARD_SIGMOID(true),
    /** {@code y = x min(max(x / 6 + 1/2, 0), 1)}. */
    HARD_SWISH(false),
    /** {@code y = 1 / (1 + exp(-x))}. */
    SIGMOID(true),
    /** {@code y = tanh(x)}. */
    TANH(true),
    /** {@code y = log(1 + exp(x))}. */
    SOFTPLUS(false),
    /** {@code y = x / (1 + exp(-x))}, also called swish. */
    SILU(false),
    /** {@code y = x/2 (1 + erf(x / sqrt(2)))}. */
    GELU(false),
    /** {@code y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}, the common approximation of {@link #GELU}. */
    GELU_TANH(false);

    private final boolean gradInputReadsOutput;

    Activation(boolean gradInputReadsOutput) {
        this.gradInputReadsOutput = gradInputReadsOutput;
    }

    /**
     * Whether the gradient is computed from y (true: x need not be kept, and y may have overwritten it) or from x (false).
     */
    public boolean gradInputReadsOutput() {
        return gradInputReadsOutput;
    }
}
