package lanewise.layer;

import java.util.List;
import lanewise.internal.Checks;

/**
 * A layer applied to every item along the first axes: {@code Each(1, Conv2d)} on {@code T x H x W x C} convolves each of T pictures.
 * The items become part of the batch, and share the layer's parameters. All inputs must have the same sizes along these axes.
 *
 * <p>A layer that acts on the whole batch, {@link BatchNorm} in training, acts on all items of all examples.
 *
 * @param axes how many axes, at least 1
 * @param layer the layer of one item, no Each itself
 */
public record Each(int axes, Layer layer) implements OffsetLayer {

    /** Checks the components. */
    public Each {
        Checks.atLeast(axes, 1, "axes");
        Checks.notNull(layer, "layer");
        if (layer instanceof Each inner) {
            throw new IllegalArgumentException("layer is " + inner + ": one Each of " + axes + " + " + inner.axes()
                    + " axes does the same");
        }
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("takes at least 1 input, but was given none");
        }
        Shape first = inputs.getFirst();
        for (Shape input : inputs) {
            if (input.rank() <= axes) {
                throw new IllegalArgumentException("input is " + input + " with " + input.rank() + " axes, must have more than " + axes);
            }
            if (!input.dims().subList(0, axes).equals(first.dims().subList(0, axes))) {
                throw new IllegalArgumentException("inputs are " + first + " and " + input + ", must have the same first " + axes
                        + " sizes");
            }
        }
        List<Integer> sizes = new java.util.ArrayList<>(first.dims().subList(0, axes));
        sizes.addAll(layer.outputShape(items(inputs)).dims());
        return new Shape(sizes);
    }

    /** The shapes of one item. */
    private List<Shape> items(List<Shape> shapes) {
        return shapes.stream().map(shape -> new Shape(shape.dims().subList(axes, shape.rank()))).toList();
    }

    private int count(List<Shape> inputs) {
        int count = 1;
        for (int i = 0; i < axes; i++) {
            count *= inputs.getFirst().dim(i);
        }
        return count;
    }

    @Override
    public List<ParameterSpec> parameters(List<Shape> inputs) {
        return layer.parameters(items(inputs));
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return count(inputs) * layer.multiplyAdds(items(inputs));
    }

    @Override
    public ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return layer.receptiveField(items(inputs), seen);
    }

    @Override
    public boolean isAtOffsets() {
        return layer instanceof OffsetLayer inner && inner.isAtOffsets();
    }

    @Override
    public boolean mayOverwrite(int index) {
        return layer instanceof OffsetLayer inner && inner.mayOverwrite(index);
    }

    @Override
    public LayerRun newRun(Binding binding) {
        List<Shape> inputs = items(binding.inputs());
        return layer.newRun(new Binding(Math.multiplyExact(binding.batch(), count(binding.inputs())), inputs, layer.outputShape(inputs),
                binding.parameters(), binding.trained(), binding.winograd()));
    }
}
