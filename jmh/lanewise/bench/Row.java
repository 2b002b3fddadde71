package lanewise.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One line of the table; times in ns per call.
 *
 * @param median of several rounds
 * @param best of the rounds
 * @param naive time of the plain loops
 */
record Row(String id, String shape, String pass, String algorithm, long multiplyAdds, double median, double best, double naive) {

    private static final String SEPARATOR = "\t";

    /** The calmer of two measurements of the same. */
    Row orLower(Row other) {
        return withTimes(Math.min(median, other.median), Math.min(best, other.best), Math.min(naive, other.naive));
    }

    /** The same line with the medians of what several JVMs measured. */
    static Row medianOf(List<Row> rows) {
        return rows.getFirst().withTimes(median(rows, Row::median), median(rows, Row::best), median(rows, Row::naive));
    }

    private static double median(List<Row> rows, ToDoubleFunction<Row> time) {
        return Clock.median(rows.stream().mapToDouble(time));
    }

    private Row withTimes(double median, double best, double naive) {
        return new Row(id, shape, pass, algorithm, multiplyAdds, median, best, naive);
    }

    double gflops() {
        return 2 * multiplyAdds / median;
    }

    double timesNaive() {
        return naive / median;
    }

    /** What {@link #parse} reads. */
    String format() {
        return String.join(SEPARATOR, id, shape, pass, algorithm, Long.toString(multiplyAdds),
                Double.toString(median), Double.toString(best), Double.toString(naive));
    }

    static Row parse(String line) {
        String[] f = line.split(SEPARATOR);
        return new Row(f[0], f[1], f[2], f[3], Long.parseLong(f[4]),
                Double.parseDouble(f[5]), Double.parseDouble(f[6]), Double.parseDouble(f[7]));
    }
}
