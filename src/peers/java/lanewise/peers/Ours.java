package lanewise.peers;

import lanewise.infer.Predictor;
import lanewise.infer.PredictorOptions;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvPlan;
import lanewise.kernel.ConvShape;
import lanewise.kernel.Eltwise;
import lanewise.kernel.Pass;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.Threads;
import lanewise.kernel.Workspace;
import lanewise.layer.Network;

/** Lanewise's side: single kernels by their plans, whole networks as an application runs them. */
final class Ours implements Contender {

    private final Runnable call;
    private final float[] y;
    private final Threads threads;

    private Ours(Runnable call, float[] y, Threads threads) {
        this.call = call;
        this.y = y;
        this.threads = threads;
    }

    /** The plan's own choice, its filter packed beforehand, nothing fused. */
    static Ours convolution(ConvShape shape, float[] w, float[] x, Threads threads) {
        ConvPlan plan = ConvPlan.of(shape);
        var filter = plan.pack(Pass.FORWARD, w);
        var workspace = plan.newWorkspace(threads);
        float[] y = new float[shape.yLength()];
        return new Ours(() -> plan.forward(x, filter, null, y, workspace), y, threads);
    }

    /** Like {@link #convolution}: the filter is packed beforehand. */
    static Ours gradInput(ConvShape shape, float[] w, float[] dy, Threads threads) {
        ConvPlan plan = ConvPlan.of(shape);
        var filter = plan.pack(Pass.GRAD_INPUT, w);
        var workspace = plan.newWorkspace(threads);
        float[] dx = new float[shape.xLength()];
        return new Ours(() -> plan.gradInput(dy, filter, dx, workspace), dx, threads);
    }

    static Ours gradWeight(ConvShape shape, float[] x, float[] dy, Threads threads) {
        ConvPlan plan = ConvPlan.of(shape);
        var workspace = plan.newWorkspace(threads);
        float[] dw = new float[shape.wLength()];
        return new Ours(() -> plan.gradWeight(x, dy, dw, workspace), dw, threads);
    }

    static Ours pooling(PoolPlan plan, float[] x, Threads threads) {
        var workspace = new Workspace(plan.workspaceFloats(), threads);
        float[] y = new float[plan.shape().yLength()];
        return new Ours(() -> plan.forward(x, y, workspace), y, threads);
    }

    /** A function of each element: always by the calling thread. */
    static Ours elementwise(Activation activation, float[] x) {
        float[] y = new float[x.length];
        return new Ours(() -> Eltwise.forward(activation, x, 0, y, 0, y.length), y, Threads.one());
    }

    /** A whole network, compiled, from the caller's array to the caller's array. */
    static Ours network(Network network, PredictorOptions options, float[] x, Threads threads) {
        Predictor predictor = Predictor.compile(network, options);
        var context = predictor.newContext(threads);
        float[] y = new float[predictor.batch() * network.outputShape().size()];
        return new Ours(() -> context.predict(x, y), y, threads);
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
        return y;
    }

    @Override
    public void close() {
        threads.close();
    }
}
