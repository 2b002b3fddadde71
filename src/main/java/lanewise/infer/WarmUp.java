package lanewise.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Brings the kernels of a program to C2 while it is compiled. Until then every vector is an object, and one prediction of a large
 * network in that state takes seconds.
 *
 * <p>First {@link Rehearsal}s, in turn, so that C2 has work while the others are still being counted; weights are packed while it
 * compiles; then the rehearsals go on until each is fast, and a while longer for the small methods around the kernels, which C2 takes
 * only after 5,000 calls; then the program itself runs, until it no longer becomes faster. Each part has its limit of time, so that a
 * slow machine gets a colder program and not a longer wait.
 */
final class WarmUp {

    /** Limits of the parts, in ns. */
    private static final long FEEDING = 300_000_000;
    private static final long REHEARSING = 1_500_000_000;
    private static final long POLISHING = 200_000_000;
    private static final long RUNNING = 400_000_000;

    /** Calls by which HotSpot has asked for C2. */
    private static final int FED = 1_000;

    /** Calls by which it has asked for methods without a loop, too. */
    private static final int POLISHED = 6_000;

    private final List<Supplier<Rehearsal>> makers;
    private List<Rehearsal> all;
    private List<Rehearsal> cold;

    /** Keeps nothing of {@code ops} but how to make their rehearsals. */
    WarmUp(List<Op> ops) {
        makers = ops.stream().flatMap(Op::rehearsals).toList();
    }

    /** Whether all kernels are compiled already, by an earlier program. In a new JVM the first one tells that they are not. */
    boolean isDone() {
        Map<Object, Rehearsal> distinct = new LinkedHashMap<>();
        for (Supplier<Rehearsal> maker : makers) {
            Rehearsal rehearsal = maker.get();
            if (rehearsal != null && distinct.putIfAbsent(rehearsal.key(), rehearsal) == null && !rehearsal.isFast()) {
                return false;
            }
        }
        return true;
    }

    private void prepare() {
        if (all == null) {
            Map<Object, Rehearsal> distinct = new LinkedHashMap<>();
            for (Supplier<Rehearsal> maker : makers) {
                Rehearsal rehearsal = maker.get();
                if (rehearsal != null) {
                    distinct.putIfAbsent(rehearsal.key(), rehearsal);
                }
            }
            all = List.copyOf(distinct.values());
            cold = new ArrayList<>(all);
        }
    }

    /** Runs the rehearsals until C2 has been asked for all of them. */
    void feed() {
        prepare();
        long end = System.nanoTime() + FEEDING;
        boolean goOn = true;
        for (int call = 0; goOn && call < FED && !cold.isEmpty(); call++) {
            goOn = round(() -> System.nanoTime() < end);
        }
    }

    /** Runs the rehearsals until they are fast, then the program. */
    void finish(Predictor predictor) {
        long end = System.nanoTime() + REHEARSING;
        rehearse(() -> System.nanoTime() < end);
        polish(POLISHING, () -> true);
        TrialRun trial = new TrialRun(predictor, 0);
        long last = System.nanoTime() + RUNNING;
        boolean goOn = true;
        while (goOn && System.nanoTime() < last) {
            goOn = trial.round();
        }
    }

    /** Runs the rehearsals until they are fast, or {@code more} says no after one. */
    void rehearse(BooleanSupplier more) {
        boolean goOn = true;
        while (goOn && !cold.isEmpty()) {
            goOn = round(more);
        }
    }

    /** Runs each that is cold, until {@code more} says no. */
    private boolean round(BooleanSupplier more) {
        for (int i = cold.size() - 1; i >= 0; i--) {
            if (cold.get(i).run()) {
                cold.remove(i);
            }
            if (!more.getAsBoolean()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Runs all rehearsals for {@code limit} ns at most, while {@code more} says yes: a method without a loop that holds a vector
     * makes objects until C2 has it, too.
     */
    void polish(long limit, BooleanSupplier more) {
        long end = System.nanoTime() + limit;
        for (int call = 0; call < POLISHED && System.nanoTime() < end && more.getAsBoolean(); call++) {
            all.forEach(Rehearsal::run);
        }
    }
}
