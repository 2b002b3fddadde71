package lanewise.peers;

import java.util.SplittableRandom;
import lanewise.layer.Shape;

/**
 * What a training step is made with: pictures of noise, and classes by chance.
 *
 * @param x {@code size} pictures, channels last
 * @param labels {@code size} numbers of classes
 */
record TrainingBatch(int size, int classes, float[] x, float[] labels) {

    static TrainingBatch of(int size, Shape input, int classes, long seed) {
        var random = new SplittableRandom(seed);
        var labels = new float[size];
        for (int i = 0; i < size; i++) {
            labels[i] = random.nextInt(classes);
        }
        return new TrainingBatch(size, classes, Operands.uniform(seed, size * input.size()), labels);
    }
}
