package lanewise.io;

import java.util.List;
import lanewise.kernel.Activation;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.ReduceFunction;
import lanewise.kernel.UnaryFunction;
import lanewise.layer.*;

/** A network in which every layer of the library occurs, most of them with unusual settings. */
final class EveryLayer {

    private EveryLayer() {}

    static Network create(long seed) {
        Graph graph = new Graph();
        Node picture = graph.input("picture", Shape.of(12, 11, 3));
        Node text = graph.input("text", Shape.of(16));

        Node stem = picture.then("stem", Conv2d.of(6, 3, 5).stride(2, 1).padding(1, 2, 0, 1).activation(Activation.TANH))
                .then(new BatchNorm(1e-3f, 0.25f)).then(new LeakyRelu(0.07f));
        Node grouped = stem.then(Conv2d.of(6, 3).same().groups(3).withoutBias().initializer(Initializer.GLOROT_NORMAL))
                .then(new Relu());
        Node depthwise = stem.then(DepthwiseConv2d.of(3).same().multiplier(2)).then(new Relu6()).then(Conv2d.of(6, 1))
                .then(new HardSwish());
        Node sum = graph.join("sum", new Add(), stem, grouped, depthwise);
        Node pooled = graph.join("pooled", new Concat(),
                sum.then(MaxPool2d.of(3).stride(2).same()),
                sum.then(AveragePool2d.of(3).stride(2).same().countPadding(true)),
                sum.then(LpPool2d.of(3, 2.5f).stride(2).same()));
        Node local = pooled.then(LocallyConnected2d.of(4, 2).relu()).then(new Gelu());
        Node up = local.then(ConvTranspose2d.of(3, 3).stride(2).padding(1).outputPadding(1, 0)).then(new Silu());
        Node pictureFeatures = graph.join(new Concat(), up.then(new GlobalMaxPool()), up.then(new GlobalAveragePool()),
                local.then(new Flatten()));

        Node words = text.then("words", Embedding.of(50, 8)).then(new LayerNorm(1e-6f)).then(Conv1d.ofRadius(7, 2).dilation(2))
                .then(new Softplus()).then(new Sigmoid());
        Node pooledWords = graph.join(new Concat(), words.then(MaxPool1d.of(2)), words.then(AveragePool1d.of(2).ceilMode(true)),
                words.then(LpPool1d.of(2, 1)));
        Node wordFeatures = pooledWords.then(LocallyConnected1d.of(3, 3).padding(1)).then(new HardSigmoid())
                .then(ConvTranspose1d.of(2, 4).stride(2)).then(new Tanh()).then(Reshape.to(36));

        Node joined = graph.join(new Concat(), pictureFeatures, wordFeatures, volumeFeatures(graph), unpooled(stem)).then(new Dropout(0.4f));
        return graph.network(seed, joined.then("classes", Dense.of(5)).then(new Softmax()),
                joined.then("value", Dense.of(1).withoutBias()), arithmetic(graph, joined), moved(graph, picture));
    }

    private static Node moved(Graph graph, Node picture) {
        Node moved = picture.then(Resize.linear(picture.shape(), 6, 5)).then(Permute.of(2, 0, 1))
                .then(new Pad(List.of(0, 1, 0), List.of(0, 2, 1), Float.NEGATIVE_INFINITY))
                .then(new Slice(List.of(2, 8, 0), List.of(2, 3, 5), List.of(-2, -4, 1))).then(new Take(1, List.of(2, 0, 1, 1)))
                .then(Expand.to(3, 1, 1, 5));
        return graph.join(new Concat(0), moved, picture.then("token", new Learned(moved.shape())));
    }

    private static Node arithmetic(Graph graph, Node features) {
        Node a = features.then(Dense.of(12)).then(Reshape.to(3, 4)).then(new Elu(0.5f)).then(new Selu(1.5f, 1.25f)).then(new Celu(0.75f))
                .then(new Clip(Float.NEGATIVE_INFINITY, 0.7f)).then(new ThresholdedRelu(-0.3f));
        Node b = features.then(Dense.of(8)).then(Reshape.to(2, 4)).then(new Softsign()).then(new Mish()).then(new Silu(1.5f))
                .then(new HardSigmoid(0.25f, 0.4f)).then(new Gelu(true)).then(new PRelu(Shape.of(2, 1)));
        Node product = graph.join("product", new MatMul(false, true), a, b).then(new LogSoftmax(0));
        Node scaled = graph.join("scaled", new Binary(BinaryFunction.MAXIMUM), product, a.then(
                new Reduction(ReduceFunction.LOG_SUM_EXP, List.of(1), true))).then(new Softmax(-2));
        return scaled.then("scale", new BinaryParameter(BinaryFunction.SUBTRACT, Shape.of(3, 1), true))
                .then(new Unary(UnaryFunction.COS)).then("each", new Each(1, Dense.of(2).activation(Activation.TANH)));
    }

    private static Node volumeFeatures(Graph graph) {
        Window3d window = Window3d.of(3, 2, 1).withStrides(2, 1, 1).withPadding(List.of(1, 0, 0), List.of(0, 1, 0)).withDilations(1, 2, 1);
        Node volume = graph.input("volume", Shape.of(6, 5, 4, 2)).then(new Conv3d(4, window, 2, false)).then(new GroupNorm(2, 1e-4f))
                .then(new ConvTranspose3d(6, Window3d.of(2).withStrides(2, 1, 3), List.of(1, 0, 2), 1, true)).then(new InstanceNorm(1e-3f))
                .then(new LocalResponseNorm(3, 0.25f, 0.5f, 2));
        Node pooled = graph.join(new Concat(), volume.then(MaxPool3d.of(2)), volume.then(AveragePool3d.of(2)),
                volume.then(LpPool3d.of(2, 3)));
        return graph.join(new Concat(), pooled.then(new LayerNorm(1e-5f, 3)).then(new GlobalLpPool(1.5f)), pooled.then(new GlobalMaxPool()));
    }

    private static Node unpooled(Node picture) {
        Window window = Window.of(2, 3).withStride(2, 2);
        Node indices = picture.then(new MaxPoolIndices(window, true, false));
        Node maxima = picture.then(new MaxPool2d(window, true));
        return picture.graph().join(new MaxUnpool(picture.shape()), maxima, indices).then(new GlobalAveragePool());
    }
}
