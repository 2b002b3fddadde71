package lanewise.infer;

import java.util.List;
import java.util.Locale;
import lanewise.kernel.PoolPlan;
import lanewise.layer.Node;

/** A pooling. */
final class PoolOp extends Op {

    private final Node node;
    private final PoolPlan plan;

    PoolOp(Node node, PoolPlan plan, Value x, Value y) {
        super(List.of(x), y);
        this.node = node;
        this.plan = plan;
    }

    @Override
    Rehearsal rehearsal() {
        return Rehearsal.of(plan);
    }

    @Override
    Step toStep(Arena arena) {
        Place from = arena.place(inputs.getFirst());
        Place to = arena.place(output);
        return new Step(node.name() + ": " + plan.kind().name().toLowerCase(Locale.ROOT) + " pool " + plan.shape()) {
            @Override
            void run(PredictorContext context, Object state) {
                plan.forward(context.array(from), from.offset(), context.array(to), to.offset(), context.workspace());
            }

            @Override
            int workspaceFloats() {
                return plan.workspaceFloats();
            }
        };
    }
}
