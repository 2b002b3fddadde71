package lanewise.infer;

import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;
import lanewise.kernel.ConvTransposePlan;
import lanewise.kernel.PackedFilter;
import lanewise.kernel.Pass;
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
    Step toStep(Arena arena) {
        ConvTransposePlan fused = plan.withActivation(activation());
        Weights folded = folded();
        PackedFilter filter = fused.newFilter(Pass.FORWARD);
        fused.repack(Pass.FORWARD, folded.values(), folded.offset(), filter);
        float[] bias = folded.bias(channels());
        Place from = arena.place(x);
        Place to = arena.place(output);
        return new Step(text + ": transposed " + fused.mirror()) {
            @Override
            void run(PredictorContext context, Object state) {
                fused.forward(context.array(from), from.offset(), filter, bias, 0, context.array(to), to.offset(), context.workspace());
            }

            @Override
            int workspaceFloats() {
                return fused.workspaceFloats();
            }

            @Override
            long weightFloats() {
                return filter.length() + (bias == null ? 0 : bias.length);
            }
        };
    }
}
