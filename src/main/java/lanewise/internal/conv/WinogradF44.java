package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.AdjacentTile2;

/**
 * F(4, 4) at the points +-a, +-b, +-c and infinity, with a = 1/4, b = 3/4 and c = 7/4: exact in float, and of the sets of small fractions
 * the one with the least error, twice that of F(4, 3). Without 0 as a point, every point has its opposite.
 *
 * <pre>
 *      | +-aP   P  -+aS  -S  +-a   1   0 |                                    | 1   1  1   1  1   1  0 |
 * B' = | the same for b, and for c       |    G = | (1, x, x2, x3) / N(x) |   A' = | a  -a  b  -b  c  -c  0 |
 *      | -a2b2c2  0  S2  0  -S1  0   1   |        | 0  0  0  1           |        | a2 a2  b2  b2 c2  c2 0 |
 *                                                                             | a3 -a3 b3 -b3 c3 -c3 1 |
 * </pre>
 *
 * <p>with S and P the sum and the product of the squares of the other two points, S1 and S2 the sums of all three squares and of their
 * products in pairs. Here it runs along the rows of an image: lanes are
 * neighbouring tiles in {@link #input}, and output channels in {@link #filter} and {@link #finish}. What the loops touch lies a
 * constant apart, so that ranges are checked before them.
 *
 * <p><i>Source:</i> A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, arXiv 1509.09308.
 */
final class WinogradF44 {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int WIDTH = 2 * LANES;
    private static final int PITCH = AdjacentTile2.PITCH;

    static final int OUTPUTS = 4;
    static final int TAPS = 4;
    static final int POINTS = 7;

    /** Distance of two planes of inputs: a value for each tile, and those that fill the last vector, of the next tile too. */
    static final int PLANE = PITCH + 16;

    /** Distance of a product's points. */
    static final int POINT_FLOATS = AdjacentTile2.ROWS * WIDTH;

    private static final float A = 0.25f;
    private static final float B = 0.75f;
    private static final float C = 1.75f;
    private static final float A2 = A * A;
    private static final float B2 = B * B;
    private static final float C2 = C * C;
    private static final float A3 = A2 * A;
    private static final float B3 = B2 * B;
    private static final float C3 = C2 * C;
    /** N(a), N(b) and N(c), inverted. */
    private static final float NA = (float) (1 / (2.0 * A * (A2 - B2) * (A2 - C2)));
    private static final float NB = (float) (1 / (2.0 * B * (B2 - A2) * (B2 - C2)));
    private static final float NC = (float) (1 / (2.0 * C * (C2 - A2) * (C2 - B2)));

    private WinogradF44() {}

    /**
     * {@code v = B' d} for one row of the image: the inputs of neighbouring tiles are neighbours, four values further along the row are
     * the next tile's.
     *
     * @param d the values j = 0 .. 3 of a tile, {@code step} planes each, {@link #PLANE} apart
     * @param tiles at most {@link AdjacentTile2#ROWS}
     * @param v point i at {@code v + i pointStride}, its planes {@link AdjacentTile2#PITCH} apart
     */
    static void input(float[] work, int d, int step, int tiles, int v, int pointStride) {
        for (int i = 0; i < tiles; i += LANES) {
            input(work, d + i, d + i + step * PLANE, d + i + 2 * step * PLANE, d + i + 3 * step * PLANE, step, v + i, pointStride);
        }
    }

    private static void input(float[] work, int at0, int at1, int at2, int at3, int step, int v0, int pointStride) {
        int v1 = v0 + pointStride;
        int v2 = v1 + pointStride;
        int v3 = v2 + pointStride;
        int v4 = v3 + pointStride;
        int v5 = v4 + pointStride;
        int v6 = v5 + pointStride;
        for (int l = 0; l < step; l++) {
            FloatVector d0 = FloatVector.fromArray(S, work, at0 + l * PLANE);
            FloatVector d1 = FloatVector.fromArray(S, work, at1 + l * PLANE);
            FloatVector d2 = FloatVector.fromArray(S, work, at2 + l * PLANE);
            FloatVector d3 = FloatVector.fromArray(S, work, at3 + l * PLANE);
            FloatVector d4 = FloatVector.fromArray(S, work, at0 + l * PLANE + 1);
            FloatVector d5 = FloatVector.fromArray(S, work, at1 + l * PLANE + 1);
            FloatVector d6 = FloatVector.fromArray(S, work, at2 + l * PLANE + 1);
            FloatVector evenA = d0.fma(FloatVector.broadcast(S, B2 * C2), d2.fma(FloatVector.broadcast(S, -B2 - C2), d4));
            FloatVector oddA = d1.fma(FloatVector.broadcast(S, B2 * C2), d3.fma(FloatVector.broadcast(S, -B2 - C2), d5));
            FloatVector evenB = d0.fma(FloatVector.broadcast(S, A2 * C2), d2.fma(FloatVector.broadcast(S, -A2 - C2), d4));
            FloatVector oddB = d1.fma(FloatVector.broadcast(S, A2 * C2), d3.fma(FloatVector.broadcast(S, -A2 - C2), d5));
            FloatVector evenC = d0.fma(FloatVector.broadcast(S, A2 * B2), d2.fma(FloatVector.broadcast(S, -A2 - B2), d4));
            FloatVector oddC = d1.fma(FloatVector.broadcast(S, A2 * B2), d3.fma(FloatVector.broadcast(S, -A2 - B2), d5));
            evenA.fma(FloatVector.broadcast(S, A), oddA).intoArray(work, v0 + l * PITCH);
            evenA.fma(FloatVector.broadcast(S, -A), oddA).intoArray(work, v1 + l * PITCH);
            evenB.fma(FloatVector.broadcast(S, B), oddB).intoArray(work, v2 + l * PITCH);
            evenB.fma(FloatVector.broadcast(S, -B), oddB).intoArray(work, v3 + l * PITCH);
            evenC.fma(FloatVector.broadcast(S, C), oddC).intoArray(work, v4 + l * PITCH);
            evenC.fma(FloatVector.broadcast(S, -C), oddC).intoArray(work, v5 + l * PITCH);
            d0.fma(FloatVector.broadcast(S, -A2 * B2 * C2), d2.fma(FloatVector.broadcast(S, A2 * B2 + A2 * C2 + B2 * C2),
                    d4.fma(FloatVector.broadcast(S, -A2 - B2 - C2), d6))).intoArray(work, v6 + l * PITCH);
        }
    }

    /** {@code u = G g} for the output channels of one panel: taps and points two vectors wide, taps one behind the other. */
    static void filter(float[] packed, int g, int u, int pointStride) {
        for (int i = 0; i < WIDTH; i += LANES) {
            FloatVector g0 = FloatVector.fromArray(S, packed, g + i);
            FloatVector g1 = FloatVector.fromArray(S, packed, g + i + WIDTH);
            FloatVector g2 = FloatVector.fromArray(S, packed, g + i + 2 * WIDTH);
            FloatVector g3 = FloatVector.fromArray(S, packed, g + i + 3 * WIDTH);
            FloatVector evenA = g2.fma(FloatVector.broadcast(S, A2), g0);
            FloatVector evenB = g2.fma(FloatVector.broadcast(S, B2), g0);
            FloatVector evenC = g2.fma(FloatVector.broadcast(S, C2), g0);
            FloatVector oddA = g3.fma(FloatVector.broadcast(S, A3), g1.mul(A));
            FloatVector oddB = g3.fma(FloatVector.broadcast(S, B3), g1.mul(B));
            FloatVector oddC = g3.fma(FloatVector.broadcast(S, C3), g1.mul(C));
            evenA.add(oddA).mul(NA).intoArray(packed, u + i);
            oddA.sub(evenA).mul(NA).intoArray(packed, u + i + pointStride);
            evenB.add(oddB).mul(NB).intoArray(packed, u + i + 2 * pointStride);
            oddB.sub(evenB).mul(NB).intoArray(packed, u + i + 3 * pointStride);
            evenC.add(oddC).mul(NC).intoArray(packed, u + i + 4 * pointStride);
            oddC.sub(evenC).mul(NC).intoArray(packed, u + i + 5 * pointStride);
            g3.intoArray(packed, u + i + 6 * pointStride);
        }
    }

    /**
     * {@code u = A y}, the other way, for the gradient of the filter: one vector of output channels of neighbouring tiles.
     *
     * @param y pixels {@code pixel} apart, four for each tile
     * @param u point i at {@code u + i pointStride}, tiles two vectors apart
     */
    static void outputTransposed(float[] y, int yOffset, int pixel, int tiles, float[] work, int u, int pointStride) {
        int u1 = u + pointStride;
        int u2 = u1 + pointStride;
        int u3 = u2 + pointStride;
        int u4 = u3 + pointStride;
        int u5 = u4 + pointStride;
        int u6 = u5 + pointStride;
        for (int t = 0; t < tiles; t++) {
            int at = yOffset + 4 * t * pixel;
            FloatVector y0 = FloatVector.fromArray(S, y, at);
            FloatVector y1 = FloatVector.fromArray(S, y, at + pixel);
            FloatVector y2 = FloatVector.fromArray(S, y, at + 2 * pixel);
            FloatVector y3 = FloatVector.fromArray(S, y, at + 3 * pixel);
            FloatVector evenA = y2.fma(FloatVector.broadcast(S, A2), y0);
            FloatVector evenB = y2.fma(FloatVector.broadcast(S, B2), y0);
            FloatVector evenC = y2.fma(FloatVector.broadcast(S, C2), y0);
            FloatVector oddA = y3.fma(FloatVector.broadcast(S, A3), y1.mul(A));
            FloatVector oddB = y3.fma(FloatVector.broadcast(S, B3), y1.mul(B));
            FloatVector oddC = y3.fma(FloatVector.broadcast(S, C3), y1.mul(C));
            evenA.add(oddA).intoArray(work, u + t * WIDTH);
            evenA.sub(oddA).intoArray(work, u1 + t * WIDTH);
            evenB.add(oddB).intoArray(work, u2 + t * WIDTH);
            evenB.sub(oddB).intoArray(work, u3 + t * WIDTH);
            evenC.add(oddC).intoArray(work, u4 + t * WIDTH);
            evenC.sub(oddC).intoArray(work, u5 + t * WIDTH);
            y3.intoArray(work, u6 + t * WIDTH);
        }
    }

    /** {@code g = G' m} in place of the first four points: two vectors of output channels, the points {@code pointStride} apart. */
    static void filterTransposed(float[] m, int at, int pointStride) {
        for (int i = at; i < at + WIDTH; i += LANES) {
            FloatVector m0 = FloatVector.fromArray(S, m, i);
            FloatVector m1 = FloatVector.fromArray(S, m, i + pointStride);
            FloatVector m2 = FloatVector.fromArray(S, m, i + 2 * pointStride);
            FloatVector m3 = FloatVector.fromArray(S, m, i + 3 * pointStride);
            FloatVector m4 = FloatVector.fromArray(S, m, i + 4 * pointStride);
            FloatVector m5 = FloatVector.fromArray(S, m, i + 5 * pointStride);
            FloatVector evenA = m0.sub(m1).mul(NA);
            FloatVector evenB = m2.sub(m3).mul(NB);
            FloatVector evenC = m4.sub(m5).mul(NC);
            FloatVector oddA = m0.add(m1).mul(NA);
            FloatVector oddB = m2.add(m3).mul(NB);
            FloatVector oddC = m4.add(m5).mul(NC);
            evenA.add(evenB).add(evenC).intoArray(m, i);
            oddA.fma(FloatVector.broadcast(S, A), oddB.fma(FloatVector.broadcast(S, B), oddC.mul(C))).intoArray(m, i + pointStride);
            evenA.fma(FloatVector.broadcast(S, A2), evenB.fma(FloatVector.broadcast(S, B2), evenC.mul(C2)))
                    .intoArray(m, i + 2 * pointStride);
            oddA.fma(FloatVector.broadcast(S, A3), oddB.fma(FloatVector.broadcast(S, B3), oddC.fma(FloatVector.broadcast(S, C3),
                    FloatVector.fromArray(S, m, i + 6 * pointStride)))).intoArray(m, i + 3 * pointStride);
        }
    }

    /**
     * {@code y = A' m + bias + added}, clamped if {@code relu}, for one vector of output channels of neighbouring tiles.
     *
     * @param m of {@link AdjacentTile2}
     * @param added pixels {@code addedPixel} apart, it may be {@code y} itself; null for none
     * @param y pixels {@code pixel} apart, four for each tile
     */
    static void finish(float[] m, int mOffset, int tiles, float[] bias, int biasOffset, float[] added, int addedOffset, int addedPixel,
                       boolean relu, float[] y, int yOffset, int pixel) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector start = FloatVector.fromArray(S, bias, biasOffset);
        for (int t = 0; t < tiles; t++) {
            int at = mOffset + t * WIDTH;
            FloatVector m0 = FloatVector.fromArray(S, m, at);
            FloatVector m1 = FloatVector.fromArray(S, m, at + POINT_FLOATS);
            FloatVector m2 = FloatVector.fromArray(S, m, at + 2 * POINT_FLOATS);
            FloatVector m3 = FloatVector.fromArray(S, m, at + 3 * POINT_FLOATS);
            FloatVector m4 = FloatVector.fromArray(S, m, at + 4 * POINT_FLOATS);
            FloatVector m5 = FloatVector.fromArray(S, m, at + 5 * POINT_FLOATS);
            FloatVector m6 = FloatVector.fromArray(S, m, at + 6 * POINT_FLOATS);
            FloatVector evenA = m0.add(m1);
            FloatVector oddA = m0.sub(m1);
            FloatVector evenB = m2.add(m3);
            FloatVector oddB = m2.sub(m3);
            FloatVector evenC = m4.add(m5);
            FloatVector oddC = m4.sub(m5);
            FloatVector y0 = evenA.add(evenB).add(evenC.add(start));
            FloatVector y1 = oddA.fma(FloatVector.broadcast(S, A), oddB.fma(FloatVector.broadcast(S, B),
                    oddC.fma(FloatVector.broadcast(S, C), start)));
            FloatVector y2 = evenA.fma(FloatVector.broadcast(S, A2), evenB.fma(FloatVector.broadcast(S, B2),
                    evenC.fma(FloatVector.broadcast(S, C2), start)));
            FloatVector y3 = oddA.fma(FloatVector.broadcast(S, A3), oddB.fma(FloatVector.broadcast(S, B3),
                    oddC.fma(FloatVector.broadcast(S, C3), m6))).add(start);
            if (added != null) {
                int from = addedOffset + 4 * t * addedPixel;
                y0 = y0.add(FloatVector.fromArray(S, added, from));
                y1 = y1.add(FloatVector.fromArray(S, added, from + addedPixel));
                y2 = y2.add(FloatVector.fromArray(S, added, from + 2 * addedPixel));
                y3 = y3.add(FloatVector.fromArray(S, added, from + 3 * addedPixel));
            }
            if (relu) {
                y0 = y0.blend(zero, y0.compare(LT, zero));
                y1 = y1.blend(zero, y1.compare(LT, zero));
                y2 = y2.blend(zero, y2.compare(LT, zero));
                y3 = y3.blend(zero, y3.compare(LT, zero));
            }
            int to = yOffset + 4 * t * pixel;
            y0.intoArray(y, to);
            y1.intoArray(y, to + pixel);
            y2.intoArray(y, to + 2 * pixel);
            y3.intoArray(y, to + 3 * pixel);
        }
    }
}
