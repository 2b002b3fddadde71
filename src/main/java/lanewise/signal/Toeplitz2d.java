package lanewise.signal;

import lanewise.internal.Checks;

/**
 * The matrix that convolves planes: {@code y = T x}, with x and y read as columns, row after row.
 *
 * <p>It is doubly block Toeplitz: P x H blocks, equal along each diagonal of blocks, and each block is the Q x W Toeplitz matrix of
 * one row of the filter. {@code matrix.toString(Q, W)} draws the blocks.
 */
public final class Toeplitz2d {

    private Toeplitz2d() {}

    /**
     * The matrix of a filter.
     *
     * <pre>
     * T[(p, q), (a, b)] = w[p + top - a, q + left - b],  zero where w has no such tap,
     * top = mode.first(H, R),  left = mode.first(W, S),  (p, q) = row p Q + q,  (a, b) = column a W + b
     * </pre>
     *
     * @param w the filter, R x S, not modified
     * @param height H, of the planes it is for
     * @param width W, of the planes it is for
     * @param mode which part of y
     * @return T, of P Q rows and H W columns
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a size is less than 1, T has more elements than an array can hold, or the mode is
     *     {@link Mode#VALID} and neither plane fits inside the other
     */
    public static Plane matrix(Plane w, int height, int width, Mode mode) {
        Checks.notNull(w, "w");
        Window window = Window.of(height, width, w.height(), w.width(), mode);
        int columns = Checks.product("x", height, width);
        int rows = window.height() * window.width();
        float[] matrix = new float[Checks.product("Toeplitz matrix", rows, columns)];
        int at = 0;
        for (int p = 0; p < window.height(); p++) {
            for (int q = 0; q < window.width(); q++) {
                for (int a = 0; a < height; a++) {
                    for (int b = 0; b < width; b++) {
                        matrix[at++] = tap(w, p + window.top() - a, q + window.left() - b);
                    }
                }
            }
        }
        return new Plane(rows, columns, matrix);
    }

    private static float tap(Plane w, int i, int j) {
        return i >= 0 && i < w.height() && j >= 0 && j < w.width() ? w.at(i, j) : 0;
    }
}
