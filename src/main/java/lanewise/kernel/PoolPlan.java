package lanewise.kernel;

import lanewise.internal.Checks;
import lanewise.internal.VectorModule;
import lanewise.internal.pool.Steps;
import lanewise.internal.simd.Simd;

/**
 * One pooling, ready to run: per window and channel, over the taps inside the input,
 *
 * <pre>
 * max       y = max x                        dx += dy at the first tap that equals y
 * average   y = (sum x) / divisor            dx += dy / divisor
 * lp        y = (sum |x|^p)^(1/p)            dx += dy sign(x) (|x| / y)^(p - 1)
 * </pre>
 *
 * <p>Shapes: {@code x, dx: float[N*H*W*C]}, {@code y, dy: float[N*P*Q*C]}, {@code indices: int[N*P*Q*C]}, channels-last; see
 * {@link PoolShape}. The short methods take arrays of just this length, those with offsets any part of an array.
 *
 * <p>Padding never wins a maximum and adds nothing to a sum. In an average, it is counted by the divisor or not: counted, the
 * divisor is the number of taps in the padded input, and taps beyond the padding, where ceil mode reaches, are not counted.
 *
 * <p>Max is taken in the order of {@link Math#max}: {@code -0 < +0}, and a NaN in the window makes {@code y} NaN (of any payload).
 * Of equal elements the first in row-major order of the window has the index and the gradient; NaNs are equal to each other.
 * Sums follow IEEE 754. The Lp norm with p = 2 overflows beyond 1.8e19, loses precision below 1e-19, and takes what is below
 * 2e-23 for 0; any other p but 1 is computed in double. Where {@code y = 0}, the Lp gradient is 0 by definition.
 *
 * <p>The inputs of a call are not modified. {@code y} and {@code indices} are overwritten; {@code dx} is overwritten or added to,
 * see {@link WriteMode}. An output must not overlap an input. Thread use: a plan is immutable and may be shared; the workspace is
 * the caller's own, and its {@link Threads} share the rows. A 1-D pooling of one image, and the forward pass of a global one, has a
 * single row. Every sum is taken in the same order: same bits with any number of threads. No call allocates.
 */
public final class PoolPlan {

    private final PoolShape shape;
    private final PoolKind kind;
    private final boolean countPadding;
    private final int xLength;
    private final int yLength;
    /** Floats from the first output of the forward pass to its last. */
    private final int ySpan;

    final float exponent;
    final WindowAxis rows;
    final WindowAxis columns;
    final int rowFloats;
    final Steps steps;

    private PoolPlan(PoolShape shape, PoolKind kind, boolean countPadding, float exponent, int yStride) {
        this.shape = shape;
        this.kind = kind;
        this.countPadding = countPadding;
        this.exponent = exponent;
        xLength = shape.xLength();
        yLength = shape.yLength();
        rows = shape.rows();
        columns = shape.columns();
        rowFloats = shape.w() * shape.c();
        // A product that overflows belongs to a step beyond the input, which is never taken.
        steps = new Steps(shape.dilationH() * rowFloats, shape.dilationW() * shape.c(), shape.strideW() * shape.c(), shape.c(),
                yStride);
        ySpan = Ranges.span(yLength / shape.c(), yStride, shape.c());
    }

    private static PoolPlan dense(PoolShape shape, PoolKind kind, boolean countPadding, float exponent) {
        VectorModule.require();
        return new PoolPlan(Checks.notNull(shape, "shape"), kind, countPadding, exponent, shape.c());
    }

    /**
     * Max pooling.
     *
     * @throws IllegalStateException if this JVM has no vector module
     */
    public static PoolPlan max(PoolShape shape) {
        return dense(shape, PoolKind.MAX, false, 0);
    }

    /**
     * Average pooling.
     *
     * @param countPadding whether the divisor counts the taps in the padding
     * @throws IllegalStateException if this JVM has no vector module
     */
    public static PoolPlan average(PoolShape shape, boolean countPadding) {
        return dense(shape, PoolKind.AVERAGE, countPadding, 0);
    }

    /**
     * Lp pooling; p = 1 and p = 2 are fast.
     *
     * @throws IllegalArgumentException if {@code p} is less than 1, infinite or NaN
     * @throws IllegalStateException if this JVM has no vector module
     */
    public static PoolPlan lp(PoolShape shape, float p) {
        Checks.require(p >= 1 && p <= Float.MAX_VALUE, "p", p, "must be at least 1 and finite");
        return dense(shape, PoolKind.LP, false, p);
    }

    /**
     * The same for an output whose pixels lie {@code yStride} floats apart: {@code forward} and {@code forwardWithIndices} then
     * write C channels of wider pixels and leave the others alone, so that a concatenation is written in place. Indices stay dense,
     * and the backward pass still takes and gives dense arrays.
     *
     * @param yStride at least C
     * @throws IllegalArgumentException if it is less, or y is then longer than an array
     */
    public PoolPlan withOutputStride(int yStride) {
        Checks.atLeast(yStride, shape.c(), "yStride");
        return new PoolPlan(shape, kind, countPadding, exponent, yStride);
    }

    /** The sizes. */
    public PoolShape shape() {
        return shape;
    }

    /** What is taken of each window. */
    public PoolKind kind() {
        return kind;
    }

    /** Whether the divisor of an average counts the taps in the padding. */
    public boolean countsPadding() {
        return countPadding;
    }

    /** Floats that a call needs in each section of its workspace: 0. */
    public int workspaceFloats() {
        return 0;
    }

    /** One line: the shape and the kernels that run. */
    public String describe() {
        return shape + " -> p" + rows.out() + "q" + columns.out() + ": " + kind.describe(this) + ", " + Simd.LANES + " lanes along channels";
    }

    /**
     * Computes {@code y} from {@code x}, arrays of just the right length: with an output stride, up to the last output.
     *
     * @throws IllegalArgumentException if a length is wrong, or {@code x} and {@code y} are the same array
     */
    public void forward(float[] x, float[] y, Workspace workspace) {
        Checks.length(x, xLength, "x");
        Checks.length(y, ySpan, "y");
        forward(x, 0, y, 0, workspace);
    }

    /**
     * Computes {@code y} from {@code x}, each beginning at its offset.
     *
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if {@code x} and {@code y} overlap
     */
    public void forward(float[] x, int xOffset, float[] y, int yOffset, Workspace workspace) {
        checkForward(x, xOffset, y, yOffset);
        run(x, xOffset, y, yOffset, null, 0, null, 0, null, 0, null, workspace);
    }

    /**
     * Max pooling that also tells where each maximum was: the same {@code y}, and {@code indices}.
     *
     * @param indices for each element of {@code y} the position of its maximum in {@code x}, {@code ((n H + h) W + w) C + c}
     * @throws IllegalArgumentException if a length is wrong, or {@code x} and {@code y} are the same array
     * @throws IllegalStateException if this is no max pooling
     */
    public void forwardWithIndices(float[] x, float[] y, int[] indices, Workspace workspace) {
        Checks.length(x, xLength, "x");
        Checks.length(y, ySpan, "y");
        checkLength(indices);
        forwardWithIndices(x, 0, y, 0, indices, 0, workspace);
    }

    /**
     * Max pooling that also tells where each maximum was, each array beginning at its offset.
     *
     * @param indices for each element of {@code y} the position of its maximum in {@code x}, {@code ((n H + h) W + w) C + c},
     *     counted from {@code xOffset}
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if {@code x} and {@code y} overlap
     * @throws IllegalStateException if this is no max pooling
     */
    public void forwardWithIndices(float[] x, int xOffset, float[] y, int yOffset, int[] indices, int indicesOffset,
                                   Workspace workspace) {
        requireMax();
        checkForward(x, xOffset, y, yOffset);
        Checks.range(indices, indicesOffset, yLength, "indices");
        run(x, xOffset, y, yOffset, indices, indicesOffset, null, 0, null, 0, null, workspace);
    }

    /**
     * Computes {@code dx}, the gradient for {@code x}, from {@code dy}, that for {@code y}, with arrays of just the right length.
     *
     * @param x what {@code forward} read; an average does not read it, and it may be null
     * @param y what {@code forward} wrote; an average does not read it, and it may be null
     * @throws IllegalArgumentException if a length is wrong, or {@code dx} is one of the other arrays
     */
    public void gradInput(float[] x, float[] y, float[] dy, float[] dx, WriteMode mode, Workspace workspace) {
        if (kind != PoolKind.AVERAGE) {
            Checks.length(x, xLength, "x");
            Checks.length(y, yLength, "y");
        }
        Checks.length(dy, yLength, "dy");
        Checks.length(dx, xLength, "dx");
        gradInput(x, 0, y, 0, dy, 0, dx, 0, mode, workspace);
    }

    /**
     * Computes {@code dx}, the gradient for {@code x}, from {@code dy}, that for {@code y}, each array beginning at its offset.
     *
     * @param x what {@code forward} read; an average does not read it, and it may be null
     * @param y what {@code forward} wrote; an average does not read it, and it may be null
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if {@code dx} overlaps another array
     */
    public void gradInput(float[] x, int xOffset, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                          WriteMode mode, Workspace workspace) {
        checkGradInput(dy, dyOffset, dx, dxOffset, mode);
        if (kind != PoolKind.AVERAGE) {
            Checks.range(x, xOffset, xLength, "x");
            Checks.range(y, yOffset, yLength, "y");
            Checks.disjoint(x, xOffset, xLength, "x", dx, dxOffset, xLength, "dx");
            Checks.disjoint(y, yOffset, yLength, "y", dx, dxOffset, xLength, "dx");
        }
        run(x, xOffset, y, yOffset, null, 0, dy, dyOffset, dx, dxOffset, mode, workspace);
    }

    /**
     * The gradient of max pooling from the indices of {@link #forwardWithIndices}, with arrays of just the right length. It reads
     * no {@code x} and is faster than {@link #gradInput}.
     *
     * @throws IllegalArgumentException if a length is wrong, {@code dx} and {@code dy} are the same array, or an index lies outside
     *     the rows of its window; part of {@code dx} may then be written
     * @throws IllegalStateException if this is no max pooling
     */
    public void gradInputByIndices(int[] indices, float[] dy, float[] dx, WriteMode mode, Workspace workspace) {
        checkLength(indices);
        Checks.length(dy, yLength, "dy");
        Checks.length(dx, xLength, "dx");
        gradInputByIndices(indices, 0, dy, 0, dx, 0, mode, workspace);
    }

    /**
     * The gradient of max pooling from the indices of {@link #forwardWithIndices}, each array beginning at its offset. It reads no
     * {@code x} and is faster than {@link #gradInput}.
     *
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalArgumentException if {@code dx} and {@code dy} overlap, or an index lies outside the rows of its window; part
     *     of {@code dx} may then be written
     * @throws IllegalStateException if this is no max pooling
     */
    public void gradInputByIndices(int[] indices, int indicesOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                   WriteMode mode, Workspace workspace) {
        requireMax();
        Checks.range(indices, indicesOffset, yLength, "indices");
        checkGradInput(dy, dyOffset, dx, dxOffset, mode);
        run(null, 0, null, 0, indices, indicesOffset, dy, dyOffset, dx, dxOffset, mode, workspace);
    }

    /** The divisor of the windows in row {@code p} and column {@code q}; only an average has one. */
    float divisor(int p, int q) {
        int high = countPadding ? rows.paddedTaps(p) : rows.endTap(p) - rows.firstTap(p);
        int wide = countPadding ? columns.paddedTaps(q) : columns.endTap(q) - columns.firstTap(q);
        return (float) high * wide;
    }

    private void run(float[] x, int xOffset, float[] y, int yOffset, int[] indices, int indicesOffset,
                     float[] dy, int dyOffset, float[] dx, int dxOffset, WriteMode mode, Workspace workspace) {
        Checks.notNull(workspace, "workspace").acquire(workspaceFloats());
        try {
            PoolCall call = workspace.poolCall;
            call.x = x;
            call.xOffset = xOffset;
            call.y = y;
            call.yOffset = yOffset;
            call.indices = indices;
            call.indicesOffset = indicesOffset;
            call.dy = dy;
            call.dyOffset = dyOffset;
            call.dx = dx;
            call.dxOffset = dxOffset;
            call.mode = mode;
            call.run(this, workspace.threads());
        } finally {
            workspace.release();
        }
    }

    private void checkForward(float[] x, int xOffset, float[] y, int yOffset) {
        Checks.range(x, xOffset, xLength, "x");
        Checks.range(y, yOffset, ySpan, "y");
        Checks.disjoint(x, xOffset, xLength, "x", y, yOffset, ySpan, "y");
    }

    private void checkGradInput(float[] dy, int dyOffset, float[] dx, int dxOffset, WriteMode mode) {
        Checks.range(dy, dyOffset, yLength, "dy");
        Checks.range(dx, dxOffset, xLength, "dx");
        Checks.disjoint(dy, dyOffset, yLength, "dy", dx, dxOffset, xLength, "dx");
        Checks.notNull(mode, "mode");
    }

    private void checkLength(int[] indices) {
        Checks.notNull(indices, "indices");
        if (indices.length != yLength) {
            throw new IllegalArgumentException("indices has length " + indices.length + ", must be " + yLength);
        }
    }

    private void requireMax() {
        if (kind != PoolKind.MAX) {
            throw new IllegalStateException("indices belong to max pooling, this plan is " + kind);
        }
    }
}
