package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.bench.FmaPeak;
import lanewise.peers.Race.Times;

/** One work in one JVM: compares all results, times all sides in turn, prints a line for each peer, or one. */
final class Duel {

    private Duel() {}

    /** Work, batch and threads. */
    public static void main(String[] args) throws IOException, OrtException {
        measure(Works.find(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]))
                .forEach(line -> System.out.println(line.format(Line.HEADER_OF_TRAINING)));
    }

    /**
     * The lines, in the order of the peers; one line if there is none.
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
            double images = work.countsImages() ? 1e9 * batch / ours.median() : Double.NaN;
            if (match.peers().isEmpty()) {
                return List.of(Line.withoutPeer(work.name(), batch, threads, ours.median() / 1e3, ours.p99() / 1e3, percent,
                        images));
            }
            return IntStream.range(0, match.peers().size()).mapToObj(i -> {
                Times peer = times.get(i + 1);
                return new Line(work.name(), batch, threads, ours.median() / 1e3, ours.p99() / 1e3, match.peers().get(i).name(),
                        peer.median() / 1e3, peer.p99() / 1e3, peer.median() / ours.median(), percent, images);
            }).toList();
        }
    }

    private static void compare(Work work, Match match) {
        match.ours().call();
        for (Contender peer : match.peers()) {
            peer.call();
            double error = Agreement.require(work.name() + " by Lanewise and " + peer.name(), match.ours().result(), peer.result(),
                    work.tolerance());
            System.err.printf("%s: the largest difference from %s is %.1g of the root mean square%n", work.name(), peer.name(),
                    error);
        }
    }
}
