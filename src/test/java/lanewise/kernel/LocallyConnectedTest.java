package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.LocallyConnectedOracle;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions whose weights are not shared, against plain loops in double and against each other. */
@Tag("tile")
class LocallyConnectedTest {

    private static final int MOST_CHANNELS = 8 * Simd.LANES + 1;

    /** Every kind of shape, and batches of more than one chunk. */
    static List<ConvShape> shapes() {
        Stream<ConvShape> all = Stream.concat(Shapes.all().stream(), Shapes.random(20_261_123, 80).stream());
        Stream<ConvShape> batches = Stream.of(
                ConvShape.of(65, 2, 3, 3, 5, 2, 2, 1, 1),
                ConvShape.of(150, 3, 2, 5, 2 * Simd.LANES + 1, 2, 2),
                ConvShape.of(9, 1, 2, 16_400, 2, 1, 2),
                ConvShape.of1d(70, 6, 2, 3, 3));
        return Stream.concat(all, batches).filter(s -> s.groups() == 1 && s.multiplyAdds() < 600_000).distinct().toList();
    }

    /** Rows of shapes that differ in one size, in each direction that a tile cuts. */
    static Stream<ConvShape> sweeps() {
        return Stream.of(
                sweep(MOST_CHANNELS, k -> ConvShape.of(1, 1, 2, 3, k, 1, 2)),
                sweep(MOST_CHANNELS, k -> ConvShape.of(3, 2, 2, 2, k, 2, 2, 1, 1)),
                sweep(2 * Simd.LANES + 1, k -> ConvShape.of(Simd.LANES + 1, 2, 1, 3, k, 2, 1)),
                sweep(9, c -> ConvShape.of(1, 2, 3, c, 3, 2, 2, 1, 1)),
                sweep(9, c -> ConvShape.of(5, 2, 3, c, Simd.LANES, 2, 2, 1, 1)),
                sweep(2 * Simd.LANES + 1, n -> ConvShape.of(n, 2, 2, 3, 5, 2, 2, 1, 1)),
                sweep(2 * Simd.LANES + 1, n -> ConvShape.of(n, 2, 2, 3, 3 * Simd.LANES, 2, 2))).flatMap(s -> s);
    }

    private static Stream<ConvShape> sweep(int most, IntFunction<ConvShape> shape) {
        return IntStream.rangeClosed(1, most).mapToObj(shape);
    }

    /**
     * Input, weights, bias and output gradient of a plan, the sums that its passes must be, and its passes; what they read and write ends
     * with its array, or has NaN behind it.
     */
    private record Case(LocallyConnectedPlan plan, Guarded x, Guarded w, Guarded bias, Guarded dy, boolean atEnd) {

        static Case of(ConvShape shape, boolean integers, boolean atEnd) {
            var plan = LocallyConnectedPlan.of(shape);
            int[] lengths = {shape.xLength(), plan.weightLength(), plan.biasLength(), shape.yLength()};
            Guarded[] data = new Guarded[lengths.length];
            for (int i = 0; i < data.length; i++) {
                float[] values = integers ? Data.integers(i, lengths[i]) : Data.reals(i, lengths[i]);
                data[i] = atEnd ? Guarded.atEnd(values) : Guarded.of(values);
            }
            return new Case(plan, data[0], data[1], data[2], data[3], atEnd);
        }

        Guarded nan(int length) {
            return atEnd ? Guarded.atEnd(Guarded.ofNaN(length).original()) : Guarded.ofNaN(length);
        }

        Guarded old(int length) {
            return atEnd ? Guarded.atEnd(Data.integers(9, length)) : Guarded.of(Data.integers(9, length));
        }

        static Workspace nan(LocallyConnectedPlan plan, Threads threads) {
            Workspace workspace = plan.newWorkspace(threads);
            Arrays.fill(workspace.floats(), Float.NaN);
            return workspace;
        }

        Guarded forward(boolean withBias, Threads threads) {
            Guarded y = nan(dy.length());
            plan.forward(x.array(), x.offset(), w.array(), w.offset(), withBias ? bias.array() : null, bias.offset(),
                    y.array(), y.offset(), nan(plan, threads));
            return y;
        }

        Guarded gradient(Pass pass, WriteMode mode, Threads threads) {
            int length = pass == Pass.GRAD_INPUT ? x.length() : pass == Pass.GRAD_WEIGHT ? w.length() : bias.length();
            Guarded out = mode == WriteMode.OVERWRITE ? nan(length) : old(length);
            switch (pass) {
                case GRAD_INPUT -> plan.gradInput(dy.array(), dy.offset(), w.array(), w.offset(), out.array(), out.offset(), mode,
                        nan(plan, threads));
                case GRAD_WEIGHT -> plan.gradWeight(x.array(), x.offset(), dy.array(), dy.offset(), out.array(), out.offset(), mode,
                        nan(plan, threads));
                case FORWARD -> plan.gradBias(dy.array(), dy.offset(), out.array(), out.offset(), mode);
            }
            return out;
        }

        /** For {@code FORWARD} the gradient of its bias. */
        Sums oracle(Pass pass) {
            return switch (pass) {
                case GRAD_INPUT -> LocallyConnectedOracle.gradInput(plan.shape(), dy.original(), w.original());
                case GRAD_WEIGHT -> LocallyConnectedOracle.gradWeight(plan.shape(), x.original(), dy.original());
                case FORWARD -> LocallyConnectedOracle.gradBias(plan.shape(), dy.original());
            };
        }

        void assertInputsUntouched() {
            x.assertUntouched(plan + ", x");
            w.assertUntouched(plan + ", w");
            bias.assertUntouched(plan + ", bias");
            dy.assertUntouched(plan + ", dy");
        }
    }

    private static void check(ConvShape shape, boolean integers, boolean atEnd) {
        Case c = Case.of(shape, integers, atEnd);
        Sums forward = LocallyConnectedOracle.forward(shape, c.x.original(), c.w.original());
        assertEqual(forward, c.forward(false, Threads.one()), integers, c.plan + " without bias");
        assertEqual(forward.plusRows(c.bias.original()), c.forward(true, Threads.one()), integers, c.plan + " with bias");
        for (Pass pass : Pass.values()) {
            Sums sums = c.oracle(pass);
            for (WriteMode mode : WriteMode.values()) {
                Guarded out = c.gradient(pass, mode, Threads.one());
                Sums expected = mode == WriteMode.OVERWRITE ? sums : sums.plusRows(out.original());
                // a sum over places of sums over channels: one more rounding for each
                assertEqual(expected.plusRoundings(shape.r() * shape.s()), out, integers, c.plan + " " + pass + " " + mode);
            }
        }
        c.assertInputsUntouched();
    }

    private static void assertEqual(Sums expected, Guarded actual, boolean exactly, String what) {
        if (exactly) {
            expected.assertExact(actual, what);
        } else {
            expected.assertClose(actual, what);
        }
        actual.assertCanaries(what);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void againstTheLoops(ConvShape shape) {
        check(shape, false, false);
        check(shape, true, false);
        check(shape, true, true);
    }

    @Test
    void everySize() {
        int[] byDots = new int[2];
        sweeps().forEach(shape -> {
            check(shape, true, false);
            check(shape, true, true);
            byDots[LocallyConnectedPlan.of(shape).byDots() ? 1 : 0]++;
        });
        assertTrue(byDots[0] > 10 && byDots[1] > 10, Arrays.toString(byDots));
    }

    /** One number, three ways; small integers make it exact. */
    @ParameterizedTest
    @MethodSource("shapes")
    void sameNumberEveryWay(ConvShape shape) {
        Case c = Case.of(shape, true, false);
        double product = Data.dot(c.forward(false, Threads.one()).values(), c.dy.original());
        assertEquals(product, Data.dot(c.gradient(Pass.GRAD_INPUT, WriteMode.OVERWRITE, Threads.one()).values(), c.x.original()));
        assertEquals(product, Data.dot(c.gradient(Pass.GRAD_WEIGHT, WriteMode.OVERWRITE, Threads.one()).values(), c.w.original()));
    }

    /** Bilinear in x and (w, bias): the central difference has no error at any step, and with small integers both sides are exact. */
    @ParameterizedTest
    @MethodSource("shapes")
    void centralDifferences(ConvShape shape) {
        Case c = Case.of(shape, true, false);
        Case step = new Case(c.plan, Guarded.of(Data.integers(5, c.x.length())), Guarded.of(Data.integers(6, c.w.length())),
                Guarded.of(Data.integers(7, c.bias.length())), c.dy, false);
        double difference = (loss(c, step, 1) - loss(c, step, -1)) / 2;
        double derivative = 0;
        Guarded[] steps = {step.bias, step.x, step.w};
        for (Pass pass : Pass.values()) {
            derivative += Data.dot(c.gradient(pass, WriteMode.OVERWRITE, Threads.one()).values(), steps[pass.ordinal()].original());
        }
        assertEquals(difference, derivative);
    }

    private static double loss(Case c, Case step, int sign) {
        Case moved = new Case(c.plan, Guarded.of(Data.axpy(c.x.original(), sign, step.x.original())),
                Guarded.of(Data.axpy(c.w.original(), sign, step.w.original())),
                Guarded.of(Data.axpy(c.bias.original(), sign, step.bias.original())), c.dy, false);
        return Data.dot(moved.forward(true, Threads.one()).values(), c.dy.original());
    }

    /** With the same filter at every place it is a convolution, and the gradients of its places add up to the shared one. */
    @ParameterizedTest
    @MethodSource("shapes")
    void sameFilterEverywhereIsAConvolution(ConvShape shape) {
        ConvPlan conv = ConvPlan.of(shape).withoutWinograd();
        var plan = LocallyConnectedPlan.of(shape);
        int places = shape.p() * shape.q();
        float[] filter = Data.integers(1, shape.wLength());
        float[] x = Data.integers(2, shape.xLength());
        float[] dy = Data.integers(3, shape.yLength());
        float[] w = new float[plan.weightLength()];
        for (int i = 0; i < w.length; i++) {
            w[i] = filter[i % filter.length];
        }
        float[] y = new float[dy.length];
        float[] expected = new float[dy.length];
        plan.forward(x, 0, w, 0, null, 0, y, 0, plan.newWorkspace());
        conv.forward(x, conv.pack(Pass.FORWARD, filter), null, expected, conv.newWorkspace());
        assertArrayEquals(expected, y);
        float[] dx = new float[x.length];
        float[] expectedDx = new float[x.length];
        plan.gradInput(dy, 0, w, 0, dx, 0, WriteMode.OVERWRITE, plan.newWorkspace());
        conv.gradInput(dy, conv.pack(Pass.GRAD_INPUT, filter), expectedDx, conv.newWorkspace());
        assertArrayEquals(expectedDx, dx);
        float[] dw = new float[w.length];
        float[] sum = new float[filter.length];
        float[] expectedDw = new float[filter.length];
        plan.gradWeight(x, 0, dy, 0, dw, 0, WriteMode.OVERWRITE, plan.newWorkspace());
        Reduce.sumPerChannel(dw, 0, places, filter.length, sum, 0, WriteMode.OVERWRITE);
        conv.gradWeight(x, dy, expectedDw, conv.newWorkspace());
        assertArrayEquals(expectedDw, sum);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void sameBitsForAnyThreadsAndBounds(ConvShape shape) {
        Case c = Case.of(shape, false, false);
        Case atEnd = Case.of(shape, false, true);
        Guarded y = c.forward(true, Threads.one());
        for (int count : new int[] {1, 2, 3}) {
            try (Threads threads = Threads.of(count)) {
                assertArrayEquals(y.values(), c.forward(true, threads).values());
                assertArrayEquals(y.values(), atEnd.forward(true, threads).values());
                for (Pass pass : List.of(Pass.GRAD_INPUT, Pass.GRAD_WEIGHT)) {
                    for (WriteMode mode : WriteMode.values()) {
                        float[] one = c.gradient(pass, mode, Threads.one()).values();
                        for (Case each : List.of(c, atEnd)) {
                            Guarded out = each.gradient(pass, mode, threads);
                            assertArrayEquals(one, out.values(), () -> pass + " " + count + ", at the end " + each.atEnd);
                            out.assertCanaries(pass);
                        }
                    }
                }
            }
        }
    }
}
