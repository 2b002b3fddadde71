package lanewise.infer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import lanewise.internal.Checks;
import lanewise.kernel.Threads;
import lanewise.kernel.Workspace;

/**
 * What one calling thread needs to run a {@link Predictor}: the arena of activations and scratch. A call of {@code predict} reads the
 * caller's input and writes the caller's output where they are, and allocates nothing (a layer of the user's own, or the executor of its
 * threads, may).
 *
 * <pre>
 * Predictor predictor = Predictor.compile(network);            // once; all threads share it
 * PredictorContext context = predictor.newContext();           // one for every thread
 * context.predict(in, out);                                    // float[28*28*1] -> float[10]
 * </pre>
 *
 * <p>While the kernels are being compiled beside the first calls ({@link WarmUpMode#BESIDE}), a call may allocate; if that fails,
 * calls throw {@link IllegalStateException}.
 *
 * <p>One call at a time: a second one that arrives meanwhile, from whatever thread, throws {@link IllegalStateException}.
 */
public final class PredictorContext {

    private static final Threads ONE = Threads.one();

    private final Predictor predictor;
    private final Workspace workspace;
    private final Step[] steps;
    private final Object[] states;
    /** The arena, the caller's inputs and outputs while a call runs, and what an image needs. */
    private final float[][] arrays;
    /** The image that is worked at by steps that run image by image. */
    private int image;
    /** For the steps that run image by image: one for each thread. */
    private PredictorContext[] ofImages = {};
    private final Threads.Task ofImage = this::run;
    /** Where the part begins and ends that they run. */
    private int partBegin;
    private int partEnd;
    /** What plain loops need, made when first needed and forgotten once no step runs by them. */
    private PlainRun plain;
    private final AtomicBoolean busy = new AtomicBoolean();
    /** While {@link #profile} runs, the time of each step in each call. */
    private long[][] nanos;
    private int call;
    /** A batch gathered from single requests, made when first needed. */
    private float[] gatheredInput;
    private float[] gatheredOutput;

    PredictorContext(Predictor predictor, Step[] steps, Threads threads) {
        this(predictor, steps, threads, predictor.imageSteps(), steps.length);
        arrays[0] = new float[Arena.FIRST + predictor.batchFloats()];
        ofImages = new PredictorContext[predictor.imageSteps() == 0 ? 0 : threads.count()];
        for (int i = 0; i < ofImages.length; i++) {
            ofImages[i] = new PredictorContext(predictor, steps, Threads.one(), 0, predictor.imageSteps());
            ofImages[i].arrays[arrays.length - 1] = new float[Arena.FIRST + predictor.imageFloats()];
        }
    }

    /** For some of the steps. */
    private PredictorContext(Predictor predictor, Step[] steps, Threads threads, int first, int end) {
        this.predictor = predictor;
        this.steps = steps;
        workspace = new Workspace(Predictor.scratch(steps, first, end), threads);
        states = new Object[steps.length];
        for (int i = first; i < end; i++) {
            states[i] = steps[i].newState(workspace);
        }
        arrays = new float[2 + predictor.inputs().size() + predictor.outputs().size()][];
    }

    /** The program that this context runs. */
    public Predictor predictor() {
        return predictor;
    }

    /**
     * Predicts one batch of a network with one input and one output.
     *
     * @param in {@code float[batch * inputShape.size()]}, channels last, not modified
     * @param out {@code float[batch * outputShape.size()]}, overwritten; old contents may be NaN
     * @throws IllegalArgumentException if an array has another length, or both are the same
     * @throws IllegalStateException if another call is running, or the network has several inputs or outputs
     */
    public void predict(float[] in, float[] out) {
        predict(in, out, null);
    }

    /** As often as there are {@code times} of each step, or once if that is null. */
    private void predict(float[] in, float[] out, long[][] times) {
        predictor.only(predictor.inputs(), "inputs");
        predictor.only(predictor.outputs(), "outputs");
        Checks.length(in, predictor.batch() * predictor.inputs().getFirst().shape().size(), "in");
        Checks.length(out, predictor.batch() * predictor.outputs().getFirst().shape().size(), "out");
        begin();
        nanos = times;
        call = 0;
        try {
            do {
                run(in, out);
            } while (times != null && ++call < times[0].length);
        } finally {
            end();
        }
    }

    private void run(float[] in, float[] out) {
        arrays[1] = in;
        arrays[2] = out;
        checkApart();
        run();
    }

    /**
     * Predicts one batch of a network with any number of inputs and outputs.
     *
     * @param in an array for each of {@link Predictor#inputs}, not modified
     * @param out an array for each of {@link Predictor#outputs}, overwritten
     * @throws IllegalArgumentException if there are not as many, one has another length, or an output is another array, too
     * @throws IllegalStateException if another call is running
     */
    public void predict(float[][] in, float[][] out) {
        checkCount(Checks.notNull(in, "in").length, predictor.inputs().size(), "inputs");
        checkCount(Checks.notNull(out, "out").length, predictor.outputs().size(), "outputs");
        for (int i = 0; i < in.length; i++) {
            checkLength(in[i], predictor.batch() * predictor.inputs().get(i).shape().size(), "in", i);
        }
        for (int i = 0; i < out.length; i++) {
            checkLength(out[i], predictor.batch() * predictor.outputs().get(i).shape().size(), "out", i);
        }
        begin();
        try {
            System.arraycopy(in, 0, arrays, 1, in.length);
            System.arraycopy(out, 0, arrays, 1 + in.length, out.length);
            checkApart();
            run();
        } finally {
            end();
        }
    }

    /**
     * Predicts any number of single requests, as many at a time as the program's batch holds. The last batch may not be full; its empty
     * places are zeros, and what is computed there is thrown away. The first such call makes two arrays for a batch, later ones
     * allocate nothing.
     *
     * <p>If a layer refuses a value of a request, by an exception that numbers elements from the first of its batch, the results of
     * earlier batches are written, and none of later ones.
     *
     * @param in one example each, {@code float[inputShape.size()]}, not modified; a list with quick {@code get}
     * @param out where the results go, {@code float[outputShape.size()]}, in the same order
     * @throws IllegalArgumentException if there are not as many outputs as inputs, or one has another length
     * @throws IllegalStateException if another call is running, or the network has several inputs or outputs
     */
    public void predictAll(List<float[]> in, List<float[]> out) {
        int inSize = predictor.only(predictor.inputs(), "inputs").shape().size();
        int outSize = predictor.only(predictor.outputs(), "outputs").shape().size();
        checkCount(Checks.notNull(out, "out").size(), Checks.notNull(in, "in").size(), "outputs");
        for (int i = 0; i < in.size(); i++) {
            checkLength(in.get(i), inSize, "in", i);
            checkLength(out.get(i), outSize, "out", i);
        }
        begin();
        try {
            if (gatheredInput == null) {
                gatheredInput = new float[predictor.batch() * inSize];
                gatheredOutput = new float[predictor.batch() * outSize];
            }
            for (int first = 0; first < in.size(); first += predictor.batch()) {
                gather(in, first, inSize);
                run(gatheredInput, gatheredOutput);
                scatter(out, first, outSize);
            }
        } finally {
            end();
        }
    }

    /** Empty places become zeros: a request of an earlier call that was refused must not be refused again. */
    private void gather(List<float[]> in, int first, int size) {
        int count = Math.min(predictor.batch(), in.size() - first);
        for (int i = 0; i < count; i++) {
            System.arraycopy(in.get(first + i), 0, gatheredInput, i * size, size);
        }
        Arrays.fill(gatheredInput, count * size, gatheredInput.length, 0);
    }

    private void scatter(List<float[]> out, int first, int size) {
        int count = Math.min(predictor.batch(), out.size() - first);
        for (int i = 0; i < count; i++) {
            System.arraycopy(gatheredOutput, i * size, out.get(first + i), 0, size);
        }
    }

    /**
     * Predicts a batch {@code calls} times, as one use of this context, and tells where the time goes: of all threads together for steps
     * that run image by image, which one thread runs here, and as they share it for the others.
     *
     * @param calls at least 1; enough for the kernels to be compiled
     * @return the median time of each step, in the order in which they run
     * @throws IllegalStateException if another call is running, or the network has several inputs or outputs
     */
    public List<StepTime> profile(float[] in, float[] out, int calls) {
        Checks.atLeast(calls, 1, "calls");
        long[][] nanos = new long[steps.length][calls];
        predict(in, out, nanos);
        List<StepTime> times = new ArrayList<>();
        for (int i = 0; i < steps.length; i++) {
            Arrays.sort(nanos[i]);
            times.add(new StepTime(steps[i].toString(), nanos[i][calls / 2] / 1e3));
        }
        return times;
    }

    /** Joins the name only where it is needed: a call makes no garbage. */
    private static void checkLength(float[] array, int length, String name, int i) {
        if (array == null || array.length != length) {
            Checks.length(array, length, name + "[" + i + "]");
        }
    }

    private static void checkCount(int count, int wanted, String what) {
        if (count != wanted) {
            throw new IllegalArgumentException("there are " + count + " " + what + ", must be " + wanted);
        }
    }

    private void begin() {
        predictor.checkWarmUp();
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("context is in use by another call: make one for every calling thread");
        }
    }

    private void end() {
        for (PredictorContext one : ofImages) {
            Arrays.fill(one.arrays, 0, arrays.length - 1, null);
            one.forgetPlain();
        }
        Arrays.fill(arrays, 1, arrays.length, null);
        nanos = null;
        forgetPlain();
        busy.set(false);
    }

    private void forgetPlain() {
        if (plain != null && predictor.isWarm()) {
            plain = null;
        }
    }

    /** Outputs are written while inputs are still read. */
    private void checkApart() {
        for (int i = 1 + predictor.inputs().size(); i < arrays.length; i++) {
            for (int j = 1; j < i; j++) {
                if (arrays[i] == arrays[j]) {
                    throw new IllegalArgumentException(name(i) + " is the same array as " + name(j) + ", of length " + arrays[i].length);
                }
            }
        }
    }

    /** Of one of the caller's arrays. */
    private String name(int i) {
        int output = i - 1 - predictor.inputs().size();
        return output < 0 ? name("in", i - 1, predictor.inputs().size()) : name("out", output, predictor.outputs().size());
    }

    private static String name(String all, int i, int count) {
        return count == 1 ? all : all + "[" + i + "]";
    }

    private void run() {
        for (PredictorContext one : ofImages) {
            System.arraycopy(arrays, 0, one.arrays, 0, arrays.length - 1);
            one.nanos = nanos;
            one.call = call;
        }
        Threads threads = nanos == null ? workspace.threads() : ONE; // times of several would be mixed
        partEnd = 0;
        for (int end : predictor.imageEnds()) {
            partBegin = partEnd;
            partEnd = end;
            threads.run(predictor.batch(), ofImage);
        }
        runSteps(partEnd, steps.length);
    }

    /** A part for one image. */
    private void run(int image, int worker) {
        PredictorContext one = ofImages[worker];
        one.image = image;
        one.runSteps(partBegin, partEnd);
    }

    private void runSteps(int first, int end) {
        long[][] profile = nanos;
        for (int i = first; i < end; i++) {
            long start = profile == null ? 0 : System.nanoTime();
            steps[i].run(this, states[i]);
            if (profile != null) {
                profile[i][call] += System.nanoTime() - start;
            }
        }
    }

    /** Where a value begins in its array, that of the image which is worked at. */
    int offset(Place place) {
        return place.offset() + image * place.step();
    }

    float[] array(Place place) {
        return arrays[place.array()];
    }

    /** For steps that run by plain loops. */
    PlainRun plain() {
        if (plain == null) {
            plain = new PlainRun(workspace.threads());
        }
        return plain;
    }

    /** The contexts of those who run image by image, one for each thread; none if no step does. */
    List<PredictorContext> ofImages() {
        return List.of(ofImages);
    }

    Workspace workspace() {
        return workspace;
    }
}
