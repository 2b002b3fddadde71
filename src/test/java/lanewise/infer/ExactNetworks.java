package lanewise.infer;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import lanewise.kernel.Activation;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.ReduceFunction;
import lanewise.kernel.Threads;
import lanewise.layer.Add;
import lanewise.layer.AveragePool2d;
import lanewise.layer.BatchNorm;
import lanewise.layer.Binary;
import lanewise.layer.BinaryParameter;
import lanewise.layer.Clip;
import lanewise.layer.Concat;
import lanewise.layer.Context;
import lanewise.layer.ContextOptions;
import lanewise.layer.Conv1d;
import lanewise.layer.Conv2d;
import lanewise.layer.ConvTranspose2d;
import lanewise.layer.Dense;
import lanewise.layer.DepthwiseConv2d;
import lanewise.layer.Dropout;
import lanewise.layer.Each;
import lanewise.layer.Embedding;
import lanewise.layer.Expand;
import lanewise.layer.Flatten;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.Graph;
import lanewise.layer.HardSigmoid;
import lanewise.layer.Layer;
import lanewise.layer.LayerNorm;
import lanewise.layer.LeakyRelu;
import lanewise.layer.LocallyConnected2d;
import lanewise.layer.MatMul;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.PRelu;
import lanewise.layer.Pad;
import lanewise.layer.PadMode;
import lanewise.layer.Parameter;
import lanewise.layer.Permute;
import lanewise.layer.Reduction;
import lanewise.layer.Relu;
import lanewise.layer.Relu6;
import lanewise.layer.Reshape;
import lanewise.layer.Resize;
import lanewise.layer.Shape;
import lanewise.layer.Sigmoid;
import lanewise.layer.Slice;
import lanewise.layer.Softmax;
import lanewise.layer.Take;
import lanewise.layer.Tanh;

/**
 * Networks of every form that compiling changes, with small integers for weights and batch norms that scale by halves and quarters:
 * all sums are exact, so whatever is folded or fused has to give the same bits.
 */
final class ExactNetworks {

    /** {@code variance + epsilon} is 4 then, and the deviation 2. */
    static final float EPSILON = 0.25f;
    private static final float VARIANCE = 3.75f;

    private ExactNetworks() {}

    /** By name. */
    static Map<String, Network> all() {
        Map<String, Network> networks = new LinkedHashMap<>();
        networks.put("lenet", chain(Shape.of(12, 12, 1), Conv2d.of(6, 5).padding(2).relu(), MaxPool2d.of(2), Conv2d.of(16, 3).relu(),
                MaxPool2d.of(2), new Flatten(), Dense.of(20).relu(), Dense.of(5), new Softmax()));
        networks.put("pool before relu", chain(Shape.of(13, 12, 1), Conv2d.of(6, 5).padding(2), MaxPool2d.of(2), new Relu(), norm(),
                Conv2d.of(4, 3), new Relu(), MaxPool2d.of(2).ceilMode(true)));
        networks.put("pools of other kinds", chain(Shape.of(12, 12, 1), Conv2d.of(6, 5).padding(2).relu(), MaxPool2d.of(3).stride(2),
                Conv2d.of(6, 3).padding(1), norm(), MaxPool2d.of(2).padding(1), new Tanh()));
        networks.put("norm after convolution", chain(Shape.of(9, 9, 16), Conv2d.of(20, 3).same(), norm(), new Relu(),
                Conv2d.of(17, 1).withoutBias(), norm(), Conv2d.of(5, 3), new Tanh()));
        networks.put("norm after activation", chain(Shape.of(6, 6, 3), Conv2d.of(4, 3).relu(), norm(), new Relu6(), norm(), norm()));
        networks.put("norm twice", chain(Shape.of(6, 6, 3), Conv2d.of(4, 3), norm(), norm(), new LeakyRelu(0.5f)));
        networks.put("norm of other channels", chain(Shape.of(4, 4, 3), Conv2d.of(4, 3), new Flatten(), norm(), Dense.of(3)));
        networks.put("norm first", chain(Shape.of(6, 6, 3), norm(), new Relu(), Conv2d.of(4, 3), new Dropout(0.5f)));
        networks.put("depthwise", chain(Shape.of(8, 8, 16), DepthwiseConv2d.of(3).padding(1).withoutBias(), norm(), new Relu6(),
                Conv2d.of(24, 1).withoutBias(), norm(), DepthwiseConv2d.of(3).stride(2).padding(1), norm(), new GlobalAveragePool()));
        networks.put("groups", chain(Shape.of(6, 6, 12), Conv2d.of(24, 3).groups(3), norm(), new Relu(), Dense.of(5)));
        networks.put("transposed", chain(Shape.of(4, 5, 6), ConvTranspose2d.of(8, 3).groups(2).stride(2).padding(1), norm(), new Relu(),
                ConvTranspose2d.of(3, 2), norm(), new Sigmoid()));
        networks.put("constants", chain(Shape.of(7, 6, 4), Conv2d.of(6, 3).same(), constant(BinaryFunction.MULTIPLY, 1, false),
                constant(BinaryFunction.ADD, 6, true), new Relu(), constant(BinaryFunction.SUBTRACT, 6, true),
                constant(BinaryFunction.ADD, 1, false), Conv2d.of(5, 1), constant(BinaryFunction.SUBTRACT, 5, false), norm()));
        networks.put("constants before padding", chain(Shape.of(7, 6, 4), constant(BinaryFunction.ADD, 4, false), norm(),
                Conv2d.of(6, 3).same().relu(), constant(BinaryFunction.MULTIPLY, 6, false), Conv2d.of(6, 3).same(), new Relu(),
                constant(BinaryFunction.ADD, 1, false), DepthwiseConv2d.of(3).padding(1), new Relu(),
                constant(BinaryFunction.MULTIPLY, 6, false), ConvTranspose2d.of(3, 2).stride(2), new Relu(),
                constant(BinaryFunction.ADD, 3, false), ConvTranspose2d.of(3, 2).stride(2)));
        networks.put("constants before groups", chain(Shape.of(5, 6, 12), norm(), Conv2d.of(24, 2).groups(3).relu(), norm(),
                DepthwiseConv2d.of(2), new Relu(), norm(), new Flatten(), norm(), Dense.of(3)));
        networks.put("constants of places", chain(Shape.of(3, 6, 6), Conv2d.of(6, 1).relu(),
                new BinaryParameter(BinaryFunction.ADD, Shape.of(6, 1), false),
                new BinaryParameter(BinaryFunction.MULTIPLY, Shape.of(2, 1, 1, 6), false), new Flatten(), Dense.of(3)));
        networks.put("rows of padding", chain(Shape.of(1, 9, 16), Conv2d.of(20, 3).same(), norm(), new Relu(),
                DepthwiseConv2d.of(5).padding(2), Conv2d.of(7, 3).padding(2), Conv2d.of(6, 5).stride(3).padding(3)));
        networks.put("all but padding", chain(Shape.of(1, 2, 3), Conv2d.of(4, 3).padding(3).stride(9), Conv2d.of(3, 2).padding(1)));
        networks.put("signal", chain(Shape.of(33, 16), Conv1d.of(32, 9).same(), norm(), new Relu(), Conv1d.of(16, 3).stride(2).same()));
        networks.put("renamed input", chain(Shape.of(4, 4, 2), new Flatten(), new Dropout(0.5f), Reshape.to(8, 4)));
        networks.put("one layer", chain(Shape.of(5), new Softmax()));
        networks.put("clip is an activation", chain(Shape.of(6, 6, 3), Conv2d.of(4, 3), new Clip(0, 6), Conv2d.of(5, 3),
                new Clip(0, Float.MAX_VALUE), new HardSigmoid(0.25f, 0.5f)));
        networks.put("scaled channels", scaledChannels());
        networks.put("in place to the end", chain(Shape.of(5), Dense.of(6), new LeakyRelu(2), norm(), new Softmax()));
        networks.put("without operations of their own", chain(Shape.of(6, 6, 2), LocallyConnected2d.of(4, 3).relu(), new LayerNorm(),
                Conv2d.of(3, 2)));
        networks.put("basic blocks", basicBlocks());
        networks.put("bottleneck", bottleneck());
        networks.put("shortcut later", shortcutLater());
        networks.put("sums", sums());
        networks.put("fire", fire());
        networks.put("dense blocks", denseBlocks());
        networks.put("flat parts", flatParts());
        networks.put("moved", moved());
        networks.put("concatenations along other axes", otherAxes());
        networks.put("activations under other names", chain(Shape.of(6, 6, 3), Conv2d.of(6, 3), Reshape.to(4, 8, 3), new Relu(),
                Conv2d.of(4, 3), new Flatten(), new Relu6(), Dense.of(12), Reshape.to(2, 2, 3), new Relu(), new Flatten(), Dense.of(3)));
        networks.put("sums under other names", sumsUnderOtherNames());
        networks.put("concatenation of one", concatenationOfOne());
        networks.put("several outputs", severalOutputs());
        networks.put("two inputs", twoInputs());
        networks.put("gates", gates());
        networks.put("pyramid", pyramid());
        networks.put("words", words());
        networks.values().forEach(ExactNetworks::setIntegers);
        return networks;
    }

    /** The product is in place of the picture, which nobody reads again; the gate is made of the picture. */
    private static Network scaledChannels() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6, 5, 3)).then(Conv2d.of(4, 3));
        Node gate = x.then(new Reduction(ReduceFunction.MAX, List.of(0, 1), true)).then(new Clip(-1, 2)).then(Conv2d.of(4, 1));
        Node scaled = graph.join(new Binary(BinaryFunction.MULTIPLY), x, gate).then(new PRelu(Shape.of(4)))
                .then(new BinaryParameter(BinaryFunction.SUBTRACT, Shape.of(4, 1, 1), true));
        Node product = graph.join(new MatMul(true, false), scaled, scaled);
        return graph.network(1, product.then(new Each(1, new Reduction(ReduceFunction.SUM, List.of(1), false))));
    }

    private static Network chain(Shape input, Layer... layers) {
        return Network.chain(input, 1, layers);
    }

    private static BatchNorm norm() {
        return new BatchNorm(EPSILON, 0.1f);
    }

    private static BinaryParameter constant(BinaryFunction function, int channels, boolean first) {
        return new BinaryParameter(function, Shape.of(channels), first);
    }

    private static Node block(Node x, int filters) {
        return x.then(Conv2d.of(filters, 3).same().withoutBias()).then(norm()).then(new Relu())
                .then(Conv2d.of(filters, 3).same().withoutBias()).then(norm());
    }

    private static Network basicBlocks() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(15, 15, 16)).then(Conv2d.of(16, 3).same().relu());
        Node one = graph.join(new Add(), block(x, 16), x).then(new Relu());
        Node two = graph.join(new Add(), one, block(one, 16)).then(new Tanh());
        return graph.network(1, two.then(new GlobalAveragePool()).then(Dense.of(3)));
    }

    private static Network bottleneck() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(8, 8, 16)).then(MaxPool2d.of(2));
        Node shortcut = x.then(Conv2d.of(33, 1).withoutBias()).then(norm());
        Node deep = x.then(Conv2d.of(8, 1)).then(norm()).then(new Relu()).then(Conv2d.of(8, 3).same()).then(norm()).then(new Relu())
                .then(Conv2d.of(33, 1)).then(norm());
        Node y = graph.join(new Add(), shortcut, deep).then(new Relu());
        return graph.network(1, graph.join(new Add(), y.then(Conv2d.of(33, 1)), y).then(AveragePool2d.of(2)));
    }

    /** What is added is made after the convolution that adds it, and by something that cannot add. */
    private static Network shortcutLater() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6, 6, 16));
        Node conv = x.then(Conv2d.of(16, 3).same());
        Node pool = x.then(MaxPool2d.of(3).stride(1).same());
        return graph.network(1, graph.join(new Add(), conv, pool).then(new Relu()));
    }

    /** A sum of an input and its convolution, of three, of one twice, of what others read too. */
    private static Network sums() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(5, 5, 16));
        Node own = graph.join(new Add(), x, x.then(Conv2d.of(16, 3).same()));
        Node a = own.then(Conv2d.of(16, 1));
        Node b = own.then(Conv2d.of(16, 1).relu());
        Node three = graph.join(new Add(), a, b, own).then(new Relu());
        Node twice = graph.join(new Add(), three, three);
        Node c = twice.then(Conv2d.of(16, 1));
        Node d = graph.join(new Add(), c, twice);
        return graph.network(1, graph.join(new Add(), c, d, a));
    }

    private static Network fire() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(7, 7, 16));
        for (int i = 0; i < 2; i++) {
            Node squeeze = x.then(Conv2d.of(16 + i, 1).relu());
            x = graph.join(new Concat(), squeeze.then(Conv2d.of(19, 1).relu()), squeeze.then(Conv2d.of(16, 3).same().relu()));
        }
        return graph.network(1, x.then(Conv2d.of(3, 1)).then(new GlobalAveragePool()));
    }

    /** Concatenations of concatenations, with parts that are read elsewhere or made by what cannot write parts. */
    private static Network denseBlocks() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6, 6, 16));
        Node all = x;
        for (int i = 0; i < 3; i++) {
            Node grown = all.then(norm()).then(new Relu()).then(Conv2d.of(12, 3).same());
            all = graph.join(new Concat(), all, grown);
        }
        Node inner = graph.join(new Concat(), all.then(Conv2d.of(5, 1)), all.then(MaxPool2d.of(3).stride(1).same()).then(Conv2d.of(16, 1)));
        Node pool = all.then(AveragePool2d.of(2).stride(1).same());
        Node outer = graph.join(new Concat(), all.then(Conv2d.of(7, 1).relu()), inner, pool, all.then(new Relu6()));
        return graph.network(1, outer, all);
    }

    private static Network flatParts() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(5, 5, 16));
        Node a = x.then(Conv2d.of(16, 3)).then(new Flatten());
        Node b = x.then(Conv2d.of(4, 5)).then(new Flatten());
        Node both = graph.join(new Concat(), a, b);
        return graph.network(1, graph.join(new Concat(), both.then(Dense.of(3)), both.then(Dense.of(17).relu())));
    }

    /** Elements that are moved: planes to pixels and back, with all that a detector does in between. */
    static Network moved() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(3, 12, 12)).then(Permute.of(1, 2, 0));
        Node small = x.then(Conv2d.of(16, 3).same().stride(2).relu());
        Node large = small.then(Resize.nearest(small.shape(), 2, 2));
        Node both = graph.join(new Concat(), large, x.then(Conv2d.of(5, 3).same()));
        Node padded = both.then(new Pad(PadMode.REFLECT, List.of(1, 2, 0), List.of(1, 0, 0), 0)).then(Conv2d.of(6, 3).relu());
        Node part = padded.then(new Slice(List.of(11, 0, 0), List.of(6, 12, 6), List.of(-2, 1, 1)));
        Node linear = part.then(Resize.linear(part.shape(), 9, 7)).then(new Take(-1, List.of(0, 5, 5, 1)));
        Node wide = linear.then(new GlobalAveragePool()).then(Expand.to(9, 7, 4));
        return graph.network(1, graph.join(new Add(), linear, wide).then(Permute.of(2, 0, 1)));
    }

    /** Only the last axis is written in place: parts and wholes along others, and one of a single input. */
    private static Network otherAxes() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(4, 5, 3));
        Node a = x.then(Conv2d.of(16, 1));
        Node b = x.then(Conv2d.of(16, 3).same());
        Node rows = graph.join(new Concat(0), a, b, a);
        Node cols = graph.join(new Concat(-2), x.then(Conv2d.of(16, 1)), graph.join(new Concat(), x.then(Conv2d.of(16, 1).relu())));
        Node channels = graph.join(new Concat(2), x.then(Conv2d.of(7, 1)), x.then(Conv2d.of(9, 1)));
        Node mixed = graph.join(new Concat(1), channels, cols, cols);
        Node outer = graph.join(new Concat(), mixed, mixed.then(Conv2d.of(3, 1)), graph.join(new Concat(0), mixed.then(
                new Slice(List.of(0, 0, 0), List.of(2, 25, 16), List.of(1, 1, 1))), mixed.then(
                new Slice(List.of(1, 0, 0), List.of(2, 25, 16), List.of(1, 1, 1)))));
        Node flat = graph.join(new Concat(0), x.then(Conv2d.of(6, 4, 5)), x.then(Conv2d.of(6, 4, 5).relu()));
        return graph.network(1, outer, rows, flat);
    }

    private static Network sumsUnderOtherNames() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(5, 5, 16));
        Node a = x.then(Conv2d.of(16, 3)).then(new Flatten());
        Node b = x.then(Conv2d.of(16, 3)).then(new Flatten());
        Node sum = graph.join(new Add(), a, b).then(new Relu()).then(Reshape.to(3, 6, 8));
        return graph.network(1, sum.then(MaxPool2d.of(2)).then(new Flatten()).then(Dense.of(3)));
    }

    /** Which is as long as its only part, and still lies within another one. */
    private static Network concatenationOfOne() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(4, 5, 16));
        Node inner = graph.join(new Concat(), x.then(Conv2d.of(7, 1)));
        Node deep = graph.join(new Concat(), graph.join(new Concat(), x.then(MaxPool2d.of(3).stride(1).same())));
        return graph.network(1, graph.join(new Concat(), x.then(Conv2d.of(16, 1).relu()), inner, deep).then(Conv2d.of(5, 1)));
    }

    /** Outputs that are read on, that are one value twice, that are an input, that are parts of a concatenation. */
    private static Network severalOutputs() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(6, 6, 3));
        Node renamed = x.then(new Dropout(0.5f));
        Node a = x.then(Conv2d.of(16, 3).relu());
        Node flat = a.then(new Flatten());
        Node b = a.then(Conv2d.of(16, 1));
        Node all = graph.join(new Concat(), a, b);
        Node c = all.then(new Relu());
        return graph.network(1, b, flat, a, renamed, c.then(Dense.of(2)));
    }

    private static Network twoInputs() {
        Graph graph = new Graph();
        Node picture = graph.input("picture", Shape.of(4, 4, 16));
        Node mask = graph.input("mask", Shape.of(4, 4, 16));
        return graph.network(1, graph.join(new Add(), picture.then(Conv2d.of(16, 3).same()), mask).then(new Flatten()).then(Dense.of(3)));
    }

    private static Node gated(Graph graph, Node x, int squeezed) {
        Node gate = x.then(new GlobalAveragePool()).then(Dense.of(squeezed).relu()).then(Dense.of(x.shape().channels()));
        return graph.join(new Binary(BinaryFunction.MULTIPLY), x, gate);
    }

    /** Squeeze and excitation: alone, with x added, with another, with x twice and another, read twice, and the gate first. */
    private static Network gates() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(4, 4, 3)).then(Conv2d.of(5, 3).same());
        Node pool = x.then(MaxPool2d.of(3).stride(1).same());
        Node own = graph.join(new Add(), gated(graph, x, 2), x);
        Node both = graph.join(new Binary(BinaryFunction.ADD), pool, graph.join(new Add(), x, gated(graph, x, 3)));
        Node twice = graph.join(new Add(), graph.join(new Add(), graph.join(new Add(), x, gated(graph, x, 1)), x), pool);
        Node read = gated(graph, x, 2);
        Node again = graph.join(new Add(), graph.join(new Add(), x, read), read);
        Node gate = x.then(new GlobalAveragePool()).then(Dense.of(4).relu()).then(Dense.of(5)).then(Reshape.to(1, 1, 5));
        Node first = graph.join(new Binary(BinaryFunction.MULTIPLY), gate, x);
        return graph.network(1, gated(graph, x, 2), own, both, twice, again, first);
    }

    /** Maps of several sizes, repeated until they are as large as the largest, side by side. */
    private static Network pyramid() {
        Graph graph = new Graph();
        Node x = graph.input(Shape.of(8, 8, 3));
        Node one = x.then(Conv2d.of(17, 3).same());
        Node two = one.then(Conv2d.of(18, 2).stride(2));
        Node four = two.then(Conv2d.of(5, 2).stride(2));
        Node up = four.then(Resize.nearest(four.shape(), 2, 2));
        Node sides = graph.join(new Concat(), one, two.then(Resize.nearest(two.shape(), 2, 2)), four.then(Resize.nearest(four.shape(), 4, 4)));
        Node wide = up.then(Conv2d.of(4, 1)).then(Resize.nearest(Shape.of(4, 4, 4), 1, 3));
        return graph.network(1, sides.then(Conv2d.of(3, 1)), wide);
    }

    private static Network words() {
        Graph graph = new Graph();
        Node words = graph.input("words", Shape.of(8)).then(Embedding.of(3, 4));
        return graph.network(1, words.then(Conv1d.of(5, 3).activation(Activation.RELU)).then(new GlobalAveragePool()));
    }

    private static void setIntegers(Network network) {
        SplittableRandom random = new SplittableRandom(7);
        for (Parameter view : network.parameters().views()) {
            float[] values = new float[view.length()];
            if (view.name().endsWith("running_var")) {
                Arrays.fill(values, VARIANCE);
            } else {
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextInt(-1, 2);
                }
            }
            network.parameters().set(view.name(), values);
        }
    }

    /** Small integers for each input, from 0 to 2. */
    static List<float[]> inputs(Network network, int batch, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return network.inputs().stream().map(node -> {
            float[] x = new float[batch * node.shape().size()];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(3);
            }
            return x;
        }).toList();
    }

    /** What the network's own context computes for them. */
    static List<float[]> outputs(Network network, int batch, List<float[]> inputs) {
        Context context = network.newContext(new ContextOptions(batch, Threads.one(), false, false, 0).withoutWinograd());
        for (int i = 0; i < inputs.size(); i++) {
            System.arraycopy(inputs.get(i), 0, context.input(network.inputs().get(i).name()), 0, inputs.get(i).length);
        }
        context.forward(batch);
        return network.outputs().stream().map(node -> Arrays.copyOf(context.activation(node.name()), batch * node.shape().size())).toList();
    }

    /** Room for an output whose every element has to be written. */
    static float[] unwritten(int length) {
        float[] y = new float[length];
        Arrays.fill(y, Float.NaN);
        return y;
    }
}
