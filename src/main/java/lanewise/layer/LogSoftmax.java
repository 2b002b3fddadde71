package lanewise.layer;

import java.util.List;

/**
 * {@code y[k] = x[k] - ln(sum over j of exp(x[j]))} along one axis: the logarithm of {@link Softmax}, computed without overflow.
 *
 * @param axis the axis of an example, from 0; negative ones count from the end, -1 is the last
 */
public record LogSoftmax(int axis) implements OffsetLayer {

    /** Along the last axis. */
    public LogSoftmax() {
        this(-1);
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        Shape input = Inputs.one(inputs);
        Axes.index(axis, input);
        return input;
    }

    @Override
    public boolean mayOverwrite(int index) {
        return true;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new SoftmaxRun(true, axis, binding);
    }
}
