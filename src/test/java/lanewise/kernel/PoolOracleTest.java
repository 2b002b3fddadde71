package lanewise.kernel;

import static lanewise.kernel.PoolCase.doubles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.PoolOracle;
import lanewise.oracle.Sums;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of pooling in every pass against plain loops in double. */
class PoolOracleTest {

    private static final Workspace WORKSPACE = Workspace.ofFloats();

    /** Channel counts around every boundary between kernels: single vectors, groups of 4 and of 8, tails. */
    static Stream<PoolCase> channels() {
        int lanes = Simd.LANES;
        return IntStream.concat(IntStream.rangeClosed(1, 4 * lanes + 1), IntStream.of(8 * lanes - 1, 8 * lanes, 9 * lanes + 1))
                .boxed()
                .flatMap(c -> Stream.of(
                        PoolShape.of(1, 3, 3, c, 2, 2),
                        PoolShape.of(1, 3, 4, c, 3, 3).withPadding(1, 0),
                        PoolShape.global(1, 2, 3, c)))
                .flatMap(PoolCase::kindsOf)
                .filter(pool -> !pool.countPadding() && pool.p() != 1.5f && pool.p() != 3); // those have no vectors of their own
    }

    @ParameterizedTest
    @MethodSource("lanewise.kernel.PoolCase#all")
    void forward(PoolCase pool) {
        checkForward(pool);
    }

    @ParameterizedTest
    @MethodSource("lanewise.kernel.PoolCase#all")
    void gradInput(PoolCase pool) {
        checkGradInput(pool);
    }

    @ParameterizedTest
    @MethodSource("channels")
    void anyNumberOfChannels(PoolCase pool) {
        checkForward(pool);
        checkGradInput(pool);
    }

    /** Few channels at the end of an array, which whole vectors would run over: the same bits, of special values, too. */
    @ParameterizedTest
    @MethodSource({"channels", "lanewise.kernel.PoolCase#all"})
    void sameBitsWhereArraysEnd(PoolCase pool) {
        for (boolean special : new boolean[] {false, true}) {
            assertArrayEquals(bits(pool, special, Guarded::of), bits(pool, special, Guarded::atEnd));
        }
    }

    /** All results of arrays that lie as {@code place} says. */
    private static int[] bits(PoolCase pool, boolean special, Function<float[], Guarded> place) {
        PoolPlan plan = pool.plan();
        Guarded x = place.apply(data(5, pool.shape().xLength(), special));
        Guarded y = place.apply(new float[pool.shape().yLength()]);
        Guarded dy = place.apply(data(6, y.length(), special));
        Guarded dx = place.apply(data(7, x.length(), special));
        int[] indices = new int[y.length()];
        plan.forward(x.array(), x.offset(), y.array(), y.offset(), WORKSPACE);
        IntStream results = bits(y, pool.kind() == PoolKind.MAX); // sums may choose between NaNs
        if (pool.kind() == PoolKind.MAX) {
            plan.forwardWithIndices(x.array(), x.offset(), y.array(), y.offset(), indices, 0, WORKSPACE);
            results = IntStream.concat(results, IntStream.concat(bits(y, true), IntStream.of(indices)));
        }
        plan.gradInput(x.array(), x.offset(), y.array(), y.offset(), dy.array(), dy.offset(), dx.array(), dx.offset(),
                WriteMode.ACCUMULATE, WORKSPACE);
        x.assertUntouched(pool);
        dy.assertUntouched(pool);
        y.assertCanaries(pool);
        dx.assertCanaries(pool);
        return IntStream.concat(results, bits(dx, false)).toArray();
    }

    private static IntStream bits(Guarded values, boolean raw) {
        float[] now = values.values();
        return IntStream.range(0, now.length).map(i -> raw ? Float.floatToRawIntBits(now[i]) : Float.floatToIntBits(now[i]));
    }

    /** Real numbers, or if special ones are wanted, two of three are zeros of both signs, the least, infinities and NaNs. */
    private static float[] data(long seed, int length, boolean special) {
        int[] values = {0, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7fc12345, 0xffc12345, 0x7fffffff, 1, 0x80000001};
        float[] data = reals(seed, length);
        var random = new SplittableRandom(seed);
        for (int i = 0; special && i < length; i++) {
            int which = random.nextInt(values.length * 3 / 2);
            if (which < values.length) {
                data[i] = Float.intBitsToFloat(values[which]);
            }
        }
        return data;
    }

    private static void checkForward(PoolCase pool) {
        Guarded x = Guarded.of(reals(1, pool.shape().xLength()));
        PoolPlan plan = pool.plan();
        Guarded y = Guarded.ofNaN(pool.shape().yLength());
        plan.forward(x.array(), x.offset(), y.array(), y.offset(), WORKSPACE);
        Sums sums = pool.forward(doubles(x.original()));
        assertForward(pool, sums, y);
        x.assertUntouched(pool);

        if (pool.kind() == PoolKind.MAX) {
            y = Guarded.ofNaN(pool.shape().yLength());
            int[] indices = new int[y.length() + 5];
            Arrays.fill(indices, -1);
            plan.forwardWithIndices(x.array(), x.offset(), y.array(), y.offset(), indices, 3, WORKSPACE);
            assertForward(pool, sums, y);
            int[] expected = PoolOracle.indices(pool.shape(), doubles(x.original()));
            assertArrayEquals(expected, Arrays.copyOfRange(indices, 3, 3 + y.length()));
            assertEquals(-5, indices[0] + indices[1] + indices[2] + indices[y.length() + 3] + indices[y.length() + 4]);
            x.assertUntouched(pool);
        }
    }

    private static void assertForward(PoolCase pool, Sums sums, Guarded y) {
        if (pool.kind() == PoolKind.MAX) {
            sums.assertExact(y, pool);
        } else {
            sums.assertClose(y, pool);
        }
        y.assertCanaries(pool);
    }

    private static void checkGradInput(PoolCase pool) {
        PoolPlan plan = pool.plan();
        Guarded x = Guarded.of(reals(2, pool.shape().xLength()));
        double[] doubles = doubles(x.original());
        Guarded y = Guarded.of(pool.forward(doubles).floats());
        Guarded dy = Guarded.of(Data.reals(3, y.length()));
        Sums sums = pool.gradInput(doubles, y.original(), dy.original());

        Guarded dx = Guarded.ofNaN(x.length());
        plan.gradInput(x.array(), x.offset(), y.array(), y.offset(), dy.array(), dy.offset(), dx.array(), dx.offset(),
                WriteMode.OVERWRITE, WORKSPACE);
        sums.assertClose(dx, pool + " OVERWRITE");
        dx.assertCanaries(pool);

        Guarded plus = Guarded.of(Data.reals(4, x.length()));
        Sums plusSums = sums.plusRows(plus.original());
        plan.gradInput(x.array(), x.offset(), y.array(), y.offset(), dy.array(), dy.offset(), plus.array(), plus.offset(),
                WriteMode.ACCUMULATE, WORKSPACE);
        plusSums.assertClose(plus, pool + " ACCUMULATE");
        plus.assertCanaries(pool);

        if (pool.kind() == PoolKind.MAX) {
            int[] indices = new int[y.length() + 5];
            System.arraycopy(PoolOracle.indices(pool.shape(), doubles), 0, indices, 5, y.length());
            Guarded byIndices = Guarded.ofNaN(x.length());
            plan.gradInputByIndices(indices, 5, dy.array(), dy.offset(), byIndices.array(), byIndices.offset(),
                    WriteMode.OVERWRITE, WORKSPACE);
            assertArrayEquals(dx.values(), byIndices.values(), "the two ways sum in the same order");
            byIndices.assertCanaries(pool);

            Guarded plusByIndices = Guarded.of(plus.original());
            plan.gradInputByIndices(indices, 5, dy.array(), dy.offset(), plusByIndices.array(), plusByIndices.offset(),
                    WriteMode.ACCUMULATE, WORKSPACE);
            assertArrayEquals(plus.values(), plusByIndices.values(), "the two ways sum in the same order");
        }
        x.assertUntouched(pool);
        y.assertUntouched(pool);
        dy.assertUntouched(pool);
    }

    /** In [-1, 1), and every fifth of few values: windows with and without equal elements. */
    private static float[] reals(long seed, int length) {
        float[] x = Data.reals(seed, length);
        var random = new SplittableRandom(seed);
        for (int i = 0; i < length; i += 5) {
            x[i] = random.nextInt(-2, 3) * 0.5f;
        }
        return x;
    }
}
