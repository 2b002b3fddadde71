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
        super(node, weights, activation, plan.mirror().c(), x, y);
        this.plan = plan;
    }

    /** The output channel of each weight of {@code R S K/groups C}. */
    private int channelOf(int index) {
        ConvShape mirror = plan.mirror();
        int group = index % mirror.k() / mirror.groupK();
        return group * mirror.groupC() + index / mirror.k() % mirror.groupC();
    }

    private PackedFilter pack(ConvTransposePlan plan) {
        PackedFilter filter = plan.newFilter(Pass.FORWARD);
        if (map() == null) {
            plan.repack(Pass.FORWARD, weights.values(), weights.offset(), filter);
        } else {
            plan.repack(Pass.FORWARD, weights.scaledFilter(map(), this::channelOf), 0, filter);
        }
        return filter;
    }

    @Override
    Step toStep(Arena arena) {
        ConvTransposePlan fused = plan.withActivation(activation());
        PackedFilter filter = pack(fused);
        float[] bias = bias();
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
