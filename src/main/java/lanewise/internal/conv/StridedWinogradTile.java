package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of {@link StridedWinogradConv}. In one dimension, two outputs of three taps with stride 2 see five inputs, of which the
 * even ones meet two taps with stride 1, so F(2, 2), and the odd ones a single tap:
 *
 * <pre>
 * y0 = p0 + p1      p0 = (x0 - x2) g0 + x1 g1
 * y1 = p1 + p2      p1 = x2 (g0 + g2)
 *                   p2 = (x4 - x2) g2 + x3 g1
 * </pre>
 *
 * <p>The five values, in this order of points, are x0 - x2, x1, x2, x4 - x2 and x3; in two dimensions 25.
 */
final class StridedWinogradTile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Rows and columns of a tile's outputs, of its inputs, and of its points. */
    static final int OUTPUTS = 2;
    static final int INPUTS = 5;
    static final int POINTS = 3;

    private StridedWinogradTile() {}

    /**
     * {@code v = B' d B} of one tile for neighbouring channels.
     *
     * @param d 5x5 pixels from {@code at}, {@code row} and {@code pixel} apart
     * @param channels whole vectors
     * @param places where in v, from {@code to}, each of the 25 values goes, from {@code first} on
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
        int to16 = to + places[first + 16];
        int to17 = to + places[first + 17];
        int to18 = to + places[first + 18];
        int to19 = to + places[first + 19];
        int to20 = to + places[first + 20];
        int to21 = to + places[first + 21];
        int to22 = to + places[first + 22];
        int to23 = to + places[first + 23];
        int to24 = to + places[first + 24];
        int row0 = at;
        int row1 = at + row;
        int row2 = at + 2 * row;
        int row3 = at + 3 * row;
        int row4 = at + 4 * row;
        for (int l = 0; l < channels; l += LANES) {
            FloatVector x00 = FloatVector.fromArray(S, d, row0 + l);
            FloatVector x10 = FloatVector.fromArray(S, d, row1 + l);
            FloatVector x20 = FloatVector.fromArray(S, d, row2 + l);
            FloatVector x30 = FloatVector.fromArray(S, d, row3 + l);
            FloatVector x40 = FloatVector.fromArray(S, d, row4 + l);
            FloatVector a0 = x00.sub(x20);
            FloatVector b0 = x40.sub(x20);
            FloatVector x01 = FloatVector.fromArray(S, d, row0 + pixel + l);
            FloatVector x11 = FloatVector.fromArray(S, d, row1 + pixel + l);
            FloatVector x21 = FloatVector.fromArray(S, d, row2 + pixel + l);
            FloatVector x31 = FloatVector.fromArray(S, d, row3 + pixel + l);
            FloatVector x41 = FloatVector.fromArray(S, d, row4 + pixel + l);
            FloatVector a1 = x01.sub(x21);
            FloatVector b1 = x41.sub(x21);
            FloatVector x02 = FloatVector.fromArray(S, d, row0 + 2 * pixel + l);
            FloatVector x12 = FloatVector.fromArray(S, d, row1 + 2 * pixel + l);
            FloatVector x22 = FloatVector.fromArray(S, d, row2 + 2 * pixel + l);
            FloatVector x32 = FloatVector.fromArray(S, d, row3 + 2 * pixel + l);
            FloatVector x42 = FloatVector.fromArray(S, d, row4 + 2 * pixel + l);
            FloatVector a2 = x02.sub(x22);
            FloatVector b2 = x42.sub(x22);
            FloatVector x03 = FloatVector.fromArray(S, d, row0 + 3 * pixel + l);
            FloatVector x13 = FloatVector.fromArray(S, d, row1 + 3 * pixel + l);
            FloatVector x23 = FloatVector.fromArray(S, d, row2 + 3 * pixel + l);
            FloatVector x33 = FloatVector.fromArray(S, d, row3 + 3 * pixel + l);
            FloatVector x43 = FloatVector.fromArray(S, d, row4 + 3 * pixel + l);
            FloatVector a3 = x03.sub(x23);
            FloatVector b3 = x43.sub(x23);
            FloatVector x04 = FloatVector.fromArray(S, d, row0 + 4 * pixel + l);
            FloatVector x14 = FloatVector.fromArray(S, d, row1 + 4 * pixel + l);
            FloatVector x24 = FloatVector.fromArray(S, d, row2 + 4 * pixel + l);
            FloatVector x34 = FloatVector.fromArray(S, d, row3 + 4 * pixel + l);
            FloatVector x44 = FloatVector.fromArray(S, d, row4 + 4 * pixel + l);
            FloatVector a4 = x04.sub(x24);
            FloatVector b4 = x44.sub(x24);
            a0.sub(a2).intoArray(v, to0 + l);
            a1.intoArray(v, to1 + l);
            a2.intoArray(v, to2 + l);
            a4.sub(a2).intoArray(v, to3 + l);
            a3.intoArray(v, to4 + l);
            x10.sub(x12).intoArray(v, to5 + l);
            x11.intoArray(v, to6 + l);
            x12.intoArray(v, to7 + l);
            x14.sub(x12).intoArray(v, to8 + l);
            x13.intoArray(v, to9 + l);
            x20.sub(x22).intoArray(v, to10 + l);
            x21.intoArray(v, to11 + l);
            x22.intoArray(v, to12 + l);
            x24.sub(x22).intoArray(v, to13 + l);
            x23.intoArray(v, to14 + l);
            b0.sub(b2).intoArray(v, to15 + l);
            b1.intoArray(v, to16 + l);
            b2.intoArray(v, to17 + l);
            b4.sub(b2).intoArray(v, to18 + l);
            b3.intoArray(v, to19 + l);
            x30.sub(x32).intoArray(v, to20 + l);
            x31.intoArray(v, to21 + l);
            x32.intoArray(v, to22 + l);
            x34.sub(x32).intoArray(v, to23 + l);
            x33.intoArray(v, to24 + l);
        }
    }

    /**
     * {@code u = G g G'} for neighbouring output channels, one vector.
     *
     * @param g the taps, {@code tap} apart
     * @param places where in u, from {@code to}, each of the 25 values goes, times {@code width}
     */
    static void filter(float[] g, int at, int tap, float[] u, int to, int width, int[] places) {
        FloatVector g00 = FloatVector.fromArray(S, g, at);
        FloatVector g01 = FloatVector.fromArray(S, g, at + tap);
        FloatVector g02 = FloatVector.fromArray(S, g, at + 2 * tap);
        FloatVector g10 = FloatVector.fromArray(S, g, at + 3 * tap);
        FloatVector g11 = FloatVector.fromArray(S, g, at + 4 * tap);
        FloatVector g12 = FloatVector.fromArray(S, g, at + 5 * tap);
        FloatVector g20 = FloatVector.fromArray(S, g, at + 6 * tap);
        FloatVector g21 = FloatVector.fromArray(S, g, at + 7 * tap);
        FloatVector g22 = FloatVector.fromArray(S, g, at + 8 * tap);
        FloatVector h0 = g00.add(g20);
        FloatVector h1 = g01.add(g21);
        FloatVector h2 = g02.add(g22);
        g00.intoArray(u, to + width * places[0]);
        g01.intoArray(u, to + width * places[1]);
        g00.add(g02).intoArray(u, to + width * places[2]);
        g02.intoArray(u, to + width * places[3]);
        g01.intoArray(u, to + width * places[4]);
        g10.intoArray(u, to + width * places[5]);
        g11.intoArray(u, to + width * places[6]);
        g10.add(g12).intoArray(u, to + width * places[7]);
        g12.intoArray(u, to + width * places[8]);
        g11.intoArray(u, to + width * places[9]);
        h0.intoArray(u, to + width * places[10]);
        h1.intoArray(u, to + width * places[11]);
        h0.add(h2).intoArray(u, to + width * places[12]);
        h2.intoArray(u, to + width * places[13]);
        h1.intoArray(u, to + width * places[14]);
        g20.intoArray(u, to + width * places[15]);
        g21.intoArray(u, to + width * places[16]);
        g20.add(g22).intoArray(u, to + width * places[17]);
        g22.intoArray(u, to + width * places[18]);
        g21.intoArray(u, to + width * places[19]);
        g10.intoArray(u, to + width * places[20]);
        g11.intoArray(u, to + width * places[21]);
        g10.add(g12).intoArray(u, to + width * places[22]);
        g12.intoArray(u, to + width * places[23]);
        g11.intoArray(u, to + width * places[24]);
    }

    /**
     * {@code y = A' p A + bias + added}, clamped if {@code relu}, for output channels in whole vectors.
     *
     * @param m the products, point i at {@code at + i width}
     * @param added pixels of its own strides, {@code y} itself or another array; null for none
     * @param y pixels from {@code yAt}, {@code row} and {@code pixel} apart
     */
    static void output(float[] m, int at, int width, float[] bias, int biasAt, float[] added, int addedAt, int addedRow, int addedPixel,
                       boolean relu, float[] y, int yAt, int row, int pixel) {
        FloatVector zero = FloatVector.zero(S);
        for (int l = 0; l < width; l += LANES) {
            FloatVector p4 = FloatVector.fromArray(S, m, at + 4 * width + l).add(FloatVector.fromArray(S, bias, biasAt + l));
            FloatVector up = FloatVector.fromArray(S, m, at + width + l).add(p4);
            FloatVector down = FloatVector.fromArray(S, m, at + 7 * width + l).add(p4);
            FloatVector left = FloatVector.fromArray(S, m, at + 3 * width + l);
            FloatVector right = FloatVector.fromArray(S, m, at + 5 * width + l);
            FloatVector y0 = FloatVector.fromArray(S, m, at + l).add(left).add(up);
            FloatVector y1 = FloatVector.fromArray(S, m, at + 2 * width + l).add(right).add(up);
            FloatVector y2 = FloatVector.fromArray(S, m, at + 6 * width + l).add(left).add(down);
            FloatVector y3 = FloatVector.fromArray(S, m, at + 8 * width + l).add(right).add(down);
            if (added != null) {
                y0 = y0.add(FloatVector.fromArray(S, added, addedAt + l));
                y1 = y1.add(FloatVector.fromArray(S, added, addedAt + addedPixel + l));
                y2 = y2.add(FloatVector.fromArray(S, added, addedAt + addedRow + l));
                y3 = y3.add(FloatVector.fromArray(S, added, addedAt + addedRow + addedPixel + l));
            }
            if (relu) {
                y0 = y0.blend(zero, y0.compare(LT, zero));
                y1 = y1.blend(zero, y1.compare(LT, zero));
                y2 = y2.blend(zero, y2.compare(LT, zero));
                y3 = y3.blend(zero, y3.compare(LT, zero));
            }
            y0.intoArray(y, yAt + l);
            y1.intoArray(y, yAt + pixel + l);
            y2.intoArray(y, yAt + row + l);
            y3.intoArray(y, yAt + row + pixel + l);
        }
    }
}
