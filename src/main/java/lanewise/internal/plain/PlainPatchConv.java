package lanewise.internal.plain;

import java.util.Arrays;
import lanewise.internal.conv.ConvArgs;
import lanewise.kernel.ConvShape;

/** A convolution whose patches are copied from the image, tap by tap. */
final class PlainPatchConv extends PlainProduct {

    private final ConvShape shape;
    private final int p;
    private final int q;

    PlainPatchConv(ConvShape shape) {
        super(shape.yLength() / shape.k(), shape.groups(), shape.wLength() / shape.k(), shape.groupK());
        this.shape = shape;
        p = shape.p();
        q = shape.q();
    }

    @Override
    void patch(ConvArgs args, int pixel, int group, float[] patches, int at) {
        int left = pixel % q * shape.strideW() - shape.padLeft();
        int top = pixel / q % p * shape.strideH() - shape.padTop();
        int image = pixel / q / p * shape.h();
        int rowFloats = shape.s() * shape.groupC();
        boolean dense = shape.groups() == 1 && shape.dilationW() == 1;
        for (int r = 0; r < shape.r(); r++) {
            int row = top + r * shape.dilationH();
            int to = at + r * rowFloats;
            if (row < 0 || row >= shape.h()) {
                Arrays.fill(patches, to, to + rowFloats, 0);
            } else if (dense) {
                run(args, (image + row) * shape.w(), left, patches, to);
            } else {
                taps(args, (image + row) * shape.w(), left, group, patches, to);
            }
        }
    }

    /** Taps side by side that see all channels are one stretch of the image's row. */
    private void run(ConvArgs args, int row, int left, float[] patches, int to) {
        int c = shape.c();
        int from = Math.clamp(-(long) left, 0, shape.s());
        int end = Math.clamp((long) shape.w() - left, from, shape.s());
        Arrays.fill(patches, to, to + from * c, 0);
        if (from < end) {
            System.arraycopy(args.source, args.sourceOffset + (row + left + from) * c, patches, to + from * c, (end - from) * c);
        }
        Arrays.fill(patches, to + end * c, to + shape.s() * c, 0);
    }

    private void taps(ConvArgs args, int row, int left, int group, float[] patches, int at) {
        int n = shape.groupC();
        int to = at;
        for (int s = 0; s < shape.s(); s++, to += n) {
            int column = left + s * shape.dilationW();
            if (column < 0 || column >= shape.w()) {
                Arrays.fill(patches, to, to + n, 0);
            } else {
                System.arraycopy(args.source, args.sourceOffset + (row + column) * shape.c() + group * n, patches, to, n);
            }
        }
    }

    @Override
    void filterRow(float[] filter, int group, int d, float[] row) {
        System.arraycopy(filter, d * shape.k() + group * shape.groupK(), row, 0, shape.groupK());
    }
}
