package lanewise.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lanewise.infer.Predictor;
import lanewise.infer.PredictorOptions;
import lanewise.layer.Network;
import lanewise.onnx.lower.CheckedGraph;
import lanewise.onnx.lower.Program;
import lanewise.onnx.lower.Specialization;
import lanewise.onnx.proto.ModelProto;
import lanewise.onnx.proto.NodeProto;
import lanewise.onnx.proto.ValueInfoProto;

/**
 * A model that was read: makes networks of it, and runs it.
 *
 * <p>Tensors keep the order that the model's author gave them, channels first. If the operators treat each example of a batch by
 * itself, a network has inputs without the batch's axis and serves any batch; if they mix examples, its one example is the whole
 * tensor.
 *
 * <p>Sizes that the model leaves open are fixed when a network is made. {@link #run} makes one for each combination of sizes that
 * it meets, and remembers the latest ones.
 *
 * <p>Immutable but for that memory; any number of threads may use it.
 */
public final class OnnxModel {

    /** How many combinations of sizes {@link #run} remembers, if they take no more than a quarter of the heap together. */
    public static final int REMEMBERED = 8;

    private final Path path;
    private final ModelProto file;
    private final CheckedGraph graph;
    private final List<OnnxValue> inputs;
    private final List<OnnxValue> defaults;
    private final List<OnnxValue> outputs;
    private final Set<String> demanded;
    private final boolean channelsLast;
    private final Map<Specifics, CompiledProgram> compiled = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Specifics, CompiledProgram> eldest) {
            return size() > REMEMBERED;
        }
    };

    OnnxModel(Path path, ModelProto file, CheckedGraph graph) {
        this(path, file, graph, false);
    }

    private OnnxModel(Path path, ModelProto file, CheckedGraph graph, boolean channelsLast) {
        this.path = path;
        this.file = file;
        this.graph = graph;
        this.inputs = graph.inputs().stream().map(OnnxValue::of).toList();
        this.defaults = graph.defaults().stream().map(OnnxValue::of).toList();
        this.outputs = graph.outputs().stream().map(OnnxValue::of).toList();
        this.demanded = Specialization.demanded(graph);
        this.channelsLast = channelsLast;
    }

    /**
     * The same model, whose networks and predictors take inputs of three axes and more with their channels last, as
     * {@link lanewise.infer.ImageInput} makes them: nothing is transposed then. Sizes are still told in the order of the model's
     * author, and {@link #run} takes its tensors so.
     */
    public OnnxModel channelsLast() {
        return new OnnxModel(path, file, graph, true);
    }

    /** What a caller gives: the inputs without those that have a default in the file. */
    public List<OnnxValue> inputs() {
        return inputs;
    }

    /** What a caller gets. */
    public List<OnnxValue> outputs() {
        return outputs;
    }

    /** The operator set. */
    public int opset() {
        return graph.opset();
    }

    /**
     * The network for the sizes that the model declares, an open batch taken for 1: it serves any. If the model would compute
     * something else for another batch than for its examples one by one, the network's one example is a whole tensor with a batch
     * of 1.
     *
     * @throws IllegalArgumentException if other sizes are open
     * @throws OnnxException with every node that cannot become layers
     */
    public Network network() {
        return network(Map.of());
    }

    /**
     * The network for inputs of these sizes, batch included.
     *
     * @param sizes sizes by the name of the input; those left out are as the model declares them
     * @throws IllegalArgumentException if a size contradicts the model, or one is still open
     * @throws OnnxException with every node that cannot become layers
     */
    public Network network(Map<String, int[]> sizes) {
        Map<String, int[]> all = complete(sizes);
        check(all);
        try {
            return onlyNetwork(isBatchOpen() ? Specialization.ofAnyBatch(graph, Map.of(), all, channelsLast)
                    : Specialization.of(graph, Map.of(), all, channelsLast));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether every input leaves its first size open. */
    private boolean isBatchOpen() {
        return inputs.stream().allMatch(input -> input.dims() == null || !input.dims().isEmpty() && input.dims().getFirst() < 0);
    }

    private Network onlyNetwork(Program program) {
        if (program.network() == null) {
            throw new IllegalArgumentException(path + ": no output depends on the inputs: there is no network to make");
        }
        return program.network();
    }

    /**
     * A predictor for inputs of these sizes, batch included: its batch is that of the sizes if examples are independent, or else 1.
     *
     * @param sizes as for {@link #network(Map)}
     * @param options how to compile; the batch is replaced
     */
    public Predictor predictor(Map<String, int[]> sizes, PredictorOptions options) {
        Program program = program(Map.of(), complete(sizes), channelsLast);
        return Predictor.compile(onlyNetwork(program), options.batch(program.batch()));
    }

    /** The sizes of all inputs: given, or else declared. */
    private Map<String, int[]> complete(Map<String, int[]> given) {
        Map<String, int[]> sizes = new LinkedHashMap<>();
        for (OnnxValue input : inputs) {
            int[] own = given.get(input.name());
            if (own == null && input.dims() != null) {
                own = input.dims().stream().mapToInt(Integer::intValue).toArray();
                own = own.length > 0 && own[0] < 0 ? withBatchOfOne(own) : own;
            }
            if (own == null || Arrays.stream(own).anyMatch(size -> size < 0)) {
                throw new IllegalArgumentException("sizes of input " + input + " are open: say them, batch included");
            }
            sizes.put(input.name(), own);
        }
        for (String name : given.keySet()) {
            if (!sizes.containsKey(name)) {
                throw new IllegalArgumentException("no input is called " + name + ", there are " + inputs);
            }
        }
        return sizes;
    }

    private static int[] withBatchOfOne(int[] sizes) {
        sizes[0] = 1;
        return sizes;
    }

    private Program program(Map<String, OnnxTensor> known, Map<String, int[]> sizes, boolean lastChannels) {
        check(sizes);
        try {
            return Specialization.of(graph, known, sizes, lastChannels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void check(Map<String, int[]> sizes) {
        for (OnnxValue input : inputs) {
            if (sizes.containsKey(input.name())) {
                checkSizes(input, sizes.get(input.name()));
                if (Arrays.stream(sizes.get(input.name())).anyMatch(size -> size < 1)) {
                    throw new IllegalArgumentException("sizes of input " + input + " are "
                            + Arrays.toString(sizes.get(input.name()))
                            + ", must be at least 1");
                }
                if (demanded.contains(input.name())) {
                    throw new IllegalArgumentException("the value of input " + input
                            + " must be known before a network can be made: give it to run");
                }
            }
        }
    }

    private static void checkSizes(OnnxValue input, int[] sizes) {
        if (!input.takes(sizes)) {
            throw new IllegalArgumentException("sizes of input " + input + " are given as " + Arrays.toString(sizes));
        }
    }

    /** {@link #run(Map)} for a model of one input and one output. */
    public OnnxTensor run(OnnxTensor input) {
        if (inputs.size() != 1 || outputs.size() != 1) {
            throw new IllegalArgumentException("the model has inputs " + inputs + " and outputs " + outputs
                    + ": give them by name");
        }
        return run(Map.of(inputs.getFirst().name(), input)).get(outputs.getFirst().name());
    }

    /**
     * Computes all outputs. The first call for new sizes compiles; for steady work without garbage use {@link #predictor}.
     *
     * @param given a tensor for each input, by name; a default of the file may be overridden
     * @throws IllegalArgumentException if one is missing, unknown, or of another type or other sizes than the model declares
     * @throws OnnxException with every node that cannot become layers
     */
    public Map<String, OnnxTensor> run(Map<String, OnnxTensor> given) {
        Map<String, OnnxTensor> known = new HashMap<>();
        Map<String, OnnxTensor> fed = new LinkedHashMap<>();
        for (OnnxValue input : inputs) {
            OnnxTensor tensor = given.get(input.name());
            if (tensor == null) {
                throw new IllegalArgumentException("input " + input + " is missing, given are " + given);
            }
            check(input, tensor);
            (demanded.contains(input.name()) || tensor.size() == 0 ? known : fed).put(input.name(), tensor);
        }
        for (String name : given.keySet()) {
            if (!fed.containsKey(name) && !known.containsKey(name)) {
                OnnxValue override = defaults.stream().filter(value -> value.name().equals(name)).findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no input is called " + name + ", there are " + inputs));
                check(override, given.get(name));
                known.put(name, given.get(name));
            }
        }
        CompiledProgram program = compiled(known, fed);
        try {
            return program.run(fed);
        } catch (IllegalStateException e) { // its warm-up has failed, for want of memory, say: the next call compiles again
            synchronized (compiled) {
                compiled.values().remove(program);
            }
            throw e;
        }
    }

    private static void check(OnnxValue input, OnnxTensor tensor) {
        checkSizes(input, tensor.dims());
        if (input.type() != null && input.type() != tensor.type()) {
            throw new IllegalArgumentException("input " + input + " is given as " + tensor);
        }
    }

    private CompiledProgram compiled(Map<String, OnnxTensor> known, Map<String, OnnxTensor> fed) {
        Specifics specifics = Specifics.of(known, fed);
        synchronized (compiled) {
            CompiledProgram found = compiled.get(specifics);
            if (found == null) {
                Map<String, int[]> sizes = new LinkedHashMap<>();
                fed.forEach((name, tensor) -> sizes.put(name, tensor.dims()));
                found = new CompiledProgram(program(known, sizes, false));
                compiled.put(specifics, found);
                forget();
            }
            return found;
        }
    }

    /** Drops programs that were not used for long while all of them take more than a quarter of the heap. */
    private void forget() {
        long bytes = compiled.values().stream().mapToLong(CompiledProgram::bytes).sum();
        Iterator<CompiledProgram> eldest = compiled.values().iterator();
        while (bytes > CompiledProgram.MOST_BYTES && compiled.size() > 1) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    /** The graph as the file has it, and, if all sizes are declared, the layers and the steps that became of it. */
    public String describe() {
        StringBuilder text = new StringBuilder(before());
        try {
            text.append(after(complete(Map.of())));
        } catch (IllegalArgumentException | OnnxException e) {
            text.append("after: ").append(e.getMessage()).append('\n');
        }
        return text.toString();
    }

    /** The same for inputs of these sizes. */
    public String describe(Map<String, int[]> sizes) {
        return before() + after(complete(sizes));
    }

    private String before() {
        StringBuilder text = new StringBuilder();
        text.append(path.getFileName()).append(", opset ").append(graph.opset());
        text.append(file.producer().isEmpty() ? "" : ", by " + file.producer()).append('\n');
        text.append("before: ").append(inputs).append(" -> ").append(outputs).append('\n');
        for (NodeProto node : graph.nodes()) {
            text.append("  ").append(CheckedGraph.title(node)).append(' ').append(node.inputs());
            text.append(" -> ").append(node.outputs()).append('\n');
        }
        return text.toString();
    }

    private String after(Map<String, int[]> sizes) {
        Program program = program(Map.of(), sizes, channelsLast);
        if (program.network() == null) {
            return "after: constants only\n";
        }
        PredictorOptions options = PredictorOptions.defaults().batch(program.batch()).withoutWarmUp();
        return "after:\n" + program.network().summary() + "\n" + Predictor.compile(program.network(), options).describe() + "\n";
    }

    /** All inputs in the order of the file, those with a default among them. */
    List<String> declaredInputs() {
        return file.graph().inputs().stream().map(ValueInfoProto::name).toList();
    }

    /** How many programs {@link #run} holds. */
    int remembered() {
        synchronized (compiled) {
            return compiled.size();
        }
    }

    /** Where it was read from. */
    @Override
    public String toString() {
        return path + " " + inputs + " -> " + outputs;
    }
}
