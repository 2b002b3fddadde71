package lanewise.layer;

/** A layer that gives the same elements, in the same order, another shape. */
public interface ReshapingLayer extends Layer {

    @Override
    default BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    default boolean worksInPlace(int index) {
        return true;
    }

    @Override
    default LayerRun newRun(Binding binding) {
        return new CopyRun(binding.outputLength());
    }
}
