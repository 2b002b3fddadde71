package lanewise.layer;

import lanewise.internal.Checks;

/**
 * What a layer asks for when it joins a network: one array of numbers that it owns by name.
 *
 * @param name the name within the layer, for instance {@code weight}
 * @param shape its sizes
 * @param role whether and how training changes it
 * @param initializer how it starts
 * @param fanIn inputs summed into one output
 * @param fanOut outputs fed by one input
 */
public record ParameterSpec(String name, Shape shape, Role role, Initializer initializer, long fanIn, long fanOut) {

    /** Whether and how training changes a parameter. */
    public enum Role {
        /** Trained, and subject to weight decay. */
        WEIGHT,
        /** Trained, but not decayed: biases and the scales of normalisations. */
        BIAS,
        /** Trained and decayed by rows: a step touches the rows that its batch used and no other. */
        TABLE,
        /** Not trained by gradients, but kept with the model: running means. */
        STATE
    }

    /** Checks the components. */
    public ParameterSpec {
        Checks.notNull(name, "name");
        Checks.notNull(shape, "shape");
        Checks.notNull(role, "role");
        Checks.notNull(initializer, "initializer");
    }

    /** A weight between {@code fanIn} inputs and {@code fanOut} outputs. */
    public static ParameterSpec weight(String name, Shape shape, Initializer initializer, long fanIn, long fanOut) {
        return new ParameterSpec(name, shape, Role.WEIGHT, initializer, fanIn, fanOut);
    }

    /** A bias of zeros. */
    public static ParameterSpec bias(String name, Shape shape) {
        return new ParameterSpec(name, shape, Role.BIAS, Initializer.ZEROS, 1, 1);
    }
}
