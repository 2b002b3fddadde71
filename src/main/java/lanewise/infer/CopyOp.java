package lanewise.infer;

import java.util.List;
import lanewise.layer.Node;

/** An output of the network that is also an input of it, or another output. */
final class CopyOp extends Op {

    private final Node node;

    CopyOp(Node node, Value x, Value y) {
        super(List.of(x), y);
        this.node = node;
    }

    @Override
    Step toStep(Arena arena) {
        int length = output.length;
        Place from = arena.place(inputs.getFirst());
        Place to = arena.place(output);
        return Step.of(node.name() + ": copy of " + length, context ->
                System.arraycopy(context.array(from), context.offset(from), context.array(to), context.offset(to), length));
    }
}
