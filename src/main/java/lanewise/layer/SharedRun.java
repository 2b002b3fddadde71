package lanewise.layer;

import lanewise.kernel.Threads;

/**
 * A run whose work is a number of items, elements or rows, that do not depend on each other: threads take ranges of them, so the bits do
 * not depend on how many there are.
 */
abstract class SharedRun implements LayerRun {

    /** Fewer floats are not worth waking a thread. */
    private static final int LEAST_FLOATS = 1 << 14;

    /** Ranges begin at its multiples, so that two threads do not write to one cache line. */
    private static final int GRAIN = 64;

    private final int items;
    private final int floatsPerItem;
    private final Threads.Task forward = this::forwardTask;
    private final Threads.Task backward = this::backwardTask;
    private Frame frame;
    private int tasks;

    SharedRun(int items, int floatsPerItem) {
        this.items = items;
        this.floatsPerItem = floatsPerItem;
    }

    /** Computes y of the items {@code from} (inclusive) to {@code to} (exclusive). */
    abstract void forward(Frame frame, int from, int to);

    /** Computes dx of these items. */
    abstract void backward(Frame frame, int from, int to);

    @Override
    public void forward(Frame frame) {
        share(frame, forward);
    }

    @Override
    public void backward(Frame frame) {
        share(frame, backward);
    }

    private void forwardTask(int task, int worker) {
        forward(frame, from(task), from(task + 1));
    }

    private void backwardTask(int task, int worker) {
        backward(frame, from(task), from(task + 1));
    }

    private void share(Frame frame, Threads.Task work) {
        this.frame = frame;
        Threads threads = frame.workspace().threads();
        tasks = Math.clamp((long) items * floatsPerItem / LEAST_FLOATS, 1, threads.count());
        threads.run(tasks, work);
    }

    private int from(int task) {
        return task == tasks ? items : (int) ((long) items * task / tasks / GRAIN * GRAIN);
    }
}
