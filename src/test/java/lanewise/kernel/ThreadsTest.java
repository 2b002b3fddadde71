package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import lanewise.oracle.Allocation;
import lanewise.oracle.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Threads}: every task once, whoever comes to help, and nothing lost when something goes wrong. */
@Timeout(60)
class ThreadsTest {

    /** Runs {@code tasks} and fails unless each ran once and no two at a time shared a worker's number. */
    private static void assertEachOnce(Threads threads, int tasks) {
        var ran = new AtomicIntegerArray(Math.max(1, tasks));
        var inUse = new AtomicIntegerArray(threads.count());
        threads.run(tasks, (task, worker) -> {
            assertEquals(1, inUse.incrementAndGet(worker), "worker " + worker + " is two threads");
            ran.incrementAndGet(task);
            inUse.decrementAndGet(worker);
        });
        for (int i = 0; i < tasks; i++) {
            assertEquals(1, ran.get(i), "runs of task " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyTaskOnce(int count) {
        try (Threads threads = Threads.of(count)) {
            assertEquals(count, threads.count());
            for (int tasks : new int[] {0, 1, 2, 3, 7, 64, 1000}) {
                for (int again = 0; again < 20; again++) {
                    assertEachOnce(threads, tasks);
                }
            }
        }
    }

    @Test
    void callerIsWorkerZero() {
        Thread caller = Thread.currentThread();
        try (Threads threads = Threads.of(3)) {
            for (Threads each : List.of(Threads.one(), threads)) {
                each.run(50, (task, worker) -> assertEquals(worker == 0, Thread.currentThread() == caller));
            }
        }
    }

    /** Both threads are needed at once: one waits inside its task for the other. */
    @Test
    void workersHelp() {
        try (Threads threads = Threads.of(2)) {
            Set<Thread> seen = ConcurrentHashMap.newKeySet();
            var both = new CountDownLatch(2);
            threads.run(2, (task, worker) -> {
                seen.add(Thread.currentThread());
                both.countDown();
                await(both);
            });
            assertEquals(2, seen.size());
            for (Thread thread : seen) {
                boolean own = thread.isDaemon() && thread.getName().startsWith("lanewise-");
                assertTrue(own || thread == Thread.currentThread(), thread::toString);
            }
        }
    }

    /** Also when they have gone to sleep since the last call, and when they are just about to. */
    @Test
    void workersWakeUp() {
        try (Threads threads = Threads.of(2)) {
            for (int round = 0; round < 300; round++) {
                var both = new CountDownLatch(2);
                threads.run(2, (task, worker) -> {
                    both.countDown();
                    await(both);
                });
                pause(round % 3 == 0 ? 5 * Workers.WATCH_MICROS : Workers.WATCH_MICROS - 5 + round % 10);
            }
        }
    }

    /** Workers that nobody calls do not burn a processor. */
    @Test
    void workersSleep() {
        try (Threads threads = Threads.of(2)) {
            var thread = new AtomicReference<Thread>();
            var both = new CountDownLatch(2);
            threads.run(2, (task, worker) -> {
                if (worker == 1) {
                    thread.set(Thread.currentThread());
                }
                both.countDown();
                await(both);
            });
            for (long end = System.nanoTime() + 10_000_000_000L; System.nanoTime() < end; ) {
                if (thread.get().getState() == Thread.State.WAITING) {
                    return;
                }
                sleep(1);
            }
            fail("after 10 s without a call the worker is " + thread.get().getState());
        }
    }

    /** Threads that outnumber the processors would keep each other from working by staying awake. */
    @Test
    void moreThreadsThanProcessorsDoNotWatch() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertEquals(0, Workers.watchNanos(processors + 1));
        assertEquals(1000L * Workers.WATCH_MICROS, Workers.watchNanos(processors));
    }

    // ---- executors of the caller ----

    @Test
    void executorOfTheCaller() throws InterruptedException {
        var executor = Executors.newFixedThreadPool(2);
        Threads threads = Threads.of(executor, 3);
        for (int again = 0; again < 100; again++) {
            assertEachOnce(threads, 20);
        }
        threads.close();
        assertFalse(executor.isShutdown(), "the executor is the caller's");
        executor.shutdown();
        assertTrue(executor.awaitTermination(10, TimeUnit.SECONDS));
    }

    /** Also when it runs what it is given at once, in the calling thread. */
    @Test
    void executorThatRunsInPlace() {
        for (int again = 0; again < 10; again++) {
            assertEachOnce(Threads.of(Runnable::run, 4), 17);
        }
    }

    @Test
    void executorThatRejects() {
        Threads threads = Threads.of(task -> {
            throw new RejectedExecutionException("busy");
        }, 4);
        for (int again = 0; again < 10; again++) {
            assertEachOnce(threads, 17);
        }
    }

    @Test
    void executorThatNeverRuns() {
        Threads threads = Threads.of(task -> { }, 4);
        for (int again = 0; again < 10; again++) {
            assertEachOnce(threads, 17);
        }
    }

    /** Help that comes after its call does nothing, or joins the call that runs by then. */
    @Test
    void executorThatIsLate() {
        List<Runnable> queue = new ArrayList<>();
        Threads threads = Threads.of(queue::add, 3);
        assertEachOnce(threads, 9);
        assertEachOnce(threads, 9);
        assertEquals(4, queue.size());
        List<Runnable> late = List.copyOf(queue);
        late.forEach(Runnable::run);

        var workers = new ArrayList<Integer>();
        threads.run(9, (task, worker) -> {
            workers.add(worker);
            if (task == 0) {
                late.forEach(Runnable::run); // four helpers of old calls for two places
            }
        });
        assertEquals(9, workers.size());
        assertEquals(Set.of(0, 1), Set.copyOf(workers), "in one thread, the first of the late ones takes all that is left");
    }

    /** An executor with an error of its own: the caller is told, and the next call works. */
    @Test
    void executorThatFails() {
        var broken = new AtomicReference<>(new IllegalArgumentException("broken executor"));
        Threads threads = Threads.of(task -> {
            if (broken.get() != null) {
                throw broken.get();
            }
        }, 3);
        var e = assertThrows(IllegalArgumentException.class, () -> threads.run(5, (task, worker) -> { }));
        assertSame(broken.get(), e);
        broken.set(null);
        assertEachOnce(threads, 5);
    }

    // ---- exceptions ----

    /** Throws anything, declared or not. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable e) throws T {
        throw (T) e;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void exceptionsOfTasks(int count) {
        try (Threads threads = Threads.of(count)) {
            for (Throwable failure : List.of(new UnsupportedOperationException("a task"), new StackOverflowError("a task"))) {
                for (int failing : new int[] {0, 3, 9}) {
                    Throwable e = assertThrows(Throwable.class, () -> threads.run(10, (task, worker) -> {
                        if (task == failing) {
                            ThreadsTest.<RuntimeException>sneak(failure);
                        }
                    }));
                    assertSame(failure, e);
                    assertEachOnce(threads, 10);
                }
            }
        }
    }

    @Test
    void checkedExceptionIsWrapped() {
        try (Threads threads = Threads.of(2)) {
            var failure = new IOException("not declared");
            var e = assertThrows(IllegalStateException.class,
                    () -> threads.run(4, (task, worker) -> ThreadsTest.<RuntimeException>sneak(failure)));
            assertSame(failure, e.getCause());
        }
    }

    /** Nobody returns while another thread still writes, and what is not begun is dropped. */
    @Test
    void exceptionWaitsForTheOthers() {
        try (Threads threads = Threads.of(2)) {
            var both = new CountDownLatch(2);
            var finished = new AtomicInteger();
            assertThrows(UnsupportedOperationException.class, () -> threads.run(1000, (task, worker) -> {
                if (task < 2) { // one for each thread
                    both.countDown();
                    await(both);
                }
                if (worker == 0) {
                    throw new UnsupportedOperationException();
                }
                sleep(20);
                finished.incrementAndGet();
            }));
            int atReturn = finished.get();
            assertTrue(atReturn >= 1 && atReturn < 900, () -> atReturn + " tasks");
            sleep(50);
            assertEquals(atReturn, finished.get(), "a task ended after the call");
        }
    }

    // ---- one call at a time ----

    @Test
    void nestedCallIsRefused() {
        Threads threads = Threads.of(task -> { }, 2);
        Threads.Task nested = (task, worker) -> threads.run(2, (inner, w) -> { });
        Refused.by(IllegalStateException.class, () -> threads.run(2, nested), "another call");
        assertEachOnce(threads, 5);
    }

    /** Nor is a single task done beside another call, by a worker of the same number. */
    @Test
    void singleTasksAreCallsToo() {
        Threads threads = Threads.of(task -> { }, 2);
        Threads.Task single = (task, worker) -> threads.run(1, (inner, w) -> { });
        for (int tasks = 1; tasks <= 2; tasks++) {
            int count = tasks;
            Refused.by(IllegalStateException.class, () -> threads.run(count, single), "another call");
            assertEachOnce(threads, 1);
            assertEachOnce(threads, 5);
        }
    }

    @Test
    void concurrentCallIsRefused() throws InterruptedException {
        try (Threads threads = Threads.of(2)) {
            var inside = new CountDownLatch(1);
            var leave = new CountDownLatch(1);
            Thread other = Thread.ofPlatform().start(() -> threads.run(2, (task, worker) -> {
                inside.countDown();
                await(leave);
            }));
            inside.await();
            Refused.by(IllegalStateException.class, () -> threads.run(2, (task, worker) -> { }), "another call");
            leave.countDown();
            other.join();
            assertEachOnce(threads, 5);
        }
    }

    // ---- interrupts and the end ----

    @Test
    void interruptIsPassedOn() {
        try (Threads threads = Threads.of(2)) {
            var both = new CountDownLatch(2);
            var finished = new AtomicInteger();
            threads.run(2, (task, worker) -> {
                both.countDown();
                await(both);
                if (worker == 0) {
                    Thread.currentThread().interrupt();
                } else {
                    sleep(30); // the caller waits meanwhile, interrupted
                }
                finished.incrementAndGet();
            });
            assertEquals(2, finished.get());
            assertTrue(Thread.interrupted(), "the interrupt is kept for the caller");
            assertEachOnce(threads, 5);
        }
    }

    @Test
    void closedThreadsWorkAlone() {
        Threads threads = Threads.of(3);
        assertEachOnce(threads, 10);
        threads.close();
        threads.close();
        assertEachOnce(threads, 10);
    }

    @Test
    void closeEndsTheWorkers() throws InterruptedException {
        Threads threads = Threads.of(2);
        var worker = new AtomicReference<Thread>();
        var both = new CountDownLatch(2);
        threads.run(2, (task, number) -> {
            if (number == 1) {
                worker.set(Thread.currentThread());
            }
            both.countDown();
            await(both);
        });
        assertNotNull(worker.get());
        threads.close();
        worker.get().join(10_000);
        assertFalse(worker.get().isAlive());
    }

    @Test
    void hostileArguments() {
        Refused.argument(() -> Threads.of(0), "count is 0", 1);
        Refused.argument(() -> Threads.of(-3), "count is -3", 1);
        Refused.argument(() -> Threads.of((Executor) Runnable::run, 0), "count is 0", 1);
        Refused.isNull(() -> Threads.of(null, 2), "executor");
        try (Threads two = Threads.of(2)) {
            for (Threads threads : List.of(Threads.one(), two)) {
                Refused.isNull(() -> threads.run(3, null), "task");
                Refused.argument(() -> threads.run(-1, (task, worker) -> {}), "tasks is -1", 0);
                assertEachOnce(threads, 3);
            }
        }
    }

    /** Executors may allocate; what is here does not. */
    @Test
    void callingAllocatesNothing() {
        Threads.Task nothing = (task, worker) -> { };
        for (Threads threads : List.of(Threads.one(), Threads.of(task -> { }, 2), Threads.of(Runnable::run, 3))) {
            long bytes = Allocation.bytesWhenWarm(200, 10_000, () -> threads.run(4, nothing));
            assertEquals(0, bytes, () -> threads.count() + " threads");
        }
    }

    /** Waits without sleeping, which takes longer. */
    private static void pause(int micros) {
        for (long end = System.nanoTime() + 1000L * micros; System.nanoTime() < end; ) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS), "nobody came");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
