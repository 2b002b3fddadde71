package lanewise.kernel;

/**
 * One axis of a pooling, the rows or the columns: window {@code o} has its tap {@code i} at {@code o stride - before + i dilation},
 * and the input is {@code [0, in)}. Positions are long, since a window may end far beyond the input.
 */
record WindowAxis(int in, int taps, int stride, int dilation, int before, int after, int out) {

    long position(int o, int tap) {
        return (long) o * stride - before + (long) tap * dilation;
    }

    /** The number of taps of window {@code o} that lie before {@code position}. */
    int tapsBefore(int o, long position) {
        return Math.clamp(Math.ceilDiv(position - position(o, 0), dilation), 0, taps);
    }

    /** The first tap inside the input. */
    int firstTap(int o) {
        return tapsBefore(o, 0);
    }

    /** The first tap beyond the input. */
    int endTap(int o) {
        return tapsBefore(o, in);
    }

    /** Taps inside the padded input: where a window reaches beyond the padding, it counts no further. */
    int paddedTaps(int o) {
        return tapsBefore(o, (long) in + after);
    }

    /** The first window that does not begin in the padding. */
    int wholeFrom() {
        return Math.min(Math.ceilDiv(before, stride), out);
    }

    /** The end of the windows that lie in the input with all taps, from {@link #wholeFrom()} on. */
    int wholeTo() {
        long lastStart = in - extent();
        return Math.clamp(Math.floorDiv(lastStart + before, stride) + 1, wholeFrom(), out);
    }

    /** The first window whose last tap is not before {@code position}. */
    int windowsFrom(int position) {
        return Math.clamp(Math.ceilDiv(position + before - extent() + 1, stride), 0, out);
    }

    /** The first window that begins at or after {@code position}. */
    int windowsTo(int position) {
        return Math.clamp(Math.ceilDiv((long) position + before, stride), 0, out);
    }

    /** The first window all of whose taps lie in the padding, or -1. */
    int blindWindow() {
        if (before < extent() && after < extent() && dilation <= in) {
            return -1; // it reaches the input, and the input is no smaller than the gap between two taps
        }
        for (int o = 0; o < out; o++) {
            if (firstTap(o) == endTap(o)) {
                return o;
            }
        }
        return -1;
    }

    private long extent() {
        return dilation * (taps - 1L) + 1;
    }
}
