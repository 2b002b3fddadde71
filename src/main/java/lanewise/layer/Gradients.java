package lanewise.layer;

import java.util.ArrayList;
import java.util.List;
import lanewise.kernel.Threads;

/**
 * The gradients of a network's trained parameters in one flat array, laid out as {@link Parameters#values}. What an optimiser may
 * touch is told by {@link #forEachRange}: whole parameters, but of an embedding's table only the rows that the batch used.
 *
 * <p>One per training context; not thread-safe.
 */
public final class Gradients {

    /** What is done with one range of elements. */
    @FunctionalInterface
    public interface RangeAction {
        /**
         * Works on the elements {@code from} (inclusive) to {@code to} (exclusive) of the flat arrays.
         *
         * @param decayed whether weight decay applies to them
         */
        void apply(int from, int to, boolean decayed);
    }

    /** Fewer floats are not worth waking a thread; shares begin at multiples, so that few cache lines have two writers. */
    private static final int LEAST_FLOATS = 1 << 13;
    private static final int GRAIN = 64;

    private record Range(int from, int to, boolean decayed) {}

    private final float[] values;
    private final List<Range> ranges = new ArrayList<>();
    private final Threads threads;
    private final Threads.Task piece = this::piece;
    private int length;
    private RangeAction action;
    private int tasks;
    private final List<TouchedRows> tables = new ArrayList<>(); // few, and a map would box its keys at every step

    Gradients(Parameters parameters, Threads threads) {
        this.threads = threads;
        values = new float[parameters.trainableLength()];
        for (Parameter view : parameters.views()) {
            if (!parameters.isTrained(view)) {
                continue;
            }
            if (view.spec().role() == ParameterSpec.Role.TABLE) {
                tables.add(new TouchedRows(values, view.offset(), view.shape().dim(0), view.shape().channels()));
            } else {
                addRange(view.offset(), view.offset() + view.length(), view.spec().role() == ParameterSpec.Role.WEIGHT);
            }
        }
    }

    private void addRange(int from, int to, boolean decayed) {
        Range last = ranges.isEmpty() ? null : ranges.getLast();
        if (last != null && last.to == from && last.decayed == decayed) {
            ranges.set(ranges.size() - 1, new Range(last.from, to, decayed));
        } else {
            ranges.add(new Range(from, to, decayed));
        }
        length += to - from;
    }

    /** The flat array itself. Frozen parameters and rows of tables that no batch used are 0. */
    public float[] values() {
        return values;
    }

    /** Calls {@code action} for every range that this step trains, in a fixed order. */
    public void forEachRange(RangeAction action) {
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            action.apply(range.from, range.to, range.decayed);
        }
        for (int i = 0; i < tables.size(); i++) {
            tables.get(i).forEachRange(action);
        }
    }

    /**
     * The same, shared by the context's threads: ranges are cut anywhere, and {@code action} is called for several pieces at a time. For
     * work on single elements, whose bits do not depend on the cut. Not during a call of the context.
     */
    public void shareRanges(RangeAction action) {
        this.action = action;
        tasks = Math.clamp(length / LEAST_FLOATS, 1, threads.count());
        try {
            threads.run(tasks, piece);
        } finally {
            this.action = null;
        }
        for (int i = 0; i < tables.size(); i++) {
            tables.get(i).forEachRange(action);
        }
    }

    /** The ranges one after the other, from one share of their whole length to the next. */
    private void piece(int task, int worker) {
        int from = share(task);
        int to = share(task + 1);
        for (int i = 0, at = 0; i < ranges.size() && at < to; i++) {
            Range range = ranges.get(i);
            int first = range.from + Math.max(0, from - at);
            int end = Math.min(range.to, range.from + to - at);
            if (first < end) {
                action.apply(first, end, range.decayed);
            }
            at += range.to - range.from;
        }
    }

    private int share(int task) {
        return task == tasks ? length : (int) ((long) length * task / tasks / GRAIN * GRAIN);
    }

    /** The rows of the table at {@code offset} that have a gradient, or null if it is not trained. */
    TouchedRows table(int offset) {
        for (int i = 0; i < tables.size(); i++) {
            if (tables.get(i).offset == offset) {
                return tables.get(i);
            }
        }
        return null;
    }
}
