package lanewise.internal.pool;

/**
 * The distances of one pooling in its channels-last input and output, in floats: tap {@code (i, j)} of window {@code q} in a row of
 * windows that begins at {@code at} has its channels at {@code at + q window + i row + j column}, and the forward pass writes those
 * of its output {@code q out} floats behind the first one's. The backward pass reads dense outputs.
 *
 * @param row from a tap to the one below it
 * @param column from a tap to the one right of it
 * @param window from a window to the one right of it
 * @param channels of a tap
 * @param out from an output of the forward pass to the next: the channels, or more if it is a part of wider pixels
 */
public record Steps(int row, int column, int window, int channels, int out) {

    /** Whether outputs of the forward pass follow each other without a gap. */
    boolean isDense() {
        return out == channels;
    }

    /**
     * How many of the first of {@code windows} windows side by side may be read and written in blocks of channels rounded up to
     * {@code padded}: what is too much still lies in the same rows of x and y, if y is dense.
     */
    int paddable(int windows, int cols, int padded) {
        int least = Math.min(window, (cols - 1) * column + channels); // a window may be narrower than the step, or wider
        return readable(windows, 1, cols, padded, (windows - 1) * window + least, windows * channels);
    }

    /**
     * How many of the first windows of {@code rows} by {@code cols} taps may be accessed in blocks of {@code padded} channels where x
     * has {@code xRoom} floats from the first tap of the first window on, and a dense y has {@code yRoom}.
     */
    int readable(int windows, int rows, int cols, int padded, int xRoom, int yRoom) {
        return fitting(fitting(windows, window, xRoom - (rows - 1) * row - (cols - 1) * column - padded), channels, yRoom - padded);
    }

    /** The same for a forward pass: it writes {@code out} floats apart, and by mask, which must not reach over the end of y either. */
    int writable(int windows, int rows, int cols, int padded, int xRoom, int yRoom) {
        return fitting(readable(windows, rows, cols, padded, xRoom, Integer.MAX_VALUE), out, yRoom - padded);
    }

    /** Counts down: few windows are too near to the end, and a step that is not taken may be anything. */
    private static int fitting(int windows, int step, int room) {
        int fitting = windows;
        while (fitting > 0 && (fitting - 1) * step > room) {
            fitting--;
        }
        return fitting;
    }
}
