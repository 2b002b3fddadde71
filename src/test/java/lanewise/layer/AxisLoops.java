package lanewise.layer;

/**
 * One axis under a window, worked out anew from the documentation of {@link Window}: {@code position(o, tap)} is where a tap of
 * window {@code o} lies.
 */
record AxisLoops(int in, int taps, int stride, int dilation, int before, int after, int out) {

    static AxisLoops rows(Area in, Window window, boolean ceil) {
        return of(in.h(), window.r(), window.strideH(), window.dilationH(), window.padTop(), window.padBottom(), window.same(), ceil);
    }

    static AxisLoops columns(Area in, Window window, boolean ceil) {
        return of(in.w(), window.s(), window.strideW(), window.dilationW(), window.padLeft(), window.padRight(), window.same(), ceil);
    }

    /** One window over everything. */
    static AxisLoops whole(int in) {
        return new AxisLoops(in, in, 1, 1, 0, 0, 1);
    }

    static AxisLoops of(int in, int taps, int stride, int dilation, int before, int after, boolean same, boolean ceil) {
        int extent = (taps - 1) * dilation + 1;
        if (same) {
            int out = (in + stride - 1) / stride;
            int padding = Math.max(0, (out - 1) * stride + extent - in);
            return new AxisLoops(in, taps, stride, dilation, padding / 2, padding - padding / 2, out);
        }
        int out = 0;
        for (int start = -before; start + extent <= in + after; start += stride) {
            out++;
        }
        // In ceil mode one more, if elements are left over and it begins inside the input.
        int end = (out - 1) * stride - before + extent;
        out += ceil && end < in + after && out * stride - before < in ? 1 : 0;
        return new AxisLoops(in, taps, stride, dilation, before, after, out);
    }

    int position(int o, int tap) {
        return o * stride + tap * dilation - before;
    }

    boolean inside(int position) {
        return 0 <= position && position < in;
    }

    boolean insidePadded(int position) {
        return -before <= position && position < in + after;
    }
}
