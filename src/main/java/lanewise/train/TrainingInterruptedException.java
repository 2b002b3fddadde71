package lanewise.train;

import java.nio.file.Path;

/**
 * A training was asked to end before its time, by {@link Thread#interrupt} of the thread that trains or by {@link Progress#stop}. The
 * network has the weights of the last step. The thread's interrupt status is as it was: set in the first case.
 */
public final class TrainingInterruptedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long step;
    private final transient Path checkpoint;

    TrainingInterruptedException(long step, Path checkpoint) {
        super("interrupted after step " + step + (checkpoint == null ? ", nothing saved: the trainer has no checkpoint folder"
                : ", saved in " + checkpoint));
        this.step = step;
        this.checkpoint = checkpoint;
    }

    /** Steps done over all epochs. */
    public long step() {
        return step;
    }

    /** Where the training was saved, or null if its trainer has no folder for checkpoints. */
    public Path checkpoint() {
        return checkpoint;
    }
}
