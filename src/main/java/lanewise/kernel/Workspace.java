package lanewise.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.simd.Simd;

/**
 * Scratch memory for the calls of one thread: made once, used by any number of plans in turn, so that no call allocates.
 *
 * <p>Shape: one section of {@link #floatsPerWorker()} floats for each of the {@link Threads}. Old contents never matter and may be
 * NaN. Thread use: one call at a time, and a second one throws; make one for every calling thread.
 */
public final class Workspace {

    private final Threads threads;
    private final int floatsPerWorker;
    /** Distance of two sections. */
    private final int stride;
    private final float[] floats;
    final GemmCall gemmCall = new GemmCall();
    final ConvCall convCall = new ConvCall();
    final PoolCall poolCall = new PoolCall();
    final LocallyConnectedCall localCall = new LocallyConnectedCall();
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * Makes a workspace of {@code floatsPerWorker} floats for each worker.
     *
     * @throws IllegalArgumentException if the size is negative, or in all more than an array can hold
     */
    public Workspace(int floatsPerWorker, Threads threads) {
        this(floatsPerWorker, threads, false);
    }

    /** @param aligned whether its array is so long that sections begin at cache lines */
    private Workspace(int floatsPerWorker, Threads threads, boolean aligned) {
        VectorModule.require();
        this.floatsPerWorker = Checks.atLeast(floatsPerWorker, 0, "floatsPerWorker");
        this.threads = Checks.notNull(threads, "threads");
        Checks.product("workspace", floatsPerWorker, threads.count());
        long sections = (floatsPerWorker + 15L) / 16 * 16;
        long all = Simd.lineFrom(0) + sections * threads.count();
        if (all > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("workspace needs " + all + " floats, more than the " + Integer.MAX_VALUE
                    + " a Java array can hold");
        }
        this.stride = (int) sections;
        this.floats = new float[(int) (aligned ? Simd.scratchLength(all) : all)];
    }

    /** The same, of which a caller has one for each of its threads: worth an array so long that sections begin at cache lines. */
    static Workspace aligned(int floatsPerWorker, Threads threads) {
        return new Workspace(floatsPerWorker, threads, true);
    }

    /** Large enough for each of the needs in turn; one thread. */
    public static Workspace ofFloats(int... needs) {
        int most = 0;
        for (int need : Checks.notNull(needs, "needs")) {
            most = Math.max(most, need);
        }
        return aligned(most, Threads.one());
    }

    /** The threads that calls with this workspace use. */
    public Threads threads() {
        return threads;
    }

    /** The size of one section, in floats, not bytes. */
    public int floatsPerWorker() {
        return floatsPerWorker;
    }

    /** All sections, each at {@link #section}. For the tier below, not for users. */
    public float[] floats() {
        return floats;
    }

    /** Where the section of {@code worker} begins: at a cache line, if the array is large. */
    int section(int worker) {
        return Simd.lineFrom(0) + worker * stride;
    }

    /**
     * Marks the workspace as used by one call.
     *
     * @throws IllegalArgumentException if a section is smaller than {@code need}
     * @throws IllegalStateException if another call is using it
     */
    void acquire(int need) {
        if (floatsPerWorker < need) {
            throw new IllegalArgumentException("workspace has " + floatsPerWorker + " floats per worker, this plan needs " + need);
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("workspace is in use by another call: make one for every calling thread");
        }
    }

    void release() {
        busy.set(false);
    }
}
