package lanewise.onnx.lower;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import lanewise.internal.Quoted;
import lanewise.layer.Context;
import lanewise.layer.Network;
import lanewise.layer.Node;
import lanewise.layer.Reshape;
import lanewise.layer.Shape;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxException;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.fold.Folder;
import lanewise.onnx.lower.Operators.Operator;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.ValueInfoProto;

/**
 * Makes the network of a graph for given sizes of its inputs: walks the nodes once, evaluates what depends on constants only,
 * lowers the rest.
 *
 * <p>First it takes axis 0 of the inputs for a batch of independent examples, so that the network serves any batch. If an operator
 * mixes examples, it starts again with the whole tensor as the one example.
 */
public final class Specialization {

    private final CheckedGraph graph;
    private final Map<String, OnnxTensor> known;
    private final Map<String, int[]> computed;
    private final Builder builder;
    private final boolean channelsLast;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();
    /** Those of {@link #readers} that are still to come. */
    private final Map<String, Integer> left = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    /** Exceptions that no lowering has meant to throw. */
    private final List<RuntimeException> accidents = new ArrayList<>();
    private final Budget budget = new Budget();
    private List<Node> ends = List.of();

    private Specialization(CheckedGraph graph, Map<String, OnnxTensor> known, Map<String, int[]> computed, boolean batchwise,
            boolean channelsLast) {
        this.graph = graph;
        this.known = known;
        this.computed = computed;
        this.builder = new Builder(batchwise);
        this.channelsLast = channelsLast;
    }

    /** The names of the inputs whose values, not sizes alone, must be given. */
    public static java.util.Set<String> demanded(CheckedGraph graph) {
        return Demands.of(graph);
    }

    /**
     * The network of a graph.
     *
     * @param known values of those inputs that are known, and of defaults that are overridden
     * @param computed sizes of the other inputs, in the model's order
     * @param channelsLast whether inputs of three axes and more are given with their channels, axis 1 for the author, last
     * @throws OnnxException with every node that cannot be lowered
     * @throws IOException if a constant cannot be read
     */
    public static Program of(CheckedGraph graph, Map<String, OnnxTensor> known, Map<String, int[]> computed, boolean channelsLast)
            throws IOException {
        try {
            if (mayBeBatch(computed)) {
                try {
                    return new Specialization(graph, known, computed, true, channelsLast).run();
                } catch (NotBatchwiseException e) {
                    // an operator mixes examples: below, all of them are one
                }
            }
            return new Specialization(graph, known, computed, false, channelsLast).run();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * The network of a graph whose batch is open, taken for 1: it reads the inputs as a batch of examples only if it would be the
     * same for another batch. A graph that counts its examples, or joins them to other axes, would not; there the whole tensor is
     * one example.
     */
    public static Program ofAnyBatch(CheckedGraph graph, Map<String, OnnxTensor> known, Map<String, int[]> computed,
            boolean channelsLast)
            throws IOException {
        Program program = of(graph, known, computed, channelsLast);
        if (!program.batchwise() || program.network() == null || isSame(program.network(), graph, known, computed, channelsLast)) {
            return program;
        }
        return new Specialization(graph, known, computed, false, channelsLast).run();
    }

    private static boolean isSame(Network network, CheckedGraph graph, Map<String, OnnxTensor> known, Map<String, int[]> computed,
            boolean channelsLast) throws IOException {
        int other = IntStream.iterate(5, batch -> batch + 2).filter(batch -> computed.values().stream()
                .allMatch(dims -> Arrays.stream(dims).noneMatch(size -> size % batch == 0))).findFirst().orElseThrow();
        Map<String, int[]> changed = new LinkedHashMap<>();
        computed.forEach((name, dims) -> {
            int[] sizes = dims.clone();
            sizes[0] = other;
            changed.put(name, sizes);
        });
        Specialization second = new Specialization(graph, known, changed, true, channelsLast);
        try {
            second.walk();
            return second.builder.makes(network, second.ends);
        } catch (NotBatchwiseException | OnnxException | Refusal e) { // the last two: this batch is refused, but not every one need be
            return false;
        }
    }

    private static boolean mayBeBatch(Map<String, int[]> computed) {
        int[] first = computed.values().stream().findFirst().orElse(new int[0]);
        return computed.values().stream().allMatch(dims -> dims.length > 0 && dims[0] == first[0]);
    }

    private Program run() throws IOException {
        List<Program.Output> outputs = walk();
        int batch = builder.batchwise() ? computed.values().stream().findFirst().map(dims -> dims[0]).orElse(1) : 1;
        Network network = null;
        if (!ends.isEmpty()) {
            try {
                budget.check(builder.summary(ends), batch);
                network = builder.network(ends);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new OnnxException(List.of("the whole network: " + e.getMessage()));
            }
        }
        return new Program(network, network == null ? List.of() : fed(network), outputs, batch, builder.batchwise());
    }

    /** Lowers all nodes. */
    private List<Program.Output> walk() throws IOException {
        countReaders();
        known.forEach((name, tensor) -> values.put(name, new Value.Constant(tensor)));
        computed.forEach((name, dims) -> values.put(name, input(name, dims)));
        for (NodeProto node : graph.nodes()) {
            if (!lower(node)) {
                node.outputs().forEach(output -> values.put(output, null)); // what depends on it is no further problem
            }
            node.inputs().forEach(this::wasRead);
        }
        List<Node> nodes = new ArrayList<>();
        List<Program.Output> outputs = new ArrayList<>();
        for (ValueInfoProto output : graph.outputs()) {
            if (values(List.of(output.name())) instanceof List<Value> list && list.getFirst() != null) {
                outputs.add(output(output, list.getFirst(), nodes));
            }
        }
        if (!problems.isEmpty()) {
            OnnxException refusal = new OnnxException(problems);
            accidents.forEach(refusal::addSuppressed);
            throw refusal;
        }
        ends = nodes;
        return outputs;
    }

    private void countReaders() {
        graph.nodes().forEach(node -> node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
        graph.outputs().forEach(output -> readers.merge(output.name(), 1, Integer::sum));
        left.putAll(readers);
    }

    /** A constant that nothing reads any more need not be held: its numbers are parameters of layers by now. */
    private void wasRead(String name) {
        if (left.merge(name, -1, Integer::sum) == 0 && values.get(name) instanceof Value.Constant constant
                && !known.containsKey(name)) {
            budget.release(constant.tensor());
            values.put(name, null);
        }
    }

    private void put(String name, Value value) {
        if (value instanceof Value.Constant constant && constant.tensor() != null) {
            Budget.check(constant.dims());
            budget.hold(constant.tensor());
        } else if (value instanceof Tensor tensor) {
            Budget.check(tensor.dims());
        }
        values.put(name, value);
    }

    private Tensor input(String name, int[] dims) {
        Budget.check(dims);
        int batch = builder.batchwise() ? 0 : -1;
        int[] axes = Axes.identity(dims.length);
        int[] lying = channelsLast && dims.length > 2
                ? Axes.concat(Arrays.stream(axes).filter(axis -> axis != 1).toArray(), 1) : axes;
        int[] order = Arrays.stream(lying).filter(axis -> axis != batch).toArray();
        return Tensor.of(builder.input(name, Axes.shape(Axes.pick(dims, order))), dims, batch, order);
    }

    /** The model's inputs that the network still has, in its order; others feed sizes only. */
    private List<String> fed(Network network) {
        Map<Node, String> names = new LinkedHashMap<>();
        computed.keySet().forEach(name -> names.put(((Tensor) values.get(name)).node(), name));
        return network.inputs().stream().map(names::get).toList();
    }

    private Program.Output output(ValueInfoProto info, Value value, List<Node> nodes) {
        return switch (value) {
            case Value.Constant c -> new Program.Output(info.name(), c.tensor().type(), c.tensor(), -1, c.dims(), -1);
            case Tensor t -> {
                Layouts layouts = new Layouts(builder, info.name());
                Shape shape = Axes.shape(Axes.pick(t.dims(), t.axes()));
                Node node = layouts.node(t, t.axes());
                if (node.layer() == null || nodes.contains(node)) {
                    node = builder.layer(info.name(), new Reshape(shape), node);
                }
                nodes.add(node);
                ElementType type = info.elementType() == 0 ? ElementType.FLOAT : ElementType.of(info.elementType());
                yield new Program.Output(info.name(), type, null, nodes.size() - 1, t.dims(), t.batch());
            }
        };
    }

    /** The values of some names: null where a name is empty. A constant of the file is read when the first node asks. */
    private List<Value> values(List<String> names) throws IOException {
        List<Value> list = new ArrayList<>();
        for (String name : names) {
            if (!name.isEmpty() && !values.containsKey(name)) {
                try {
                    put(name, new Value.Constant(graph.tensors().read(graph.initializers().get(name))));
                } catch (IllegalArgumentException e) {
                    problems.add("initializer " + Quoted.text(name) + ": " + e.getMessage());
                    values.put(name, null);
                }
            }
            list.add(name.isEmpty() ? null : values.get(name));
        }
        return list;
    }

    /** Whether the node's outputs are known now; if not, the reason stands among the problems. */
    private boolean lower(NodeProto node) throws IOException {
        List<Value> inputs = values(node.inputs());
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) == null && !node.inputs().get(i).isEmpty()) {
                return false; // it depends on a node that failed
            }
        }
        try {
            List<Value> results = inputs.stream().allMatch(value -> value == null || value instanceof Value.Constant)
                    ? evaluate(node, inputs) : lower(node, inputs);
            for (int i = 0; i < node.outputs().size(); i++) {
                if (!node.outputs().get(i).isEmpty()) {
                    if (i >= results.size()) {
                        throw new Refusal("output " + i + " is not supported");
                    }
                    put(node.outputs().get(i), results.get(i));
                }
            }
            return true;
        } catch (IllegalArgumentException | ArithmeticException | IllegalStateException e) {
            problems.add(CheckedGraph.title(node) + ": " + e.getMessage());
            return false;
        } catch (NullPointerException | IndexOutOfBoundsException e) { // inputs or attributes that no lowering has foreseen
            problems.add(CheckedGraph.title(node) + ": inputs " + node.inputs() + " cannot be understood: " + e);
            accidents.add(e);
            return false;
        }
    }

    private List<Value> lower(NodeProto node, List<Value> inputs) {
        Operator operator = Operators.find(node.opType());
        if (operator == null) {
            throw new Refusal("operator " + node.opType() + (Folder.knows(node.opType())
                    ? " is supported on constants only" : " is not supported"));
        }
        int given = inputs.size();
        while (given > 0 && inputs.get(given - 1) == null) { // left out at the end by an empty name
            given--;
        }
        if (builder.size() > Budget.NODES) {
            throw new Refusal("a network has at most " + Budget.NODES + " layers");
        }
        if (given < operator.least() || given > operator.most()) {
            throw new Refusal("has " + given + " inputs, must have " + operator.least() + " to " + operator.most());
        }
        String name = node.name().isEmpty() ? node.outputs().getFirst() : node.name();
        List<Boolean> last = node.inputs().stream().map(input -> readers.getOrDefault(input, 0) == 1).toList();
        Call call = new Call(node, name, graph.opset(), inputs.subList(0, given), last, builder, graph.tensors());
        List<Value> results = operator.lowering().apply(call);
        if (!call.attributes.unread().isEmpty()) {
            throw new Refusal("attributes " + call.attributes.unread() + " are unknown for opset " + graph.opset());
        }
        return results;
    }

    private List<Value> evaluate(NodeProto node, List<Value> inputs) throws IOException {
        List<OnnxTensor> constants = inputs.stream().map(value -> value == null ? null
                : ((Value.Constant) value).tensor()).toList();
        budget.compute(work(node, constants));
        List<OnnxTensor> results = Folder.knows(node.opType())
                ? Folder.evaluate(node, graph.opset(), constants, graph.tensors()) : computed(node, constants);
        results.stream().filter(Objects::nonNull).forEach(result -> budget.compute(result.size()));
        List<Value> list = new ArrayList<>();
        results.forEach(result -> list.add(new Value.Constant(result)));
        return list;
    }

    /** Elements that are read, and for a product of matrices how often. */
    private static long work(NodeProto node, List<OnnxTensor> constants) {
        long read = constants.stream().filter(Objects::nonNull).mapToLong(OnnxTensor::size).sum();
        boolean product = node.opType().equals("MatMul") || node.opType().equals("Gemm");
        if (!product || constants.size() < 2 || constants.get(1) == null) {
            return read;
        }
        OnnxTensor second = constants.get(1);
        long columns = Arrays.stream(second.dims()).skip(Math.max(0, second.rank() - 2)).max().orElse(1);
        return read + (constants.getFirst() == null ? 0 : constants.getFirst().size() * columns);
    }

    /** Constants of an operator that only the network knows: a network of this node alone, with its first input as input. */
    private List<OnnxTensor> computed(NodeProto node, List<OnnxTensor> constants) throws IOException {
        if (constants.isEmpty() || constants.getFirst() == null || constants.getFirst().type() != ElementType.FLOAT
                || constants.getFirst().size() == 0) {
            throw new Refusal("operator " + node.opType() + " is not supported on " + constants);
        }
        List<String> names = new ArrayList<>();
        Map<String, OnnxTensor> others = new LinkedHashMap<>();
        for (int i = 0; i < constants.size(); i++) {
            names.add(constants.get(i) == null ? "" : "input" + i);
            if (i > 0 && constants.get(i) != null) {
                others.put("input" + i, constants.get(i));
            }
        }
        List<ValueInfoProto> wanted = node.outputs().stream().filter(name -> !name.isEmpty())
                .map(name -> new ValueInfoProto(name, 0, null)).toList();
        NodeProto alone = new NodeProto(node.name(), node.opType(), node.domain(), names, node.outputs(), node.attributes());
        CheckedGraph single = new CheckedGraph(graph.opset(), List.of(alone), Map.of(), List.of(), List.of(), wanted,
                graph.tensors());
        OnnxTensor x = constants.getFirst();
        Program program = new Specialization(single, others, Map.of("input0", x.dims()), false, false).run();
        Map<String, OnnxTensor> results = run(program, x);
        return node.outputs().stream().map(results::get).toList();
    }

    private static Map<String, OnnxTensor> run(Program program, OnnxTensor x) {
        Context context = program.network() == null ? null : program.network().newContext(1);
        if (context != null) {
            System.arraycopy(x.floats(), 0, context.input(), 0, x.size());
            context.forward(1);
        }
        Map<String, OnnxTensor> results = new HashMap<>();
        for (Program.Output output : program.outputs()) {
            float[] y = output.known() != null ? null
                    : context.activation(program.network().outputs().get(output.index()).name());
            results.put(output.name(), y == null ? output.known()
                    : OnnxTensor.of(Arrays.copyOf(y, OnnxTensor.size(output.dims())), output.dims()));
        }
        return results;
    }
}
