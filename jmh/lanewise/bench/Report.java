package lanewise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What one or several JVMs measured.
 *
 * @param peak the core's multiply-adds in GFLOP/s, measured in the same run
 */
record Report(double peak, List<Row> rows) {

    /** The medians of several JVMs, line by line. */
    static Report medianOf(List<Report> reports) {
        double peak = Clock.median(reports.stream().mapToDouble(Report::peak));
        List<Row> rows = IntStream.range(0, reports.getFirst().rows.size())
                .mapToObj(i -> Row.medianOf(reports.stream().map(report -> report.rows.get(i)).toList())).toList();
        return new Report(peak, rows);
    }

    /** The rows of the Markdown table, under two lines of heading. */
    List<String> markdown() {
        var lines = new ArrayList<>(List.of(
                "| id | shape | pass | algorithm | us (best) | GFLOP/s | % of FMA peak | naive us | times naive |",
                "|---|---|---|---|--:|--:|--:|--:|--:|"));
        for (Row row : rows) {
            boolean counted = row.multiplyAdds() > 0;
            lines.add("| %s | `%s` | %s | %s | %s (%s) | %s | %s | %s | %s |".formatted(
                    row.id(), row.shape(), row.pass(), row.algorithm(), digits(row.median() / 1e3), digits(row.best() / 1e3),
                    counted ? digits(row.gflops()) : "-", counted ? digits(100 * row.gflops() / peak) : "-",
                    digits(row.naive() / 1e3), digits(row.timesNaive())));
        }
        return lines;
    }

    /** Three digits, or as many as an integer has. */
    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    /** For the JVM that started this one: what {@link #parse} reads. */
    List<String> format() {
        var lines = new ArrayList<>(List.of(Double.toString(peak)));
        rows.forEach(row -> lines.add(row.format()));
        return lines;
    }

    static Report parse(List<String> lines) {
        return new Report(Double.parseDouble(lines.getFirst()), lines.stream().skip(1).map(Row::parse).toList());
    }
}
