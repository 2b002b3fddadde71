package lanewise.infer;

import java.util.function.Consumer;
import lanewise.kernel.Workspace;

/** One step of a program: immutable, shared by all threads. Whatever changes in a call is the context's. */
abstract class Step {

    /** What it does, in one line. */
    private final String text;

    Step(String text) {
        this.text = text;
    }

    /** Says which packed filters it will make, so that those of a program can share an array; before {@link #prepare}. */
    void share(FilterRooms rooms) {}

    /** Packs weights, and whatever else must be done once before the first {@link #run}. */
    void prepare() {}

    /**
     * Runs it.
     *
     * @param context whose arrays it reads and writes
     * @param state what {@link #newState} made for the context
     */
    abstract void run(PredictorContext context, Object state);

    /** Floats of workspace that one worker needs. */
    int workspaceFloats() {
        return 0;
    }

    /** Floats of the packed weights. */
    long weightFloats() {
        return 0;
    }

    /** What the step keeps for each context, or null. */
    Object newState(Workspace workspace) {
        return null;
    }

    /** A step of code alone, without weights and without anything kept for a context. */
    static Step of(String text, Consumer<PredictorContext> code) {
        return of(text, 0, code);
    }

    /** The same, of code that needs {@code workspaceFloats} for each worker. */
    static Step of(String text, int workspaceFloats, Consumer<PredictorContext> code) {
        return new Step(text) {
            @Override
            void run(PredictorContext context, Object state) {
                code.accept(context);
            }

            @Override
            int workspaceFloats() {
                return workspaceFloats;
            }
        };
    }

    @Override
    public final String toString() {
        return text;
    }
}
