package lanewise.bench;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The command line of {@link Table}.
 *
 * @param entries what to measure, in order
 * @param allAlgorithms whether to measure every algorithm that accepts the shape, or only the one that the plan chooses
 * @param smoke whether to measure in a hurry and to insist on being faster than the naive loops
 * @param forks how many fresh JVMs to take medians of; with 1 this JVM measures
 * @param raw whether the reader of the output is such a parent
 */
record Options(List<Entry> entries, boolean allAlgorithms, boolean smoke, int forks, boolean raw) {

    static final String USAGE = """
            Prints times of convolutions, poolings and matrix products as a Markdown table.
                --rows L2,L3,gemm  these workloads, by id or kind: conv, dense, pool, gemm (default conv,gemm)
                -b N               batch of all but matrix products (default 1)
                --all-algorithms   every algorithm that accepts the shape, not only the plan's choice
                --forks N          medians of N fresh JVMs (default: this one; flags for them go into JDK_JAVA_OPTIONS)
                --smoke            a few rows in less than a minute; fails if one is slower than the naive loops
            A wrong result always fails.
            Shapes read: n batch, c channels, h x w pixels, k filters of r x s, u stride, p padding, g groups.
            """;

    private static final List<String> DEFAULT = List.of("conv", "gemm");
    private static final List<String> SMOKE = List.of("L3", "L7", "L12", "L14", "L15", "G3");

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if there is something else on it, or an unknown workload
     */
    static Options parse(String[] args) {
        List<String> rows = null;
        int batch = 1;
        int forks = 1;
        boolean all = false;
        boolean smoke = false;
        boolean raw = false;
        for (Iterator<String> rest = Arrays.asList(args).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--rows" -> rows = List.of(value(option, rest).split(","));
                case "-b" -> batch = number(option, rest);
                case "--forks" -> forks = number(option, rest);
                case "--all-algorithms" -> all = true;
                case "--smoke" -> smoke = true;
                case "--raw" -> raw = true;
                default -> throw new IllegalArgumentException("unknown option " + option + "\n" + USAGE);
            }
        }
        if (rows == null) {
            rows = smoke ? SMOKE : DEFAULT;
        }
        return new Options(Entry.select(rows, batch), all, smoke, forks, raw);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
        }
        return rest.next();
    }

    private static int number(String option, Iterator<String> rest) {
        String value = value(option, rest);
        if (!value.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(option + " is " + value + ", must be a number of at least 1");
        }
        return Integer.parseInt(value);
    }
}
