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

    /** One product: the indices of its elements of x, w and y. */
    @FunctionalInterface
    private interface Term {
        void visit(int x, int w, int y);
    }

    private static void forEachTerm(ConvShape shape, Term term) {
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
                                forEachChannel(shape, x, (r * shape.s() + s) * shape.groupC() * shape.k(), y, term);
                            }
                        }
                    }
                }
            }
        }
    }

    /** The two innermost loops, at one pixel of x, one tap of w and one pixel of y. */
    private static void forEachChannel(ConvShape shape, int x, int w, int y, Term term) {
        int groupC = shape.groupC();
        int groupK = shape.groupK();
        int allK = shape.k();
        for (int c = 0; c < groupC; c++) {
            for (int k = 0; k < allK; k++) {
                term.visit(x + k / groupK * groupC + c, w + c * allK + k, y + k);
            }
        }
    }

    /** y of x and w. */
    public static Sums forward(ConvShape shape, float[] x, float[] w) {
        var sums = new Sums(shape.yLength());
        forEachTerm(shape, (xAt, wAt, yAt) -> sums.add(yAt, (double) x[xAt] * w[wAt]));
        return sums;
    }

    /** dx of dy and w. */
    public static Sums gradInput(ConvShape shape, float[] dy, float[] w) {
        var sums = new Sums(shape.xLength());
        forEachTerm(shape, (xAt, wAt, yAt) -> sums.add(xAt, (double) dy[yAt] * w[wAt]));
        return sums;
    }

    /** dw of x and dy. */
    public static Sums gradWeight(ConvShape shape, float[] x, float[] dy) {
        var sums = new Sums(shape.wLength());
        forEachTerm(shape, (xAt, wAt, yAt) -> sums.add(wAt, (double) x[xAt] * dy[yAt]));
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
