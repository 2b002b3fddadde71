package lanewise.signal;

import lanewise.internal.Checks;

/** The matrix that convolves: {@code y = T x}, the same numbers along each diagonal. */
public final class Toeplitz1d {

    private Toeplitz1d() {}

    /**
     * The matrix of a filter.
     *
     * <pre>
     * T[t, j] = w[t + first - j],  zero where w has no such tap,    first = mode.first(n, m)
     *
     *             1 0 0
     * (1, 1, 2):  1 1 0
     *             2 1 1     n = 3, FULL
     *             0 2 1
     *             0 0 2
     * </pre>
     *
     * @param w the filter, {@code float[m]}, not modified
     * @param n elements of the signals it is for
     * @param mode which part of y
     * @return T, of {@code mode.length(n, m)} rows and n columns
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if m or n is less than 1, or T has more elements than an array can hold
     */
    public static Plane matrix(float[] w, int n, Mode mode) {
        Checks.notNull(w, "w");
        Checks.notNull(mode, "mode");
        int first = mode.first(n, w.length);
        int rows = mode.length(n, w.length);
        float[] matrix = new float[Checks.product("Toeplitz matrix", rows, n)];
        for (int t = 0; t < rows; t++) {
            for (int j = 0; j < n; j++) {
                int i = t + first - j;
                matrix[t * n + j] = i >= 0 && i < w.length ? w[i] : 0;
            }
        }
        return new Plane(rows, n, matrix);
    }
}
