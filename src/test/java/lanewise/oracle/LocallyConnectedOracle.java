package lanewise.oracle;

import lanewise.kernel.ConvShape;

/**
 * A convolution whose weights are not shared, as a set of products that seven plain loops name:
 *
 * <pre>y[n,p,q,k] += x[n, p u + r d - pad, q v + s e - pad, c] w[p,q,r,s,c,k]      only where the pixel of x exists</pre>
 */
public final class LocallyConnectedOracle {

    private LocallyConnectedOracle() {}

    @FunctionalInterface
    private interface Term {
        void visit(int x, int w, int y);
    }

    private static void forEachTerm(ConvShape shape, Term term) {
        int places = shape.p() * shape.q();
        for (int n = 0; n < shape.n(); n++) {
            for (int place = 0; place < places; place++) {
                for (int tap = 0; tap < shape.r() * shape.s(); tap++) {
                    int h = place / shape.q() * shape.strideH() + tap / shape.s() * shape.dilationH() - shape.padTop();
                    int w = place % shape.q() * shape.strideW() + tap % shape.s() * shape.dilationW() - shape.padLeft();
                    if (h < 0 || h >= shape.h() || w < 0 || w >= shape.w()) {
                        continue;
                    }
                    for (int c = 0; c < shape.c(); c++) {
                        int weight = ((place * shape.r() * shape.s() + tap) * shape.c() + c) * shape.k();
                        for (int k = 0; k < shape.k(); k++) {
                            term.visit(((n * shape.h() + h) * shape.w() + w) * shape.c() + c, weight + k,
                                    (n * places + place) * shape.k() + k);
                        }
                    }
                }
            }
        }
    }

    /** Floats of the weights. */
    public static int weightLength(ConvShape shape) {
        return shape.p() * shape.q() * shape.r() * shape.s() * shape.c() * shape.k();
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
        var sums = new Sums(weightLength(shape));
        forEachTerm(shape, (xAt, wAt, yAt) -> sums.add(wAt, (double) x[xAt] * dy[yAt]));
        return sums;
    }

    /** dbias of dy. */
    public static Sums gradBias(ConvShape shape, float[] dy) {
        var sums = new Sums(shape.p() * shape.q() * shape.k());
        for (int i = 0; i < dy.length; i++) {
            sums.add(i % sums.length(), dy[i]);
        }
        return sums;
    }
}
