package lanewise.train;

import lanewise.internal.Checks;
import lanewise.layer.Shape;

/** What losses and metrics check before they work. */
final class Targets {

    private Targets() {}

    /** The arrays of {@link Loss#forward}; returns {@code n * output.size()}. */
    static int checkArrays(float[] y, float[] targets, int n, Shape output, float[] dy, int targetSize) {
        Checks.atLeast(n, 1, "n");
        int length = Checks.product("y", n, output.size());
        Checks.range(y, 0, length, "y");
        Checks.range(targets, 0, (long) n * targetSize, "targets");
        if (dy != null) {
            Checks.range(dy, 0, length, "dy");
            if (dy == y || dy == targets) {
                throw new IllegalArgumentException("dy is the same array as " + (dy == y ? "y" : "targets") + ", must be another");
            }
        }
        return length;
    }

    /** The arrays of metrics: a row of scores per target. */
    static void checkScores(float[] y, float[] targets, int n, int classes) {
        Checks.atLeast(n, 0, "n");
        Checks.range(y, 0, (long) n * classes, "y");
        Checks.range(targets, 0, n, "targets");
        checkClasses(targets, n, 1, classes);
    }

    /** Requires classes: {@code n} examples with {@code perExample} each. */
    static void checkClasses(float[] targets, int n, int perExample, int classes) {
        for (int i = 0; i < n * perExample; i++) {
            int target = (int) targets[i];
            if (target != targets[i] || target < 0 || target >= classes) {
                throw wrong(targets, i, perExample, "a class from 0 to " + (classes - 1));
            }
        }
    }

    /** Requires numbers between two finite ones. */
    static void checkBetween(float low, float high, float[] targets, int n, int perExample, String wanted) {
        for (int i = 0; i < n * perExample; i++) {
            if (!(targets[i] >= low && targets[i] <= high)) {
                throw wrong(targets, i, perExample, wanted);
            }
        }
    }

    private static IllegalArgumentException wrong(float[] targets, int i, int perExample, String wanted) {
        String where = perExample == 1 ? "target" : "target " + i % perExample;
        return new IllegalArgumentException(where + " of example " + i / perExample + " is " + targets[i] + ", must be " + wanted);
    }
}
