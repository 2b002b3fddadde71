package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.Sizes;

/**
 * The sizes of one pooling, checked, and the only place where output sizes are computed:
 *
 * <pre>P = (h + padTop + padBottom - (dilationH (r - 1) + 1)) / strideH + 1,   Q likewise</pre>
 *
 * <p>rounded down, or in ceil mode up; then a last window that would begin below the input is dropped, even if the bottom padding
 * reaches there. This is the rule of PyTorch and of ONNX. In ceil mode the last window may reach beyond the padding.
 *
 * <p>Every window must see at least one element of the input. So a padding is smaller than the window's extent, dilation
 * included, and no maximum is taken of nothing.
 *
 * <p>Shapes: {@code x: N*H*W*C}, {@code y: N*P*Q*C}, each channels-last in a {@code float[]}. A 1-D pooling has
 * {@code h = r = 1}. All sizes and paddings are in elements.
 *
 * @param n images in the batch (N)
 * @param h height of the input (H)
 * @param w width of the input (W)
 * @param c channels (C)
 * @param r height of the window (R)
 * @param s width of the window (S)
 * @param strideH rows from one window to the next
 * @param strideW columns from one window to the next
 * @param padTop rows of padding above the input
 * @param padLeft columns of padding left of it
 * @param padBottom rows of padding below it
 * @param padRight columns of padding right of it
 * @param dilationH rows from one tap of the window to the next
 * @param dilationW columns from one tap of the window to the next
 * @param ceilMode whether output sizes are rounded up
 */
public record PoolShape(int n, int h, int w, int c, int r, int s, int strideH, int strideW,
                        int padTop, int padLeft, int padBottom, int padRight, int dilationH, int dilationW, boolean ceilMode) {

    /**
     * Checks every size.
     *
     * @throws IllegalArgumentException if a size is out of its range, the window is larger than the padded input (in ceil mode: by
     *     a stride or more), a window would see padding only, or a tensor would have more elements than an array can hold
     */
    public PoolShape {
        Checks.atLeast(n, 1, "n");
        Checks.atLeast(h, 1, "h");
        Checks.atLeast(w, 1, "w");
        Checks.atLeast(c, 1, "c");
        Checks.atLeast(r, 1, "r");
        Checks.atLeast(s, 1, "s");
        Checks.atLeast(strideH, 1, "strideH");
        Checks.atLeast(strideW, 1, "strideW");
        Checks.atLeast(padTop, 0, "padTop");
        Checks.atLeast(padLeft, 0, "padLeft");
        Checks.atLeast(padBottom, 0, "padBottom");
        Checks.atLeast(padRight, 0, "padRight");
        Checks.atLeast(dilationH, 1, "dilationH");
        Checks.atLeast(dilationW, 1, "dilationW");
        Checks.product("x", n, h, w, c);
        WindowAxis rows = axis("height", h, r, strideH, dilationH, padTop, padBottom, ceilMode);
        WindowAxis columns = axis("width", w, s, strideW, dilationW, padLeft, padRight, ceilMode);
        Checks.product("y", n, rows.out(), columns.out(), c);
    }

    private static WindowAxis axis(String side, int in, int taps, int stride, int dilation, int before, int after, boolean ceil) {
        int out = outputSize(side, in, taps, stride, dilation, before, after, ceil);
        var axis = new WindowAxis(in, taps, stride, dilation, before, after, out);
        int blind = axis.blindWindow();
        if (blind >= 0) {
            throw new IllegalArgumentException("window " + blind + " in " + side + ", " + taps + " taps from "
                    + axis.position(blind, 0) + " to " + axis.position(blind, taps - 1)
                    + ", sees only padding: the input is [0, " + in + ")");
        }
        return axis;
    }

    private static int outputSize(String side, int in, int taps, int stride, int dilation, int before, int after, boolean ceil) {
        long padded = (long) in + before + after;
        if (padded > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("padded " + side + " is " + padded + ", more than " + Integer.MAX_VALUE);
        }
        long extent = dilation * (taps - 1L) + 1;
        long room = padded - extent;
        long out = (ceil ? Math.ceilDiv(room, (long) stride) : Math.floorDiv(room, (long) stride)) + 1;
        if (out < 1) {
            throw new IllegalArgumentException(
                    "window spans " + extent + " in " + side + ", more than the padded input's " + padded);
        }
        boolean beginsBelow = (out - 1) * stride >= (long) in + before;
        return (int) (ceil && beginsBelow ? out - 1 : out);
    }

    /**
     * A 2-D pooling of stride 1, no padding, no dilation; change the rest with the {@code with} methods. Each checks anew, so a
     * window that fits only with its padding needs the constructor.
     */
    public static PoolShape of(int n, int h, int w, int c, int r, int s) {
        return new PoolShape(n, h, w, c, r, s, 1, 1, 0, 0, 0, 0, 1, 1, false);
    }

    /** A 1-D pooling over {@code N x W x C} with windows of {@code S} taps. */
    public static PoolShape of1d(int n, int w, int c, int s) {
        return of(n, 1, w, c, 1, s);
    }

    /** One window over the whole image: {@code P = Q = 1}. */
    public static PoolShape global(int n, int h, int w, int c) {
        return of(n, h, w, c, h, w);
    }

    /** The same with another batch size. */
    public PoolShape withBatch(int n) {
        return new PoolShape(n, h, w, c, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight,
                dilationH, dilationW, ceilMode);
    }

    /** The same with other strides. */
    public PoolShape withStride(int strideH, int strideW) {
        return new PoolShape(n, h, w, c, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight,
                dilationH, dilationW, ceilMode);
    }

    /** The same with {@code padH} rows above and below and {@code padW} columns left and right. */
    public PoolShape withPadding(int padH, int padW) {
        return withPadding(padH, padW, padH, padW);
    }

    /** The same with each side's own padding. */
    public PoolShape withPadding(int padTop, int padLeft, int padBottom, int padRight) {
        return new PoolShape(n, h, w, c, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight,
                dilationH, dilationW, ceilMode);
    }

    /** The same with other dilations. */
    public PoolShape withDilation(int dilationH, int dilationW) {
        return new PoolShape(n, h, w, c, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight,
                dilationH, dilationW, ceilMode);
    }

    /** The same with output sizes rounded up, or down. */
    public PoolShape withCeilMode(boolean ceilMode) {
        return new PoolShape(n, h, w, c, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight,
                dilationH, dilationW, ceilMode);
    }

    /**
     * The same with the padding that makes {@code P = ceil(H / strideH)} and {@code Q = ceil(W / strideW)}; an odd row or column
     * goes below and right, as in TensorFlow and ONNX's SAME_UPPER. Set strides and dilations before.
     */
    public PoolShape withSamePadding() {
        int padH = Sizes.samePadding(h, r, dilationH, strideH);
        int padW = Sizes.samePadding(w, s, dilationW, strideW);
        return withPadding(padH / 2, padW / 2, padH - padH / 2, padW - padW / 2);
    }

    /** The same without padding: every tap lies inside the input. */
    public PoolShape withValidPadding() {
        return withPadding(0, 0);
    }

    /** Height of the output, P. */
    public int p() {
        return outputSize("height", h, r, strideH, dilationH, padTop, padBottom, ceilMode);
    }

    /** Width of the output, Q. */
    public int q() {
        return outputSize("width", w, s, strideW, dilationW, padLeft, padRight, ceilMode);
    }

    /** Floats of the input, N H W C. */
    public int xLength() {
        return n * h * w * c;
    }

    /** Floats of the output, N P Q C. */
    public int yLength() {
        return n * p() * q() * c;
    }

    WindowAxis rows() {
        return new WindowAxis(h, r, strideH, dilationH, padTop, padBottom, p());
    }

    WindowAxis columns() {
        return new WindowAxis(w, s, strideW, dilationW, padLeft, padRight, q());
    }

    /** One word for tests, benchmarks and notes, defaults left out: {@code n1c64h112w112_r3s3_u2_p1}. */
    @Override
    public String toString() {
        var text = new StringBuilder("n" + n + "c" + c + "h" + h + "w" + w + "_r" + r + "s" + s);
        if (strideH != 1 || strideW != 1) {
            text.append("_u").append(strideH).append(strideW == strideH ? "" : "v" + strideW);
        }
        if (padTop == padBottom && padLeft == padRight) {
            if (padTop != 0 || padLeft != 0) {
                text.append("_p").append(padTop).append(padLeft == padTop ? "" : "x" + padLeft);
            }
        } else {
            text.append("_p" + padTop + "." + padLeft + "." + padBottom + "." + padRight);
        }
        if (dilationH != 1 || dilationW != 1) {
            text.append("_d").append(dilationH).append(dilationW == dilationH ? "" : "x" + dilationW);
        }
        return ceilMode ? text.append("_ceil").toString() : text.toString();
    }
}
