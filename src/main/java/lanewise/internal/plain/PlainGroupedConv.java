package lanewise.internal.plain;

import lanewise.internal.conv.ConvArgs;
import lanewise.kernel.ConvShape;

/**
 * A convolution of small groups, depthwise above all: each input of a group is spread under its outputs, then all groups are one
 * row.
 */
final class PlainGroupedConv extends PlainConv {

    private final ConvShape shape;
    private final int p;
    private final int q;

    PlainGroupedConv(ConvShape shape) {
        super(shape.yLength() / shape.k(), shape.k(), shape.k());
        this.shape = shape;
        p = shape.p();
        q = shape.q();
    }

    @Override
    void run(ConvArgs args, int first, int count, PlainScratch scratch) {
        int k = shape.k();
        int rows = shape.wLength() / k;
        float[][] w = scratch.filter(rows, k);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(args.filter, i * k, w[i], 0, k);
        }
        float[] sums = scratch.sums(1, k)[0];
        float[] x = scratch.pixel(k);
        for (int pixel = first; pixel < first + count; pixel++) {
            begin(args, pixel, 0, k, sums, scratch);
            multiply(args, pixel, w, x, sums);
            end(args, pixel, 0, k, sums);
        }
    }

    private void multiply(ConvArgs args, int pixel, float[][] w, float[] x, float[] sums) {
        int left = pixel % q * shape.strideW() - shape.padLeft();
        int top = pixel / q % p * shape.strideH() - shape.padTop();
        int image = pixel / q / p * shape.h();
        int depths = shape.groupC();
        for (int r = 0; r < shape.r(); r++) {
            int row = top + r * shape.dilationH();
            for (int s = 0; s < shape.s() && row >= 0 && row < shape.h(); s++) {
                int column = left + s * shape.dilationW();
                if (column < 0 || column >= shape.w()) {
                    continue;
                }
                int at = args.sourceOffset + ((image + row) * shape.w() + column) * shape.c();
                for (int c = 0; c < depths; c++) {
                    spread(args.source, at + c, x);
                    PlainLoops.multiplyAdd(sums, x, w[(r * shape.s() + s) * depths + c], shape.k());
                }
            }
        }
    }

    /** {@code x[k] = source[at + group of k * C/groups]}. */
    private void spread(float[] source, int at, float[] x) {
        int each = shape.groupK();
        int depths = shape.groupC();
        if (each == 1 && depths == 1) {
            System.arraycopy(source, at, x, 0, shape.k());
            return;
        }
        for (int group = 0; group < shape.groups(); group++) {
            float v = source[at + group * depths];
            for (int k = group * each; k < (group + 1) * each; k++) {
                x[k] = v;
            }
        }
    }
}
