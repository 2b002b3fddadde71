package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.PlacedTile5;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient of few channels behind a max-pooling of 2 x 2,
 *
 * <pre>dw[r][s][c][k] (+)= sum over windows of x[place of the maximum + (r, s)][c] dy[window][k]</pre>
 *
 * <p>where {@code dy} is the gradient of the pooled outputs: a quarter of the multiplications of the gradient before the pooling, which is
 * 0 everywhere else and need not be written. The image is copied with its padding; a row of a patch is a run of S C floats there, and a
 * place says where the first begins:
 *
 * <pre>places[image][row of windows][k][column of outputs]     the first of each pair of columns counts</pre>
 *
 * <p>A call is one task; {@link PartedGradWeight} makes several.
 */
final class PooledGradWeight implements ConvKernel {

    private static final int LINE = PlacedTile5.LINE;

    /** Lines of a padded image, at most: 96 KB, as it is read at random. */
    private static final int MOST_LINES = 256;

    private final ConvShape shape;
    private final int k;
    private final int run;
    private final int lines;
    /** Tiles that cover the rows of a patch, and those that cover its runs. */
    private final int tileRows;
    private final int tileColumns;

    private PooledGradWeight(ConvShape shape) {
        this.shape = shape;
        k = shape.k();
        run = shape.s() * shape.c();
        lines = shape.p() + shape.r() - 1;
        tileRows = (shape.r() - 1) / PlacedTile5.LINES + 1;
        tileColumns = (run - 1) / PlacedTile5.LANES + 1;
    }

    /** {@code dw} of {@code shape}, or null if this is not for it. */
    static ConvKernel of(ConvShape shape) {
        boolean plain = shape.groups() == 1 && shape.strideH() == 1 && shape.strideW() == 1 && shape.dilationH() == 1
                && shape.dilationW() == 1 && shape.p() >= 2 && shape.q() >= 2;
        if (!plain || shape.p() + shape.r() > MOST_LINES || (shape.q() + shape.s() - 1L) * shape.c() > LINE) {
            return null;
        }
        int windows = (shape.p() / 2) * (shape.q() / 2);
        return PartedGradWeight.of(shape, windows * shape.k(), places(shape), PooledGradWeight::new);
    }

    /** Places of a row of windows in one channel, those between two windows among them. */
    static int placesRow(int q) {
        return Simd.roundUp(q, Simd.LANES);
    }

    /** Places of an image. */
    static int places(ConvShape shape) {
        return Math.multiplyExact(shape.p() / 2 * shape.k(), placesRow(shape.q()));
    }

    private int dyFloats() {
        return (shape.p() / 2) * (shape.q() / 2) * k;
    }

    private int sumFloats() {
        return tileRows * tileColumns * k * PlacedTile5.CHANNEL;
    }

    /** Those of the padded image, and what tiles see behind it. */
    private int imageFloats() {
        return (lines + PlacedTile5.LINES) * LINE + tileColumns * PlacedTile5.LANES;
    }

    @Override
    public int workFloats() {
        return sumFloats() + dyFloats() + imageFloats();
    }

    @Override
    public int tasks(int workers) {
        return 1;
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int dy = workOffset + sumFloats();
        int padded = dy + dyFloats();
        Arrays.fill(work, workOffset, dy, 0);
        Arrays.fill(work, padded, padded + imageFloats(), 0);
        for (int image = 0; image < shape.n(); image++) {
            pad(args, image, work, padded);
            System.arraycopy(args.dy, args.dyOffset + image * dyFloats(), work, dy, dyFloats());
            for (int tile = 0; tile < tileRows * tileColumns; tile++) {
                PlacedTile5.run(shape.p() / 2, shape.q() / 2, k, args.places, args.placesOffset + image * places(shape),
                        placesRow(shape.q()), work, dy,
                        padded + tile / tileColumns * PlacedTile5.LINES * LINE + tile % tileColumns * PlacedTile5.LANES,
                        workOffset + tile * k * PlacedTile5.CHANNEL);
            }
        }
        transpose(args, work, workOffset);
    }

    /** Copies an image into its padding. */
    private void pad(ConvArgs args, int image, float[] work, int padded) {
        int c = shape.c();
        int columns = Math.min(shape.w(), shape.q() + shape.s() - 1 - shape.padLeft());
        for (int line = 0; line < lines; line++) {
            int h = line - shape.padTop();
            if (h >= 0 && h < shape.h() && columns > 0) {
                System.arraycopy(args.source, args.sourceOffset + (image * shape.h() + h) * shape.w() * c,
                        work, padded + line * LINE + shape.padLeft() * c, columns * c);
            }
        }
    }

    /** Writes the sums {@code [tile][k][row][lane]} to dw. */
    private void transpose(ConvArgs args, float[] work, int sums) {
        for (int d = 0; d < shape.r() * run; d++) {
            int r = d / run;
            int e = d % run;
            int tile = r / PlacedTile5.LINES * tileColumns + e / PlacedTile5.LANES;
            int sum = sums + tile * k * PlacedTile5.CHANNEL + r % PlacedTile5.LINES * PlacedTile5.LANES + e % PlacedTile5.LANES;
            int out = args.outOffset + d * k;
            for (int j = 0; j < k; j++) {
                float value = work[sum + j * PlacedTile5.CHANNEL];
                args.out[out + j] = args.plus ? args.out[out + j] + value : value;
            }
        }
    }
}
