package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.local.Patches;
import lanewise.internal.local.PlaceColumns;
import lanewise.internal.local.PlaceDots;
import lanewise.internal.local.PlaceRows;

/**
 * The {@link LocallyConnectedPlan} call that runs in a {@link Workspace}: kept there, so that no call allocates.
 *
 * <p>Every pass goes from place to place, since the weights of a place are far apart from those of the next and are to be read, or
 * written, once; within a place it goes over the batch in chunks. A task of {@code forward} and {@code gradWeight} is a range of
 * places. A task of {@code gradInput} is a band of dx, whole rows or whole columns over the batch: it visits the places that see the
 * band, with those of their taps that lie in it. So each weight is read in one task only, and the sums are in the order of the places
 * whatever the bands are.
 */
final class LocallyConnectedCall implements Threads.Task {

    private static final int TASKS_PER_THREAD = 4;

    Pass pass;
    /** x, or dy for {@code gradInput}. */
    float[] in;
    int inOffset;
    float[] w;
    int wOffset;
    /** Null for none. */
    float[] bias;
    int biasOffset;
    float[] dy;
    int dyOffset;
    float[] out;
    int outOffset;
    boolean plus;
    private LocallyConnectedPlan plan;
    private Workspace workspace;
    private int tasks;

    /** Runs the pass with the workspace, which is acquired, and forgets the arrays. */
    void run(LocallyConnectedPlan plan, Workspace workspace) {
        this.plan = plan;
        this.workspace = workspace;
        int threads = workspace.threads().count();
        int parts = pass == Pass.GRAD_INPUT ? Math.max(plan.shape().h(), plan.shape().w()) : plan.places();
        tasks = threads == 1 ? 1 : Math.min(parts, TASKS_PER_THREAD * threads);
        try {
            workspace.threads().run(tasks, this);
        } finally {
            clear();
        }
    }

    private void clear() {
        pass = null;
        in = null;
        w = null;
        bias = null;
        dy = null;
        out = null;
        plan = null;
        workspace = null;
    }

    @Override
    public void run(int task, int worker) {
        int work = workspace.section(worker);
        ConvShape shape = plan.shape();
        if (pass != Pass.GRAD_INPUT) {
            for (int place = part(task, plan.places()); place < part(task + 1, plan.places()); place++) {
                if (pass == Pass.FORWARD) {
                    forward(place, work);
                } else {
                    gradWeight(place, work);
                }
            }
        } else if (shape.h() >= shape.w()) {
            gradInput(part(task, shape.h()), part(task + 1, shape.h()), 0, shape.w(), work);
        } else {
            gradInput(0, shape.h(), part(task, shape.w()), part(task + 1, shape.w()), work);
        }
    }

    private int part(int task, int size) {
        return (int) ((long) size * task / tasks);
    }

    private void forward(int place, int work) {
        ConvShape shape = plan.shape();
        int k = shape.k();
        int depth = plan.patchLength();
        int stride = plan.places() * k;
        for (int n = 0; n < shape.n(); n += plan.chunk()) {
            int images = Math.min(plan.chunk(), shape.n() - n);
            gather(place, n, images, work);
            PlaceRows.run(images, k, depth, workspace.floats(), work, depth, w, wOffset + place * depth * k, k,
                    bias, biasOffset + place * k, out, outOffset + n * stride + place * k, stride);
        }
    }

    private void gradWeight(int place, int work) {
        ConvShape shape = plan.shape();
        int k = shape.k();
        int depth = plan.patchLength();
        int stride = plan.places() * k;
        float[] floats = workspace.floats();
        int rows = work + plan.chunk() * depth;
        for (int n = 0; n < shape.n(); n += plan.chunk()) {
            int images = Math.min(plan.chunk(), shape.n() - n);
            gather(place, n, images, work);
            for (int i = 0; i < images; i++) {
                System.arraycopy(dy, dyOffset + (n + i) * stride + place * k, floats, rows + i * k, k);
            }
            PlaceColumns.run(depth, k, images, floats, work, depth, floats, rows, plus || n > 0, out, outOffset + place * depth * k);
        }
    }

    private void gather(int place, int n, int images, int work) {
        ConvShape shape = plan.shape();
        int p = place / plan.columns.out();
        int q = place % plan.columns.out();
        int firstRow = plan.rows.firstTap(p);
        int endRow = plan.rows.endTap(p);
        int firstColumn = plan.columns.firstTap(q);
        int endColumn = plan.columns.endTap(q);
        int image = shape.h() * shape.w() * shape.c();
        int at = firstRow < endRow && firstColumn < endColumn ? plan.pixel(p, firstRow, q, firstColumn) : 0;
        for (int i = 0; i < images; i++) {
            plan.patches.gather(in, inOffset + (n + i) * image + at, firstRow, endRow, firstColumn, endColumn,
                    workspace.floats(), work + i * plan.patchLength());
        }
    }

    /** The part of dx in rows {@code [top, bottom)} and columns {@code [left, right)}. */
    private void gradInput(int top, int bottom, int left, int right, int work) {
        ConvShape shape = plan.shape();
        if (!plus) {
            int row = shape.w() * shape.c();
            for (int n = 0; n < shape.n(); n++) {
                for (int h = top; h < bottom; h++) {
                    int at = outOffset + (n * shape.h() + h) * row;
                    Arrays.fill(out, at + left * shape.c(), at + right * shape.c(), 0);
                }
            }
        }
        for (int p = plan.rows.windowsFrom(top); p < plan.rows.windowsTo(bottom); p++) {
            int firstRow = plan.rows.tapsBefore(p, top);
            int endRow = plan.rows.tapsBefore(p, bottom);
            if (firstRow == endRow) {
                continue; // dilation: no tap in the band
            }
            for (int q = plan.columns.windowsFrom(left); q < plan.columns.windowsTo(right); q++) {
                int firstColumn = plan.columns.tapsBefore(q, left);
                int endColumn = plan.columns.tapsBefore(q, right);
                if (firstColumn < endColumn) {
                    gradInput(p, q, firstRow, endRow, firstColumn, endColumn, work);
                }
            }
        }
    }

    /** What the place (p, q) adds by some of its taps. */
    private void gradInput(int p, int q, int firstRow, int endRow, int firstColumn, int endColumn, int work) {
        ConvShape shape = plan.shape();
        int place = p * plan.columns.out() + q;
        int k = shape.k();
        int stride = plan.places() * k;
        int image = shape.h() * shape.w() * shape.c();
        int at = outOffset + plan.pixel(p, firstRow, q, firstColumn);
        int rows = endRow - firstRow;
        int columns = endColumn - firstColumn;
        float[] floats = workspace.floats();
        if (plan.byDots()) {
            for (int n = 0; n < shape.n(); n++) {
                int from = inOffset + n * stride + place * k;
                for (int r = 0; r < rows; r++) {
                    PlaceDots.run(columns * shape.c(), k, w, weights(place, firstRow + r, firstColumn), in, from,
                            floats, work + r * columns * shape.c());
                }
                plan.patches.add(floats, work, rows, columns, out, at + n * image);
            }
            return;
        }
        int lanes = plan.paddedChunk();
        int sums = work + k * lanes;
        for (int n = 0; n < shape.n(); n += plan.chunk()) {
            int images = Math.min(plan.chunk(), shape.n() - n);
            Patches.transpose(in, inOffset + n * stride + place * k, stride, images, k, floats, work, lanes);
            for (int r = 0; r < rows; r++) {
                int to = sums + r * columns * shape.c() * lanes;
                PlaceRows.run(columns * shape.c(), lanes, k, w, weights(place, firstRow + r, firstColumn), k, floats, work, lanes,
                        null, 0, floats, to, lanes);
            }
            for (int i = 0; i < images; i++) {
                plan.patches.addStrided(floats, sums + i, lanes, rows, columns, out, at + (n + i) * image);
            }
        }
    }

    /** Where the weights of a tap of a place begin. */
    private int weights(int place, int r, int s) {
        ConvShape shape = plan.shape();
        return wOffset + (place * plan.patchLength() + (r * shape.s() + s) * shape.c()) * shape.k();
    }
}
