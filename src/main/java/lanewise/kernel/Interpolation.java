package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.eltwise.RowBlend;

/**
 * Weighted sums of a few neighbours along some axes, one after the other: linear and cubic resizing,
 *
 * <pre>
 * forward    y[.., i, ..]         = sum over t of weight[i, t] x[.., index[i, t], ..]        for each axis that has {@link Taps}
 * gradInput  dx[.., index, ..] (+)= weight[i, t] dy[.., i, ..]
 * </pre>
 *
 * <p>Shapes: {@code x, dx float[d0*d1*...]}, {@code y, dy} the same with the sizes of the taps, from their offsets. The outermost
 * axis comes first: one row of it is summed to scratch, and the axes within are done with that row while it is in a cache. A place
 * without any tap is filled, and has no gradient.
 *
 * <p>Immutable; any number of threads may run it, each with its own workspace, on outputs that do not overlap. A run allocates
 * nothing.
 */
public final class Interpolation {

    /** Below as many neighbours in memory one loop over all places is faster than a call for each. */
    private static final int NARROW = 8;

    private final int inputLength;
    private final int outputLength;
    private final float fill;
    private final Taps[] taps;
    /** Sizes of the axes of x, and the floats of one index of each in x and y. */
    private final int[] counts;
    private final int[] inSteps;
    private final int[] outSteps;
    /** Where each axis' row lies in the workspace. */
    private final int[] scratch;
    private final int scratchFloats;
    private final int last;

    /**
     * What each place of an axis of y reads.
     *
     * @param starts the number of the first tap of each place, and behind the last place the number of all taps
     * @param indices the index of x of each tap
     * @param weights the weight of each tap
     */
    public record Taps(int[] starts, int[] indices, float[] weights) {

        /** Checks that there is at least one place, and that the arrays fit together. */
        public Taps {
            Checks.atLeast(starts.length, 2, "length of starts");
            for (int i = 0; i < starts.length; i++) {
                Checks.atLeast(starts[i], i == 0 ? 0 : starts[i - 1], "start of place " + i);
            }
            if (starts[starts.length - 1] != indices.length || indices.length != weights.length) {
                throw new IllegalArgumentException("starts end at " + starts[starts.length - 1] + ", there are " + indices.length
                        + " indices and " + weights.length + " weights");
            }
        }

        /** The places of y. */
        public int places() {
            return starts.length - 1;
        }
    }

    private Interpolation(int[] dims, Taps[] taps, float fill) {
        int n = dims.length;
        this.fill = fill;
        this.taps = taps;
        this.counts = dims;
        this.inSteps = new int[n];
        this.outSteps = new int[n];
        this.scratch = new int[n];
        int lastTaps = -1;
        int[] sizes = new int[n];
        for (int i = 0; i < n; i++) {
            lastTaps = taps[i] == null ? lastTaps : i;
            sizes[i] = taps[i] == null ? dims[i] : taps[i].places();
        }
        this.last = lastTaps;
        this.inputLength = Checks.product("x", dims);
        this.outputLength = Checks.product("y", sizes);
        int floats = 0;
        for (int i = n - 1, in = 1, out = 1; i >= 0; i--) {
            inSteps[i] = in;
            outSteps[i] = out;
            if (taps[i] != null && i != last) {
                scratch[i] = floats;
                floats = Math.addExact(floats, in);
            }
            in *= dims[i];
            out *= sizes[i];
        }
        this.scratchFloats = floats;
    }

    /**
     * The interpolation of an input of these sizes.
     *
     * @param dims the sizes of x, each at least 1
     * @param taps for each axis what its places read; null takes the axis as it is
     * @throws IllegalArgumentException if there are not as many taps as sizes, a tap leaves its axis, or an array could not hold x
     *     or y
     */
    public static Interpolation of(int[] dims, Taps[] taps, float fill) {
        if (Checks.notNull(dims, "dims").length != Checks.notNull(taps, "taps").length) {
            throw new IllegalArgumentException("there are " + taps.length + " taps for " + dims.length + " axes");
        }
        for (int axis = 0; axis < dims.length; axis++) {
            Checks.atLeast(dims[axis], 1, "size");
            for (int index : taps[axis] == null ? new int[0] : taps[axis].indices) {
                if (index < 0 || index >= dims[axis]) {
                    throw new IllegalArgumentException("a tap of axis " + axis + " reads " + index + ", must be from 0 to "
                            + (dims[axis] - 1));
                }
            }
        }
        return new Interpolation(dims.clone(), taps.clone(), fill);
    }

    /** The elements of x. */
    public int inputLength() {
        return inputLength;
    }

    /** The elements of y. */
    public int outputLength() {
        return outputLength;
    }

    /** The workspace that a run needs, in floats. */
    public int workspaceFloats() {
        return scratchFloats;
    }

    /**
     * The sums.
     *
     * @param x not modified
     * @param y overwritten; old contents may be NaN
     * @throws IndexOutOfBoundsException if a range leaves its array
     * @throws IllegalArgumentException if the ranges overlap, or the workspace is too small
     * @throws IllegalStateException if the workspace is in use
     */
    public void forward(float[] x, int xOffset, float[] y, int yOffset, Workspace workspace) {
        Ranges.of(y, yOffset, outputLength, "y");
        Ranges.apart(x, xOffset, inputLength, "x", y, yOffset, outputLength, "y");
        Checks.notNull(workspace, "workspace").acquire(scratchFloats);
        try {
            forward(0, x, xOffset, y, yOffset, workspace.floats());
        } finally {
            workspace.release();
        }
    }

    private void forward(int axis, float[] x, int xAt, float[] y, int yAt, float[] rows) {
        if (axis > last) { // nothing is left to sum
            System.arraycopy(x, xAt, y, yAt, axis == 0 ? inputLength : inSteps[axis - 1]);
            return;
        }
        Taps t = taps[axis];
        int in = inSteps[axis];
        int out = outSteps[axis];
        if (t == null) {
            for (int i = 0; i < counts[axis]; i++) {
                forward(axis + 1, x, xAt + i * in, y, yAt + i * out, rows);
            }
        } else if (axis == last && in < NARROW) {
            narrow(t, in, x, xAt, y, yAt);
        } else {
            for (int i = 0; i < t.places(); i++) {
                int begin = t.starts[i];
                int end = t.starts[i + 1];
                int to = yAt + i * out;
                if (begin == end) {
                    Arrays.fill(y, to, to + out, fill);
                } else if (axis == last) {
                    blend(t, begin, end, in, x, xAt, y, to);
                } else if (end == begin + 1 && t.weights[begin] == 1) {
                    forward(axis + 1, x, xAt + t.indices[begin] * in, y, to, rows);
                } else {
                    blend(t, begin, end, in, x, xAt, rows, scratch[axis]);
                    forward(axis + 1, rows, scratch[axis], y, to, rows);
                }
            }
        }
    }

    /** Sums of whole rows of {@code in} floats. */
    private static void blend(Taps t, int begin, int end, int in, float[] x, int xAt, float[] y, int yAt) {
        int[] index = t.indices;
        float[] w = t.weights;
        int next = begin;
        switch (end - begin) {
            case 1 -> {
                RowBlend.set1(w[next], x, xAt + index[next] * in, y, yAt, in);
                next += 1;
            }
            case 2, 3 -> {
                RowBlend.set2(w[next], xAt + index[next] * in, w[next + 1], xAt + index[next + 1] * in, x, y, yAt, in);
                next += 2;
            }
            default -> {
                RowBlend.set4(w, next, xAt + index[next] * in, xAt + index[next + 1] * in, xAt + index[next + 2] * in,
                        xAt + index[next + 3] * in, x, y, yAt, in);
                next += 4;
            }
        }
        for (; next < end; next++) {
            Arithmetic.axpy(w[next], x, xAt + index[next] * in, y, yAt, in);
        }
    }

    private void narrow(Taps t, int in, float[] x, int xAt, float[] y, int yAt) {
        int at = yAt;
        for (int i = 0; i < t.places(); i++) {
            int begin = t.starts[i];
            int end = t.starts[i + 1];
            for (int k = 0; k < in; k++) {
                float sum = begin == end ? fill : 0;
                for (int tap = begin; tap < end; tap++) {
                    sum = Math.fma(t.weights[tap], x[xAt + t.indices[tap] * in + k], sum);
                }
                y[at++] = sum;
            }
        }
    }

    /**
     * The gradient by x.
     *
     * @param dy not modified
     * @param dx overwritten or added to
     * @throws IndexOutOfBoundsException if a range leaves its array
     * @throws IllegalArgumentException if the ranges overlap, or the workspace is too small
     * @throws IllegalStateException if the workspace is in use
     */
    public void gradInput(float[] dy, int dyOffset, float[] dx, int dxOffset, WriteMode mode, Workspace workspace) {
        boolean accumulate = Ranges.accumulate(mode);
        Ranges.of(dx, dxOffset, inputLength, "dx");
        Ranges.apart(dy, dyOffset, outputLength, "dy", dx, dxOffset, inputLength, "dx");
        Checks.notNull(workspace, "workspace").acquire(scratchFloats);
        try {
            if (!accumulate) {
                Arrays.fill(dx, dxOffset, dxOffset + inputLength, 0);
            }
            gradInput(0, dy, dyOffset, dx, dxOffset, workspace.floats());
        } finally {
            workspace.release();
        }
    }

    private void gradInput(int axis, float[] dy, int dyAt, float[] dx, int dxAt, float[] rows) {
        if (axis > last) {
            Arithmetic.add(dx, dxAt, dy, dyAt, dx, dxAt, axis == 0 ? inputLength : inSteps[axis - 1]);
            return;
        }
        Taps t = taps[axis];
        int in = inSteps[axis];
        int out = outSteps[axis];
        for (int i = 0; t == null && i < counts[axis]; i++) {
            gradInput(axis + 1, dy, dyAt + i * out, dx, dxAt + i * in, rows);
        }
        for (int i = 0; t != null && i < t.places(); i++) {
            float[] row = dy;
            int rowAt = dyAt + i * out;
            if (axis != last && t.starts[i] < t.starts[i + 1]) {
                row = rows;
                rowAt = scratch[axis];
                Arrays.fill(rows, rowAt, rowAt + in, 0);
                gradInput(axis + 1, dy, dyAt + i * out, rows, rowAt, rows);
            }
            for (int tap = t.starts[i]; tap < t.starts[i + 1]; tap++) {
                Arithmetic.axpy(t.weights[tap], row, rowAt, dx, dxAt + t.indices[tap] * in, in);
            }
        }
    }

    /** The sizes of x and y. */
    @Override
    public String toString() {
        int[] sizes = counts.clone();
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = taps[i] == null ? sizes[i] : taps[i].places();
        }
        return "Interpolation " + Arrays.toString(counts) + " to " + Arrays.toString(sizes);
    }
}
