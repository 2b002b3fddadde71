package lanewise.signal;

import lanewise.internal.Checks;

/**
 * Which part of the full result y of a convolution or cross-correlation is kept. With n elements and m taps:
 *
 * <pre>
 *          first index kept     elements kept
 * FULL     0                    n + m - 1                 every position where w touches x
 * SAME     (m-1)/2 rounded down n                         as many as x has, from the middle
 * VALID    min(n,m) - 1         max(n,m) - min(n,m) + 1   positions where the shorter lies inside the longer
 * </pre>
 *
 * <p>All three also hold if the filter is longer than the signal. They are those of {@code scipy.signal.convolve} and
 * {@code correlate} and, where the filter is not the longer one, of {@code numpy.convolve}. ({@code scipy.signal.correlate2d}
 * cuts SAME one element later if m is even.) In two dimensions they apply to heights and to widths.
 */
public enum Mode {
    /** Everything: n + m - 1 elements. */
    FULL,
    /** As many elements as the first operand has, from the middle of the full result. */
    SAME,
    /** Only sums in which every element of the shorter operand takes part. */
    VALID;

    /**
     * The index, within the full result, of the first element that is kept.
     *
     * @param n elements of the signal
     * @param m taps of the filter
     * @return an index, from 0
     * @throws IllegalArgumentException if n or m is less than 1, or n + m - 1 more than an int can hold
     */
    public int first(int n, int m) {
        fullLength(n, m);
        return switch (this) {
            case FULL -> 0;
            case SAME -> (m - 1) / 2;
            case VALID -> Math.min(n, m) - 1;
        };
    }

    /**
     * How many elements are kept.
     *
     * @param n elements of the signal
     * @param m taps of the filter
     * @return a number, at least 1
     * @throws IllegalArgumentException if n or m is less than 1, or n + m - 1 more than an int can hold
     */
    public int length(int n, int m) {
        int full = fullLength(n, m);
        return switch (this) {
            case FULL -> full;
            case SAME -> n;
            case VALID -> Math.abs(n - m) + 1;
        };
    }

    private static int fullLength(int n, int m) {
        long full = (long) Checks.atLeast(n, 1, "n") + Checks.atLeast(m, 1, "m") - 1;
        if (full > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("full result of n = " + n + " and m = " + m + " has " + full
                    + " elements, more than the " + Integer.MAX_VALUE + " a Java array can hold");
        }
        return (int) full;
    }
}
