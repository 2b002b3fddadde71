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
        if (epoch == 0 || candidate.validationLoss() < loss) {
            loss = candidate.validationLoss();
            values = parameters.values().clone();
            epoch = candidate.number();
        }
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
