package lanewise.kernel;

/** The functions of two elements that a {@link BroadcastPlan} computes. Where nothing else is said, results are correctly rounded. */
public enum BinaryFunction {
    /** {@code y = a + b}. */
    ADD,
    /** {@code y = a - b}. */
    SUBTRACT,
    /** {@code y = a b}. */
    MULTIPLY,
    /** {@code y = a / b}. */
    DIVIDE,
    /** {@code y = a^b} as {@link Math#pow} has it; NaN for a negative a and a b that is no whole number. */
    POWER,
    /** {@code y = min(a, b)}, NaN if one is; of equal ones a gets the gradient. */
    MINIMUM,
    /** {@code y = max(a, b)}, NaN if one is; of equal ones a gets the gradient. */
    MAXIMUM,
    /** {@code y = a < 0 ? a b : a}: the parametric ReLU of slope b; a slope of 1 at {@code a = 0}. */
    PRELU;

    /** The function of one pair. */
    public float apply(float a, float b) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case POWER -> (float) Math.pow(a, b);
            case MINIMUM -> Math.min(a, b);
            case MAXIMUM -> Math.max(a, b);
            case PRELU -> a < 0 ? a * b : a;
        };
    }

    /** The derivative by a. */
    float slopeA(float a, float b) {
        return switch (this) {
            case ADD, SUBTRACT -> 1;
            case MULTIPLY -> b;
            case DIVIDE -> 1 / b;
            case POWER -> (float) (b * Math.pow(a, b - 1));
            case MINIMUM -> a <= b ? 1 : 0;
            case MAXIMUM -> a >= b ? 1 : 0;
            case PRELU -> a < 0 ? b : 1;
        };
    }

    /** The derivative by b. */
    float slopeB(float a, float b) {
        return switch (this) {
            case ADD -> 1;
            case SUBTRACT -> -1;
            case MULTIPLY -> a;
            case DIVIDE -> -a / b / b;
            case POWER -> (float) (Math.pow(a, b) * Math.log(a));
            case MINIMUM -> a <= b ? 0 : 1;
            case MAXIMUM -> a >= b ? 0 : 1;
            case PRELU -> a < 0 ? a : 0;
        };
    }
}
