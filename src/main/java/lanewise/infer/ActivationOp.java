package lanewise.infer;

import java.util.List;
import java.util.Locale;
import lanewise.kernel.Activation;
import lanewise.kernel.Eltwise;
import lanewise.layer.Node;

/** An element-wise function that follows nothing that could do it, in place where it can be. */
final class ActivationOp extends Op {

    private final Node node;
    private final Activation activation;
    /** The slope of a leaky ReLU, which has no {@link #activation}. */
    private final float alpha;

    ActivationOp(Node node, Activation activation, Value x, Value y) {
        this(node, activation, 0, x, y);
    }

    ActivationOp(Node node, float alpha, Value x, Value y) {
        this(node, null, alpha, x, y);
    }

    private ActivationOp(Node node, Activation activation, float alpha, Value x, Value y) {
        super(List.of(x), y);
        this.node = node;
        this.activation = activation;
        this.alpha = alpha;
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
        String name = activation == null ? "leaky relu" : activation.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Step(node.name() + ": " + name + " of " + length) {
            @Override
            void run(PredictorContext context, Object state) {
                if (activation == null) {
                    Eltwise.leakyRelu(alpha, context.array(from), from.offset(), context.array(to), to.offset(), length);
                } else {
                    Eltwise.forward(activation, context.array(from), from.offset(), context.array(to), to.offset(), length);
                }
            }
        };
    }
}
