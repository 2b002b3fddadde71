package lanewise.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * The matrix product of two inputs, {@code Y = op(A) op(B)}, for each example: A is {@code ... x M x K}, B {@code ... x K x N}, Y
 * {@code ... x M x N}. The axes in front of the matrices are stretched to each other as in {@link Binary}. A layer that learns its right
 * factor is {@link Dense}.
 *
 * @param transposeA whether A is stored as {@code ... x K x M}
 * @param transposeB whether B is stored as {@code ... x N x K}
 */
public record MatMul(boolean transposeA, boolean transposeB) implements OffsetLayer {

    /** Both as they are. */
    public MatMul() {
        this(false, false);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shapes.checkTwo(inputs);
        Shape a = inputs.get(0);
        Shape b = inputs.get(1);
        if (a.rank() < 2 || b.rank() < 2) {
            throw new IllegalArgumentException("inputs are " + a + " and " + b + ", both must be matrices: ... x rows x columns");
        }
        if (depth(a) != rows(b)) {
            throw new IllegalArgumentException("inputs are " + a + (transposeA ? " transposed" : "") + " and " + b
                    + (transposeB ? " transposed" : "") + ": " + depth(a) + " columns of the first do not fit " + rows(b)
                    + " rows of the second");
        }
        int rank = Math.max(a.rank(), b.rank());
        List<Integer> sizes = rank == 2 ? new ArrayList<>()
                : new ArrayList<>(Shapes.broadcast(Shape.of(leading(a, rank - 2)), Shape.of(leading(b, rank - 2))).dims());
        sizes.add(a.dim(a.rank() - (transposeA ? 1 : 2)));
        sizes.add(b.dim(b.rank() - (transposeB ? 2 : 1)));
        return new Shape(sizes);
    }

    /** K of the first. */
    int depth(Shape a) {
        return a.dim(a.rank() - (transposeA ? 2 : 1));
    }

    private int rows(Shape b) {
        return b.dim(b.rank() - (transposeB ? 1 : 2));
    }

    /** The axes in front of the matrix, filled up by ones. */
    static int[] leading(Shape shape, int count) {
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            int axis = i - count + shape.rank() - 2;
            sizes[i] = axis < 0 ? 1 : shape.dim(axis);
        }
        return sizes;
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return (long) outputShape(inputs).size() * depth(inputs.getFirst());
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new MatMulRun(this, binding);
    }
}
