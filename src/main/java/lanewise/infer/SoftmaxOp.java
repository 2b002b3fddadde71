package lanewise.infer;

import java.util.List;
import lanewise.kernel.Softmax;
import lanewise.layer.Node;

/** Softmax along the last axis, in place where it can be. */
final class SoftmaxOp extends Op {

    private final Node node;

    SoftmaxOp(Node node, Value x, Value y) {
        super(List.of(x), y);
        this.node = node;
    }

    @Override
    boolean mayOverwrite(Value input) {
        return true;
    }

    @Override
    Step toStep(Arena arena) {
        int cols = node.shape().channels();
        int rows = output.length / cols;
        Place from = arena.place(inputs.getFirst());
        Place to = arena.place(output);
        return Step.of(node.name() + ": softmax of " + rows + " rows of " + cols, context ->
                Softmax.forward(context.array(from), context.offset(from), context.array(to), context.offset(to), rows, cols));
    }
}
