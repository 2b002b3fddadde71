package lanewise.bench;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Times calls that last from a microsecond to seconds: a table's worth of numbers in minutes, where JMH takes hours. */
final class Clock {

    private static final double ROUND = 10e6; // ns: far above the clock's step and most interruptions
    private static final double LEAST_WARM_UP = 700e6;
    private static final double MOST_WARM_UP = 5e9;

    /**
     * A kernel waits for C1, and then for C2, longest where the core is slow: so long HotSpot must hardly have compiled, in ns and ms. A
     * compilation counts when it ends, and not at all while it waits for its turn.
     */
    private static final double QUIET = 2e9;
    private static final long MOST_COMPILED = 100;

    /**
     * What several rounds showed.
     *
     * @param median of the rounds, in ns per call
     * @param best of the rounds, in ns per call
     */
    record Times(double median, double best) {}

    private Clock() {}

    /** Warms each of the calls up, then times them in turns, so that a disturbance of the machine hits them alike. */
    static List<Times> race(List<Runnable> calls, int rounds) {
        double[] nanos = calls.stream().mapToDouble(Clock::warmUp).toArray();
        var times = new double[calls.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < calls.size(); i++) {
                times[i][round] = perCall(calls.get(i), nanos[i]);
            }
        }
        return Stream.of(times).map(t -> new Times(median(DoubleStream.of(t)), DoubleStream.of(t).min().orElseThrow())).toList();
    }

    /** Times a call that may be slow, a few times or once, and returns the best in ns: it is meant for the naive loops. */
    static double few(Runnable call) {
        final double enough = 500e6;
        double best = Double.POSITIVE_INFINITY;
        for (double all = 0; all < enough; ) {
            double nanos = perCall(call, best);
            best = Math.min(best, nanos);
            all += Math.max(nanos, ROUND);
        }
        return best;
    }

    /** The best of many single calls, in ns: what the machine can do in a quiet moment. */
    static double best(Runnable call, int calls) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            call.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }

    /**
     * Calls until steady: nothing gained in the last half of the time, and HotSpot hardly compiling any more.
     *
     * @return ns per call, the best of the rounds
     */
    static double warmUp(Runnable call) {
        double best = Double.POSITIVE_INFINITY;
        double lastGain = 0;
        double lastBusy = 0;
        long compiled = CompileTime.soFar();
        long start = System.nanoTime();
        double elapsed = 0;
        while (elapsed < LEAST_WARM_UP
                || elapsed < MOST_WARM_UP && (lastGain > elapsed / 2 || elapsed - lastBusy < QUIET)) {
            double nanos = perCall(call, best);
            elapsed = System.nanoTime() - start;
            if (nanos < 0.98 * best) {
                lastGain = elapsed;
            }
            if (CompileTime.soFar() - compiled > MOST_COMPILED) {
                compiled = CompileTime.soFar();
                lastBusy = elapsed;
            }
            best = Math.min(best, nanos);
        }
        return best;
    }

    /** One round: as many calls as are expected to fill it, at least one. */
    private static double perCall(Runnable call, double expected) {
        long calls = Math.max(1, (long) (ROUND / expected));
        long start = System.nanoTime();
        for (long i = 0; i < calls; i++) {
            call.run();
        }
        return (double) (System.nanoTime() - start) / calls;
    }

    /** The middle one, or the mean of the two in the middle. */
    static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
