package lanewise.internal.gemm;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The packed form of b for rows of a that are read where they lie: panels of 4 vectors, then what is left in the panels of
 * {@link Panels}.
 *
 * <pre>
 * wide panels of b     [n / 64][d][64]      at 512 bits
 * column panels of b   [..][d][32]          the rest
 * </pre>
 *
 * <p>At depths of up to 32 they are thin: of 6 vectors, and the first one of 9 if that makes a multiple of 3 come out.
 *
 * <pre>
 * thin panels of b     [1 or 0][d][144], [..][d][96]
 * column panels of b   [..][d][32]          the rest
 * </pre>
 *
 * <p>With 16 registers there are no wide panels. A panel that begins at column {@code j} begins at {@code j depth} in either form.
 */
public final class WidePanels {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of a wide panel. */
    public static final int WIDTH = 4 * LANES;

    /** A multiple of the rows of both thin tiles: blocks of so many leave no single rows over. */
    public static final int THIN_ROWS = 12;

    /** The largest depth of thin panels. */
    private static final int THIN_DEPTH = 2 * Panels.DEPTH;

    /** Floats of b, with those that pad it, up to which there are thin panels: all of them pass by every few rows, and stay in L1. */
    private static final int THIN_FLOATS = 1 << 13;

    /** What the widths of thin panels are multiples of. */
    private static final int THIN_UNIT = 3 * LANES;

    private WidePanels() {}

    /**
     * How many of {@code n} columns lie in wide panels. At a little depth, those in thin ones. None if they are many, since c then costs
     * more than a, and it is best written in whole rows; nor if b is so large that it comes from a far cache: a slice of it serves 6 rows at a
     * time, and waits for it are not hidden, where packed rows fetch the next panel meanwhile. So a product that is cut into ranges of
     * columns for several threads, as large filters are, never has wide panels.
     */
    public static int columns(int depth, int n) {
        long floats = (long) Panels.blocks(depth) * Panels.DEPTH * n;
        if (isThin(depth)) {
            return ThinTile.FITS && floats <= THIN_FLOATS ? thinColumns(n) : 0;
        }
        boolean pays = n < 3 * WIDTH && !RowGemm.fetches(floats);
        return StrideTile4.FITS && pays ? n / WIDTH * WIDTH : 0;
    }

    /** Whether the wide panels of this depth are thin. */
    public static boolean isThin(int depth) {
        return depth <= THIN_DEPTH;
    }

    /** How many of {@code n} columns fill thin panels. */
    static int thinColumns(int n) {
        return n < ThinTile.WIDTH ? 0 : n / THIN_UNIT * THIN_UNIT;
    }

    /** Width of the next thin panel when {@code left} columns are left for them. */
    static int thinWidth(int left) {
        return left / THIN_UNIT % 2 == 0 ? ThinTile.WIDTH : ThinTile.WIDEST;
    }

    /** The fewest columns that fall into the same kinds of panels as {@code n} of this depth, of which some are wide. */
    public static int fewest(int depth, int n) {
        if (!isThin(depth)) {
            return WIDTH + n % WIDTH;
        }
        int units = n / THIN_UNIT;
        return (units % 2 == 0 ? 2 : Math.min(units, 5)) * THIN_UNIT + n % THIN_UNIT;
    }

    /**
     * Packs {@code depth} rows of {@code n} columns, as {@link Panels#packColumns}, the first {@code wide} as wide panels, or thin ones.
     */
    public static void pack(int wide, boolean thin, float[] b, int offset, int stride, int depth, int n, float scale,
                            float[] to, int toOffset, int panelDepth) {
        if (thin) {
            for (int column = 0, width; column < wide; column += width) {
                width = thinWidth(wide - column);
                Panels.packRagged(b, offset + column, stride, depth, width, scale, to, toOffset + column * panelDepth, panelDepth);
            }
        } else {
            packWide(wide, b, offset, stride, depth, scale, to, toOffset, panelDepth);
        }
        if (wide < n) {
            Panels.packColumns(b, offset + wide, stride, depth, n - wide, scale, to, toOffset + wide * panelDepth, panelDepth);
        }
    }

    private static void packWide(int wide, float[] b, int offset, int stride, int depth, float scale,
                                 float[] to, int toOffset, int panelDepth) {
        for (int d = 0; d < depth; d++) {
            for (int column = 0; column < wide; column += WIDTH) {
                int from = offset + d * stride + column;
                int at = toOffset + column * panelDepth + d * WIDTH;
                FloatVector.fromArray(S, b, from).mul(scale).intoArray(to, at);
                FloatVector.fromArray(S, b, from + LANES).mul(scale).intoArray(to, at + LANES);
                FloatVector.fromArray(S, b, from + 2 * LANES).mul(scale).intoArray(to, at + 2 * LANES);
                FloatVector.fromArray(S, b, from + 3 * LANES).mul(scale).intoArray(to, at + 3 * LANES);
            }
        }
        for (int column = 0; column < wide; column += WIDTH) {
            int panel = toOffset + column * panelDepth;
            Arrays.fill(to, panel + depth * WIDTH, panel + panelDepth * WIDTH, 0);
        }
    }

    /** As {@link #pack}, from the transposed matrix: {@code n} rows of {@code depth} columns. */
    public static void packTransposed(int wide, boolean thin, float[] b, int offset, int stride, int depth, int n, float scale,
                                      float[] to, int toOffset, int panelDepth) {
        for (int column = 0, width; column < wide; column += width) {
            width = thin ? thinWidth(wide - column) : WIDTH;
            Panels.packPanelTransposed(b, offset + column * stride, stride, depth, width, width, scale,
                    to, toOffset + column * panelDepth, panelDepth);
        }
        if (wide < n) {
            Panels.packColumnsTransposed(b, offset + wide * stride, stride, depth, n - wide, scale,
                    to, toOffset + wide * panelDepth, panelDepth);
        }
    }
}
