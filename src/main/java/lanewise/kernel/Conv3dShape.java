package lanewise.kernel;

import lanewise.internal.Checks;

/**
 * The sizes of one convolution of volumes, checked: in depth {@code O = (d + padFront + padBack - (dilation (t - 1) + 1)) / stride + 1}
 * (rounded down), in height and width those of the convolution of one slice.
 *
 * <p>Shapes: {@code x: N*D*H*W*C}, {@code w: T*R*S*(C/groups)*K}, {@code bias: K}, {@code y: N*O*P*Q*K}, each channels-last in a
 * {@code float[]}.
 *
 * @param d depth of the input (D)
 * @param t depth of the filter (T)
 * @param stride slices from one output slice to the next
 * @param padFront slices of zeros before the input
 * @param padBack slices of zeros behind it
 * @param dilation slices from one depth tap to the next
 * @param slice the convolution of one slice of each of the N examples with the filter of one depth tap
 */
public record Conv3dShape(int d, int t, int stride, int padFront, int padBack, int dilation, ConvShape slice) {

    /**
     * Checks every size.
     *
     * @throws IllegalArgumentException if a size is out of its range, the filter is deeper than the padded input, or a tensor would have
     *     more elements than an array can hold
     */
    public Conv3dShape {
        Checks.atLeast(d, 1, "d");
        Checks.atLeast(t, 1, "t");
        Checks.atLeast(stride, 1, "stride in depth");
        Checks.atLeast(padFront, 0, "padFront");
        Checks.atLeast(padBack, 0, "padBack");
        Checks.atLeast(dilation, 1, "dilation in depth");
        Checks.notNull(slice, "slice");
        int o = outputSize(d, padFront, padBack, t, dilation, stride);
        Checks.product("x", slice.xLength(), d);
        Checks.product("w", slice.wLength(), t);
        Checks.product("y", slice.yLength(), o);
    }

    private static int outputSize(int in, int before, int after, int taps, int dilation, int stride) {
        long padded = (long) in + before + after;
        long extent = dilation * (taps - 1L) + 1;
        if (extent > padded) {
            throw new IllegalArgumentException("filter spans " + extent + " in depth, more than the padded input's " + padded);
        }
        long size = (padded - extent) / stride + 1;
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("output depth is " + size + ", more than " + Integer.MAX_VALUE);
        }
        return (int) size;
    }

    /** Depth of the output, O. */
    public int o() {
        return outputSize(d, padFront, padBack, t, dilation, stride);
    }

    /** Floats of the input. */
    public int xLength() {
        return d * slice.xLength();
    }

    /** Floats of the filter. */
    public int wLength() {
        return t * slice.wLength();
    }

    /** Floats of the output. */
    public int yLength() {
        return o() * slice.yLength();
    }

    /** Multiply-adds of one pass, padding counted as work. */
    public long multiplyAdds() {
        return slice.multiplyAdds() * o() * t;
    }

    /** The slice that tap {@code tap} of output slice {@code out} reads, or -1 if it lies in the padding. */
    int in(int out, int tap) {
        long position = (long) out * stride - padFront + (long) tap * dilation;
        return position >= 0 && position < d ? (int) position : -1;
    }

    /** The output slice that reads {@code in} by tap {@code tap}, or -1 if there is none. */
    int out(int in, int tap) {
        long position = (long) in + padFront - (long) tap * dilation;
        return position >= 0 && position % stride == 0 && position / stride < o() ? (int) (position / stride) : -1;
    }

    /** One word: {@code d8t3_p1_} before the word of a slice. */
    @Override
    public String toString() {
        String text = "d" + d + "t" + t;
        text += stride == 1 ? "" : "_u" + stride;
        text += padFront == 0 && padBack == 0 ? "" : padFront == padBack ? "_p" + padFront : "_p" + padFront + "." + padBack;
        return text + (dilation == 1 ? "" : "_d" + dilation) + "_" + slice;
    }
}
