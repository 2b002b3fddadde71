package lanewise.onnx.lower;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import lanewise.layer.Each;
import lanewise.layer.Layer;
import lanewise.layer.Node;
import lanewise.layer.Shape;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.fold.Folder;
import lanewise.onnx.fold.TensorSource;
import lanewise.onnx.proto.Attributes;
import lanewise.onnx.proto.NodeProto;

/** One node that is being lowered: what it is given, and the means to answer. */
final class Call {

    final NodeProto node;
    final Attributes attributes;
    final int opset;
    final Builder builder;
    final Layouts layouts;
    private final String name;
    private final TensorSource tensors;
    private final List<Value> inputs;
    /** For each input, whether nothing else reads it. */
    private final List<Boolean> last;

    Call(NodeProto node, String name, int opset, List<Value> inputs, List<Boolean> last, Builder builder,
            TensorSource tensors) {
        this.node = node;
        this.name = name;
        this.attributes = new Attributes(node);
        this.opset = opset;
        this.inputs = inputs;
        this.last = last;
        this.tensors = tensors;
        this.builder = builder;
        this.layouts = new Layouts(builder, name);
    }

    /** From which names of layers are made. */
    String name() {
        return name;
    }

    int count() {
        return inputs.size();
    }

    /** Whether an optional input is there. */
    boolean has(int index) {
        return index < inputs.size() && inputs.get(index) != null;
    }

    /** Whether an optional output is wanted. */
    boolean wants(int index) {
        return index < node.outputs().size() && !node.outputs().get(index).isEmpty();
    }

    /** An input of either kind. */
    Value value(int index) {
        if (!has(index)) {
            throw new Refusal("input " + index + " is missing, there are " + inputs.size());
        }
        return inputs.get(index);
    }

    /** Whether this node alone reads the input, so that its layer may be replaced. */
    boolean readsAlone(int index) {
        return last.get(index);
    }

    /** An input that the network computes. */
    Tensor tensor(int index) {
        return layouts.plain(scrambled(index));
    }

    /** The same for those who keep the order of elements, whatever it is. */
    Tensor scrambled(int index) {
        if (value(index) instanceof Tensor tensor) {
            return tensor;
        }
        throw new Refusal("input " + index + " is a " + inputs.get(index) + ", must be computed from the model's inputs");
    }

    /** An input that must be known now. */
    OnnxTensor constant(int index) {
        if (value(index) instanceof Value.Constant constant) {
            return constant.tensor();
        }
        throw new Refusal("input " + index + " is " + inputs.get(index) + ", must be a constant");
    }

    /** The floats of a constant of these sizes. */
    float[] floats(int index, int... dims) {
        OnnxTensor tensor = constant(index);
        if (!Arrays.equals(tensor.dims(), dims)) {
            throw new Refusal("input " + index + " is " + tensor + ", must have the sizes " + Arrays.toString(dims));
        }
        return floats(tensor, index);
    }

    /** The floats of a constant of any sizes. */
    float[] floats(int index) {
        return floats(constant(index), index);
    }

    private static float[] floats(OnnxTensor tensor, int index) {
        if (tensor.isIntegral() || tensor.type() == ElementType.DOUBLE) {
            throw new Refusal("input " + index + " is " + tensor + ", must be FLOAT");
        }
        return tensor.floats();
    }

    /** The integers of a constant vector. */
    long[] longs(int index) {
        OnnxTensor tensor = constant(index);
        if (!tensor.isIntegral()) {
            throw new Refusal("input " + index + " is " + tensor + ", must be integers");
        }
        return tensor.longs();
    }

    /** A constant of one element. */
    float scalar(int index) {
        OnnxTensor tensor = constant(index);
        if (tensor.size() != 1) {
            throw new Refusal("input " + index + " is " + tensor + ", must have one element");
        }
        return (float) tensor.get(0);
    }

    /** The outputs for other inputs, all of them constants. */
    List<OnnxTensor> evaluate(List<OnnxTensor> constants) {
        try {
            return Folder.evaluate(node, opset, constants, tensors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A layer over this node, named after the call. */
    Node layer(Layer layer, Node... inputs) {
        return builder.layer(name, layer, inputs);
    }

    /** An element-wise layer: whatever order the elements lie in, it stays. */
    Tensor elementwise(Tensor x, Layer layer) {
        return x.with(layer(layer, x.node()));
    }

    /**
     * A layer that sees one example at a time with its channels last: {@code N x C x ...} for the author, {@code ... x C} for the
     * layer.
     *
     * @param layer for the shape of an example
     */
    Tensor channelsLast(Tensor x, Function<Shape, Layer> layer) {
        return channelsLast(x, layer, node -> {});
    }

    /** The same with parameters that {@code parameters} sets. */
    Tensor channelsLast(Tensor x, Function<Shape, Layer> layer, Consumer<Node> parameters) {
        int[] dims = x.dims();
        if (dims.length < 2) {
            throw new Refusal("input has sizes " + Arrays.toString(dims) + ", must have a batch and channels");
        }
        int[] places = Arrays.copyOfRange(Axes.identity(dims.length), 2, dims.length);
        int[] order = Axes.concat(places, 1);
        Shape example = Shape.of(Axes.pick(dims, order));
        Node y;
        if (x.batch() == 0) {
            y = layer(layer.apply(example), layouts.node(x, order));
        } else if (x.batch() > 0) {
            throw new NotBatchwiseException();
        } else if (dims[0] == 1) {
            order = Axes.concat(new int[] {0}, order);
            y = layer(layer.apply(example), layouts.shaped(layouts.node(x, order), example));
        } else {
            order = Axes.concat(new int[] {0}, order);
            y = layer(new Each(1, layer.apply(example)), layouts.node(x, order));
        }
        parameters.accept(y);
        int[] sizes = Axes.toArray(y.shape().dims());
        if (x.batch() < 0 && dims[0] != 1) {
            sizes = Arrays.copyOfRange(sizes, 1, sizes.length);
        }
        int[] out = new int[dims.length];
        Arrays.fill(out, 1); // a global pooling answers channels alone
        out[0] = dims[0];
        out[1] = sizes[sizes.length - 1];
        System.arraycopy(sizes, 0, out, 2, sizes.length - 1);
        return Tensor.of(y, out, x.batch(), order);
    }
}
