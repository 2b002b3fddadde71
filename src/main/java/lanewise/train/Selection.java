package lanewise.train;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import lanewise.layer.Shape;

/** Some examples of another data set, by their numbers there. */
final class Selection implements Dataset {

    private final Dataset source;
    private final int[] indices;

    /** The numbers of {@link Dataset#split}. */
    record Halves(int[] first, int[] second) {}

    Selection(Dataset source, int[] indices) {
        this.source = source;
        this.indices = indices;
    }

    /**
     * Shuffles, puts equal classes side by side without changing their order otherwise, and takes examples for the first part at even
     * distances: so its size is right, and so is its share of each class.
     */
    static Halves split(Dataset data, double fraction, long seed) {
        int size = data.size();
        int[] order = byClass(data, shuffled(size, seed));
        boolean[] isFirst = new boolean[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (Math.round((i + 1) * fraction) > count) {
                isFirst[order[i]] = true;
                count++;
            }
        }
        int[] first = new int[count];
        int[] second = new int[size - count];
        for (int i = 0, a = 0, b = 0; i < size; i++) {
            if (isFirst[i]) {
                first[a++] = i;
            } else {
                second[b++] = i;
            }
        }
        return new Halves(first, second);
    }

    private static int[] shuffled(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** A counting sort, which is stable. */
    private static int[] byClass(Dataset data, int[] order) {
        if (data.classNames().isEmpty() || data.targetSize() != 1) {
            return order;
        }
        float[] targets = new float[order.length];
        for (int i = 0; i < order.length; i++) {
            data.readTarget(i, targets, i);
        }
        int classes = data.classNames().size();
        Targets.checkClasses(targets, order.length, 1, classes);
        int[] starts = new int[classes + 1];
        for (float target : targets) {
            starts[(int) target + 1]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] sorted = new int[order.length];
        for (int index : order) {
            sorted[starts[(int) targets[index]]++] = index;
        }
        return sorted;
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public Shape inputShape() {
        return source.inputShape();
    }

    @Override
    public int targetSize() {
        return source.targetSize();
    }

    @Override
    public List<String> classNames() {
        return source.classNames();
    }

    @Override
    public void read(int index, float[] x, int xOffset, float[] target, int targetOffset) {
        Examples.checkRead(this, index, x, xOffset, target, targetOffset);
        source.read(indices[index], x, xOffset, target, targetOffset);
    }

    @Override
    public void readTarget(int index, float[] target, int targetOffset) {
        Examples.checkReadTarget(this, index, target, targetOffset);
        source.readTarget(indices[index], target, targetOffset);
    }

    @Override
    public String toString() {
        return indices.length + " of " + source;
    }
}
