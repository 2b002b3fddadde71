package lanewise.internal.plain;

import lanewise.kernel.PoolKind;
import lanewise.kernel.PoolShape;

/** Maximum and average pooling by {@link PlainLoops}: a window's taps one after the other, all channels of each. */
public final class PlainPool {

    private final PoolShape shape;
    private final boolean max;
    private final boolean countPadding;
    private final int p;
    private final int q;

    private PlainPool(PoolShape shape, boolean max, boolean countPadding) {
        this.shape = shape;
        this.max = max;
        this.countPadding = countPadding;
        p = shape.p();
        q = shape.q();
    }

    /** Of a pooling of this kind, or null: norms have no plain form. */
    public static PlainPool of(PoolShape shape, PoolKind kind, boolean countPadding) {
        return kind == PoolKind.LP ? null : new PlainPool(shape, kind == PoolKind.MAX, countPadding);
    }

    /** Into how many parts, which write different outputs, a call is cut: rows of outputs. */
    public int tasks() {
        return shape.n() * p;
    }

    /** Writes a row of outputs, whose pixels lie {@code yStride} apart. */
    public void run(float[] x, int xOffset, float[] y, int yOffset, int yStride, int task, PlainScratch scratch) {
        int c = shape.c();
        float[] result = scratch.sums(1, c)[0];
        float[] tap = scratch.pixel(c);
        for (int column = 0; column < q; column++) {
            int taken = window(x, xOffset + task / p * shape.h() * shape.w() * c, task % p, column, result, tap);
            if (!max) {
                PlainLoops.divide(result, countPadding ? padded(task % p, column) : taken, c);
            }
            System.arraycopy(result, 0, y, yOffset + (task * q + column) * yStride, c);
        }
    }

    /** The taps inside the input; how many there were. */
    private int window(float[] x, int image, int windowRow, int windowColumn, float[] result, float[] tap) {
        int c = shape.c();
        int taken = 0;
        for (int i = 0; i < shape.r(); i++) {
            long row = position(windowRow, shape.strideH(), shape.padTop(), i, shape.dilationH());
            for (int j = 0; j < shape.s() && row >= 0 && row < shape.h(); j++) {
                long column = position(windowColumn, shape.strideW(), shape.padLeft(), j, shape.dilationW());
                if (column < 0 || column >= shape.w()) {
                    continue;
                }
                int at = image + ((int) row * shape.w() + (int) column) * c;
                System.arraycopy(x, at, taken == 0 ? result : tap, 0, c);
                if (taken > 0 && max) {
                    PlainLoops.max(result, tap, c);
                } else if (taken > 0) {
                    PlainLoops.add(result, tap, c);
                }
                taken++;
            }
        }
        return taken;
    }

    private static long position(int window, int stride, int before, int tap, int dilation) {
        return (long) window * stride - before + (long) tap * dilation;
    }

    /** Taps of a window inside the padded input. */
    private float padded(int windowRow, int windowColumn) {
        long bottom = (long) shape.h() + shape.padBottom();
        int high = 0;
        while (high < shape.r() && position(windowRow, shape.strideH(), shape.padTop(), high, shape.dilationH()) < bottom) {
            high++;
        }
        long right = (long) shape.w() + shape.padRight();
        int wide = 0;
        while (wide < shape.s() && position(windowColumn, shape.strideW(), shape.padLeft(), wide, shape.dilationW()) < right) {
            wide++;
        }
        return (float) high * wide;
    }
}
