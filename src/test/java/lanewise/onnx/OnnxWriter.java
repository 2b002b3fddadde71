package lanewise.onnx;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;
import lanewise.layer.ActivationLayer;
import lanewise.layer.Add;
import lanewise.layer.AveragePool1d;
import lanewise.layer.AveragePool2d;
import lanewise.layer.BatchNorm;
import lanewise.layer.Concat;
import lanewise.layer.Conv1d;
import lanewise.layer.Conv2d;
import lanewise.layer.Dense;
import lanewise.layer.DepthwiseConv2d;
import lanewise.layer.Dropout;
import lanewise.layer.Flatten;
import lanewise.layer.GlobalAveragePool;
import lanewise.layer.GlobalMaxPool;
import lanewise.layer.LeakyRelu;
import lanewise.layer.MaxPool1d;
import lanewise.layer.MaxPool2d;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Shape;
import lanewise.layer.Softmax;
import lanewise.layer.Window;
import lanewise.onnx.OnnxGraph.Attribute;

/**
 * A network as an ONNX model for a fixed batch, channels first as ONNX wants it. Node names are kept; what prediction leaves out,
 * dropout, becomes an identity.
 *
 * <p>A flattened picture has its elements in another order there: the rows of the weights of the dense layers that follow are
 * permuted accordingly. Where something else follows, a transposition comes before.
 */
public final class OnnxWriter {

    private final Network network;
    private final int batch;
    private final OnnxGraph graph = new OnnxGraph();

    /** Nodes that are flattened pictures with channels first, and the picture. */
    private final Map<Node, Shape> flattened = new HashMap<>();

    private OnnxWriter(Network network, int batch) {
        this.network = network;
        this.batch = batch;
    }

    /**
     * Writes the model.
     *
     * @throws IllegalArgumentException if a layer has no counterpart here
     */
    public static void write(Network network, int batch, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            model(network, batch).writeTo(out);
        }
    }

    /** The same as a message. */
    public static ProtoMessage model(Network network, int batch) {
        var writer = new OnnxWriter(network, batch);
        network.nodes().forEach(writer::add);
        network.inputs().forEach(node -> writer.graph.input(node.name(), Nchw.dims(batch, node.shape())));
        network.outputs().forEach(node -> writer.graph.output(node.name(), Nchw.dims(batch, node.shape())));
        return writer.graph.model();
    }

    private void add(Node node) {
        switch (node.layer()) {
            case null -> { } // an input
            case Conv2d conv -> convolution(node, conv.window(), conv.filters(), conv.groups(), conv.bias(), conv.activation());
            case Conv1d conv -> convolution(node, conv.window(), conv.filters(), conv.groups(), conv.bias(), conv.activation());
            case DepthwiseConv2d conv -> convolution(node, conv.window(), node.shape().channels(), input(node).channels(),
                    conv.bias(), conv.activation());
            case Dense dense -> dense(node, dense);
            case MaxPool2d pool -> pooling(node, "MaxPool", pool.window(), pool.ceilMode());
            case MaxPool1d pool -> pooling(node, "MaxPool", pool.window(), pool.ceilMode());
            case AveragePool2d pool -> pooling(node, "AveragePool", pool.window(), pool.ceilMode(),
                    Attribute.of("count_include_pad", pool.countPadding() ? 1 : 0));
            case AveragePool1d pool -> pooling(node, "AveragePool", pool.window(), pool.ceilMode(),
                    Attribute.of("count_include_pad", pool.countPadding() ? 1 : 0));
            case GlobalAveragePool pool -> globalPooling(node, "GlobalAveragePool");
            case GlobalMaxPool pool -> globalPooling(node, "GlobalMaxPool");
            case BatchNorm norm -> graph.node("BatchNormalization", node.name(), List.of(in(node), parameter(node, "weight"),
                    parameter(node, "bias"), parameter(node, "running_mean"), parameter(node, "running_var")),
                    Attribute.of("epsilon", norm.epsilon()));
            case LeakyRelu relu -> elementwise(node,
                    () -> graph.node("LeakyRelu", node.name(), List.of(in(node)), Attribute.of("alpha", relu.alpha())));
            case ActivationLayer layer when layer.activation() != null ->
                    elementwise(node, () -> activate(layer.activation(), in(node), node.name()));
            case Dropout dropout -> elementwise(node, () -> graph.node("Identity", node.name(), List.of(in(node))));
            case Add add -> sum(node);
            case Concat concat -> graph.node("Concat", node.name(), node.inputs().stream().map(Node::name).toList(),
                    Attribute.of("axis", 1));
            case Softmax softmax -> graph.node("Softmax", node.name(), List.of(in(node)), Attribute.of("axis", 1));
            case Flatten flatten -> flatten(node);
            default -> throw new IllegalArgumentException(
                    "layer " + node.name() + " (" + node.layer() + ") is not written as ONNX");
        }
    }

    private static Shape input(Node node) {
        return node.inputs().getFirst().shape();
    }

    private static String in(Node node) {
        return node.inputs().getFirst().name();
    }

    private void convolution(Node node, Window window, int filters, int groups, boolean bias, Activation activation) {
        int taps = window.r() * window.s();
        int c = input(node).channels() / groups;
        int[] size = spatial(node, window.r(), window.s());
        int[] dims = IntStream.concat(IntStream.of(filters, c), IntStream.of(size)).toArray();
        String w = parameter(node, "weight", dims, () -> Nchw.filter(values(node, "weight"), taps, c, filters));
        List<String> inputs = bias ? List.of(in(node), w, parameter(node, "bias")) : List.of(in(node), w);
        activated(node, activation, name -> graph.node("Conv", name, inputs, Attribute.of("kernel_shape", size),
                strides(node, window), pads(node, window), dilations(node, window), Attribute.of("group", groups)));
    }

    /** On features a product of matrices, on every place of a picture a convolution of one tap. */
    private void dense(Node node, Dense dense) {
        Shape shape = input(node);
        int c = shape.channels();
        int k = dense.units();
        Node from = node.inputs().getFirst();
        boolean places = shape.rank() > 1;
        int[] dims = places ? IntStream.concat(IntStream.of(k, c), IntStream.generate(() -> 1).limit(shape.rank() - 1)).toArray()
                : new int[] {c, k};
        String w = parameter(node, "weight", dims, () -> {
            float[] values = values(node, "weight");
            return places ? Nchw.filter(values, 1, c, k)
                    : flattened.containsKey(from) ? Nchw.rowsOfFlattened(values, flattened.get(from), k) : values;
        });
        List<String> inputs = dense.bias() ? List.of(from.name(), w, parameter(node, "bias")) : List.of(from.name(), w);
        activated(node, dense.activation(), name -> graph.node(places ? "Conv" : "Gemm", name, inputs));
    }

    private void pooling(Node node, String type, Window window, boolean ceilMode, Attribute... more) {
        List<Attribute> attributes = new ArrayList<>(List.of(more));
        attributes.addAll(List.of(Attribute.of("kernel_shape", spatial(node, window.r(), window.s())), strides(node, window),
                pads(node, window), dilations(node, window), Attribute.of("ceil_mode", ceilMode ? 1 : 0)));
        graph.node(type, node.name(), List.of(in(node)), attributes.toArray(Attribute[]::new));
    }

    private void globalPooling(Node node, String type) {
        String pooled = graph.node(type, node.name() + "/pooled", List.of(in(node)));
        graph.node("Flatten", node.name(), List.of(pooled));
    }

    private void sum(Node node) {
        String sum = in(node);
        int last = node.inputs().size() - 1;
        for (int i = 1; i <= last; i++) {
            sum = graph.node("Add", i == last ? node.name() : node.name() + "/" + i, List.of(sum, node.inputs().get(i).name()));
        }
    }

    private void flatten(Node node) {
        Shape picture = input(node);
        String from = in(node);
        if (onlyDenseFollows(node)) {
            flattened.put(node, picture);
        } else if (picture.rank() > 1) {
            int[] channelsLast = picture.rank() == 3 ? new int[] {0, 2, 3, 1} : new int[] {0, 2, 1};
            from = graph.node("Transpose", node.name() + "/places", List.of(from), Attribute.of("perm", channelsLast));
        }
        graph.node("Flatten", node.name(), List.of(from));
    }

    private boolean onlyDenseFollows(Node node) {
        return !network.outputs().contains(node) && network.nodes().stream().filter(next -> next.inputs().contains(node))
                .allMatch(next -> next.layer() instanceof Dense || isElementwise(next) && onlyDenseFollows(next));
    }

    private static boolean isElementwise(Node node) {
        return node.layer() instanceof ActivationLayer || node.layer() instanceof LeakyRelu || node.layer() instanceof Dropout;
    }

    /** The order of elements passes through. */
    private void elementwise(Node node, Runnable add) {
        Shape picture = flattened.get(node.inputs().getFirst());
        if (picture != null) {
            flattened.put(node, picture);
        }
        add.run();
    }

    /** Something linear, and the function that follows it. */
    private void activated(Node node, Activation activation, UnaryOperator<String> linear) {
        if (activation == Activation.NONE) {
            linear.apply(node.name());
        } else {
            activate(activation, linear.apply(node.name() + "/linear"), node.name());
        }
    }

    private void activate(Activation activation, String x, String y) {
        List<String> in = List.of(x);
        switch (activation) {
            case NONE -> graph.node("Identity", y, in);
            case RELU -> graph.node("Relu", y, in);
            case RELU6 -> graph.node("Clip", y, List.of(x, scalar(y + "/low", 0), scalar(y + "/high", 6)));
            case HARD_SIGMOID -> graph.node("HardSigmoid", y, in, Attribute.of("alpha", 1 / 6f), Attribute.of("beta", 0.5f));
            case HARD_SWISH -> graph.node("HardSwish", y, in);
            case SIGMOID -> graph.node("Sigmoid", y, in);
            case TANH -> graph.node("Tanh", y, in);
            case SOFTPLUS -> graph.node("Softplus", y, in);
            case SILU -> graph.node("Mul", y, List.of(x, graph.node("Sigmoid", y + "/sigmoid", in)));
            case GELU -> graph.node("Gelu", y, in);
            case GELU_TANH -> graph.node("Gelu", y, in, Attribute.of("approximate", "tanh"));
        }
    }

    private String scalar(String name, float value) {
        return graph.constant(name, new int[0], () -> new float[] {value});
    }

    /** A vector of parameters. */
    private String parameter(Node node, String name) {
        float[] values = values(node, name);
        return parameter(node, name, new int[] {values.length}, () -> values);
    }

    private String parameter(Node node, String name, int[] dims, Supplier<float[]> values) {
        return graph.constant(node.name() + "." + name, dims, values);
    }

    private float[] values(Node node, String name) {
        return network.parameters().get(node.name() + "." + name);
    }

    private static Attribute strides(Node node, Window window) {
        return Attribute.of("strides", spatial(node, window.strideH(), window.strideW()));
    }

    private static Attribute dilations(Node node, Window window) {
        return Attribute.of("dilations", spatial(node, window.dilationH(), window.dilationW()));
    }

    /** All paddings before, then all behind; "same" in numbers. */
    private static Attribute pads(Node node, Window window) {
        Shape in = input(node);
        int h = in.rank() == 3 ? in.dim(0) : 1;
        int w = in.dim(in.rank() - 2);
        if (!window.same()) {
            return Attribute.of("pads", join(spatial(node, window.padTop(), window.padLeft()),
                    spatial(node, window.padBottom(), window.padRight())));
        }
        ConvShape same = ConvShape.of(1, h, w, 1, 1, window.r(), window.s()).withStride(window.strideH(), window.strideW())
                .withDilation(window.dilationH(), window.dilationW()).withSamePadding();
        return Attribute.of("pads", join(spatial(node, same.padTop(), same.padLeft()),
                spatial(node, same.padBottom(), same.padRight())));
    }

    private static int[] join(int[] before, int[] behind) {
        return IntStream.concat(IntStream.of(before), IntStream.of(behind)).toArray();
    }

    /** One number for each axis of places: a signal has one, a picture two. */
    private static int[] spatial(Node node, int h, int w) {
        return input(node).rank() == 3 ? new int[] {h, w} : new int[] {w};
    }
}
