package lanewise.signal;

import lanewise.internal.Checks;

/** The rectangle that a {@link Mode} cuts out of the full result of two planes. */
record Window(int top, int left, int height, int width) {

    /** Checks both operands on the way. */
    static Window of(Plane x, Plane w, Mode mode) {
        Checks.notNull(x, "x");
        Checks.notNull(w, "w");
        return of(x.height(), x.width(), w.height(), w.width(), mode);
    }

    static Window of(int xHeight, int xWidth, int wHeight, int wWidth, Mode mode) {
        Checks.notNull(mode, "mode");
        boolean xContainsW = xHeight >= wHeight && xWidth >= wWidth;
        boolean wContainsX = wHeight >= xHeight && wWidth >= xWidth;
        if (mode == Mode.VALID && !xContainsW && !wContainsX) {
            throw new IllegalArgumentException("VALID needs one operand inside the other, but x is " + xHeight + " x " + xWidth
                    + " and w is " + wHeight + " x " + wWidth);
        }
        var window = new Window(mode.first(xHeight, wHeight), mode.first(xWidth, wWidth),
                mode.length(xHeight, wHeight), mode.length(xWidth, wWidth));
        Checks.product("result of " + xHeight + " x " + xWidth + " and " + wHeight + " x " + wWidth, window.height, window.width);
        return window;
    }
}
