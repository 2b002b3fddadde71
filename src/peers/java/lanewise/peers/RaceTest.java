package lanewise.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import lanewise.peers.Race.Times;
import org.junit.jupiter.api.Test;

class RaceTest {

    /** What the first call of a turn takes longer, in ms. */
    private static final int COLD = 50;

    /** Sleeps, longer where the other one was called before, and writes down that it was called. */
    private record Sleeper(String name, int millis, int mostCalls, List<String> calls) implements Contender {

        @Override
        public void call() {
            boolean cold = !calls.isEmpty() && !calls.getLast().equals(name);
            calls.add(name);
            try {
                Thread.sleep(cold ? millis + COLD : millis);
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
        assertEquals(List.of("a", "a", "b", "b", "a", "a", "b", "b"), calls.subList(calls.size() - 8, calls.size()));
        for (int i = 0; i < 2; i++) { // the first of each turn does not count
            double least = 1e6 * (i == 0 ? 5 : 20);
            double median = times.get(i).median();
            assertTrue(median >= least && median < least + 1e6 * COLD, times.toString());
        }
    }
}
