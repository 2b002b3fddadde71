package lanewise.bench;

import java.util.ArrayList;
import java.util.List;
import lanewise.bench.Clock.Times;

/**
 * Measures the rows of a table in this JVM: all of them once, then all of them again, and the calmer of both counts. So a
 * disturbance of some seconds spoils nothing.
 */
final class Sweep {

    private final List<Entry> entries;
    private final boolean allAlgorithms;
    private final int rounds;

    private Sweep(Options options) {
        entries = options.entries();
        allAlgorithms = options.allAlgorithms();
        rounds = options.smoke() ? 7 : 21;
    }

    /**
     * Measures what the options select.
     *
     * @throws IllegalStateException if a result is wrong
     */
    static Report run(Options options) {
        var sweep = new Sweep(options);
        double peak = FmaPeak.gflops();
        List<Row> rows = sweep.rows(true);
        if (options.smoke()) {
            return new Report(peak, rows);
        }
        peak = Math.max(peak, FmaPeak.gflops());
        List<Row> again = sweep.rows(false);
        var calmer = new ArrayList<Row>();
        for (int i = 0; i < rows.size(); i++) {
            calmer.add(rows.get(i).orLower(again.get(i)));
        }
        return new Report(peak, calmer);
    }

    /** All rows in order; the naive loops are slow, so they run the first time only. */
    private List<Row> rows(boolean withNaive) {
        var rows = new ArrayList<Row>();
        for (Entry entry : entries) {
            Case work = entry.make().get();
            System.err.println(entry.id() + " " + work.shape() + " " + work.pass());
            List<String> names = allAlgorithms ? work.algorithms() : work.algorithms().subList(0, 1);
            float[] out = Data.unwritten(work.length());
            double naive = withNaive ? checkAll(work, names) : Double.POSITIVE_INFINITY;
            List<Times> times = Clock.race(names.stream().map(name -> work.algorithm(name, out)).toList(), rounds);
            for (int i = 0; i < names.size(); i++) {
                rows.add(new Row(entry.id(), work.shape(), work.pass(), names.get(i), work.multiplyAdds(),
                        times.get(i).median(), times.get(i).best(), naive));
            }
        }
        return rows;
    }

    /** Compares each algorithm with the naive loops, and returns their time in ns. */
    private static double checkAll(Case work, List<String> names) {
        Case small = work.small();
        Clock.warmUp(small.naive(Data.unwritten(small.length())));
        float[] expected = Data.unwritten(work.length());
        double naive = Clock.few(work.naive(expected));
        for (String name : names) {
            float[] actual = Data.unwritten(work.length());
            work.algorithm(name, actual).run();
            Data.requireEqual(work, name, actual, expected);
        }
        return naive;
    }
}
