package lanewise.layer;

import java.util.List;
import java.util.function.Function;

/** The layers that only move elements, one element at a time by its place in the output. */
final class MovementLoops {

    private MovementLoops() {}

    /**
     * Each element of the output by its source.
     *
     * @param source the place in the input for a place in the output, both without the batch; null for {@code other}
     */
    static double[] move(int n, Shape in, double[] x, int[] out, double other, Function<int[], int[]> source) {
        int size = product(out);
        double[] y = new double[n * size];
        for (int i = 0; i < y.length; i++) {
            int[] from = source.apply(place(i % size, out));
            y[i] = from == null ? other : x[i / size * in.size() + index(from, sizes(in))];
        }
        return y;
    }

    static int[] sizes(Shape shape) {
        return shape.dims().stream().mapToInt(Integer::intValue).toArray();
    }

    static int product(int[] sizes) {
        int product = 1;
        for (int size : sizes) {
            product *= size;
        }
        return product;
    }

    /** The place of the element that is number {@code index} in memory. */
    static int[] place(int index, int[] sizes) {
        int[] place = new int[sizes.length];
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            place[axis] = index % sizes[axis];
            index /= sizes[axis];
        }
        return place;
    }

    static int index(int[] place, int[] sizes) {
        int index = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            index = index * sizes[axis] + place[axis];
        }
        return index;
    }

    static double[] permute(Permute l, int n, Shape in, double[] x) {
        int[] out = l.axes().stream().mapToInt(in::dim).toArray();
        return move(n, in, x, out, 0, to -> {
            int[] from = new int[to.length];
            for (int i = 0; i < to.length; i++) {
                from[l.axes().get(i)] = to[i];
            }
            return from;
        });
    }

    static double[] slice(Slice l, int n, Shape in, double[] x) {
        return move(n, in, x, l.sizes().stream().mapToInt(Integer::intValue).toArray(), 0, to -> {
            for (int i = 0; i < to.length; i++) {
                to[i] = l.starts().get(i) + to[i] * l.steps().get(i);
            }
            return to;
        });
    }

    static double[] take(Take l, int n, Shape in, double[] x) {
        int axis = l.axis() < 0 ? in.rank() + l.axis() : l.axis();
        int[] out = sizes(in);
        out[axis] = l.indices().size();
        return move(n, in, x, out, 0, to -> {
            to[axis] = l.indices().get(to[axis]);
            return to;
        });
    }

    static double[] pad(Pad l, int n, Shape in, double[] x) {
        int[] out = sizes(in);
        for (int i = 0; i < out.length; i++) {
            out[i] += l.before().get(i) + l.after().get(i);
        }
        return move(n, in, x, out, l.value(), to -> {
            for (int i = 0; i < to.length; i++) {
                to[i] = padded(l.mode(), to[i] - l.before().get(i), in.dim(i));
                if (to[i] < 0) {
                    return null;
                }
            }
            return to;
        });
    }

    /** One step at a time until the axis is reached. */
    private static int padded(PadMode mode, int i, int size) {
        while (i < 0 || i >= size) {
            boolean before = i < 0;
            switch (mode) {
                case CONSTANT -> {
                    return -1;
                }
                case EDGE -> i = before ? 0 : size - 1;
                case WRAP -> i = before ? i + size : i - size;
                case REFLECT -> i = size == 1 ? 0 : before ? -i : 2 * (size - 1) - i;
            }
        }
        return i;
    }

    static double[] expand(Expand l, int n, Shape in, double[] x) {
        int rank = Math.max(in.rank(), l.shape().rank());
        int[] out = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int mine = i <= in.rank() ? in.dim(in.rank() - i) : 1;
            int other = i <= l.shape().rank() ? l.shape().dim(l.shape().rank() - i) : 1;
            out[rank - i] = mine == 1 ? other : mine;
        }
        return move(n, in, x, out, 0, to -> {
            int[] from = new int[in.rank()];
            for (int i = 1; i <= from.length; i++) {
                from[from.length - i] = in.dim(from.length - i) == 1 ? 0 : to[rank - i];
            }
            return from;
        });
    }

    static double[] concat(Concat l, int n, List<Shape> in, List<double[]> x) {
        int axis = l.axis() < 0 ? in.getFirst().rank() + l.axis() : l.axis();
        int[] out = sizes(in.getFirst());
        out[axis] = in.stream().mapToInt(shape -> shape.dim(axis)).sum();
        double[] y = new double[n * product(out)];
        for (int i = 0; i < y.length; i++) {
            int[] place = place(i % product(out), out);
            int part = 0;
            while (place[axis] >= in.get(part).dim(axis)) {
                place[axis] -= in.get(part++).dim(axis);
            }
            y[i] = x.get(part)[i / product(out) * in.get(part).size() + index(place, sizes(in.get(part)))];
        }
        return y;
    }
}
