package lanewise.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lanewise.bench.Machine;
import lanewise.peers.PeersOptions.Job;

/**
 * Runs Lanewise and its peers in turn and prints one line of CSV for each work and peer; works without a peer have a line, too.
 *
 * <pre>./mvnw -q -Ppeers test-compile exec:exec@peers -Dpeers.args="L2 L3 net:lenet train:lenet"</pre>
 *
 * <p>This JVM only starts others, one for each work and fork, so that no work meets the compiled code or the garbage of another.
 * Machine and progress go to the standard error stream.
 */
public final class Peers {

    private Peers() {}

    /** Ends with status 1 if results differ, with 2 if misused. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (List.of(args).contains("--help")) {
            System.out.print(PeersOptions.USAGE);
            return;
        }
        PeersOptions options;
        try {
            options = PeersOptions.parse(args);
        } catch (IllegalArgumentException misuse) {
            System.err.println(misuse.getMessage());
            System.exit(2);
            return;
        }
        switch (options.mode()) {
            case CALLS -> calls(options);
            case COLD_START -> Solos.coldStart(options);
            case MEMORY -> Solos.memory(options);
            case LATENCY -> Solos.latency(options);
        }
    }

    private static void calls(PeersOptions options) throws IOException, InterruptedException {
        List<Line> lines = options.from() == null ? measured(options) : read(options.from());
        if (options.plot() != null) {
            SpeedupPlot.write(lines, options.plot());
        }
    }

    /** Prints each line when it is known. */
    private static List<Line> measured(PeersOptions options) throws IOException, InterruptedException {
        System.err.println(Machine.describe() + ", medians of " + options.forks() + " JVMs");
        List<Line> all = new ArrayList<>();
        String header = options.header();
        System.out.println(header);
        for (Job job : options.jobs()) {
            for (Line line : medians(job.work(), job.batch(), options)) {
                System.out.println(line.format(header));
                all.add(line);
            }
        }
        return all;
    }

    private static List<Line> read(Path file) throws IOException {
        List<String> text = Files.readAllLines(file);
        String header = text.contains(Line.HEADER_OF_TRAINING) ? Line.HEADER_OF_TRAINING : Line.HEADER;
        List<Line> lines = text.stream().filter(line -> !line.equals(header)).map(Line::parse).toList();
        System.out.println(header);
        lines.forEach(line -> System.out.println(line.format(header)));
        return lines;
    }

    /** A line for each peer, or one. */
    private static List<Line> medians(String work, int batch, PeersOptions options) throws IOException, InterruptedException {
        List<List<Line>> byPeer = new ArrayList<>();
        for (int fork = 1; fork <= options.forks(); fork++) {
            System.err.println(work + ", batch " + batch + ", JVM " + fork + " of " + options.forks());
            List<String> printed = ChildJvm.withVectors(options.threads(), Duel.class, work,
                    Integer.toString(batch), Integer.toString(options.threads()));
            for (int peer = 0; peer < printed.size(); peer++) {
                if (fork == 1) {
                    byPeer.add(new ArrayList<>());
                }
                byPeer.get(peer).add(Line.parse(printed.get(peer)));
            }
        }
        return byPeer.stream().map(Line::medianOf).toList();
    }
}
