package lanewise.internal.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import jdk.incubator.vector.FloatVector;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;
import lanewise.oracle.Data;
import lanewise.oracle.Guarded;
import org.junit.jupiter.api.Test;

/**
 * Its two forms give the same bits; the one for small images is compared with the oracle by the tests of all algorithms, whose
 * shapes are too small for the other.
 */
class SlidingDepthwiseConvTest {

    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

    private static List<ConvShape> shapes() {
        List<ConvShape> shapes = new ArrayList<>();
        for (int channels : new int[] {LANES, LANES + 1, 2 * LANES, 3 * LANES - 1, 3 * LANES}) {
            for (int stride = 1; stride <= 2; stride++) {
                for (int height = 1; height <= 10; height++) {
                    for (int width = 1; width <= 6; width++) {
                        ConvShape shape = ConvShape.depthwise(2, height + 2, width + 2, channels, 3, 3).withStride(stride, stride);
                        shapes.add(shape);
                        shapes.add(shape.withPadding(1, 1));
                        shapes.add(shape.withPadding(2, 0));
                        shapes.add(shape.withPadding(0, 1));
                    }
                }
            }
            shapes.add(small(1, 1, channels, 1));
            shapes.add(small(1, 2, channels, 1));
            shapes.add(small(2, 1, channels, 2));
        }
        return shapes;
    }

    /** Smaller than the window. */
    private static ConvShape small(int height, int width, int channels, int stride) {
        return new ConvShape(1, height, width, channels, channels, 3, 3, stride, stride, 1, 1, 1, 1, 1, 1, channels);
    }

    /** What a kernel of a form makes of x, with canaries around it. */
    private static Guarded run(ConvKernel kernel, ConvShape shape, int length, float[] source, Activation activation, int workers) {
        Guarded x = Guarded.of(source);
        Guarded out = Guarded.ofNaN(length);
        var args = new ConvArgs();
        args.source = x.array();
        args.sourceOffset = x.offset();
        args.filter = new float[kernel.packedFloats() + 3];
        args.filterOffset = 3;
        float[] packed = new float[kernel.packedFloats()];
        kernel.pack(Data.reals(2, shape.wLength()), 0, packed);
        System.arraycopy(packed, 0, args.filter, 3, packed.length);
        args.bias = Data.reals(3, shape.k());
        args.activation = activation;
        args.out = out.array();
        args.outOffset = out.offset();
        args.outStride = shape.k();
        for (int task = 0; task < kernel.tasks(workers); task++) {
            float[] work = new float[kernel.workFloats() + 5];
            Arrays.fill(work, Float.NaN);
            kernel.run(args, task, workers, work, 5);
        }
        out.assertCanaries(shape);
        return out;
    }

    private static void assertSameBits(ConvShape shape, BiFunction<ConvShape, Boolean, ConvKernel> form, int from, int to) {
        float[] source = Data.reals(1, from);
        for (Activation activation : List.of(Activation.NONE, Activation.RELU, Activation.RELU6, Activation.TANH)) {
            Guarded near = run(form.apply(shape, false), shape, to, source, activation, 1);
            for (int workers = 1; workers <= 3; workers++) {
                Guarded far = run(form.apply(shape, true), shape, to, source, activation, workers);
                assertEquals(Arrays.toString(near.values()), Arrays.toString(far.values()),
                        shape + " " + activation + " " + workers);
            }
        }
    }

    @Test
    void bothFormsGiveTheSameBits() {
        int forward = 0;
        int gradInput = 0;
        for (ConvShape shape : shapes()) {
            if (SlidingDepthwiseConv.refusal(shape) == null) {
                assertSameBits(shape, SlidingDepthwiseConv::forward, shape.xLength(), shape.yLength());
                forward++;
            }
            if (SlidingDepthwiseConv.gradInputRefusal(shape) == null) {
                assertSameBits(shape, SlidingDepthwiseConv::gradInput, shape.yLength(), shape.xLength());
                gradInput++;
            }
        }
        assertTrue(forward > 1000 && gradInput > 300, forward + " and " + gradInput + " shapes");
    }

    @Test
    void largeImagesAreTakenInTheirOrder() {
        ConvShape l12 = ConvShape.depthwise(1, 56, 56, 144, 3, 3).withPadding(1, 1);
        ConvShape l13 = ConvShape.depthwise(1, 14, 14, 576, 3, 3).withPadding(1, 1);
        assertNull(SlidingDepthwiseConv.refusal(l12));
        assertTrue(SlidingDepthwiseConv.streams(PatchGrid.forward(l12)));
        assertTrue(!SlidingDepthwiseConv.streams(PatchGrid.forward(l13)));
        assertTrue(SlidingDepthwiseConv.streams(PatchGrid.forward(l13.withBatch(4))));
        assertTrue(SlidingDepthwiseConv.streams(PatchGrid.forward(l13.withStride(2, 2))));
    }
}
