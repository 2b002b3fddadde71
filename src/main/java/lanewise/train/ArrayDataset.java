package lanewise.train;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.layer.Shape;

/**
 * Examples in arrays of floats: inputs side by side, channels last, and targets side by side. The arrays are not copied, so whoever
 * changes them changes the data.
 */
public final class ArrayDataset implements Dataset {

    private final Shape inputShape;
    private final float[] inputs;
    private final int targetSize;
    private final float[] targets;
    private final List<String> classNames;
    private final int size;

    private ArrayDataset(Shape inputShape, float[] inputs, int targetSize, float[] targets, List<String> classNames) {
        this.inputShape = inputShape;
        this.inputs = inputs;
        this.targetSize = targetSize;
        this.targets = targets;
        this.classNames = classNames;
        this.size = targets.length / targetSize;
    }

    /**
     * Inputs with targets of any kind.
     *
     * @param inputs {@code float[size * inputShape.size()]}, not copied
     * @param targetSize floats of one target, at least 1
     * @param targets {@code float[size * targetSize]}, not copied
     * @throws IllegalArgumentException if a length does not fit, or there is no example
     */
    public static ArrayDataset of(Shape inputShape, float[] inputs, int targetSize, float[] targets) {
        int size = Examples.count(Checks.notNull(inputs, "inputs").length, Checks.notNull(inputShape, "inputShape"), "inputs");
        Checks.length(targets, Checks.product("targets", size, Checks.atLeast(targetSize, 1, "targetSize")), "targets");
        return new ArrayDataset(inputShape, inputs, targetSize, targets, List.of());
    }

    /**
     * Inputs with classes.
     *
     * @param inputs {@code float[size * inputShape.size()]}, not copied
     * @param labels {@code int[size]}, numbers of classes. Copied
     * @param classNames one for each class
     * @throws IllegalArgumentException if a length does not fit, there is no example, or a label is no class
     */
    public static ArrayDataset labelled(Shape inputShape, float[] inputs, int[] labels, List<String> classNames) {
        int size = Examples.count(Checks.notNull(inputs, "inputs").length, Checks.notNull(inputShape, "inputShape"), "inputs");
        Examples.checkLabels(labels, size, classNames);
        float[] targets = new float[size];
        for (int i = 0; i < size; i++) {
            targets[i] = labels[i];
        }
        return new ArrayDataset(inputShape, inputs, 1, targets, List.copyOf(classNames));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Shape inputShape() {
        return inputShape;
    }

    @Override
    public int targetSize() {
        return targetSize;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public void read(int index, float[] x, int xOffset, float[] target, int targetOffset) {
        Examples.checkRead(this, index, x, xOffset, target, targetOffset);
        int length = inputShape.size();
        System.arraycopy(inputs, index * length, x, xOffset, length);
        System.arraycopy(targets, index * targetSize, target, targetOffset, targetSize);
    }

    @Override
    public void readTarget(int index, float[] target, int targetOffset) {
        Examples.checkReadTarget(this, index, target, targetOffset);
        System.arraycopy(targets, index * targetSize, target, targetOffset, targetSize);
    }

    /** Size, shape and the number of classes. */
    @Override
    public String toString() {
        return size + " examples of " + inputShape + (classNames.isEmpty() ? "" : ", " + classNames.size() + " classes");
    }
}
