package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/** What the normalising layers share, and those that take Lp norms. */
final class Norms {

    private Norms() {}

    static void checkExponent(float p) {
        Checks.require(p >= 1 && p <= Float.MAX_VALUE, "p", p, "must be at least 1 and finite");
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
