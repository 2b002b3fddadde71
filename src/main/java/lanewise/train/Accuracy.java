package lanewise.train;

import lanewise.internal.Checks;

/**
 * How often the right class is among the k with the highest scores, counted over any number of batches.
 *
 * <p>Of equal scores the one with the lower index is higher: a network that gives the same score to all classes is right for the first
 * k, not for all. A row with NaN is wrong, whatever else it holds. Not thread-safe.
 */
public final class Accuracy {

    private final int classes;
    private final int k;
    private long correct;
    private long total;

    /**
     * Counts nothing yet.
     *
     * @param classes at least 1
     * @param k from 1 to {@code classes}; 1 for the plain accuracy
     * @throws IllegalArgumentException if a number is out of range
     */
    public Accuracy(int classes, int k) {
        this.classes = Checks.atLeast(classes, 1, "classes");
        this.k = checkK(k, classes);
    }

    /**
     * Counts {@code n} more predictions; arguments as in {@link #correct(float[], float[], int, int, int)}.
     */
    public void add(float[] y, float[] targets, int n) {
        correct += correct(y, targets, n, classes, k);
        total += n;
    }

    /** Forgets everything. */
    public void reset() {
        correct = 0;
        total = 0;
    }

    /** How many predictions were right. */
    public long correct() {
        return correct;
    }

    /** How many there were. */
    public long total() {
        return total;
    }

    /** The share that was right, from 0 to 1; NaN of none. */
    public double value() {
        return (double) correct / total;
    }

    /**
     * How many of {@code n} rows have their target among the {@code k} highest scores.
     *
     * @param y {@code float[n * classes]} or longer: scores, logits or probabilities alike. Not modified
     * @param targets {@code float[n]} or longer: classes. Not modified
     * @param n rows, at least 0; of a dense prediction, examples times positions
     * @param classes at least 1
     * @param k from 1 to {@code classes}
     * @throws IllegalArgumentException if a number is out of range or a target is no class
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public static int correct(float[] y, float[] targets, int n, int classes, int k) {
        checkK(k, Checks.atLeast(classes, 1, "classes"));
        Targets.checkScores(y, targets, n, classes);
        int correct = 0;
        for (int row = 0; row < n; row++) {
            int rank = rank(y, row * classes, classes, (int) targets[row]);
            correct += rank < k ? 1 : 0;
        }
        return correct;
    }

    /** How many classes stand before the target; all of them if there is NaN. */
    private static int rank(float[] y, int at, int classes, int target) {
        float score = y[at + target];
        int before = 0;
        for (int c = 0; c < classes; c++) {
            float other = y[at + c];
            if (Float.isNaN(other)) {
                return classes;
            }
            before += other > score || other == score && c < target ? 1 : 0;
        }
        return before;
    }

    private static int checkK(int k, int classes) {
        if (k < 1 || k > classes) {
            throw new IllegalArgumentException("k is " + k + ", must be from 1 to the " + classes + " classes");
        }
        return k;
    }

    /** Right of total, and the share in per cent. */
    @Override
    public String toString() {
        return "%s: %d of %d, %.2f %%".formatted(k == 1 ? "accuracy" : "top-" + k + " accuracy", correct, total, 100 * value());
    }
}
