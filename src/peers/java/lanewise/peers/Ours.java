package lanewise.peers;

import java.util.Arrays;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorOptions;
import lanewise.internal.simd.Simd;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Eltwise;
import lanewise.kernel.Pass;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.Threads;
import lanewise.kernel.Workspace;
import lanewise.kernel.WriteMode;
import lanewise.layer.Network;

/**
 * Lanewise's side: single kernels by their plans, whole networks as an application runs them.
 *
 * <p>The operands of a kernel lie as they do within a network, where values begin at cache lines of one large array; the peer's kernels
 * have such places, too. Plain arrays of an application begin 16 bytes behind a line.
 */
final class Ours implements Contender {

    /** Where a line begins in a large array, and the floats that make any array a large one. */
    private static final int LINE = Simd.lineFrom(0);
    private static final int LARGE = 1 << 22;

    private final Runnable call;
    private final float[] y;
    private final int offset;
    private final int length;
    private final Threads threads;

    private Ours(Runnable call, float[] y, int offset, int length, Threads threads) {
        this.call = call;
        this.y = y;
        this.offset = offset;
        this.length = length;
        this.threads = threads;
    }

    /** A kernel from x to an output of {@code length}. */
    private static Ours kernel(float[] x, int length, Threads threads, Kernel kernel) {
        float[] from = new float[LINE + Math.max(x.length, LARGE)];
        System.arraycopy(x, 0, from, LINE, x.length);
        float[] to = new float[LINE + Math.max(length, LARGE)];
        return new Ours(() -> kernel.run(from, to), to, LINE, length, threads);
    }

    /** Reads x and writes y, both from {@link #LINE} on. */
    @FunctionalInterface
    private interface Kernel {
        void run(float[] x, float[] y);
    }

    /** The plan's own choice, its filter packed beforehand, nothing fused. */
    static Ours convolution(ConvShape shape, float[] w, float[] x, Threads threads) {
        ConvPlan plan = ConvPlan.of(shape);
        var filter = plan.pack(Pass.FORWARD, w);
        var workspace = plan.newWorkspace(threads);
        return kernel(x, shape.yLength(), threads, (from, y) -> plan.forward(from, LINE, filter, null, 0, y, LINE, workspace));
    }

    /** Like {@link #convolution}: the filter is packed beforehand. */
    static Ours gradInput(ConvShape shape, float[] w, float[] dy, Threads threads) {
        ConvPlan plan = ConvPlan.of(shape);
        var filter = plan.pack(Pass.GRAD_INPUT, w);
        var workspace = plan.newWorkspace(threads);
        return kernel(dy, shape.xLength(), threads,
                (from, dx) -> plan.gradInput(from, LINE, filter, dx, LINE, WriteMode.OVERWRITE, workspace));
    }

    static Ours gradWeight(ConvShape shape, float[] x, float[] dy, Threads threads) {
        ConvPlan plan = ConvPlan.of(shape);
        var workspace = plan.newWorkspace(threads);
        float[] gradient = new float[LINE + Math.max(dy.length, LARGE)];
        System.arraycopy(dy, 0, gradient, LINE, dy.length);
        return kernel(x, shape.wLength(), threads,
                (from, dw) -> plan.gradWeight(from, LINE, gradient, LINE, dw, LINE, WriteMode.OVERWRITE, workspace));
    }

    static Ours pooling(PoolPlan plan, float[] x, Threads threads) {
        var workspace = new Workspace(plan.workspaceFloats(), threads);
        return kernel(x, plan.shape().yLength(), threads, (from, y) -> plan.forward(from, LINE, y, LINE, workspace));
    }

    /** A function of each element: always by the calling thread. */
    static Ours elementwise(Activation activation, float[] x) {
        return kernel(x, x.length, Threads.one(), (from, y) -> Eltwise.forward(activation, from, LINE, y, LINE, x.length));
    }

    /** A whole network, compiled, from the caller's array to the caller's array. */
    static Ours network(Network network, PredictorOptions options, float[] x, Threads threads) {
        Predictor predictor = Predictor.compile(network, options);
        var context = predictor.newContext(threads);
        float[] y = new float[predictor.batch() * network.outputShape().size()];
        return new Ours(() -> context.predict(x, y), y, 0, y.length, threads);
    }

    @Override
    public String name() {
        return Solo.OURS;
    }

    @Override
    public void call() {
        call.run();
    }

    @Override
    public float[] result() {
        return Arrays.copyOfRange(y, offset, offset + length);
    }

    @Override
    public void close() {
        threads.close();
    }
}
