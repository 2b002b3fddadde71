package lanewise.infer;

import lanewise.internal.conv.ConvArgs;
import lanewise.internal.plain.PlainConv;
import lanewise.internal.plain.PlainPool;
import lanewise.internal.plain.PlainScratch;
import lanewise.kernel.Activation;
import lanewise.kernel.Threads;

/** What a context needs to run plain loops, with the threads that it has; let go of once the kernels are in place. */
final class PlainRun implements Threads.Task {

    private final Threads threads;
    private final PlainScratch[] scratch;
    private final ConvArgs args = new ConvArgs();
    private PlainConv conv;
    private PlainPool pool;
    /** The outputs of a convolution before they are pooled. */
    private float[] unpooled = {};

    PlainRun(Threads threads) {
        this.threads = threads;
        scratch = new PlainScratch[threads.count()];
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new PlainScratch();
        }
    }

    void input(float[] x, int offset, Weights weights) {
        args.source = x;
        args.sourceOffset = offset;
        args.filter = weights.values();
        args.bias = weights.biasOffset() < 0 ? null : weights.values();
        args.biasOffset = weights.biasOffset();
    }

    void residual(float[] residual, int offset) {
        args.residual = residual;
        args.residualOffset = offset;
    }

    void activation(Activation activation, float scale, float shift) {
        args.activation = activation;
        args.scale = scale;
        args.shift = shift;
    }

    void run(PlainConv conv, float[] y, int offset, int stride) {
        args.out = y;
        args.outOffset = offset;
        args.outStride = stride;
        this.conv = conv;
        try {
            threads.run(conv.tasks(), this);
        } finally {
            args.clear();
            this.conv = null;
        }
    }

    void run(PlainConv conv, PlainPool pool, int outputs, float[] y, int offset, int stride) {
        if (unpooled.length < outputs) {
            unpooled = new float[outputs];
        }
        run(conv, unpooled, 0, stride);
        run(pool, unpooled, 0, y, offset, stride);
    }

    void run(PlainPool pool, float[] x, int xOffset, float[] y, int yOffset, int yStride) {
        args.source = x;
        args.sourceOffset = xOffset;
        args.out = y;
        args.outOffset = yOffset;
        args.outStride = yStride;
        this.pool = pool;
        try {
            threads.run(pool.tasks(), this);
        } finally {
            args.clear();
            this.pool = null;
        }
    }

    @Override
    public void run(int task, int worker) {
        if (pool != null) {
            pool.run(args.source, args.sourceOffset, args.out, args.outOffset, args.outStride, task, scratch[worker]);
        } else {
            conv.run(args, task, scratch[worker]);
        }
    }
}
