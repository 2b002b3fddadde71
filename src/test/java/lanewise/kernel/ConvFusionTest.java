package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.internal.simd.Simd;
import lanewise.oracle.ActivationOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A residual before the activation, and outputs that are part of wider pixels: every algorithm that says it can. */
class ConvFusionTest {

    /** What stands between the channels of an output, and where they will stand: a NaN that no operation makes. */
    private static final float GAP = Float.intBitsToFloat(0x7fc0beef);

    /** Large enough for the upper end of ReLU6. */
    private static final float RESIDUAL = 8;

    private static final Set<String> NOT_FUSING = Set.of("DepthwiseConv", "PlanarConv", "FilterRowConv");

    static Stream<ConvCase> fusing() {
        return ConvCase.all().filter(ConvFusionTest::fuses);
    }

    static Stream<ConvCase> smallFusing() {
        return fusing().filter(ConvCase::isSmall);
    }

    private static boolean fuses(ConvCase c) {
        return c.pass() == Pass.FORWARD && c.plan().fuses();
    }

    @ParameterizedTest
    @MethodSource("fusing")
    void addsAndSpreads(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        Guarded bias = Guarded.of(Data.reals(5, c.shape().k()));
        float[] residual = Data.axpy(new float[c.outLength()], RESIDUAL, Data.reals(6, c.outLength()));
        Sums plain = c.oracle(in);
        Sums added = plain.plusRows(residual);
        PackedFilter filter = c.pack(c.plan(), in);
        Workspace workspace = c.workspace(Threads.one());
        List<Activation> few = List.of(Activation.NONE, Activation.RELU, Activation.RELU6, Activation.TANH);
        for (Activation activation : c.isSmall() ? List.of(Activation.values()) : few) {
            for (int gap : new int[] {0, 1, c.shape().k() + 5}) {
                ConvPlan plan = c.plan().withActivation(activation).withOutputStride(c.shape().k() + gap);
                String what = c + " " + activation + ", gap " + gap;
                Output y = new Output(c, gap);
                y.run(plan, in, filter, null, null, workspace);
                ActivationOracle.assertClose(activation, plain, y.dense(what), what);

                y = new Output(c, gap);
                y.run(plan, in, filter, bias, Guarded.of(residual), workspace);
                ActivationOracle.assertClose(activation, added.plusRows(bias.original()), y.dense(what), what + ", residual, bias");

                y = gap == 0 ? new Output(residual) : new Output(c, gap);
                y.run(plan, in, filter, null, gap == 0 ? y.guarded : Guarded.of(residual), workspace);
                ActivationOracle.assertClose(activation, added, y.dense(what), what + ", residual" + (gap == 0 ? " in place" : ""));
            }
        }
        in.assertUntouched(c);
        bias.assertUntouched(c);
    }

    /** Adding to what is there, without bias and activation, keeps the gaps, too. */
    @ParameterizedTest
    @MethodSource("smallFusing")
    void accumulates(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        ConvPlan plan = c.plan().withOutputStride(c.shape().k() + 3);
        float[] old = Data.reals(7, c.outLength());
        Output y = new Output(c, 3);
        for (int i = 0; i < old.length; i++) {
            y.guarded.array()[y.at(i)] = old[i];
        }
        c.run(plan, in, c.pack(plan, in), y.guarded, WriteMode.ACCUMULATE, c.workspace(Threads.one()));
        c.oracle(in).plusRows(old).assertClose(y.dense(c), c + " ACCUMULATE");
    }

    @ParameterizedTest
    @MethodSource("lanewise.kernel.ConvRemainderTest#sweeps")
    void everySize(ConvRemainderTest.Sweep sweep) {
        for (var shape : sweep.shapes().toList()) {
            ConvOperands in = ConvOperands.integers(shape);
            for (ConvCase c : ConvCase.of(shape).stream().filter(ConvFusionTest::fuses).toList()) {
                Guarded bias = Guarded.of(Data.integers(5, shape.k()));
                Guarded residual = Guarded.of(Data.integers(6, c.outLength()));
                ConvPlan plan = c.plan().withActivation(Activation.RELU).withOutputStride(shape.k() + 2);
                Output y = new Output(c, 2);
                y.run(plan, in, c.pack(plan, in), bias, residual, c.workspace(Threads.one()));
                float[] expected = c.sums(in).plusRows(bias.original()).plusRows(residual.original()).floats();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = Math.max(expected[i], 0);
                }
                assertArrayEquals(expected, c.integers(y.dense(c)), c::toString);
                bias.assertUntouched(c);
                residual.assertUntouched(c);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("smallFusing")
    void sameBitsForAnyThreads(ConvCase c) {
        ConvOperands in = ConvOperands.reals(c.shape());
        Guarded bias = Guarded.of(Data.reals(5, c.shape().k()));
        float[] residual = Data.reals(6, c.outLength());
        for (Activation activation : List.of(Activation.RELU6, Activation.SILU)) {
            float[] expected = null;
            for (int count = 1; count <= 4; count++) {
                try (Threads threads = Threads.of(count)) {
                    ConvPlan plan = c.plan().withActivation(activation);
                    PackedFilter filter = c.pack(plan, in);
                    Output inPlace = new Output(residual);
                    inPlace.run(plan, in, filter, bias, inPlace.guarded, c.workspace(threads));
                    Output wide = new Output(c, 5);
                    wide.run(plan.withOutputStride(c.shape().k() + 5), in, filter, bias, Guarded.of(residual), c.workspace(threads));
                    expected = expected == null ? inPlace.dense(c).values() : expected;
                    assertArrayEquals(expected, inPlace.dense(c).values(), c + " in place, " + count + " threads");
                    assertArrayEquals(expected, wide.dense(c).values(), c + " with gaps, " + count + " threads");
                }
            }
        }
    }

    /** The general one always can, so a network may ask it where the fastest cannot. */
    @Test
    void theLastOfTheListAlwaysFuses() {
        String last = ConvPlan.algorithms(Pass.FORWARD).getLast();
        List<ConvCase> cases = ConvCase.all().filter(c -> c.pass() == Pass.FORWARD && c.algorithm().equals(last)).toList();
        assertTrue(cases.size() > 80, () -> "only " + cases.size() + " cases");
        cases.forEach(c -> assertTrue(c.plan().fuses(), c::toString));
    }

    /** Or the cases of one that forgot to would vanish unseen. {@code FourTileWinogradConv} is not listed where registers are few. */
    @Test
    void allFuseButThree() {
        Set<String> fusing = new TreeSet<>(ConvPlan.algorithms(Pass.FORWARD));
        fusing.removeAll(NOT_FUSING);
        Set<String> listed = new TreeSet<>(List.of("DenseConv", "PointwiseConv", "SlidingDepthwiseConv", "TiledDepthwiseConv",
                "GroupedConv", "FewChannelWinogradConv", "FewChannelConv", "WinogradConv", "StridedWinogradConv", "DirectConv",
                "GemmConv"));
        if (Simd.REGISTERS == 32) {
            listed.add("FourTileWinogradConv");
        }
        assertEquals(listed, fusing);
        assertEquals(fusing, names(fusing()));
        assertEquals(NOT_FUSING, names(smallThatCannot()));
        assertEquals(NOT_FUSING, names(ConvCase.all().filter(c -> c.pass() == Pass.FORWARD && !fuses(c))));
    }

    private static Set<String> names(Stream<ConvCase> cases) {
        return cases.map(ConvCase::algorithm).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<ConvCase> smallThatCannot() {
        return ConvCase.all().filter(c -> c.pass() == Pass.FORWARD && c.isSmall() && !fuses(c));
    }

    /** The gradients of a plan with wide outputs are those of the dense one. */
    @Test
    void gradientsStayDense() {
        ConvShape shape = ConvShape.of(2, 5, 6, 16, 9, 3, 3).withPadding(1, 1);
        ConvOperands in = ConvOperands.integers(shape);
        for (ConvCase c : ConvCase.of(shape)) {
            if (c.pass() != Pass.FORWARD) {
                ConvPlan plan = c.plan().withAlgorithm(Pass.FORWARD, "GemmConv").withOutputStride(20);
                Guarded out = Guarded.ofNaN(c.outLength());
                c.run(plan, in, c.pack(plan, in), out, WriteMode.OVERWRITE, c.workspace(Threads.one()));
                c.oracle(in).assertExact(out, c);
                out.assertCanaries(c);
            }
        }
    }

    @Test
    void refusals() {
        ConvShape shape = ConvShape.of(1, 3, 4, 16, 5, 1, 1);
        ConvPlan plan = ConvPlan.of(shape).withAlgorithm(Pass.FORWARD, "GemmConv");
        PackedFilter w = plan.newFilter(Pass.FORWARD);
        Workspace workspace = plan.newWorkspace();
        float[] x = new float[shape.xLength()];
        float[] y = new float[200];
        int dense = shape.yLength();
        Refused.argument(() -> plan.withOutputStride(4), "yStride", 4, 5);
        Refused.argument(() -> plan.withOutputStride(1 << 28), "yStride is 268435456", 11L * (1 << 28) + 5, Integer.MAX_VALUE);
        ConvPlan widest = plan.withOutputStride(1 << 27); // can be planned, if not computed here
        Refused.bounds(() -> widest.forward(x, 0, w, null, 0, y, 0, workspace), "y needs " + (11L * (1 << 27) + 5), 200);
        Refused.bounds(() -> plan.forward(x, 0, w, null, 0, new float[dense + 1], 2, y, 0, workspace), "residual", 2, dense, dense + 1);
        Refused.argument(() -> plan.forward(x, 0, w, null, 0, y, 1, y, 0, workspace), "residual", "y", 0, 1);
        plan.forward(x, 0, w, null, 0, y, 3, y, 3, workspace);
        plan.forward(x, 0, w, null, 0, y, 60, y, 0, workspace);
        Refused.argument(() -> plan.forward(x, 0, w, null, 0, y, 59, y, 0, workspace), "residual", "y", 59, 60);

        ConvPlan wide = plan.withOutputStride(11); // 11 pixels of 11 and one of 5 floats
        Refused.argument(() -> wide.forward(x, 0, w, null, 0, y, 0, y, 0, workspace), "residual", "y");
        Refused.argument(() -> wide.forward(x, 0, w, null, 0, y, 125, y, 0, workspace), "residual", "y", 125, 126);
        wide.forward(x, 0, w, null, 0, y, 126, y, 0, workspace);
        wide.forward(x, 0, w, null, 0, y, 74, workspace);
        Refused.bounds(() -> wide.forward(x, 0, w, null, 0, y, 75, workspace), "y", 75, 126, 200);
        float[] both = new float[400];
        wide.forward(both, 126, w, null, 0, both, 0, workspace);
        Refused.argument(() -> wide.forward(both, 125, w, null, 0, both, 0, workspace), "x", "y", 125, 126);
    }

    /** As long as there are algorithms that do not fuse, they say so. */
    @Test
    void thoseThatCannotSaySo() {
        for (ConvCase c : smallThatCannot().toList()) {
            ConvPlan plan = c.plan();
            int k = c.shape().k();
            Refused.argument(() -> plan.withOutputStride(k + 1), "yStride", k + 1, c.algorithm(), k);
            ConvPlan wide = plan.withAlgorithm(Pass.FORWARD, "GemmConv").withOutputStride(k + 1);
            Refused.argument(() -> wide.withAlgorithm(Pass.FORWARD, c.algorithm()), "yStride", k + 1, c.algorithm(), k);
            float[] x = new float[c.shape().xLength()];
            float[] y = new float[c.outLength()];
            Refused.argument(() -> plan.forward(x, 0, plan.newFilter(Pass.FORWARD), null, 0, new float[y.length], 0, y, 0,
                    plan.newWorkspace()), "residual", c.algorithm());
            assertEquals(k, plan.withOutputStride(k).shape().k());
        }
    }

    /** An output of {@code forward} in wider pixels, full of a NaN that must vanish from its channels and stay between them. */
    private static final class Output {

        private final int k;
        private final int stride;
        private final Guarded guarded;

        Output(ConvCase c, int gap) {
            k = c.shape().k();
            stride = k + gap;
            float[] values = new float[(c.outLength() / k - 1) * stride + k];
            Arrays.fill(values, GAP);
            guarded = Guarded.of(values);
        }

        /** Dense, and full of what will be added. */
        Output(float[] residual) {
            k = residual.length;
            stride = k;
            guarded = Guarded.of(residual);
        }

        /** Index of element {@code i} of the dense output in the guarded array. */
        int at(int i) {
            return guarded.offset() + i / k * stride + i % k;
        }

        void run(ConvPlan plan, ConvOperands in, PackedFilter filter, Guarded bias, Guarded residual, Workspace workspace) {
            plan.forward(in.x().array(), in.x().offset(), filter, bias == null ? null : bias.array(), bias == null ? 0 : bias.offset(),
                    residual == null ? null : residual.array(), residual == null ? 0 : residual.offset(),
                    guarded.array(), guarded.offset(), workspace);
        }

        /** The channels alone, after a look between and around them. */
        Guarded dense(Object what) {
            guarded.assertCanaries(what);
            float[] all = guarded.values();
            float[] dense = new float[all.length - (all.length - k) / stride * (stride - k)];
            for (int i = 0; i < all.length; i++) {
                if (i % stride < k) {
                    dense[i / stride * k + i % stride] = all[i];
                } else if (Float.floatToRawIntBits(all[i]) != Float.floatToRawIntBits(GAP)) {
                    fail(what + ": wrote " + all[i] + " between pixels, after channel " + i % stride + " of pixel " + i / stride);
                }
            }
            return Guarded.of(dense);
        }
    }
}
