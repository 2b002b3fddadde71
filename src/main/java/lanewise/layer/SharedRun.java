package lanewise.layer;

import lanewise.kernel.Threads;

/**
 * A run whose work is a number of items, elements or rows, that do not depend on each other: threads take ranges of them, so the bits do
 * not depend on how many there are. Element i of the output depends on element i of the inputs, and so it is with gradients.
 *
 * <p>So what follows one another can go on range by range, while a range is in the first cache: the last run of a chain then does the
 * work of all ({@link Chains}).
 */
abstract class SharedRun implements LayerRun {

    /** Fewer floats are not worth waking a thread. */
    private static final int LEAST_FLOATS = 1 << 14;

    /** Ranges begin at its multiples, so that two threads do not write to one cache line. */
    private static final int GRAIN = 64;

    /** What a chain does at a time: 16 KB of each array. */
    private static final int CHAIN_FLOATS = 1 << 12;

    private final int items;
    private final int floatsPerItem;
    private final Threads.Task forward = this::forwardTask;
    private final Threads.Task backward = this::backwardTask;
    /** The run before this one in the chain that this one ends, or null. */
    private SharedRun before;
    private Frame frame;
    /** Items of the run with the largest ones. */
    private int units;
    private int unitFloats;
    private int tasks;

    SharedRun(int items, int floatsPerItem) {
        this.items = items;
        this.floatsPerItem = floatsPerItem;
    }

    /** Computes y of the items {@code from} (inclusive) to {@code to} (exclusive). */
    abstract void forward(Frame frame, int from, int to);

    /** Computes dx of these items. */
    abstract void backward(Frame frame, int from, int to);

    /** What needs all of the input before any item is computed; only the first of a chain may have it. */
    void beginForward(Frame frame) {}

    /** Whether {@link #beginForward} or backward needs all items at once. */
    boolean needsAll() {
        return false;
    }

    /** Whether backward, in this frame, clears dy where the output is 0 or less, in place, and does nothing else. */
    boolean isReluInPlace(Frame frame) {
        return false;
    }

    /** Whether a run of that kind, and no other, stands before this one in the chain. */
    final boolean followsRelu() {
        return before != null && before.before == null && before.isReluInPlace(before.frame);
    }

    /** Puts this run, with its frame, behind another in a chain; null if it is the first or alone. The next call is told anew. */
    final void follow(SharedRun before, Frame frame) {
        this.before = before;
        this.frame = frame;
    }

    @Override
    public void forward(Frame frame) {
        this.frame = frame;
        SharedRun first = this;
        while (first.before != null) {
            first = first.before;
        }
        first.beginForward(first.frame);
        share(forward);
    }

    @Override
    public void backward(Frame frame) {
        this.frame = frame;
        share(backward);
    }

    private void forwardTask(int task, int worker) {
        int step = step();
        for (int at = from(task), end = from(task + 1), to; at < end; at = to) {
            to = at + Math.min(step, end - at);
            forwardChain(at, to);
        }
    }

    private void backwardTask(int task, int worker) {
        int step = step();
        for (int at = from(task), end = from(task + 1), to; at < end; at = to) {
            to = at + Math.min(step, end - at);
            backwardBefore(at, to);
            backward(frame, at / floatsPerItem, to / floatsPerItem);
        }
    }

    /** Floats from {@code from} to {@code to}, by the first run of the chain up to this one. */
    private void forwardChain(int from, int to) {
        if (before != null) {
            before.forwardChain(from, to);
        }
        forward(frame, from / floatsPerItem, to / floatsPerItem);
    }

    /** The gradients of these floats that the runs before this one pass on to it. */
    private void backwardBefore(int from, int to) {
        if (before != null) {
            before.backwardBefore(from, to);
            before.backward(before.frame, from / before.floatsPerItem, to / before.floatsPerItem);
        }
    }

    /** The same for {@code count} items of this run, range by range: for one that needs all of its gradient before it begins. */
    final void backwardBeforeItems(int first, int count) {
        int step = Math.max(1, CHAIN_FLOATS / floatsPerItem);
        for (int at = first, end = first + count, to; before != null && at < end; at = to) {
            to = at + Math.min(step, end - at);
            backwardBefore(at * floatsPerItem, to * floatsPerItem);
        }
    }

    private void share(Threads.Task work) {
        unitFloats = floatsPerItem;
        for (SharedRun run = before; run != null; run = run.before) {
            unitFloats = Math.max(unitFloats, run.floatsPerItem);
        }
        int length = items * floatsPerItem;
        units = length / unitFloats;
        Threads threads = frame.workspace().threads();
        tasks = Math.clamp((long) length / LEAST_FLOATS, 1, threads.count());
        threads.run(tasks, work);
    }

    /** Floats of a range that goes through the chain: all of a task's if there is none. */
    private int step() {
        return before == null ? Math.max(1, units) * unitFloats : Math.max(1, CHAIN_FLOATS / unitFloats) * unitFloats;
    }

    private int from(int task) {
        return (task == tasks ? units : (int) ((long) units * task / tasks / GRAIN * GRAIN)) * unitFloats;
    }
}
