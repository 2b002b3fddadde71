package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Bad arguments, each with a message that shows both values. */
class PoolRefusalTest {

    private static final Workspace WORKSPACE = Workspace.ofFloats();
    private static final PoolShape SHAPE = PoolShape.of(1, 4, 4, 1, 2, 2).withStride(2, 2); // x: 16, y: 4
    private static final PoolPlan MAX = PoolPlan.max(SHAPE);
    private static final PoolPlan AVERAGE = PoolPlan.average(SHAPE, false);
    private static final PoolPlan NORM = PoolPlan.lp(SHAPE, 2);
    private static final WriteMode SET = WriteMode.OVERWRITE;

    private final float[] x = new float[16];
    private final float[] y = new float[4];
    private final float[] dx = new float[16];
    private final float[] dy = new float[4];
    private final int[] indices = new int[4];
    private final float[] shared = new float[40];

    @Test
    void nulls() {
        refused(NullPointerException.class, "shape is null", () -> PoolPlan.max(null));
        refused(NullPointerException.class, "x is null", () -> MAX.forward(null, y, WORKSPACE));
        refused(NullPointerException.class, "y is null", () -> MAX.forward(x, null, WORKSPACE));
        refused(NullPointerException.class, "workspace is null", () -> MAX.forward(x, y, null));
        refused(NullPointerException.class, "indices is null", () -> MAX.forwardWithIndices(x, y, null, WORKSPACE));
        refused(NullPointerException.class, "x is null", () -> MAX.gradInput(null, y, dy, dx, SET, WORKSPACE));
        refused(NullPointerException.class, "y is null", () -> NORM.gradInput(x, null, dy, dx, SET, WORKSPACE));
        refused(NullPointerException.class, "dy is null", () -> AVERAGE.gradInput(null, null, null, dx, SET, WORKSPACE));
        refused(NullPointerException.class, "dx is null", () -> AVERAGE.gradInput(null, null, dy, null, SET, WORKSPACE));
        refused(NullPointerException.class, "mode is null", () -> AVERAGE.gradInput(null, null, dy, dx, null, WORKSPACE));
        refused(NullPointerException.class, "indices is null", () -> MAX.gradInputByIndices(null, dy, dx, SET, WORKSPACE));
        assertDoesNotThrow(() -> AVERAGE.gradInput(null, null, dy, dx, SET, WORKSPACE));
    }

    @Test
    void lengths() {
        refused(IllegalArgumentException.class, "x has length 4, must be 16", () -> MAX.forward(y, y, WORKSPACE));
        refused(IllegalArgumentException.class, "y has length 16, must be 4", () -> MAX.forward(x, x, WORKSPACE));
        refused(IllegalArgumentException.class, "indices has length 5, must be 4",
                () -> MAX.forwardWithIndices(x, y, new int[5], WORKSPACE));
        refused(IllegalArgumentException.class, "x has length 4, must be 16", () -> NORM.gradInput(y, y, dy, dx, SET, WORKSPACE));
        refused(IllegalArgumentException.class, "y has length 16, must be 4", () -> NORM.gradInput(x, x, dy, dx, SET, WORKSPACE));
        refused(IllegalArgumentException.class, "dy has length 16, must be 4",
                () -> AVERAGE.gradInput(null, null, dx, dx, SET, WORKSPACE));
        refused(IllegalArgumentException.class, "dx has length 4, must be 16",
                () -> AVERAGE.gradInput(null, null, dy, dy, SET, WORKSPACE));
        refused(IllegalArgumentException.class, "indices has length 3, must be 4",
                () -> MAX.gradInputByIndices(new int[3], dy, dx, SET, WORKSPACE));
    }

    @Test
    void ranges() {
        refused(IndexOutOfBoundsException.class, "x needs 16 elements from offset 25, but has length 40",
                () -> MAX.forward(shared, 25, y, 0, WORKSPACE));
        refused(IndexOutOfBoundsException.class, "y needs 4 elements from offset 1, but has length 4",
                () -> MAX.forward(x, 0, y, 1, WORKSPACE));
        refused(IndexOutOfBoundsException.class, "x offset is -1, must be at least 0", () -> MAX.forward(x, -1, y, 0, WORKSPACE));
        refused(IndexOutOfBoundsException.class, "indices needs 4 elements from offset 2, but has length 4",
                () -> MAX.forwardWithIndices(x, 0, y, 0, indices, 2, WORKSPACE));
        refused(IndexOutOfBoundsException.class, "dy needs 4 elements from offset 3, but has length 4",
                () -> MAX.gradInput(x, 0, y, 0, dy, 3, dx, 0, SET, WORKSPACE));
        refused(IndexOutOfBoundsException.class, "dx needs 16 elements from offset 2147483647, but has length 16",
                () -> MAX.gradInput(x, 0, y, 0, dy, 0, dx, Integer.MAX_VALUE, SET, WORKSPACE));
        refused(IndexOutOfBoundsException.class, "x needs 16 elements from offset 1, but has length 16",
                () -> NORM.gradInput(x, 1, y, 0, dy, 0, dx, 0, SET, WORKSPACE));
        refused(IndexOutOfBoundsException.class, "y needs 4 elements from offset 1, but has length 4",
                () -> NORM.gradInput(x, 0, y, 1, dy, 0, dx, 0, SET, WORKSPACE));
        refused(IndexOutOfBoundsException.class, "indices offset is -2, must be at least 0",
                () -> MAX.gradInputByIndices(indices, -2, dy, 0, dx, 0, SET, WORKSPACE));
    }

    @Test
    void overlaps() {
        refused(IllegalArgumentException.class, "x [0, 16) and y [15, 19) overlap",
                () -> MAX.forward(shared, 0, shared, 15, WORKSPACE));
        refused(IllegalArgumentException.class, "x [4, 20) and y [1, 5) overlap",
                () -> MAX.forwardWithIndices(shared, 4, shared, 1, indices, 0, WORKSPACE));
        refused(IllegalArgumentException.class, "dy [15, 19) and dx [0, 16) overlap",
                () -> AVERAGE.gradInput(null, 0, null, 0, shared, 15, shared, 0, SET, WORKSPACE));
        refused(IllegalArgumentException.class, "x [0, 16) and dx [15, 31) overlap",
                () -> MAX.gradInput(shared, 0, y, 0, dy, 0, shared, 15, SET, WORKSPACE));
        refused(IllegalArgumentException.class, "y [0, 4) and dx [3, 19) overlap",
                () -> NORM.gradInput(x, 0, shared, 0, dy, 0, shared, 3, SET, WORKSPACE));
        refused(IllegalArgumentException.class, "dy [3, 7) and dx [0, 16) overlap",
                () -> MAX.gradInputByIndices(indices, 0, shared, 3, shared, 0, SET, WORKSPACE));
        assertDoesNotThrow(() -> MAX.forward(shared, 0, shared, 16, WORKSPACE));
        assertDoesNotThrow(() -> MAX.gradInput(shared, 0, shared, 16, shared, 16, shared, 20, SET, WORKSPACE));
    }

    @Test
    void foreignIndices() {
        indices[0] = 16;
        refused(IllegalArgumentException.class, "indices[0] is 16, its window's rows are [0, 8)",
                () -> MAX.gradInputByIndices(indices, dy, dx, SET, WORKSPACE));
        indices[0] = 7;
        indices[3] = -1;
        refused(IllegalArgumentException.class, "indices[0] is -1, its window's rows are [0, 8)",
                () -> MAX.gradInputByIndices(new int[] {-1, 0, 8, 8}, dy, dx, SET, WORKSPACE));
        refused(IllegalArgumentException.class, "indices[3] is -1, its window's rows are [8, 16)",
                () -> MAX.gradInputByIndices(new int[] {0, 0, 8, -1}, dy, dx, SET, WORKSPACE));
        assertDoesNotThrow(() -> MAX.gradInputByIndices(new int[] {5, 7, 8, 15}, dy, dx, SET, WORKSPACE));
    }

    @Test
    void indicesOfOtherKinds() {
        refused(IllegalStateException.class, "this plan is AVERAGE", () -> AVERAGE.forwardWithIndices(x, y, indices, WORKSPACE));
        refused(IllegalStateException.class, "this plan is LP", () -> NORM.gradInputByIndices(indices, dy, dx, SET, WORKSPACE));
    }

    @Test
    void exponents() {
        for (float p : new float[] {0.5f, 0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            refused(IllegalArgumentException.class, "p is " + p + ", must be at least 1 and finite", () -> PoolPlan.lp(SHAPE, p));
        }
    }

    /** A call that failed leaves its workspace free. */
    @Test
    void workspaceIsReleased() {
        var workspace = Workspace.ofFloats();
        indices[0] = -1;
        assertThrows(IllegalArgumentException.class, () -> MAX.gradInputByIndices(indices, dy, dx, SET, workspace));
        assertDoesNotThrow(() -> MAX.forward(x, y, workspace));
    }

    @Test
    void workspaceInUse() {
        var workspace = Workspace.ofFloats();
        workspace.acquire(0);
        refused(IllegalStateException.class, "workspace is in use by another call", () -> MAX.forward(x, y, workspace));
    }

    @Test
    void describesItself() {
        assertEquals("n1c1h4w4_r2s2_u2 -> p2q2: max, 2 x 2 taps unrolled, " + lanewise.internal.simd.Simd.LANES
                + " lanes along channels", MAX.describe());
        assertTrue(PoolPlan.lp(SHAPE, 3).describe().contains("lp of p = 3.0, scalar, in double"));
        assertTrue(PoolPlan.average(SHAPE, true).describe().contains("with padding counted"));
    }

    private static void refused(Class<? extends Exception> type, String message, Executable call) {
        String actual = assertThrows(type, call).getMessage();
        assertTrue(actual.contains(message), actual);
    }
}
