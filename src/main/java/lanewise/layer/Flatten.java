package lanewise.layer;

import java.util.List;

/** One row of features from any shape, in the order in which they lie: places first, channels innermost. */
public record Flatten() implements ReshapingLayer {

    @Override
    public Shape outputShape(List<Shape> inputs) {
        return Shape.of(Inputs.one(inputs).size());
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return seen.getFirst();
    }
}
