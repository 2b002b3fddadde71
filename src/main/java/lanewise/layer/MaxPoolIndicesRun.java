package lanewise.layer;

import java.util.Arrays;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.kernel.WriteMode;

/** {@link MaxPoolIndices} at work. */
final class MaxPoolIndicesRun implements LayerRun {

    private final PoolPlan plan;
    private final boolean columnMajor;
    private final float[] maxima;
    private final int[] positions;

    MaxPoolIndicesRun(PoolShape shape, boolean columnMajor) {
        this.plan = PoolPlan.max(shape);
        this.columnMajor = columnMajor;
        this.maxima = new float[shape.yLength()];
        this.positions = new int[shape.yLength()];
    }

    @Override
    public int workspaceFloats() {
        return plan.workspaceFloats();
    }

    @Override
    public void forward(Frame frame) {
        plan.forwardWithIndices(frame.x(0), frame.xOffset(0), maxima, 0, positions, 0, frame.workspace());
        PoolShape shape = plan.shape();
        int places = shape.h() * shape.w();
        int channels = shape.c();
        float[] y = frame.y();
        for (int i = 0, c = 0; i < positions.length; i++, c = c + 1 == channels ? 0 : c + 1) {
            int place = positions[i] / channels % places; // of its example
            int counted = columnMajor ? place % shape.w() * shape.h() + place / shape.w() : place;
            y[frame.yOffset() + i] = c * places + counted;
        }
    }

    /** Positions have no gradient. */
    @Override
    public void backward(Frame frame) {
        if (frame.dx(0) != null && frame.dxMode(0) == WriteMode.OVERWRITE) {
            Arrays.fill(frame.dx(0), 0, plan.shape().xLength(), 0);
        }
    }
}
