package lanewise.infer;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import lanewise.internal.plain.PlainPool;
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
    boolean writesParts() {
        return output.channels == plan.shape().c();
    }

    @Override
    Supplier<Rehearsal> rehearsal() {
        PoolPlan of = plan;
        return () -> Rehearsal.of(of);
    }

    @Override
    Step toPlainStep(Arena arena) {
        PlainPool pool = PlainPool.of(plan.shape(), plan.kind(), plan.countsPadding());
        Place from = arena.place(inputs.getFirst());
        Place to = arena.place(output);
        int stride = output.stride();
        return pool == null ? null : Step.of(node.name() + ": plain pool " + plan.shape(), context ->
                context.plain().run(pool, context.array(from), context.offset(from), context.array(to), context.offset(to), stride));
    }

    @Override
    Step toStep(Arena arena) {
        PoolPlan wide = output.isDense() ? plan : plan.withOutputStride(output.stride());
        Place from = arena.place(inputs.getFirst());
        Place to = arena.place(output);
        String text = node.name() + ": " + plan.kind().name().toLowerCase(Locale.ROOT) + " pool " + plan.shape();
        return Step.of(text, wide.workspaceFloats(), context ->
                wide.forward(context.array(from), context.offset(from), context.array(to), context.offset(to), context.workspace()));
    }
}
