package lanewise.layer;

import java.util.List;

/**
 * One operation of a network: an immutable description that says what comes out for what goes in, which parameters it needs, and how
 * it is run. The numbers themselves live elsewhere: parameters in the network, activations in a {@link Context}.
 *
 * <p>Those here are records, so that equality, {@code toString} and the file format ({@code lanewise.io.ModelFile}) follow from their
 * components. Shapes are per example, without the batch.
 */
public interface Layer {

    /**
     * The shape that comes out.
     *
     * @throws IllegalArgumentException if the layer does not take these inputs; {@link Node#then} adds the layer's name
     */
    Shape outputShape(List<Shape> inputs);

    /** The parameters it needs for these inputs, in a fixed order. */
    default List<ParameterSpec> parameters(List<Shape> inputs) {
        return List.of();
    }

    /** The multiply-adds of one example's forward pass, with padding counted as work; element-wise work counts as none. */
    default long multiplyAdds(List<Shape> inputs) {
        return 0;
    }

    /** What part of the network's input one output element sees, when each input element sees {@code seen}. */
    default ReceptiveField receptiveField(List<Shape> inputs, List<ReceptiveField> seen) {
        return ReceptiveField.widest(seen);
    }

    /** Which activations backward reads, so that the others need not be kept; {@link Frame} has null for them then. */
    default BackwardReads backwardReads() {
        return BackwardReads.BOTH;
    }

    /**
     * Whether the arrays of input {@code index} and of the output may be the same, and those of their gradients: forward then reads no
     * element of that input after it wrote the same element of the output, and backward likewise with dy and dx. It is done where nobody
     * reads that input any more.
     */
    default boolean worksInPlace(int index) {
        return false;
    }

    /** Binds the layer to a batch size and to its parameters; what it needs for backward is kept in what this returns. */
    LayerRun newRun(Binding binding);

    /** The name of the kind of layer, from which default names of nodes are made: {@code Conv2d}. */
    default String kind() {
        return getClass().getSimpleName();
    }
}
