package lanewise.layer;

/**
 * A layer whose {@code forward} reads its inputs from {@link Frame#xOffset} on and writes its output from {@link Frame#yOffset} on,
 * and touches nothing of these arrays besides: a predictor runs it where the values lie, without a copy. Backward sees offsets of
 * 0.
 *
 * <p>The arrays may be one and the same: the ranges lie apart, or input and output are the same range where {@link #mayOverwrite}
 * allows it.
 */
public interface OffsetLayer extends Layer {

    /** Whether it really does so: a layer made of another one depends on that one. */
    default boolean isAtOffsets() {
        return true;
    }

    /**
     * Whether the output may be written over input {@code index}, which has as many elements: true if each element is read before
     * the element at the same place is written, and not again.
     */
    default boolean mayOverwrite(int index) {
        return false;
    }
}
