package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;
import lanewise.kernel.ConvShape;

/**
 * Transformed filters as column panels, one product for each point:
 *
 * <pre>packed[k / WIDTH][point][part][c][WIDTH] = (G g G')[point],   g = the part of w[.][.][c][k]</pre>
 *
 * <p>with the depth of a part padded to whole blocks of 16 and columns to whole vectors. {@code rotated}: channels in and out
 * exchanged and the filter turned by 180 degrees, which makes {@code gradInput} a forward convolution over dy. Behind the panels
 * lies the scratch of the packing, for a call allocates nothing.
 */
final class WinogradFilter {

    private static final int LANES = Simd.LANES;

    /** Tasks of the packing, at most. */
    private static final int MOST_TASKS = 4;

    private final WinogradForm form;
    /** Channels of w. */
    private final int c;
    private final int k;
    private final boolean rotated;
    private final int inside;
    private final int outside;
    private final int depth;
    private final int parts;
    /** Taps of a part. */
    private final int taps;
    /** Which tap of w each tap of each part is, negative for a zero. */
    private final int[] tapOfW;
    /** Whether w is one part as it lies. */
    private final boolean plain;
    private final int floats;
    private final String layout;

    WinogradFilter(WinogradForm form, ConvShape shape, boolean rotated) {
        this.form = form;
        this.rotated = rotated;
        c = shape.c();
        k = shape.k();
        inside = rotated ? k : c;
        outside = rotated ? c : k;
        depth = Simd.roundUp(inside, Panels.DEPTH);
        parts = form.parts(shape.s());
        taps = form.tapRows * form.tapColumns;
        tapOfW = tapsOfW(shape.r(), shape.s());
        plain = !rotated && parts == 1 && taps == shape.r() * shape.s();
        floats = Math.toIntExact(Simd.lineFrom(0) + panelFloats(form, shape, inside, outside));
        layout = (rotated ? "rotated " : "") + "winograd " + form + " r" + shape.r() + "s" + shape.s() + "c" + c + "k" + k;
    }

    private int[] tapsOfW(int r, int s) {
        int[] table = new int[parts * taps];
        for (int part = 0; part < parts; part++) {
            for (int tap = 0; tap < taps; tap++) {
                int row = form.line ? 0 : tap / form.tapColumns;
                int column = part * form.partWidth() + (form.line ? tap : tap % form.tapColumns);
                int w = rotated ? (r - 1 - row) * s + s - 1 - column : row * s + column;
                table[part * taps + tap] = row < r && column < s ? w : -1;
            }
        }
        return table;
    }

    /** Floats of the panels. */
    static long panelFloats(WinogradForm form, ConvShape shape, int inside, int outside) {
        return (long) form.points * form.parts(shape.s()) * Simd.roundUp(inside, Panels.DEPTH) * Panels.paddedColumns(outside);
    }

    String layout() {
        return layout;
    }

    int floats() {
        return floats + tasks() * scratchFloats();
    }

    private int scratchFloats() {
        return taps * Panels.DEPTH * LANES + WinogradForm.TOGETHER * form.scratchFloats();
    }

    /** Into how many tasks the packing is cut: ranges of columns, each with its own scratch. */
    int tasks() {
        return Math.min(MOST_TASKS, panels());
    }

    private int panels() {
        return (outside - 1) / Panels.WIDTH + 1;
    }

    private int firstColumn(int task) {
        return Math.min(outside, panels() * task / tasks() * Panels.WIDTH);
    }

    /** Where the panel of {@code column}, the first of a panel, begins; its points follow, {@link #pointFloats} each. */
    int offset(int column) {
        return Simd.lineFrom(0) + form.points * parts * depth * column;
    }

    /** Floats of one point in a panel of {@code width} columns. */
    int pointFloats(int width) {
        return parts * depth * width;
    }

    /** Packs {@code w: R*S*C*K}. Rows that pad the depth are never written: they are 0 as they were made. */
    void pack(float[] w, int wOffset, float[] packed) {
        for (int task = 0; task < tasks(); task++) {
            pack(w, wOffset, packed, task);
        }
    }

    /** Packs the columns of one task. */
    void pack(float[] w, int wOffset, float[] packed, int task) {
        int scratch = floats + task * scratchFloats();
        int end = firstColumn(task + 1);
        for (int column = firstColumn(task); column < end; column += Panels.WIDTH) {
            int columns = Math.min(Panels.WIDTH, outside - column);
            int width = Panels.paddedColumns(columns);
            for (int part = 0; part < parts; part++) {
                int to = offset(column) + part * depth * width;
                for (int i = 0; i < columns; i += LANES) {
                    int count = Math.min(LANES, columns - i);
                    if (rotated) {
                        packRotated(w, wOffset, part, column + i, count, packed, to + i, width, scratch);
                    } else {
                        pack(w, wOffset, part, column + i, count, packed, to + i, width, scratch);
                    }
                }
            }
        }
    }

    private void pack(float[] w, int wOffset, int part, int column, int count, float[] packed, int to, int width,
                      int scratch) {
        if (plain && count == LANES) {
            for (int in = 0; in < inside; in += WinogradForm.TOGETHER) {
                int rows = Math.min(WinogradForm.TOGETHER, inside - in);
                transform(w, wOffset + in * k + column, c * k, rows, k, packed, to + in * width, width, scratch);
            }
            return;
        }
        for (int in = 0; in < inside; in++) {
            int from = wOffset + in * k + column;
            for (int tap = 0; tap < taps; tap++) {
                int at = scratch + tap * LANES;
                int source = tapOfW[part * taps + tap];
                int copied = source < 0 ? 0 : count;
                Arrays.fill(packed, at + copied, at + LANES, 0);
                if (source >= 0) {
                    System.arraycopy(w, from + source * c * k, packed, at, count);
                }
            }
            transform(packed, scratch, LANES, 1, 0, packed, to + in * width, width, scratch);
        }
    }

    /** Turns blocks of 16 inside by one vector outside first: a value for each tap of a pair of channels, not for each point. */
    private void packRotated(float[] w, int wOffset, int part, int column, int count, float[] packed, int to, int width,
                             int scratch) {
        int tapStride = Panels.DEPTH * LANES;
        for (int in = 0; in < inside; in += Panels.DEPTH) {
            int rows = Math.min(Panels.DEPTH, inside - in);
            for (int tap = 0; tap < taps; tap++) {
                int source = tapOfW[part * taps + tap];
                int from = wOffset + (source * c + column) * k + in;
                turn(w, from, rows, source < 0 ? 0 : count, packed, scratch + tap * tapStride);
            }
            for (int row = 0; row < rows; row += WinogradForm.TOGETHER) {
                int some = Math.min(WinogradForm.TOGETHER, rows - row);
                transform(packed, scratch + row * LANES, tapStride, some, LANES, packed, to + (in + row) * width, width, scratch);
            }
        }
    }

    /** {@code to[row][lane] = w[lane][row]}, zeros past {@code count}. */
    private void turn(float[] w, int from, int rows, int count, float[] to, int toOffset) {
        for (int lane = 0; lane < LANES; lane++) {
            for (int row = 0; row < rows; row++) {
                to[toOffset + row * LANES + lane] = lane < count ? w[from + lane * k + row] : 0;
            }
        }
    }

    /** Some rows of depth, {@code next} apart in g. */
    private void transform(float[] g, int from, int tapStride, int rows, int next, float[] packed, int to, int width, int scratch) {
        form.filter(g, from, tapStride, rows, next, packed, to, pointFloats(width), width, packed, scratch + taps * Panels.DEPTH * LANES);
    }
}
