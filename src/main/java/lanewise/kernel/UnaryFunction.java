package lanewise.kernel;

/**
 * The functions of one element that are no {@link Activation}, for {@link Eltwise#unary(UnaryFunction, float[], int, float[], int,
 * int)}. Where nothing else is said, results are correctly rounded, NaN gives NaN and infinity the limit.
 */
public enum UnaryFunction {
    /** {@code y = |x|}; slope 0 at 0. */
    ABS(false),
    /** {@code y = -x}. */
    NEGATE(false),
    /** {@code y = 1 / x}. */
    RECIPROCAL(true),
    /** {@code y = e^x}, below 1.01 ulp off. */
    EXP(true),
    /** {@code y = ln x}, below 2 ulp off. */
    LOG(false),
    /** {@code y = sqrt(x)}. */
    SQRT(true),
    /** {@code y = erf(x) = 2 / sqrt(pi) integral of e^(-t^2) from 0 to x}, below 4 ulp off. */
    ERF(false),
    /** The largest whole number that is not above x; slope 0. */
    FLOOR(false),
    /** The smallest whole number that is not below x; slope 0. */
    CEIL(false),
    /** The nearest whole number, of two equally near ones the even one; slope 0. */
    ROUND(false),
    /** -1, 0 or 1; slope 0. */
    SIGN(false),
    /** {@code y = sin x}; NaN at infinity. */
    SIN(false),
    /** {@code y = cos x}; NaN at infinity. */
    COS(false),
    /** {@code y = x / (1 + |x|)}, below 1.5 ulp off. */
    SOFTSIGN(false),
    /** {@code y = x tanh(ln(1 + e^x))}, below 6 ulp off for {@code x > -87}, below 2e-43 beyond. */
    MISH(false);

    private final boolean gradInputReadsOutput;

    UnaryFunction(boolean gradInputReadsOutput) {
        this.gradInputReadsOutput = gradInputReadsOutput;
    }

    /** Whether the gradient is computed from y (true) or from x (false). */
    public boolean gradInputReadsOutput() {
        return gradInputReadsOutput;
    }
}
