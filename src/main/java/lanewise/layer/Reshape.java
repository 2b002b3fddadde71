package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * The same elements in the same order under another shape.
 *
 * @param shape of as many elements as the input
 */
public record Reshape(Shape shape) implements ReshapingLayer {

    /** Checks the component. */
    public Reshape {
        Checks.notNull(shape, "shape");
    }

    /** To these sizes. */
    public static Reshape to(int... dims) {
        return new Reshape(Shape.of(dims));
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape in = Inputs.one(inputs);
        if (in.size() != shape.size()) {
            throw new IllegalArgumentException("input " + in + " has " + in.size() + " elements, " + shape + " has " + shape.size());
        }
        return shape;
    }
}
