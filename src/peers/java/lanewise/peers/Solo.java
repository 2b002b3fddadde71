package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import lanewise.io.ModelFile;
import lanewise.infer.PredictorOptions;
import lanewise.kernel.Threads;
import lanewise.layer.Network;

/**
 * One side alone in a process: loads a model from its file and runs it. Prints how long after the process began to be started the
 * first result was there, in ms, and the most memory the process had, in kB.
 */
final class Solo {

    static final String OURS = "ours";
    static final String ORT = "ort-bound";

    private static final Path STATUS = Path.of("/proc/self/status");

    private Solo() {}

    /** Side, file of the model, batch, threads, calls, and the microsecond since 1970 in which the process was started. */
    public static void main(String[] args) throws IOException, OrtException {
        Contender side = side(args[0], Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        side.call();
        double millis = (now() - Long.parseLong(args[5])) / 1e3;
        for (int call = Integer.parseInt(args[4]); call > 1; call--) {
            side.call();
        }
        System.out.println(millis + " " + mostMemory());
        side.close();
    }

    /** One side, its model read from the file. */
    static Contender side(String name, Path model, int batch, int threads) throws IOException, OrtException {
        return switch (name) {
            case OURS -> ours(model, batch, threads);
            case ORT -> ort(model, threads);
            default -> throw new IllegalArgumentException("side is " + name + ", must be " + OURS + " or " + ORT);
        };
    }

    /** Microseconds since 1970. */
    static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** As a program would by default: large networks predict by plain loops while their kernels are compiled. */
    private static Contender ours(Path model, int batch, int threads) throws IOException {
        Network network = ModelFile.load(model);
        PredictorOptions options = PredictorOptions.defaults().batch(batch);
        return Ours.network(network, options, new float[batch * network.inputShape().size()], Threads.of(threads));
    }

    /** Without the library of Lanewise, as in a program that does not have it. */
    private static Contender ort(Path model, int threads) throws OrtException {
        return new OrtBound(Ort.session(model, threads, null));
    }

    /** The resident set's high-water mark, in kB, where Linux tells it. */
    private static long mostMemory() throws IOException {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:")).map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong).findFirst().orElseThrow(() -> new IllegalStateException("no VmHWM in " + STATUS));
        }
    }
}
