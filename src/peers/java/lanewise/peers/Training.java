package lanewise.peers;

/**
 * A side that trains: a call is a step (forward, loss, backward, update) with the same batch again. All sides begin with the same
 * weights, and their results are the losses of the first steps: if a gradient or an update is wrong, the next loss is.
 */
abstract class Training implements Contender {

    /** So many steps are compared. */
    static final int STEPS = 8;

    private final float[] losses = new float[STEPS];

    /** Makes the steps that are compared; the last line of a constructor. */
    final void begin() {
        for (int i = 0; i < STEPS; i++) {
            losses[i] = (float) step();
        }
    }

    /** One step. Returns the loss before the update. */
    abstract double step();

    @Override
    public final void call() {
        step();
    }

    @Override
    public final float[] result() {
        return losses;
    }
}
