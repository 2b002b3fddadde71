package lanewise.onnx.lower;

import java.util.Arrays;
import java.util.stream.IntStream;
import lanewise.layer.Node;

/**
 * A value that the network computes. Logical axes are those of the model's author; {@code order} names them in the order in which
 * they lie in memory, outermost first, without the batch, which always lies outside all of them.
 *
 * <pre>
 * dims [8, 64, 56, 28], batch 0, order [2, 3, 1]      8 examples of 56 x 28 x 64: channels last
 * </pre>
 *
 * <p>The node's shape is {@code dims} in that order, up to axes of size 1, which cost nothing to add or to leave out.
 *
 * @param node what computes it
 * @param dims logical sizes
 * @param batch the logical axis of the batch, or -1 if the whole tensor is one example
 * @param order the other logical axes as they lie in memory
 * @param scramble null, or how the elements of the only axis really lie; see {@link Scramble}
 */
record Tensor(Node node, int[] dims, int batch, int[] order, Scramble scramble) implements Value {

    /**
     * A flattened picture whose elements still lie channels-last: a matrix that follows takes its rows in this order instead.
     *
     * @param dims the sizes before flattening, in the author's order, without the batch
     * @param order how these lie in memory
     */
    record Scramble(int[] dims, int[] order) {

        /** For each element in memory, its place in the author's order. */
        int[] places() {
            return Axes.gather(dims, order);
        }
    }

    Tensor {
        assert order.length == dims.length - (batch < 0 ? 0 : 1) : Arrays.toString(order) + " of " + Arrays.toString(dims);
    }

    static Tensor of(Node node, int[] dims, int batch, int[] order) {
        return new Tensor(node, dims, batch, order, null);
    }

    /** The same axes computed by another node. */
    Tensor with(Node other) {
        return new Tensor(other, dims, batch, order, scramble);
    }

    int rank() {
        return dims.length;
    }

    /** The logical axes without the batch, in the author's order. */
    int[] axes() {
        return IntStream.range(0, dims.length).filter(axis -> axis != batch).toArray();
    }

    /** Where a logical axis lies among those of an example. */
    int position(int axis) {
        for (int i = 0; i < order.length; i++) {
            if (order[i] == axis) {
                return i;
            }
        }
        throw new NotBatchwiseException();
    }

    @Override
    public String toString() {
        return "computed " + Arrays.toString(dims);
    }
}
