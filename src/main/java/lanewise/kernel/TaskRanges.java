package lanewise.kernel;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The numbers of one call's tasks, cut into a range for each worker, who takes its own in turn and then what is left of the others'.
 *
 * <p>Neighbouring tasks write neighbouring rows, so from layer to layer a worker finds most of what it reads in its own cache, and, what
 * counts more, writes over lines that it wrote before: to take them from another core costs more than twice as much (NOTES 109).
 *
 * <p>Thread use: {@link #begin} while nobody takes; the rest by any thread.
 */
final class TaskRanges {

    /** Distance of two counters, in ints: 128 bytes, since processors fetch lines by pairs. */
    private static final int APART = 32;

    /** Ranges at most: workers beyond that help the first ones. */
    private static final int MOST = 1 << 10;

    private final AtomicIntegerArray next;
    private final int most;
    private int tasks;
    private int ranges;

    TaskRanges(int workers) {
        most = Math.min(workers, MOST);
        next = new AtomicIntegerArray(APART * (most + 1));
    }

    /** Numbers {@code 0 .. tasks - 1}, not yet taken. */
    void begin(int tasks) {
        this.tasks = tasks;
        ranges = Math.clamp(tasks, 1, most);
        for (int range = 0; range < ranges; range++) {
            next.set(counter(range), first(range));
        }
    }

    private static int counter(int range) {
        return APART * (range + 1);
    }

    private int first(int range) {
        return (int) ((long) tasks * range / ranges);
    }

    /** A number that nobody else gets, or -1 if none is left. */
    int take(int worker) {
        for (int i = 0; i < ranges; i++) {
            int range = (worker % ranges + i) % ranges;
            int end = first(range + 1);
            if (next.get(counter(range)) < end) {
                int taken = next.getAndIncrement(counter(range));
                if (taken < end) {
                    return taken;
                }
            }
        }
        return -1;
    }

    boolean isEmpty() {
        for (int range = 0; range < ranges; range++) {
            if (next.get(counter(range)) < first(range + 1)) {
                return false;
            }
        }
        return true;
    }

    /** Leaves none. */
    void drop() {
        for (int range = 0; range < ranges; range++) {
            next.set(counter(range), first(range + 1));
        }
    }
}
