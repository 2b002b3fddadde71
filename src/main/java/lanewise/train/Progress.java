package lanewise.train;

/** Where a training is: a live view that the trainer updates, so that a step makes no garbage. */
public final class Progress {

    final int epochs;
    final long stepsPerEpoch;
    int epoch = 1;
    long step;
    long epochStep;
    double lossSum;
    long correct;
    long decisions;
    boolean classifies;
    long examples;
    double learningRate;
    double gradientNorm;
    long trainedExamples;
    long trainingNanos;
    long startNanos;
    volatile boolean stopping;
    private long firstStep;

    Progress(int epochs, long stepsPerEpoch) {
        this.epochs = epochs;
        this.stepsPerEpoch = stepsPerEpoch;
    }

    /** Goes on where a checkpoint was made. */
    void resume(Checkpoint.Position at) {
        epoch = at.epoch();
        step = at.step();
        firstStep = at.step();
        epochStep = at.epochStep();
        lossSum = at.lossSum();
        correct = at.correct();
        decisions = at.decisions();
        examples = at.examples();
        learningRate = at.lastRate();
    }

    void beginEpoch(int number) {
        epoch = number;
        epochStep = 0;
        lossSum = 0;
        correct = 0;
        decisions = 0;
        examples = 0;
    }

    /**
     * Asks the training to end after the step at work, from any thread: it saves a checkpoint, if it has a folder for them, and ends with
     * a {@link TrainingInterruptedException}.
     */
    public void stop() {
        stopping = true;
    }

    /** The present epoch, from 1. */
    public int epoch() {
        return epoch;
    }

    /** How many epochs there will be, unless training stops early. */
    public int epochs() {
        return epochs;
    }

    /** Steps done over all epochs. */
    public long step() {
        return step;
    }

    /** Steps done in this epoch. */
    public long epochStep() {
        return epochStep;
    }

    /** Steps of an epoch. */
    public long stepsPerEpoch() {
        return stepsPerEpoch;
    }

    /** The mean loss of this epoch so far. */
    public double loss() {
        return lossSum / examples;
    }

    /** The fraction of this epoch's decisions so far that were right; NaN if the loss is no classification. */
    public double accuracy() {
        return classifies ? (double) correct / decisions : Double.NaN;
    }

    /** The learning rate of the last step. */
    public double learningRate() {
        return learningRate;
    }

    /** What the clipping measured in the last step: with {@link GradientClipping#norm} the norm of the gradient before. */
    public double gradientNorm() {
        return gradientNorm;
    }

    /** Trained examples per second, validation left aside. */
    public double examplesPerSecond() {
        return trainedExamples / (trainingNanos / 1e9);
    }

    /** An estimate of the seconds until this epoch's last step, its validation left aside. */
    public double epochSecondsLeft() {
        return (stepsPerEpoch - epochStep) * (trainingNanos / 1e9) / (step - firstStep);
    }

    /** An estimate of the seconds left of all epochs from what has passed since the start or the resumption, validation included. */
    public double secondsLeft() {
        return (epochs * stepsPerEpoch - step) * ((System.nanoTime() - startNanos) / 1e9) / (step - firstStep);
    }
}
