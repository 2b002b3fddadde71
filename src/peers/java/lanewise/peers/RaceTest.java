package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.peers.Race.Times;
import org.junit.jupiter.api.Test;

class RaceTest {

    /** Sleeps, and writes down that it was called. */
    private record Sleeper(String name, int millis, int mostCalls, List<String> calls) implements Contender {

        @Override
        public void call() {
            calls.add(name);
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public float[] result() {
            return new float[0];
        }
    }

    @Test
    void medianAndTheHundredth() {
        double[] nanos = IntStream.rangeClosed(1, 2000).mapToDouble(i -> 2001 - i).toArray();
        assertEquals(new Times(1000.5, 1980), Times.of(nanos));
        assertEquals(new Times(2, Double.NaN), Times.of(new double[] {3, 1, 2}));
    }

    @Test
    void inTurns() {
        List<String> calls = new ArrayList<>();
        List<Times> times = Race.run(List.of(new Sleeper("a", 5, 10, calls), new Sleeper("b", 20, 10, calls)));
        assertTrue(times.get(0).median() >= 5e6, times.toString());
        assertTrue(times.get(1).median() >= 20e6, times.toString());
        assertEquals(List.of("a", "b", "a", "b"), calls.subList(calls.size() - 4, calls.size()));
    }
}
