package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.eltwise.Updates;

/**
 * The steps of optimisers, each in one pass over memory. For every element of the range, with {@code d} the gradient and its decay:
 *
 * <pre>
 * sgd         d = g + decay w                             w -= rate d
 * momentum    d = g + decay w,  v = momentum v + d        w -= rate v
 * nesterov    d = g + decay w,  v = momentum v + d        w -= rate (d + momentum v)
 * adam        d = g + l2 w,     m = (1 - a) m + a d,
 *                               v = (1 - b) v + b d^2     w -= rate m / (scale sqrt(v) + epsilon) + decay w
 * </pre>
 *
 * <p>The arrays are laid out alike, so one offset serves all: {@code float[offset + length]} or longer. g is not modified; w, m and v
 * are. They must be different arrays. A length of 0 does nothing. A moment below 2^-126 becomes 0: subnormal numbers, to which the
 * moments of dead units would shrink, are slow.
 *
 * <p>An element's result has the same bits wherever it lies, however a range is cut and on every machine. NaN and infinity have the
 * effect they have in a loop. Any number of threads may call, on ranges that do not overlap. Nothing is allocated.
 *
 * <p>All methods throw {@link NullPointerException} if an array is null, {@link IllegalArgumentException} if a length is negative or
 * two arrays are the same, {@link IndexOutOfBoundsException} if the range leaves an array, and {@link IllegalStateException} if this
 * JVM runs without the Vector API.
 */
public final class Update {

    private Update() {}

    /** {@code w -= rate (g + decay w)}. */
    public static void sgd(float rate, float decay, float[] g, float[] w, int offset, int length) {
        check(g, w, offset, length);
        Updates.sgd(rate, decay, g, w, offset, length);
    }

    /** {@code v = momentum v + g + decay w}, then {@code w -= rate v}. */
    public static void momentum(float rate, float momentum, float decay, float[] g, float[] v, float[] w, int offset, int length) {
        check(g, w, offset, length);
        checkMoment(v, "v", g, w, offset, length);
        Updates.momentum(rate, momentum, decay, false, g, v, w, offset, length);
    }

    /** {@code d = g + decay w, v = momentum v + d}, then {@code w -= rate (d + momentum v)}. */
    public static void nesterov(float rate, float momentum, float decay, float[] g, float[] v, float[] w, int offset, int length) {
        check(g, w, offset, length);
        checkMoment(v, "v", g, w, offset, length);
        Updates.momentum(rate, momentum, decay, true, g, v, w, offset, length);
    }

    /**
     * {@code d = g + l2 w, m = (1 - a) m + a d, v = (1 - b) v + b d^2}, then
     * {@code w -= rate m / (scale sqrt(v) + epsilon) + decay w}.
     *
     * @param rate learning rate, divided by {@code 1 - beta1^t} in step t
     * @param decay what each step takes off a weight beside the gradient: learning rate times decoupled decay
     * @param l2 decay that is added to the gradient
     * @param a {@code 1 - beta1}
     * @param b {@code 1 - beta2}
     * @param scale {@code 1 / sqrt(1 - beta2^t)}
     * @param epsilon keeps the quotient finite
     */
    public static void adam(float rate, float decay, float l2, float a, float b, float scale, float epsilon, float[] g, float[] m,
                            float[] v, float[] w, int offset, int length) {
        check(g, w, offset, length);
        checkMoment(m, "m", g, w, offset, length);
        checkMoment(v, "v", g, w, offset, length);
        checkDifferent(m, "m", v, "v");
        Updates.adam(rate, decay, l2, a, b, scale, epsilon, g, m, v, w, offset, length);
    }

    private static void check(float[] g, float[] w, int offset, int length) {
        Ranges.of(g, offset, length, "g");
        Checks.range(w, offset, length, "w");
        checkDifferent(g, "g", w, "w");
    }

    private static void checkMoment(float[] moment, String name, float[] g, float[] w, int offset, int length) {
        Checks.range(moment, offset, length, name);
        checkDifferent(moment, name, g, "g");
        checkDifferent(moment, name, w, "w");
    }

    private static void checkDifferent(float[] a, String aName, float[] b, String bName) {
        if (a == b) {
            throw new IllegalArgumentException(aName + " and " + bName + " are the same array, must be different ones");
        }
    }
}
