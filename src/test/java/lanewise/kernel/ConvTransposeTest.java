package lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import lanewise.oracle.ActivationOracle;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import lanewise.oracle.Refused;
import lanewise.oracle.Sums;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transposed convolution against its own definition: every input pixel adds its copy of the filter to the output. */
class ConvTransposeTest {

    /** A transposed layer in its own words. */
    private record Layer(int n, int h, int w, int in, int out, int r, int s, int strideH, int strideW, int padH, int padW,
                         int extraH, int extraW, int dilationH, int dilationW, int groups) {

        int outH() {
            return (h - 1) * strideH - 2 * padH + dilationH * (r - 1) + 1 + extraH;
        }

        int outW() {
            return (w - 1) * strideW - 2 * padW + dilationW * (s - 1) + 1 + extraW;
        }

        ConvShape mirror() {
            return ConvTransposePlan.mirror(n, h, w, in, out, r, s, strideH, strideW, padH, padW, extraH, extraW,
                    dilationH, dilationW, groups);
        }

        /** {@code y[n, h u + r d - pad, w v + s e - pad, o] += x[n,h,w,i] w[r,s,o,i]}, wherever that pixel of y exists. */
        Sums scatter(float[] x, float[] filter) {
            var y = new Sums(n * outH() * outW() * out);
            int outPerGroup = out / groups;
            int inPerGroup = in / groups;
            for (int pixel = 0; pixel < n * h * w; pixel++) {
                int image = pixel / (h * w);
                for (int tap = 0; tap < r * s; tap++) {
                    int toH = pixel / w % h * strideH + tap / s * dilationH - padH;
                    int toW = pixel % w * strideW + tap % s * dilationW - padW;
                    if (toH < 0 || toH >= outH() || toW < 0 || toW >= outW()) {
                        continue;
                    }
                    int to = ((image * outH() + toH) * outW() + toW) * out;
                    for (int i = 0; i < in; i++) {
                        for (int o = 0; o < outPerGroup; o++) {
                            double weight = filter[(tap * outPerGroup + o) * in + i];
                            y.add(to + i / inPerGroup * outPerGroup + o, x[pixel * in + i] * weight);
                        }
                    }
                }
            }
            return y;
        }
    }

    static Stream<Layer> layers() {
        return Stream.of(
                new Layer(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1),
                new Layer(1, 4, 5, 16, 8, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1), // patches side by side
                new Layer(2, 5, 4, 8, 24, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1), // doubles the map
                new Layer(1, 7, 7, 32, 16, 4, 4, 2, 2, 1, 1, 0, 0, 1, 1, 1), // DCGAN
                new Layer(1, 5, 6, 20, 33, 3, 3, 1, 1, 1, 1, 0, 0, 1, 1, 1),
                new Layer(1, 4, 3, 7, 5, 5, 3, 3, 2, 2, 0, 2, 1, 1, 1, 1),
                new Layer(1, 3, 4, 6, 9, 2, 2, 4, 3, 0, 0, 0, 0, 1, 1, 1), // gaps that only the bias fills
                new Layer(1, 4, 4, 5, 6, 1, 1, 3, 3, 0, 0, 2, 2, 1, 1, 1),
                new Layer(1, 5, 5, 12, 8, 3, 3, 2, 2, 2, 2, 1, 1, 2, 2, 1),
                new Layer(2, 4, 5, 12, 8, 3, 2, 2, 1, 1, 0, 1, 0, 1, 3, 4),
                new Layer(1, 6, 5, 16, 16, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 16),
                new Layer(1, 6, 5, 37, 37, 3, 3, 1, 1, 1, 1, 0, 0, 1, 1, 37),
                new Layer(1, 1, 20, 16, 32, 1, 9, 1, 2, 0, 4, 0, 1, 1, 1, 1), // 1-D
                new Layer(1, 9, 8, 16, 48, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void forwardIsTheScatter(Layer layer) {
        ConvTransposePlan plan = ConvTransposePlan.of(layer.mirror());
        float[] x = Data.integers(1, layer.n * layer.h * layer.w * layer.in);
        float[] w = Data.integers(2, layer.r * layer.s * layer.out / layer.groups * layer.in);
        float[] bias = Data.integers(3, layer.out);
        Sums sums = layer.scatter(x, w);
        assertEquals(x.length, plan.xLength());
        assertEquals(sums.length(), plan.yLength());
        PackedFilter packed = plan.pack(Pass.FORWARD, w);
        Workspace workspace = plan.newWorkspace();
        Arrays.fill(workspace.floats(), Float.NaN);

        Guarded source = Guarded.of(x);
        Guarded y = Guarded.ofNaN(plan.yLength());
        plan.forward(source.array(), source.offset(), packed, null, 0, y.array(), y.offset(), workspace);
        sums.assertExact(y, layer);
        y.assertCanaries(layer);

        Guarded offset = Guarded.of(bias);
        Guarded biased = Guarded.ofNaN(plan.yLength());
        plan.forward(source.array(), source.offset(), packed, offset.array(), offset.offset(),
                biased.array(), biased.offset(), workspace);
        sums.plusRows(bias).assertExact(biased, layer + " with bias");
        source.assertUntouched(layer);

        float[] whole = new float[plan.yLength()];
        plan.forward(x, packed, bias, whole, workspace);
        sums.plusRows(bias).assertExact(Guarded.of(whole), layer + " without offsets");
    }

    @ParameterizedTest
    @MethodSource("layers")
    void forwardWithActivations(Layer layer) {
        float[] x = Data.reals(1, layer.n * layer.h * layer.w * layer.in);
        float[] w = Data.reals(2, layer.r * layer.s * layer.out / layer.groups * layer.in);
        float[] bias = Data.reals(3, layer.out);
        Sums sums = layer.scatter(x, w).plusRows(bias);
        for (Activation activation : Activation.values()) {
            ConvTransposePlan plan = ConvTransposePlan.of(layer.mirror()).withActivation(activation);
            Guarded y = Guarded.ofNaN(plan.yLength());
            plan.forward(x, 0, plan.pack(Pass.FORWARD, w), bias, 0, y.array(), y.offset(), plan.newWorkspace());
            ActivationOracle.assertClose(activation, sums, y, layer);
            y.assertCanaries(layer);
        }
    }

    /** The forward pass is exact, so the gradients are right if they are its adjoints. */
    @ParameterizedTest
    @MethodSource("layers")
    void gradientsAreAdjoint(Layer layer) {
        ConvTransposePlan plan = ConvTransposePlan.of(layer.mirror());
        Guarded x = Guarded.of(Data.integers(1, plan.xLength()));
        Guarded dy = Guarded.of(Data.integers(2, plan.yLength()));
        float[] w = Data.integers(3, layer.mirror().wLength());
        Sums y = layer.scatter(x.original(), w);
        double expected = Data.dot(y.floats(), dy.original());
        Workspace workspace = plan.newWorkspace();
        for (WriteMode mode : WriteMode.values()) {
            boolean plus = mode == WriteMode.ACCUMULATE;
            Guarded dx = plus ? Guarded.of(Data.integers(4, plan.xLength())) : Guarded.ofNaN(plan.xLength());
            Guarded dw = plus ? Guarded.of(Data.integers(5, w.length)) : Guarded.ofNaN(w.length);
            Guarded dbias = plus ? Guarded.of(Data.integers(6, layer.out)) : Guarded.ofNaN(layer.out);
            plan.gradInput(dy.array(), dy.offset(), plan.pack(Pass.GRAD_INPUT, w), dx.array(), dx.offset(), mode, workspace);
            plan.gradWeight(x.array(), x.offset(), dy.array(), dy.offset(), dw.array(), dw.offset(), mode, workspace);
            plan.gradBias(dy.array(), dy.offset(), dbias.array(), dbias.offset(), mode);
            double oldX = plus ? Data.dot(dx.original(), x.original()) : 0;
            double oldW = plus ? Data.dot(dw.original(), w) : 0;
            assertEquals(expected + oldX, Data.dot(dx.values(), x.original()), 0, () -> layer + " dx " + mode);
            assertEquals(expected + oldW, Data.dot(dw.values(), w), 0, () -> layer + " dw " + mode);
            for (int o = 0; o < layer.out; o++) {
                double sum = plus ? dbias.original()[o] : 0;
                for (int i = o; i < dy.length(); i += layer.out) {
                    sum += dy.get(i);
                }
                assertEquals(sum, dbias.get(o), 0, () -> layer + " dbias " + mode);
            }
            dx.assertCanaries(layer);
            dw.assertCanaries(layer);
            dbias.assertCanaries(layer);
        }
        x.assertUntouched(layer);
        dy.assertUntouched(layer);
    }

    /** A transposed layer's input has the size of the mirror's output, whatever the output padding. */
    @ParameterizedTest
    @MethodSource("layers")
    void mirrorSizes(Layer layer) {
        ConvShape mirror = layer.mirror();
        assertEquals(layer.outH(), mirror.h());
        assertEquals(layer.outW(), mirror.w());
        assertEquals(layer.h, mirror.p());
        assertEquals(layer.w, mirror.q());
        assertEquals(layer.out, mirror.c());
        assertEquals(layer.in, mirror.k());
        assertEquals(mirror, ConvTransposePlan.of(mirror).mirror());
    }

    @Test
    void mirrorRefusesSizesThatMakeNoConvolution() {
        int huge = Integer.MAX_VALUE;
        Refused.argument(() -> mirror(0, 3, 2, 0, 0, 1), "h is 0");
        Refused.argument(() -> mirror(-5, 3, 2, 0, 0, 1), "h is -5");
        Refused.argument(() -> mirror(4, 0, 2, 0, 0, 1), "r is 0");
        Refused.argument(() -> mirror(4, 3, 0, 0, 0, 1), "stride 0");
        Refused.argument(() -> mirror(4, 3, -2, 0, 0, 1), "stride -2");
        Refused.argument(() -> mirror(4, 3, 2, -1, 0, 1), "padTop is -1");
        Refused.argument(() -> mirror(4, 3, 2, 0, -1, 1), "output padding of the height is -1", "0");
        Refused.argument(() -> mirror(4, 3, 2, 0, 2, 1), "output padding of the height is 2", "stride 2");
        Refused.argument(() -> mirror(4, 3, 2, 0, huge, 1), "output padding of the height is " + huge, "stride 2");
        Refused.argument(() -> mirror(4, 3, 2, 0, 0, 0), "dilationH is 0");
        Refused.argument(() -> mirror(4, 3, 2, 5, 0, 1), "output height would be -1", "padding 5");
        Refused.argument(() -> mirror(4, 3, 2, huge, 0, 1), "output height would be", "padding " + huge);
        Refused.argument(() -> mirror(huge, 3, huge, 0, 0, 1), "output height would be", "stride " + huge);
        Refused.argument(() -> mirror(2, huge, 2, 0, 0, huge), "output height would be", huge + " taps");
        Refused.argument(() -> mirror(2, huge, huge, huge, 0, huge), "output height would be", huge + " taps");
        Refused.argument(() -> mirror(1 << 20, 1, 1 << 10, 0, 0, 1), "x needs", ((1 << 20) - 1) * 1024 + 1);
        Refused.argument(() -> ConvTransposePlan.mirror(1, 4, 4, 6, 8, 3, 3, 2, 2, 0, 0, 0, 0, 1, 1, 4), "groups is 4", 6, 8);
        Refused.argument(() -> ConvTransposePlan.mirror(1, 4, 4, 6, 8, 3, 3, 2, 3, 0, 0, 0, 3, 1, 1, 1),
                "output padding of the width is 3");
    }

    private static ConvShape mirror(int h, int r, int strideH, int padH, int extraH, int dilationH) {
        return ConvTransposePlan.mirror(1, h, 4, 2, 2, r, 3, strideH, 1, padH, 0, extraH, 0, dilationH, 1, 1);
    }

    @Test
    void hostileArguments() {
        ConvTransposePlan plan = ConvTransposePlan.of(ConvTransposePlan.mirror(1, 3, 4, 2, 5, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1));
        float[] x = new float[plan.xLength()];
        float[] y = new float[plan.yLength()];
        float[] w = new float[plan.mirror().wLength()];
        PackedFilter packed = plan.pack(Pass.FORWARD, w);
        PackedFilter other = plan.pack(Pass.GRAD_INPUT, w);
        Workspace workspace = plan.newWorkspace();
        Refused.isNull(() -> ConvTransposePlan.of(null), "shape");
        Refused.isNull(() -> plan.withActivation(null), "activation");
        Refused.isNull(() -> plan.pack(null, w), "pass");
        Refused.isNull(() -> plan.forward(null, packed, null, y, workspace), "x");
        Refused.isNull(() -> plan.forward(x, null, null, y, workspace), "w");
        Refused.isNull(() -> plan.forward(x, packed, null, null, workspace), "y");
        Refused.isNull(() -> plan.forward(x, packed, null, y, null), "workspace");
        Refused.argument(() -> plan.pack(Pass.GRAD_WEIGHT, w), "GRAD_WEIGHT");
        Refused.argument(() -> plan.forward(new float[3], packed, null, y, workspace), "x has length 3", x.length);
        Refused.argument(() -> plan.forward(x, packed, null, new float[3], workspace), "y has length 3", y.length);
        Refused.argument(() -> plan.forward(x, packed, new float[2], y, workspace), "bias has length 2", 5);
        Refused.argument(() -> plan.forward(x, other, null, y, workspace), packed, other);
        Refused.bounds(() -> plan.forward(x, 1, packed, null, 0, y, 0, workspace), "x needs", x.length);
        Refused.bounds(() -> plan.forward(x, 0, packed, null, 0, y, -1, workspace), "y offset is -1");
        Refused.bounds(() -> plan.forward(x, 0, packed, new float[6], 2, y, 0, workspace), "bias needs 5", 2, 6);
        Refused.argument(() -> plan.forward(y, 0, packed, null, 0, y, 0, workspace), "overlap", y.length);
        Refused.argument(() -> plan.forward(x, 0, packed, y, 0, y, 0, workspace), "overlap", y.length);
        Refused.argument(() -> plan.gradWeight(x, 0, y, 0, y, 0, WriteMode.OVERWRITE, workspace), "overlap");
        Refused.argument(() -> plan.gradBias(y, 0, y, 0, WriteMode.OVERWRITE), "overlap");
        assertTrue(plan.describe().startsWith("transposed "));
    }

    /** Messages speak of the arguments of this class, not of the mirror's. */
    @Test
    void messagesNameOwnArguments() {
        ConvTransposePlan plan = ConvTransposePlan.of(ConvTransposePlan.mirror(1, 3, 4, 2, 5, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1));
        float[] x = new float[plan.xLength()];
        float[] y = new float[plan.yLength()];
        float[] w = new float[plan.mirror().wLength()];
        PackedFilter gradInput = plan.pack(Pass.GRAD_INPUT, w);
        Workspace workspace = plan.newWorkspace();
        WriteMode set = WriteMode.OVERWRITE;
        Refused.bounds(() -> plan.gradInput(y, 1, gradInput, x, 0, set, workspace), "dy needs", y.length);
        Refused.bounds(() -> plan.gradInput(y, 0, gradInput, x, 1, set, workspace), "dx needs", x.length);
        Refused.bounds(() -> plan.gradWeight(x, 1, y, 0, w, 0, set, workspace), "x needs", x.length);
        Refused.bounds(() -> plan.gradWeight(x, 0, y, 1, w, 0, set, workspace), "dy needs", y.length);
        Refused.bounds(() -> plan.gradBias(y, 1, new float[5], 0, set), "dy needs", y.length);
        float[] both = new float[w.length + y.length];
        Refused.argument(() -> plan.gradWeight(both, 0, y, 0, both, 0, set, workspace), "x [0, " + x.length + ")", "dw [0, ");
        Refused.argument(() -> plan.gradWeight(x, 0, both, 0, both, 0, set, workspace), "dy [0, " + y.length + ")", "dw [0, ");
        Refused.argument(() -> plan.gradBias(y, 0, y, 0, set), "dy [0, " + y.length + ")", "dbias [0, 5)");
    }

    @Test
    void threadsGiveTheSameBits() {
        try (Threads threads = Threads.of(3)) {
            ConvTransposePlan plan = ConvTransposePlan.of(new Layer(2, 9, 9, 16, 20, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1).mirror());
            float[] x = Data.reals(1, plan.xLength());
            PackedFilter w = plan.pack(Pass.FORWARD, Data.reals(2, plan.mirror().wLength()));
            float[] one = new float[plan.yLength()];
            float[] three = new float[plan.yLength()];
            plan.forward(x, w, null, one, plan.newWorkspace());
            plan.forward(x, w, null, three, plan.newWorkspace(threads));
            assertEquals(-1, Arrays.mismatch(one, three));
        }
    }
}
