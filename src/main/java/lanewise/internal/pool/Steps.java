package lanewise.internal.pool;

/**
 * The distances of one pooling in its channels-last input, in floats: tap {@code (i, j)} of window {@code q} in a row of windows
 * that begins at {@code at} has its channels at {@code at + q window + i row + j column}.
 *
 * @param row from a tap to the one below it
 * @param column from a tap to the one right of it
 * @param window from a window to the one right of it
 * @param channels of a tap
 */
public record Steps(int row, int column, int window, int channels) {

    /**
     * How many of the first of {@code windows} windows side by side may be read and written in blocks of channels rounded up to
     * {@code padded}: what is too much still lies in the same rows of x and y.
     */
    int paddable(int windows, int cols, int padded) {
        int lastRead = (cols - 1) * column + padded;
        int least = Math.min(window, (cols - 1) * column + channels);
        int room = (windows - 1) * window + least; // a window may be narrower than the step, or wider
        int byX = room < lastRead ? 0 : (room - lastRead) / window + 1;
        int byY = windows * channels < padded ? 0 : (windows * channels - padded) / channels + 1;
        return Math.min(windows, Math.min(byX, byY));
    }
}
