package lanewise.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import lanewise.io.ModelFile;
import lanewise.layer.Network;
import lanewise.onnx.OnnxWriter;

/**
 * What a process costs that does nothing but run a network: time until its first result, and memory. Each side reads the model from
 * a file of its own format and has the flags it needs, no more.
 */
final class Solos {

    /** Where the number is in what {@link Solo} prints. */
    private enum Measure {
        MS(0, 1), MB(1, 1024);

        private final int field;
        private final double unit;

        Measure(int field, double unit) {
            this.field = field;
            this.unit = unit;
        }

        double read(String printed) {
            return Double.parseDouble(printed.split(" ")[field]) / unit;
        }
    }

    private static final int CALLS_FOR_MEMORY = 20;
    private static final List<String> VECTORS = List.of("--add-modules=jdk.incubator.vector");
    private static final List<String> NATIVE = List.of("--enable-native-access=ALL-UNNAMED");

    private Solos() {}

    /** Prints a line for each network: from the moment before its process is started to its first result. */
    static void coldStart(PeersOptions options) throws IOException, InterruptedException {
        measure(options, Measure.MS, 1, VECTORS, NATIVE);
    }

    /** Prints a line for each network: resident memory, with heaps that are not much larger than need be. */
    static void memory(PeersOptions options) throws IOException, InterruptedException {
        measure(options, Measure.MB, CALLS_FOR_MEMORY, with(VECTORS, "-Xmx" + options.heap()), with(NATIVE, "-Xmx32m"));
    }

    /** Prints a line for each network and side: single calls beside a thread that makes garbage. */
    static void latency(PeersOptions options) throws IOException, InterruptedException {
        System.out.println("work,batch,threads,side,p50_us,p99_us,p999_us,max_us");
        forEachModel(options, (work, batch, ours, theirs) -> {
            for (String side : List.of(Solo.OURS, Solo.ORT)) {
                boolean own = side.equals(Solo.OURS);
                System.out.printf(Locale.ROOT, "%s,%d,%d,%s,%s%n", work, batch, options.threads(), side,
                        ChildJvm.run(own ? VECTORS : NATIVE, LoadedLatency.class, side, (own ? ours : theirs).toString(),
                                Integer.toString(batch), Integer.toString(options.threads())).getLast());
            }
        });
    }

    private static List<String> with(List<String> flags, String more) {
        return Stream.concat(flags.stream(), Stream.of(more)).toList();
    }

    private static void measure(PeersOptions options, Measure measure, int calls, List<String> ourFlags, List<String> ortFlags)
            throws IOException, InterruptedException {
        String unit = measure.name().toLowerCase(Locale.ROOT);
        System.out.println("work,batch,threads,ours_" + unit + ",peer,peer_" + unit);
        forEachModel(options, (work, batch, ours, theirs) -> {
            var oursMeasured = new double[options.forks()];
            var theirsMeasured = new double[options.forks()];
            for (int fork = 0; fork < options.forks(); fork++) {
                oursMeasured[fork] = measure.read(run(Solo.OURS, ours, batch, options.threads(), calls, ourFlags));
                theirsMeasured[fork] = measure.read(run(Solo.ORT, theirs, batch, options.threads(), calls, ortFlags));
            }
            System.out.printf(Locale.ROOT, "%s,%d,%d,%.0f,%s,%.0f%n", work, batch, options.threads(),
                    Medians.of(DoubleStream.of(oursMeasured)), Solo.ORT, Medians.of(DoubleStream.of(theirsMeasured)));
        });
    }

    /** What is done with a network whose model lies in a file of either side's format. */
    @FunctionalInterface
    private interface ModelUse {
        void run(String work, int batch, Path ours, Path theirs) throws IOException, InterruptedException;
    }

    private static void forEachModel(PeersOptions options, ModelUse use) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("lanewise");
        Path ours = folder.resolve("model.safetensors");
        Path theirs = folder.resolve("model.onnx");
        try {
            for (String work : options.works()) {
                Network network = new NetWork(work).network();
                ModelFile.save(network, ours);
                for (int batch : options.batchesOf(work)) {
                    OnnxWriter.write(network, batch, theirs);
                    use.run(work, batch, ours, theirs);
                }
            }
        } finally {
            Files.deleteIfExists(ours);
            Files.deleteIfExists(theirs);
            Files.delete(folder);
        }
    }

    private static String run(String side, Path model, int batch, int threads, int calls, List<String> flags)
            throws IOException, InterruptedException {
        return ChildJvm.run(flags, Solo.class, side, model.toString(), Integer.toString(batch), Integer.toString(threads),
                Integer.toString(calls), Long.toString(Solo.now())).getLast();
    }
}
