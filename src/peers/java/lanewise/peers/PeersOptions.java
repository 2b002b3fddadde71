package lanewise.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command line of {@link Peers}.
 *
 * @param mode what is measured
 * @param works names; none for all, but in the other modes a choice of networks
 * @param batches examples per call; none for what is usual for each work
 * @param threads of either side
 * @param forks how many fresh JVMs to take medians of
 * @param heap of the JVM that runs our side when memory is measured, as {@code -Xmx} takes it
 * @param from a file with lines that were printed before, or null to measure
 * @param plot where to draw the speed-ups, or null
 */
record PeersOptions(Mode mode, List<String> works, List<Integer> batches, int threads, int forks, String heap, Path from,
                    Path plot) {

    static final String USAGE = """
            Lanewise and its peers on the same work, in turn in one JVM, as CSV:
            """ + Line.HEADER + """

            Results are compared before anything is timed; one that differs is an error. Medians of single calls, and of several
            JVMs (of the speed-ups too, so that one need not be the quotient of the times beside it). pct_peak: our multiply-adds by the
            definition over the FMA peak of the cores, measured in the same JVM.
                L2 P1 D1 net:lenet   these works (default: all forward passes)
                train:lenet          a step of training: also vgg8, resnet20; a last column, images_per_s, is ours
                gradInput:L2         the gradients of a convolution: also gradWeight:L2
                onnx:FILE            a model; sizes that it leaves open behind it, as in onnx:FILE@1x3x48x320
                onnx:ppocr_det_v4    a trained model of the profile's dependencies, at sizes of its own or given ones
                -b 1,16              examples per call (default 1; train:lenet 64, the other steps 32, gradients 16)
                -t N                 threads of either side (default 1)
                --forks N            JVMs (default 3; flags for them go into JDK_JAVA_OPTIONS)
                --plot FILE.png      draws the speed-ups, too
                --from FILE.csv      prints and draws what was measured before
                --cold-start         instead: from the start of a JVM to the first result, in ms (default net:lenet net:resnet50)
                --memory             instead: the most memory that a process had, in MB (default net:resnet50)
                --latency            instead: a million calls beside a thread that makes garbage (default net:lenet)
                --heap SIZE          our heap for --memory (default 384m)
            Peers: ort-kernel, the nodes alone by their own profile; ort-bound, a call with direct buffers that were bound once;
            ort-array, a call with float[][][][] and getValue; dl4j, a step of train:lenet by Deeplearning4j, channels first. Other
            steps and gradients have no peer: the latter are compared with plain loops in double, for a sample of their elements.
            """;

    private static final int MOST_THREADS = 4096;

    /** What is measured. */
    enum Mode {
        /** Calls, when everything is warm. */
        CALLS(List.of()),
        /** From the start of a JVM to the first result. */
        COLD_START(List.of("net:lenet", "net:resnet50")),
        /** The most memory that a process had. */
        MEMORY(List.of("net:resnet50")),
        /** Single calls beside a thread that makes garbage. */
        LATENCY(List.of("net:lenet"));

        private final List<String> defaultWorks;

        Mode(List<String> defaultWorks) {
            this.defaultWorks = defaultWorks;
        }
    }

    /** One line, or some: a work and its batch. */
    record Job(String work, int batch) {}

    /** What to do, in this order: by batch, if batches were named. */
    List<Job> jobs() {
        if (batches.isEmpty()) {
            return worksAt(1).stream().flatMap(work -> batchesOf(work).stream().map(batch -> new Job(work, batch))).toList();
        }
        return batches.stream().flatMap(batch -> worksAt(batch).stream().map(work -> new Job(work, batch))).toList();
    }

    /** Of the lines: those of steps end with how many images a second they train. */
    String header() {
        return works.stream().anyMatch(work -> Works.find(work).countsImages()) ? Line.HEADER_OF_TRAINING : Line.HEADER;
    }

    private List<String> worksAt(int batch) {
        return works.isEmpty() ? Works.names(batch) : works;
    }

    /** Those that were named, or the usual one. */
    List<Integer> batchesOf(String work) {
        return batches.isEmpty() ? List.of(Works.find(work).usualBatch()) : batches;
    }

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if there is something else on it, or an unknown work
     */
    static PeersOptions parse(String... args) {
        Mode mode = Mode.CALLS;
        List<String> works = new ArrayList<>();
        List<Integer> batches = List.of();
        int threads = 1;
        int forks = 3;
        String heap = "384m";
        Path from = null;
        Path plot = null;
        for (Iterator<String> rest = Arrays.asList(args).iterator(); rest.hasNext(); ) {
            String arg = rest.next();
            switch (arg) {
                case "-b" -> batches = Stream.of(value(arg, rest).split(",", -1)).map(text -> number(arg, text)).toList();
                case "-t" -> threads = number(arg, value(arg, rest));
                case "--forks" -> forks = number(arg, value(arg, rest));
                case "--heap" -> heap = value(arg, rest);
                case "--from" -> from = Path.of(value(arg, rest));
                case "--plot" -> plot = Path.of(value(arg, rest));
                case "--cold-start" -> mode = Mode.COLD_START;
                case "--memory" -> mode = Mode.MEMORY;
                case "--latency" -> mode = Mode.LATENCY;
                default -> works.add(workName(arg));
            }
        }
        if (threads > MOST_THREADS) {
            throw new IllegalArgumentException("-t is " + threads + ", must be at most " + MOST_THREADS);
        }
        if (mode != Mode.CALLS && (plot != null || from != null)) {
            throw new IllegalArgumentException("--plot and --from are about calls, not " + mode);
        }
        if (works.isEmpty()) {
            works.addAll(mode.defaultWorks);
        }
        for (String work : works) {
            if (mode != Mode.CALLS && !work.startsWith(NetWork.PREFIX)) {
                throw new IllegalArgumentException(mode + " is measured of whole networks, " + work + " is none");
            }
        }
        return new PeersOptions(mode, List.copyOf(works), batches, threads, forks, heap, from, plot);
    }

    private static String workName(String arg) {
        if (arg.startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + arg + "\n" + USAGE);
        }
        return Works.find(arg).name();
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
        }
        return rest.next();
    }

    private static int number(String option, String value) {
        if (!value.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(option + " is " + value + ", must be a number of at least 1");
        }
        return Integer.parseInt(value);
    }
}
