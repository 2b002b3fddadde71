package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.pool.AveragePool;
import lanewise.internal.pool.IndexedMaxPool;
import lanewise.internal.pool.LpPool;
import lanewise.internal.pool.MaxPool;
import lanewise.internal.pool.Steps;

/**
 * The pooling call that runs in a {@link Workspace}: kept there, so that no call allocates.
 *
 * <p>A task is a band of consecutive rows over the whole batch: of {@code y} in the forward pass, of {@code dx} in the backward
 * pass. There, windows that reach into several bands are visited by each, and each adds only to its own rows.
 *
 * <p>The kernels take no padding: a window at the edge is cut down to its taps inside the input. In a row, the windows that are
 * whole go to the kernel together, the cut ones alone.
 */
final class PoolCall implements Threads.Task {

    private static final int TASKS_PER_THREAD = 4;

    float[] x;
    int xOffset;
    float[] y;
    int yOffset;
    int[] indices;
    int indicesOffset;
    float[] dy;
    int dyOffset;
    float[] dx;
    int dxOffset;
    WriteMode mode;
    private PoolPlan plan;
    private int bands;

    /** Runs the forward pass, or with {@link #dx} the backward pass, while the workspace is acquired; then forgets the arrays. */
    void run(PoolPlan plan, Threads threads) {
        this.plan = plan;
        int most = threads.count() == 1 ? 1 : TASKS_PER_THREAD * threads.count();
        bands = Math.min(most, totalRows());
        try {
            threads.run(bands, this);
        } finally {
            clear();
        }
    }

    private void clear() {
        x = null;
        y = null;
        indices = null;
        dy = null;
        dx = null;
        mode = null;
        plan = null;
    }

    private int totalRows() {
        return plan.shape().n() * (dx == null ? plan.rows.out() : plan.rows.in());
    }

    @Override
    public void run(int task, int worker) {
        long total = totalRows();
        int from = (int) (total * task / bands);
        int to = (int) (total * (task + 1) / bands);
        if (dx == null) {
            forward(from, to);
        } else {
            gradInput(from, to);
        }
    }

    private void forward(int from, int to) {
        WindowAxis rows = plan.rows;
        int yEnd = yOffset + to * plan.columns.out() * plan.steps.channels(); // if y is dense
        for (int row = from; row < to; row++) {
            int p = row % rows.out();
            runRow(row / rows.out(), p, rows.firstTap(p), 0, rows.endTap(p), yEnd);
        }
    }

    private void gradInput(int from, int to) {
        WindowAxis rows = plan.rows;
        int rowFloats = plan.rowFloats;
        if (mode == WriteMode.OVERWRITE) {
            Arrays.fill(dx, dxOffset + from * rowFloats, dxOffset + to * rowFloats, 0);
        }
        for (int image = from / rows.in(); image * rows.in() < to; image++) {
            int top = image * rows.in();
            int own = Math.max(from - top, 0);
            int ownEnd = Math.min(to - top, rows.in());
            for (int p = rows.windowsFrom(own); p < rows.windowsTo(ownEnd); p++) {
                int first = rows.firstTap(p);
                int before = Math.max(rows.tapsBefore(p, own) - first, 0);
                int end = rows.tapsBefore(p, ownEnd);
                if (first + before >= end) {
                    continue; // dilation: no tap in the band
                }
                if (indices == null) {
                    runRow(image, p, first, before, end, 0);
                } else {
                    int outputs = plan.columns.out() * plan.steps.channels();
                    int out = (image * rows.out() + p) * outputs;
                    IndexedMaxPool.gradInput(indices, indicesOffset + out, dy, dyOffset + out, outputs, dx, dxOffset,
                            from * rowFloats, to * rowFloats, (top + rowOf(p, first)) * rowFloats,
                            (top + rowOf(p, rows.endTap(p) - 1) + 1) * rowFloats);
                }
            }
        }
    }

    private int rowOf(int p, int tap) {
        return (int) plan.rows.position(p, tap);
    }

    /**
     * Runs the windows of row {@code p} with their rows of taps from {@code first} to {@code end}; the backward pass does not write
     * the first {@code before} of them, the forward pass writes y in order up to {@code yEnd}.
     */
    private void runRow(int image, int p, int first, int before, int end, int yEnd) {
        WindowAxis columns = plan.columns;
        int channels = plan.steps.channels();
        int inputRow = (image * plan.rows.in() + rowOf(p, first)) * plan.rowFloats;
        int outputRow = (image * plan.rows.out() + p) * columns.out();
        int wholeFrom = columns.wholeFrom();
        int wholeTo = columns.wholeTo();
        for (int q = 0; q < columns.out(); ) {
            int windows = q >= wholeFrom && q < wholeTo ? wholeTo - q : 1;
            int left = columns.firstTap(q);
            int cols = columns.endTap(q) - left;
            int at = inputRow + (int) columns.position(q, left) * channels;
            int out = outputRow + q;
            if (dx == null) {
                runForward(at, end - first, cols, out, yEnd, windows, plan.divisor(p, q));
            } else {
                runGradInput(at, end - first, before, cols, out, windows, plan.divisor(p, q));
            }
            q += windows;
        }
    }

    private void runForward(int at, int rows, int cols, int pixel, int yEnd, int windows, float divisor) {
        Steps steps = plan.steps;
        int out = pixel * steps.out();
        if (indices != null) {
            IndexedMaxPool.forward(steps, x, xOffset, at, rows, cols, y, yOffset + out,
                    indices, indicesOffset + pixel * steps.channels(), windows);
        } else if (plan.kind() == PoolKind.MAX) {
            MaxPool.forward(steps, x, xOffset + at, rows, cols, y, yOffset + out, yEnd, windows);
        } else if (plan.kind() == PoolKind.AVERAGE) {
            AveragePool.forward(steps, x, xOffset + at, rows, cols, divisor, y, yOffset + out, windows);
        } else {
            LpPool.forward(steps, plan.exponent, x, xOffset + at, rows, cols, y, yOffset + out, windows);
        }
    }

    private void runGradInput(int at, int rows, int before, int cols, int pixel, int windows, float divisor) {
        Steps steps = plan.steps;
        int out = pixel * steps.channels();
        int own = at + before * steps.row();
        if (plan.kind() == PoolKind.MAX) {
            IndexedMaxPool.gradInput(steps, x, xOffset + at, rows, before, cols,
                    y, yOffset + out, dy, dyOffset + out, dx, dxOffset + at, windows);
        } else if (plan.kind() == PoolKind.AVERAGE) {
            AveragePool.gradInput(steps, dy, dyOffset + out, divisor, dx, dxOffset + own, rows - before, cols, windows);
        } else {
            LpPool.gradInput(steps, plan.exponent, x, xOffset + own, rows - before, cols,
                    y, yOffset + out, dy, dyOffset + out, dx, dxOffset + own, windows);
        }
    }
}
