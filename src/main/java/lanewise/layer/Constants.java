package lanewise.layer;

/** What layers ask of the constants of their formulas. */
final class Constants {

    private Constants() {}

    static void checkFinite(float value, String name) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be finite");
        }
    }

    static void checkPositive(float value, String name) {
        if (!(value > 0 && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be above 0 and finite");
        }
    }
}
