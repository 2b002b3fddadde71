package lanewise.bench;

import java.io.IOException;
import java.util.List;

/**
 * Prints the table of the README: for each workload the time of the library's choice, its part of the core's FMA peak measured in
 * the same run, and the naive loops beside it. All results are compared before they are timed.
 *
 * <pre>./mvnw -q test-compile exec:exec@bench-table -Dtable.args="--forks 3"</pre>
 *
 * <p>GFLOP/s count the direct algorithm, padding included: a kernel that skips padding, or needs fewer multiplications, can pass
 * 100%. Buffers are hot and filters packed beforehand. Progress goes to the standard error stream.
 */
public final class Table {

    private Table() {}

    /** Ends with status 1 if a result is wrong, or, with {@code --smoke}, slower than the naive loops; with 2 if misused. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (List.of(args).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException misuse) {
            System.err.println(misuse.getMessage());
            System.exit(2);
            return;
        }
        Report report = options.forks() == 1 ? Sweep.run(options) : Forks.run(options.forks(), args);
        if (options.raw()) {
            report.format().forEach(System.out::println);
            return;
        }
        System.out.printf("%s, one thread, FMA peak %.0f GFLOP/s; %s%n%n", Machine.describe(), report.peak(),
                options.forks() == 1 ? "one JVM" : "medians of " + options.forks() + " JVMs");
        report.markdown().forEach(System.out::println);
        if (options.smoke()) {
            requireFasterThanNaive(report);
        }
    }

    private static void requireFasterThanNaive(Report report) {
        List<Row> slow = report.rows().stream().filter(row -> row.timesNaive() <= 1).toList();
        if (!slow.isEmpty()) {
            throw new IllegalStateException("slower than the naive loops: " + slow);
        }
    }
}
