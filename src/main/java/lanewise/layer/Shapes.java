package lanewise.layer;

import java.util.List;

/** Sizes as plain arrays, with the batch in front. */
final class Shapes {

    private Shapes() {}

    /** The sizes alone. */
    static int[] sizes(Shape shape) {
        return shape.dims().stream().mapToInt(size -> size).toArray();
    }

    /** The batch, ones up to {@code rank}, and the sizes. */
    static int[] batched(int batch, Shape shape, int rank) {
        int[] sizes = new int[rank + 1];
        java.util.Arrays.fill(sizes, 1);
        sizes[0] = batch;
        for (int i = 0; i < shape.rank(); i++) {
            sizes[1 + rank - shape.rank() + i] = shape.dim(i);
        }
        return sizes;
    }

    /**
     * The shape of two that are stretched to each other: sizes are compared from the last one on, and 1, or none, fits any.
     *
     * @throws IllegalArgumentException if two sizes are different and neither is 1
     */
    static Shape broadcast(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] sizes = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int an = i <= a.rank() ? a.dim(a.rank() - i) : 1;
            int bn = i <= b.rank() ? b.dim(b.rank() - i) : 1;
            if (an != bn && an != 1 && bn != 1) {
                throw new IllegalArgumentException("shapes are " + a + " and " + b + ": " + an + " and " + bn
                        + " do not fit, sizes must be equal or 1 from the last one on");
            }
            sizes[rank - i] = Math.max(an, bn);
        }
        return Shape.of(sizes);
    }

    /** The two inputs of a layer that takes two. */
    static void checkTwo(List<Shape> inputs) {
        if (inputs.size() != 2) {
            throw new IllegalArgumentException("takes 2 inputs, but was given " + inputs.size() + ": " + inputs);
        }
    }
}
