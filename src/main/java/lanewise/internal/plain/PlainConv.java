package lanewise.internal.plain;

import java.util.Arrays;
import lanewise.internal.conv.ConvArgs;
import lanewise.kernel.Activation;
import lanewise.kernel.ConvShape;

/**
 * The {@code forward} pass of a convolution by {@link PlainLoops}: what predicts while the vector kernels are being compiled. It
 * reads the filter as the layer has it, {@code R*S*C/groups*K}, so nothing is packed; bias, residual, activation, rescaling and
 * wider output pixels are as in {@code ConvPlan}.
 *
 * <p>Every sum begins with bias and residual and takes its products in the order of the filter's rows, whatever the tasks.
 * Immutable; each thread brings its own {@link PlainScratch}.
 */
public abstract class PlainConv {

    /** Floats that the sums, or the patches, of one task may take, and its pixels. */
    private static final int TASK_FLOATS = 1 << 17;
    private static final int MOST_PIXELS = 64;

    /** Groups with fewer outputs are computed side by side. */
    private static final int FEW = 16;

    private final int pixels;
    private final int taskPixels;
    private final int channels;

    /** Of {@code pixels} outputs of {@code channels}, each of which takes {@code rowFloats} of scratch. */
    PlainConv(int pixels, int channels, int rowFloats) {
        this.pixels = pixels;
        this.channels = channels;
        int fit = TASK_FLOATS / Math.max(channels, rowFloats) / PlainLoops.ROWS * PlainLoops.ROWS;
        taskPixels = Math.clamp(fit, PlainLoops.ROWS, MOST_PIXELS);
    }

    /** {@code y = act(conv(x, w) + bias + residual)}. */
    public static PlainConv of(ConvShape shape) {
        return shape.groups() > 1 && shape.groupK() < FEW ? new PlainGroupedConv(shape) : new PlainPatchConv(shape);
    }

    /** The transposed convolution that maps {@code y} of {@code mirror} to its {@code x}. */
    public static PlainConv transposed(ConvShape mirror) {
        return new PlainTransposedConv(mirror);
    }

    /** Into how many parts, which write different outputs, a call is cut. */
    public final int tasks() {
        return (pixels - 1) / taskPixels + 1;
    }

    /**
     * Runs one part.
     *
     * @param args as of a kernel, but with the filter as it is; always overwrites
     */
    public final void run(ConvArgs args, int task, PlainScratch scratch) {
        int first = task * taskPixels;
        run(args, first, Math.min(taskPixels, pixels - first), scratch);
    }

    abstract void run(ConvArgs args, int first, int count, PlainScratch scratch);

    /** Puts bias and residual of channels {@code from} to {@code from + n} of a pixel into its sums. */
    final void begin(ConvArgs args, int pixel, int from, int n, float[] sums, PlainScratch scratch) {
        if (args.bias == null) {
            Arrays.fill(sums, 0, n, 0);
        } else {
            System.arraycopy(args.bias, args.biasOffset + from, sums, 0, n);
        }
        if (args.residual != null) {
            float[] plus = scratch.pixel(n);
            System.arraycopy(args.residual, args.residualOffset + pixel * channels + from, plus, 0, n);
            PlainLoops.add(sums, plus, n);
        }
    }

    /** Writes finished sums of channels {@code from} to {@code from + n} of a pixel. */
    static void end(ConvArgs args, int pixel, int from, int n, float[] sums) {
        if (args.activation != Activation.NONE) {
            PlainLoops.activate(args.activation, sums, n);
            if (args.scale != 1 || args.shift != 0) {
                PlainLoops.affine(sums, args.scale, args.shift, n);
            }
        }
        System.arraycopy(sums, 0, args.out, args.outOffset + pixel * args.outStride + from, n);
    }
}
