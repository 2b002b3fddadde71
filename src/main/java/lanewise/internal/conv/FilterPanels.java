package lanewise.internal.conv;

import java.util.List;
import lanewise.internal.gemm.Panels;
import lanewise.internal.gemm.WidePanels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * Filters as the column panels of a product with the rows of {@link PatchGrid}s: for each grid and group a matrix of {@code taps x
 * channels} rows.
 *
 * <p>{@code forward}: {@code b[(t, c)][k] = w[tap t][c][k]}. {@code gradInput}: {@code b[(t, k)][c] = w[tap t][c][k]}, transposed
 * while packing.
 */
final class FilterPanels {

    /** Tasks of the packing, and the floats of one, at least. */
    private static final int MOST_TASKS = 8;
    private static final int TASK_FLOATS = 1 << 13;

    private final PatchGrid[] grids;
    private final int groups;
    private final boolean transposed;
    /** Whether columns in fours of vectors lie in {@link WidePanels}. */
    private final boolean wide;
    /** Whether columns lie in thin ones, which are then packed together: the filter is small. */
    private final boolean thin;
    /** Channels out of one group in the product: columns of the panels. */
    private final int columns;
    private final String layout;
    private final int[] first;
    private final int floats;

    private FilterPanels(PatchGrid[] grids, int groups, int columns, boolean transposed, boolean wide, String layout) {
        this.grids = grids;
        this.groups = groups;
        this.columns = columns;
        this.transposed = transposed;
        thin = wide && WidePanels.isThin(grids[0].depth());
        this.wide = wide && !thin;
        this.layout = layout;
        first = new int[grids.length];
        long at = Simd.lineFrom(0);
        for (int g = 0; g < grids.length; g++) {
            first[g] = (int) at;
            at += (long) groups * Panels.columnPanelFloats(grids[g].depth(), columns);
            if (at > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("packed filter needs " + at + " floats, more than the " + Integer.MAX_VALUE
                        + " a Java array can hold");
            }
        }
        floats = (int) at;
    }

    /** The panels of {@code forward}; {@code grid} is the shape's. */
    static FilterPanels forward(ConvShape shape, PatchGrid grid) {
        return new FilterPanels(new PatchGrid[] {grid}, shape.groups(), shape.groupK(), false, false, forwardLayout(shape));
    }

    /** The panels of {@code gradInput}, of every phase; {@code grids} are the shape's. */
    static FilterPanels gradInput(ConvShape shape, List<PatchGrid> grids) {
        return new FilterPanels(grids.toArray(new PatchGrid[0]), shape.groups(), shape.groupC(), true, false,
                gradInputLayout(shape));
    }

    /** The panels of a 1x1 {@code forward} whose rows are read in place. */
    static FilterPanels pointwise(ConvShape shape) {
        boolean wide = WidePanels.columns(shape.c(), shape.k()) > 0;
        return new FilterPanels(new PatchGrid[] {PatchGrid.forward(shape)}, 1, shape.k(), false, wide,
                (wide ? "wide " : "") + forwardLayout(shape));
    }

    /** The panels of its {@code gradInput}. */
    static FilterPanels pointwiseGradInput(ConvShape shape) {
        boolean wide = WidePanels.columns(shape.k(), shape.c()) > 0;
        return new FilterPanels(PatchGrid.gradInput(shape).toArray(new PatchGrid[0]), 1, shape.c(), true, wide,
                (wide ? "wide " : "") + gradInputLayout(shape));
    }

    /** What the panels of {@code forward} depend on: not on sizes of images, strides or padding. */
    static String forwardLayout(ConvShape shape) {
        return "panels " + sizes(shape, shape.k()) + "g" + shape.groups();
    }

    /** Of a filter, for layouts; {@code formatted} would be a fiftieth of a small network's start. */
    static String sizes(ConvShape shape, int k) {
        return "r" + shape.r() + "s" + shape.s() + "c" + shape.c() + "k" + k;
    }

    /** What the panels of {@code gradInput} depend on: the phases, too. */
    static String gradInputLayout(ConvShape shape) {
        return "transposed " + forwardLayout(shape) + " u" + shape.strideH() + "v" + shape.strideW()
                + " p" + shape.padTop() % shape.strideH() + "x" + shape.padLeft() % shape.strideW()
                + " d" + shape.dilationH() + "x" + shape.dilationW()
                + " h" + Math.min(shape.h(), shape.strideH()) + "w" + Math.min(shape.w(), shape.strideW());
    }

    String layout() {
        return layout;
    }

    int floats() {
        return floats;
    }

    /** Where the panels of one grid and group begin. */
    int offset(int grid, int group) {
        return first[grid] + group * Panels.columnPanelFloats(grids[grid].depth(), columns);
    }

    /** Into how many tasks the packing is cut: ranges of columns. */
    int tasks() {
        return Math.clamp(floats / TASK_FLOATS, 1, Math.min(MOST_TASKS, units()));
    }

    private int unit() {
        return thin ? columns : wide ? WidePanels.WIDTH : Panels.WIDTH;
    }

    private int units() {
        return (columns - 1) / unit() + 1;
    }

    private int firstColumn(int task) {
        return Math.min(columns, units() * task / tasks() * unit());
    }

    /** Packs {@code w: R*S*C/groups*K}. */
    void pack(float[] w, int wOffset, float[] packed) {
        for (int task = 0; task < tasks(); task++) {
            pack(w, wOffset, packed, task);
        }
    }

    /** Packs the columns of one task. */
    void pack(float[] w, int wOffset, float[] packed, int task) {
        for (int g = 0; g < grids.length; g++) {
            for (int group = 0; group < groups; group++) {
                pack(w, wOffset, grids[g], group, packed, offset(g, group), firstColumn(task), firstColumn(task + 1));
            }
        }
    }

    private void pack(float[] w, int wOffset, PatchGrid grid, int group, float[] packed, int offset, int from, int to) {
        int depth = Panels.blocks(grid.depth()) * Panels.DEPTH;
        int inside = grid.channels;
        int rowOfW = groups * (transposed ? inside : columns); // K
        int tapOfW = (transposed ? columns : inside) * rowOfW;
        if (thin) {
            packThin(w, wOffset + grid.filterTap[0] * tapOfW, rowOfW, inside, packed, offset, depth);
            return;
        }
        int count;
        for (int column = from; column < to; column += count) {
            boolean inWide = wide && column + WidePanels.WIDTH <= columns;
            count = inWide ? WidePanels.WIDTH : Math.min(Panels.WIDTH, columns - column);
            int width = Panels.paddedColumns(count);
            int at = offset + column * depth;
            for (int t = 0; t < grid.taps(); t++, at += inside * width) {
                int tap = wOffset + grid.filterTap[t] * tapOfW;
                if (transposed) {
                    int source = tap + column * rowOfW + group * inside;
                    WidePanels.packTransposed(inWide ? count : 0, false, w, source, rowOfW, inside, count, 1, packed, at, inside);
                } else {
                    int source = tap + group * columns + column;
                    WidePanels.pack(inWide ? count : 0, false, w, source, rowOfW, inside, count, 1, packed, at, inside);
                }
            }
            java.util.Arrays.fill(packed, at, offset + column * depth + depth * width, 0);
        }
    }

    /** All columns of a 1x1 filter. */
    private void packThin(float[] w, int wOffset, int rowOfW, int inside, float[] packed, int offset, int depth) {
        int wideColumns = WidePanels.columns(inside, columns);
        if (transposed) {
            WidePanels.packTransposed(wideColumns, true, w, wOffset, rowOfW, inside, columns, 1, packed, offset, depth);
        } else {
            WidePanels.pack(wideColumns, true, w, wOffset, rowOfW, inside, columns, 1, packed, offset, depth);
        }
    }
}
