package lanewise.internal.conv;

import static lanewise.internal.conv.WinogradF43.A;
import static lanewise.internal.conv.WinogradF43.A2;
import static lanewise.internal.conv.WinogradF43.A3;
import static lanewise.internal.conv.WinogradF43.AB;
import static lanewise.internal.conv.WinogradF43.B;
import static lanewise.internal.conv.WinogradF43.B2;
import static lanewise.internal.conv.WinogradF43.B3;
import static lanewise.internal.conv.WinogradF43.SUM;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;
import lanewise.internal.simd.Simd;

/**
 * The transforms of F(4x4,3x3), or F(2x2,5x5) of the same points, for neighbouring tiles of an image together, one vector of channels after the other: {@code v = B' d B} of
 * inputs or, for a weight gradient, {@code u = A dy A'} of outputs.
 *
 * <pre>
 * strip[column][i] = B' d          down every column under the tiles, once: patches of inputs overlap by two, or four
 * v[i][j]          = strip[i] B    along each row
 * </pre>
 *
 * <p>The strip stays in L1, and what its loops touch lies a constant apart, so that C2 checks ranges before a loop and not in it. Each
 * value is made by the same operations as by {@link WinogradForm}, so it has the same bits.
 */
final class WinogradStrip {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = Simd.LANES;
    private static final int GRAIN = Panels.DEPTH;
    private static final int SIX = 6 * LANES;

    /** Tiles of a strip, at most: 26 KB. */
    private static final int MOST_TILES = 16;

    private final boolean inputs;
    private final int h;
    private final int w;
    private final int channels;
    private final int padTop;
    private final int padLeft;
    private final int tileRows;
    private final int tileColumns;
    /** Rows and columns from a tile to the next: those of its outputs. */
    private final int step;
    /** Rows and columns under a tile: 6 of inputs, 4 of outputs. */
    private final int side;
    /** Floats of a strip. */
    private final int floats;

    private WinogradStrip(boolean inputs, int step, int h, int w, int channels, int padTop, int padLeft, int tileRows, int tileColumns) {
        this.inputs = inputs;
        this.step = step;
        this.h = h;
        this.w = w;
        this.channels = channels;
        this.padTop = padTop;
        this.padLeft = padLeft;
        this.tileRows = tileRows;
        this.tileColumns = tileColumns;
        this.side = inputs ? 6 : 4;
        this.floats = columns(Math.min(MOST_TILES, tileColumns)) * SIX;
    }

    /** Whether inputs of this form have a strip. */
    static boolean does(WinogradForm form) {
        return form == WinogradForm.SQUARE4 || form == WinogradForm.SQUARE2OF5;
    }

    /** Of inputs: images {@code h x w} with {@code channels}, a multiple of 16. */
    static WinogradStrip ofInputs(WinogradForm form, int h, int w, int channels, int padTop, int padLeft, int tileRows, int tileColumns) {
        return new WinogradStrip(true, form.outRows, h, w, channels, padTop, padLeft, tileRows, tileColumns);
    }

    /** Of outputs of F(4x4,3x3), transposed. */
    static WinogradStrip ofOutputs(int h, int w, int channels, int tileRows, int tileColumns) {
        return new WinogradStrip(false, 4, h, w, channels, 0, 0, tileRows, tileColumns);
    }

    /** Floats of scratch: a strip, and as many pixels of the image. */
    int scratchFloats() {
        return 2 * floats;
    }

    /**
     * Transforms {@code count} tiles from tile {@code first} of all images on.
     *
     * @param channel the first channel, and the end of them, whole vectors
     * @param v panels of {@code rows} tiles, {@code panelStride} apart; point i of tile t of a panel and channel c at
     *     {@code i pointStride + t block + (c - channel) / block blockStride + c % block}
     * @param block 16, or two vectors
     */
    void transform(float[] source, int offset, int first, int count, int channel, int end, float[] work, int v, int rows,
                   int panelStride, int pointStride, int block, int blockStride, int scratch) {
        int tiles;
        for (int t = 0; t < count; t += tiles) {
            tiles = inRow(first + t, count - t);
            for (int c = channel; c < end; c += LANES) {
                strip(source, offset + c, first + t, columns(tiles), work, scratch, scratch + floats);
                int to = v + (c - channel) / block * blockStride + (c - channel) % block;
                int length;
                for (int i = 0; i < tiles; i += length) {
                    int row = (t + i) % rows;
                    length = Math.min(tiles - i, rows - row);
                    int at = to + (t + i) / rows * panelStride + row * block;
                    if (inputs) {
                        along(work, scratch + step * i * SIX, length, at, pointStride);
                    } else if (block == GRAIN) {
                        outputsAlong(work, scratch + 4 * i * SIX, length, at, pointStride);
                    } else {
                        outputsAlongWide(work, scratch + 4 * i * SIX, length, at, pointStride);
                    }
                }
            }
        }
    }

    /** Floats of the strips that {@link #down} makes of {@code count} tiles, at most: each may be alone in its row. */
    int stripsFloats(int count) {
        return count * side * SIX;
    }

    /**
     * The first pass alone, of one vector of channels: the strips of the rows that the tiles lie in follow each other from
     * {@code strips} on.
     */
    void down(float[] source, int offset, int first, int count, float[] work, int strips, int scratch) {
        int tiles;
        for (int t = 0, at = strips; t < count; t += tiles, at += columns(tiles) * SIX) {
            tiles = inRow(first + t, count - t);
            strip(source, offset, first + t, columns(tiles), work, at, scratch);
        }
    }

    /** The second pass over these strips for row {@code i} of the points, point j of tile t at {@code v + j pointStride + 16 t}. */
    void along(int i, int first, int count, float[] work, int strips, int v, int pointStride) {
        int tiles;
        for (int t = 0, at = strips + i * LANES; t < count; t += tiles, at += columns(tiles) * SIX) {
            tiles = inRow(first + t, count - t);
            if (inputs) {
                alongRow(work, at, tiles, v + t * GRAIN, pointStride);
            } else {
                outputsAlongRow(work, at, tiles, v + t * GRAIN, pointStride);
            }
        }
    }

    /** How many of {@code count} tiles from {@code number} on are one strip: those in the same row. */
    private int inRow(int number, int count) {
        return Math.min(Math.min(MOST_TILES, count), tileColumns - number % tileColumns);
    }

    /** Columns under so many tiles. */
    private int columns(int tiles) {
        return step * tiles + side - step;
    }

    /** The first pass over {@code count} columns from those of tile {@code number} on; pixels outside the image are zeros. */
    private void strip(float[] source, int offset, int number, int count, float[] work, int strip, int patch) {
        int tileRow = number / tileColumns;
        int image = tileRow / tileRows;
        int top = step * (tileRow - image * tileRows) - padTop;
        int left = step * (number - tileRow * tileColumns) - padLeft;
        int begin = Math.clamp(-(long) left, 0, count);
        int end = Math.clamp((long) w - left, begin, count);
        Arrays.fill(work, strip, strip + begin * SIX, 0);
        Arrays.fill(work, strip + end * SIX, strip + count * SIX, 0);
        int from = offset + ((image * h + top) * w + left + begin) * channels;
        if (top >= 0 && top + side <= h) {
            down(source, from, w * channels, end - begin, channels, work, strip + begin * SIX);
            return;
        }
        int line = (end - begin) * LANES;
        for (int i = 0; i < side; i++) {
            if (top + i < 0 || top + i >= h) {
                Arrays.fill(work, patch + i * line, patch + (i + 1) * line, 0);
            } else {
                copy(source, from + i * w * channels, end - begin, channels, work, patch + i * line);
            }
        }
        down(work, patch, line, end - begin, LANES, work, strip + begin * SIX);
    }

    /** Copies a vector of channels of {@code count} pixels. */
    private static void copy(float[] source, int from, int count, int pixel, float[] work, int to) {
        for (int j = 0; j < count; j++) {
            FloatVector.fromArray(S, source, from + j * pixel).intoArray(work, to + j * LANES);
        }
    }

    private void down(float[] d, int at, int row, int count, int pixel, float[] strip, int to) {
        if (!inputs) {
            outputsDown(d, at, row, count, pixel, strip, to);
        } else if (pixel == LANES) {
            downDense(d, at, at + row, at + 2 * row, at + 3 * row, at + 4 * row, at + 5 * row, count, strip, to);
        } else {
            inputsDown(d, at, row, count, pixel, strip, to);
        }
    }

    private static void inputsDown(float[] d, int at, int row, int count, int pixel, float[] strip, int to) {
        for (int l = 0; l < count; l++) {
            int from = at + l * pixel;
            int into = to + l * SIX;
            FloatVector d0 = FloatVector.fromArray(S, d, from);
            FloatVector d1 = FloatVector.fromArray(S, d, from + row);
            FloatVector d2 = FloatVector.fromArray(S, d, from + 2 * row);
            FloatVector d3 = FloatVector.fromArray(S, d, from + 3 * row);
            FloatVector d4 = FloatVector.fromArray(S, d, from + 4 * row);
            FloatVector d5 = FloatVector.fromArray(S, d, from + 5 * row);
            FloatVector evenA = d2.fma(FloatVector.broadcast(S, -B2), d4);
            FloatVector oddA = d1.fma(FloatVector.broadcast(S, -B2), d3);
            FloatVector evenB = d2.fma(FloatVector.broadcast(S, -A2), d4);
            FloatVector oddB = d1.fma(FloatVector.broadcast(S, -A2), d3);
            d0.fma(FloatVector.broadcast(S, AB), d2.fma(FloatVector.broadcast(S, -SUM), d4)).intoArray(strip, into);
            oddA.fma(FloatVector.broadcast(S, A), evenA).intoArray(strip, into + LANES);
            oddA.fma(FloatVector.broadcast(S, -A), evenA).intoArray(strip, into + 2 * LANES);
            oddB.fma(FloatVector.broadcast(S, B), evenB).intoArray(strip, into + 3 * LANES);
            oddB.fma(FloatVector.broadcast(S, -B), evenB).intoArray(strip, into + 4 * LANES);
            d1.fma(FloatVector.broadcast(S, AB), d3.fma(FloatVector.broadcast(S, -SUM), d5)).intoArray(strip, into + 5 * LANES);
        }
    }

    /** The same for pixels that follow each other: ranges are checked before the loop. */
    private static void downDense(float[] d, int at0, int at1, int at2, int at3, int at4, int at5, int count, float[] strip, int to) {
        for (int l = 0; l < count; l++) {
            int into = to + l * SIX;
            FloatVector d0 = FloatVector.fromArray(S, d, at0 + l * LANES);
            FloatVector d1 = FloatVector.fromArray(S, d, at1 + l * LANES);
            FloatVector d2 = FloatVector.fromArray(S, d, at2 + l * LANES);
            FloatVector d3 = FloatVector.fromArray(S, d, at3 + l * LANES);
            FloatVector d4 = FloatVector.fromArray(S, d, at4 + l * LANES);
            FloatVector d5 = FloatVector.fromArray(S, d, at5 + l * LANES);
            FloatVector evenA = d2.fma(FloatVector.broadcast(S, -B2), d4);
            FloatVector oddA = d1.fma(FloatVector.broadcast(S, -B2), d3);
            FloatVector evenB = d2.fma(FloatVector.broadcast(S, -A2), d4);
            FloatVector oddB = d1.fma(FloatVector.broadcast(S, -A2), d3);
            d0.fma(FloatVector.broadcast(S, AB), d2.fma(FloatVector.broadcast(S, -SUM), d4)).intoArray(strip, into);
            oddA.fma(FloatVector.broadcast(S, A), evenA).intoArray(strip, into + LANES);
            oddA.fma(FloatVector.broadcast(S, -A), evenA).intoArray(strip, into + 2 * LANES);
            oddB.fma(FloatVector.broadcast(S, B), evenB).intoArray(strip, into + 3 * LANES);
            oddB.fma(FloatVector.broadcast(S, -B), evenB).intoArray(strip, into + 4 * LANES);
            d1.fma(FloatVector.broadcast(S, AB), d3.fma(FloatVector.broadcast(S, -SUM), d5)).intoArray(strip, into + 5 * LANES);
        }
    }

    /** The second pass for {@code tiles} tiles. */
    private void along(float[] work, int strip, int tiles, int v, int pointStride) {
        for (int i = 0; i < 6; i++) {
            if (step == 4) {
                alongRow(work, strip + i * LANES, tiles, v + 6 * i * pointStride, pointStride);
            } else {
                alongRowOf2(work, strip + i * LANES, tiles, v + 6 * i * pointStride, pointStride);
            }
        }
    }

    /** The same for one row of points. */
    private static void alongRow(float[] work, int at, int tiles, int v0, int pointStride) {
        int v1 = v0 + pointStride;
        int v2 = v1 + pointStride;
        int v3 = v2 + pointStride;
        int v4 = v3 + pointStride;
        int v5 = v4 + pointStride;
        for (int t = 0; t < tiles; t++) {
            int from = at + 4 * t * SIX;
            FloatVector d0 = FloatVector.fromArray(S, work, from);
            FloatVector d1 = FloatVector.fromArray(S, work, from + SIX);
            FloatVector d2 = FloatVector.fromArray(S, work, from + 2 * SIX);
            FloatVector d3 = FloatVector.fromArray(S, work, from + 3 * SIX);
            FloatVector d4 = FloatVector.fromArray(S, work, from + 4 * SIX);
            FloatVector d5 = FloatVector.fromArray(S, work, from + 5 * SIX);
            FloatVector evenA = d2.fma(FloatVector.broadcast(S, -B2), d4);
            FloatVector oddA = d1.fma(FloatVector.broadcast(S, -B2), d3);
            FloatVector evenB = d2.fma(FloatVector.broadcast(S, -A2), d4);
            FloatVector oddB = d1.fma(FloatVector.broadcast(S, -A2), d3);
            d0.fma(FloatVector.broadcast(S, AB), d2.fma(FloatVector.broadcast(S, -SUM), d4)).intoArray(work, v0 + t * GRAIN);
            oddA.fma(FloatVector.broadcast(S, A), evenA).intoArray(work, v1 + t * GRAIN);
            oddA.fma(FloatVector.broadcast(S, -A), evenA).intoArray(work, v2 + t * GRAIN);
            oddB.fma(FloatVector.broadcast(S, B), evenB).intoArray(work, v3 + t * GRAIN);
            oddB.fma(FloatVector.broadcast(S, -B), evenB).intoArray(work, v4 + t * GRAIN);
            d1.fma(FloatVector.broadcast(S, AB), d3.fma(FloatVector.broadcast(S, -SUM), d5)).intoArray(work, v5 + t * GRAIN);
        }
    }

    /** The same where tiles lie two columns apart. */
    private static void alongRowOf2(float[] work, int at, int tiles, int v0, int pointStride) {
        int v1 = v0 + pointStride;
        int v2 = v1 + pointStride;
        int v3 = v2 + pointStride;
        int v4 = v3 + pointStride;
        int v5 = v4 + pointStride;
        for (int t = 0; t < tiles; t++) {
            int from = at + 2 * t * SIX;
            FloatVector d0 = FloatVector.fromArray(S, work, from);
            FloatVector d1 = FloatVector.fromArray(S, work, from + SIX);
            FloatVector d2 = FloatVector.fromArray(S, work, from + 2 * SIX);
            FloatVector d3 = FloatVector.fromArray(S, work, from + 3 * SIX);
            FloatVector d4 = FloatVector.fromArray(S, work, from + 4 * SIX);
            FloatVector d5 = FloatVector.fromArray(S, work, from + 5 * SIX);
            FloatVector evenA = d2.fma(FloatVector.broadcast(S, -B2), d4);
            FloatVector oddA = d1.fma(FloatVector.broadcast(S, -B2), d3);
            FloatVector evenB = d2.fma(FloatVector.broadcast(S, -A2), d4);
            FloatVector oddB = d1.fma(FloatVector.broadcast(S, -A2), d3);
            d0.fma(FloatVector.broadcast(S, AB), d2.fma(FloatVector.broadcast(S, -SUM), d4)).intoArray(work, v0 + t * GRAIN);
            oddA.fma(FloatVector.broadcast(S, A), evenA).intoArray(work, v1 + t * GRAIN);
            oddA.fma(FloatVector.broadcast(S, -A), evenA).intoArray(work, v2 + t * GRAIN);
            oddB.fma(FloatVector.broadcast(S, B), evenB).intoArray(work, v3 + t * GRAIN);
            oddB.fma(FloatVector.broadcast(S, -B), evenB).intoArray(work, v4 + t * GRAIN);
            d1.fma(FloatVector.broadcast(S, AB), d3.fma(FloatVector.broadcast(S, -SUM), d5)).intoArray(work, v5 + t * GRAIN);
        }
    }

    private static void outputsDown(float[] d, int at, int row, int count, int pixel, float[] strip, int to) {
        for (int l = 0; l < count; l++) {
            int from = at + l * pixel;
            int into = to + l * SIX;
            FloatVector y0 = FloatVector.fromArray(S, d, from);
            FloatVector y1 = FloatVector.fromArray(S, d, from + row);
            FloatVector y2 = FloatVector.fromArray(S, d, from + 2 * row);
            FloatVector y3 = FloatVector.fromArray(S, d, from + 3 * row);
            FloatVector evenA = y2.fma(FloatVector.broadcast(S, A2), y0);
            FloatVector oddA = y3.fma(FloatVector.broadcast(S, A3), y1.mul(A));
            FloatVector evenB = y2.fma(FloatVector.broadcast(S, B2), y0);
            FloatVector oddB = y3.fma(FloatVector.broadcast(S, B3), y1.mul(B));
            y0.intoArray(strip, into);
            evenA.add(oddA).intoArray(strip, into + LANES);
            evenA.sub(oddA).intoArray(strip, into + 2 * LANES);
            evenB.add(oddB).intoArray(strip, into + 3 * LANES);
            evenB.sub(oddB).intoArray(strip, into + 4 * LANES);
            y3.intoArray(strip, into + 5 * LANES);
        }
    }

    /** The second pass of outputs into blocks of 16 channels. */
    private static void outputsAlong(float[] work, int strip, int tiles, int v, int pointStride) {
        for (int i = 0; i < 6; i++) {
            outputsAlongRow(work, strip + i * LANES, tiles, v + 6 * i * pointStride, pointStride);
        }
    }

    /** The same for one row of points. */
    private static void outputsAlongRow(float[] work, int at, int tiles, int v0, int pointStride) {
        int v1 = v0 + pointStride;
        int v2 = v1 + pointStride;
        int v3 = v2 + pointStride;
        int v4 = v3 + pointStride;
        int v5 = v4 + pointStride;
        for (int t = 0; t < tiles; t++) {
            int from = at + 4 * t * SIX;
            FloatVector y0 = FloatVector.fromArray(S, work, from);
            FloatVector y1 = FloatVector.fromArray(S, work, from + SIX);
            FloatVector y2 = FloatVector.fromArray(S, work, from + 2 * SIX);
            FloatVector y3 = FloatVector.fromArray(S, work, from + 3 * SIX);
            FloatVector evenA = y2.fma(FloatVector.broadcast(S, A2), y0);
            FloatVector oddA = y3.fma(FloatVector.broadcast(S, A3), y1.mul(A));
            FloatVector evenB = y2.fma(FloatVector.broadcast(S, B2), y0);
            FloatVector oddB = y3.fma(FloatVector.broadcast(S, B3), y1.mul(B));
            y0.intoArray(work, v0 + t * GRAIN);
            evenA.add(oddA).intoArray(work, v1 + t * GRAIN);
            evenA.sub(oddA).intoArray(work, v2 + t * GRAIN);
            evenB.add(oddB).intoArray(work, v3 + t * GRAIN);
            evenB.sub(oddB).intoArray(work, v4 + t * GRAIN);
            y3.intoArray(work, v5 + t * GRAIN);
        }
    }

    /** The same into blocks of two vectors. */
    private static void outputsAlongWide(float[] work, int strip, int tiles, int v, int pointStride) {
        for (int i = 0; i < 6; i++) {
            int at = strip + i * LANES;
            int v0 = v + 6 * i * pointStride;
            int v1 = v0 + pointStride;
            int v2 = v1 + pointStride;
            int v3 = v2 + pointStride;
            int v4 = v3 + pointStride;
            int v5 = v4 + pointStride;
            for (int t = 0; t < tiles; t++) {
                int from = at + 4 * t * SIX;
                FloatVector y0 = FloatVector.fromArray(S, work, from);
                FloatVector y1 = FloatVector.fromArray(S, work, from + SIX);
                FloatVector y2 = FloatVector.fromArray(S, work, from + 2 * SIX);
                FloatVector y3 = FloatVector.fromArray(S, work, from + 3 * SIX);
                FloatVector evenA = y2.fma(FloatVector.broadcast(S, A2), y0);
                FloatVector oddA = y3.fma(FloatVector.broadcast(S, A3), y1.mul(A));
                FloatVector evenB = y2.fma(FloatVector.broadcast(S, B2), y0);
                FloatVector oddB = y3.fma(FloatVector.broadcast(S, B3), y1.mul(B));
                y0.intoArray(work, v0 + t * Panels.WIDTH);
                evenA.add(oddA).intoArray(work, v1 + t * Panels.WIDTH);
                evenA.sub(oddA).intoArray(work, v2 + t * Panels.WIDTH);
                evenB.add(oddB).intoArray(work, v3 + t * Panels.WIDTH);
                evenB.sub(oddB).intoArray(work, v4 + t * Panels.WIDTH);
                y3.intoArray(work, v5 + t * Panels.WIDTH);
            }
        }
    }
}
