package lanewise.layer;

import java.util.List;

/** What the normalising layers share, and those that take Lp norms. */
final class Norms {

    private Norms() {}

    static void checkEpsilon(float epsilon) {
        if (!(epsilon > 0 && epsilon <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("epsilon is " + epsilon + ", must be above 0 and finite");
        }
    }

    static void checkFinite(float value, String name) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be finite");
        }
    }

    static void checkExponent(float p) {
        if (!(p >= 1 && p <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("p is " + p + ", must be at least 1 and finite");
        }
    }

    /** A scale for each channel, which starts at 1 and is not decayed. */
    static ParameterSpec scale(Shape channels) {
        return new ParameterSpec("weight", channels, ParameterSpec.Role.BIAS, Initializer.ONES, 1, 1);
    }

    /** Scale and shift of this shape. */
    static List<ParameterSpec> parameters(Shape shape) {
        return List.of(scale(shape), ParameterSpec.bias("bias", shape));
    }
}
