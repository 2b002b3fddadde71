package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lanewise.bench.FmaPeak;
import lanewise.peers.Race.Times;

/** One work in one JVM: compares all results, times all sides in turn, prints a line for each peer. */
final class Duel {

    private Duel() {}

    /** Work, batch and threads. */
    public static void main(String[] args) throws IOException, OrtException {
        measure(Works.find(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]))
                .forEach(line -> System.out.println(line.format()));
    }

    /**
     * The lines, in the order of the peers.
     *
     * @throws IllegalStateException if a result differs
     */
    static List<Line> measure(Work work, int batch, int threads) throws IOException, OrtException {
        double peak = threads * FmaPeak.gflops();
        try (Match match = work.prepare(batch, threads)) {
            compare(work, match);
            List<Times> times = Race.run(Stream.concat(Stream.of(match.ours()), match.peers().stream()).toList());
            Times ours = times.getFirst();
            double percent = match.multiplyAdds() == 0 ? Double.NaN : 100 * 2.0 * match.multiplyAdds() / ours.median() / peak;
            List<Line> lines = new ArrayList<>();
            for (int i = 0; i < match.peers().size(); i++) {
                Times peer = times.get(i + 1);
                lines.add(new Line(work.name(), batch, threads, ours.median() / 1e3, ours.p99() / 1e3, match.peers().get(i).name(),
                        peer.median() / 1e3, peer.p99() / 1e3, peer.median() / ours.median(), percent));
            }
            return lines;
        }
    }

    private static void compare(Work work, Match match) {
        match.ours().call();
        for (Contender peer : match.peers()) {
            peer.call();
            double error = Agreement.require(work.name() + " by Lanewise and " + peer.name(), match.ours().result(), peer.result());
            System.err.printf("%s: the largest difference from %s is %.1g of the root mean square%n", work.name(), peer.name(),
                    error);
        }
    }
}
