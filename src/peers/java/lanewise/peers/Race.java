package lanewise.peers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.bench.CompileTime;

/**
 * Times several sides in turns, so that a disturbance of the machine hits them alike: some milliseconds of calls by one, then by
 * the next. Every call is timed by itself, which costs 20 to 30 ns. The first of each turn does not count: it finds the caches full of
 * the other side's arrays, and large works, whose turn is a single call, would be timed in that state only.
 */
final class Race {

    private static final double TURN = 8e6; // ns
    private static final int ROUNDS = 40;
    private static final int FEWEST_ROUNDS = 5;
    private static final double LONGEST = 12e9; // ns for all rounds, once there were the fewest

    private static final double LEAST_WARM_UP = 3e9; // C2 takes up to a second for a large kernel, more where it shares the core
    private static final double MOST_WARM_UP = 20e9;
    private static final int LEAST_CALLS = 4;

    private static final long MOST_COMPILED = 100; // ms of compiling
    private static final double QUIET = 1e9; // ns in which there were fewer

    private static final int CALLS_FOR_P99 = 2_000; // 20 of them are above it

    /**
     * What the calls of one side took.
     *
     * @param median in ns
     * @param p99 what one in a hundred exceeds, in ns; NaN if there were too few calls for that
     */
    record Times(double median, double p99) {

        static Times of(double[] nanos) {
            double[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Times(Medians.ofSorted(sorted),
                    sorted.length < CALLS_FOR_P99 ? Double.NaN : sorted[(int) Math.ceil(0.99 * sorted.length) - 1]);
        }
    }

    private final Contender[] contenders;
    private final int[] turn;
    private final double[][] nanos;

    private Race(List<Contender> contenders) {
        this.contenders = contenders.toArray(Contender[]::new);
        contenders.forEach(Race::warmUp);
        turn = contenders.stream().mapToInt(one -> 1 + Math.clamp((long) (TURN / best(one)), 1, one.mostCalls())).toArray();
        nanos = new double[turn.length][];
        Arrays.setAll(nanos, i -> new double[turn[i] * ROUNDS]);
    }

    /** Warms all of them up, then times them; the order is kept. */
    static List<Times> run(List<Contender> contenders) {
        var race = new Race(contenders);
        int rounds = race.rounds();
        return IntStream.range(0, contenders.size())
                .mapToObj(i -> Times.of(race.counted(i, contenders.get(i).nanos(Arrays.copyOf(race.nanos[i], race.turn[i] * rounds)))))
                .toList();
    }

    /** The times of all calls but the first of each turn. */
    private double[] counted(int contender, double[] nanos) {
        return IntStream.range(0, nanos.length).filter(call -> call % turn[contender] > 0).mapToDouble(call -> nanos[call]).toArray();
    }

    private int rounds() {
        long start = System.nanoTime();
        int round = 0;
        while (round < FEWEST_ROUNDS || (round < ROUNDS && System.nanoTime() - start < LONGEST)) {
            for (int i = 0; i < contenders.length; i++) {
                int at = round * turn[i];
                for (int call = 0; call < turn[i]; call++) {
                    nanos[i][at + call] = one(contenders[i]);
                }
            }
            round++;
        }
        return round;
    }

    /**
     * Calls until steady: enough calls and time, nothing gained in the last half of it, and HotSpot hardly compiling any more. On one core
     * C2 may be seconds behind, in which no call is faster than the one before.
     */
    private static void warmUp(Contender contender) {
        double best = Double.POSITIVE_INFINITY;
        double lastGain = 0;
        double elapsed = 0;
        double lastBusy = 0;
        long compiled = CompileTime.soFar();
        long start = System.nanoTime();
        for (int calls = 0; calls < contender.mostCalls(); ) {
            double time = one(contender);
            calls++;
            elapsed = System.nanoTime() - start;
            if (time < 0.98 * best) {
                lastGain = elapsed;
            }
            best = Math.min(best, time);
            if (CompileTime.soFar() - compiled > MOST_COMPILED) {
                compiled = CompileTime.soFar();
                lastBusy = elapsed;
            }
            boolean steady = elapsed >= LEAST_WARM_UP && lastGain <= elapsed / 2 && elapsed - lastBusy >= QUIET
                    || elapsed >= MOST_WARM_UP;
            if (calls >= LEAST_CALLS && steady) {
                return;
            }
        }
    }

    /** The best time of a few calls in ns, when all is warm. */
    private static double best(Contender contender) {
        double best = Double.POSITIVE_INFINITY;
        double spent = 0;
        for (int calls = 0; calls < contender.mostCalls() && spent < TURN; calls++) {
            double time = one(contender);
            spent += time;
            best = Math.min(best, time);
        }
        return best;
    }

    private static double one(Contender contender) {
        long start = System.nanoTime();
        contender.call();
        return System.nanoTime() - start;
    }
}
