package lanewise.kernel;

import lanewise.internal.eltwise.Exponentials;
import lanewise.internal.eltwise.Extremes;
import lanewise.internal.eltwise.Sums;

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
    LOG_SUM_EXP;

    /** Of {@code count} elements side by side. */
    float row(float[] x, int at, int count) {
        return switch (this) {
            case SUM -> (float) Sums.sum(x, at, count);
            case MEAN -> (float) (Sums.sum(x, at, count) / count);
            case MAX -> Extremes.max(x, at, count);
            case MIN -> Extremes.min(x, at, count);
            case SUM_SQUARE -> (float) Sums.dot(x, at, x, at, count);
            case L2 -> (float) Math.sqrt(Sums.dot(x, at, x, at, count));
            case LOG_SUM_EXP -> {
                float max = Extremes.max(x, at, count);
                yield Float.isInfinite(max) ? max : (float) (max + Math.log(Exponentials.sumExp(max, x, at, count)));
            }
            case PRODUCT, L1 -> {
                double total = start();
                for (int i = 0; i < count; i++) {
                    total = step(total, x[at + i], 0);
                }
                yield (float) total;
            }
        };
    }

    /** What the total of no elements is. */
    double start() {
        return switch (this) {
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
            case PRODUCT -> 1;
            default -> 0;
        };
    }

    /** The total with one more element; {@code shift} is the largest of all for the sum of powers. */
    double step(double total, double v, double shift) {
        return switch (this) {
            case MEAN, SUM -> total + v;
            case MAX -> Math.max(total, v);
            case MIN -> Math.min(total, v);
            case PRODUCT -> total * v;
            case L1 -> total + Math.abs(v);
            case L2, SUM_SQUARE -> total + v * v;
            case LOG_SUM_EXP -> total + Math.exp(v - shift);
        };
    }

    /** The output of a total of {@code count} elements. */
    double end(double total, double shift, int count) {
        return switch (this) {
            case MEAN -> total / count;
            case L2 -> Math.sqrt(total);
            case LOG_SUM_EXP -> shift + Math.log(total);
            default -> total;
        };
    }

    /** The derivative of the output y by an element v, where it is a function of the two. */
    float slope(float v, float y) {
        return switch (this) {
            case L1 -> Math.signum(v);
            case L2 -> y == 0 ? 0 : v / y;
            case SUM_SQUARE -> 2 * v;
            case LOG_SUM_EXP -> (float) Math.exp(v - y);
            case MEAN, SUM, MAX, MIN, PRODUCT -> throw new AssertionError(this);
        };
    }
}
