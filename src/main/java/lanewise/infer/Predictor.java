package lanewise.infer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.kernel.Threads;
import lanewise.layer.Network;
import lanewise.layer.Node;

/**
 * A network compiled for prediction: an immutable program of few steps for one batch size.
 *
 * <p>Compiling folds batch normalisation into the weights, lets each convolution add its bias, the shortcut of its residual block and
 * its activation while it writes, drops what only renames (flatten, dropout), writes concatenations in place, chooses an algorithm for
 * every convolution, packs the weights once, and gives all activations places in one array, in which those that do not live at the
 * same time share memory. Where the first layers of a batch would read and write more than a cache holds, they run image by image, and
 * the threads of a context share the images. The results differ from the network's own by rounding only.
 *
 * <p>The program has its own copy of the weights: training the network on does not change it. Thread use: any number of threads
 * may share it, each with its own {@link PredictorContext}. In a new JVM the first calls may run by plain loops ({@link
 * WarmUpMode#BESIDE}).
 */
public final class Predictor {

    /** What plain loops take for a multiply-add at their best, and for a step besides, in ns. */
    private static final double PLAIN_MULTIPLY_ADD = 0.05;
    private static final double PLAIN_STEP = 500;

    private final PredictorOptions options;
    private final List<Node> inputs;
    private final List<Node> outputs;
    private final Step[] steps;
    /** The ends of the first parts, which run image by image. */
    private final int[] imageEnds;
    private final int imageSteps;
    private final int arenaFloats;
    private final int imageFloats;
    private final long largestNeed;

    /** Those that begin with plain loops. */
    private final List<WarmingStep> warmingSteps;
    /** Null if nothing is done beside the first calls. */
    private final WarmUpState warmUpState;

    /** {@code executor} is null if kernels that are compiled already need no warming up, and else runs it in any case. */
    private Predictor(Network network, PredictorOptions options, Executor executor, long near, long far) {
        this.options = options;
        this.inputs = network.inputs();
        this.outputs = network.outputs();
        Program program = new Program(network, options, near, far);
        List<Op> ops = program.ops();
        Arena arena = new Arena(program, inputs.size(), outputs.size());
        this.imageEnds = program.imageEnds();
        this.imageSteps = program.imageSteps();
        this.arenaFloats = arena.floats();
        this.imageFloats = arena.imageFloats();
        this.largestNeed = arena.largestNeed();
        WarmUp warmUp = new WarmUp(ops);
        if (options.warmUp() == WarmUpMode.BESIDE && (executor != null || !warmUp.isDone())) {
            warmUpState = new WarmUpState(PLAIN_MULTIPLY_ADD * network.multiplyAdds() * options.batch() + PLAIN_STEP * ops.size());
            Executor own = executor == null ? options.warmUpExecutor() : executor;
            BackgroundWarmUp background = BackgroundWarmUp.start(warmUp, own == null ? BackgroundWarmUp::onNewThread : own);
            try {
                this.steps = prepared(warming(ops, arena));
                this.warmingSteps = warming(steps);
            } catch (Throwable e) {
                background.cancel();
                throw e;
            }
            background.goOn(this);
        } else {
            warmUpState = null;
            warmingSteps = List.of();
            boolean before = options.warmUp() == WarmUpMode.BEFORE;
            if (before) {
                warmUp.begin();
                warmUp.feed(); // C2 then works while the weights are packed
            }
            this.steps = prepared(ops.stream().map(op -> op.toStep(arena)).toArray(Step[]::new));
            if (before) {
                warmUp.finish(this);
            }
        }
    }

    /** Loops, here and below: each reference to a method is a class that a cold start waits for. */
    private static Step[] warming(List<Op> ops, Arena arena) {
        Step[] steps = new Step[ops.size()];
        for (int i = 0; i < steps.length; i++) {
            Op op = ops.get(i);
            Step plain = op.toPlainStep(arena);
            steps[i] = plain == null ? op.toStep(arena) : new WarmingStep(plain, op.toStep(arena), op instanceof PoolOp);
        }
        return steps;
    }

    private static List<WarmingStep> warming(Step[] steps) {
        List<WarmingStep> warming = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof WarmingStep one) {
                warming.add(one);
            }
        }
        return List.copyOf(warming);
    }

    /** Prepares those that do not wait for their kernels. */
    private static Step[] prepared(Step[] steps) {
        FilterRooms rooms = new FilterRooms();
        for (Step step : steps) {
            step.share(rooms);
        }
        for (Step step : steps) {
            if (!(step instanceof WarmingStep)) {
                step.prepare();
            }
        }
        return steps;
    }

    /** Compiles for one example a call. */
    public static Predictor compile(Network network) {
        return compile(network, PredictorOptions.defaults());
    }

    /**
     * Compiles a network; its parameters must not change meanwhile, and may afterwards. If it warms up ({@link
     * PredictorOptions#warmUp}), it also runs the program, on zeros: before it returns, or beside the first calls.
     *
     * @throws IllegalArgumentException if an activation or all of them together would not fit an array
     * @throws IllegalStateException if this JVM has no vector module
     */
    public static Predictor compile(Network network, PredictorOptions options) {
        return compile(network, options, null);
    }

    /** The same, warming up on {@code executor}, if that is not null, even if all is compiled already. */
    static Predictor compile(Network network, PredictorOptions options, Executor executor) {
        return compile(network, options, executor, Program.NEAR, Program.FAR);
    }

    /** The same, image by image within other limits. */
    static Predictor compile(Network network, PredictorOptions options, Executor executor, long near, long far) {
        VectorModule.require();
        return new Predictor(Checks.notNull(network, "network"), Checks.notNull(options, "options"), executor, near, far);
    }

    /** What one calling thread needs, with an arena and scratch of its own; the calling thread does all the work. */
    public PredictorContext newContext() {
        return newContext(Threads.one());
    }

    /**
     * The same with {@code threads} sharing the images, or the work of each step. The bits of the results are the same. {@code threads}
     * stays the caller's, to be closed after the last call; contexts that are called at the same time need one each.
     */
    public PredictorContext newContext(Threads threads) {
        return new PredictorContext(this, steps, Checks.notNull(threads, "threads"));
    }

    /** One whose steps run by kernels in any case, but for late ones. */
    PredictorContext newFastContext() {
        Step[] fast = Arrays.stream(steps)
                .map(step -> step instanceof WarmingStep warming && !warming.isLate() ? warming.fast() : step).toArray(Step[]::new);
        return new PredictorContext(this, fast, Threads.one());
    }

    /** Examples of one call. */
    public int batch() {
        return options.batch();
    }

    /** How it was compiled. */
    public PredictorOptions options() {
        return options;
    }

    /** The inputs, in the order of the network. */
    public List<Node> inputs() {
        return inputs;
    }

    /** The outputs, in the order of the network. */
    public List<Node> outputs() {
        return outputs;
    }

    /**
     * The floats of a context's arena: all activations but the caller's input and output (a layer that is no step of its own, as locally
     * connected ones and users' own, has a second copy of its values). A part of it, all that an image needs where the program runs image
     * by image, exists once for each thread.
     */
    public int arenaFloats() {
        return Math.addExact(arenaFloats, imageFloats);
    }

    /** The floats of the batch's values. */
    int batchFloats() {
        return arenaFloats;
    }

    /** The floats of the values of an image, where the program runs image by image. */
    int imageFloats() {
        return imageFloats;
    }

    /** The most floats of the arena that a single step reads and writes: a bound below which no program of these steps can go. */
    public long largestNeedFloats() {
        return largestNeed;
    }

    /**
     * Whether all steps run by kernels, so that the bits of every further call are the same; false while plain loops do their work ({@link
     * WarmUpMode#BESIDE}). Then the kernels are compiled, too, unless HotSpot had no time for it; without a warm-up ({@link
     * WarmUpMode#NONE}) it is true from the beginning, with kernels as HotSpot has them.
     */
    public boolean isWarm() {
        return warmUpState == null || warmUpState.isWarm();
    }

    /**
     * Waits until warming up beside the first calls has ended, some seconds after {@link #isWarm} if also the methods around the kernels
     * are to be compiled; returns at once if there is none.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; warming up goes on
     * @throws IllegalStateException if warming up failed; its cause says why
     */
    public void awaitWarm() throws InterruptedException {
        if (warmUpState != null) {
            warmUpState.await();
        }
    }

    /** The same for at most {@code timeout}; whether it has ended. */
    public boolean awaitWarm(Duration timeout) throws InterruptedException {
        Checks.notNull(timeout, "timeout");
        return warmUpState == null || warmUpState.await(timeout);
    }

    /** Throws if warming up has failed. */
    void checkWarmUp() {
        if (warmUpState != null) {
            warmUpState.check();
        }
    }

    WarmUpState warmUpState() {
        return warmUpState;
    }

    List<WarmingStep> warmingSteps() {
        return warmingSteps;
    }

    /** The floats of all packed weights and biases, shared by all contexts. */
    public long weightFloats() {
        return Arrays.stream(steps).mapToLong(Step::weightFloats).sum();
    }

    /** The floats of scratch that a context needs for each worker. */
    public int workspaceFloats() {
        return Math.addExact(scratch(steps, 0, imageSteps), scratch(steps, imageSteps, steps.length));
    }

    /** The most that one of some steps needs. */
    static int scratch(Step[] steps, int first, int end) {
        int most = 0;
        for (int i = first; i < end; i++) {
            most = Math.max(most, steps[i].workspaceFloats());
        }
        return most;
    }

    /** How many of the steps run image by image: the first ones. */
    int imageSteps() {
        return imageSteps;
    }

    /** Up to which steps the program runs image by image: the end of each part that does. */
    int[] imageEnds() {
        return imageEnds;
    }

    Step[] steps() {
        return steps;
    }

    Node only(List<Node> nodes, String what) {
        if (nodes.size() != 1) {
            throw new IllegalStateException("the network has " + nodes.size() + " " + what + ", " + nodes
                    + ", must be 1; predict(float[][], float[][]) takes any number");
        }
        return nodes.getFirst();
    }

    /** The steps, a line each, and what they need in memory. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.length; i++) {
            text.append(i < imageSteps ? "each image: " : "").append(steps[i]).append('\n');
        }
        return text.append("batch ").append(batch()).append(", ").append(steps.length).append(" steps; activations ")
                .append(megabytes(arenaFloats())).append(", weights ").append(megabytes(weightFloats())).append(", scratch ")
                .append(megabytes(workspaceFloats())).append(" a worker").toString();
    }

    private static String megabytes(long floats) {
        return "%.2f MB".formatted(floats * 4 / 1e6);
    }

    /** Inputs, outputs and the number of steps. */
    @Override
    public String toString() {
        return "Predictor " + inputs + " -> " + outputs + ", batch " + batch() + ", " + steps.length + " steps";
    }
}
