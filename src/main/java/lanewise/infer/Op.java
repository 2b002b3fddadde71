package lanewise.infer;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One operation of a program that is being compiled: what is known before its values have their places. */
abstract class Op {

    final List<Value> inputs;
    Value output;

    Op(List<Value> inputs, Value output) {
        this.inputs = inputs;
        this.output = output;
    }

    /** All values that it reads. */
    List<Value> reads() {
        return inputs;
    }

    /** Whether it can write pixels a stride apart, as a part of a concatenation. */
    boolean writesParts() {
        return false;
    }

    /** Whether the output may take the place of this input, dense and of the same size. */
    boolean mayOverwrite(Value input) {
        return false;
    }

    /** Makes a small problem that runs the same kernels; null, now or then, if there is nothing worth it. It holds no weights. */
    Supplier<Rehearsal> rehearsal() {
        return null;
    }

    /** The tiles that take most of its time, a bit of {@code TileRehearsal} each. */
    int tiles() {
        return 0;
    }

    /** The small problems of all that it does. */
    Stream<Supplier<Rehearsal>> rehearsals() {
        return Stream.ofNullable(rehearsal());
    }

    /** Floats of its filters, about. */
    long filterFloats() {
        return 0;
    }

    /** The step, now that all values have their places. */
    abstract Step toStep(Arena arena);

    /**
     * The step by plain loops, which need no warming up; null if it has none. The operation then has weights of its own, so that
     * {@link #toStep} can follow at any time.
     */
    Step toPlainStep(Arena arena) {
        return null;
    }
}
