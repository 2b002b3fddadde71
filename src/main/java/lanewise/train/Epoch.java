package lanewise.train;

/**
 * How one pass over the training set went.
 *
 * @param number from 1
 * @param trainLoss the mean loss over the epoch's steps, each measured before its update
 * @param trainAccuracy the fraction of examples classified right in these steps; NaN if the loss is no classification
 * @param validationLoss the mean loss on the validation set afterwards; NaN if there is none
 * @param validationAccuracy the fraction classified right there; NaN if there is none
 * @param learningRate of the last step
 * @param seconds the epoch took, validation included
 * @param examples trained on
 */
public record Epoch(int number, double trainLoss, double trainAccuracy, double validationLoss, double validationAccuracy,
                    double learningRate, double seconds, long examples) {

    /** Trained examples per second. */
    public double examplesPerSecond() {
        return examples / seconds;
    }
}
