package lanewise.kernel;

import static lanewise.kernel.PoolCase.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small integers with tolerance 0, and the examples of the ONNX specification, whose values anyone can look up. */
class PoolExactTest {

    private static final Workspace WORKSPACE = Workspace.ofFloats();

    /** Maxima, sums and quotients of integers that are rounded once at most. */
    static Stream<PoolCase> exactCases() {
        return PoolCase.all().filter(pool -> pool.kind() == PoolKind.MAX || pool.kind() == PoolKind.LP && pool.p() == 1);
    }

    @ParameterizedTest
    @MethodSource("exactCases")
    void integers(PoolCase pool) {
        float[] x = Data.integers(1, pool.shape().xLength());
        float[] dy = Data.integers(2, pool.shape().yLength());
        Guarded y = Guarded.ofNaN(dy.length);
        pool.plan().forward(x, 0, y.array(), y.offset(), WORKSPACE);
        float[] expected = pool.forward(doubles(x)).floats();
        assertArrayEquals(expected, y.values());
        Guarded dx = Guarded.ofNaN(x.length);
        pool.plan().gradInput(x, 0, expected, 0, dy, 0, dx.array(), dx.offset(), WriteMode.OVERWRITE, WORKSPACE);
        pool.gradInput(doubles(x), expected, dy).assertExact(dx, pool);
    }

    /** The mean of equal integers is that integer, which multiplying by a rounded 1/divisor would miss. */
    @Test
    void averageIsRoundedOnce() {
        for (int taps = 1; taps <= 100; taps++) {
            var shape = PoolShape.global(1, 1, taps, 5);
            float[] x = new float[shape.xLength()];
            Arrays.fill(x, 7);
            assertArrayEquals(new float[] {7, 7, 7, 7, 7}, forward(PoolPlan.average(shape, false), x));
        }
    }

    @Test
    void maxPrecomputedPads() {
        var plan = PoolPlan.max(PoolShape.of(1, 5, 5, 1, 5, 5).withPadding(2, 2));
        float[] y = new float[25];
        int[] indices = new int[25];
        plan.forwardWithIndices(upTo(25), y, indices, WORKSPACE);
        assertArrayEquals(new float[] {
            13, 14, 15, 15, 15,
            18, 19, 20, 20, 20,
            23, 24, 25, 25, 25,
            23, 24, 25, 25, 25,
            23, 24, 25, 25, 25}, y);
        for (int i = 0; i < 25; i++) {
            y[i]--; // 1 to 25 stand at 0 to 24
        }
        assertArrayEquals(doubles(y), IntStream.of(indices).asDoubleStream().toArray());
    }

    @Test
    void maxCeil() {
        var shape = PoolShape.of(1, 4, 4, 1, 3, 3).withStride(2, 2).withCeilMode(true);
        assertArrayEquals(new float[] {11, 12, 15, 16}, forward(PoolPlan.max(shape), upTo(16)));
    }

    @Test
    void maxDilations() {
        var shape = PoolShape.of(1, 4, 4, 1, 2, 2).withDilation(2, 2);
        assertArrayEquals(new float[] {11, 12, 15, 16}, forward(PoolPlan.max(shape), upTo(16)));
    }

    @Test
    void maxCeilDropsTheWindowBeyondTheInput() {
        var shape = PoolShape.of(1, 2, 2, 1, 1, 1).withStride(2, 2).withCeilMode(true);
        assertArrayEquals(new float[] {1}, forward(PoolPlan.max(shape), upTo(4)));
    }

    @Test
    void averageCeil() {
        var shape = PoolShape.of(1, 4, 4, 1, 3, 3).withStride(2, 2).withCeilMode(true);
        assertArrayEquals(new float[] {6, 7.5f, 12, 13.5f}, forward(PoolPlan.average(shape, false), upTo(16)));
    }

    @Test
    void averagePrecomputedPads() {
        var shape = PoolShape.of(1, 5, 5, 1, 5, 5).withPadding(2, 2);
        assertArrayEquals(new float[] {
            7, 7.5f, 8, 8.5f, 9,
            9.5f, 10, 10.5f, 11, 11.5f,
            12, 12.5f, 13, 13.5f, 14,
            14.5f, 15, 15.5f, 16, 16.5f,
            17, 17.5f, 18, 18.5f, 19}, forward(PoolPlan.average(shape, false), upTo(25)));
    }

    @Test
    void averagePrecomputedPadsCountIncludePad() {
        var shape = PoolShape.of(1, 5, 5, 1, 5, 5).withPadding(2, 2);
        assertArrayEquals(new float[] {
            2.52f, 3.6f, 4.8f, 4.08f, 3.24f,
            4.56f, 6.4f, 8.4f, 7.04f, 5.52f,
            7.2f, 10, 13, 10.8f, 8.4f,
            6.96f, 9.6f, 12.4f, 10.24f, 7.92f,
            6.12f, 8.4f, 10.8f, 8.88f, 6.84f}, forward(PoolPlan.average(shape, true), upTo(25)));
    }

    /** Taps 3, 4, 5 of the last window: an element, a padding, and nothing, which is not counted. */
    @Test
    void countedPaddingEndsWhereThePaddingEnds() {
        var shape = PoolShape.of1d(1, 4, 1, 3).withStride(1, 2).withPadding(0, 1).withCeilMode(true);
        assertArrayEquals(new float[] {1, 3, 2}, forward(PoolPlan.average(shape, true), upTo(4)));
        assertArrayEquals(new float[] {1.5f, 3, 4}, forward(PoolPlan.average(shape, false), upTo(4)));
    }

    /** As PyTorch's avg_pool1d(kernel_size=3, stride=3, padding=1, ceil_mode=True) on 2 elements: one window, not two. */
    @Test
    void lastWindowStartsOnPad() {
        var shape = new PoolShape(1, 1, 2, 1, 1, 3, 1, 3, 0, 1, 0, 1, 1, 1, true);
        assertArrayEquals(new float[] {1}, forward(PoolPlan.average(shape, true), upTo(2)));
    }

    @Test
    void lpDilations() {
        var shape = PoolShape.of(1, 4, 4, 1, 2, 2).withDilation(2, 2);
        float[] y = forward(PoolPlan.lp(shape, 2), upTo(16));
        int[] squares = {1 + 9 + 81 + 121, 4 + 16 + 100 + 144, 25 + 49 + 169 + 225, 36 + 64 + 196 + 256};
        for (int i = 0; i < 4; i++) {
            assertEquals((float) Math.sqrt(squares[i]), y[i]);
        }
    }

    private static float[] forward(PoolPlan plan, float[] x) {
        float[] y = new float[plan.shape().yLength()];
        plan.forward(x, y, WORKSPACE);
        return y;
    }

    private static float[] upTo(int last) {
        float[] x = new float[last];
        for (int i = 0; i < last; i++) {
            x[i] = i + 1;
        }
        return x;
    }
}
