package lanewise.infer;

import lanewise.internal.plain.PlainConv;
import lanewise.internal.plain.PlainPool;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PoolKind;
import lanewise.kernel.PoolShape;
import lanewise.kernel.Threads;

/** Small problems that bring the plain loops to C2, before it is busy with the kernels: some hundredths of a second. */
final class PlainRehearsal {

    /** A multiply-add in less than this is compiled, in ns; and what is tried at most. */
    private static final double SLOW_MULTIPLY_ADD = 0.1;
    private static final long LIMIT = 100_000_000;

    private static final ConvShape PRODUCT = ConvShape.of(1, 8, 8, 64, 128, 1, 1);
    private static final ConvShape DEPTHWISE = ConvShape.depthwise(1, 8, 8, 128, 3, 3);
    private static final PoolShape POOL = PoolShape.of(1, 8, 8, 128, 3, 3);

    private PlainRehearsal() {}

    static void run() {
        PlainRun run = new PlainRun(Threads.one());
        float[] x = new float[PRODUCT.yLength()];
        float[] y = new float[PRODUCT.yLength()];
        Weights weights = new Weights(new float[PRODUCT.wLength() + PRODUCT.k()], 0, PRODUCT.wLength(), PRODUCT.wLength());
        PlainConv product = PlainConv.of(PRODUCT);
        PlainConv depthwise = PlainConv.of(DEPTHWISE);
        PlainPool pool = PlainPool.of(POOL, PoolKind.MAX, false);
        long end = System.nanoTime() + LIMIT;
        int fast = 0;
        while (fast < 3 && System.nanoTime() < end) {
            long start = System.nanoTime();
            conv(run, product, x, weights, y);
            fast = System.nanoTime() - start < SLOW_MULTIPLY_ADD * PRODUCT.multiplyAdds() ? fast + 1 : 0;
            conv(run, depthwise, x, weights, y);
            run.run(pool, x, 0, y, 0, POOL.c());
        }
    }

    private static void conv(PlainRun run, PlainConv conv, float[] x, Weights weights, float[] y) {
        run.input(x, 0, weights);
        run.residual(y, 0);
        run.activation(Activation.RELU, 1, 0);
        run.run(conv, y, 0, PRODUCT.k());
    }
}
