package lanewise.internal.conv;

/**
 * One pass of one convolution, prepared: every table is made, nothing is left to decide. Immutable and thread-safe.
 *
 * <p>A call is cut into tasks that write disjoint parts of the output. How many there are may depend on the number of workers, the
 * order of each sum may not.
 */
public interface ConvKernel {

    /** The form of its packed filter; kernels with equal layouts can share one. */
    default String filterLayout() {
        return "none";
    }

    /** Floats of the packed filter. */
    default int packedFloats() {
        return 0;
    }

    /** Packs the filter {@code w: R*S*C/groups*K}. */
    default void pack(float[] w, int wOffset, float[] packed) {}

    /** Into how many tasks the packing is cut, whatever the workers. */
    default int packTasks() {
        return 1;
    }

    /** Packs the share of one of {@link #packTasks}. */
    default void pack(float[] w, int wOffset, float[] packed, int task) {
        pack(w, wOffset, packed);
    }

    /** Whether it heeds {@link ConvArgs#residual} and an {@link ConvArgs#outStride} wider than the channels. */
    default boolean fuses() {
        return false;
    }

    /**
     * The same with a max-pooling of 2x2, stride 2, behind the convolution, or null if it cannot.
     *
     * <p>Forward pools what it would write, for ReLU or no activation, and neither adds nor takes a residual. A weight gradient takes
     * the pooling's dy, and the places that a forward keeps.
     */
    default ConvKernel pooling() {
        return null;
    }

    /** Whether a forward that pools writes {@link ConvArgs#places}, too, if there are any; behind ReLU. */
    default boolean keepsPlaces() {
        return false;
    }

    /** Floats of scratch that one worker needs; old contents may be NaN. */
    int workFloats();

    /** Into how many tasks a call is cut for {@code workers}. */
    int tasks(int workers);

    /** Called once before the tasks of a call; {@code work} are the sections of all workers. */
    default void begin(ConvArgs args, float[] work) {}

    /** Called once after them. */
    default void end(ConvArgs args, float[] work) {}

    /** Runs one task of the {@link #tasks} for {@code workers}. */
    void run(ConvArgs args, int task, int workers, float[] work, int workOffset);
}
