package lanewise.internal.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.simd.Lanes;
import lanewise.internal.simd.Simd;

/**
 * The two packed forms of a matrix product, {@code c[m][n] += a[m][d] b[d][n]}.
 *
 * <pre>
 * row panels of a     [m / 14][d / RUN][14][ROW]    a run of depths of one row, then of the next; a float or two are free
 * column panels of b  [n / WIDTH][d][WIDTH]         the last panel is one vector wide if that is enough, zero-padded
 * </pre>
 *
 * <p>The depth is zero-padded to blocks of 16 floats, the grain in which channels-last data is copied, whatever the vector length:
 * one AVX-512 register or one cache line.
 */
public final class Panels {

    /** Depth of a block. */
    public static final int DEPTH = 16;

    /** Rows of a row panel. */
    public static final int ROWS = 14;

    /** Columns of a full column panel. */
    public static final int WIDTH = 2 * Simd.LANES;

    /** Depths of a row that lie together in a row panel. */
    public static final int RUN = 4 * DEPTH;

    /** Distance of two rows in a row panel: odd, so that they pass from one cache line to the next at different depths. */
    public static final int ROW = RUN + 1;

    /** Floats of one run of all rows. */
    public static final int SECTION = (ROWS * ROW + DEPTH - 1) / DEPTH * DEPTH;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Column panels that are packed together, so that a row of the matrix is read 1 KB at a time. */
    private static final int TOGETHER = 8;

    /** Depths of a transposed panel that are written together. */
    private static final int DEPTHS_TOGETHER = 8;

    private Panels() {}

    /** Depth blocks that hold {@code depth}. */
    public static int blocks(int depth) {
        return (depth + DEPTH - 1) / DEPTH;
    }

    /** Floats of a row panel. */
    public static int rowPanelFloats(int depth) {
        return (depth + RUN - 1) / RUN * SECTION;
    }

    /** Where the runs of a row panel begin. */
    public static int[] runs(int depth) {
        int[] runs = new int[(depth + RUN - 1) / RUN];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = i * SECTION;
        }
        return runs;
    }

    /** Columns that {@code n} takes in column panels. */
    public static int paddedColumns(int n) {
        return Simd.roundUp(n, Simd.LANES);
    }

    /** Floats of {@code depth x n} as column panels, the depth padded to whole blocks. */
    public static int columnPanelFloats(int depth, int n) {
        long deep = ((long) depth + DEPTH - 1) / DEPTH * DEPTH;
        long floats = deep * (((long) n + Simd.LANES - 1) / Simd.LANES * Simd.LANES);
        if (floats > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a filter of " + depth + " x " + n + " needs " + floats
                    + " floats when packed, more than the " + Integer.MAX_VALUE + " a Java array can hold");
        }
        return (int) floats;
    }

    /** Copies one grain of 16 floats. */
    public static void copyGrain(float[] from, int fromOffset, float[] to, int toOffset) {
        for (int i = 0; i < DEPTH; i += LANES) {
            FloatVector.fromArray(S, from, fromOffset + i).intoArray(to, toOffset + i);
        }
    }

    /** Copies {@link #RUN} floats, four vectors at a time. */
    public static void copyRun(float[] from, int fromOffset, float[] to, int toOffset) {
        for (int i = 0; i < RUN; i += 4 * LANES) {
            FloatVector v0 = FloatVector.fromArray(S, from, fromOffset + i);
            FloatVector v1 = FloatVector.fromArray(S, from, fromOffset + i + LANES);
            FloatVector v2 = FloatVector.fromArray(S, from, fromOffset + i + 2 * LANES);
            FloatVector v3 = FloatVector.fromArray(S, from, fromOffset + i + 3 * LANES);
            v0.intoArray(to, toOffset + i);
            v1.intoArray(to, toOffset + i + LANES);
            v2.intoArray(to, toOffset + i + 2 * LANES);
            v3.intoArray(to, toOffset + i + 3 * LANES);
        }
    }

    /** Copies the first {@code count} floats of a grain, and zeros behind them. What follows them is read where there is an array. */
    public static void copyPart(float[] from, int fromOffset, int count, float[] to, int toOffset) {
        if (fromOffset + DEPTH <= from.length) {
            for (int i = 0; i < DEPTH; i += LANES) {
                FloatVector.fromArray(S, from, fromOffset + i).blend(0, Lanes.INDEX.compare(VectorOperators.GE, count - i))
                        .intoArray(to, toOffset + i);
            }
        } else {
            for (int i = 0; i < DEPTH; i++) {
                to[toOffset + i] = i < count ? from[fromOffset + i] : 0;
            }
        }
    }

    /** Clears one grain of 16 floats. */
    public static void clearGrain(float[] to, int toOffset) {
        for (int i = 0; i < DEPTH; i += LANES) {
            FloatVector.zero(S).intoArray(to, toOffset + i);
        }
    }

    /**
     * Packs {@code depth} rows of {@code n} columns, {@code stride} floats apart, into column panels that hold {@code panelDepth >=
     * depth} rows each; rows and columns past the end become zero. Each value is multiplied by {@code scale}.
     */
    public static void packColumns(float[] b, int offset, int stride, int depth, int n, float scale,
                                   float[] to, int toOffset, int panelDepth) {
        int whole = n / WIDTH;
        int panel = panelDepth * WIDTH;
        for (int first = 0; first < whole; first += TOGETHER) {
            int together = Math.min(TOGETHER, whole - first);
            int at = toOffset + first * panel;
            for (int d = 0; d < depth; d++, at += WIDTH) {
                int from = offset + d * stride + first * WIDTH;
                for (int p = 0; p < together; p++) {
                    FloatVector.fromArray(S, b, from + p * WIDTH).mul(scale).intoArray(to, at + p * panel);
                    FloatVector.fromArray(S, b, from + p * WIDTH + LANES).mul(scale).intoArray(to, at + p * panel + LANES);
                }
            }
            for (int p = 0; p < together; p++) {
                java.util.Arrays.fill(to, at + p * panel, at + p * panel + (panelDepth - depth) * WIDTH, 0);
            }
        }
        if (whole * WIDTH < n) {
            packRagged(b, offset + whole * WIDTH, stride, depth, n - whole * WIDTH, scale,
                    to, toOffset + whole * panel, panelDepth);
        }
    }

    /** Packs one panel of any width: the last one, of fewer than {@code WIDTH} columns. */
    static void packRagged(float[] b, int offset, int stride, int depth, int n, float scale,
                                   float[] to, int toOffset, int panelDepth) {
        int width = paddedColumns(n);
        int whole = n / LANES * LANES;
        int at = toOffset;
        for (int d = 0; d < depth; d++, at += width) {
            int from = offset + d * stride;
            for (int i = 0; i < whole; i += LANES) {
                FloatVector.fromArray(S, b, from + i).mul(scale).intoArray(to, at + i);
            }
            for (int i = whole; i < width; i++) {
                to[at + i] = i < n ? b[from + i] * scale : 0;
            }
        }
        java.util.Arrays.fill(to, at, toOffset + panelDepth * width, 0);
    }

    /** As {@link #packColumns}, from the transposed matrix: {@code n} rows of {@code depth} columns. */
    public static void packColumnsTransposed(float[] b, int offset, int stride, int depth, int n, float scale,
                                             float[] to, int toOffset, int panelDepth) {
        for (int column = 0; column < n; column += WIDTH) {
            int width = Math.min(WIDTH, paddedColumns(n - column));
            packPanelTransposed(b, offset + column * stride, stride, depth, Math.min(width, n - column), width, scale,
                    to, toOffset + column * panelDepth, panelDepth);
        }
    }

    /**
     * Writes a transposed matrix, {@code columns} rows of {@code depth} floats, {@code stride} apart, as {@code depth} rows {@code width}
     * floats apart; {@code depth} is a multiple of 8.
     */
    public static void packTransposed(float[] b, int offset, int stride, int depth, int columns, float[] to, int toOffset, int width) {
        for (int d = 0; d < depth; d += DEPTHS_TOGETHER) {
            packEightTransposed(b, offset + d, stride, columns, 1, to, toOffset + d * width, width);
        }
    }

    /** One panel of {@code width} columns, of which the matrix has {@code columns}. */
    static void packPanelTransposed(float[] b, int offset, int stride, int depth, int columns, int width, float scale,
                                    float[] to, int toOffset, int panelDepth) {
        int whole = depth / DEPTHS_TOGETHER * DEPTHS_TOGETHER;
        for (int d = 0; d < whole; d += DEPTHS_TOGETHER) {
            if (width == WIDTH) { // a number in the code of the loop that is inlined here
                packEightTransposed(b, offset + d, stride, columns, scale, to, toOffset + d * WIDTH, WIDTH);
            } else {
                packEightTransposed(b, offset + d, stride, columns, scale, to, toOffset + d * width, width);
            }
        }
        for (int d = whole; d < depth; d++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + d * width + j] = b[offset + d + j * stride] * scale;
            }
        }
        for (int d = 0; columns < width && d < depth; d++) {
            java.util.Arrays.fill(to, toOffset + d * width + columns, toOffset + (d + 1) * width, 0);
        }
        java.util.Arrays.fill(to, toOffset + depth * width, toOffset + panelDepth * width, 0);
    }

    /** Eight neighbouring depths of the rows of a panel. */
    private static void packEightTransposed(float[] b, int offset, int stride, int columns, float scale, float[] to, int at, int width) {
        for (int j = 0; j < columns; j++) {
            int from = offset + j * stride;
            int place = at + j;
            to[place] = b[from] * scale;
            to[place + width] = b[from + 1] * scale;
            to[place + 2 * width] = b[from + 2] * scale;
            to[place + 3 * width] = b[from + 3] * scale;
            to[place + 4 * width] = b[from + 4] * scale;
            to[place + 5 * width] = b[from + 5] * scale;
            to[place + 6 * width] = b[from + 6] * scale;
            to[place + 7 * width] = b[from + 7] * scale;
        }
    }
}
