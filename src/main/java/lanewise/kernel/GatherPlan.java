package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.eltwise.Arithmetic;

/**
 * Elements chosen by an index table for each axis: slices, padding, repeats, nearest neighbours,
 *
 * <pre>
 * forward    y[i0, i1, ...]               = x[t0[i0], t1[i1], ...], or fill where a table says {@link #FILL}
 * gradInput  dx[t0[i0], t1[i1], ...] (+)= dy[i0, i1, ...], summed over all i that read the element
 * </pre>
 *
 * <p>Shapes: {@code x, dx float[d0*d1*...]}, {@code y, dy float[t0.length*t1.length*...]}, from their offsets. Axes that are taken
 * whole are merged, and runs of neighbours are copied at once; a block that repeats the one before is copied from it.
 *
 * <p>Immutable; any number of threads may run it on outputs that do not overlap. A run allocates nothing.
 */
public final class GatherPlan {

    /** In a table: there is no source, the element is filled. */
    public static final int FILL = -1;

    /** Below as many floats a loop is faster than a call. */
    private static final int SHORT = 16;

    private final int inputLength;
    private final int outputLength;
    private final float fill;
    /** For each axis the distance of each index' source from the block's begin, in floats, or {@link #FILL}. */
    private final int[][] sources;
    /** The floats of one index of each axis in y. */
    private final int[] steps;
    private final int last;
    /**
     * The floats that belong to one index of the last axis: whole axes behind it; 1 if these are so short that the table has each.
     */
    private final int run;
    private final Segments segments;

    /**
     * Stretches of the last axis whose sources are equally far apart: where they begin in y and x, how many, how far; in floats.
     */
    private record Segments(int[] to, int[] from, int[] count, int[] step) {

        static Segments of(int[] sources, int run) {
            int[][] found = new int[4][sources.length];
            int n = 0;
            for (int i = 0; i < sources.length; n++) {
                int first = i++;
                boolean filled = sources[first] == FILL;
                int step = filled || i == sources.length || sources[i] == FILL ? run : sources[i] - sources[first];
                while (i < sources.length && (filled ? sources[i] == FILL : sources[i] != FILL && sources[i] - sources[i - 1] == step)) {
                    i++;
                }
                found[0][n] = first * run;
                found[1][n] = sources[first];
                found[2][n] = i - first;
                found[3][n] = step;
            }
            return new Segments(Arrays.copyOf(found[0], n), Arrays.copyOf(found[1], n), Arrays.copyOf(found[2], n),
                    Arrays.copyOf(found[3], n));
        }
    }

    private GatherPlan(int[] dims, int[][] tables, float fill) {
        this.fill = fill;
        this.inputLength = Checks.product("x", dims);
        int[] sizes = new int[dims.length];
        for (int i = 0; i < dims.length; i++) {
            sizes[i] = tables[i] == null ? dims[i] : tables[i].length;
        }
        this.outputLength = Checks.product("y", sizes);
        int axes = dims.length;
        int run = 1;
        while (axes > 0 && tables[axes - 1] == null) {
            run *= dims[--axes];
        }
        int[][] merged = new int[Math.max(axes, 1)][];
        int[] mergedSteps = new int[merged.length];
        int n = merged.length;
        int in = run;
        int out = run;
        for (int axis = axes - 1; axis >= 0; ) {
            int size = dims[axis];
            int[] table = tables[axis--];
            while (table == null && axis >= 0 && tables[axis] == null) {
                size *= dims[axis--];
            }
            int count = table == null ? size : table.length;
            int[] from = new int[count];
            for (int i = 0; i < count; i++) {
                from[i] = table == null ? i * in : table[i] == FILL ? FILL : table[i] * in;
            }
            merged[--n] = from;
            mergedSteps[n] = out;
            in *= size;
            out *= count;
        }
        if (axes == 0) { // everything is taken as it is
            merged[--n] = new int[1];
            mergedSteps[n] = run;
        }
        this.sources = Arrays.copyOfRange(merged, n, merged.length);
        this.steps = Arrays.copyOfRange(mergedSteps, n, merged.length);
        this.last = sources.length - 1;
        if (run < SHORT) {
            sources[last] = single(sources[last], run);
            run = 1;
        }
        this.run = run;
        this.segments = Segments.of(sources[last], run);
    }

    /** A table of single floats for one of short runs. */
    private static int[] single(int[] sources, int run) {
        int[] all = new int[sources.length * run];
        for (int i = 0; i < all.length; i++) {
            all[i] = sources[i / run] == FILL ? FILL : sources[i / run] + i % run;
        }
        return all;
    }

    /**
     * The plan of an input of these sizes.
     *
     * @param dims the sizes of x, each at least 1
     * @param tables for each axis an index of x, or {@link #FILL}, for each index of y; null takes the axis whole
     * @throws IllegalArgumentException if there are not as many tables as sizes, a table is empty or leaves its axis, or an array
     *     could not hold x or y
     */
    public static GatherPlan of(int[] dims, int[][] tables, float fill) {
        if (Checks.notNull(dims, "dims").length != Checks.notNull(tables, "tables").length) {
            throw new IllegalArgumentException("there are " + tables.length + " tables for " + dims.length + " axes");
        }
        for (int axis = 0; axis < dims.length; axis++) {
            Checks.atLeast(dims[axis], 1, "size");
            int[] table = tables[axis];
            Checks.atLeast(table == null ? 1 : table.length, 1, "length of table " + axis);
            for (int i = 0; table != null && i < table.length; i++) {
                if (table[i] < FILL || table[i] >= dims[axis]) {
                    throw new IllegalArgumentException("index " + i + " of axis " + axis + " reads " + table[i]
                            + ", must be from 0 to " + (dims[axis] - 1) + ", or " + FILL);
                }
            }
        }
        return new GatherPlan(dims, tables, fill);
    }

    /** The elements of x. */
    public int inputLength() {
        return inputLength;
    }

    /** The elements of y. */
    public int outputLength() {
        return outputLength;
    }

    /**
     * The chosen elements.
     *
     * @param x not modified
     * @param y overwritten; old contents may be NaN
     * @throws IndexOutOfBoundsException if a range leaves its array
     * @throws IllegalArgumentException if the ranges overlap
     */
    public void forward(float[] x, int xOffset, float[] y, int yOffset) {
        Ranges.of(y, yOffset, outputLength, "y");
        Ranges.apart(x, xOffset, inputLength, "x", y, yOffset, outputLength, "y");
        forward(0, x, xOffset, y, yOffset);
    }

    private void forward(int axis, float[] x, int xAt, float[] y, int yAt) {
        if (axis == last) {
            row(x, xAt, y, yAt);
            return;
        }
        int[] from = sources[axis];
        int step = steps[axis];
        for (int i = 0; i < from.length; i++) {
            int at = yAt + i * step;
            if (from[i] == FILL) {
                Arrays.fill(y, at, at + step, fill);
            } else if (i > 0 && from[i] == from[i - 1]) {
                System.arraycopy(y, at - step, y, at, step);
            } else {
                forward(axis + 1, x, xAt + from[i], y, at);
            }
        }
    }

    private void row(float[] x, int xAt, float[] y, int yAt) {
        int[] to = segments.to;
        int[] from = segments.from;
        if (isScattered()) {
            scattered(x, xAt, y, yAt);
            return;
        }
        for (int s = 0; s < to.length; s++) {
            int count = segments.count[s];
            int step = segments.step[s];
            int at = yAt + to[s];
            if (from[s] == FILL) {
                Arrays.fill(y, at, at + count * run, fill);
            } else if (step == run) {
                copy(x, xAt + from[s], y, at, count * run);
            } else if (run == 1 && step == 0) {
                Arrays.fill(y, at, at + count, x[xAt + from[s]]);
            } else if (run == 1) {
                for (int k = 0; k < count; k++) {
                    y[at + k] = x[xAt + from[s] + k * step];
                }
            } else {
                for (int k = 0; k < count; k++) {
                    copy(x, xAt + from[s] + k * step, y, at + k * run, run);
                }
            }
        }
    }

    /** Whether stretches are so short that the table itself is faster. */
    private boolean isScattered() {
        return run == 1 && 4 * segments.to.length > sources[last].length;
    }

    private void scattered(float[] x, int xAt, float[] y, int yAt) {
        int[] from = sources[last];
        for (int i = 0; i < from.length; i++) {
            y[yAt + i] = from[i] == FILL ? fill : x[xAt + from[i]];
        }
    }

    private static void copy(float[] x, int xAt, float[] y, int yAt, int length) {
        if (length >= SHORT) {
            System.arraycopy(x, xAt, y, yAt, length);
        } else {
            for (int k = 0; k < length; k++) {
                y[yAt + k] = x[xAt + k];
            }
        }
    }

    /**
     * The gradient of the elements that were chosen; of those that were not, 0.
     *
     * @param dy not modified
     * @param dx overwritten or added to
     * @throws IndexOutOfBoundsException if a range leaves its array
     * @throws IllegalArgumentException if the ranges overlap
     */
    public void gradInput(float[] dy, int dyOffset, float[] dx, int dxOffset, WriteMode mode) {
        boolean accumulate = Ranges.accumulate(mode);
        Ranges.of(dx, dxOffset, inputLength, "dx");
        Ranges.apart(dy, dyOffset, outputLength, "dy", dx, dxOffset, inputLength, "dx");
        if (!accumulate) {
            Arrays.fill(dx, dxOffset, dxOffset + inputLength, 0);
        }
        gradInput(0, dy, dyOffset, dx, dxOffset);
    }

    private void gradInput(int axis, float[] dy, int dyAt, float[] dx, int dxAt) {
        if (axis == last) {
            gradRow(dy, dyAt, dx, dxAt);
            return;
        }
        int[] from = sources[axis];
        for (int i = 0; i < from.length; i++) {
            if (from[i] != FILL) {
                gradInput(axis + 1, dy, dyAt + i * steps[axis], dx, dxAt + from[i]);
            }
        }
    }

    private void gradRow(float[] dy, int dyAt, float[] dx, int dxAt) {
        if (isScattered()) {
            gradScattered(dy, dyAt, dx, dxAt);
            return;
        }
        for (int s = 0; s < segments.to.length; s++) {
            int count = segments.count[s];
            int step = segments.step[s];
            int from = dxAt + segments.from[s];
            int at = dyAt + segments.to[s];
            if (segments.from[s] == FILL) {
                continue;
            }
            if (step == run) {
                Arithmetic.add(dx, from, dy, at, dx, from, count * run);
            } else if (run == 1 && step == 0) {
                double sum = 0;
                for (int k = 0; k < count; k++) {
                    sum += dy[at + k];
                }
                dx[from] += (float) sum;
            } else {
                for (int k = 0; k < count; k++) {
                    Arithmetic.add(dx, from + k * step, dy, at + k * run, dx, from + k * step, run);
                }
            }
        }
    }

    private void gradScattered(float[] dy, int dyAt, float[] dx, int dxAt) {
        int[] from = sources[last];
        for (int i = 0; i < from.length; i++) {
            if (from[i] != FILL) {
                dx[dxAt + from[i]] += dy[dyAt + i];
            }
        }
    }

    /** The sizes that are left after merging. */
    @Override
    public String toString() {
        return "GatherPlan of " + Arrays.toString(Arrays.stream(sources).mapToInt(t -> t.length).toArray()) + " runs of " + run;
    }
}
