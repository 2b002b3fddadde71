package lanewise.internal.conv;

import java.util.Arrays;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;

/**
 * Transformed filters as column panels, one product for each point:
 *
 * <pre>packed[k / WIDTH][point][c][WIDTH] = (G g G')[point],   g = w[.][.][c][k]</pre>
 *
 * <p>with depth padded to whole blocks of 16 and columns to whole vectors. {@code rotated}: channels in and out exchanged and the
 * filter turned by 180 degrees, which makes {@code gradInput} a forward convolution over dy. Behind the panels lies the scratch of
 * the packing, for a call allocates nothing.
 */
final class WinogradFilter {

    private static final int LANES = Simd.LANES;

    private static final int TAPS = 9;

    private final int side;
    private final int points;
    /** Channels of w. */
    private final int c;
    private final int k;
    private final boolean rotated;
    private final int inside;
    private final int outside;
    private final int depth;
    private final int floats;
    private final String layout;

    /** {@code side} is that of the input tile: 6 or 4. */
    WinogradFilter(int side, int c, int k, boolean rotated) {
        this.side = side;
        this.points = side * side;
        this.c = c;
        this.k = k;
        this.rotated = rotated;
        inside = rotated ? k : c;
        outside = rotated ? c : k;
        depth = Simd.roundUp(inside, Panels.DEPTH);
        floats = Math.toIntExact(panelFloats(side, inside, outside));
        layout = "%swinograd%d c%dk%d".formatted(rotated ? "rotated " : "", side - 2, c, k);
    }

    /** Floats of the panels. */
    static long panelFloats(int side, int inside, int outside) {
        return (long) side * side * Simd.roundUp(inside, Panels.DEPTH) * Panels.paddedColumns(outside);
    }

    String layout() {
        return layout;
    }

    int floats() {
        return floats + TAPS * Panels.DEPTH * LANES + 3 * side * LANES;
    }

    /** Where the panel of {@code column}, the first of a panel, begins; its points follow, {@link #pointFloats} each. */
    int offset(int column) {
        return points * depth * column;
    }

    /** Floats of one point in a panel of {@code width} columns. */
    int pointFloats(int width) {
        return depth * width;
    }

    /** Packs {@code w: 3*3*C*K}. Rows that pad the depth are never written: they are 0 as they were made. */
    void pack(float[] w, int wOffset, float[] packed) {
        for (int column = 0; column < outside; column += Panels.WIDTH) {
            int columns = Math.min(Panels.WIDTH, outside - column);
            if (rotated) {
                packRotated(w, wOffset, column, columns, packed);
            } else {
                packPanel(w, wOffset, column, columns, packed);
            }
        }
    }

    private void packPanel(float[] w, int wOffset, int column, int columns, float[] packed) {
        int width = Panels.paddedColumns(columns);
        for (int in = 0; in < inside; in++) {
            for (int i = 0; i < columns; i += LANES) {
                int from = wOffset + in * k + column + i;
                int count = Math.min(LANES, columns - i);
                int to = offset(column) + in * width + i;
                if (count == LANES) {
                    transform(w, from, c * k, packed, to, pointFloats(width));
                    continue;
                }
                for (int tap = 0; tap < TAPS; tap++) {
                    Arrays.fill(packed, floats + tap * LANES + count, floats + (tap + 1) * LANES, 0);
                    System.arraycopy(w, from + tap * c * k, packed, floats + tap * LANES, count);
                }
                transform(packed, floats, LANES, packed, to, pointFloats(width));
            }
        }
    }

    /** Turns blocks of 16 inside by one vector outside first: 9 values of each pair of channels instead of 16 or 36. */
    private void packRotated(float[] w, int wOffset, int column, int columns, float[] packed) {
        int width = Panels.paddedColumns(columns);
        int tapStride = Panels.DEPTH * LANES;
        for (int i = 0; i < columns; i += LANES) {
            int count = Math.min(LANES, columns - i);
            for (int in = 0; in < inside; in += Panels.DEPTH) {
                int rows = Math.min(Panels.DEPTH, inside - in);
                for (int tap = 0; tap < TAPS; tap++) {
                    int from = wOffset + ((TAPS - 1 - tap) * c + column + i) * k + in;
                    turn(w, from, rows, count, packed, floats + tap * tapStride);
                }
                for (int row = 0; row < rows; row++) {
                    transform(packed, floats + row * LANES, tapStride, packed, offset(column) + (in + row) * width + i,
                            pointFloats(width));
                }
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

    private void transform(float[] g, int from, int tapStride, float[] packed, int to, int pointStride) {
        int scratch = floats + TAPS * Panels.DEPTH * LANES;
        if (side == WinogradTile4.SIDE) {
            WinogradTile4.filter(g, from, tapStride, packed, to, pointStride, packed, scratch);
        } else {
            WinogradTile2.filter(g, from, tapStride, packed, to, pointStride, packed, scratch);
        }
    }
}
