package lanewise.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Axes that a reshape turns into others of the same product, sizes 1 left out: {@code [C, H, W] -> [C, H W]} is the groups
 * {@code C -> C} and {@code H, W -> HW}.
 *
 * @param in axes before, at least one, in the author's order
 * @param out axes after, at least one, in the author's order
 */
record Group(int[] in, int[] out) {

    /** The smallest groups. */
    static List<Group> match(int[] dims, int[] axes, int[] outDims, int[] outAxes) {
        int[] from = Axes.nonUnit(axes, dims);
        int[] to = Axes.nonUnit(outAxes, outDims);
        List<Group> groups = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < from.length && j < to.length) {
            int firstIn = i;
            int firstOut = j;
            long in = dims[from[i++]];
            long out = outDims[to[j++]];
            while (in != out) {
                if (in < out && i < from.length) {
                    in *= dims[from[i++]];
                } else if (out < in && j < to.length) {
                    out *= outDims[to[j++]];
                } else {
                    throw wrongSize(dims, outDims);
                }
            }
            groups.add(new Group(Arrays.copyOfRange(from, firstIn, i), Arrays.copyOfRange(to, firstOut, j)));
        }
        if (i < from.length || j < to.length) {
            throw wrongSize(dims, outDims);
        }
        return groups;
    }

    private static Refusal wrongSize(int[] dims, int[] outDims) {
        return new Refusal("sizes " + Arrays.toString(dims) + " have another number of elements than " + Arrays.toString(outDims));
    }

    /** Whether the axes before lie side by side in the author's order. */
    boolean liesTogether(Tensor t) {
        int[] order = Axes.nonUnit(t.order(), t.dims());
        int at = Axes.list(order).indexOf(in[0]);
        return at + in.length <= order.length && Arrays.equals(Arrays.copyOfRange(order, at, at + in.length), in);
    }

    /**
     * An order in which the axes of every group lie together: groups in the order of their innermost axes, so that what is
     * innermost (channels) stays there.
     */
    static int[] together(List<Group> groups, Tensor t) {
        List<Integer> order = Axes.list(t.order());
        int[] sorted = groups.stream()
                .sorted(Comparator.comparingInt(group -> Arrays.stream(group.in).map(order::indexOf).max().orElseThrow()))
                .flatMapToInt(group -> Arrays.stream(group.in)).toArray();
        int[] units = Arrays.stream(t.order()).filter(axis -> t.dims()[axis] == 1).toArray();
        return Axes.concat(units, sorted);
    }
}
