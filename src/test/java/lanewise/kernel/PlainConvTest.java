package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import lanewise.internal.conv.ConvArgs;
import lanewise.internal.plain.PlainConv;
import lanewise.internal.plain.PlainScratch;
import lanewise.oracle.ActivationOracle;
import lanewise.oracle.ConvOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Shapes;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The plain loops against sums in double, at every shape that the kernels are tested at. */
class PlainConvTest {

    /** Of the whole test, so that rows of one shape are left over for the next. */
    private static final PlainScratch SCRATCH = new PlainScratch();

    static Stream<ConvShape> shapes() {
        return Stream.concat(Shapes.all().stream(), Shapes.random(31, 200).stream());
    }

    static Stream<ConvRemainderTest.Sweep> sweeps() {
        return ConvRemainderTest.sweeps();
    }

    private static ConvArgs args(Guarded x, float[] w, Guarded y, int stride) {
        ConvArgs args = new ConvArgs();
        args.source = x.array();
        args.sourceOffset = x.offset();
        args.filter = w;
        args.out = y.array();
        args.outOffset = y.offset();
        args.outStride = stride;
        return args;
    }

    /** Tasks in an order that no caller takes. */
    private static void run(PlainConv conv, ConvArgs args) {
        for (int task = conv.tasks() - 1; task >= 0; task--) {
            conv.run(args, task, SCRATCH);
        }
    }

    private static void checkForward(ConvShape shape, ConvOperands in, boolean exact) {
        Guarded y = Guarded.ofNaN(shape.yLength());
        run(PlainConv.of(shape), args(in.x(), in.w().original(), y, shape.k()));
        Sums sums = ConvOracle.forward(shape, in.x().original(), in.w().original());
        check(sums, y, shape, exact);
        in.assertUntouched(shape);
    }

    private static void checkTransposed(ConvShape mirror, ConvOperands in, boolean exact) {
        Guarded dx = Guarded.ofNaN(mirror.xLength());
        run(PlainConv.transposed(mirror), args(in.dy(), in.w().original(), dx, mirror.c()));
        Sums sums = ConvOracle.gradInput(mirror, in.dy().original(), in.w().original());
        check(sums, dx, "transposed " + mirror, exact);
        in.assertUntouched(mirror);
    }

    private static void check(Sums sums, Guarded y, Object what, boolean exact) {
        if (exact) {
            sums.assertExact(y, what);
        } else {
            sums.assertClose(y, what);
        }
        y.assertCanaries(what);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyShape(ConvShape shape) {
        checkForward(shape, ConvOperands.reals(shape), false);
        checkTransposed(shape, ConvOperands.reals(shape), false);
    }

    @ParameterizedTest
    @MethodSource("sweeps")
    void everySize(ConvRemainderTest.Sweep sweep) {
        sweep.shapes().forEach(shape -> {
            ConvOperands in = ConvOperands.integers(shape);
            checkForward(shape, in, true);
            checkTransposed(shape, in, true);
        });
    }

    /** Bias, residual, activation and rescaling, written into wider pixels whose other channels stay as they are. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void fused(Activation activation) {
        for (ConvShape shape : new ConvShape[] {ConvShape.of(2, 5, 6, 7, 19, 3, 3, 2, 1), ConvShape.depthwise(1, 5, 6, 21, 3, 3),
            ConvShape.of(1, 4, 5, 6, 12, 3, 3, 1, 1).withGroups(3), ConvShape.of(1, 4, 5, 8, 40, 2, 2).withGroups(2)}) {
            int k = shape.k();
            int pixels = shape.yLength() / k;
            float[] bias = Data.reals(4, k + 3);
            float[] residual = Data.reals(5, shape.yLength() + 2);
            ConvOperands in = ConvOperands.reals(shape);
            Guarded wide = Guarded.ofNaN((pixels - 1) * (k + 5) + k);
            ConvArgs args = args(in.x(), in.w().original(), wide, k + 5);
            args.bias = bias;
            args.biasOffset = 3;
            args.residual = residual;
            args.residualOffset = 2;
            args.activation = activation;
            run(PlainConv.of(shape), args);
            Sums sums = ConvOracle.forward(shape, in.x().original(), in.w().original())
                    .plusRows(Arrays.copyOfRange(bias, 3, 3 + k))
                    .plusRows(Arrays.copyOfRange(residual, 2, residual.length));
            Guarded dense = Guarded.of(channels(wide, k + 5, pixels, k, 0));
            ActivationOracle.assertClose(activation, sums, dense, shape);
            for (float between : channels(wide, k + 5, pixels - 1, 5, k)) {
                assertTrue(Float.isNaN(between), shape + " wrote between its pixels");
            }
            wide.assertCanaries(shape);
            if (activation != Activation.NONE) {
                args.scale = 3;
                args.shift = -2;
                run(PlainConv.of(shape), args);
                float[] rescaled = channels(wide, k + 5, pixels, k, 0);
                for (int i = 0; i < rescaled.length; i++) {
                    assertEquals(3 * dense.get(i) - 2, rescaled[i], 1e-5f * (2 + Math.abs(rescaled[i])), shape + " at " + i);
                }
            }
        }
    }

    /** {@code count} channels from {@code from} of each of the first {@code pixels} pixels, which lie {@code stride} apart. */
    private static float[] channels(Guarded wide, int stride, int pixels, int count, int from) {
        float[] part = new float[pixels * count];
        for (int i = 0; i < pixels; i++) {
            System.arraycopy(wide.values(), i * stride + from, part, i * count, count);
        }
        return part;
    }

    /** Numbers at the end of the scale: no NaN where the kernels give none. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void infinities(Activation activation) {
        ConvShape shape = ConvShape.of(1, 1, 1, 1, 4, 1, 1);
        float[] ends = {Float.NEGATIVE_INFINITY, -1e30f, 1e30f, Float.POSITIVE_INFINITY};
        ConvPlan plan = ConvPlan.of(shape).withActivation(activation);
        float[] expected = new float[4];
        plan.forward(new float[] {1}, plan.pack(Pass.FORWARD, ends), null, expected, plan.newWorkspace());
        Guarded y = Guarded.ofNaN(4);
        ConvArgs args = args(Guarded.of(new float[] {1}), ends, y, 4);
        args.activation = activation;
        run(PlainConv.of(shape), args);
        for (int i = 0; i < 4; i++) {
            float delta = Float.isFinite(expected[i]) ? Math.abs(expected[i]) * 1e-6f : 0; // infinity is near to nothing else
            assertEquals(expected[i] + 0, y.get(i) + 0, delta, activation + " of " + ends[i]);
        }
    }

    /** The sums of a pixel do not depend on the pixels beside it. */
    @Test
    void aPartIsThePartOfTheWhole() {
        ConvShape one = ConvShape.of(1, 9, 11, 5, 37, 3, 3);
        ConvOperands in = ConvOperands.reals(one.withBatch(3));
        Guarded all = Guarded.ofNaN(3 * one.yLength());
        run(PlainConv.of(one.withBatch(3)), args(in.x(), in.w().original(), all, one.k()));
        Guarded last = Guarded.ofNaN(one.yLength());
        ConvArgs args = args(in.x(), in.w().original(), last, one.k());
        args.sourceOffset += 2 * one.xLength();
        run(PlainConv.of(one), args);
        for (int i = 0; i < last.length(); i++) {
            assertEquals(all.get(2 * one.yLength() + i), last.get(i));
        }
    }
}
