package lanewise.layer;

/**
 * One layer at work in one {@link Context}, for one batch size. It may keep scratch of its own between {@code forward} and
 * {@code backward}, and allocates nothing in either. Not thread-safe, as the context is not.
 */
public interface LayerRun {

    /** The section of the context's workspace that it needs for each worker, in floats. */
    default int workspaceFloats() {
        return 0;
    }

    /**
     * The arrays that it keeps of its own, in bytes, those of the first call included.
     *
     * @param backward whether backward is called, with the gradient of an input wanted
     */
    default long ownBytes(boolean backward) {
        return 0;
    }

    /**
     * Computes {@link Frame#y} from {@link Frame#x}. May be called once more before backward, with the same numbers in other arrays:
     * {@link Frame#again} says so, and states stay as they are then.
     */
    void forward(Frame frame);

    /**
     * Computes {@link Frame#dx} for each input that wants a gradient, and its part of {@link Frame#gradients}, from {@link Frame#dy},
     * which it may overwrite. Called after {@code forward} in training mode; of x and y the frame has what
     * {@link Layer#backwardReads} says.
     */
    void backward(Frame frame);
}
