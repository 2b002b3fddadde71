package lanewise.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Daemon threads that all run one action at every call, each with its number, from 1. After it they watch for the next call a while before they sleep: to wake
 * a thread takes as long as a small layer, and layers follow each other within microseconds.
 *
 * <p>Thread use: {@link #call} by one thread at a time. It allocates nothing.
 */
final class Workers implements AutoCloseable {
    /** How long a thread without work stays awake: longer than the serial parts of a network, shorter than anyone notices. */
    static final int WATCH_MICROS = 100;

    private final long watchNanos;
    private final IntConsumer action;
    private final Worker[] workers;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean closed;

    Workers(int count, IntConsumer action) {
        this.action = action;
        watchNanos = watchNanos(count + 1);
        workers = new Worker[count];
        for (int i = 0; i < count; i++) {
            workers[i] = new Worker(i + 1);
        }
        for (Worker worker : workers) {
            worker.thread.start();
        }
    }

    /**
     * How long each of {@code threads} stays awake without work, in ns: not at all where there are more of them than processors,
     * since a thread that watches would keep one from working.
     */
    static long watchNanos(int threads) {
        return threads <= Runtime.getRuntime().availableProcessors() ? 1000L * WATCH_MICROS : 0;
    }

    /** Has {@code wanted} of the threads run the action soon, those that are awake first; more may come. */
    void call(int wanted) {
        calls.incrementAndGet();
        int missing = wanted;
        for (Worker worker : workers) {
            if (!worker.asleep) {
                missing--;
            }
        }
        for (int i = 0; i < workers.length && missing > 0; i++) {
            if (workers[i].asleep) {
                LockSupport.unpark(workers[i].thread);
                missing--;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
    }

    private final class Worker implements Runnable {
        private final int number;
        private final Thread thread;
        private volatile boolean asleep;

        Worker(int number) {
            this.number = number;
            thread = Thread.ofPlatform().daemon().name("lanewise-" + number).unstarted(this);
        }

        @Override
        public void run() {
            for (int seen = 0; !closed; ) {
                seen = next(seen);
                action.accept(number);
            }
        }

        /** Waits for a call after number {@code seen}, or the end, and returns its number. */
        private int next(int seen) {
            long start = System.nanoTime();
            while (calls.get() == seen && !closed && System.nanoTime() - start < watchNanos) {
                Thread.onSpinWait();
            }
            // Asleep first, then a look at the calls; a caller counts first and then looks who is asleep: one of them sees the other.
            asleep = true;
            while (calls.get() == seen && !closed) {
                LockSupport.park(Workers.this);
                Thread.interrupted(); // else the next park would return at once
            }
            asleep = false;
            return calls.get();
        }
    }
}
