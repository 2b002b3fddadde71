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
        int length = binding.outputLength();
        return CodeRun.ofInput(0, frame -> {
            if (frame.x(0) != frame.y()) {
                System.arraycopy(frame.x(0), 0, frame.y(), 0, length);
            }
        }, frame -> Gradient.pass(frame.dy(), 0, frame.dx(0), 0, length, frame.dxMode(0)));
    }
}
