package lanewise.train;

/**
 * Is told how a training goes, in the thread that trains. What it throws ends the training, and is thrown by it; {@link #ended} then is
 * still called, of all listeners.
 */
public interface TrainingListener {

    /** Before the first step. */
    default void started(Progress progress) {}

    /** After each step. */
    default void stepped(Progress progress) {}

    /** After each epoch and its validation. */
    default void epochEnded(Epoch epoch, Progress progress) {}

    /**
     * After the last epoch, or when an exception ends the training, maybe that of another listener's {@link #started}: then
     * {@code history} holds the epochs before it.
     */
    default void ended(History history) {}
}
