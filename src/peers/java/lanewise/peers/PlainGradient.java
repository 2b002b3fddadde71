package lanewise.peers;

import lanewise.kernel.ConvShape;

/**
 * Single elements of a convolution's gradients by the loops that the definition says, in double:
 *
 * <pre>
 * dx[n, h, w, c] = sum over r, s, k of dy[n, p, q, k] w[r, s, c, k]
 * dw[r, s, c, k] = sum over n, p, q of dy[n, p, q, k] x[n, h, w, c]
 * h = p strideH + r dilationH - padTop,   w = q strideW + s dilationW - padLeft
 * </pre>
 *
 * <p>With groups, c of a weight counts within the group of k.
 */
record PlainGradient(ConvShape shape) {

    /** The element of dx that lies at {@code index}. */
    double input(int index, float[] w, float[] dy) {
        int channel = index % shape.c();
        int column = index / shape.c() % shape.w();
        int row = index / shape.c() / shape.w() % shape.h();
        int n = index / shape.c() / shape.w() / shape.h();
        int group = channel / shape.groupC();
        double sum = 0;
        for (int p = 0; p < shape.p(); p++) {
            for (int q = 0; q < shape.q(); q++) {
                int r = tap(row, p, shape.strideH(), shape.padTop(), shape.dilationH(), shape.r());
                int s = tap(column, q, shape.strideW(), shape.padLeft(), shape.dilationW(), shape.s());
                if (r < 0 || s < 0) {
                    continue;
                }
                for (int k = group * shape.groupK(); k < (group + 1) * shape.groupK(); k++) {
                    sum += (double) dy[((n * shape.p() + p) * shape.q() + q) * shape.k() + k]
                            * w[((r * shape.s() + s) * shape.groupC() + channel % shape.groupC()) * shape.k() + k];
                }
            }
        }
        return sum;
    }

    /** The tap by which the output at {@code out} sees the input at {@code in}, or -1. */
    private static int tap(int in, int out, int stride, int pad, int dilation, int taps) {
        int distance = in + pad - out * stride;
        return distance >= 0 && distance % dilation == 0 && distance / dilation < taps ? distance / dilation : -1;
    }

    /** The element of dw that lies at {@code index}. */
    double weight(int index, float[] x, float[] dy) {
        int k = index % shape.k();
        int channel = k / shape.groupK() * shape.groupC() + index / shape.k() % shape.groupC();
        int s = index / shape.k() / shape.groupC() % shape.s();
        int r = index / shape.k() / shape.groupC() / shape.s();
        double sum = 0;
        for (int n = 0; n < shape.n(); n++) {
            for (int p = 0; p < shape.p(); p++) {
                for (int q = 0; q < shape.q(); q++) {
                    int row = p * shape.strideH() + r * shape.dilationH() - shape.padTop();
                    int column = q * shape.strideW() + s * shape.dilationW() - shape.padLeft();
                    if (row >= 0 && row < shape.h() && column >= 0 && column < shape.w()) {
                        sum += (double) dy[((n * shape.p() + p) * shape.q() + q) * shape.k() + k]
                                * x[((n * shape.h() + row) * shape.w() + column) * shape.c() + channel];
                    }
                }
            }
        }
        return sum;
    }
}
