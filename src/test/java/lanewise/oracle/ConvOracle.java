package lanewise.oracle;

import lanewise.kernel.ConvShape;

/**
 * What a convolution is: a set of products, named by seven plain loops, of which each pass sums those that share an element of its
 * result.
 *
 * <pre>y[n,p,q,k] += x[n, p u + r d - pad, q v + s e - pad, c] w[r,s,c,k]      only where the pixel of x exists</pre>
 */
public final class ConvOracle {

    private ConvOracle() {}

    /**
     * The products of one element of x: those of {@code length} weights, which follow each other from {@code w}, with as many elements
     * of y; the indices of the first.
     */
    @FunctionalInterface
    private interface Terms {
        void visit(int x, int w, int y, int length);
    }

    private static void forEachTerm(ConvShape shape, Terms terms) {
        for (int n = 0; n < shape.n(); n++) {
            for (int p = 0; p < shape.p(); p++) {
                for (int q = 0; q < shape.q(); q++) {
                    int y = ((n * shape.p() + p) * shape.q() + q) * shape.k();
                    for (int r = 0; r < shape.r(); r++) {
                        for (int s = 0; s < shape.s(); s++) {
                            long h = (long) p * shape.strideH() + (long) r * shape.dilationH() - shape.padTop();
                            long w = (long) q * shape.strideW() + (long) s * shape.dilationW() - shape.padLeft();
                            if (0 <= h && h < shape.h() && 0 <= w && w < shape.w()) {
                                int x = ((n * shape.h() + (int) h) * shape.w() + (int) w) * shape.c();
                                forEachChannel(shape, x, (r * shape.s() + s) * shape.groupC() * shape.k(), y, terms);
                            }
                        }
                    }
                }
            }
        }
    }

    /** The loops over channels, at one pixel of x, one tap of w and one pixel of y; that over the filters of a group is the sums'. */
    private static void forEachChannel(ConvShape shape, int x, int w, int y, Terms terms) {
        int groupC = shape.groupC();
        int groupK = shape.groupK();
        for (int c = 0; c < groupC; c++) {
            for (int group = 0; group < shape.groups(); group++) {
                int k = group * groupK;
                terms.visit(x + group * groupC + c, w + c * shape.k() + k, y + k, groupK);
            }
        }
    }

    /** y of x and w. */
    public static Sums forward(ConvShape shape, float[] x, float[] w) {
        var sums = new Sums(shape.yLength());
        forEachTerm(shape, (xAt, wAt, yAt, length) -> sums.addProducts(yAt, x[xAt], w, wAt, length));
        return sums;
    }

    /** dx of dy and w. */
    public static Sums gradInput(ConvShape shape, float[] dy, float[] w) {
        var sums = new Sums(shape.xLength());
        forEachTerm(shape, (xAt, wAt, yAt, length) -> sums.addDot(xAt, dy, yAt, w, wAt, length));
        return sums;
    }

    /** dw of x and dy. */
    public static Sums gradWeight(ConvShape shape, float[] x, float[] dy) {
        var sums = new Sums(shape.wLength());
        forEachTerm(shape, (xAt, wAt, yAt, length) -> sums.addProducts(wAt, x[xAt], dy, yAt, length));
        return sums;
    }

    /** dbias of dy. */
    public static Sums gradBias(ConvShape shape, float[] dy) {
        var sums = new Sums(shape.k());
        for (int i = 0; i < dy.length; i++) {
            sums.add(i % shape.k(), dy[i]);
        }
        return sums;
    }
}
