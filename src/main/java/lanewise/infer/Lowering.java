package lanewise.infer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lanewise.kernel.Activation;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.ConvShape;
import lanewise.kernel.PoolPlan;
import lanewise.layer.ActivationLayer;
import lanewise.layer.Add;
import lanewise.layer.BatchNorm;
import lanewise.layer.Binary;
import lanewise.layer.BinaryParameter;
import lanewise.layer.Concat;
import lanewise.layer.ConvolutionLayer;
import lanewise.layer.Dropout;
import lanewise.layer.HardSigmoid;
import lanewise.layer.Layer;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.PoolLayer;
import lanewise.layer.ReshapingLayer;
import lanewise.layer.Resize;
import lanewise.layer.Shape;
import lanewise.layer.Softmax;
import lanewise.layer.TransposedLayer;

/**
 * From a graph of layers to a list of operations: what follows a convolution and reads nothing else is done by the convolution, and
 * what only renames is left out.
 *
 * <pre>
 * Conv2d -> BatchNorm -> Add(., shortcut) -> Relu     one operation, the batch norm folded into its weights
 * Conv2d -> times a -> plus b -> HardSwish            one operation, constants like the batch norm
 * times a -> plus b -> Conv2d(1x1)                    one operation, folded into the weights
 * times a gate -> plus x -> plus another              one operation
 * HardSwish -> times a -> plus b                      one operation, numbers that are the same for all channels
 * Conv2d -> Relu -> MaxPool2d(2)                      one operation, where channels are few
 * Flatten, Reshape, Dropout                           none
 * Concat along channels                               none, if those that feed it can write a part of its pixels
 * </pre>
 */
final class Lowering {

    private final Network network;
    private final PredictorOptions options;
    private final ConvChoice choices;
    private final int batch;
    private final Map<Node, Value> values = new HashMap<>();
    /** How often a value is read, the network's outputs among the readers. */
    private final Map<Value, Integer> readers = new HashMap<>();
    private final Map<Value, Op> makers = new HashMap<>();
    private final List<Op> ops = new ArrayList<>();

    /** Whether other images follow the one of the batch. */
    private final boolean each;

    private Lowering(Network network, PredictorOptions options, boolean each) {
        this.network = network;
        this.options = options;
        this.batch = options.batch();
        this.each = each;
        this.choices = new ConvChoice(options, each);
    }

    /** The operations of a network in an order in which they can run. */
    static List<Op> of(Network network, PredictorOptions options) {
        return new Lowering(network, options, false).run();
    }

    /** The same for each image of a batch in turn. */
    static List<Op> ofEach(Network network, PredictorOptions options) {
        return new Lowering(network, options.batch(1), true).run();
    }

    private List<Op> run() {
        network.nodes().forEach(this::nameValue);
        for (Node node : network.nodes()) {
            node.inputs().forEach(input -> readers.merge(values.get(input), isRenaming(node) ? 0 : 1, Integer::sum));
        }
        network.outputs().forEach(output -> readers.merge(values.get(output), 1, Integer::sum));
        for (Node node : network.nodes()) {
            if (node.layer() != null && !isRenaming(node)) {
                lower(node);
            }
        }
        rescaleInPlace();
        placeAtCaller();
        writeConcatenationsInPlace();
        BandOp.join(ops, value -> readers.get(value) == 1);
        overwriteInPlace();
        return ops;
    }

    private void nameValue(Node node) {
        values.put(node, isRenaming(node) ? values.get(node.inputs().getFirst()) : new Value(node, batch, each));
    }

    private static boolean isRenaming(Node node) {
        return node.layer() instanceof ReshapingLayer || node.layer() instanceof Dropout;
    }

    private void lower(Node node) {
        Value x = values.get(node.inputs().getFirst());
        Value y = values.get(node);
        Layer layer = node.layer();
        ChannelMap map = mapOf(node);
        if (map != null) {
            map(node, map, x, y);
        } else if (layer instanceof ActivationLayer activation) {
            if (filterBefore(x) instanceof FilterOp filter && activate(filter, activation)) {
                renameOutput(filter, x, y);
            } else {
                add(new ActivationOp(node, activation, x, y));
            }
        } else {
            add(op(node, layer, x, y));
        }
    }

    /** A chain of questions and no switch over types, which the JVM would link by a class of its own when a program starts (NOTES 115). */
    private Op op(Node node, Layer layer, Value x, Value y) {
        if (layer instanceof ConvolutionLayer conv) {
            ConvShape shape = conv.convolution(batch, node.inputShapes().getFirst());
            SeenRows seen = SeenRows.of(shape);
            return behindMap(new ConvOp(node, choices.plan(seen.shape()), seen.of(Weights.of(network, node, conv.bias()), shape),
                    conv.activation(), x, y));
        }
        if (layer instanceof TransposedLayer conv) {
            return behindMap(new TransposedOp(node, choices.transposed(conv.mirror(batch, node.inputShapes().getFirst())),
                    Weights.of(network, node, conv.bias()), conv.activation(), x, y));
        }
        if (layer instanceof PoolLayer pool) {
            return pool(node, pool.pooling(batch, node.inputShapes().getFirst()), x, y);
        }
        if (layer instanceof Softmax softmax && alongRows(softmax, node)) {
            return new SoftmaxOp(node, x, y);
        }
        if (layer instanceof Concat concat) {
            return new ConcatOp(node, concat, inputsOf(node), y);
        }
        if (layer instanceof Resize resize && ReplicationOp.does(resize, node.inputShapes().getFirst())) {
            return new ReplicationOp(node, batch, x, y);
        }
        if (layer instanceof Binary binary && binary.function() == BinaryFunction.MULTIPLY && gated(node) >= 0) {
            int gated = gated(node);
            return new GateOp(node, batch, inputsOf(node).get(gated), inputsOf(node).get(1 - gated), y);
        }
        boolean sum = layer instanceof Add || layer instanceof Binary binary && binary.function() == BinaryFunction.ADD && sameSizes(node);
        return sum ? join(node, y) : new LayerOp(node, options, network, inputsOf(node), y);
    }

    /** What the node does to each channel by itself, or null. */
    private ChannelMap mapOf(Node node) {
        float[] values = network.parameters().values();
        if (node.layer() instanceof BatchNorm norm) {
            return ChannelMap.of(norm, network.parametersOf(node), values);
        }
        return node.layer() instanceof BinaryParameter layer
                ? ChannelMap.of(layer, node, network.parametersOf(node).getFirst(), values) : null;
    }

    private void map(Node node, ChannelMap map, Value x, Value y) {
        String what = node.layer() instanceof BatchNorm ? "batch norm" : "scale";
        if (filterBefore(x) instanceof FilterOp filter && filter.fold(map, what)) {
            renameOutput(filter, x, y);
        } else if (normBefore(x) instanceof NormOp norm && norm.fold(map)) {
            renameOutput(norm, x, y);
        } else {
            add(new NormOp(node, batch, map, x, y));
        }
    }

    /** A hard sigmoid of another slope is the usual one of another scale. */
    private static boolean activate(FilterOp filter, ActivationLayer layer) {
        if (layer.activation() != null) {
            return filter.activate(layer.activation());
        }
        return layer instanceof HardSigmoid hard
                && filter.fold(ChannelMap.uniform(filter.channels(), 6 * hard.alpha(), 6 * (hard.beta() - 0.5f)), "scale")
                && filter.activate(Activation.HARD_SIGMOID);
    }

    /** Lets a map before a convolution be multiplied into its weights. */
    private FilterOp behindMap(FilterOp filter) {
        if (normBefore(filter.x) instanceof NormOp norm && filter.foldBefore(norm.map(), norm.x())) {
            drop(norm);
        }
        return filter;
    }

    private void drop(NormOp norm) {
        ops.remove(norm);
        makers.remove(norm.output);
    }

    /** Maps that are left go behind the activation of the convolution before them, if that can be. */
    private void rescaleInPlace() {
        for (Op op : List.copyOf(ops)) {
            if (op instanceof NormOp norm && filterBefore(norm.x()) instanceof FilterOp filter && filter.rescale(norm.map())) {
                drop(norm);
                renameOutput(filter, norm.x(), norm.output);
            }
        }
    }

    /** Along the last axis; other ones are the layer's own business. */
    private static boolean alongRows(Softmax softmax, Node node) {
        return softmax.axis() == -1 || softmax.axis() == node.shape().rank() - 1;
    }

    private static boolean sameSizes(Node node) {
        return node.inputShapes().stream().allMatch(shape -> shape.size() == node.shape().size());
    }

    /** Which input of a product has a factor for each channel of an example in the other one, or -1. */
    private static int gated(Node node) {
        for (int i = 0; i < 2; i++) {
            Shape x = node.inputShapes().get(i);
            Shape gate = node.inputShapes().get(1 - i);
            boolean ofChannels = gate.size() == gate.channels() && x.channels() == gate.channels() && x.size() > gate.size();
            if (ofChannels && x.size() == node.shape().size()) {
                return i;
            }
        }
        return -1;
    }

    private List<Value> inputsOf(Node node) {
        return node.inputs().stream().map(values::get).toList();
    }

    private void add(Op op) {
        if (op != null) {
            ops.add(op);
            makers.put(op.output, op);
        }
    }

    /** The convolution that made a value which nothing else reads, or null. */
    private FilterOp filterBefore(Value x) {
        return readers.get(x) == 1 && makers.get(x) instanceof FilterOp filter ? filter : null;
    }

    /** The map of channels that made a value which nothing else reads, or null. */
    private NormOp normBefore(Value x) {
        return readers.get(x) == 1 && makers.get(x) instanceof NormOp norm ? norm : null;
    }

    private void renameOutput(Op op, Value from, Value to) {
        makers.remove(from);
        op.output = to;
        makers.put(to, op);
    }

    /**
     * A sum of two, one of which comes from a convolution that can add the other: that convolution, and nothing new. It moves to the
     * end of the list, behind whatever makes the other; nobody has read it yet.
     */
    private Op join(Node node, Value y) {
        List<Value> inputs = inputsOf(node);
        if (inputs.size() == 2 && inputs.get(0) != inputs.get(1)) {
            ConvOp conv = latest(adder(inputs.get(0)), adder(inputs.get(1)));
            if (conv != null) {
                conv.addResidual(conv.output == inputs.get(0) ? inputs.get(1) : inputs.get(0));
                ops.remove(conv);
                ops.add(conv);
                renameOutput(conv, conv.output, y);
                return null;
            }
            for (int i = 0; i < 2; i++) {
                Value product = inputs.get(i);
                if (readers.get(product) == 1 && makers.get(product) instanceof GateOp gate && gate.add(inputs.get(1 - i))) {
                    ops.remove(gate);
                    ops.add(gate);
                    renameOutput(gate, gate.output, y);
                    return null;
                }
            }
        }
        return new AddOp(node, inputs, y);
    }

    private Op pool(Node node, PoolPlan plan, Value x, Value y) {
        if (filterBefore(x) instanceof ConvOp conv && conv.pool(plan)) {
            renameOutput(conv, x, y);
            return null;
        }
        return new PoolOp(node, plan, x, y);
    }

    private ConvOp adder(Value x) {
        return filterBefore(x) instanceof ConvOp conv && conv.takesResidual() ? conv : null;
    }

    private ConvOp latest(ConvOp a, ConvOp b) {
        return a == null || b != null && ops.indexOf(b) > ops.indexOf(a) ? b : a;
    }

    /** The network's inputs and outputs are read and written where the caller has them. */
    private void placeAtCaller() {
        for (int i = 0; i < network.inputs().size(); i++) {
            values.get(network.inputs().get(i)).placeAt(Value.Kind.INPUT, i);
        }
        for (int i = 0; i < network.outputs().size(); i++) {
            Node node = network.outputs().get(i);
            Value value = values.get(node);
            if (value.kind() == Value.Kind.ARENA) {
                value.placeAt(Value.Kind.OUTPUT, i);
            } else { // an input under another name, or an output that was asked for twice
                Value copy = new Value(node, batch, each);
                copy.placeAt(Value.Kind.OUTPUT, i);
                ops.add(new CopyOp(node, value, copy));
            }
        }
    }

    /** Outer concatenations first, so that an inner one is a part by the time its own inputs ask. */
    private void writeConcatenationsInPlace() {
        for (int i = ops.size() - 1; i >= 0; i--) {
            if (ops.get(i) instanceof ConcatOp concat) {
                concat.writeInPlace(part -> readers.get(part) == 1 && part.kind() == Value.Kind.ARENA
                        && makers.get(part) instanceof Op maker && maker.writesParts());
            }
        }
        ops.removeIf(op -> op instanceof ConcatOp concat && concat.isDone());
    }

    /** An operation may write over an input that nobody reads after it. */
    private void overwriteInPlace() {
        Set<Value> readLater = new HashSet<>();
        Map<Op, Value> targets = new HashMap<>();
        for (int i = ops.size() - 1; i >= 0; i--) {
            Op op = ops.get(i);
            for (Value input : op.reads()) {
                boolean free = input.isRoot() && input.kind() == Value.Kind.ARENA && !readLater.contains(input);
                if (free && op.output.isRoot() && op.output.length == input.length && op.mayOverwrite(input)) {
                    targets.putIfAbsent(op, input);
                }
            }
            readLater.addAll(op.reads());
        }
        // From the first to the last: a chain of operations then shares the memory of its first value.
        for (Op op : ops) {
            Value target = targets.get(op);
            if (target != null) {
                share(op.output, target);
            }
        }
    }

    private static void share(Value output, Value input) {
        if (output.kind() == Value.Kind.ARENA) {
            output.shareWith(input);
        } else if (input.root().kind() == Value.Kind.ARENA) { // the last of a chain is the caller's: the chain lives there
            input.root().shareWith(output);
        }
    }
}
