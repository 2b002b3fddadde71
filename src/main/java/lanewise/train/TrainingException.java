package lanewise.train;

/** Training cannot go on: the loss is no number any more. The message names the step. */
public final class TrainingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long step;

    TrainingException(String message, long step) {
        super(message);
        this.step = step;
    }

    /** The step, from 1 over all epochs. */
    public long step() {
        return step;
    }
}
