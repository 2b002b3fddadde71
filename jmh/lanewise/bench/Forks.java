package lanewise.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Measures in fresh JVMs, one after the other: what C2 makes of a kernel differs from one to the next. */
final class Forks {

    private Forks() {}

    /**
     * The medians of {@code count} JVMs.
     *
     * @param args the command line of this one
     * @throws IllegalStateException if one of them fails
     */
    static Report run(int count, String[] args) throws IOException, InterruptedException {
        var reports = new ArrayList<Report>();
        for (int i = 1; i <= count; i++) {
            System.err.println("JVM " + i + " of " + count);
            reports.add(runOne(args));
        }
        return Report.medianOf(reports);
    }

    private static Report runOne(String[] args) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), Table.class.getName()),
                Stream.concat(Stream.of(args), Stream.of("--forks", "1", "--raw"))).toList();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> lines;
        try (BufferedReader reader = process.inputReader()) {
            lines = reader.lines().toList();
        }
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException("a forked JVM ended with status " + status);
        }
        return Report.parse(lines);
    }
}
