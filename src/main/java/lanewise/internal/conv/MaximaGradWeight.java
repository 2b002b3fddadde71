package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.MaximaTile2;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient of a convolution of few channels with a 2x2 max-pooling behind it, from the gradient of the pooled output:
 *
 * <pre>dw[d][k] (+)= sum over windows of patch(x)[places[window][k]][d] dy[window][k],   d = (r, s, c)</pre>
 *
 * <p>It skips the pixels of {@link FewChannelGradWeight} whose gradient is 0, three of four. Patches come from the same
 * {@link PatchStrip}; lanes run along its segments, and the sums, transposed, lie in scratch until the last window is added.
 *
 * <p>One task, in the order of the windows; {@link PartedGradWeight} makes more of them.
 */
final class MaximaGradWeight implements ConvKernel {

    private static final int WIDTH = Panels.WIDTH;

    private final ConvShape shape;
    private final PatchStrip strip;
    /** Rows and columns of windows in the image, and rows in a band. */
    private final int p;
    private final int q;
    private final int bandRows;
    private final int sumFloats;

    MaximaGradWeight(ConvShape shape) {
        this.shape = shape;
        strip = strip(shape);
        p = shape.p() / 2;
        q = shape.q() / 2;
        bandRows = strip.rows / 2;
        sumFloats = strip.segments * Simd.roundUp(strip.segmentFloats, WIDTH) * shape.k();
    }

    /** From the place of an output to that of the next: a place is where its patch would begin in a strip of all rows of the image. */
    static int placeColumn(ConvShape shape) {
        return PatchStrip.pixelStep(shape, PatchStrip.savesByFolding(shape));
    }

    /** From the place of an output to that of the one below. */
    static int placeRow(ConvShape shape) {
        return PatchStrip.rowStep(shape, PatchStrip.savesByFolding(shape));
    }

    private static PatchStrip strip(ConvShape shape) {
        return new PatchStrip(shape, PatchStrip.savesByFolding(shape), Integer.MAX_VALUE);
    }

    /** Null, or why it does not do a shape whose weight gradient {@link FewChannelGradWeight} does. */
    static String refusal(ConvShape shape) {
        if (shape.p() < 2 || shape.q() < 2) {
            return shape.p() + "x" + shape.q() + " outputs: no window of 2x2";
        }
        return strip(shape).rows >= 2 ? null : "a band of one row: no window of 2x2";
    }

    @Override
    public int workFloats() {
        return sumFloats + strip.floats();
    }

    @Override
    public int tasks(int workers) {
        return 1;
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int patches = workOffset + sumFloats;
        Arrays.fill(work, workOffset, patches, 0);
        boolean fresh = true;
        for (int image = 0; image < shape.n(); image++) {
            for (int row = 0; row < p; row += bandRows) {
                int rows = Math.min(bandRows, p - row);
                strip.fill(args, image, 2 * row, 2 * rows, fresh || bandRows < p, work, patches);
                fresh = false;
                add(args, (image * p + row) * q * shape.k(), rows * q, work, workOffset, patches - 2 * row * placeRow(shape));
            }
        }
        FewChannelGradWeight.transpose(shape, strip, args, 0, shape.k(), work, workOffset);
    }

    private void add(ConvArgs args, int at, int windows, float[] work, int sums, int patches) {
        int k = shape.k();
        int sum = sums;
        for (int segment = 0; segment < strip.segments; segment++) {
            for (int lane = 0; lane < strip.segmentFloats; lane += WIDTH) {
                MaximaTile2.run(k, k, windows, args.dy, args.dyOffset + at, args.places, args.placesOffset + at,
                        work, patches + segment * strip.segmentStep + lane, work, sum);
                sum += k * WIDTH;
            }
        }
    }
}
