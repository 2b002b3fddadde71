package lanewise.peers;

import lanewise.kernel.Threads;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Network;
import lanewise.train.Optimizer;
import lanewise.train.Sgd;
import lanewise.train.SoftmaxCrossEntropy;

/** Lanewise's training step, as {@link lanewise.train.Trainer} makes it. */
final class OurTraining extends Training {

    private static final SoftmaxCrossEntropy LOSS = new SoftmaxCrossEntropy();

    private final Network network;
    private final TrainingBatch batch;
    private final double learningRate;
    private final Threads threads;
    private final Context context;
    private final Optimizer optimizer = Sgd.of();

    /** Modifies the weights of {@code network}: a peer that is to begin with the same copies them before. */
    OurTraining(Network network, TrainingBatch batch, double learningRate, Threads threads) {
        this.network = network;
        this.batch = batch;
        this.learningRate = learningRate;
        this.threads = threads;
        this.context = network.newContext(new ContextOptions(batch.size(), threads, true, false, 0));
        begin();
    }

    @Override
    public String name() {
        return Solo.OURS;
    }

    @Override
    double step() {
        System.arraycopy(batch.x(), 0, context.input(), 0, batch.x().length);
        context.forward(batch.size(), true);
        double loss = LOSS.forward(context.output(), batch.labels(), batch.size(), network.outputShape(), context.outputGradient());
        context.backward(batch.size());
        optimizer.step(network.parameters(), context.gradients(), learningRate);
        return loss;
    }

    @Override
    public void close() {
        threads.close();
    }
}
