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
public record Steps(int row, int column, int window, int channels) {}
