package lanewise.infer;

import lanewise.internal.plain.PlainConv;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;
import lanewise.kernel.ConvTransposePlan;
import lanewise.layer.Node;

/** A transposed convolution, {@code y = act(scale transposed(x, w) + shift)}. */
final class TransposedOp extends FilterOp {

    private final ConvTransposePlan plan;

    TransposedOp(Node node, ConvTransposePlan plan, Weights weights, Activation activation, Value x, Value y) {
        super(node, weights, activation, plan.mirror().k(), plan.mirror().c(), x, y);
        this.plan = plan;
    }

    /** Outputs are sums of as many taps as reach them, so only factors can be multiplied in. */
    @Override
    boolean takesBefore(ChannelMap first) {
        return first.scalesOnly();
    }

    @Override
    int inputOf(int weight) {
        return weight % plan.mirror().k();
    }

    /** Weights are {@code R S C/groups K} of the mirror. */
    @Override
    int outputOf(int weight) {
        ConvShape mirror = plan.mirror();
        int group = weight % mirror.k() / mirror.groupK();
        return group * mirror.groupC() + weight / mirror.k() % mirror.groupC();
    }

    @Override
    boolean outputsLast() {
        return false;
    }

    @Override
    Step toPlainStep(Arena arena) {
        PlainConv conv = PlainConv.transposed(plan.mirror());
        Weights own = own();
        Activation act = activation();
        Place from = arena.place(x);
        Place to = arena.place(output);
        int stride = channels();
        return Step.of(text + ": plain transposed " + plan.mirror(), context -> {
            PlainRun plain = context.plain();
            plain.input(context.array(from), context.offset(from), own);
            plain.residual(null, 0);
            plain.activation(act, 1, 0);
            plain.run(conv, context.array(to), context.offset(to), stride);
        });
    }

    @Override
    Step toStep(Arena arena) {
        ConvTransposePlan fused = plan.withActivation(activation());
        Place from = arena.place(x);
        Place to = arena.place(output);
        return new FilterStep(text + ": transposed " + fused.mirror(), fused, fused.workspaceFloats(), this, (context, filter, bias) ->
                fused.forward(context.array(from), context.offset(from), filter, bias, 0, context.array(to), context.offset(to),
                        context.workspace()));
    }
}
