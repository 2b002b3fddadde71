package lanewise.kernel;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.eltwise.Arithmetic;
import lanewise.internal.eltwise.ChannelSums;

/**
 * A reduction over some axes of an array of several, for each example of a batch,
 *
 * <pre>y[kept] = function of all x[kept, reduced]          dx[kept, reduced] = dy[kept] dfunction/dx[kept, reduced]</pre>
 *
 * <p>x is {@code float[batch * sizes]}; y has the sizes that are kept, in their order. Inputs are not modified; y is overwritten and old
 * contents may be NaN, a gradient follows its {@link WriteMode}. Outputs must not overlap inputs.
 *
 * <p>Axes that are neighbours make a matrix: its rows or columns are reduced in vectors, with the sums of {@link Reduce}. What else
 * there is runs one by one, summed in double.
 *
 * <p>Immutable; any number of threads may call, on outputs that do not overlap. Nothing is allocated.
 */
public final class ReducePlan {

    private final ReduceFunction function;
    private final int batch;
    /** Elements of one example of x and of y, and how many meet in one output. */
    private final int xLength;
    private final int yLength;
    private final int count;
    /** If the reduced axes are neighbours, x is {@code outer x count x inner}; else inner is 0, and the tables say where things lie. */
    private final int inner;
    private final int[] keptOffsets;
    private final int[] reducedOffsets;

    private ReducePlan(ReduceFunction function, int batch, int[] sizes, boolean[] reduced) {
        this.function = Checks.notNull(function, "function");
        this.batch = Checks.atLeast(batch, 1, "batch");
        if (Checks.notNull(sizes, "sizes").length != Checks.notNull(reduced, "reduced").length) {
            throw new IllegalArgumentException("there are " + sizes.length + " sizes, but " + reduced.length + " flags");
        }
        int kept = 1;
        int met = 1;
        for (int i = 0; i < sizes.length; i++) {
            Checks.atLeast(sizes[i], 1, "size");
            if (reduced[i]) {
                met = Checks.product("x", met, sizes[i]);
            } else {
                kept = Checks.product("x", kept, sizes[i]);
            }
        }
        count = met;
        yLength = kept;
        xLength = Checks.product("x", kept, met);
        Checks.product("x", batch, xLength);
        inner = inner(sizes, reduced);
        keptOffsets = inner > 0 ? null : offsets(sizes, reduced, false, kept);
        reducedOffsets = inner > 0 ? null : offsets(sizes, reduced, true, met);
    }

    /**
     * A plan.
     *
     * @param sizes of one example, outermost first
     * @param reduced for each axis, whether it is reduced
     * @throws IllegalArgumentException if a size or the batch is below 1, or x would not fit an array
     */
    public static ReducePlan of(ReduceFunction function, int batch, int[] sizes, boolean[] reduced) {
        VectorModule.require();
        return new ReducePlan(function, batch, sizes, reduced);
    }

    /** The product of the sizes behind the reduced axes, or 0 if a kept axis lies between them. */
    private static int inner(int[] sizes, boolean[] reduced) {
        int behind = 1;
        boolean met = false;
        boolean past = false;
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (sizes[i] == 1) {
                continue;
            }
            if (reduced[i]) {
                if (past) {
                    return 0;
                }
                met = true;
            } else if (met) {
                past = true;
            } else {
                behind *= sizes[i];
            }
        }
        return behind;
    }

    /** Where each combination of the axes that are reduced, or of those that are not, begins. */
    private static int[] offsets(int[] sizes, boolean[] reduced, boolean wanted, int length) {
        int[] offsets = new int[length];
        int stride = 1;
        int made = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (reduced[i] == wanted) {
                for (int j = made; j < made * sizes[i]; j++) {
                    offsets[j] = offsets[j % made] + j / made * stride;
                }
                made *= sizes[i];
            }
            stride *= sizes[i];
        }
        return offsets;
    }

    /** Elements of y. */
    public int outputLength() {
        return batch * yLength;
    }

    /** Where the elements that meet in output {@code o} of the batch begin. */
    private int first(int o) {
        if (inner > 0) {
            return o / inner * inner * count + o % inner;
        }
        return o / yLength * xLength + keptOffsets[o % yLength];
    }

    /** How far element {@code r} of these lies behind the first. */
    private int behind(int r) {
        return inner > 0 ? r * inner : reducedOffsets[r];
    }

    /** Computes y. */
    public void forward(float[] x, int xOffset, float[] y, int yOffset) {
        Checks.range(y, yOffset, outputLength(), "y");
        Ranges.apart(x, xOffset, batch * xLength, "x", y, yOffset, outputLength(), "y");
        if (inner == 1) {
            forwardRows(x, xOffset, y, yOffset);
        } else if (inner > 1 && function.compareTo(ReduceFunction.MIN) <= 0) {
            int matrices = outputLength() / inner;
            for (int i = 0; i < matrices; i++) {
                forwardColumns(x, xOffset + i * count * inner, y, yOffset + i * inner);
            }
        } else {
            for (int o = 0; o < outputLength(); o++) {
                y[yOffset + o] = (float) one(x, xOffset + first(o));
            }
        }
    }

    private void forwardRows(float[] x, int xOffset, float[] y, int yOffset) {
        for (int o = 0; o < outputLength(); o++) {
            y[yOffset + o] = function.row(x, xOffset + o * count, count);
        }
    }

    private void forwardColumns(float[] x, int xOffset, float[] y, int yOffset) {
        if (function == ReduceFunction.SUM) {
            ChannelSums.sum(x, xOffset, count, inner, y, yOffset, false);
        } else if (function == ReduceFunction.MEAN) {
            ChannelSums.mean(x, xOffset, count, inner, y, yOffset);
        } else {
            BinaryFunction extreme = function == ReduceFunction.MAX ? BinaryFunction.MAXIMUM : BinaryFunction.MINIMUM;
            System.arraycopy(x, xOffset, y, yOffset, inner);
            for (int row = 1; row < count; row++) {
                extreme.ranges(y, yOffset, x, xOffset + row * inner, y, yOffset, inner);
            }
        }
    }

    /** One output, whose elements begin at {@code at}. */
    private double one(float[] x, int at) {
        double max = function == ReduceFunction.LOG_SUM_EXP ? one(ReduceFunction.MAX, 0, x, at) : 0;
        if (Double.isInfinite(max)) {
            return max;
        }
        return function.end(one(function, max, x, at), max, count);
    }

    private double one(ReduceFunction by, double shift, float[] x, int at) {
        double total = by.start();
        for (int r = 0; r < count; r++) {
            total = by.step(total, x[at + behind(r)], shift);
        }
        return total;
    }

    /**
     * The gradient of x.
     *
     * @param y what {@link #forward} made of x
     */
    public void gradInput(float[] x, int xOffset, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                          WriteMode mode) {
        int length = batch * xLength;
        Checks.range(dx, dxOffset, length, "dx");
        Ranges.apart(x, xOffset, length, "x", dx, dxOffset, length, "dx");
        Ranges.apart(y, yOffset, outputLength(), "y", dx, dxOffset, length, "dx");
        Ranges.apart(dy, dyOffset, outputLength(), "dy", dx, dxOffset, length, "dx");
        if (!Ranges.accumulate(mode)) {
            Arrays.fill(dx, dxOffset, dxOffset + length, 0);
        }
        boolean linear = function == ReduceFunction.SUM || function == ReduceFunction.MEAN;
        float share = function == ReduceFunction.MEAN ? 1f / count : 1;
        if (linear && inner > 1) {
            for (int row = 0; row < length / inner; row++) {
                Arithmetic.axpy(share, dy, dyOffset + row / count * inner, dx, dxOffset + row * inner, inner);
            }
            return;
        }
        for (int o = 0; o < outputLength(); o++) {
            float g = dy[dyOffset + o];
            int first = first(o);
            if (linear) {
                for (int r = 0; r < count; r++) {
                    dx[dxOffset + first + behind(r)] += share * g;
                }
            } else {
                gradOne(x, xOffset + first, y[yOffset + o], g, dx, dxOffset + first);
            }
        }
    }

    /** Adds the gradient of one output's elements. */
    private void gradOne(float[] x, int at, float y, float dy, float[] dx, int dxAt) {
        if (function == ReduceFunction.PRODUCT) {
            gradProduct(x, at, dy, dx, dxAt);
            return;
        }
        boolean extreme = function == ReduceFunction.MAX || function == ReduceFunction.MIN;
        for (int r = 0; r < count; r++) {
            float v = x[at + behind(r)];
            if (!extreme) {
                dx[dxAt + behind(r)] += dy * function.slope(v, y);
            } else if (v == y || Float.isNaN(v)) {
                dx[dxAt + behind(r)] += dy;
                return;
            }
        }
    }

    /** The product of all others: with one 0 only its own gradient is left, with two none. */
    private void gradProduct(float[] x, int at, float dy, float[] dx, int dxAt) {
        int zeros = 0;
        double product = dy;
        for (int r = 0; r < count; r++) {
            float v = x[at + behind(r)];
            if (v == 0) {
                zeros++;
            } else {
                product *= v;
            }
        }
        for (int r = 0; r < count; r++) {
            float v = x[at + behind(r)];
            if (zeros == 0) {
                dx[dxAt + behind(r)] += (float) (product / v);
            } else if (zeros == 1 && v == 0) {
                dx[dxAt + behind(r)] += (float) product;
            }
        }
    }
}
