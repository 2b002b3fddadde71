package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.OuterTile4;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient of a 1x1 filter without stride or padding, a product over all pixels with x read where it lies:
 *
 * <pre>dw[c][k] (+)= sum over npq of x[npq][c] dy[npq][k]</pre>
 *
 * <pre>
 * loop 3  chunks of pixels       dy is packed here: K x 64 floats; what the next chunk reads comes to L2 between the tiles of this one
 * loop 2  column panels of dy    16 KB, stays in L1
 * loop 1  channels, 5 or 6 of them ({@link OuterTile4})
 * </pre>
 *
 * <p>The sums lie in scratch until the last chunk is added, a tile's side by side and at cache lines; they should stay in L2. A task is a
 * range of channels, so each weight is summed by one worker in the order of the pixels.
 */
final class PointwiseGradWeight implements ConvKernel {

    private static final int WIDTH = OuterTile4.WIDTH;

    /** Pixels of a chunk: a panel of dy, and a line of each pixel of x, then fit L1. */
    private static final int CHUNK = 64;

    /** Floats of the sums, at most: 1 MB. */
    private static final int MOST_FLOATS = 1 << 18;

    /** Places at which a range is read ahead, at most, floats of a page, and of the two lines that are read at each. */
    private static final int STREAMS = 16;
    private static final int PAGE = 1024;
    private static final int PIECE = 32;

    /** Floats of x and dy together that are left to the caches alone: 512 KB. */
    private static final int HOT = 1 << 17;

    private final int pixels;
    private final int c;
    private final int k;
    private final int panels;
    private final int chunk;

    PointwiseGradWeight(ConvShape shape) {
        pixels = shape.n() * shape.p() * shape.q();
        c = shape.c();
        k = shape.k();
        panels = (k - 1) / WIDTH + 1;
        int chunks = (pixels - 1) / CHUNK + 1;
        chunk = (pixels - 1) / chunks + 1;
    }

    /** Whether it does this shape, and faster than {@link GemmGradWeight}: K fills four fifths of its panels, the sums fit L2. */
    static boolean does(ConvShape shape) {
        int padded = Simd.roundUp(shape.k(), WIDTH);
        return OuterTile4.FITS && shape.groups() == 1 && shape.isPointwise() && OuterTile4.covers(shape.c())
                && padded <= shape.k() + shape.k() / 4 && (long) shape.c() * padded <= MOST_FLOATS;
    }

    @Override
    public int workFloats() {
        return 2 * PIECE + WIDTH + panels * WIDTH * (c + chunk);
    }

    @Override
    public int tasks(int workers) {
        return workers == 1 ? 1 : Math.min(OuterTile4.tiles(c), 2 * workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int tiles = OuterTile4.tiles(c);
        int firstChannel = OuterTile4.firstRow(c, (int) ((long) tiles * task / tasks));
        int endChannel = OuterTile4.firstRow(c, (int) ((long) tiles * (task + 1) / tasks));
        int zeros = Simd.lineFrom(workOffset + 1);
        int sums = zeros + WIDTH;
        int dy = sums + panels * WIDTH * (endChannel - firstChannel);
        Arrays.fill(work, zeros, sums, 0);
        for (int pixel = 0; pixel < pixels; pixel += chunk) { // loop 3
            int count = Math.min(chunk, pixels - pixel);
            OuterTile4.pack(args.dy, args.dyOffset + pixel * k, k, count, k, work, dy);
            multiply(args, pixel, count, firstChannel, endChannel, work, workOffset, zeros, sums, dy);
        }
        for (int panel = 0; panel < panels; panel++) {
            int from = sums + panel * WIDTH * (endChannel - firstChannel);
            int to = args.outOffset + firstChannel * k + panel * WIDTH;
            int columns = Math.min(WIDTH, k - panel * WIDTH);
            if (args.plus) {
                Tiles.add(endChannel - firstChannel, columns, work, from, WIDTH, args.out, to, k, args.out, to, k);
            } else {
                Tiles.copy(endChannel - firstChannel, columns, work, from, WIDTH, args.out, to, k);
            }
        }
    }

    /** Loops 2 and 1; {@code unused} is a place for a number that means nothing. */
    private void multiply(ConvArgs args, int pixel, int count, int firstChannel, int endChannel,
                          float[] work, int unused, int zeros, int sums, int dy) {
        int next = pixel + count;
        int ahead = (c + k) * (long) pixels < HOT ? 0 : Math.min(chunk, pixels - next);
        int tiles = panels * OuterTile4.tiles(endChannel - firstChannel);
        int xStream = stream(ahead * c);
        int xPieces = pieces(xStream, tiles);
        int yStream = stream(ahead * k);
        int yPieces = pieces(yStream, tiles);
        int xAt = 0;
        int yAt = 0;
        int read = 0;
        int sum = sums;
        for (int panel = 0; panel < panels; panel++) { // loop 2
            for (int channel = firstChannel; channel < endChannel; ) { // loop 1
                int height = OuterTile4.height(c - channel);
                OuterTile4.run(height, args.source, args.sourceOffset + pixel * c + channel, c, work, dy + panel * WIDTH * count, count,
                        work, pixel == 0 ? zeros : sum, pixel == 0 ? 0 : WIDTH, work, sum, WIDTH);
                channel += height;
                sum += height * WIDTH;
                for (int i = 0; i < xPieces && xAt < xStream; i++, xAt += PIECE) {
                    read += read(args.source, args.sourceOffset + next * c + xAt, ahead * c - xAt, xStream);
                }
                for (int i = 0; i < yPieces && yAt < yStream; i++, yAt += PIECE) {
                    read += read(args.dy, args.dyOffset + next * k + yAt, ahead * k - yAt, yStream);
                }
            }
        }
        work[unused] = read;
    }

    /**
     * The distance of the places at which {@code floats} are read ahead: whole pages, for a prefetcher begins anew in each, and so
     * many of them at once that their first lines arrive together (NOTES 79).
     */
    private static int stream(int floats) {
        return floats == 0 ? 0 : Simd.roundUp((floats - 1) / STREAMS + 1, PAGE);
    }

    /** Pieces of each stream to read after each tile. */
    private static int pieces(int stream, int tiles) {
        return (stream / PIECE + tiles - 1) / tiles;
    }

    /** Reads two lines at each place. Returns a meaningless sum, or they would not be read. */
    private static int read(float[] a, int from, int floats, int stream) {
        int places = (floats - PIECE / 2 + stream - 1) / stream;
        int sum = 0;
        for (int i = 0; i < places; i++) {
            int at = from + i * stream;
            sum += Float.floatToRawIntBits(a[at]) + Float.floatToRawIntBits(a[at + PIECE / 2]);
        }
        return sum;
    }
}
