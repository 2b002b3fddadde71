package lanewise.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Several inputs one after the other along one axis; all other sizes are the same. Along the last axis: their channels side by
 * side.
 *
 * @param axis the axis, without the batch; from the end if negative, so that -1 is the last
 */
public record Concat(int axis) implements Layer {

    /** Along the last axis. */
    public Concat() {
        this(-1);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("takes at least 1 input, but was given none");
        }
        Shape first = inputs.getFirst();
        int at = Axes.index(axis, first);
        long size = 0;
        for (Shape input : inputs) {
            if (input.rank() != first.rank() || !with(input, at, 1).equals(with(first, at, 1))) {
                throw new IllegalArgumentException("inputs are " + first + " and " + input + ", may differ in the "
                        + (at == first.rank() - 1 ? "last size" : "size of axis " + at) + " only");
            }
            size += input.dim(at);
        }
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("axis " + at + " of the result has size " + size + ", more than "
                    + Integer.MAX_VALUE);
        }
        return with(first, at, (int) size);
    }

    private static Shape with(Shape shape, int axis, int size) {
        List<Integer> changed = new ArrayList<>(shape.dims());
        changed.set(axis, size);
        return new Shape(changed);
    }

    /** The elements of one input that stay together: its sizes from the axis on. */
    public int width(Shape input) {
        int width = 1;
        for (int i = Axes.index(axis, input); i < input.rank(); i++) {
            width *= input.dim(i);
        }
        return width;
    }

    @Override
    public BackwardReads backwardReads() {
        return BackwardReads.NOTHING;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        int[] widths = binding.inputs().stream().mapToInt(this::width).toArray();
        int width = width(binding.output());
        int places = binding.outputLength() / width;
        return new CodeRun(0, frame -> {
            for (int i = 0, at = 0; i < widths.length; at += widths[i], i++) {
                for (int place = 0; place < places; place++) {
                    System.arraycopy(frame.x(i), place * widths[i], frame.y(), place * width + at, widths[i]);
                }
            }
        }, frame -> {
            for (int i = 0, at = 0; i < widths.length; at += widths[i], i++) {
                for (int place = 0; frame.dx(i) != null && place < places; place++) {
                    Gradient.pass(frame.dy(), place * width + at, frame.dx(i), place * widths[i], widths[i], frame.dxMode(i));
                }
            }
        });
    }
}
