package lanewise.infer;

import java.util.List;
import java.util.Locale;
import lanewise.kernel.Activation;
import lanewise.layer.ActivationLayer;
import lanewise.layer.Node;

/** An element-wise function that follows nothing that could do it, in place where it can be. */
final class ActivationOp extends Op {

    private final Node node;
    private final ActivationLayer layer;

    ActivationOp(Node node, ActivationLayer layer, Value x, Value y) {
        super(List.of(x), y);
        this.node = node;
        this.layer = layer;
    }

    @Override
    boolean mayOverwrite(Value input) {
        return true;
    }

    @Override
    Step toStep(Arena arena) {
        int length = output.length;
        Place from = arena.place(inputs.getFirst());
        Place to = arena.place(output);
        Activation activation = layer.activation();
        String name = activation == null ? layer.toString() : activation.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Step.of(node.name() + ": " + name + " of " + length, context ->
                layer.apply(context.array(from), context.offset(from), context.array(to), context.offset(to), length));
    }
}
