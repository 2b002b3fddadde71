package lanewise.oracle;

import lanewise.kernel.PoolShape;

/**
 * What a pooling is: pairs of an element of y and an element of x that its window sees, named by plain loops, the taps of a window
 * in row-major order.
 */
public final class PoolOracle {

    private PoolOracle() {}

    /** One tap: the indices of its elements of x and y. */
    @FunctionalInterface
    private interface Tap {
        void visit(int x, int y);
    }

    private static void forEachTap(PoolShape shape, Tap tap) {
        for (int n = 0; n < shape.n(); n++) {
            for (int p = 0; p < shape.p(); p++) {
                for (int q = 0; q < shape.q(); q++) {
                    for (int r = 0; r < shape.r(); r++) {
                        for (int s = 0; s < shape.s(); s++) {
                            long h = (long) p * shape.strideH() + (long) r * shape.dilationH() - shape.padTop();
                            long w = (long) q * shape.strideW() + (long) s * shape.dilationW() - shape.padLeft();
                            if (0 <= h && h < shape.h() && 0 <= w && w < shape.w()) {
                                for (int c = 0; c < shape.c(); c++) {
                                    tap.visit(((n * shape.h() + (int) h) * shape.w() + (int) w) * shape.c() + c,
                                            ((n * shape.p() + p) * shape.q() + q) * shape.c() + c);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** Where the maximum of each window is: the first, with {@code -0 < +0} and NaN above all. */
    public static int[] indices(PoolShape shape, double[] x) {
        int[] indices = new int[shape.yLength()];
        boolean[] seen = new boolean[indices.length];
        forEachTap(shape, (i, o) -> {
            if (!seen[o] || Double.compare(x[i], x[indices[o]]) > 0) {
                seen[o] = true;
                indices[o] = i;
            }
        });
        return indices;
    }

    /** The maximum of each window. */
    public static Sums max(PoolShape shape, double[] x) {
        int[] indices = indices(shape, x);
        var sums = new Sums(indices.length);
        for (int o = 0; o < indices.length; o++) {
            sums.add(o, x[indices[o]]);
        }
        return sums;
    }

    /** The gradient of {@link #max}. */
    public static Sums maxGradInput(PoolShape shape, double[] x, float[] dy) {
        int[] indices = indices(shape, x);
        var sums = new Sums(x.length);
        for (int o = 0; o < indices.length; o++) {
            sums.add(indices[o], dy[o]);
        }
        return sums;
    }

    /** The mean of each window. */
    public static Sums average(PoolShape shape, boolean countPadding, double[] x) {
        int[] divisors = divisors(shape, countPadding);
        var sums = new Sums(divisors.length);
        forEachTap(shape, (i, o) -> sums.add(o, x[i] / divisors[o]));
        return sums;
    }

    /** The gradient of {@link #average}. */
    public static Sums averageGradInput(PoolShape shape, boolean countPadding, float[] dy) {
        int[] divisors = divisors(shape, countPadding);
        var sums = new Sums(shape.xLength());
        forEachTap(shape, (i, o) -> sums.add(i, (double) dy[o] / divisors[o]));
        return sums;
    }

    /** For each element of y the taps in the input, or with padding those in the padded input, which has an end, too. */
    private static int[] divisors(PoolShape shape, boolean countPadding) {
        int[] divisors = new int[shape.yLength()];
        if (countPadding) {
            int high = shape.padTop() + shape.h() + shape.padBottom();
            int wide = shape.padLeft() + shape.w() + shape.padRight();
            var padded = new PoolShape(shape.n(), high, wide, shape.c(), shape.r(), shape.s(), shape.strideH(), shape.strideW(),
                    0, 0, 0, 0, shape.dilationH(), shape.dilationW(), shape.ceilMode());
            int[] all = new int[padded.yLength()];
            forEachTap(padded, (i, o) -> all[o]++);
            // Ceil mode drops windows that begin below the input, so the padded shape may have one more.
            for (int o = 0; o < divisors.length; o++) {
                int c = o % shape.c();
                int q = o / shape.c() % shape.q();
                int p = o / shape.c() / shape.q() % shape.p();
                divisors[o] = all[(p * padded.q() + q) * shape.c() + c];
            }
        } else {
            forEachTap(shape, (i, o) -> divisors[o]++);
        }
        return divisors;
    }

    /** The p-norm of each window, as a sum of as many equal terms as the window has taps: so its tolerance has the right form. */
    public static Sums lp(PoolShape shape, double p, double[] x) {
        double[] powers = new double[shape.yLength()];
        forEachTap(shape, (i, o) -> powers[o] += Math.pow(Math.abs(x[i]), p));
        int[] taps = divisors(shape, false);
        var sums = new Sums(powers.length);
        forEachTap(shape, (i, o) -> sums.add(o, Math.pow(powers[o], 1 / p) / taps[o]));
        return sums;
    }

    /** The gradient of {@link #lp}, with its {@code y}. */
    public static Sums lpGradInput(PoolShape shape, double p, double[] x, float[] y, float[] dy) {
        var sums = new Sums(x.length);
        forEachTap(shape, (i, o) -> {
            if (y[o] != 0) {
                sums.add(i, dy[o] * Math.signum(x[i]) * Math.pow(Math.abs(x[i]) / y[o], p - 1));
            }
        });
        return sums;
    }
}
