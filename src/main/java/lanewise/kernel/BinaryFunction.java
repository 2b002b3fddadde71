package lanewise.kernel;

import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.eltwise.BinaryLoops;
import lanewise.internal.eltwise.Piecewise;

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

    /** {@code y[i] = f(a[i], b[i])}. */
    void ranges(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int length) {
        switch (this) {
            case ADD -> Arithmetic.add(a, aOffset, b, bOffset, y, yOffset, length);
            case SUBTRACT -> Arithmetic.sub(a, aOffset, b, bOffset, y, yOffset, length);
            case MULTIPLY -> Arithmetic.mul(a, aOffset, b, bOffset, y, yOffset, length);
            case DIVIDE -> Arithmetic.div(a, aOffset, b, bOffset, y, yOffset, length);
            case MINIMUM -> BinaryLoops.min(a, aOffset, b, bOffset, y, yOffset, length);
            case MAXIMUM -> BinaryLoops.max(a, aOffset, b, bOffset, y, yOffset, length);
            case PRELU -> BinaryLoops.prelu(a, aOffset, b, bOffset, y, yOffset, length);
            case POWER -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = apply(a[aOffset + i], b[bOffset + i]);
                }
            }
        }
    }

    /** {@code y[i] = f(a[i], b)}: the same bits as {@link #ranges}. */
    void right(float[] a, int aOffset, float b, float[] y, int yOffset, int length) {
        switch (this) {
            case ADD -> BinaryLoops.add(b, a, aOffset, y, yOffset, length);
            case SUBTRACT -> BinaryLoops.add(-b, a, aOffset, y, yOffset, length);
            case MULTIPLY -> Arithmetic.scale(b, a, aOffset, y, yOffset, length);
            case DIVIDE -> BinaryLoops.divide(a, aOffset, b, y, yOffset, length);
            case MINIMUM -> BinaryLoops.min(a, aOffset, b, y, yOffset, length);
            case MAXIMUM -> BinaryLoops.max(a, aOffset, b, y, yOffset, length);
            case PRELU -> Piecewise.leakyRelu(b, a, aOffset, y, yOffset, length);
            case POWER -> {
                if (b == 2) { // exact in double, as Math.pow has it, and rounded once
                    Arithmetic.mul(a, aOffset, a, aOffset, y, yOffset, length);
                } else {
                    for (int i = 0; i < length; i++) {
                        y[yOffset + i] = apply(a[aOffset + i], b);
                    }
                }
            }
        }
    }

    /** {@code y[i] = f(a, b[i])}: the same bits as {@link #ranges}. */
    void left(float a, float[] b, int bOffset, float[] y, int yOffset, int length) {
        switch (this) {
            case ADD -> BinaryLoops.add(a, b, bOffset, y, yOffset, length);
            case SUBTRACT -> BinaryLoops.subtractFrom(a, b, bOffset, y, yOffset, length);
            case MULTIPLY -> Arithmetic.scale(a, b, bOffset, y, yOffset, length);
            case DIVIDE -> BinaryLoops.divideInto(a, b, bOffset, y, yOffset, length);
            case MINIMUM -> BinaryLoops.min(b, bOffset, a, y, yOffset, length);
            case MAXIMUM -> BinaryLoops.max(b, bOffset, a, y, yOffset, length);
            case POWER, PRELU -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = apply(a, b[bOffset + i]);
                }
            }
        }
    }

    /** The derivative by a. */
    float slopeA(float a, float b) {
        return switch (this) {
            case ADD, SUBTRACT -> 1;
            case MULTIPLY -> b;
            case DIVIDE -> 1 / b;
            case POWER -> b == 0 ? 0 : (float) (b * Math.pow(a, b - 1));
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
            case POWER -> a == 0 && b >= 0 ? 0 : (float) (Math.pow(a, b) * Math.log(a)); // the limit for b > 0, and no NaN at 0
            case MINIMUM -> a <= b ? 0 : 1;
            case MAXIMUM -> a >= b ? 0 : 1;
            case PRELU -> a < 0 ? a : 0;
        };
    }
}
