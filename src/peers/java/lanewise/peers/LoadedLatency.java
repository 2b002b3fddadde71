package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * The times of a million single calls in a process whose second thread makes garbage as fast as it can: what the collector's pauses
 * and barriers cost a prediction. Prints p50, p99, p99.9 and the longest, in microseconds.
 */
final class LoadedLatency {

    private static final int CALLS = 1_000_000;
    private static final double WARM_UP_SECONDS = 3;

    /** Where the garbage is seen, so that it is made. */
    private static volatile byte[] garbage;

    private LoadedLatency() {}

    /** Side, file of the model, batch, threads. */
    public static void main(String[] args) throws IOException, OrtException {
        Contender side = Solo.side(args[0], Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        Thread.ofPlatform().daemon().start(LoadedLatency::allocate);
        long end = System.nanoTime() + (long) (WARM_UP_SECONDS * 1e9);
        while (System.nanoTime() < end) {
            side.call();
        }
        int[] nanos = new int[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long start = System.nanoTime();
            side.call();
            nanos[i] = (int) Math.min(Integer.MAX_VALUE, System.nanoTime() - start);
        }
        side.close();
        Arrays.sort(nanos);
        System.out.printf(Locale.ROOT, "%.1f,%.1f,%.1f,%.1f%n", nanos[CALLS / 2] / 1e3, nanos[CALLS / 100 * 99] / 1e3,
                nanos[CALLS / 1000 * 999] / 1e3, nanos[CALLS - 1] / 1e3);
    }

    /** Objects of 16 bytes to 16 KB. */
    private static void allocate() {
        for (int size = 16; ; size = size > 16_000 ? 16 : size + size / 8) {
            garbage = new byte[size];
        }
    }
}
