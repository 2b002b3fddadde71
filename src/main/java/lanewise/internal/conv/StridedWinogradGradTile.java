package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of the gradients of 3x3 filters with stride 2, {@link StridedWinogradTile} transposed. In one dimension, four pixels of
 * dx see three of dy; odd ones meet a single tap and even ones two, so F(2, 2):
 *
 * <pre>
 * dx0 = p1           p0 = (dy2 - dy1) g0
 * dx1 = p2 + p3      p1 = dy0 g1
 * dx2 = p4           p2 = dy1 (g0 + g2)
 * dx3 = p2 + p0      p3 = (dy0 - dy1) g2
 *                    p4 = dy1 g1
 * </pre>
 *
 * <p>The values of dy are, in this order, dy2 - dy1, dy0, dy1 and dy0 - dy1; in two dimensions 16, for 25 products.
 */
final class StridedWinogradGradTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Rows and columns of a tile of dx, and of what it sees of dy. */
    static final int OUTPUTS = 4;
    static final int INPUTS = 3;

    private StridedWinogradGradTile() {}

    /**
     * The 16 values of one tile for neighbouring channels.
     *
     * @param d 3x3 pixels from {@code at}, {@code row} and {@code pixel} apart
     * @param channels whole vectors
     * @param places where in v, from {@code to}, each of the values goes, from {@code first} on
     */
    static void input(float[] d, int at, int row, int pixel, int channels, float[] v, int to, int[] places, int first) {
        int to0 = to + places[first];
        int to1 = to + places[first + 1];
        int to2 = to + places[first + 2];
        int to3 = to + places[first + 3];
        int to4 = to + places[first + 4];
        int to5 = to + places[first + 5];
        int to6 = to + places[first + 6];
        int to7 = to + places[first + 7];
        int to8 = to + places[first + 8];
        int to9 = to + places[first + 9];
        int to10 = to + places[first + 10];
        int to11 = to + places[first + 11];
        int to12 = to + places[first + 12];
        int to13 = to + places[first + 13];
        int to14 = to + places[first + 14];
        int to15 = to + places[first + 15];
        int row1 = at + row;
        int row2 = at + 2 * row;
        for (int l = 0; l < channels; l += LANES) {
            FloatVector d00 = FloatVector.fromArray(S, d, at + l);
            FloatVector d10 = FloatVector.fromArray(S, d, row1 + l);
            FloatVector d20 = FloatVector.fromArray(S, d, row2 + l);
            FloatVector d01 = FloatVector.fromArray(S, d, at + pixel + l);
            FloatVector d11 = FloatVector.fromArray(S, d, row1 + pixel + l);
            FloatVector d21 = FloatVector.fromArray(S, d, row2 + pixel + l);
            FloatVector d02 = FloatVector.fromArray(S, d, at + 2 * pixel + l);
            FloatVector d12 = FloatVector.fromArray(S, d, row1 + 2 * pixel + l);
            FloatVector d22 = FloatVector.fromArray(S, d, row2 + 2 * pixel + l);
            d02.sub(d01).intoArray(v, to4 + l);
            d00.intoArray(v, to5 + l);
            d01.intoArray(v, to6 + l);
            d00.sub(d01).intoArray(v, to7 + l);
            d12.sub(d11).intoArray(v, to8 + l);
            d10.intoArray(v, to9 + l);
            d11.intoArray(v, to10 + l);
            d10.sub(d11).intoArray(v, to11 + l);
            FloatVector a0 = d20.sub(d10);
            FloatVector a1 = d21.sub(d11);
            FloatVector a2 = d22.sub(d12);
            a2.sub(a1).intoArray(v, to0 + l);
            a0.intoArray(v, to1 + l);
            a1.intoArray(v, to2 + l);
            a0.sub(a1).intoArray(v, to3 + l);
            FloatVector b0 = d00.sub(d10);
            FloatVector b1 = d01.sub(d11);
            FloatVector b2 = d02.sub(d12);
            b2.sub(b1).intoArray(v, to12 + l);
            b0.intoArray(v, to13 + l);
            b1.intoArray(v, to14 + l);
            b0.sub(b1).intoArray(v, to15 + l);
        }
    }

    /**
     * The 4x4 pixels of dx from 25 products, with bias and {@code added}, clamped if {@code relu}, for channels in whole vectors.
     * A turn of the loop makes two rows: one of single products down its columns, one of pairs, of which the middle product is common to
     * both turns.
     *
     * @param m the products, 5 i + j at {@code at + (5 i + j) width}
     * @param added pixels of its own strides, {@code y} itself or another array; null for none
     * @param y pixels from {@code yAt}, {@code row} and {@code pixel} apart
     */
    static void output(float[] m, int at, int width, float[] bias, int biasAt, float[] added, int addedAt, int addedRow, int addedPixel,
                       boolean relu, float[] y, int yAt, int row, int pixel) {
        FloatVector zero = FloatVector.zero(S);
        for (int turn = 0; turn < 2 * width; turn += LANES) {
            boolean lower = turn >= width;
            int l = lower ? turn - width : turn;
            int single = at + l + (lower ? 20 * width : 5 * width);
            int middle = at + l + 10 * width;
            int other = at + l + (lower ? 0 : 15 * width);
            FloatVector start = FloatVector.fromArray(S, bias, biasAt + l);
            FloatVector s = FloatVector.fromArray(S, m, single + 2 * width).add(start);
            FloatVector y0 = FloatVector.fromArray(S, m, single + width).add(start);
            FloatVector y1 = FloatVector.fromArray(S, m, single + 3 * width).add(s);
            FloatVector y2 = FloatVector.fromArray(S, m, single + 4 * width).add(start);
            FloatVector y3 = FloatVector.fromArray(S, m, single).add(s);
            FloatVector t = FloatVector.fromArray(S, m, middle + 2 * width).add(FloatVector.fromArray(S, m, other + 2 * width)).add(start);
            FloatVector y4 = FloatVector.fromArray(S, m, middle + width).add(FloatVector.fromArray(S, m, other + width)).add(start);
            FloatVector y5 = FloatVector.fromArray(S, m, middle + 3 * width).add(FloatVector.fromArray(S, m, other + 3 * width)).add(t);
            FloatVector y6 = FloatVector.fromArray(S, m, middle + 4 * width).add(FloatVector.fromArray(S, m, other + 4 * width)).add(start);
            FloatVector y7 = FloatVector.fromArray(S, m, middle).add(FloatVector.fromArray(S, m, other)).add(t);
            if (added != null) {
                int from = addedAt + l + (lower ? 2 * addedRow : 0);
                y0 = y0.add(FloatVector.fromArray(S, added, from));
                y1 = y1.add(FloatVector.fromArray(S, added, from + addedPixel));
                y2 = y2.add(FloatVector.fromArray(S, added, from + 2 * addedPixel));
                y3 = y3.add(FloatVector.fromArray(S, added, from + 3 * addedPixel));
                y4 = y4.add(FloatVector.fromArray(S, added, from + addedRow));
                y5 = y5.add(FloatVector.fromArray(S, added, from + addedRow + addedPixel));
                y6 = y6.add(FloatVector.fromArray(S, added, from + addedRow + 2 * addedPixel));
                y7 = y7.add(FloatVector.fromArray(S, added, from + addedRow + 3 * addedPixel));
            }
            if (relu) {
                y0 = y0.blend(zero, y0.compare(LT, zero));
                y1 = y1.blend(zero, y1.compare(LT, zero));
                y2 = y2.blend(zero, y2.compare(LT, zero));
                y3 = y3.blend(zero, y3.compare(LT, zero));
                y4 = y4.blend(zero, y4.compare(LT, zero));
                y5 = y5.blend(zero, y5.compare(LT, zero));
                y6 = y6.blend(zero, y6.compare(LT, zero));
                y7 = y7.blend(zero, y7.compare(LT, zero));
            }
            int place = yAt + l + (lower ? 2 * row : 0);
            y0.intoArray(y, place);
            y1.intoArray(y, place + pixel);
            y2.intoArray(y, place + 2 * pixel);
            y3.intoArray(y, place + 3 * pixel);
            y4.intoArray(y, place + row);
            y5.intoArray(y, place + row + pixel);
            y6.intoArray(y, place + row + 2 * pixel);
            y7.intoArray(y, place + row + 3 * pixel);
        }
    }

    /**
     * The 9 values of a tile of dy, for the weight gradient: in one dimension dy0, dy1 and dy0 + dy1.
     *
     * @param d 2x2 pixels from {@code at}, {@code row} and {@code pixel} apart
     * @param channels whole vectors
     * @param v value i at {@code to + i step}
     */
    static void outputTransposed(float[] d, int at, int row, int pixel, int channels, float[] v, int to, int step) {
        for (int l = 0; l < channels; l += LANES) {
            FloatVector d00 = FloatVector.fromArray(S, d, at + l);
            FloatVector d01 = FloatVector.fromArray(S, d, at + pixel + l);
            FloatVector d10 = FloatVector.fromArray(S, d, at + row + l);
            FloatVector d11 = FloatVector.fromArray(S, d, at + row + pixel + l);
            FloatVector s0 = d00.add(d10);
            FloatVector s1 = d01.add(d11);
            d00.intoArray(v, to + l);
            d01.intoArray(v, to + step + l);
            d00.add(d01).intoArray(v, to + 2 * step + l);
            d10.intoArray(v, to + 3 * step + l);
            d11.intoArray(v, to + 4 * step + l);
            d10.add(d11).intoArray(v, to + 5 * step + l);
            s0.intoArray(v, to + 6 * step + l);
            s1.intoArray(v, to + 7 * step + l);
            s0.add(s1).intoArray(v, to + 8 * step + l);
        }
    }

    /**
     * The 3x3 taps of a weight gradient from its 16 sums: in one dimension s0 + s2, s1 and s3 + s2.
     *
     * @param m sum i at {@code at + i step}
     * @param width whole vectors
     * @param dw tap i at {@code to + i width}
     */
    static void filterTransposed(float[] m, int at, int step, int width, float[] dw, int to) {
        for (int l = 0; l < width; l += LANES) {
            FloatVector middle0 = FloatVector.fromArray(S, m, at + 8 * step + l);
            FloatVector t00 = FloatVector.fromArray(S, m, at + l).add(middle0);
            FloatVector t10 = FloatVector.fromArray(S, m, at + 4 * step + l);
            FloatVector t20 = FloatVector.fromArray(S, m, at + 12 * step + l).add(middle0);
            FloatVector middle1 = FloatVector.fromArray(S, m, at + 9 * step + l);
            FloatVector t01 = FloatVector.fromArray(S, m, at + step + l).add(middle1);
            FloatVector t11 = FloatVector.fromArray(S, m, at + 5 * step + l);
            FloatVector t21 = FloatVector.fromArray(S, m, at + 13 * step + l).add(middle1);
            FloatVector middle2 = FloatVector.fromArray(S, m, at + 10 * step + l);
            FloatVector t02 = FloatVector.fromArray(S, m, at + 2 * step + l).add(middle2);
            FloatVector t12 = FloatVector.fromArray(S, m, at + 6 * step + l);
            FloatVector t22 = FloatVector.fromArray(S, m, at + 14 * step + l).add(middle2);
            FloatVector middle3 = FloatVector.fromArray(S, m, at + 11 * step + l);
            FloatVector t03 = FloatVector.fromArray(S, m, at + 3 * step + l).add(middle3);
            FloatVector t13 = FloatVector.fromArray(S, m, at + 7 * step + l);
            FloatVector t23 = FloatVector.fromArray(S, m, at + 15 * step + l).add(middle3);
            t00.add(t02).intoArray(dw, to + l);
            t01.intoArray(dw, to + width + l);
            t03.add(t02).intoArray(dw, to + 2 * width + l);
            t10.add(t12).intoArray(dw, to + 3 * width + l);
            t11.intoArray(dw, to + 4 * width + l);
            t13.add(t12).intoArray(dw, to + 5 * width + l);
            t20.add(t22).intoArray(dw, to + 6 * width + l);
            t21.intoArray(dw, to + 7 * width + l);
            t23.add(t22).intoArray(dw, to + 8 * width + l);
        }
    }
}
