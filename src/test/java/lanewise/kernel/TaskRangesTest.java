package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskRangesTest {

    private static int[] takeAll(TaskRanges ranges, int worker) {
        return IntStream.generate(() -> ranges.take(worker)).takeWhile(task -> task >= 0).toArray();
    }

    @Test
    void ownRangeFirstThenTheOthers() {
        TaskRanges ranges = new TaskRanges(3);
        ranges.begin(8); // 0 1 | 2 3 4 | 5 6 7
        assertEquals(0, ranges.take(0));
        assertEquals(5, ranges.take(2));
        assertEquals(2, ranges.take(1));
        assertEquals(6, ranges.take(2));
        assertEquals(1, ranges.take(0));
        assertEquals(3, ranges.take(0), "of the next worker");
        assertEquals(7, ranges.take(2));
        assertFalse(ranges.isEmpty());
        assertEquals(4, ranges.take(2), "past the last worker");
        assertTrue(ranges.isEmpty());
        for (int worker = 0; worker < 3; worker++) {
            assertEquals(-1, ranges.take(worker));
        }
    }

    @Test
    void eachWorkerAloneTakesAll() {
        TaskRanges ranges = new TaskRanges(4);
        for (int tasks = 0; tasks <= 13; tasks++) {
            for (int worker = 0; worker < 4; worker++) {
                ranges.begin(tasks);
                assertEquals(tasks == 0, ranges.isEmpty());
                assertArrayEquals(IntStream.range(0, tasks).toArray(), IntStream.of(takeAll(ranges, worker)).sorted().toArray());
                assertTrue(ranges.isEmpty());
            }
        }
    }

    @Test
    void fewerTasksThanWorkers() {
        TaskRanges ranges = new TaskRanges(8);
        ranges.begin(2);
        assertEquals(1, ranges.take(7)); // 7 % 2
        assertEquals(0, ranges.take(0));
        assertEquals(-1, ranges.take(1));
    }

    @Test
    void asManyWorkersAsAnExecutorHas() {
        TaskRanges ranges = new TaskRanges(Integer.MAX_VALUE);
        ranges.begin(100_000);
        assertEquals(100_000, takeAll(ranges, Integer.MAX_VALUE - 1).length);
    }

    @Test
    void droppedTasksAreNotTaken() {
        TaskRanges ranges = new TaskRanges(2);
        ranges.begin(10);
        ranges.take(1);
        ranges.drop();
        assertTrue(ranges.isEmpty());
        assertEquals(-1, ranges.take(0));
        assertEquals(-1, ranges.take(1));
        ranges.begin(Integer.MAX_VALUE);
        assertEquals(0, ranges.take(0));
        assertEquals(Integer.MAX_VALUE / 2, ranges.take(1));
    }

    @Test
    void manyThreadsTakeEachOnce() throws Exception {
        int workers = 4;
        TaskRanges ranges = new TaskRanges(workers);
        for (int tasks : new int[] {1, 3, 4, 5, 1_000}) {
            AtomicIntegerArray taken = new AtomicIntegerArray(tasks);
            CyclicBarrier start = new CyclicBarrier(workers);
            ranges.begin(tasks);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        start.await();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    for (int task : takeAll(ranges, worker)) {
                        taken.incrementAndGet(task);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (int task = 0; task < tasks; task++) {
                assertEquals(1, taken.get(task), "task " + task + " of " + tasks);
            }
        }
    }
}
