package lanewise.layer;

import java.util.List;

/** What layers with something to say about each axis ask. */
final class Axes {

    private Axes() {}

    /** The only input, with as many axes as {@code what} is for. */
    static Shape one(List<Shape> inputs, int rank, String what) {
        Shape in = Inputs.one(inputs);
        if (in.rank() != rank) {
            throw new IllegalArgumentException("input is " + in + " of " + in.rank() + " axes, " + what + " are for " + rank);
        }
        return in;
    }

    /** A list for each axis: as long as the first one. */
    static void sameLength(List<?> first, String firstName, List<?> other, String name) {
        if (other.size() != first.size()) {
            throw new IllegalArgumentException(firstName + " are " + first + " and " + name + " are " + other
                    + ", must be as many: one for each axis");
        }
    }

    /** The axis from 0 that {@code axis} means, which counts from the end if negative. */
    static int index(int axis, Shape shape) {
        if (axis < -shape.rank() || axis >= shape.rank()) {
            throw new IllegalArgumentException("axis is " + axis + ", must be from " + -shape.rank() + " to " + (shape.rank() - 1)
                    + " for " + shape);
        }
        return axis < 0 ? axis + shape.rank() : axis;
    }

    /** Whether a table takes all of an axis as it is. */
    static boolean isWhole(int[] table, int size) {
        boolean whole = table.length == size;
        for (int i = 0; whole && i < size; i++) {
            whole = table[i] == i;
        }
        return whole;
    }

    /** Null for a table that takes all. */
    static int[] orWhole(int[] table, int size) {
        return isWhole(table, size) ? null : table;
    }
}
