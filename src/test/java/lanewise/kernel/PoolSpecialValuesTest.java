package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.PoolOracle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ties, zeros of both signs, infinities and NaN. */
class PoolSpecialValuesTest {

    private static final Workspace WORKSPACE = Workspace.ofFloats();
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final float NEGATIVE_NAN = Float.intBitsToFloat(0xffc00000); // what 0/0 gives on x86
    private static final float LARGE_NAN = Float.intBitsToFloat(0x7fffffff);
    private static final float[] SPECIAL = {Float.NaN, NEGATIVE_NAN, LARGE_NAN, INF, -INF, 0f, -0f, 1, -1, Float.MIN_VALUE,
        -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE};

    /** A window size for every kernel, and channels for whole vectors, groups of 4 and a tail. */
    static Stream<PoolShape> windows() {
        int c = 5 * Simd.LANES + 1;
        return Stream.of(PoolShape.global(1, 2, 2, c), PoolShape.global(1, 3, 3, c), PoolShape.global(1, 2, 3, c));
    }

    /** And windows that share a column. */
    static Stream<PoolShape> maxWindows() {
        return Stream.concat(windows(), Stream.of(2, 4)
                .map(vectors -> PoolShape.of(1, 3, 5, vectors * Simd.LANES, 3, 3).withStride(2, 2)));
    }

    /** Every pair of special values, at every two places of an input that is -infinity elsewhere. */
    @ParameterizedTest
    @MethodSource("maxWindows")
    void maxOfAnyTwo(PoolShape shape) {
        int taps = shape.h() * shape.w();
        float[] x = new float[shape.xLength()];
        for (float a : SPECIAL) {
            for (float b : SPECIAL) {
                for (int first = 0; first < taps; first++) {
                    for (int second = first + 1; second < taps; second++) {
                        Arrays.fill(x, -INF);
                        Arrays.fill(x, first * shape.c(), (first + 1) * shape.c(), a);
                        Arrays.fill(x, second * shape.c(), (second + 1) * shape.c(), b);
                        checkMax(shape, x, a + " at " + first + ", " + b + " at " + second);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("maxWindows")
    void allEqualGoesToTheFirst(PoolShape shape) {
        float[] x = new float[shape.xLength()];
        for (float value : SPECIAL) {
            Arrays.fill(x, value);
            checkMax(shape, x, "all " + value);
        }
    }

    /** Value, index and both gradients; {@code Float.compare} tells the zeros apart, and takes all NaNs for one. */
    private static void checkMax(PoolShape shape, float[] x, String what) {
        PoolPlan plan = PoolPlan.max(shape);
        int length = shape.yLength();
        int[] places = PoolOracle.indices(shape, PoolCase.doubles(x));
        float[] expected = new float[length];
        for (int i = 0; i < length; i++) {
            expected[i] = x[places[i]];
        }
        float[] y = new float[length];
        plan.forward(x, y, WORKSPACE);
        assertEqualBits(expected, y, what);
        int[] indices = new int[length];
        plan.forwardWithIndices(x, y, indices, WORKSPACE);
        assertEqualBits(expected, y, what);
        assertArrayEquals(places, indices, what);

        float[] dy = new float[length];
        Arrays.fill(dy, 3);
        float[] dx = new float[x.length];
        plan.gradInput(x, y, dy, dx, WriteMode.OVERWRITE, WORKSPACE);
        float[] expectedDx = new float[x.length];
        for (int place : places) {
            expectedDx[place] += 3;
        }
        assertArrayEquals(expectedDx, dx, what);
        plan.gradInputByIndices(indices, dy, dx, WriteMode.OVERWRITE, WORKSPACE);
        assertArrayEquals(expectedDx, dx, what);
    }

    private static void assertEqualBits(float[] expected, float[] actual, String what) {
        for (int i = 0; i < expected.length; i++) {
            int index = i;
            assertEquals(0, Float.compare(expected[i], actual[i]),
                    () -> what + ": element " + index + " is " + actual[index] + ", must be " + expected[index]);
        }
    }

    /** An overlapping tie: the windows {0, 1} and {1, 2} of three equal elements. */
    @Test
    void tiesOfOverlappingWindows() {
        PoolPlan plan = PoolPlan.max(PoolShape.of1d(1, 3, 1, 2));
        float[] x = {5, 5, 5};
        float[] dx = new float[3];
        plan.gradInput(x, new float[] {5, 5}, new float[] {1, 10}, dx, WriteMode.OVERWRITE, WORKSPACE);
        assertArrayEquals(new float[] {1, 10, 0}, dx);
    }

    /** Padding is no zero: it never wins. */
    @Test
    void paddingNeverWinsAMaximum() {
        PoolPlan plan = PoolPlan.max(PoolShape.of(1, 2, 2, 1, 2, 2).withPadding(1, 1));
        float[] y = new float[9];
        plan.forward(new float[] {-1, -2, -3, -INF}, y, WORKSPACE);
        assertArrayEquals(new float[] {-1, -1, -2, -1, -1, -2, -3, -3, -INF}, y);
    }

    @ParameterizedTest
    @MethodSource("windows")
    void sumsFollowIeee(PoolShape shape) {
        PoolPlan average = PoolPlan.average(shape, false);
        PoolPlan norm1 = PoolPlan.lp(shape, 1);
        PoolPlan norm2 = PoolPlan.lp(shape, 2);
        PoolPlan norm3 = PoolPlan.lp(shape, 3);
        assertConstant(Float.NaN, average, Float.NaN, 1);
        assertConstant(Float.NaN, average, INF, -INF);
        assertConstant(-INF, average, -INF, 1);
        for (PoolPlan norm : new PoolPlan[] {norm1, norm2, norm3}) {
            assertConstant(Float.NaN, norm, Float.NaN, 1);
            assertConstant(INF, norm, -INF, 1);
            assertConstant(INF, norm, -INF, INF);
        }
        assertConstant(INF, norm2, 2e19f, 0); // as documented: the square overflows
        assertConstant(2e19f, norm3, 2e19f, 0);
    }

    /** A window with {@code a} and {@code b} and otherwise zeros. */
    private static void assertConstant(float expected, PoolPlan plan, float a, float b) {
        float[] x = new float[plan.shape().xLength()];
        int c = plan.shape().c();
        Arrays.fill(x, c, 2 * c, a);
        Arrays.fill(x, 2 * c, 3 * c, b);
        float[] y = new float[c];
        plan.forward(x, y, WORKSPACE);
        for (float value : y) {
            assertEquals(expected, value, plan.describe());
        }
    }

    @ParameterizedTest
    @MethodSource("windows")
    void gradientOfANormAtZeroIsZero(PoolShape shape) {
        float[] x = new float[shape.xLength()];
        float[] y = new float[shape.yLength()];
        float[] dy = new float[y.length];
        Arrays.fill(dy, 2);
        for (float p : new float[] {1, 1.5f, 2, 3}) {
            float[] dx = new float[x.length];
            Arrays.fill(dx, Float.NaN);
            PoolPlan.lp(shape, p).gradInput(x, y, dy, dx, WriteMode.OVERWRITE, WORKSPACE);
            assertArrayEquals(new float[x.length], dx);
        }
    }

    @Test
    void gradientsKeepNaN() {
        var shape = PoolShape.global(1, 1, 2, Simd.LANES + 1);
        float[] x = new float[shape.xLength()];
        Arrays.fill(x, 1);
        float[] y = new float[shape.yLength()];
        Arrays.fill(y, 2);
        float[] dy = new float[y.length];
        Arrays.fill(dy, Float.NaN);
        for (PoolPlan plan : new PoolPlan[] {PoolPlan.average(shape, true), PoolPlan.lp(shape, 1), PoolPlan.lp(shape, 2),
            PoolPlan.lp(shape, 3)}) {
            float[] dx = new float[x.length];
            plan.gradInput(x, y, dy, dx, WriteMode.OVERWRITE, WORKSPACE);
            for (float value : dx) {
                assertTrue(Float.isNaN(value), plan.describe());
            }
        }
    }

    /** A stride whose floats are 2^32, or 0 as an int: there is no second window. */
    @Test
    void stridesThatAreNotTakenMayOverflow() {
        PoolCase.kindsOf(PoolShape.of(1, 8, 8, 4, 2, 2).withStride(1 << 30, 1 << 30)).forEach(pool -> {
            float[] x = Data.integers(1, pool.shape().xLength());
            float[] y = new float[pool.shape().yLength()];
            pool.plan().forward(x, y, WORKSPACE);
            pool.forward(PoolCase.doubles(x)).assertClose(Guarded.of(y), pool);
            float[] dx = new float[x.length];
            pool.plan().gradInput(x, y, y, dx, WriteMode.OVERWRITE, WORKSPACE);
            pool.gradInput(PoolCase.doubles(x), y, y).assertClose(Guarded.of(dx), pool);
        });
    }

    /** Rows so far apart that their distance is no int, beside an image of one row: they are never read. */
    @Test
    void distancesThatAreNotTakenMayOverflow() {
        int far = 3_400_000;
        var shape = new PoolShape(1, 1, 40, 16, 3, 3, 1, 1, far, 1, far, 1, far, 1, false);
        float[] x = Data.reals(1, shape.xLength());
        float[] y = new float[shape.yLength()];
        PoolPlan.max(shape).forward(x, y, WORKSPACE);
        assertArrayEquals(PoolOracle.max(shape, PoolCase.doubles(x)).floats(), y);
    }
}
