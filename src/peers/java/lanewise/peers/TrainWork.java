package lanewise.peers;

import java.util.List;
import lanewise.kernel.Threads;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.model.LeNet;
import lanewise.model.ResNet20;
import lanewise.model.Vgg8;

/** A training step: forward, softmax cross-entropy, backward, plain SGD. */
record TrainWork(String name) implements Work {

    static final String PREFIX = "train:";

    /** What can follow {@link #PREFIX}. */
    static final List<String> NETWORKS = List.of("lenet", "vgg8", "resnet20");

    private static final String WITH_PEER = PREFIX + "lenet";
    private static final double LEARNING_RATE = 0.01;

    /**
     * Of weights and pictures. With it no unit of LeNet's dense layers is closer to 0 than 7e-4 at the first step. With seed 1 one is
     * 8e-7 from it, which the rounding of either side may put above or below: the losses then part by a thousandth.
     */
    private static final long SEED = 2;

    @Override
    public int usualBatch() {
        return name.equals(WITH_PEER) ? 64 : 32;
    }

    @Override
    public boolean countsImages() {
        return true;
    }

    @Override
    public Match prepare(int batch, int threads) {
        Network network = network();
        var data = TrainingBatch.of(batch, network.inputShape(), network.outputShape().channels(), SEED);
        // The peer first: it copies the weights, ours changes them.
        List<Contender> peers = name.equals(WITH_PEER) ? List.of(new Dl4jLeNet(network, data, LEARNING_RATE)) : List.of();
        return new Match(batch * multiplyAdds(network), new OurTraining(network, data, LEARNING_RATE, Threads.of(threads)), peers);
    }

    private Network network() {
        return switch (name.substring(PREFIX.length())) {
            case "lenet" -> LeNet.network(SEED);
            case "vgg8" -> Vgg8.network(SEED);
            case "resnet20" -> ResNet20.network(SEED);
            default -> throw new IllegalArgumentException(name + " is none of " + NETWORKS);
        };
    }

    /** Of a step with one picture: as many for y, for dw and for dx, but nobody wants the dx of the picture. */
    static long multiplyAdds(Network network) {
        long sum = 0;
        for (Node node : network.nodes()) {
            if (node.layer() != null) {
                boolean first = node.inputs().stream().allMatch(input -> input.layer() == null);
                sum += (first ? 2 : 3) * node.layer().multiplyAdds(node.inputShapes());
            }
        }
        return sum;
    }
}
