package lanewise.infer;

/**
 * A step that runs by plain loops until the kernels are compiled and its weights packed, and by the kernels from then on. The
 * change is one write, which every context sees at its next call; what only the plain loops read is garbage after it.
 */
final class WarmingStep extends Step {

    private final Step fast;
    private final boolean late;
    private volatile Step current;

    /** Of two ways to do the same. If it is {@code late}, the others need not wait for it: it takes little time. */
    WarmingStep(Step plain, Step fast, boolean late) {
        super(fast.toString());
        this.fast = fast;
        this.late = late;
        this.current = plain;
    }

    @Override
    void share(FilterRooms rooms) {
        fast.share(rooms);
    }

    @Override
    void prepare() {
        fast.prepare();
    }

    /** Lets the kernels do the work, after {@link #prepare}. */
    void change() {
        current = fast;
    }

    /** Whether it changes after the others. */
    boolean isLate() {
        return late;
    }

    /** What runs now. */
    Step current() {
        return current;
    }

    /** The step by kernels. */
    Step fast() {
        return fast;
    }

    @Override
    void run(PredictorContext context, Object state) {
        current.run(context, state);
    }

    @Override
    int workspaceFloats() {
        return fast.workspaceFloats();
    }

    @Override
    long weightFloats() {
        return fast.weightFloats();
    }
}
