package lanewise.layer;

import java.util.List;

/**
 * {@code y[k] = exp(x[k]) / sum over j of exp(x[j])} along one axis, computed without overflow. For training, leave it out and
 * use the loss that has it built in.
 *
 * @param axis the axis of an example, from 0; negative ones count from the end, -1 is the last
 */
public record Softmax(int axis) implements OffsetLayer {

    /** Along the last axis. */
    public Softmax() {
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
    public BackwardReads backwardReads() {
        return BackwardReads.OUTPUT;
    }

    @Override
    public LayerRun newRun(Binding binding) {
        return new SoftmaxRun(false, axis, binding);
    }
}
