package lanewise.infer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import lanewise.internal.Checks;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
import lanewise.kernel.Threads;
import lanewise.kernel.Workspace;

/**
 * Choices of convolution algorithms by timing, and the memory of them: each shape is timed once, whichever predictor asks. One
 * instance may serve all predictors of a program, from any number of threads, and its {@link #lines} may be kept in a file for the
 * next start on the same kind of machine: they name neither processor nor vector length, nor the version of this library.
 *
 * <p>Timing takes about a tenth of a second for each algorithm of each shape, on the calling thread alone; nothing else should run, and
 * another thread that asks meanwhile waits. A convolution is timed alone, by one thread, with its filter and values in the caches. Within
 * a network a filter of a megabyte may come from memory each time, and then what won here can lose; the rules know of that.
 */
public final class Tuning {

    /** A candidate is timed for at least so long, in ns, so that it is compiled by then. */
    private static final long WARM_UP = 60_000_000;
    private static final int ROUNDS = 9;
    private static final long ROUND = 2_000_000;

    private final Map<String, String> winners = new ConcurrentHashMap<>();

    /** Remembers nothing yet. */
    public Tuning() {}

    /**
     * Choices remembered before, as {@link #lines} gave them.
     *
     * @throws IllegalArgumentException if a line is not a key and an algorithm's name, separated by a space
     */
    public static Tuning of(List<String> lines) {
        Tuning tuning = new Tuning();
        for (String line : lines) {
            int space = line.lastIndexOf(' ');
            if (space <= 0 || !ConvPlan.algorithms(Pass.FORWARD).contains(line.substring(space + 1))) {
                throw new IllegalArgumentException("line is \"" + line + "\", must end with one of " + ConvPlan.algorithms(Pass.FORWARD));
            }
            tuning.winners.put(line.substring(0, space), line.substring(space + 1));
        }
        return tuning;
    }

    /** What has been chosen so far, a line for each shape, sorted. */
    public List<String> lines() {
        return winners.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).sorted().collect(Collectors.toList());
    }

    /** The plan with the fastest of the algorithms that can compute its shape; Winograd's only if {@code byRule} may use it. */
    ConvPlan choose(ConvPlan byRule, boolean winograd) {
        ConvShape shape = Checks.notNull(byRule, "plan").shape();
        String key = shape + (winograd ? "" : " exact");
        String winner = winners.get(key);
        if (winner == null) {
            winner = time(key, byRule, winograd);
        }
        if (byRule.refusal(Pass.FORWARD, winner) != null) {
            return byRule;
        }
        ConvPlan plan = byRule.withAlgorithm(Pass.FORWARD, winner);
        return winograd || !plan.usesWinograd(Pass.FORWARD) ? plan : byRule;
    }

    /** One at a time: two would disturb each other. */
    private synchronized String time(String key, ConvPlan byRule, boolean winograd) {
        return winners.computeIfAbsent(key, k -> fastest(byRule, winograd));
    }

    private static String fastest(ConvPlan byRule, boolean winograd) {
        List<ConvPlan> candidates = ConvPlan.algorithms(Pass.FORWARD).stream()
                .filter(name -> byRule.refusal(Pass.FORWARD, name) == null)
                .map(name -> byRule.withAlgorithm(Pass.FORWARD, name))
                .filter(plan -> winograd || !plan.usesWinograd(Pass.FORWARD))
                .toList();
        List<Candidate> timed = candidates.stream().map(Candidate::new).toList();
        if (timed.size() == 1) {
            return timed.getFirst().name();
        }
        timed.forEach(Candidate::warmUp);
        for (int round = 0; round < ROUNDS; round++) { // in turn, so that a disturbance hits all alike
            timed.forEach(Candidate::time);
        }
        Candidate best = timed.getFirst();
        for (Candidate candidate : timed) {
            best = candidate.nanos < best.nanos ? candidate : best;
        }
        return best.name();
    }

    /** One algorithm on data of its own. */
    private static final class Candidate {
        private final ConvPlan plan;
        private final float[] x;
        private final float[] y;
        private final PackedFilter filter;
        private final Workspace workspace;
        private double nanos = Double.POSITIVE_INFINITY;

        Candidate(ConvPlan plan) {
            this.plan = plan;
            x = new float[plan.shape().xLength()];
            y = new float[plan.shape().yLength()];
            filter = plan.newFilter(Pass.FORWARD);
            workspace = new Workspace(plan.workspaceFloats(Pass.FORWARD), Threads.one());
        }

        String name() {
            return plan.algorithm(Pass.FORWARD);
        }

        private void run() {
            plan.forward(x, 0, filter, null, 0, y, 0, workspace);
        }

        void warmUp() {
            long end = System.nanoTime() + WARM_UP;
            do {
                run();
            } while (System.nanoTime() < end);
        }

        /** Keeps the best of the rounds: what disturbs only ever adds. */
        void time() {
            long start = System.nanoTime();
            long now;
            int calls = 0;
            do {
                run();
                calls++;
                now = System.nanoTime();
            } while (now - start < ROUND);
            nanos = Math.min(nanos, (double) (now - start) / calls);
        }
    }
}
