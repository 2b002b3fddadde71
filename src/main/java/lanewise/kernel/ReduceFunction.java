package lanewise.kernel;

/** What a {@link ReducePlan} makes of the elements that meet in one output. */
public enum ReduceFunction {
    /** Their mean. */
    MEAN,
    /** Their sum. */
    SUM,
    /** The largest, NaN if there is one; the first of equal ones gets the gradient. */
    MAX,
    /** The smallest, NaN if there is one; the first of equal ones gets the gradient. */
    MIN,
    /** Their product. */
    PRODUCT,
    /** {@code sum |x|}; slope 0 at 0. */
    L1,
    /** {@code sqrt(sum x^2)}; slope 0 where all are 0. */
    L2,
    /** {@code sum x^2}. */
    SUM_SQUARE,
    /** {@code ln sum e^x}, computed without overflow. */
    LOG_SUM_EXP
}
