package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * Puts the maxima of a pooling back where they came from: zeros, but {@code y[index] = x} for each element of x and its index.
 *
 * <p>Inputs x and indices, both {@code P x Q x C}; an index is a position in the tensor {@code C x H x W} of the example, {@code c H W +
 * h W + w}, as {@link MaxPoolIndices} counts by rows. Output {@code H x W x C}, of any rank and at most 2^24 elements. If two indices of an
 * example are equal, the later element stays; both then get its gradient. A forward pass throws {@link IllegalArgumentException} if an
 * index is no whole number within the output.
 *
 * @param output the shape that comes out, per example
 */
public record MaxUnpool(Shape output) implements OffsetLayer {

    /** Checks the component. */
    public MaxUnpool {
        PlaceIndices.checkExact(Checks.notNull(output, "output"));
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        if (inputs.size() != 2) {
            throw new IllegalArgumentException("takes 2 inputs, values and indices, but was given " + inputs.size() + ": " + inputs);
        }
        if (!inputs.get(0).equals(inputs.get(1))) {
            throw new IllegalArgumentException("values are " + inputs.get(0) + " and indices " + inputs.get(1) + ", must be the same");
        }
        if (inputs.get(0).channels() != output.channels()) {
            throw new IllegalArgumentException("values are " + inputs.get(0) + " and the output " + output
                    + ", must have the same last size");
        }
        return output;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new MaxUnpoolRun(binding);
    }
}
