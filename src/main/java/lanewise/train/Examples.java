package lanewise.train;

import java.util.List;
import lanewise.internal.Checks;
import lanewise.layer.Shape;

/** What data sets check. */
final class Examples {

    private Examples() {}

    /** The arguments of {@link Dataset#read}. */
    static void checkRead(Dataset data, int index, float[] x, int xOffset, float[] target, int targetOffset) {
        checkIndex(index, data.size());
        Checks.range(x, xOffset, data.inputShape().size(), "x");
        Checks.range(target, targetOffset, data.targetSize(), "target");
    }

    /** The arguments of {@link Dataset#readTarget}. */
    static void checkReadTarget(Dataset data, int index, float[] target, int targetOffset) {
        checkIndex(index, data.size());
        Checks.range(target, targetOffset, data.targetSize(), "target");
    }

    private static void checkIndex(int index, int size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index is " + index + ", must be from 0 to " + (size - 1));
        }
    }

    /** How many examples of this shape an array of inputs has: a whole number, at least one. */
    static int count(int elements, Shape shape, String name) {
        if (elements == 0 || elements % shape.size() != 0) {
            throw new IllegalArgumentException(name + " has " + elements + " elements, must be a multiple of the " + shape.size()
                    + " of " + shape + ", at least one");
        }
        return elements / shape.size();
    }

    /** Requires labels of the named classes, one per example. */
    static void checkLabels(int[] labels, int examples, List<String> classNames) {
        if (Checks.notNull(labels, "labels").length != examples) {
            throw new IllegalArgumentException("labels has " + labels.length + " elements, there are " + examples + " examples");
        }
        int classes = Checks.atLeast(Checks.notNull(classNames, "classNames").size(), 1, "number of class names");
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("label of example " + i + " is " + labels[i] + ", must be from 0 to "
                        + (classes - 1));
            }
        }
    }
}
