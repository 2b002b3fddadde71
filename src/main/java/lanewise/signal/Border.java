package lanewise.signal;

import java.util.Arrays;

/** What a filter sees beyond the edge of a picture. */
public enum Border {
    /** Nothing: as {@link Mode#SAME}. Filters that average leave a dark frame. */
    ZERO,
    /** The nearest pixel inside, over and over. A picture of one colour stays so up to its edge. */
    REPLICATE;

    /** Convolves to a picture of the same size. */
    Plane convolve(Plane x, Plane w) {
        return switch (this) {
            case ZERO -> Convolution2d.flipAndFilter(x, w, Mode.SAME);
            case REPLICATE -> Convolution2d.flipAndFilter(replicated(x, w.height(), w.width()), w, Mode.VALID);
        };
    }

    /** The picture with so many pixels around it that VALID gives what SAME gave: before it taps/2, behind it (taps-1)/2. */
    private static Plane replicated(Plane x, int wHeight, int wWidth) {
        int top = wHeight / 2;
        int left = wWidth / 2;
        // The full result has the size of the picture with these borders.
        Plane wide = Plane.zeros(Mode.FULL.length(x.height(), wHeight), Mode.FULL.length(x.width(), wWidth));
        for (int row = 0; row < wide.height(); row++) {
            int from = Math.clamp(row - top, 0, x.height() - 1) * x.width();
            int to = row * wide.width();
            System.arraycopy(x.values(), from, wide.values(), to + left, x.width());
            Arrays.fill(wide.values(), to, to + left, x.values()[from]);
            Arrays.fill(wide.values(), to + left + x.width(), to + wide.width(), x.values()[from + x.width() - 1]);
        }
        return wide;
    }
}
