package lanewise.train;

import lanewise.layer.Parameters;

/** Remembers the weights of the epoch with the smallest validation loss. */
final class Best {

    private final Parameters parameters;
    private double loss = Double.POSITIVE_INFINITY;
    private float[] values;
    private int epoch;

    Best(Parameters parameters) {
        this.parameters = parameters;
    }

    void offer(Epoch candidate) {
        boolean firstNumber = Double.isNaN(loss) && !Double.isNaN(candidate.validationLoss());
        if (epoch == 0 || firstNumber || candidate.validationLoss() < loss) {
            loss = candidate.validationLoss();
            values = parameters.values().clone();
            epoch = candidate.number();
        }
    }

    /** Goes on from what a checkpoint remembered. */
    void resume(int epoch, double loss, float[] values) {
        this.epoch = epoch;
        this.loss = loss;
        this.values = values;
    }

    double loss() {
        return loss;
    }

    /** The weights of the best epoch, or null before the first. */
    float[] values() {
        return values;
    }

    int epoch() {
        return epoch;
    }

    /** Epochs since the best. */
    int age(int epochsDone) {
        return epochsDone - epoch;
    }

    void restore() {
        System.arraycopy(values, 0, parameters.values(), 0, values.length);
        parameters.changed();
    }
}
