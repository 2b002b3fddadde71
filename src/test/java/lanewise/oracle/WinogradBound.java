package lanewise.oracle;

import java.util.Set;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Pass;

/**
 * How far Winograd's algorithm may lie from the sum that it stands for: for each tile, with absolute values everywhere,
 *
 * <pre>|error| &lt;= eps (C parts + roundings) |A'| (sum over parts, c of (|G| |g| |G'|) (|B'| |d| |B|)) |A|</pre>
 *
 * <p>and for a weight gradient, whose terms are products of x and dy summed over all tiles,
 *
 * <pre>|error| &lt;= eps (tiles + roundings) |G'| (sum over tiles of (|B'| |d| |B|) (|A| |dy| |A'|)) |G|</pre>
 *
 * <p>Every term of the result is a product of one input, one weight and entries of the constant matrices; it meets one rounding for
 * each channel of each part, and at most four in {@code B' d B}, eight (of five taps ten) in {@code G g G'}, seven in {@code A' m A};
 * in the gradient one for each tile, four in {@code B' d B}, six in {@code A dy A'}, ten (of five taps twelve) in {@code G' m G}.
 * With stride 2 the same holds, forward, of images that are made of even and odd rows and columns, or of pairs of columns, where the
 * stride is 1; the gradients of 3x3 filters are bounded term by term.
 * The matrices are made here from the points by the definition: {@code A'[i][p] = x_p^i}, {@code G[p][j] = x_p^j / N(x_p)} and
 * {@code B'[p]} the coefficients of the product of {@code x - x_q} over the other points, of which the last is infinity.
 */
public final class WinogradBound {

    private static final double[] POINTS_1 = {};
    private static final double[] POINTS_3 = {0, -1};
    private static final double[] POINTS_4 = {0, 1, -1};
    private static final double[] POINTS_5 = {0.375, -0.375, 1.25, -1.25};
    private static final double[] POINTS_7 = {0.25, -0.25, 0.75, -0.75, 1.75, -1.75};
    private static final double[] POINTS_6 = {0, 0.625, -0.625, 1.5, -1.5};

    private final Axis rows;
    private final Axis columns;
    /** Whether the rows of a tile follow each other in one row of the image. */
    private final boolean line;
    private final int roundings;

    /** The matrices of one dimension, all absolute. */
    private record Axis(int outputs, int taps, double[][] a, double[][] b, double[][] g) {

        int side() {
            return b.length;
        }

        static Axis of(int outputs, int taps, double[] points) {
            int side = points.length + 1;
            double[][] a = new double[outputs][side];
            double[][] b = new double[side][side];
            double[][] g = new double[side][taps];
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
                for (int i = 0; i < outputs; i++) {
                    a[i][p] = infinity ? i == outputs - 1 ? 1 : 0 : Math.abs(Math.pow(points[p], i));
                }
                for (int j = 0; j < taps; j++) {
                    g[p][j] = infinity ? j == taps - 1 ? 1 : 0 : Math.abs(Math.pow(points[p], j) / n);
                }
            }
            return new Axis(outputs, taps, a, b, g);
        }
    }

    /** For the tiles of {@code form}: F(outputs, taps). */
    public WinogradBound(String form) {
        rows = switch (form) {
            case "F(2x2,3x3)" -> Axis.of(2, 3, POINTS_4);
            case "F(2x2,5x5)" -> Axis.of(2, 5, POINTS_6);
            case "F(4x4,3x3)", "F(4x3,9)", "F(4,3)" -> Axis.of(4, 3, POINTS_6);
            case "F(4,4)" -> Axis.of(4, 4, POINTS_7);
            case "F(2x2,2x2)" -> Axis.of(2, 2, POINTS_3);
            default -> throw new IllegalArgumentException(form);
        };
        columns = switch (form) {
            case "F(4x3,9)" -> Axis.of(3, 3, POINTS_5);
            case "F(4,3)", "F(4,4)" -> Axis.of(1, 1, POINTS_1);
            default -> rows;
        };
        line = Set.of("F(4x3,9)", "F(4,3)", "F(4,4)").contains(form);
        roundings = 4 + (rows.taps == 5 ? 10 : 8) + 7;
    }

    private WinogradBound(Axis rows, Axis columns) {
        this.rows = rows;
        this.columns = columns;
        line = false;
        roundings = 0;
    }

    private int height() {
        return line ? 1 : rows.outputs;
    }

    private int width() {
        return line ? rows.outputs * columns.outputs : columns.outputs;
    }

    private int partWidth() {
        return line ? rows.taps * columns.taps : columns.taps;
    }

    private int parts(int s) {
        return (s + partWidth() - 1) / partWidth();
    }

    /** Whether the tile of output (p, q) reads an input, counted from the first pixel of padding, for the filter of {@code shape}. */
    public boolean sees(Pass pass, int p, int q, int row, int column, ConvShape shape) {
        if (rows.taps == 2 && pass == Pass.GRAD_INPUT) {
            int top = row - 2 + shape.padTop() - firstRow(p, shape.padTop());
            int left = column - 2 + shape.padLeft() - firstRow(q, shape.padLeft());
            return top >= 0 && top < 3 && left >= 0 && left < 3;
        }
        if (rows.taps == 2) {
            int top = p / 2 * 4;
            int left = q / 2 * 4;
            return top <= row && row < top + 5 && left <= column && column < left + 5;
        }
        if (rows.taps == 4) {
            int begin = q / width() * width() * 2;
            int top = p * shape.strideH();
            return top <= row && row < top + shape.r() && begin <= column && column < begin + 2 * rows.side();
        }
        int top = p / height() * height();
        int left = q / width() * width();
        return top <= row && row < top + (line ? 1 : rows.side())
                && left <= column && column < left + width() + parts(shape.s()) * partWidth() - 1;
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
        if (rows.taps == 2) {
            return forwardOfPhases(shape, x, w, exact);
        }
        if (rows.taps == 4) {
            return forwardOfPairs(shape, x, w, exact);
        }
        Filter filter = (row, column, c, k) -> w[((row * shape.s() + column) * shape.c() + c) * shape.k() + k];
        return bound(x, shape.n(), shape.h(), shape.w(), shape.c(), shape.p(), shape.q(), shape.k(), shape.padTop(), shape.padLeft(),
                shape.r(), shape.s(), filter, exact);
    }

    /** 3x3 with stride 2: even and odd rows and columns are images of their own, whose filters have two taps, or one, and stride 1. */
    private Sums forwardOfPhases(ConvShape shape, float[] x, float[] w, Sums exact) {
        double[] magnitude = new double[shape.yLength()];
        double[][] one = {{1, 0}, {0, 1}};
        var tap = new Axis(2, 1, one, one, new double[][] {{1}, {1}});
        int c = shape.c();
        for (int phase = 0; phase < 4; phase++) {
            int odd = phase / 2;
            int oddColumn = phase % 2;
            ConvShape of = ConvShape.of(shape.n(), shape.p() + 1 - odd, shape.q() + 1 - oddColumn, c, shape.k(), 2 - odd, 2 - oddColumn);
            float[] pixels = new float[of.xLength()];
            for (int i = 0; i < pixels.length; i++) {
                int row = 2 * (i / c / of.w() % of.h()) + odd - shape.padTop();
                int column = 2 * (i / c % of.w()) + oddColumn - shape.padLeft();
                boolean inside = row >= 0 && row < shape.h() && column >= 0 && column < shape.w();
                pixels[i] = inside ? x[((i / c / of.w() / of.h() * shape.h() + row) * shape.w() + column) * c + i % c] : 0;
            }
            Filter filter = (row, column, in, out) -> w[(((2 * row + odd) * 3 + 2 * column + oddColumn) * c + in) * shape.k() + out];
            double[] part = new WinogradBound(odd == 0 ? rows : tap, oddColumn == 0 ? columns : tap).magnitude(pixels, of.n(), of.h(),
                    of.w(), c, of.p(), of.q(), of.k(), 0, 0, of.r(), of.s(), filter);
            for (int i = 0; i < part.length; i++) {
                magnitude[i] += part[i];
            }
        }
        return exact.withBound(magnitude, 4 * c + roundings);
    }

    /** With stride 2: all that a row of outputs sees of two neighbouring columns is one pixel, and the filter has four taps of stride 1. */
    private Sums forwardOfPairs(ConvShape shape, float[] x, float[] w, Sums exact) {
        ConvShape pairs = ofPairs(shape);
        int c = shape.c();
        Filter filter = (row, tap, d, k) -> {
            int s = 2 * tap + d % (2 * c) / c;
            return s < shape.s() ? w[((d / (2 * c) * shape.s() + s) * c + d % c) * shape.k() + k] : 0;
        };
        return bound(pairs(shape, x), pairs.n(), pairs.h(), pairs.w(), pairs.c(), pairs.p(), pairs.q(), pairs.k(), 0, 0, 1, 4,
                filter, exact);
    }

    private static ConvShape ofPairs(ConvShape shape) {
        return ConvShape.of(shape.n(), shape.p(), shape.q() + 3, shape.r() * 2 * shape.c(), shape.k(), 1, 4);
    }

    /** The pixels of that image. */
    private static float[] pairs(ConvShape shape, float[] x) {
        ConvShape pairs = ofPairs(shape);
        int c = shape.c();
        float[] pixels = new float[pairs.xLength()];
        for (int i = 0; i < pixels.length; i++) {
            int depth = i % pairs.c();
            int pair = i / pairs.c() % pairs.w();
            int p = i / pairs.c() / pairs.w() % pairs.h();
            int image = i / pairs.c() / pairs.w() / pairs.h();
            int row = p * shape.strideH() + depth / (2 * c) - shape.padTop();
            int column = 2 * pair + depth % (2 * c) / c - shape.padLeft();
            boolean inside = row >= 0 && row < shape.h() && column >= 0 && column < shape.w();
            pixels[i] = inside ? x[((image * shape.h() + row) * shape.w() + column) * c + depth % c] : 0;
        }
        return pixels;
    }

    /** The first of three rows of dy, or columns, that the tile of four pixels of dx sees to which {@code p} belongs. */
    private static int firstRow(int p, int pad) {
        int first = pad % 2 - 1;
        return (first + pad - 1) / 2 + 2 * Math.floorDiv(p - first, 4);
    }

    /** A term of the sum that a pixel of dx, or a tap, is: how the values and the filter, or x and dy, enter it, all absolute. */
    private record Term(double[] first, double[] second) {}

    private static final Term[][] PIXELS = {
        {new Term(new double[] {1, 0, 0}, new double[] {0, 1, 0})},
        {new Term(new double[] {0, 1, 0}, new double[] {1, 0, 1}), new Term(new double[] {1, 1, 0}, new double[] {0, 0, 1})},
        {new Term(new double[] {0, 1, 0}, new double[] {0, 1, 0})},
        {new Term(new double[] {0, 1, 0}, new double[] {1, 0, 1}), new Term(new double[] {0, 1, 1}, new double[] {1, 0, 0})}};

    private static final Term[][] TAPS = {
        {new Term(new double[] {1, 0, 1, 0, 0}, new double[] {1, 0}), new Term(new double[] {0, 0, 1, 0, 0}, new double[] {1, 1})},
        {new Term(new double[] {0, 1, 0, 0, 0}, new double[] {1, 0}), new Term(new double[] {0, 0, 0, 1, 0}, new double[] {0, 1})},
        {new Term(new double[] {0, 0, 1, 0, 1}, new double[] {0, 1}), new Term(new double[] {0, 0, 1, 0, 0}, new double[] {1, 1})}};

    /** {@code sum over i, j of left[i] m[i][j] right[j]}. */
    private static double sandwich(double[] left, double[] m, double[] right) {
        double sum = 0;
        for (int e = 0; e < m.length; e++) {
            sum += left[e / right.length] * m[e] * right[e % right.length];
        }
        return sum;
    }

    /** 3x3 with stride 2: a pixel of dx is one product, or the sum of two in each direction in which it meets two taps. */
    private Sums gradInputOfPhases(ConvShape shape, float[] dy, float[] w, Sums exact) {
        int c = shape.c();
        int k = shape.k();
        double[] magnitude = new double[shape.xLength()];
        double[][][] taps = new double[c][k][9];
        for (int i = 0; i < w.length; i++) {
            taps[i / k % c][i % k][i / k / c] = Math.abs(w[i]);
        }
        for (int pixel = 0; pixel < magnitude.length / c; pixel++) {
            int row = pixel / shape.w() % shape.h();
            int column = pixel % shape.w();
            double[][] seen = new double[k][];
            for (int out = 0; out < k; out++) {
                seen[out] = pixels(dy, pixel / shape.w() / shape.h(), shape.p(), shape.q(), k, firstRow(row, shape.padTop()),
                        firstRow(column, shape.padLeft()), out, 3, 3);
            }
            for (Term i : PIXELS[Math.floorMod(row + 1 - shape.padTop() % 2, 4)]) {
                for (Term j : PIXELS[Math.floorMod(column + 1 - shape.padLeft() % 2, 4)]) {
                    for (int out = 0; out < k; out++) {
                        double v = sandwich(i.first, seen[out], j.first);
                        for (int in = 0; in < c; in++) {
                            magnitude[pixel * c + in] += v * sandwich(i.second, taps[in][out], j.second);
                        }
                    }
                }
            }
        }
        return exact.withBound(magnitude, k + roundings);
    }

    /** The same for the weight gradient: two products or more for each tap and tile of 2x2 places of dy, in up to four sums. */
    private Sums gradWeightOfPhases(ConvShape shape, float[] x, float[] dy, Sums exact) {
        int c = shape.c();
        int k = shape.k();
        double[] magnitude = new double[shape.wLength()];
        int tiles = 0;
        for (int image = 0; image < shape.n(); image++) {
            for (int top = 0; top < shape.p(); top += 2) {
                for (int left = 0; left < shape.q(); left += 2, tiles++) {
                    double[][] u = new double[k][];
                    for (int out = 0; out < k; out++) {
                        u[out] = pixels(dy, image, shape.p(), shape.q(), k, top, left, out, 2, 2);
                    }
                    for (int in = 0; in < c; in++) {
                        double[] v = pixels(x, image, shape.h(), shape.w(), c, 2 * top - shape.padTop(), 2 * left - shape.padLeft(),
                                in, 5, 5);
                        for (int tap = 0; tap < 9; tap++) {
                            for (Term i : TAPS[tap / 3]) {
                                for (Term j : TAPS[tap % 3]) {
                                    double of = sandwich(i.first, v, j.first);
                                    for (int out = 0; out < k; out++) {
                                        magnitude[(tap * c + in) * k + out] += of * sandwich(i.second, u[out], j.second);
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return exact.withBound(magnitude, 4 * tiles + 4 + 6 + 10);
    }

    /** The same sums as {@code exact}, of {@code gradInput}, with this bound: a forward pass with the filter turned. */
    public Sums gradInput(ConvShape shape, float[] dy, float[] w, Sums exact) {
        if (rows.taps == 2) {
            return gradInputOfPhases(shape, dy, w, exact);
        }
        int r = shape.r();
        int s = shape.s();
        Filter filter = (row, column, k, c) -> w[(((r - 1 - row) * s + s - 1 - column) * shape.c() + c) * shape.k() + k];
        return bound(dy, shape.n(), shape.p(), shape.q(), shape.k(), shape.h(), shape.w(), shape.c(),
                r - 1 - shape.padTop(), s - 1 - shape.padLeft(), r, s, filter, exact);
    }

    /** The same sums as {@code exact}, of {@code gradWeight}, with this bound. */
    public Sums gradWeight(ConvShape shape, float[] x, float[] dy, Sums exact) {
        if (rows.taps == 2) {
            return gradWeightOfPhases(shape, x, dy, exact);
        }
        if (rows.taps != 4) {
            return exact.withBound(gradWeightMagnitude(shape, x, dy), gradWeightRoundings(shape));
        }
        ConvShape pairs = ofPairs(shape);
        double[] ofPairs = gradWeightMagnitude(pairs, pairs(shape, x), dy);
        double[] magnitude = new double[shape.wLength()];
        for (int i = 0; i < magnitude.length; i++) {
            int channel = i / shape.k() % shape.c();
            int s = i / shape.k() / shape.c() % shape.s();
            int depth = (i / shape.k() / shape.c() / shape.s() * 2 + s % 2) * shape.c() + channel;
            magnitude[i] = ofPairs[(s / 2 * pairs.c() + depth) * shape.k() + i % shape.k()];
        }
        return exact.withBound(magnitude, gradWeightRoundings(pairs));
    }

    private int gradWeightRoundings(ConvShape shape) {
        int tiles = shape.n() * ((shape.p() + height() - 1) / height()) * ((shape.q() + width() - 1) / width());
        return tiles + 4 + 6 + (rows.taps == 5 ? 12 : 10);
    }

    private double[] gradWeightMagnitude(ConvShape shape, float[] x, float[] dy) {
        int c = shape.c();
        int k = shape.k();
        int parts = parts(shape.s());
        int points = rows.side() * columns.side();
        double[][][][] m = new double[parts][c][k][points];
        for (int image = 0; image < shape.n(); image++) {
            for (int top = 0; top < shape.p(); top += height()) {
                for (int left = 0; left < shape.q(); left += width()) {
                    double[][] u = new double[k][];
                    for (int out = 0; out < k; out++) {
                        double[] tile = pixels(dy, image, shape.p(), shape.q(), k, top, left, out, rows.outputs, columns.outputs);
                        u[out] = sandwich(transposed(rows.a), tile, transposed(columns.a));
                    }
                    for (int part = 0; part < parts; part++) {
                        for (int in = 0; in < c; in++) {
                            double[] v = sandwich(rows.b, patch(x, image, shape.h(), shape.w(), c, top - shape.padTop(),
                                    left - shape.padLeft() + part * partWidth(), in), columns.b);
                            for (int out = 0; out < k; out++) {
                                for (int point = 0; point < points; point++) {
                                    m[part][in][out][point] += v[point] * u[out][point];
                                }
                            }
                        }
                    }
                }
            }
        }
        double[] magnitude = new double[shape.wLength()];
        for (int i = 0; i < magnitude.length; i++) {
            int tap = i / k / c;
            int column = tap % shape.s();
            double[] g = sandwich(transposed(rows.g), m[column / partWidth()][i / k % c][i % k], transposed(columns.g));
            magnitude[i] = g[line ? column % partWidth() : tap / shape.s() * columns.taps + column];
        }
        return magnitude;
    }

    @FunctionalInterface
    private interface Filter {
        double at(int row, int column, int in, int out);
    }

    private Sums bound(float[] x, int n, int h, int w, int c, int p, int q, int k, int padTop, int padLeft, int r, int s,
                       Filter filter, Sums exact) {
        return exact.withBound(magnitude(x, n, h, w, c, p, q, k, padTop, padLeft, r, s, filter), c * parts(s) + roundings);
    }

    private double[] magnitude(float[] x, int n, int h, int w, int c, int p, int q, int k, int padTop, int padLeft, int r, int s,
                               Filter filter) {
        int points = rows.side() * columns.side();
        int parts = parts(s);
        double[][][][] u = new double[parts][c][k][];
        for (int part = 0; part < parts; part++) {
            for (int in = 0; in < c; in++) {
                for (int out = 0; out < k; out++) {
                    u[part][in][out] = sandwich(rows.g, taps(filter, part, in, out, r, s), columns.g);
                }
            }
        }
        double[] magnitude = new double[n * p * q * k];
        for (int image = 0; image < n; image++) {
            for (int top = 0; top < p; top += height()) {
                for (int left = 0; left < q; left += width()) {
                    double[][] m = new double[k][points];
                    for (int part = 0; part < parts; part++) {
                        for (int in = 0; in < c; in++) {
                            int column = left - padLeft + part * partWidth();
                            double[] v = sandwich(rows.b, patch(x, image, h, w, c, top - padTop, column, in), columns.b);
                            for (int out = 0; out < k; out++) {
                                for (int point = 0; point < points; point++) {
                                    m[out][point] += v[point] * u[part][in][out][point];
                                }
                            }
                        }
                    }
                    for (int out = 0; out < k; out++) {
                        double[] y = sandwich(rows.a, m[out], columns.a);
                        for (int e = 0; e < y.length; e++) {
                            int row = top + (line ? 0 : e / columns.outputs);
                            int column = left + (line ? e : e % columns.outputs);
                            if (row < p && column < q) {
                                magnitude[((image * p + row) * q + column) * k + out] = y[e];
                            }
                        }
                    }
                }
            }
        }
        return magnitude;
    }

    /** The same for the inputs under a tile, from pixel (top, left). */
    private double[] patch(float[] x, int image, int h, int w, int c, int top, int left, int channel) {
        return pixels(x, image, h, w, c, top, left, channel, rows.side(), columns.side());
    }

    /** The absolute values of the pixels of a tile, zeros outside the image. */
    private double[] pixels(float[] x, int image, int h, int w, int c, int top, int left, int channel, int height, int width) {
        double[] pixels = new double[height * width];
        for (int e = 0; e < pixels.length; e++) {
            int row = top + (line ? 0 : e / width);
            int column = left + e % width + (line ? e / width * columns.outputs : 0);
            boolean inside = row >= 0 && row < h && column >= 0 && column < w;
            pixels[e] = inside ? Math.abs(x[((image * h + row) * w + column) * c + channel]) : 0;
        }
        return pixels;
    }

    private static double[][] transposed(double[][] m) {
        double[][] t = new double[m[0].length][m.length];
        for (int i = 0; i < m.length; i++) {
            for (int j = 0; j < t.length; j++) {
                t[j][i] = m[i][j];
            }
        }
        return t;
    }

    /** The absolute taps of one part, zeros past the filter. */
    private double[] taps(Filter filter, int part, int in, int out, int r, int s) {
        double[] taps = new double[rows.taps * columns.taps];
        for (int tap = 0; tap < taps.length; tap++) {
            int row = line ? 0 : tap / columns.taps;
            int column = part * partWidth() + (line ? tap : tap % columns.taps);
            taps[tap] = row < r && column < s ? Math.abs(filter.at(row, column, in, out)) : 0;
        }
        return taps;
    }

    /** {@code left m right'}. */
    private static double[] sandwich(double[][] left, double[] m, double[][] right) {
        int height = left[0].length;
        int width = right[0].length;
        double[] half = new double[left.length * width];
        for (int i = 0; i < left.length; i++) {
            for (int j = 0; j < width; j++) {
                for (int e = 0; e < height; e++) {
                    half[i * width + j] += left[i][e] * m[e * width + j];
                }
            }
        }
        double[] product = new double[left.length * right.length];
        for (int i = 0; i < left.length; i++) {
            for (int j = 0; j < right.length; j++) {
                for (int e = 0; e < width; e++) {
                    product[i * right.length + j] += half[i * width + e] * right[j][e];
                }
            }
        }
        return product;
    }
}
