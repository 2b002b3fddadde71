package lanewise.infer;

import java.util.List;
import lanewise.kernel.Eltwise;
import lanewise.layer.Node;

/** A sum that no convolution takes in. */
final class AddOp extends Op {

    private final Node node;

    AddOp(Node node, List<Value> inputs, Value y) {
        super(inputs, y);
        this.node = node;
    }

    /** The first two are read before anything is written. */
    @Override
    boolean mayOverwrite(Value input) {
        return input == inputs.get(0) && inputs.lastIndexOf(input) < 2 || input == inputs.get(1) && inputs.lastIndexOf(input) < 2;
    }

    @Override
    Step toStep(Arena arena) {
        int length = output.length;
        Place[] from = inputs.stream().map(arena::place).toArray(Place[]::new);
        Place to = arena.place(output);
        return Step.of(node.name() + ": sum of " + from.length + " times " + length, context -> {
            float[] y = context.array(to);
            Eltwise.add(context.array(from[0]), context.offset(from[0]), context.array(from[1]), context.offset(from[1]),
                    y, context.offset(to), length);
            for (int i = 2; i < from.length; i++) {
                Eltwise.add(y, context.offset(to), context.array(from[i]), context.offset(from[i]), y, context.offset(to), length);
            }
        });
    }
}
