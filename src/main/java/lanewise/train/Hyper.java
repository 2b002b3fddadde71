package lanewise.train;

/** Checks of the numbers that a user chooses. */
final class Hyper {

    private Hyper() {}

    /** Requires a finite number of at least 0. */
    static double notNegative(double value, String name) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be finite and at least 0");
        }
        return value;
    }

    /** Requires a finite number above 0. */
    static double positive(double value, String name) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be finite and greater than 0");
        }
        return value;
    }

    /** Requires {@code 0 <= value < 1}. */
    static double fraction(double value, String name) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least 0 and less than 1");
        }
        return value;
    }

    /** Requires {@code value >= least}. */
    static long atLeast(long value, long least, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
        return value;
    }
}
