package lanewise.internal.plain;

import java.util.Arrays;
import lanewise.internal.conv.ConvArgs;
import lanewise.kernel.ConvShape;

/**
 * A transposed convolution: an output pixel sees those inputs whose windows, in the mirror convolution, had a tap on it. With
 * strides most taps see none and are zeros, which are multiplied like data.
 */
final class PlainTransposedConv extends PlainProduct {

    private final ConvShape mirror;
    private final int p;
    private final int q;

    PlainTransposedConv(ConvShape mirror) {
        super(mirror.xLength() / mirror.c(), mirror.groups(), Math.multiplyExact(mirror.r() * mirror.s(), mirror.groupK()),
                mirror.groupC());
        this.mirror = mirror;
        p = mirror.p();
        q = mirror.q();
    }

    @Override
    void patch(ConvArgs args, int pixel, int group, float[] patches, int at) {
        int column = pixel % mirror.w() + mirror.padLeft();
        int row = pixel / mirror.w() % mirror.h() + mirror.padTop();
        int image = pixel / mirror.w() / mirror.h() * p;
        int n = mirror.groupK();
        int to = at;
        for (int r = 0; r < mirror.r(); r++) {
            int y = window(row - r * mirror.dilationH(), mirror.strideH(), p);
            for (int s = 0; s < mirror.s(); s++, to += n) {
                int x = y < 0 ? -1 : window(column - s * mirror.dilationW(), mirror.strideW(), q);
                if (x < 0) {
                    Arrays.fill(patches, to, to + n, 0);
                } else {
                    int from = args.sourceOffset + ((image + y) * q + x) * mirror.k() + group * n;
                    System.arraycopy(args.source, from, patches, to, n);
                }
            }
        }
    }

    /** The window that begins at {@code position}, or -1. */
    private static int window(int position, int stride, int windows) {
        return position >= 0 && position % stride == 0 && position / stride < windows ? position / stride : -1;
    }

    @Override
    void filterRow(float[] filter, int group, int d, float[] row) {
        int n = mirror.groupK();
        int from = d / n * mirror.groupC() * mirror.k() + group * n + d % n;
        for (int c = 0; c < mirror.groupC(); c++) {
            row[c] = filter[from + c * mirror.k()];
        }
    }
}
