package lanewise.peers;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.List;
import lanewise.bench.Workloads.Pooling;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PoolPlan;
import lanewise.kernel.PoolShape;
import lanewise.kernel.Threads;
import lanewise.layer.AveragePool2d;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.Initializer;
import lanewise.layer.Layer;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Relu;
import lanewise.layer.Shape;
import lanewise.layer.Window;

/** The forward pass of one layer: our kernel alone against the peer's kernel alone, and against a call of the peer. */
record LayerWork(String name, Shape input, Layer layer, Kernel kernel) implements Work {

    private static final long SEED = 1;

    /** Our side of the layer. */
    @FunctionalInterface
    interface Kernel {
        Ours prepare(Network network, int batch, float[] x, Threads threads);
    }

    /** A convolution without bias; one of a single pixel is a dense layer. */
    static LayerWork of(String name, ConvShape shape) {
        boolean dense = shape.h() * shape.w() == 1;
        var window = new Window(shape.r(), shape.s(), shape.strideH(), shape.strideW(), shape.padTop(), shape.padLeft(),
                shape.padBottom(), shape.padRight(), false, shape.dilationH(), shape.dilationW());
        return new LayerWork(name, dense ? Shape.of(shape.c()) : Shape.of(shape.h(), shape.w(), shape.c()),
                dense ? Dense.of(shape.k()).withoutBias()
                        : new Conv2d(shape.k(), window, shape.groups(), false, Activation.NONE, Initializer.HE_NORMAL),
                (network, batch, x, threads) -> Ours.convolution(shape.withBatch(batch),
                        network.parameters().get(network.outputs().getFirst().name() + ".weight"), x, threads));
    }

    static LayerWork of(Pooling pooling) {
        PoolShape shape = pooling.shape();
        Window window = Window.of(shape.r(), shape.s()).withStride(shape.strideH(), shape.strideW())
                .withPadding(shape.padTop(), shape.padLeft(), shape.padBottom(), shape.padRight());
        return new LayerWork(pooling.id(), Shape.of(shape.h(), shape.w(), shape.c()),
                pooling.max() ? new MaxPool2d(window, false) : new AveragePool2d(window, false, false),
                (network, batch, x, threads) -> {
                    PoolShape batched = shape.withBatch(batch);
                    return Ours.pooling(pooling.max() ? PoolPlan.max(batched) : PoolPlan.average(batched, false), x, threads);
                });
    }

    static LayerWork relu(String name, Shape shape) {
        return new LayerWork(name, shape, new Relu(), (network, batch, x, threads) -> Ours.elementwise(Activation.RELU, x));
    }

    @Override
    public Match prepare(int batch, int threads) throws IOException, OrtException {
        Network network = Network.chain(input, SEED, layer);
        float[] x = Operands.uniform(SEED, batch * input.size());
        return new Match(batch * layer.multiplyAdds(List.of(input)), kernel.prepare(network, batch, x, Threads.of(threads)),
                List.of(new OrtKernel(network, batch, x, threads),
                        OrtBound.of(Ort.session(network, batch, threads, null), network, batch, x)));
    }
}
