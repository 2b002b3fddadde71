package lanewise.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.internal.Checks;
import lanewise.kernel.Reduce;

/**
 * Which class was taken for which: {@code counts[actual][predicted]}, over any number of batches.
 *
 * <p>Predicted is the class with the highest score, of equal ones that with the lowest index. A row with NaN predicts nothing: it counts
 * among those of its class, but in no column. Not thread-safe.
 */
public final class ConfusionMatrix {

    private final int classes;
    private final long[][] counts;
    private final long[] undecided;

    /**
     * One actual class taken for another.
     *
     * @param actual what it was
     * @param predicted what the scores said
     * @param count how often
     */
    public record Confusion(int actual, int predicted, long count) {}

    /**
     * Counts nothing yet.
     *
     * @throws IllegalArgumentException if {@code classes} is less than 1
     */
    public ConfusionMatrix(int classes) {
        this.classes = Checks.atLeast(classes, 1, "classes");
        this.counts = new long[classes][classes];
        this.undecided = new long[classes];
    }

    /**
     * Counts {@code n} more predictions.
     *
     * @param y {@code float[n * classes]} or longer: scores. Not modified
     * @param targets {@code float[n]} or longer: classes. Not modified
     * @param n rows, at least 0
     * @throws IllegalArgumentException if n is negative or a target is no class; nothing has been counted then
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public void add(float[] y, float[] targets, int n) {
        Targets.checkScores(y, targets, n, classes);
        for (int row = 0; row < n; row++) {
            int actual = (int) targets[row];
            int at = row * classes;
            int predicted = Reduce.argMax(y, at, classes); // the first NaN, if there is one
            if (Float.isNaN(y[at + predicted])) {
                undecided[actual]++;
            } else {
                counts[actual][predicted]++;
            }
        }
    }

    /** A copy, {@code [actual][predicted]}. */
    public long[][] counts() {
        long[][] copy = new long[classes][];
        for (int actual = 0; actual < classes; actual++) {
            copy[actual] = counts[actual].clone();
        }
        return copy;
    }

    /** How many rows had NaN. */
    public long undecided() {
        return sum(undecided);
    }

    /** How many rows there were. */
    public long total() {
        return IntStream.range(0, classes).mapToLong(this::actual).sum();
    }

    /** The share of rows that were predicted right; NaN of none. */
    public double accuracy() {
        long right = IntStream.range(0, classes).mapToLong(c -> counts[c][c]).sum();
        return (double) right / total();
    }

    /**
     * Of the rows that were taken for class {@code c}, the share that was; NaN if there are none.
     *
     * @throws IllegalArgumentException if {@code c} is no class
     */
    public double precision(int c) {
        return (double) counts[checkClass(c)][c] / predicted(c);
    }

    /**
     * Of the rows of class {@code c}, the share that was taken for it; NaN if there are none.
     *
     * @throws IllegalArgumentException if {@code c} is no class
     */
    public double recall(int c) {
        return (double) counts[checkClass(c)][c] / actual(c);
    }

    /**
     * The harmonic mean of precision and recall, {@code 2 right / (actual + predicted)}; NaN if class {@code c} neither was nor was
     * predicted.
     *
     * @throws IllegalArgumentException if {@code c} is no class
     */
    public double f1(int c) {
        return 2.0 * counts[checkClass(c)][c] / (actual(c) + predicted(c));
    }

    /**
     * The pairs of different classes that were taken for one another, the most frequent first, then in the order of classes; none that
     * never were.
     *
     * @param n how many at most, at least 0
     * @throws IllegalArgumentException if it is negative
     */
    public List<Confusion> mostConfused(int n) {
        Checks.atLeast(n, 0, "n");
        List<Confusion> confusions = new ArrayList<>();
        for (int actual = 0; actual < classes; actual++) {
            for (int predicted = 0; predicted < classes; predicted++) {
                if (actual != predicted && counts[actual][predicted] > 0) {
                    confusions.add(new Confusion(actual, predicted, counts[actual][predicted]));
                }
            }
        }
        confusions.sort(Comparator.comparingLong(Confusion::count).reversed()); // stable
        return List.copyOf(confusions.subList(0, Math.min(n, confusions.size())));
    }

    private long actual(int c) {
        return sum(counts[c]) + undecided[c];
    }

    private long predicted(int c) {
        return IntStream.range(0, classes).mapToLong(actual -> counts[actual][c]).sum();
    }

    private int checkClass(int c) {
        if (c < 0 || c >= classes) {
            throw new IllegalArgumentException("class is " + c + ", must be from 0 to " + (classes - 1));
        }
        return c;
    }

    private static long sum(long[] values) {
        return IntStream.range(0, values.length).mapToLong(i -> values[i]).sum();
    }

    /** The table with the numbers of the classes. */
    @Override
    public String toString() {
        return table(IntStream.range(0, classes).mapToObj(String::valueOf).toList());
    }

    /**
     * A table: a row for each actual class, a column for each predicted one, aligned. A last column NaN where there are undecided rows.
     *
     * @param names of the classes
     * @throws IllegalArgumentException if they are not as many as the classes
     */
    public String table(List<String> names) {
        if (Checks.notNull(names, "names").size() != classes) {
            throw new IllegalArgumentException("names has " + names.size() + " elements, there are " + classes + " classes");
        }
        boolean withNaN = undecided() > 0;
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("actual\\predicted"));
        header.addAll(names);
        rows.add(header);
        for (int actual = 0; actual < classes; actual++) {
            List<String> row = new ArrayList<>(List.of(names.get(actual)));
            for (long count : counts[actual]) {
                row.add(String.valueOf(count));
            }
            row.add(String.valueOf(undecided[actual]));
            rows.add(row);
        }
        header.add("NaN");
        int columns = classes + (withNaN ? 2 : 1);
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                int at = column;
                int width = rows.stream().mapToInt(cells -> cells.get(at).length()).max().orElseThrow();
                table.append(column == 0 ? "" : "  ").append(" ".repeat(width - row.get(column).length())).append(row.get(column));
            }
            table.append('\n');
        }
        return table.toString();
    }
}
