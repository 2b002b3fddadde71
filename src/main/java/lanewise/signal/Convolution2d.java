package lanewise.signal;

import lanewise.internal.VectorModule;

/**
 * True convolution of a plane with a filter, which is flipped in both directions:
 *
 * <pre>y[p, q] = sum over i &lt; R, j &lt; S of  w[i, j] x[p - i, q - j],    x = 0 outside its H x W</pre>
 *
 * <p>Three methods for the one sum, and {@linkplain #crossCorrelate cross-correlation}, which does not flip. Shapes: x is H x W,
 * w is R x S, y is {@code mode.length(H, R)} x {@code mode.length(W, S)}. Operands are not modified and may be the same plane; the
 * result is new. Precision, NaN and infinity: see the {@linkplain lanewise.signal package}.
 *
 * <p>Each method throws {@link NullPointerException} if an argument is null, {@link IllegalArgumentException} if the result has
 * more elements than an array can hold, or if the mode is {@link Mode#VALID} and neither plane fits inside the other, and
 * {@link IllegalStateException} if the JVM lacks the Vector API.
 */
public final class Convolution2d {

    private Convolution2d() {}

    /**
     * Translate and scale: one copy of x for every tap, moved to the tap's place, scaled by its value; their sum is y.
     *
     * @param x the picture
     * @param w the filter
     * @param mode which part of y
     * @return y
     */
    public static Plane translateAndScale(Plane x, Plane w, Mode mode) {
        Window window = window(x, w, mode);
        return FastPath.takes(x, w) ? FastPath.filter(x, w.flipped(), window) : translateAndScalePlain(x, w, window);
    }

    static Plane translateAndScalePlain(Plane x, Plane w, Window window) {
        double[] y = new double[window.height() * window.width()];
        for (int i = 0; i < w.height(); i++) {
            for (int j = 0; j < w.width(); j++) {
                addCopy(x, w.at(i, j), i - window.top(), j - window.left(), window, y);
            }
        }
        return new Plane(window.height(), window.width(), Convolution1d.rounded(y));
    }

    /** Adds x, scaled by one tap, moved down and right, to the part of y that the window shows. */
    private static void addCopy(Plane x, double tap, int down, int right, Window window, double[] y) {
        int top = Math.max(0, -down);
        int left = Math.max(0, -right);
        int bottom = Math.min(x.height(), window.height() - down);
        int end = Math.min(x.width(), window.width() - right);
        for (int row = top; row < bottom; row++) {
            for (int column = left; column < end; column++) {
                y[(row + down) * window.width() + column + right] += tap * x.at(row, column);
            }
        }
    }

    /**
     * Flip and filter: turn the filter by half a circle, then slide it over x and take the dot product at each place.
     *
     * <pre>flipAndFilter(x, w) = crossCorrelate(x, w.flipped())</pre>
     *
     * @param x the picture
     * @param w the filter
     * @param mode which part of y
     * @return y
     */
    public static Plane flipAndFilter(Plane x, Plane w, Mode mode) {
        Window window = window(x, w, mode);
        return crossCorrelate(x, w.flipped(), window);
    }

    /**
     * The product of the filter's {@linkplain Toeplitz2d doubly block Toeplitz matrix} with x, read as one column of H W elements.
     * It builds the whole matrix and is meant for looking at, not for speed. The zeros beside the diagonals are multiplied too:
     * unlike in the other methods, an infinite or NaN element of x makes NaN of all of y out of the filter's reach.
     *
     * @param x the picture
     * @param w the filter
     * @param mode which part of y
     * @return y
     * @throws IllegalArgumentException also if the matrix has more elements than an array can hold
     */
    public static Plane matrixProduct(Plane x, Plane w, Mode mode) {
        Window window = window(x, w, mode);
        float[] y = Toeplitz2d.matrix(w, x.height(), x.width(), mode).times(x.values());
        return new Plane(window.height(), window.width(), y);
    }

    /**
     * Cross-correlation: slides the filter over x as it is, and takes the dot product at each place. This is what the
     * "convolution" layers of neural networks compute.
     *
     * <pre>z[p, q] = sum over i &lt; R, j &lt; S of  w[i, j] x[p - (R-1) + i, q - (S-1) + j]
     *
     * crossCorrelate(x, w) = x * w.flipped(),    x * w = crossCorrelate(x, w.flipped()),    in every mode</pre>
     *
     * <p>So {@link Mode#VALID} is a layer without padding, and {@link Mode#SAME} one with R/2 rows of zeros above x and (R-1)/2
     * below it, rounded down, and columns likewise.
     *
     * @param x the picture
     * @param w the filter
     * @param mode which part of z
     * @return z
     */
    public static Plane crossCorrelate(Plane x, Plane w, Mode mode) {
        return crossCorrelate(x, w, window(x, w, mode));
    }

    private static Plane crossCorrelate(Plane x, Plane w, Window window) {
        return FastPath.takes(x, w) ? FastPath.filter(x, w, window) : crossCorrelatePlain(x, w, window);
    }

    static Plane crossCorrelatePlain(Plane x, Plane w, Window window) {
        Plane z = Plane.zeros(window.height(), window.width());
        for (int p = 0; p < z.height(); p++) {
            for (int q = 0; q < z.width(); q++) {
                int down = window.top() + p - (w.height() - 1);
                int right = window.left() + q - (w.width() - 1);
                z.values()[p * z.width() + q] = (float) dot(x, w, down, right);
            }
        }
        return z;
    }

    /** The dot product of w, moved down and right, with what of x lies under it. */
    private static double dot(Plane x, Plane w, int down, int right) {
        int top = Math.max(0, -down);
        int left = Math.max(0, -right);
        int bottom = Math.min(w.height(), x.height() - down);
        int end = Math.min(w.width(), x.width() - right);
        double sum = 0;
        for (int i = top; i < bottom; i++) {
            for (int j = left; j < end; j++) {
                sum += (double) w.at(i, j) * x.at(i + down, j + right);
            }
        }
        return sum;
    }

    private static Window window(Plane x, Plane w, Mode mode) {
        VectorModule.require();
        return Window.of(x, w, mode);
    }
}
