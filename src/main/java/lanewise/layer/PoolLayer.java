package lanewise.layer;

import lanewise.kernel.PoolPlan;

/** A layer that is one pooling. */
public interface PoolLayer extends Layer {

    /** The pooling of {@code n} examples of shape {@code in}. */
    PoolPlan pooling(int n, Shape in);

    @Override
    default LayerRun newRun(Binding binding) {
        PoolPlan plan = pooling(binding.batch(), binding.input());
        return CodeRun.ofInput(plan.workspaceFloats(),
                frame -> plan.forward(frame.x(0), 0, frame.y(), 0, frame.workspace()),
                frame -> plan.gradInput(frame.x(0), 0, frame.y(), 0, frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0), frame.workspace()));
    }
}
