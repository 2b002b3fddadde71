package lanewise.train;

import java.util.random.RandomGenerator;

/**
 * Random numbers that are a function of seed, epoch and example alone, so that neither threads nor a resumed run change them; reused
 * from example to example, so that none is allocated.
 *
 * <p><i>Source:</i> Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014 (its finaliser and step).
 */
final class CounterRandom implements RandomGenerator {

    private static final long STEP = 0x9E3779B97F4A7C15L;

    private long state;

    /** Begins the sequence of one example of one epoch. */
    CounterRandom at(long seed, long epoch, long index) {
        state = mix(mix(mix(seed) + epoch) + index);
        return this;
    }

    @Override
    public long nextLong() {
        state += STEP;
        return mix(state);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Shuffles by Fisher and Yates. */
    void shuffle(int[] order) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }
}
