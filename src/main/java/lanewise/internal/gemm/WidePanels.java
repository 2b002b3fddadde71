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
 * <p>With 16 registers there are no wide panels. A panel that begins at column {@code j} begins at {@code j depth} in either form.
 */
public final class WidePanels {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Columns of a wide panel. */
    public static final int WIDTH = 4 * LANES;

    /** The least depth for wide panels, less one. */
    private static final int LEAST_DEPTH = 2 * Panels.DEPTH;

    private WidePanels() {}

    /**
     * How many of {@code n} columns lie in wide panels. None if they are many or the depth is little, since c then costs more than a,
     * and it is best written in whole rows; nor if b is so large that it comes from a far cache: a slice of it serves 6 rows at a
     * time, and waits for it are not hidden, where packed rows fetch the next panel meanwhile. So a product that is cut into ranges of
     * columns for several threads, as large filters are, never has wide panels.
     */
    public static int columns(int depth, int n) {
        boolean pays = depth > LEAST_DEPTH && n < 3 * WIDTH && !RowGemm.fetches((long) Panels.blocks(depth) * Panels.DEPTH * n);
        return StrideTile4.FITS && pays ? n / WIDTH * WIDTH : 0;
    }

    /** Packs {@code depth} rows of {@code n} columns, as {@link Panels#packColumns}, the first {@code wide} as wide panels. */
    public static void pack(int wide, float[] b, int offset, int stride, int depth, int n, float scale,
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
        if (wide < n) {
            Panels.packColumns(b, offset + wide, stride, depth, n - wide, scale, to, toOffset + wide * panelDepth, panelDepth);
        }
    }

    /** As {@link #pack}, from the transposed matrix: {@code n} rows of {@code depth} columns. */
    public static void packTransposed(int wide, float[] b, int offset, int stride, int depth, int n, float scale,
                                      float[] to, int toOffset, int panelDepth) {
        for (int column = 0; column < wide; column += WIDTH) {
            Panels.packPanelTransposed(b, offset + column * stride, stride, depth, WIDTH, WIDTH, scale,
                    to, toOffset + column * panelDepth, panelDepth);
        }
        if (wide < n) {
            Panels.packColumnsTransposed(b, offset + wide * stride, stride, depth, n - wide, scale,
                    to, toOffset + wide * panelDepth, panelDepth);
        }
    }
}
