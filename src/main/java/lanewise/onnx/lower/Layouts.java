package lanewise.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lanewise.layer.Node;
import lanewise.layer.Permute;
import lanewise.layer.Reshape;
import lanewise.layer.Shape;

/** Moves axes: by renaming where that is enough, by a {@link Permute} where data must move. */
final class Layouts {

    private final Builder builder;
    private final String name;

    /** @param name from which names of new nodes are made */
    Layouts(Builder builder, String name) {
        this.builder = builder;
        this.name = name;
    }

    /** A node of exactly this shape with the same elements in the same order. */
    Node shaped(Node node, Shape shape) {
        return node.shape().equals(shape) ? node : builder.sharedLayer(name + "/reshape", new Reshape(shape), node);
    }

    /** The node whose axes lie in this order, its shape exact: {@code dims[order[0]], dims[order[1]], ...}. */
    Node node(Tensor tensor, int[] order) {
        Tensor t = plain(tensor);
        int[] dims = t.dims();
        Node node = t.node();
        int[] from = Axes.nonUnit(t.order(), dims);
        int[] to = Axes.nonUnit(order, dims);
        if (!Arrays.equals(from, to)) {
            int[] axes = Arrays.stream(to).map(axis -> Axes.list(from).indexOf(axis)).toArray();
            node = shaped(node, Axes.shape(Axes.pick(dims, from)));
            node = builder.sharedLayer(name + "/permute", Permute.of(axes), node);
        }
        return shaped(node, Axes.shape(Axes.pick(dims, order)));
    }

    /** The node in its present order, its shape exact. */
    Node exact(Tensor tensor) {
        return node(tensor, tensor.order());
    }

    /** The same value with its axes in this order. */
    Tensor ordered(Tensor tensor, int[] order) {
        return Tensor.of(node(tensor, order), tensor.dims(), tensor.batch(), order);
    }

    /** The same value with {@code axis} innermost and the others as they are. */
    Tensor innermost(Tensor tensor, int axis) {
        return ordered(tensor, Axes.concat(Arrays.stream(tensor.order()).filter(a -> a != axis).toArray(), axis));
    }

    /** The same value without scramble. */
    Tensor plain(Tensor tensor) {
        if (tensor.scramble() == null) {
            return tensor;
        }
        int[] dims = tensor.scramble().dims();
        Tensor inner = Tensor.of(tensor.node(), dims, -1, tensor.scramble().order());
        Node flat = shaped(node(inner, Axes.identity(dims.length)), Axes.shape((int) Axes.product(dims)));
        return Tensor.of(flat, tensor.dims(), tensor.batch(), tensor.order());
    }

    /** Logical axes renamed: axis i of the result is axis {@code axes[i]}. Nothing moves. */
    Tensor transposed(Tensor tensor, int[] axes) {
        Tensor t = plain(tensor);
        List<Integer> places = Axes.list(axes);
        int[] order = Arrays.stream(t.order()).map(places::indexOf).toArray();
        return Tensor.of(t.node(), Axes.pick(t.dims(), axes), t.batch() < 0 ? -1 : places.indexOf(t.batch()), order);
    }

    /** Axes of size 1 inserted at these places of the result, which ascend. */
    Tensor unsqueezed(Tensor tensor, int[] axes) {
        if (tensor.rank() + axes.length > Budget.AXES) {
            throw new Refusal("a value would have " + (tensor.rank() + axes.length) + " axes, must have at most " + Budget.AXES);
        }
        Tensor t = plain(tensor);
        List<Integer> dims = Axes.mutable(t.dims());
        int batch = t.batch();
        int[] order = t.order();
        for (int axis : axes) {
            dims.add(axis, 1);
            batch = batch >= axis ? batch + 1 : batch;
            order = Axes.concat(new int[] {axis}, Arrays.stream(order).map(a -> a >= axis ? a + 1 : a).toArray());
        }
        return Tensor.of(t.node(), Axes.toArray(dims), batch, order);
    }

    /** Axes of size 1 left out; they ascend. */
    Tensor squeezed(Tensor tensor, int[] axes) {
        Tensor t = plain(tensor);
        for (int i = axes.length - 1; i >= 0; i--) {
            int axis = axes[i];
            if (t.dims()[axis] != 1) {
                throw new Refusal("axis " + axis + " of " + Arrays.toString(t.dims()) + " is squeezed, its size must be 1");
            }
            if (axis == t.batch()) {
                throw new NotBatchwiseException();
            }
            List<Integer> dims = Axes.mutable(t.dims());
            dims.remove(axis);
            t = Tensor.of(t.node(), Axes.toArray(dims), t.batch() > axis ? t.batch() - 1 : t.batch(), Axes.without(t.order(),
                    axis));
        }
        return t;
    }

    /**
     * Other sizes for the same elements in the author's order. Axes that are only split, or joined where they lie side by side, do
     * not move; a picture flattened to a vector stays as it lies ({@link Tensor.Scramble}).
     */
    Tensor reshaped(Tensor tensor, int[] out) {
        if (Arrays.equals(tensor.dims(), out)) {
            return tensor;
        }
        Budget.check(out);
        Tensor t = plain(tensor);
        int outBatch = t.batch() < 0 ? -1 : batchAfter(t, out);
        int[] outAxes = Arrays.stream(Axes.identity(out.length)).filter(axis -> axis != outBatch).toArray();
        List<Group> groups = Group.match(t.dims(), t.axes(), out, outAxes);
        if (Axes.nonUnit(outAxes, out).length <= 1 && !groups.stream().allMatch(group -> group.liesTogether(t))) {
            int[] dims = Axes.pick(t.dims(), t.axes());
            List<Integer> places = Axes.list(t.axes());
            int[] order = Arrays.stream(t.order()).map(places::indexOf).toArray();
            Node flat = shaped(t.node(), Axes.shape(Axes.pick(out, outAxes)));
            return new Tensor(flat, out, outBatch, outAxes, new Tensor.Scramble(dims, order));
        }
        Tensor lying = groups.stream().allMatch(group -> group.liesTogether(t)) ? t : ordered(t, Group.together(groups, t));
        int[] order = Group.together(groups, lying);
        List<Integer> outOrder = new ArrayList<>();
        for (int axis : Axes.nonUnit(order, t.dims())) {
            for (Group group : groups) {
                if (group.in()[0] == axis) {
                    outOrder.addAll(Axes.list(group.out()));
                }
            }
        }
        for (int axis : outAxes) { // those of size 1 may stand anywhere
            if (out[axis] == 1) {
                outOrder.add(0, axis);
            }
        }
        return Tensor.of(lying.node(), out, outBatch, Axes.toArray(outOrder));
    }

    /** Where the batch is after a reshape: as many elements lie before it, and its size is the same. */
    private static int batchAfter(Tensor t, int[] out) {
        long before = Axes.product(Arrays.copyOf(t.dims(), t.batch()));
        long passed = 1;
        for (int axis = 0; axis < out.length; passed *= out[axis], axis++) {
            if (passed == before && out[axis] == t.dims()[t.batch()]) {
                return axis;
            }
        }
        throw new NotBatchwiseException();
    }
}
