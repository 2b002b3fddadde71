package lanewise.train;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.layer.Network;
import lanewise.layer.Shape;

/** Draws the mini-batches of an epoch: every example once, in an order that is a function of seed and epoch. */
final class Batches {

    /** The stream of random numbers that orders examples; those of examples are not negative. */
    private static final long ORDER = -1;

    private final Dataset data;
    private final Augmentation augmentation;
    private final long seed;
    private final int batch;
    private final int inputSize;
    private final int[] order;
    private final CounterRandom random = new CounterRandom();
    final float[] targets;
    private int epoch;
    private int next;

    Batches(Dataset data, Augmentation augmentation, int batch, long seed) {
        this.data = data;
        this.augmentation = augmentation;
        this.seed = seed;
        this.batch = batch;
        this.inputSize = data.inputShape().size();
        this.order = new int[data.size()];
        this.targets = new float[Checks.product("targets", batch, data.targetSize())];
    }

    /**
     * Checks that a data set, a network and a loss go together.
     *
     * @throws IllegalArgumentException if not
     */
    static void checkFits(Network network, Dataset data, Loss loss) {
        Checks.notNull(loss, "loss");
        if (Checks.notNull(data, "data").size() < 1) {
            throw new IllegalArgumentException("the data set is empty");
        }
        Shape input = network.inputShape();
        if (!data.inputShape().equals(input)) {
            throw new IllegalArgumentException("examples are " + data.inputShape() + ", the network's input is " + input);
        }
        int targetSize = loss.targetSize(network.outputShape());
        if (data.targetSize() != targetSize) {
            throw new IllegalArgumentException("targets have " + data.targetSize() + " elements, " + loss + " on an output of "
                    + network.outputShape() + " needs " + targetSize);
        }
    }

    long perEpoch() {
        return Math.ceilDiv(data.size(), batch);
    }

    /** Orders the examples anew, and leaves out those of the first {@code steps}. */
    void begin(int epoch, long steps) {
        this.epoch = epoch;
        next = (int) Math.min(order.length, steps * batch);
        Arrays.setAll(order, i -> i);
        random.at(seed, epoch, ORDER).shuffle(order);
    }

    /** Fills {@code x} and {@link #targets} with the next examples; answers how many, 0 at the end of the epoch. */
    int fill(float[] x) {
        int n = Math.min(batch, order.length - next);
        for (int i = 0; i < n; i++) {
            int index = order[next + i];
            data.read(index, x, i * inputSize, targets, i * data.targetSize());
            if (augmentation != null) {
                augmentation.apply(x, i * inputSize, data.inputShape(), random.at(seed, epoch, index));
            }
        }
        next += n;
        return n;
    }
}
