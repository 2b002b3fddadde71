package lanewise.oracle;

import lanewise.kernel.ConvShape;

/**
 * How far Winograd's algorithm may lie from the sum that it stands for: for each tile, with absolute values everywhere,
 *
 * <pre>|error| &lt;= eps (C + ROUNDINGS) |A'| (sum over c of (|G| |g| |G'|) (|B'| |d| |B|)) |A|</pre>
 *
 * <p>Every term of the result is a product of one input, one weight and entries of the constant matrices; it meets one rounding for
 * each channel, and at most four in {@code B' d B}, eight in {@code G g G'}, seven in {@code A' m A}. The matrices are made here
 * from the points by the definition: {@code A'[i][p] = x_p^i}, {@code G[p][j] = x_p^j / N(x_p)} and {@code B'[p]} the coefficients
 * of the product of {@code x - x_q} over the other points, of which the last is infinity.
 */
public final class WinogradBound {

    private static final int ROUNDINGS = 4 + 8 + 7;

    private static final double[] POINTS_2 = {0, 1, -1};
    private static final double[] POINTS_4 = {0, 0.625, -0.625, 1.5, -1.5};

    private final int tile;
    private final int side;
    private final double[][] a;
    private final double[][] b;
    private final double[][] g;

    /** For outputs of {@code tile x tile}, 2 or 4. */
    public WinogradBound(int tile) {
        this.tile = tile;
        side = tile + 2;
        double[] points = tile == 4 ? POINTS_4 : POINTS_2;
        a = new double[tile][side];
        b = new double[side][side];
        g = new double[side][3];
        for (int p = 0; p < side; p++) {
            boolean infinity = p == points.length;
            double[] polynomial = {1};
            double n = 1;
            for (int q = 0; q < points.length; q++) {
                if (q != p) {
                    polynomial = timesRoot(polynomial, points[q]);
                    n *= infinity ? 1 : points[p] - points[q];
                }
            }
            for (int i = 0; i < polynomial.length; i++) {
                b[p][i] = Math.abs(polynomial[i]);
            }
            for (int i = 0; i < tile; i++) {
                a[i][p] = infinity ? i == tile - 1 ? 1 : 0 : Math.abs(Math.pow(points[p], i));
            }
            for (int j = 0; j < 3; j++) {
                g[p][j] = infinity ? j == 2 ? 1 : 0 : Math.abs(Math.pow(points[p], j) / n);
            }
        }
    }

    private static double[] timesRoot(double[] polynomial, double root) {
        double[] product = new double[polynomial.length + 1];
        for (int i = 0; i < polynomial.length; i++) {
            product[i + 1] += polynomial[i];
            product[i] -= root * polynomial[i];
        }
        return product;
    }

    /** The same sums as {@code exact}, of {@code forward}, with this bound. */
    public Sums forward(ConvShape shape, float[] x, float[] w, Sums exact) {
        return bound(x, shape.n(), shape.h(), shape.w(), shape.c(), shape.p(), shape.q(), shape.k(), shape.padTop(), shape.padLeft(),
                (tap, c, k) -> w[(tap * shape.c() + c) * shape.k() + k], exact);
    }

    /** The same sums as {@code exact}, of {@code gradInput}, with this bound: a forward pass with the filter turned. */
    public Sums gradInput(ConvShape shape, float[] dy, float[] w, Sums exact) {
        return bound(dy, shape.n(), shape.p(), shape.q(), shape.k(), shape.h(), shape.w(), shape.c(),
                2 - shape.padTop(), 2 - shape.padLeft(), (tap, k, c) -> w[((8 - tap) * shape.c() + c) * shape.k() + k], exact);
    }

    @FunctionalInterface
    private interface Filter {
        double at(int tap, int in, int out);
    }

    private Sums bound(float[] x, int n, int h, int w, int c, int p, int q, int k, int padTop, int padLeft, Filter filter, Sums exact) {
        int points = side * side;
        double[] u = new double[points * c * k];
        double[] taps = new double[9];
        for (int in = 0; in < c; in++) {
            for (int out = 0; out < k; out++) {
                for (int tap = 0; tap < 9; tap++) {
                    taps[tap] = Math.abs(filter.at(tap, in, out));
                }
                double[] points2 = sandwich(g, taps, 3);
                for (int point = 0; point < points; point++) {
                    u[(point * c + in) * k + out] = points2[point];
                }
            }
        }
        double[] magnitude = new double[n * p * q * k];
        double[] patch = new double[points];
        for (int image = 0; image < n; image++) {
            for (int i = 0; i < p; i += tile) {
                for (int j = 0; j < q; j += tile) {
                    double[] m = new double[points * k];
                    for (int in = 0; in < c; in++) {
                        for (int e = 0; e < points; e++) {
                            int row = i + e / side - padTop;
                            int column = j + e % side - padLeft;
                            boolean inside = row >= 0 && row < h && column >= 0 && column < w;
                            patch[e] = inside ? Math.abs(x[((image * h + row) * w + column) * c + in]) : 0;
                        }
                        double[] v = sandwich(b, patch, side);
                        for (int point = 0; point < points; point++) {
                            for (int out = 0; out < k; out++) {
                                m[point * k + out] += v[point] * u[(point * c + in) * k + out];
                            }
                        }
                    }
                    for (int out = 0; out < k; out++) {
                        for (int point = 0; point < points; point++) {
                            patch[point] = m[point * k + out];
                        }
                        double[] y = sandwich(a, patch, side);
                        for (int e = 0; e < tile * tile; e++) {
                            if (i + e / tile < p && j + e % tile < q) {
                                magnitude[((image * p + i + e / tile) * q + j + e % tile) * k + out] = y[e];
                            }
                        }
                    }
                }
            }
        }
        return exact.withBound(magnitude, c + ROUNDINGS);
    }

    /** {@code matrix m matrix'} for a square {@code m} of {@code size}. */
    private static double[] sandwich(double[][] matrix, double[] m, int size) {
        int rows = matrix.length;
        double[] left = new double[rows * size];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < size; j++) {
                for (int e = 0; e < size; e++) {
                    left[i * size + j] += matrix[i][e] * m[e * size + j];
                }
            }
        }
        double[] product = new double[rows * rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                for (int e = 0; e < size; e++) {
                    product[i * rows + j] += left[i * size + e] * matrix[j][e];
                }
            }
        }
        return product;
    }
}
