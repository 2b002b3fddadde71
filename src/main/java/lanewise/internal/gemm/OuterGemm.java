package lanewise.internal.gemm;

import java.util.Arrays;
import lanewise.internal.simd.Simd;

/**
 * The product {@code c[m][n] (+)= sum over d of a[d][m] b[d][n]} of two operands whose depth runs over rows: a weight gradient,
 * whose depth is all pixels, or a matrix product with the left side transposed.
 *
 * <pre>
 * outer panels of a   [m / HEIGHT][d][HEIGHT]    neighbouring channels of one pixel, then of the next
 * column panels of b  [n / WIDTH][d][WIDTH]      {@link Panels}
 * </pre>
 *
 * <p>Both sides are packed by copying runs, never transposed, and zero-padded to a depth of whole {@link #RUN}s. The caller's loops
 * cut the depth into chunks that fit the caches, always at the same places.
 */
public final class OuterGemm {

    private static final boolean MANY_REGISTERS = Simd.REGISTERS == 32;

    /** Rows of an outer panel: those of the largest tile, or of three small ones. */
    public static final int HEIGHT = MANY_REGISTERS ? 14 : 12;

    /** Depths that a tile does at a time. */
    public static final int RUN = 16;

    /** Floats left free behind each panel: its last piece is copied as a whole grain. */
    private static final int SPARE = Panels.DEPTH;

    /** Floats of the scratch tile through which ragged edges go. */
    public static final int TILE_FLOATS = HEIGHT * Panels.WIDTH;

    private OuterGemm() {}

    /** Outer panels that hold {@code m} rows. */
    public static int panels(int m) {
        return (m - 1) / HEIGHT + 1;
    }

    /** {@code depth} in whole runs. */
    public static int paddedDepth(int depth) {
        return Simd.roundUp(depth, RUN);
    }

    /** Distance of two panels of {@code depth} pixels. */
    public static int panelStride(int depth) {
        return paddedDepth(depth) * HEIGHT + SPARE;
    }

    /** The highest tile for {@code left} rows; a tile may compute up to 3 rows more than there are. */
    static int height(int left) {
        if (!MANY_REGISTERS || left <= 4 || left == 8) {
            return 4;
        }
        return left < 12 ? 7 : 14;
    }

    /**
     * Copies {@code count} neighbouring channels of a pixel, from number {@code channel} of the first panel on. Behind each piece
     * up to {@link #SPARE} floats are overwritten: they belong to pixels that follow, so pixels are packed in order, channels too.
     *
     * @param to the pixel's place in the first panel
     */
    public static void copy(float[] from, int fromOffset, int channel, int count, float[] to, int toOffset, int panelStride) {
        int panel = channel / HEIGHT;
        int place = channel - panel * HEIGHT;
        int at = toOffset + panel * panelStride + place;
        int next = fromOffset + Math.min(count, HEIGHT - place);
        int end = fromOffset + count;
        int lastGrain = from.length - Panels.DEPTH;
        for (int piece = fromOffset; piece < end; ) {
            if (piece <= lastGrain) {
                Panels.copyGrain(from, piece, to, at);
            } else {
                System.arraycopy(from, piece, to, at, next - piece);
            }
            at += panelStride - place;
            place = 0;
            piece = next;
            next = Math.min(end, piece + HEIGHT);
        }
    }

    /** Zeros in place of what {@link #copy} would copy. */
    public static void clear(int channel, int count, float[] to, int toOffset, int panelStride) {
        for (int done = 0; done < count; ) {
            int panel = (channel + done) / HEIGHT;
            int place = channel + done - panel * HEIGHT;
            Panels.clearGrain(to, toOffset + panel * panelStride + place);
            done += HEIGHT - place;
        }
    }

    /** Zeros in all of {@code panels} behind {@code depth} pixels, so that they count for nothing. */
    public static void pad(int panels, int depth, float[] to, int toOffset, int panelStride) {
        for (int i = 0; i < panels; i++) {
            int at = toOffset + i * panelStride;
            Arrays.fill(to, at + depth * HEIGHT, at + paddedDepth(depth) * HEIGHT, 0);
        }
    }

    /**
     * One outer panel against one column panel.
     *
     * @param rows rows of {@code c} to write, 1 to {@link #HEIGHT}
     * @param columns columns of {@code c} to write, 1 to {@link Panels#WIDTH}
     * @param depth in whole runs
     * @param zeros {@link Panels#WIDTH} zeros in {@code work} at this offset
     * @param first start from zero instead of from {@code c}
     * @param tile {@link #TILE_FLOATS} floats in {@code work} at this offset
     */
    public static void tile(int rows, int columns, float[] a, int aOffset, int depth, float[] b, int bOffset,
                            boolean first, float[] c, int cOffset, int cStride, float[] work, int zeros, int tile) {
        int width = Panels.paddedColumns(columns);
        if (columns == width && rows == HEIGHT) {
            OuterPanelTile.run(width, rows, a, aOffset, depth, b, bOffset,
                    first ? work : c, first ? zeros : cOffset, first ? 0 : cStride, c, cOffset, cStride);
            return;
        }
        if (!first) {
            Tiles.copyIn(rows, columns, c, cOffset, cStride, work, tile, width);
        }
        OuterPanelTile.run(width, rows, a, aOffset, depth, b, bOffset,
                work, first ? zeros : tile, first ? 0 : width, work, tile, width);
        Tiles.copyOut(rows, columns, work, tile, width, c, cOffset, cStride);
    }
}
