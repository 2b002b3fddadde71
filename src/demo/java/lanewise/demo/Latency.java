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

    /** The time that {@code percent} of the calls did not exceed, in microseconds. */
    double micros(double percent) {
        return nanos[(int) Math.min(nanos.length - 1, Math.ceil(nanos.length * percent / 100) - 1)] / 1e3;
    }
}
