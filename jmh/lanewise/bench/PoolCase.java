package lanewise.bench;

import java.util.List;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.kernel.Workspace;

/** The forward pass of max or average pooling; an average does not count padding. */
final class PoolCase implements Case {

    private final PoolShape shape;
    private final boolean max;
    private final float[] x;

    PoolCase(PoolShape shape, boolean max) {
        this.shape = shape;
        this.max = max;
        x = Data.uniform(1, shape.xLength());
    }

    @Override
    public String shape() {
        return shape.toString();
    }

    @Override
    public String pass() {
        return "forward";
    }

    @Override
    public int length() {
        return shape.yLength();
    }

    @Override
    public int terms() {
        return shape.r() * shape.s();
    }

    /** None: memory bounds it, not arithmetic. */
    @Override
    public long multiplyAdds() {
        return 0;
    }

    @Override
    public List<String> algorithms() {
        return List.of(max ? "MaxPool" : "AveragePool");
    }

    @Override
    public Runnable algorithm(String name, float[] out) {
        PoolPlan plan = max ? PoolPlan.max(shape) : PoolPlan.average(shape, false);
        var workspace = Workspace.ofFloats(plan.workspaceFloats());
        return () -> plan.forward(x, out, workspace);
    }

    @Override
    public Runnable naive(float[] out) {
        return max ? () -> naiveMax(shape, x, out) : () -> naiveAverage(shape, x, out);
    }

    private static void naiveMax(PoolShape shape, float[] x, float[] y) {
        int height = shape.h(), width = shape.w(), channels = shape.c(), rows = shape.p(), columns = shape.q();
        for (int n = 0; n < shape.n(); n++) {
            for (int p = 0; p < rows; p++) {
                for (int q = 0; q < columns; q++) {
                    for (int c = 0; c < channels; c++) {
                        float most = Float.NEGATIVE_INFINITY;
                        for (int r = 0; r < shape.r(); r++) {
                            for (int s = 0; s < shape.s(); s++) {
                                int i = p * shape.strideH() + r * shape.dilationH() - shape.padTop();
                                int j = q * shape.strideW() + s * shape.dilationW() - shape.padLeft();
                                if (i >= 0 && i < height && j >= 0 && j < width) {
                                    most = Math.max(most, x[((n * height + i) * width + j) * channels + c]);
                                }
                            }
                        }
                        y[((n * rows + p) * columns + q) * channels + c] = most;
                    }
                }
            }
        }
    }

    private static void naiveAverage(PoolShape shape, float[] x, float[] y) {
        int height = shape.h(), width = shape.w(), channels = shape.c(), rows = shape.p(), columns = shape.q();
        for (int n = 0; n < shape.n(); n++) {
            for (int p = 0; p < rows; p++) {
                for (int q = 0; q < columns; q++) {
                    for (int c = 0; c < channels; c++) {
                        float sum = 0;
                        int count = 0;
                        for (int r = 0; r < shape.r(); r++) {
                            for (int s = 0; s < shape.s(); s++) {
                                int i = p * shape.strideH() + r * shape.dilationH() - shape.padTop();
                                int j = q * shape.strideW() + s * shape.dilationW() - shape.padLeft();
                                if (i >= 0 && i < height && j >= 0 && j < width) {
                                    sum += x[((n * height + i) * width + j) * channels + c];
                                    count++;
                                }
                            }
                        }
                        y[((n * rows + p) * columns + q) * channels + c] = sum / count;
                    }
                }
            }
        }
    }

    /** The same windows on a few pixels and channels. */
    @Override
    public Case small() {
        int h = Math.min(shape.h(), shape.r() + 6 * shape.strideH());
        int w = Math.min(shape.w(), shape.s() + 6 * shape.strideW());
        return new PoolCase(PoolShape.of(1, h, w, Math.min(shape.c(), 16), shape.r(), shape.s())
                .withStride(shape.strideH(), shape.strideW()).withPadding(shape.padTop(), shape.padLeft()), max);
    }
}
