package lanewise.signal;

import lanewise.internal.Checks;
import lanewise.internal.VectorModule;

/**
 * True convolution of a signal with a filter, which is flipped:
 *
 * <pre>y[t] = sum over i &lt; m of  w[i] x[t - i],    0 &lt;= t &lt; n + m - 1,    x = 0 outside</pre>
 *
 * <p>Three methods for the one sum, and {@linkplain #crossCorrelate cross-correlation}, which does not flip. Shapes:
 * {@code x: float[n]}, {@code w: float[m]}, {@code y: float[mode.length(n, m)]}. Operands are not modified and may be the same
 * array; the result is new. Precision, NaN and infinity: see the {@linkplain lanewise.signal package}.
 *
 * <p>Each method throws {@link NullPointerException} if an argument is null, {@link IllegalArgumentException} if a length is 0 or
 * the result has more elements than an array can hold, and {@link IllegalStateException} if the JVM lacks the Vector API.
 */
public final class Convolution1d {

    private Convolution1d() {}

    /**
     * Translate and scale: one copy of x for every tap, moved to the tap's place, scaled by its value; their sum is y.
     *
     * <pre>
     * (2, -1, 1) * (1, 1, 2) =   1 (2, -1, 1)
     *                          + 1    (2, -1, 1)
     *                          + 2       (2, -1, 1)
     *                          =     (2, 1, 4, -1, 2)
     * </pre>
     *
     * @param x the signal, {@code float[n]}
     * @param w the filter, {@code float[m]}
     * @param mode which part of y
     * @return y, {@code float[mode.length(n, m)]}
     */
    public static float[] translateAndScale(float[] x, float[] w, Mode mode) {
        checkOperands(x, w, mode);
        return takesFastPath(x, w) ? filterFast(x, flip(w), mode) : translateAndScalePlain(x, w, mode);
    }

    static float[] translateAndScalePlain(float[] x, float[] w, Mode mode) {
        int first = mode.first(x.length, w.length);
        double[] y = new double[mode.length(x.length, w.length)];
        for (int i = 0; i < w.length; i++) {
            int shift = i - first; // x[j] lands on y[j + shift]
            int from = Math.max(0, -shift);
            int to = Math.min(x.length, y.length - shift);
            for (int j = from; j < to; j++) {
                y[j + shift] += (double) w[i] * x[j];
            }
        }
        return rounded(y);
    }

    /**
     * Flip and filter: turn the filter around, then slide it along x and take the dot product at each place.
     *
     * <pre>flipAndFilter(x, w) = crossCorrelate(x, flip(w))</pre>
     *
     * @param x the signal, {@code float[n]}
     * @param w the filter, {@code float[m]}
     * @param mode which part of y
     * @return y, {@code float[mode.length(n, m)]}
     */
    public static float[] flipAndFilter(float[] x, float[] w, Mode mode) {
        checkOperands(x, w, mode);
        return crossCorrelate(x, flip(w), mode);
    }

    /**
     * The product of the filter's {@linkplain Toeplitz1d Toeplitz matrix} with x. It builds the whole matrix and is meant for
     * looking at, not for speed. The zeros beside the diagonals are multiplied too: unlike in the other methods, an infinite or NaN
     * x[j] makes NaN of every y[t] out of the filter's reach.
     *
     * @param x the signal, {@code float[n]}
     * @param w the filter, {@code float[m]}
     * @param mode which part of y
     * @return y, {@code float[mode.length(n, m)]}
     * @throws IllegalArgumentException also if the matrix has more elements than an array can hold
     */
    public static float[] matrixProduct(float[] x, float[] w, Mode mode) {
        checkOperands(x, w, mode);
        return Toeplitz1d.matrix(w, x.length, mode).times(x);
    }

    /**
     * Cross-correlation: slides the filter along x as it is, and takes the dot product at each place. This is what the
     * "convolution" layers of neural networks compute.
     *
     * <pre>z[t] = sum over i &lt; m of  w[i] x[t - (m-1) + i],    0 &lt;= t &lt; n + m - 1
     *
     * crossCorrelate(x, w) = x * flip(w),    x * w = crossCorrelate(x, flip(w)),    in every mode</pre>
     *
     * <p>So {@link Mode#VALID} is a layer without padding, and {@link Mode#SAME} one with m/2 zeros before x and (m-1)/2 after it,
     * rounded down (for even m, many frameworks put the larger half after).
     *
     * @param x the signal, {@code float[n]}
     * @param w the filter, {@code float[m]}
     * @param mode which part of z
     * @return z, {@code float[mode.length(n, m)]}
     */
    public static float[] crossCorrelate(float[] x, float[] w, Mode mode) {
        checkOperands(x, w, mode);
        return takesFastPath(x, w) ? filterFast(x, w, mode) : crossCorrelatePlain(x, w, mode);
    }

    static float[] crossCorrelatePlain(float[] x, float[] w, Mode mode) {
        int first = mode.first(x.length, w.length);
        float[] z = new float[mode.length(x.length, w.length)];
        for (int t = 0; t < z.length; t++) {
            int shift = first + t - (w.length - 1); // w[i] meets x[i + shift]
            int from = Math.max(0, -shift);
            int to = Math.min(w.length, x.length - shift);
            double dot = 0;
            for (int i = from; i < to; i++) {
                dot += (double) w[i] * x[i + shift];
            }
            z[t] = (float) dot;
        }
        return z;
    }

    /**
     * The filter turned around: {@code flipped[i] = w[m - 1 - i]}.
     *
     * @param w {@code float[m]}, not modified
     * @return {@code float[m]}
     * @throws NullPointerException if w is null
     */
    public static float[] flip(float[] w) {
        Checks.notNull(w, "w");
        float[] flipped = new float[w.length];
        for (int i = 0; i < w.length; i++) {
            flipped[i] = w[w.length - 1 - i];
        }
        return flipped;
    }

    /** To float, once. */
    static float[] rounded(double[] sums) {
        float[] result = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            result[i] = (float) sums[i];
        }
        return result;
    }

    private static boolean takesFastPath(float[] x, float[] w) {
        return FastPath.takes(Plane.row(x), Plane.row(w));
    }

    private static float[] filterFast(float[] x, float[] w, Mode mode) {
        return FastPath.filter(Plane.row(x), Plane.row(w), Window.of(1, x.length, 1, w.length, mode)).values();
    }

    private static void checkOperands(float[] x, float[] w, Mode mode) {
        VectorModule.require();
        Checks.atLeast(Checks.notNull(x, "x").length, 1, "length of x");
        Checks.atLeast(Checks.notNull(w, "w").length, 1, "length of w");
        Checks.notNull(mode, "mode");
    }
}
