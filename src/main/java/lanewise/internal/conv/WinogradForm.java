package lanewise.internal.conv;

import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;

/**
 * The shape of a tile: which {@link WinogradAxis} transforms its rows and which its columns, and where its pixels lie.
 *
 * <p>In two dimensions they lie in a square of the image. A filter of one row takes the same form: cut into rows of three taps,
 * {@code h[3 i + j]}, it is a 3x3 filter over an image whose rows begin every three pixels,
 *
 * <pre>y[3 p + q] = sum over i, j of x[3 (p + i) + (q + j)] h[3 i + j]      p in [0, 4), q in [0, 3)</pre>
 *
 * so that 12 outputs of a 9-tap filter take 30 multiplications instead of 108. A longer filter is a sum of parts, the last filled
 * up with zeros, over inputs that lie further right; the products of all parts are added before one transform back.
 */
enum WinogradForm {

    /** F(4x4, 3x3): 36 multiplications for 16 outputs. */
    SQUARE4("F(4x4,3x3)", new WinogradF43(), new WinogradF43(), false),

    /** F(2x2, 3x3): 16 for 4. */
    SQUARE2("F(2x2,3x3)", new WinogradF23(), new WinogradF23(), false),

    /** F(2x2, 5x5): 36 for 4. */
    SQUARE2OF5("F(2x2,5x5)", new WinogradF25(), new WinogradF25(), false),

    /** Nine taps in a line: 30 for 12. */
    LINE12("F(4x3,9)", new WinogradF43(), new WinogradF33(), true),

    /** F(4, 3): 6 for 4. */
    LINE4("F(4,3)", new WinogradF43(), null, true);

    private static final int LANES = Simd.LANES;

    /** Vectors that are transformed together, so that a few points of all of them are written at a time. */
    static final int TOGETHER = 8;

    private final String label;
    private final WinogradAxis rows;
    /** Null for a single column. */
    private final WinogradAxis columns;
    /** Whether the rows of a tile follow each other in one row of the image. */
    final boolean line;

    final int outRows;
    final int outColumns;
    final int tapRows;
    final int tapColumns;
    /** Input pixels. */
    final int rowCount;
    final int columnCount;
    /** All points. */
    final int points;

    WinogradForm(String label, WinogradAxis rows, WinogradAxis columns, boolean line) {
        this.label = label;
        this.rows = rows;
        this.columns = columns;
        this.line = line;
        outRows = rows.outputs();
        tapRows = rows.taps();
        rowCount = rows.points();
        outColumns = columns == null ? 1 : columns.outputs();
        tapColumns = columns == null ? 1 : columns.taps();
        columnCount = columns == null ? 1 : columns.points();
        points = rowCount * columnCount;
    }

    /** Rows of the image that a tile of outputs takes. */
    int height() {
        return line ? 1 : outRows;
    }

    /** Pixels that it takes in a row. */
    int width() {
        return line ? outRows * outColumns : outColumns;
    }

    /** Taps of one part in a row of the filter. */
    int partWidth() {
        return line ? tapRows * tapColumns : tapColumns;
    }

    /** Parts that a filter row of {@code s} taps is cut into. */
    int parts(int s) {
        return (s - 1) / partWidth() + 1;
    }

    long tiles(int outH, int outW) {
        return ((outH - 1L) / height() + 1) * ((outW - 1L) / width() + 1);
    }

    /** Multiplications for each pair of channels and image. */
    long multiplications(int outH, int outW, int s) {
        return tiles(outH, outW) * points * parts(s);
    }

    /** Floats of scratch, a few vectors for each transform. */
    int scratchFloats() {
        return points * LANES;
    }

    /**
     * {@code v = B' d B} for one tile and {@code channels} channels, a multiple of 16.
     *
     * @param d pixels from {@code at}, {@code row} and {@code pixel} apart
     * @param v point i at {@code to + i pointStride}
     */
    void input(float[] d, int at, int row, int pixel, int channels, float[] v, int to, int pointStride, float[] work, int scratch) {
        if (columns == null) {
            for (int i = 0; i < Panels.DEPTH; i += LANES) {
                rows.input(d, at + i, row, channels / Panels.DEPTH, Panels.DEPTH, v, to + i, pointStride, Panels.DEPTH);
            }
            return;
        }
        for (int channel = 0; channel < channels; channel += LANES) {
            rows.input(d, at + channel, row, columnCount, pixel, work, scratch, columnCount * LANES, LANES);
            columns.input(work, scratch, LANES, rowCount, columnCount * LANES,
                    v, to + channel, pointStride, columnCount * pointStride);
        }
    }

    /**
     * {@code u = G g G'} for {@code count} vectors of neighbouring filters: taps lie {@code tap} apart, points {@code pointStride}.
     * Few points of all vectors are written at a time: points often lie a power of two apart, in the same sets of the cache.
     *
     * @param count at most {@link #TOGETHER}
     * @param next distance of two vectors in g
     * @param line their distance in u
     * @param work {@link #scratchFloats} floats for each vector from {@code scratch}
     */
    void filter(float[] g, int at, int tap, int count, int next, float[] u, int to, int pointStride, int line,
                float[] work, int scratch) {
        if (columns == null) {
            rows.filter(g, at, tap, count, next, u, to, pointStride, line);
            return;
        }
        for (int i = 0; i < count; i++) {
            rows.filter(g, at + i * next, tapColumns * tap, tapColumns, tap,
                    work, scratch + i * scratchFloats(), tapColumns * LANES, LANES);
        }
        for (int i = 0; i < rowCount; i++) {
            columns.filter(work, scratch + i * tapColumns * LANES, LANES, count, scratchFloats(),
                    u, to + i * columnCount * pointStride, pointStride, line);
        }
    }

    /**
     * {@code y = A' m A + bias + added}, clamped if {@code relu}, for one tile and {@code width} output channels in whole vectors.
     *
     * @param m point i at {@code at + i width}
     * @param added pixels of its own strides, {@code y} itself or another array; null for none
     * @param y pixels from {@code yAt}, {@code row} and {@code pixel} apart
     */
    void output(float[] m, int at, int width, float[] bias, int biasAt, float[] added, int addedAt, int addedRow, int addedPixel,
                boolean relu, float[] y, int yAt, int row, int pixel, float[] work, int scratch) {
        if (columns == null) {
            rows.finish(m, at, width, width / LANES, LANES, bias, biasAt, LANES, added, addedAt, addedRow, LANES, relu,
                    y, yAt, row, LANES);
            return;
        }
        for (int k = 0; k < width; k += LANES) {
            rows.output(m, at + k, columnCount * width, columnCount, width, work, scratch, columnCount * LANES, LANES);
            columns.finish(work, scratch, LANES, outRows, columnCount * LANES, bias, biasAt + k, 0,
                    added, addedAt + k, addedPixel, addedRow, relu, y, yAt + k, pixel, row);
        }
    }

    /**
     * The last pass of {@link #output} for one vector of channels, where rows of points have been transformed into columns of
     * outputs: that of row i and column q lies at {@code at + (i outColumns + q) LANES}.
     */
    void outputColumns(float[] m, int at, float[] bias, int biasAt, float[] added, int addedAt, int addedRow, int addedPixel,
                       boolean relu, float[] y, int yAt, int row, int pixel) {
        rows.finish(m, at, outColumns * LANES, outColumns, LANES, bias, biasAt, 0, added, addedAt, addedRow, addedPixel, relu,
                y, yAt, row, pixel);
    }

    /**
     * The first pass of {@code v = B' d B} for one tile and one vector of channels, for many tiles whose points lie far apart:
     * {@link #inputColumns} then writes a few points of all of them at a time, so that few pages are touched at once.
     *
     * @param d pixels from {@code at}, {@code row} and {@code pixel} apart
     * @param work {@link #scratchFloats} floats from {@code scratch}
     */
    void inputRows(float[] d, int at, int row, int pixel, float[] work, int scratch) {
        rows.input(d, at, row, columnCount, pixel, work, scratch, columnCount * LANES, LANES);
    }

    /**
     * The second pass for {@code tiles} tiles, whose scratch follows each other.
     *
     * @param v point i of tile t at {@code to + i pointStride + t tile}
     */
    void inputColumns(float[] work, int scratch, int tiles, float[] v, int to, int pointStride, int tile) {
        if (columns == null) {
            copyPoints(work, scratch, tiles, v, to, pointStride, tile);
            return;
        }
        for (int i = 0; i < rowCount; i++) {
            columns.input(work, scratch + i * columnCount * LANES, LANES, tiles, scratchFloats(),
                    v, to + i * columnCount * pointStride, pointStride, tile);
        }
    }

    /** The first pass of {@code u = A dy A'}, as {@link #inputRows}. */
    void outputTransposedRows(float[] dy, int at, int row, int pixel, float[] work, int scratch) {
        rows.outputTransposed(dy, at, row, outColumns, pixel, work, scratch, outColumns * LANES, LANES);
    }

    /** The second pass, as {@link #inputColumns}. */
    void outputTransposedColumns(float[] work, int scratch, int tiles, float[] u, int to, int pointStride, int tile) {
        if (columns == null) {
            copyPoints(work, scratch, tiles, u, to, pointStride, tile);
            return;
        }
        for (int i = 0; i < rowCount; i++) {
            columns.outputTransposed(work, scratch + i * outColumns * LANES, LANES, tiles, scratchFloats(),
                    u, to + i * columnCount * pointStride, pointStride, tile);
        }
    }

    private void copyPoints(float[] work, int scratch, int tiles, float[] to, int at, int pointStride, int tile) {
        for (int t = 0; t < tiles; t++) {
            for (int i = 0; i < points; i++) {
                System.arraycopy(work, scratch + (t * points + i) * LANES, to, at + i * pointStride + t * tile, LANES);
            }
        }
    }

    /** {@code dg = G' m G} for {@code width} neighbouring filters: points lie {@code pointStride} apart, taps {@code tap}. */
    void filterTransposed(float[] m, int at, int pointStride, int width, float[] dg, int to, int tap, float[] work, int scratch) {
        if (columns == null) {
            rows.filterTransposed(m, at, pointStride, width / LANES, LANES, dg, to, tap, LANES);
            return;
        }
        for (int k = 0; k < width; k += LANES) {
            rows.filterTransposed(m, at + k, columnCount * pointStride, columnCount, pointStride,
                    work, scratch, columnCount * LANES, LANES);
            columns.filterTransposed(work, scratch, LANES, tapRows, columnCount * LANES, dg, to + k, tap, tapColumns * tap);
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
