package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lanewise.infer.PredictorOptions;
import lanewise.infer.WarmUpMode;
import lanewise.kernel.Threads;
import lanewise.layer.Network;

/** A whole network as an application calls it, from the caller's array to the caller's array. */
record NetWork(String name) implements Work {

    static final String PREFIX = "net:";

    private static final long SEED = 1;

    /** The network, its parameters drawn at random. */
    Network network() {
        return Nets.create(name.substring(PREFIX.length()), SEED);
    }

    @Override
    public Match prepare(int batch, int threads) throws IOException, OrtException {
        Network network = network();
        float[] x = Operands.uniform(SEED, batch * network.inputShape().size());
        List<Contender> peers = new ArrayList<>();
        peers.add(OrtBound.of(Ort.session(network, batch, threads, null), network, batch, x));
        if (copiesMatter(network)) {
            peers.add(new OrtArray(Ort.session(network, batch, threads, null), network, batch, x));
        }
        PredictorOptions options = PredictorOptions.defaults().batch(batch).warmUp(WarmUpMode.BEFORE);
        Ours ours = Ours.network(network, options, x, Threads.of(threads));
        return new Match(batch * multiplyAdds(network), ours, peers);
    }

    /** Whether an example is computed in so short a time that copying arrays is a good part of it. */
    private static boolean copiesMatter(Network network) {
        return multiplyAdds(network) < 10_000_000;
    }

    private static long multiplyAdds(Network network) {
        return network.nodes().stream().filter(node -> node.layer() != null)
                .mapToLong(node -> node.layer().multiplyAdds(node.inputShapes())).sum();
    }
}
