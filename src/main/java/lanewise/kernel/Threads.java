package lanewise.kernel;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import lanewise.internal.Checks;

/**
 * How many threads one call may use, and whose: the calling thread alone, some workers of its own, or the caller's executor.
 *
 * <p>A call is cut into numbered tasks that write disjoint parts of the result, and every sum is taken in the same order whoever
 * takes it: the bits are the same for any count. Each thread begins with a range of its own, the same from call to call, and then helps
 * the others. The calling thread always works too, so an executor that is busy, or refuses, only makes the call slower.
 *
 * <p>Thread use: one call at a time; with more than one thread, a second one that arrives meanwhile, from within a task, say, throws
 * {@link IllegalStateException}. Give each {@link Workspace} its own. A call allocates nothing here (the executor may).
 */
public final class Threads implements AutoCloseable {

    /** The numbered parts of one call. */
    @FunctionalInterface
    public interface Task {
        /**
         * Runs one part.
         *
         * @param task its number, from 0
         * @param worker the number of the thread that runs it, from 0 (the caller) to {@link Threads#count()} - 1; it selects
         *     the section of the workspace
         */
        void run(int task, int worker);
    }

    /** Instead of the number of a helper that has none of its own. */
    private static final int NEXT = 0;

    private final int count;
    private final Executor executor;
    private final Workers own;
    private final Runnable helper = this::help;
    private final long watchNanos;
    private final TaskRanges numbers;

    // Guarded by this.
    private Task task;
    private int joined; // without workers of its own
    private volatile int active; // written under the lock, and watched without it
    private Throwable failure;

    private Threads(int count, Executor executor) {
        this.count = count;
        this.executor = executor;
        watchNanos = Workers.watchNanos(count);
        numbers = new TaskRanges(count);
        own = count > 1 && executor == null ? new Workers(count - 1, this::help) : null;
    }

    /** The calling thread alone: the default everywhere. */
    public static Threads one() {
        return new Threads(1, null);
    }

    /**
     * The calling thread and {@code count - 1} daemon threads, which wait until {@link #close()}. After a call they stay awake for
     * {@value Workers#WATCH_MICROS} microseconds, since the next call of a network comes sooner than a sleeping thread wakes up;
     * then they sleep.
     *
     * @throws IllegalArgumentException if {@code count < 1}
     */
    public static Threads of(int count) {
        return new Threads(Checks.atLeast(count, 1, "count"), null);
    }

    /**
     * The calling thread and at most {@code count - 1} tasks at a time on {@code executor}, which stays the caller's.
     *
     * @throws IllegalArgumentException if {@code count < 1}
     */
    public static Threads of(Executor executor, int count) {
        return new Threads(Checks.atLeast(count, 1, "count"), Checks.notNull(executor, "executor"));
    }

    /** The most threads that work at once, the caller among them. */
    public int count() {
        return count;
    }

    /**
     * Runs tasks {@code 0 .. tasks - 1}, each once, and returns when all have ended.
     *
     * @throws IllegalArgumentException if {@code tasks} is negative
     * @throws IllegalStateException if another call is running
     * @throws RuntimeException the first one a task threw; tasks not yet begun are then dropped
     */
    public void run(int tasks, Task task) {
        Checks.atLeast(tasks, 0, "tasks");
        Checks.notNull(task, "task");
        if (count == 1) {
            for (int i = 0; i < tasks; i++) {
                task.run(i, 0);
            }
            return;
        }
        if (tasks == 1) {
            alone(task);
            return;
        }
        begin(tasks, task);
        int helpers = Math.min(count, tasks) - 1;
        if (own != null) {
            own.call(helpers);
        } else {
            submit(helpers);
        }
        work(task, 0);
        end();
    }

    /** No helper finds a task, but a second call finds this one. */
    private void alone(Task only) {
        begin(0, only);
        try {
            only.run(0, 0);
        } finally {
            synchronized (this) {
                task = null;
            }
        }
    }

    private void submit(int helpers) {
        try {
            for (int i = 0; i < helpers; i++) {
                executor.execute(helper);
            }
        } catch (RejectedExecutionException busy) {
            // Help is optional: what no one else takes, the calling thread does.
            assert joined < count;
        } catch (RuntimeException | Error broken) {
            fail(broken); // some may have started: the call still has to wait for them
        }
    }

    private synchronized void begin(int tasks, Task task) {
        if (this.task != null) {
            throw new IllegalStateException("another call runs on these Threads: give each calling thread its own");
        }
        this.task = task;
        joined = 0;
        failure = null;
        numbers.begin(tasks);
    }

    private void end() {
        // No number is left, so no one joins any more, and who has joined is near the end of a task.
        long start = System.nanoTime();
        while (active > 0 && System.nanoTime() - start < watchNanos) {
            Thread.onSpinWait();
        }
        awaitHelpers();
    }

    private synchronized void awaitHelpers() {
        boolean interrupted = false;
        while (active > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // the arrays are still being written: stay, and pass it on afterwards
            }
        }
        task = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure != null) {
            throw new IllegalStateException(failure); // a checked exception, thrown past the compiler
        }
    }

    /** What an executor's thread does: it helps as the next worker, if one is wanted. */
    private void help() {
        help(NEXT);
    }

    /** What a helper does: joins the call that runs now, if it still does and has a task left. A worker's number is always the same. */
    private void help(int number) {
        Task mine;
        int worker = number;
        synchronized (this) {
            if (task == null || joined == count - 1 && number == NEXT || numbers.isEmpty()) {
                return;
            }
            if (number == NEXT) {
                worker = ++joined;
            }
            mine = task;
            active++;
        }
        work(mine, worker);
        synchronized (this) {
            if (--active == 0) {
                notifyAll();
            }
        }
    }

    private void work(Task task, int worker) {
        try {
            for (int i = numbers.take(worker); i >= 0; i = numbers.take(worker)) {
                task.run(i, worker);
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Keeps the first failure and drops the tasks not yet begun. */
    private synchronized void fail(Throwable e) {
        numbers.drop();
        if (failure == null) {
            failure = e;
        }
    }

    /** Ends the workers of {@link #of(int)}; the caller's executor is left alone. */
    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
