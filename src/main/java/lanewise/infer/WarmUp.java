package lanewise.infer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Brings the kernels of a program to C2 while it is compiled. Until then every vector is an object, and one prediction of a large
 * network in that state takes seconds.
 *
 * <p>First the tiles by themselves ({@link Rehearsal#of(int)}), in turn, so that C2 has work while the others are still being
 * counted; weights are packed while it compiles; then small problems of all steps until each is fast, which is soon with fast tiles,
 * and a while longer for the small methods around the kernels, which C2 takes only after 5,000 calls; then the program itself runs,
 * until it no longer becomes faster. Each part has its limit of time, so that a slow machine gets a colder program and not a longer
 * wait.
 */
final class WarmUp {

    /** Limits of the parts, in ns. */
    private static final long FEEDING = 400_000_000;
    private static final long REHEARSING = 1_500_000_000;
    private static final long POLISHING = 200_000_000;
    private static final long RUNNING = 400_000_000;

    /** Calls by which HotSpot has asked for C2, and time in which C1 has what it counts in, in ns. */
    private static final int FED = 150;
    private static final long FIRST = 300_000_000;

    /** Times that calls are counted by which it has asked for C1; many more, and C2 would compile the counting alone. */
    private static final int BEGUN = 4;

    /** Between looks whether it has them, in ns: it may have no other core. */
    private static final long PAUSE = 3_000_000;

    /** Times for which gentle work rests after each round, and before the first one, in ns. */
    private static final int RESTS = 2;
    private static final long SETTLING = 400_000_000;

    /** Calls by which it has asked for methods without a loop, too. */
    private static final int POLISHED = 6_000;

    private final List<Supplier<Rehearsal>> makers;
    private final List<Rehearsal> tiles = new ArrayList<>();
    private List<Rehearsal> all;
    private final List<Rehearsal> convolutions = new ArrayList<>();
    private final List<Rehearsal> pools = new ArrayList<>();
    private long begun;
    private boolean fed;

    /** Keeps nothing of {@code ops} but how to make their rehearsals. */
    WarmUp(List<Op> ops) {
        makers = ops.stream().flatMap(Op::rehearsals).toList();
        int used = 0;
        for (Op op : ops) {
            used |= op.tiles();
        }
        for (int left = used; left != 0; left &= left - 1) {
            tiles.add(Rehearsal.of(left & -left));
        }
    }

    /** Whether all kernels are compiled already, by an earlier program. In a new JVM the last, mostly small, tells that they are not. */
    boolean isDone() {
        Map<Object, Rehearsal> distinct = new LinkedHashMap<>();
        for (Supplier<Rehearsal> maker : makers.reversed()) {
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
            for (Rehearsal rehearsal : all) {
                (rehearsal.multiplyAdds() > 0 ? convolutions : pools).add(rehearsal);
            }
        }
    }

    /** Has HotSpot compile the tiles for the first time, which it does beside what follows. */
    void begin() {
        begun = System.nanoTime();
        for (int call = 0; call < BEGUN; call++) {
            for (Rehearsal tile : tiles) {
                tile.count();
            }
        }
    }

    /** Runs the tiles until C2 has been asked for most of them. */
    void feed() {
        long end = System.nanoTime() + FEEDING;
        fed = true;
        runTiles(FED, () -> System.nanoTime() < end);
    }

    private boolean runTiles(int calls, BooleanSupplier more) {
        boolean goOn = true;
        for (int call = 0; goOn && call < calls && !tiles.isEmpty(); call++) {
            goOn = round(tiles, more);
            if (call > FED) { // C2 has been asked for them
                LockSupport.parkNanos(PAUSE);
            }
        }
        return goOn;
    }

    /** Does so once, between other work, when C1 has them: until then HotSpot does not count for C2. */
    void feedInTime() {
        if (!fed && System.nanoTime() - begun > FIRST) {
            feed();
        }
    }

    /** Runs the rehearsals until they are fast, then the program. */
    void finish(Predictor predictor) {
        long end = System.nanoTime() + REHEARSING;
        rehearse(() -> System.nanoTime() < end);
        rehearsePools(false, () -> System.nanoTime() < end);
        polish(POLISHING, false, () -> true);
        TrialRun trial = new TrialRun(predictor, 0, 0);
        long last = System.nanoTime() + RUNNING;
        boolean goOn = true;
        while (goOn && System.nanoTime() < last) {
            goOn = trial.round();
        }
    }

    /** Runs the rehearsals of all but poolings until they are fast, or {@code more} says no after one. */
    void rehearse(BooleanSupplier more) {
        boolean goOn = runTiles(Integer.MAX_VALUE, more);
        prepare();
        while (goOn && !convolutions.isEmpty()) {
            goOn = round(convolutions, more);
        }
    }

    /**
     * Those of poolings, after {@link #rehearse}.
     *
     * @param gently rest two thirds of the time, beside calls that are at full speed already: two cores carry a caller and C2, and
     *     vectors that are objects are garbage to collect
     */
    void rehearsePools(boolean gently, BooleanSupplier more) {
        if (gently && !pools.isEmpty()) {
            LockSupport.parkNanos(SETTLING); // C2 has the methods that the first calls by kernels use
        }
        boolean goOn = true;
        while (goOn && !pools.isEmpty()) {
            long start = System.nanoTime();
            goOn = round(pools, more);
            rest(gently, start);
        }
    }

    private static void rest(boolean gently, long start) {
        if (gently) {
            LockSupport.parkNanos(RESTS * (System.nanoTime() - start));
        }
    }

    /** Runs each that is cold, until {@code more} says no. */
    private static boolean round(List<Rehearsal> cold, BooleanSupplier more) {
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
    void polish(long limit, boolean gently, BooleanSupplier more) {
        long end = System.nanoTime() + limit;
        for (int call = 0; call < POLISHED && System.nanoTime() < end && more.getAsBoolean(); call++) {
            long start = System.nanoTime();
            all.forEach(Rehearsal::run);
            rest(gently, start);
        }
    }
}
