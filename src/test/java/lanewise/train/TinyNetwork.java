package lanewise.train;

import java.util.Arrays;
import java.util.SplittableRandom;
import lanewise.layer.Context;
import lanewise.layer.Dense;
import lanewise.layer.Embedding;
import lanewise.layer.Flatten;
import lanewise.layer.Network;
import lanewise.layer.Shape;
import lanewise.oracle.Data;

/** A network with everything an optimiser meets: a table of rows, decayed weights and a bias. */
final class TinyNetwork {

    static final int ROWS = 9;
    static final int DIM = 5;
    private static final int WORDS = 3;
    private static final int BATCH = 2;

    final Network network;
    final Context context;
    final boolean[] touched = new boolean[ROWS];

    TinyNetwork(String... frozen) {
        network = Network.chain(Shape.of(WORDS), 1, Embedding.of(ROWS, DIM), new Flatten(), Dense.of(21), Dense.of(2));
        for (String prefix : frozen) {
            network.parameters().freeze(prefix);
        }
        context = network.newTrainingContext(BATCH, 1);
    }

    /** Gradients of a step that uses some rows, from a seed. */
    void backward(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Arrays.fill(touched, false);
        for (int i = 0; i < BATCH * WORDS; i++) {
            int row = random.nextInt(ROWS - 1); // the last row is never used
            context.input()[i] = row;
            touched[row] = true;
        }
        context.forward(BATCH, true);
        float[] dy = Data.reals(seed + 1000, BATCH * 2);
        System.arraycopy(dy, 0, context.outputGradient(), 0, dy.length);
        context.backward(BATCH);
    }

    float[] weights() {
        return network.parameters().values();
    }

    float[] gradients() {
        return context.gradients().values();
    }

    void step(Optimizer optimizer, double rate) {
        optimizer.step(network.parameters(), context.gradients(), rate);
    }

    /** Whether element i is trained in this step, found by the names of the parameters. */
    boolean trained(int i) {
        int table = network.parameters().view(tableName()).offset();
        return i < table || i >= table + ROWS * DIM || touched[(i - table) / DIM];
    }

    /** Whether element i decays: all but the biases. */
    boolean decayed(int i) {
        return network.parameters().views().stream()
                .noneMatch(view -> view.name().endsWith("bias") && i >= view.offset() && i < view.offset() + view.length());
    }

    String tableName() {
        return network.parameters().views().getFirst().name();
    }
}
