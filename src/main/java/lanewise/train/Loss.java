package lanewise.train;

import lanewise.layer.Shape;

/**
 * What training makes small: a number that says how far outputs are from their targets, and its gradient.
 *
 * <p>Implementations are immutable, so any number of threads may call one, and allocate nothing per call.
 */
public interface Loss {

    /**
     * The floats of one example in the array of targets.
     *
     * @param output the shape of one example's output
     * @return at least 1
     */
    int targetSize(Shape output);

    /**
     * The mean loss of the first {@code n} examples, and its gradient.
     *
     * @param y outputs of the network, {@code float[n * output.size()]} or longer. Not modified
     * @param targets {@code float[n * targetSize(output)]} or longer. Not modified
     * @param n examples, at least 1
     * @param output the shape of one example's output
     * @param dy null if no gradient is needed; else its first {@code n * output.size()} elements are overwritten with the gradient of
     *         the mean by y. Must be another array than y and targets; old contents may be NaN
     * @return the mean over the examples
     * @throws IllegalArgumentException if a target is not what the loss takes, n is less than 1, or dy is y or targets; nothing has
     *         been written then
     * @throws IndexOutOfBoundsException if an array is too short
     */
    double forward(float[] y, float[] targets, int n, Shape output, float[] dy);

    /** Whether outputs can be right or wrong, so that {@link #correct} counts. */
    default boolean isClassification() {
        return false;
    }

    /**
     * How many of the {@code n * targetSize(output)} decisions are right; arguments as in {@link #forward}.
     *
     * @throws IllegalStateException if this is no classification
     */
    default long correct(float[] y, float[] targets, int n, Shape output) {
        throw new IllegalStateException(this + " is no classification: nothing is right or wrong");
    }
}
