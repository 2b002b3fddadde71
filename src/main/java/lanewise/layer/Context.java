package lanewise.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import lanewise.internal.Checks;
import lanewise.internal.simd.Simd;
import lanewise.kernel.Workspace;
import lanewise.kernel.WriteMode;

/**
 * What one caller needs to run a {@link Network}: activations, and in training gradients and what layers keep between forward and
 * backward. All arrays are channels-last, {@code float[n * shape.size()]} in use, and live: the caller fills {@link #input} and reads
 * {@link #output} without a copy. After the first call of a batch size a call allocates nothing.
 *
 * <pre>
 * Context context = network.newTrainingContext(64, seed);
 * fill(context.input());
 * context.forward(64, true);
 * loss.gradient(context.output(), labels, context.outputGradient());
 * context.backward(64);
 * optimizer.step(network.parameters(), context.gradients());
 * </pre>
 *
 * <p>Not thread-safe. Several contexts may share a network, each with a thread of its own; but while one of them trains, or whoever else
 * changes {@link Parameters}, the others must not compute.
 */
public final class Context {

    /** How many batch sizes keep their plans: the whole batch and the rest at the end of an epoch, each for two purposes. */
    private static final int BOUND_SIZES = 4;

    private final Network network;
    private final ContextOptions options;
    private final List<Node> nodes;
    private final Map<Node, Integer> indexOf;
    private final Set<Parameter> trained;
    private final Memory memory;
    final float[][] buffers;
    private final Gradients gradients;
    private final SharedFilters filters;
    private final Frame[] forwardFrames;
    private final Frame[] backwardFrames;
    private final Chains forwardChains;
    private final Chains backwardChains;
    private final int[] boundSizes = new int[BOUND_SIZES];
    private final LayerRun[][] boundRuns = new LayerRun[BOUND_SIZES][];
    private int nextSlot;
    private Workspace workspace;
    private long step;
    private int forwarded;

    Context(Network network, ContextOptions options) {
        this.network = network;
        this.options = options;
        this.nodes = network.nodes();
        this.indexOf = Memory.indices(nodes);
        this.trained = trained(network, options);
        this.memory = memory(network, options, wantsGradient(network, options));
        this.buffers = buffers();
        this.gradients = options.training() ? new Gradients(network.parameters(), options.threads()) : null;
        this.filters = options.training() ? new SharedFilters() : null;
        this.forwardFrames = frames(memory.forward);
        this.backwardFrames = frames(memory.backward);
        this.workspace = new Workspace(0, options.threads());
        LayerRun[] bound = runsFor(options.batch());
        this.forwardChains = new Chains(memory.forward, nodes, bound);
        this.backwardChains = new Chains(memory.backward, nodes, bound);
    }

    /** A node wants its gradient if something that is trained lies at it or before it. */
    static boolean[] wantsGradient(Network network, ContextOptions options) {
        List<Node> nodes = network.nodes();
        Map<Node, Integer> indexOf = Memory.indices(nodes);
        boolean[] wants = new boolean[nodes.size()];
        for (int i = 0; options.training() && i < nodes.size(); i++) {
            Node node = nodes.get(i);
            wants[i] = node.layer() == null ? options.inputGradient()
                    : network.parametersOf(node).stream().anyMatch(network.parameters()::isTrained)
                            || node.inputs().stream().anyMatch(input -> wants[indexOf.get(input)]);
        }
        return wants;
    }

    /** Throws if an array would be too long. */
    static Memory memory(Network network, ContextOptions options, boolean[] wants) {
        Memory memory = options.training() ? Memory.training(network.nodes(), network.outputs(), wants, options.keep())
                : Memory.predicting(network.nodes(), network.outputs(), options.keep());
        for (long size : memory.sizes) {
            long length = size * options.batch();
            if (length > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("batch is " + options.batch() + ": an activation would have " + length
                        + " elements, more than the " + Integer.MAX_VALUE + " a Java array can hold");
            }
        }
        return memory;
    }

    static Set<Parameter> trained(Network network, ContextOptions options) {
        Parameters parameters = network.parameters();
        return parameters.views().stream().filter(view -> options.training() && parameters.isTrained(view)).collect(Collectors.toSet());
    }

    static Binding binding(Network network, ContextOptions options, Set<Parameter> trained, Node node, int n) {
        List<Parameter> own = network.parametersOf(node);
        return new Binding(n, node.inputShapes(), node.shape(), own, own.stream().map(trained::contains).toList(), options.winograd());
    }

    /** The run of a node's calls; that of a pair's second does the work of both. */
    static LayerRun newRun(Network network, ContextOptions options, Set<Parameter> trained, Memory memory, int node, int n) {
        List<Node> nodes = network.nodes();
        if (node > 0 && memory.isPaired(node - 1)) {
            Node first = nodes.get(node - 1);
            return ((Conv2d) first.layer()).newPooledRun(binding(network, options, trained, first, n));
        }
        return nodes.get(node).layer().newRun(binding(network, options, trained, nodes.get(node), n));
    }

    private float[][] buffers() {
        float[][] made = new float[memory.sizes.length][];
        for (int i = 0; i < made.length; i++) {
            made[i] = new float[(int) memory.sizes[i] * options.batch()];
        }
        return made;
    }

    private float[] array(Memory.Life life) {
        return life == null ? null : buffers[life.buffer()];
    }

    private float[][] arrays(Memory.Life[] lives) {
        return Arrays.stream(lives).map(this::array).toArray(float[][]::new);
    }

    private Frame[] frames(List<Memory.Call> calls) {
        return calls.stream().map(call -> new Frame(network.parameters(), arrays(call.x()), array(call.y()), array(call.dy()),
                arrays(call.dx()), call.dxModes(), gradients)).toArray(Frame[]::new);
    }

    private LayerRun[] runsFor(int n) {
        for (int slot = 0; slot < BOUND_SIZES; slot++) {
            if (boundSizes[slot] == n) {
                return boundRuns[slot];
            }
        }
        LayerRun[] bound = bind(n);
        boundSizes[nextSlot] = n;
        boundRuns[nextSlot] = bound;
        nextSlot = (nextSlot + 1) % BOUND_SIZES;
        return bound;
    }

    private LayerRun[] bind(int n) {
        LayerRun[] bound = new LayerRun[nodes.size()];
        int need = workspace.floatsPerWorker();
        for (int i = 0; i < bound.length; i++) {
            if (memory.isCalled(i)) {
                bound[i] = newRun(network, options, trained, memory, i, n);
                need = Math.max(need, bound[i].workspaceFloats());
            }
        }
        if (need > workspace.floatsPerWorker()) {
            workspace = new Workspace(workspaceFloats(need, options), options.threads());
        }
        return bound;
    }

    /** Floats for each worker where {@code need} are needed: a step spends its time in this array, so it is to begin at a cache line. */
    static int workspaceFloats(int need, ContextOptions options) {
        int count = options.threads().count();
        return options.training() ? Math.toIntExact(Math.ceilDiv(Simd.largeLength((long) need * count), count)) : need;
    }

    /** The network that is run. */
    public Network network() {
        return network;
    }

    /** How this context was made. */
    public ContextOptions options() {
        return options;
    }

    /** The array of the only input, to be filled before {@link #forward}. */
    public float[] input() {
        return array(memory.activation(indexOf.get(Network.only(network.inputs(), "inputs"))));
    }

    /** The array of the input of this name. */
    public float[] input(String name) {
        Node node = network.node(name);
        if (node.layer() != null) {
            throw new IllegalArgumentException(node + " is no input; there are " + network.inputs());
        }
        return array(memory.activation(indexOf.get(node)));
    }

    /** The array of the only output, filled by {@link #forward}. */
    public float[] output() {
        return array(memory.activation(indexOf.get(Network.only(network.outputs(), "outputs"))));
    }

    /** Where the gradient of the loss by the only output goes before {@link #backward}, which overwrites it. */
    public float[] outputGradient() {
        return gradient(Network.only(network.outputs(), "outputs").name());
    }

    /**
     * The activation of a node, after {@link #forward} and before {@link #backward}.
     *
     * @throws IllegalStateException if nothing needs it any longer, so that something else may be there;
     *     {@link ContextOptions#keeping} all of them helps
     */
    public float[] activation(String name) {
        Node node = network.node(name);
        Memory.Life life = memory.activation(indexOf.get(node));
        if (life == null) {
            throw new IllegalStateException("activation of " + node + " is not kept: only a context whose options keep all shows it");
        }
        return array(life);
    }

    /**
     * The gradient of an output before {@link #backward}, or of an input after it.
     *
     * @throws IllegalStateException if it is not computed, or dropped on the way, or this context only predicts
     */
    public float[] gradient(String name) {
        Node node = network.node(name);
        Memory.Life life = memory.heldGradient(indexOf.get(node));
        if (life == null) {
            checkTraining();
            throw new IllegalStateException("gradient of " + node + (memory.hasGradient(indexOf.get(node))
                    ? " is not kept: only those of outputs and, where the options ask for it, of inputs are"
                    : " is not computed: nothing before it is trained, nor do the options ask for an input's"));
        }
        return array(life);
    }

    /** The gradients of the parameters, after {@link #backward}. */
    public Gradients gradients() {
        checkTraining();
        return gradients;
    }

    /** How many training forwards there have been; dropout draws by it, so a resumed run sets it. */
    public long step() {
        return step;
    }

    /** Sets {@link #step}. */
    public void step(long step) {
        this.step = step;
    }

    /** {@link #forward(int, boolean)} outside training. */
    public void forward(int n) {
        forward(n, false);
    }

    /**
     * Computes the outputs of the first {@code n} examples of the inputs.
     *
     * @param n from 1 to {@link ContextOptions#batch}
     * @param training whether dropout drops and batch normalisation uses and records the batch's own moments
     * @throws IllegalArgumentException if n is out of range
     * @throws IllegalStateException if {@code training} in a context that cannot
     */
    public void forward(int n, boolean training) {
        checkBatch(n);
        if (training) {
            checkTraining();
            step++;
        }
        forwarded = 0; // also if a layer refuses its input
        LayerRun[] bound = runsFor(n);
        run(memory.forward, forwardChains, forwardFrames, bound, training, WriteMode.OVERWRITE);
        forwarded = training ? n : 0;
    }

    /** One pass: the last run of each chain is called. */
    private void run(List<Memory.Call> calls, Chains chains, Frame[] frames, LayerRun[] bound, boolean training, WriteMode mode) {
        int last;
        for (int k = 0; k < frames.length; k = last + 1) {
            last = k + chains.length(k) - 1;
            for (int i = k; i <= last; i++) {
                ready(frames[i], calls.get(i), training).gradientMode = mode;
            }
            chains.link(k, bound, frames);
            Memory.Call call = calls.get(last);
            if (call.pass() == Memory.Pass.BACKWARD) {
                bound[call.node()].backward(frames[last]);
            } else {
                bound[call.node()].forward(frames[last]);
            }
        }
    }

    private Frame ready(Frame frame, Memory.Call call, boolean training) {
        frame.workspace = workspace;
        frame.filters = filters;
        frame.training = training;
        frame.again = call.pass() == Memory.Pass.AGAIN;
        frame.seed = seedOf(call.node());
        return frame;
    }

    /** What a layer draws by in the step at work. */
    long seedOf(int node) {
        return mix(mix(options.seed()) + step * nodes.size() + node); // mixed before, or the next seed is the next layer
    }

    /** {@link #backward(int, WriteMode)}, overwriting the gradients of the step before. */
    public void backward(int n) {
        backward(n, WriteMode.OVERWRITE);
    }

    /**
     * Computes the gradients of all trained parameters from those of the outputs.
     *
     * @param n as in the training forward just before
     * @param mode {@code ACCUMULATE} adds to the gradients of the micro-batch before
     * @throws IllegalStateException if there was no such forward
     */
    public void backward(int n, WriteMode mode) {
        checkTraining();
        Checks.notNull(mode, "mode");
        if (forwarded != n) {
            throw new IllegalStateException("backward of " + n + " examples follows "
                    + (forwarded == 0 ? "no training forward" : "a training forward of " + forwarded));
        }
        forwarded = 0; // what layers kept is used up, also if one of them fails: some overwrite dy in place
        run(memory.backward, backwardChains, backwardFrames, runsFor(n), true, mode);
    }

    /**
     * Copies {@code n} examples in, runs them and copies the results out.
     *
     * @param x {@code float[n * inputShape.size()]}, not modified
     * @param y {@code float[n * outputShape.size()]}, overwritten
     */
    public void predict(float[] x, float[] y, int n) {
        checkBatch(n);
        Checks.length(x, n * network.inputShape().size(), "x");
        Checks.length(y, n * network.outputShape().size(), "y");
        System.arraycopy(x, 0, input(), 0, x.length);
        forward(n);
        System.arraycopy(output(), 0, y, 0, y.length);
    }

    /** The memory of all activations and gradients of activations, in bytes. */
    public long activationBytes() {
        return Float.BYTES * Arrays.stream(buffers).mapToLong(buffer -> buffer.length).sum();
    }

    /** The finaliser of SplittableRandom: neighbouring numbers give unrelated seeds. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private void checkBatch(int n) {
        if (n < 1 || n > options.batch()) {
            throw new IllegalArgumentException("n is " + n + ", must be from 1 to the context's batch of " + options.batch());
        }
    }

    private void checkTraining() {
        if (!options.training()) {
            throw new IllegalStateException("this context only predicts: make one by newTrainingContext");
        }
    }
}
