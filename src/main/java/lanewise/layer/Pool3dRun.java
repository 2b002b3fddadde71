package lanewise.layer;

import java.util.List;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.kernel.WriteMode;

/**
 * A pooling of volumes at work: of every slice in height and width first, then of the slices in depth, each by the 2-D kernels. A
 * maximum, a sum and a norm of such parts are those of the whole, and the divisors of means multiply. Of equal maxima the first in
 * depth, then in height and width, has the gradient, as if there were one window.
 */
final class Pool3dRun implements LayerRun {

    private final PoolPlan slices;
    private final PoolPlan depth;
    private final float[] pooled;
    private float[] gradient;

    Pool3dRun(PoolPlan slices, PoolPlan depth) {
        this.slices = slices;
        this.depth = depth;
        this.pooled = new float[slices.shape().yLength()];
    }

    /** The shape that comes out of both. */
    static Shape outputShape(List<Shape> inputs, Window3d window, boolean ceilMode) {
        Shape in = Inputs.one(inputs, 4);
        PoolShape slices = window.slicePooling(1, in, ceilMode);
        return Shape.of(depth(1, in, window, ceilMode, slices).p(), slices.p(), slices.q(), slices.c());
    }

    /** The pooling in depth of what {@code slices} makes of {@code n} examples. */
    static PoolShape depth(int n, Shape in, Window3d window, boolean ceilMode, PoolShape slices) {
        return window.depthPooling(n, in.dim(0), slices.p() * slices.q() * slices.c(), ceilMode);
    }

    @Override
    public int workspaceFloats() {
        return Math.max(slices.workspaceFloats(), depth.workspaceFloats());
    }

    @Override
    public void forward(Frame frame) {
        slices.forward(frame.x(0), frame.xOffset(0), pooled, 0, frame.workspace());
        depth.forward(pooled, 0, frame.y(), frame.yOffset(), frame.workspace());
    }

    @Override
    public void backward(Frame frame) {
        if (frame.dx(0) == null) {
            return;
        }
        if (gradient == null) {
            gradient = new float[pooled.length];
        }
        depth.gradInput(pooled, 0, frame.y(), 0, frame.dy(), 0, gradient, 0, WriteMode.OVERWRITE, frame.workspace());
        slices.gradInput(frame.x(0), 0, pooled, 0, gradient, 0, frame.dx(0), 0, frame.dxMode(0), frame.workspace());
    }
}
