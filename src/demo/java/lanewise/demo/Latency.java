package lanewise.demo;

import java.util.Arrays;

/**
 * The time of one call, measured one by one.
 *
 * @param nanos sorted
 */
record Latency(long[] nanos) {

    /** A call that is handed its number, so that it can change its input. */
    @FunctionalInterface
    interface Call {
        void run(int number);
    }

    /** Calls for {@code warmUpSeconds} without looking, so that the compiler is done, then {@code calls} times with a watch. */
    static Latency measure(double warmUpSeconds, int calls, Call call) {
        long end = System.nanoTime() + (long) (warmUpSeconds * 1e9);
        for (int i = 0; System.nanoTime() < end; i++) {
            call.run(i);
        }
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            call.run(i);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return new Latency(nanos);
    }

    /** The least time that {@code percent} of the calls, from 0 to 100, did not exceed, in microseconds. */
    double micros(double percent) {
        return nanos[Math.clamp((long) Math.ceil(nanos.length * percent / 100) - 1, 0, nanos.length - 1)] / 1e3;
    }
}
