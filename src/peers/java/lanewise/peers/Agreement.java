package lanewise.peers;

/** Whether two sides computed the same. */
final class Agreement {

    /** What rounding may add up to over all layers of a network, as a part of the data's root mean square. */
    static final double TOLERANCE = 1e-4;

    private Agreement() {}

    /**
     * Compares all elements, by their distance over the root mean square of what is expected. A wrong index, weight or order makes
     * errors of about 1.
     *
     * @return the largest distance
     * @throws IllegalStateException if it is more than {@link #TOLERANCE}, or not a number
     */
    static double require(String what, float[] actual, float[] expected) {
        return require(what, actual, expected, TOLERANCE);
    }

    /** The same with another tolerance. */
    static double require(String what, float[] actual, float[] expected, double tolerance) {
        if (actual.length != expected.length) {
            throw new IllegalStateException(what + ": " + actual.length + " elements, expected " + expected.length);
        }
        double squares = 0;
        int worst = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += (double) expected[i] * expected[i];
            if (Double.compare(distance(actual, expected, i), distance(actual, expected, worst)) > 0) { // NaN is the worst
                worst = i;
            }
        }
        double size = Math.sqrt(squares / expected.length);
        double error = distance(actual, expected, worst) / size;
        if (!(error <= tolerance)) {
            throw new IllegalStateException(("%s: element %d is %s, expected %s: the difference is %.2g of the root mean square"
                    + " %.4g, must be at most %s").formatted(what, worst, actual[worst], expected[worst], error, size, tolerance));
        }
        return error;
    }

    private static double distance(float[] a, float[] b, int i) {
        return Math.abs((double) a[i] - b[i]);
    }
}
