package lanewise.layer;

/** What the normalising layers share. */
final class Norms {

    private Norms() {}

    static void checkEpsilon(float epsilon) {
        if (!(epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", must be above 0 and finite");
        }
    }

    /** A scale for each channel, which starts at 1 and is not decayed. */
    static ParameterSpec scale(Shape channels) {
        return new ParameterSpec("weight", channels, ParameterSpec.Role.BIAS, Initializer.ONES, 1, 1);
    }
}
