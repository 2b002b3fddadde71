package lanewise.layer;

import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;

/** A pooling of any kind at work. */
final class PoolRun implements LayerRun {

    private final PoolPlan plan;

    PoolRun(PoolPlan plan) {
        this.plan = plan;
    }

    static Shape outputShape(Shape in, Window window, boolean ceilMode) {
        PoolShape shape = window.pooling(1, in, ceilMode);
        return Area.shape(in, shape.p(), shape.q(), shape.c());
    }

    @Override
    public int workspaceFloats() {
        return plan.workspaceFloats();
    }

    @Override
    public void forward(Frame frame) {
        plan.forward(frame.x(0), 0, frame.y(), 0, frame.workspace());
    }

    @Override
    public void backward(Frame frame) {
        if (frame.dx(0) != null) {
            plan.gradInput(frame.x(0), 0, frame.y(), 0, frame.dy(), 0, frame.dx(0), 0, frame.dxMode(0), frame.workspace());
        }
    }
}
