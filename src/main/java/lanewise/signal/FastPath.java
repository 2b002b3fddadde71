package lanewise.signal;

import lanewise.internal.conv.PlaneConv;

/** Large inputs: one vector kernel serves every method that can use it. */
final class FastPath {

    /** Inputs with fewer pairs of an element and a tap are done in microseconds anyway, without vector code to warm up. */
    static final int LEAST_PRODUCTS = 4096;

    private FastPath() {}

    /** Whether the kernel takes these operands: it needs finite taps, since it multiplies the zeros beside x. */
    static boolean takes(Plane x, Plane w) {
        return (long) x.values().length * w.values().length >= LEAST_PRODUCTS && isFinite(narrower(x, w).values());
    }

    /** Cross-correlation: the part of z that the window shows. */
    static Plane filter(Plane x, Plane w, Window window) {
        if (narrower(x, w) != w) {
            // The sum is symmetric but for the flips. As a filter, the narrower plane needs fewer zeros beside the other.
            return filter(w.flipped(), x.flipped(), window);
        }
        Plane z = Plane.zeros(window.height(), window.width());
        int down = window.top() - (w.height() - 1);
        int right = window.left() - (w.width() - 1);
        PlaneConv.correlate(x.values(), x.height(), x.width(), w.values(), w.height(), w.width(), down, right,
                z.values(), z.height(), z.width());
        return z;
    }

    private static Plane narrower(Plane x, Plane w) {
        return w.width() <= x.width() ? w : x;
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
