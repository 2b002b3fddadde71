package lanewise.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyTest {

    @Test
    void percentilesOfKnownTimes() {
        Latency hundred = new Latency(LongStream.rangeClosed(1, 100).map(i -> i * 1000).toArray());
        assertEquals(50, hundred.micros(50));
        assertEquals(99, hundred.micros(99));
        assertEquals(100, hundred.micros(99.5));
        assertEquals(100, hundred.micros(100));
        assertEquals(1, hundred.micros(1));
        assertEquals(1, hundred.micros(0));
        Latency three = new Latency(new long[] {500, 2250, 9000});
        assertEquals(0.5, three.micros(33));
        assertEquals(2.25, three.micros(34));
        assertEquals(2.25, three.micros(50));
        assertEquals(9, three.micros(99));
    }

    @Test
    void callsAreNumberedAndTheirTimesSorted() {
        List<Integer> numbers = new ArrayList<>();
        Latency latency = Latency.measure(0, 20, numbers::add);
        assertEquals(IntStream.range(0, 20).boxed().toList(), numbers.subList(numbers.size() - 20, numbers.size()));
        assertEquals(20, latency.nanos().length);
        for (int i = 1; i < 20; i++) {
            assertTrue(latency.nanos()[i - 1] <= latency.nanos()[i]);
        }
    }

    @Test
    void aCallIsTimedAndNotItsWarmUp() {
        boolean[] warm = new boolean[1];
        Latency latency = Latency.measure(0.2, 3, number -> {
            warm[0] |= number > 3; // only a warm-up of many calls comes there
            long end = System.nanoTime() + 2000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        });
        assertTrue(warm[0], "no warm-up");
        assertEquals(3, latency.nanos().length);
        assertTrue(latency.nanos()[0] >= 2000, latency.nanos()[0] + " ns");
    }
}
