package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.Sizes;

/**
 * The sizes of one convolution, checked, and the only place where output sizes are computed:
 *
 * <pre>P = (h + padTop + padBottom - (dilationH (r - 1) + 1)) / strideH + 1,   Q likewise (rounded down)</pre>
 *
 * <p>Shapes: {@code x: N*H*W*C}, {@code w: R*S*(C/groups)*K}, {@code bias: K}, {@code y: N*P*Q*K}, each channels-last in a
 * {@code float[]}. A 1-D convolution has {@code h = r = 1}. All sizes and paddings are in elements.
 *
 * @param n images in the batch (N)
 * @param h height of the input (H)
 * @param w width of the input (W)
 * @param c channels of the input (C)
 * @param k channels of the output (K)
 * @param r height of the filter (R)
 * @param s width of the filter (S)
 * @param strideH rows from one output to the next
 * @param strideW columns from one output to the next
 * @param padTop rows of zeros above the input
 * @param padLeft columns of zeros left of it
 * @param padBottom rows of zeros below it
 * @param padRight columns of zeros right of it
 * @param dilationH rows from one filter tap to the next
 * @param dilationW columns from one filter tap to the next
 * @param groups parts into which channels are cut; output part g sees input part g only
 */
public record ConvShape(int n, int h, int w, int c, int k, int r, int s, int strideH, int strideW,
                        int padTop, int padLeft, int padBottom, int padRight, int dilationH, int dilationW, int groups) {

    /**
     * Checks every size.
     *
     * @throws IllegalArgumentException if a size is out of its range, {@code groups} divides not both channel counts, the filter is
     *     larger than the padded input, or a tensor would have more elements than an array can hold
     */
    public ConvShape {
        Checks.atLeast(n, 1, "n");
        Checks.atLeast(h, 1, "h");
        Checks.atLeast(w, 1, "w");
        Checks.atLeast(c, 1, "c");
        Checks.atLeast(k, 1, "k");
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
        Checks.atLeast(groups, 1, "groups");
        if (c % groups != 0 || k % groups != 0) {
            throw new IllegalArgumentException("groups is " + groups + ", must divide c = " + c + " and k = " + k);
        }
        int p = outputSize("height", h, padTop, padBottom, r, dilationH, strideH);
        int q = outputSize("width", w, padLeft, padRight, s, dilationW, strideW);
        Checks.product("x", n, h, w, c);
        Checks.product("w", r, s, c / groups, k);
        Checks.product("y", n, p, q, k);
    }

    private static int outputSize(String side, int in, int before, int after, int taps, int dilation, int stride) {
        long padded = (long) in + before + after;
        long extent = dilation * (taps - 1L) + 1;
        if (extent > padded) {
            throw new IllegalArgumentException("filter spans " + extent + " in " + side + ", more than the padded input's " + padded);
        }
        if (padded > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("padded " + side + " is " + padded + ", more than " + Integer.MAX_VALUE);
        }
        return (int) ((padded - extent) / stride + 1);
    }

    /** A 2-D convolution of stride 1, no padding, no dilation, one group; change the rest with the {@code with} methods. */
    public static ConvShape of(int n, int h, int w, int c, int k, int r, int s) {
        return new ConvShape(n, h, w, c, k, r, s, 1, 1, 0, 0, 0, 0, 1, 1, 1);
    }

    /**
     * A 2-D convolution with the same stride and the same padding on both axes; the way to a filter that is larger than the input
     * without its padding, for every shape on the way through the {@code with} methods must be one.
     */
    public static ConvShape of(int n, int h, int w, int c, int k, int r, int s, int stride, int pad) {
        return new ConvShape(n, h, w, c, k, r, s, stride, stride, pad, pad, pad, pad, 1, 1, 1);
    }

    /** A 1-D convolution over {@code N x W x C} with a filter of {@code S} taps. */
    public static ConvShape of1d(int n, int w, int c, int k, int s) {
        return of(n, 1, w, c, k, 1, s);
    }

    /** A depthwise convolution: each of the {@code c} channels has its own filter, {@code groups = c = k}. */
    public static ConvShape depthwise(int n, int h, int w, int c, int r, int s) {
        return of(n, h, w, c, c, r, s).withGroups(c);
    }

    /** The same with another batch size. */
    public ConvShape withBatch(int n) {
        return new ConvShape(n, h, w, c, k, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight, dilationH, dilationW, groups);
    }

    /** The same with other strides. */
    public ConvShape withStride(int strideH, int strideW) {
        return new ConvShape(n, h, w, c, k, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight, dilationH, dilationW, groups);
    }

    /** The same with {@code padH} rows above and below and {@code padW} columns left and right. */
    public ConvShape withPadding(int padH, int padW) {
        return withPadding(padH, padW, padH, padW);
    }

    /** The same with each side's own padding. */
    public ConvShape withPadding(int padTop, int padLeft, int padBottom, int padRight) {
        return new ConvShape(n, h, w, c, k, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight, dilationH, dilationW, groups);
    }

    /** The same with other dilations. */
    public ConvShape withDilation(int dilationH, int dilationW) {
        return new ConvShape(n, h, w, c, k, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight, dilationH, dilationW, groups);
    }

    /** The same with other groups. */
    public ConvShape withGroups(int groups) {
        return new ConvShape(n, h, w, c, k, r, s, strideH, strideW, padTop, padLeft, padBottom, padRight, dilationH, dilationW, groups);
    }

    /**
     * The same with the padding that makes {@code P = ceil(H / strideH)} and {@code Q = ceil(W / strideW)}; an odd row or column
     * goes below and right, as in TensorFlow and ONNX's SAME_UPPER. Set strides and dilations before.
     */
    public ConvShape withSamePadding() {
        int padH = Sizes.samePadding(h, r, dilationH, strideH);
        int padW = Sizes.samePadding(w, s, dilationW, strideW);
        return withPadding(padH / 2, padW / 2, padH - padH / 2, padW - padW / 2);
    }

    /** The same without padding: every tap lies inside the input. */
    public ConvShape withValidPadding() {
        return withPadding(0, 0);
    }

    /** Height of the output, P. */
    public int p() {
        return outputSize("height", h, padTop, padBottom, r, dilationH, strideH);
    }

    /** Width of the output, Q. */
    public int q() {
        return outputSize("width", w, padLeft, padRight, s, dilationW, strideW);
    }

    /** Input channels of one group. */
    public int groupC() {
        return c / groups;
    }

    /** Output channels of one group. */
    public int groupK() {
        return k / groups;
    }

    /** Floats of the input, N H W C. */
    public int xLength() {
        return n * h * w * c;
    }

    /** Floats of the filter, R S C/groups K. */
    public int wLength() {
        return r * s * groupC() * k;
    }

    /** Floats of the output, N P Q K. */
    public int yLength() {
        return n * p() * q() * k;
    }

    /** Multiply-adds of one pass, padding counted as work: {@code N P Q K R S C/groups}. */
    public long multiplyAdds() {
        return (long) yLength() * r * s * groupC();
    }

    /** Whether the filter is a single tap at every pixel: then the convolution is one matrix product. */
    public boolean isPointwise() {
        return r == 1 && s == 1 && strideH == 1 && strideW == 1 && padTop + padLeft + padBottom + padRight == 0;
    }

    /** One word for tests, benchmarks and notes, defaults left out: {@code n1c64h56w56_k64r3s3_p1}. */
    @Override
    public String toString() {
        var text = new StringBuilder("n" + n + "c" + c + "h" + h + "w" + w + "_k" + k + "r" + r + "s" + s);
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
        return groups == 1 ? text.toString() : text.append("_g").append(groups).toString();
    }
}
