package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.OuterPanelTile4;
import lanewise.internal.gemm.OuterTile4;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.ReadAhead;
import lanewise.internal.gemm.Tiles;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * The weight gradient as a matrix product over all pixels, as {@link GemmGradWeight}, in tiles 4 vectors wide, which need fewer
 * broadcasts and 32 registers:
 *
 * <pre>dw[(r, s, c)][k] (+)= sum over npq of patch(x)[npq][rsc] dy[npq][k]</pre>
 *
 * <p>The patches of a 1x1 filter without stride or padding are x itself and read where they lie ({@link OuterTile4}); others are
 * packed in blocks {@code [rsc / 64][pixel][64]} ({@link OuterPanelTile4}).
 *
 * <pre>
 * loop 3  chunks of pixels       dy and patches are packed here; between tiles what the next chunk reads comes to L2
 * loop 2  column panels of dy    16 KB, stays in L1
 * loop 1  rows of dw, 5 or 6 of them
 * </pre>
 *
 * <p>The sums lie in scratch until the last chunk is added, a tile's side by side and at cache lines; they should stay in L2. A
 * task is a range of dw's rows, so each weight is summed by one worker in the order of the pixels.
 */
final class WideGradWeight implements ConvKernel {

    private static final int WIDTH = OuterTile4.WIDTH;
    private static final int RUN = Panels.RUN;

    /** Pixels of a chunk: a panel of dy, and a block of patches or a line of each pixel of x, then fit L1. */
    private static final int CHUNK = 64;

    private static final int LEAST_CHUNKS = 3;

    /** Floats of the sums, at most: 1 MB. */
    private static final int MOST_FLOATS = 1 << 18;

    private final PatchGrid grid;
    private final int k;
    private final int xFloats;
    private final int pixels;
    /** Whether x is read where it lies. */
    private final boolean inPlace;
    /** Rows of dw, and of its sums: whole grains of patches. */
    private final int depth;
    private final int rows;
    private final int panels;
    private final int chunk;

    WideGradWeight(ConvShape shape) {
        grid = PatchGrid.forward(shape);
        k = shape.k();
        xFloats = shape.xLength();
        pixels = grid.rows();
        inPlace = inPlace(shape);
        depth = grid.depth();
        rows = inPlace ? depth : Simd.roundUp(depth, Panels.DEPTH);
        panels = (k - 1) / WIDTH + 1;
        int chunks = (pixels - 1) / CHUNK + 1;
        chunk = (pixels - 1) / chunks + 1;
    }

    private static boolean inPlace(ConvShape shape) {
        return shape.isPointwise() && OuterTile4.covers(shape.c());
    }

    /**
     * Whether it does this shape, and faster than others that sum products: K fills four fifths of its panels, the sums fit L2, and
     * there are chunks enough to repay that the sums are copied.
     */
    static boolean does(ConvShape shape) {
        int padded = Simd.roundUp(shape.k(), WIDTH);
        return OuterTile4.FITS && shape.groups() == 1 && padded <= shape.k() + shape.k() / 4
                && (double) shape.r() * shape.s() * shape.c() * padded <= MOST_FLOATS
                && (long) shape.n() * shape.p() * shape.q() >= LEAST_CHUNKS * CHUNK;
    }

    /** Parts into which rows can be cut: tiles, or blocks of patches. */
    private int units() {
        return inPlace ? OuterTile4.tiles(depth) : (rows - 1) / RUN + 1;
    }

    private int firstRow(int unit) {
        return inPlace ? OuterTile4.firstRow(depth, unit) : Math.min(rows, unit * RUN);
    }

    /** Floats of packed patches, and of one that is gathered before. */
    private int patchFloats() {
        return inPlace ? 0 : units() * RUN * chunk + Simd.roundUp(depth, RUN);
    }

    @Override
    public int workFloats() {
        return 2 * Panels.WIDTH + WIDTH + panels * WIDTH * (rows + chunk) + patchFloats();
    }

    @Override
    public int tasks(int workers) {
        return workers == 1 ? 1 : Math.min(units(), 2 * workers);
    }

    @Override
    public void run(ConvArgs args, int task, int workers, float[] work, int workOffset) {
        int tasks = tasks(workers);
        int first = firstRow((int) ((long) units() * task / tasks));
        int end = firstRow((int) ((long) units() * (task + 1) / tasks));
        int zeros = Simd.lineFrom(workOffset + 1);
        int sums = zeros + WIDTH;
        int dy = sums + panels * WIDTH * (end - first);
        int patches = dy + panels * WIDTH * chunk;
        int spare = patches + patchFloats() - Simd.roundUp(depth, RUN);
        Arrays.fill(work, zeros, sums, 0);
        for (int pixel = 0; pixel < pixels; pixel += chunk) { // loop 3
            int count = Math.min(chunk, pixels - pixel);
            boolean packs = !OuterTile4.isPanel(args.dyOffset + pixel * k, k);
            if (packs) {
                OuterTile4.pack(args.dy, args.dyOffset + pixel * k, k, count, k, work, dy);
            }
            if (!inPlace) {
                grid.pack(args.source, args.sourceOffset, 0, pixel, count, first / Panels.DEPTH, end / Panels.DEPTH,
                        work, patches, RUN, RUN, RUN * count, spare);
            }
            multiply(args, pixel, count, first, end, work, workOffset, zeros, sums,
                    packs ? work : args.dy, packs ? dy : args.dyOffset + pixel * k, patches);
        }
        int count = Math.min(end, depth) - first;
        for (int panel = 0; panel < panels; panel++) {
            int from = sums + panel * WIDTH * (end - first);
            int to = args.outOffset + first * k + panel * WIDTH;
            int columns = Math.min(WIDTH, k - panel * WIDTH);
            if (args.plus) {
                Tiles.add(count, columns, work, from, WIDTH, args.out, to, k, args.out, to, k);
            } else {
                Tiles.copy(count, columns, work, from, WIDTH, args.out, to, k);
            }
        }
    }

    /** Loops 2 and 1 over the panels {@code dys}; {@code unused} is a place for a number that means nothing. */
    private void multiply(ConvArgs args, int pixel, int count, int first, int end,
                          float[] work, int unused, int zeros, int sums, float[] dys, int dy, int patches) {
        int next = pixel + count;
        int ahead = xFloats + (long) k * pixels < ReadAhead.HOT ? 0 : Math.min(chunk, pixels - next);
        int x = (int) ((long) xFloats * next / pixels);
        int xAhead = (int) ((long) xFloats * (next + ahead) / pixels) - x;
        int tiles = panels * OuterTile4.tiles(end - first);
        int xStream = ReadAhead.stream(xAhead);
        int xPieces = ReadAhead.pieces(xStream, tiles);
        int yStream = ReadAhead.stream(ahead * k);
        int yPieces = ReadAhead.pieces(yStream, tiles);
        boolean fetches = ReadAhead.FETCHES && end - first == rows; // or other workers read the same dy
        int tile = 0;
        int read = 0;
        int sum = sums;
        for (int panel = 0; panel < panels; panel++) { // loop 2
            int b = dy + panel * WIDTH * count;
            for (int row = first; row < end; ) { // loop 1
                int init0 = pixel == 0 ? zeros : sum;
                int initStride = pixel == 0 ? 0 : WIDTH;
                int height;
                if (inPlace) {
                    height = OuterTile4.height(depth - row);
                    OuterTile4.run(height, args.source, args.sourceOffset + pixel * depth + row, depth, dys, b, count,
                            work, init0, initStride, work, sum, WIDTH);
                } else {
                    int place = row % RUN;
                    height = OuterTile4.height(Math.min(RUN - place, end - row));
                    OuterPanelTile4.run(height, work, patches + (row - first) / RUN * RUN * count + place, dys, b, count,
                            work, init0, initStride, work, sum, WIDTH);
                }
                row += height;
                sum += height * WIDTH;
                read += ReadAhead.read(args.source, args.sourceOffset + x, xAhead, xStream, tile * xPieces, xPieces);
                if (fetches) {
                    ReadAhead.fetch(args.dy, args.dyOffset + next * k, ahead * k, yStream, tile * yPieces, yPieces);
                } else {
                    read += ReadAhead.read(args.dy, args.dyOffset + next * k, ahead * k, yStream, tile * yPieces, yPieces);
                }
                tile++;
            }
        }
        work[unused] = read;
    }
}
