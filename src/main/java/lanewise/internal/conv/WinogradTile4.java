package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;

/**
 * The transforms of F(4x4, 3x3): 6x6 inputs and a 3x3 filter to 36 points and back to 4x4 outputs,
 *
 * <pre>v = B' d B     u = G g G'     y = A' (u v) A</pre>
 *
 * <p>They evaluate polynomials at 0, a, -a, b, -b and infinity. With {@code N(x)} the product of distances to the other points,
 *
 * <pre>
 *      | a2b2    0    -a2-b2    0    1  0 |        | 1/N(0)                |        | 1  1   1   1   1   0 |
 *      |  0   -+ab2    -b2    +-a    1  0 |        | (1, +-a, a2) / N(a)   |        | 0  a  -a   b  -b   0 |
 * B' = |  0   -+a2b    -a2    +-b    1  0 |    G = | (1, +-b, b2) / N(b)   |   A' = | 0  a2  a2  b2  b2  0 |
 *      |  0    a2b2     0    -a2-b2  0  1 |        | 0  0  1               |        | 0  a3 -a3  b3 -b3  1 |
 * </pre>
 *
 * <p>a = 5/8 and b = 3/2: exact in float, and the error is half that of the usual 1 and 2.
 *
 * <p>Each transform is two passes of one dimension with {@code scratch} between them: 36 vectors are more than there are registers.
 * No helper takes a vector (NOTES 14), so the six lines of a pass stand twice in each method.
 */
final class WinogradTile4 {

    /** Pixels of the input on a side, and points of a pass. */
    static final int SIDE = 6;

    static final int POINTS = SIDE * SIDE;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private static final float A = 0.625f;
    private static final float B = 1.5f;
    private static final float A2 = A * A;
    private static final float B2 = B * B;
    private static final float A3 = A2 * A;
    private static final float B3 = B2 * B;
    private static final float AB = A2 * B2;
    private static final float SUM = A2 + B2;
    /** N(0), N(a) and N(b), inverted. */
    private static final float N0 = (float) (1 / ((double) A2 * B2));
    private static final float NA = (float) (1 / (2.0 * A2 * (A2 - B2)));
    private static final float NB = (float) (1 / (2.0 * B2 * (B2 - A2)));

    private WinogradTile4() {}

    /**
     * {@code v = B' d B} for one tile and {@code channels} channels, a multiple of 16.
     *
     * @param d 6x6 pixels from {@code dOffset}, {@code rowStride} and {@code columnStride} apart
     * @param v for grain g of 16 channels, point i: 16 floats at {@code vOffset + i pointStride + g Panels.BLOCK}
     * @param scratch 36 vectors
     */
    static void input(float[] d, int dOffset, int rowStride, int columnStride, int channels, float[] v, int vOffset,
                      int pointStride, float[] work, int scratch) {
        for (int channel = 0; channel < channels; channel += LANES) {
            for (int j = 0; j < SIDE; j++) {
                int at = dOffset + channel + j * columnStride;
                FloatVector d0 = FloatVector.fromArray(S, d, at);
                FloatVector d1 = FloatVector.fromArray(S, d, at + rowStride);
                FloatVector d2 = FloatVector.fromArray(S, d, at + 2 * rowStride);
                FloatVector d3 = FloatVector.fromArray(S, d, at + 3 * rowStride);
                FloatVector d4 = FloatVector.fromArray(S, d, at + 4 * rowStride);
                FloatVector d5 = FloatVector.fromArray(S, d, at + 5 * rowStride);
                FloatVector evenA = d2.fma(FloatVector.broadcast(S, -B2), d4);
                FloatVector oddA = d1.fma(FloatVector.broadcast(S, -B2), d3);
                FloatVector evenB = d2.fma(FloatVector.broadcast(S, -A2), d4);
                FloatVector oddB = d1.fma(FloatVector.broadcast(S, -A2), d3);
                int to = scratch + j * LANES;
                d0.fma(FloatVector.broadcast(S, AB), d2.fma(FloatVector.broadcast(S, -SUM), d4)).intoArray(work, to);
                oddA.fma(FloatVector.broadcast(S, A), evenA).intoArray(work, to + SIDE * LANES);
                oddA.fma(FloatVector.broadcast(S, -A), evenA).intoArray(work, to + 2 * SIDE * LANES);
                oddB.fma(FloatVector.broadcast(S, B), evenB).intoArray(work, to + 3 * SIDE * LANES);
                oddB.fma(FloatVector.broadcast(S, -B), evenB).intoArray(work, to + 4 * SIDE * LANES);
                d1.fma(FloatVector.broadcast(S, AB), d3.fma(FloatVector.broadcast(S, -SUM), d5)).intoArray(work, to + 5 * SIDE * LANES);
            }
            int grain = vOffset + channel / Panels.DEPTH * Panels.BLOCK + channel % Panels.DEPTH;
            for (int i = 0; i < SIDE; i++) {
                int at = scratch + i * SIDE * LANES;
                FloatVector d0 = FloatVector.fromArray(S, work, at);
                FloatVector d1 = FloatVector.fromArray(S, work, at + LANES);
                FloatVector d2 = FloatVector.fromArray(S, work, at + 2 * LANES);
                FloatVector d3 = FloatVector.fromArray(S, work, at + 3 * LANES);
                FloatVector d4 = FloatVector.fromArray(S, work, at + 4 * LANES);
                FloatVector d5 = FloatVector.fromArray(S, work, at + 5 * LANES);
                FloatVector evenA = d2.fma(FloatVector.broadcast(S, -B2), d4);
                FloatVector oddA = d1.fma(FloatVector.broadcast(S, -B2), d3);
                FloatVector evenB = d2.fma(FloatVector.broadcast(S, -A2), d4);
                FloatVector oddB = d1.fma(FloatVector.broadcast(S, -A2), d3);
                int to = grain + i * SIDE * pointStride;
                d0.fma(FloatVector.broadcast(S, AB), d2.fma(FloatVector.broadcast(S, -SUM), d4)).intoArray(v, to);
                oddA.fma(FloatVector.broadcast(S, A), evenA).intoArray(v, to + pointStride);
                oddA.fma(FloatVector.broadcast(S, -A), evenA).intoArray(v, to + 2 * pointStride);
                oddB.fma(FloatVector.broadcast(S, B), evenB).intoArray(v, to + 3 * pointStride);
                oddB.fma(FloatVector.broadcast(S, -B), evenB).intoArray(v, to + 4 * pointStride);
                d1.fma(FloatVector.broadcast(S, AB), d3.fma(FloatVector.broadcast(S, -SUM), d5)).intoArray(v, to + 5 * pointStride);
            }
        }
    }

    /**
     * {@code y = A' m A + bias + added}, clamped if {@code relu}, for one tile and {@code columns} output channels in whole vectors.
     *
     * @param m point i at {@code mOffset + i pointStride}
     * @param added 4x4 pixels, {@code addedRow} and {@code addedPixel} apart: {@code y} itself or another array; null for none
     * @param y 4x4 pixels from {@code yOffset}, {@code rowStride} and {@code columnStride} apart
     * @param scratch 24 vectors
     */
    static void output(float[] m, int mOffset, int pointStride, int columns, float[] bias, int biasOffset,
                       float[] added, int addedOffset, int addedRow, int addedPixel, boolean relu,
                       float[] y, int yOffset, int rowStride, int columnStride, float[] work, int scratch) {
        for (int k = 0; k < columns; k += LANES) {
            for (int j = 0; j < SIDE; j++) {
                int at = mOffset + j * pointStride + k;
                FloatVector m1 = FloatVector.fromArray(S, m, at + SIDE * pointStride);
                FloatVector m2 = FloatVector.fromArray(S, m, at + 2 * SIDE * pointStride);
                FloatVector m3 = FloatVector.fromArray(S, m, at + 3 * SIDE * pointStride);
                FloatVector m4 = FloatVector.fromArray(S, m, at + 4 * SIDE * pointStride);
                FloatVector evenA = m1.add(m2);
                FloatVector oddA = m1.sub(m2);
                FloatVector evenB = m3.add(m4);
                FloatVector oddB = m3.sub(m4);
                int to = scratch + j * LANES;
                FloatVector.fromArray(S, m, at).add(evenA).add(evenB).intoArray(work, to);
                oddA.mul(A).add(oddB.mul(B)).intoArray(work, to + SIDE * LANES);
                evenA.mul(A2).add(evenB.mul(B2)).intoArray(work, to + 2 * SIDE * LANES);
                oddA.fma(FloatVector.broadcast(S, A3), oddB.fma(FloatVector.broadcast(S, B3),
                        FloatVector.fromArray(S, m, at + 5 * SIDE * pointStride))).intoArray(work, to + 3 * SIDE * LANES);
            }
            FloatVector zero = FloatVector.zero(S);
            FloatVector start = FloatVector.fromArray(S, bias, biasOffset + k);
            for (int i = 0; i < 4; i++) {
                int at = scratch + i * SIDE * LANES;
                FloatVector m1 = FloatVector.fromArray(S, work, at + LANES);
                FloatVector m2 = FloatVector.fromArray(S, work, at + 2 * LANES);
                FloatVector m3 = FloatVector.fromArray(S, work, at + 3 * LANES);
                FloatVector m4 = FloatVector.fromArray(S, work, at + 4 * LANES);
                FloatVector evenA = m1.add(m2);
                FloatVector oddA = m1.sub(m2);
                FloatVector evenB = m3.add(m4);
                FloatVector oddB = m3.sub(m4);
                FloatVector y0 = FloatVector.fromArray(S, work, at).add(evenA).add(evenB).add(start);
                FloatVector y1 = oddA.fma(FloatVector.broadcast(S, A), oddB.fma(FloatVector.broadcast(S, B), start));
                FloatVector y2 = evenA.fma(FloatVector.broadcast(S, A2), evenB.fma(FloatVector.broadcast(S, B2), start));
                FloatVector y3 = oddA.fma(FloatVector.broadcast(S, A3), oddB.fma(FloatVector.broadcast(S, B3),
                        FloatVector.fromArray(S, work, at + 5 * LANES))).add(start);
                int to = yOffset + i * rowStride + k;
                if (added != null) {
                    int from = addedOffset + i * addedRow + k;
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
                y0.intoArray(y, to);
                y1.intoArray(y, to + columnStride);
                y2.intoArray(y, to + 2 * columnStride);
                y3.intoArray(y, to + 3 * columnStride);
            }
        }
    }

    /**
     * {@code u = G g G'} for one vector of neighbouring filters.
     *
     * @param g 3x3 vectors from {@code gOffset}, {@code tapStride} apart
     * @param u point i at {@code uOffset + i pointStride}
     * @param scratch 18 vectors
     */
    static void filter(float[] g, int gOffset, int tapStride, float[] u, int uOffset, int pointStride,
                       float[] work, int scratch) {
        for (int j = 0; j < 3; j++) {
            int at = gOffset + j * tapStride;
            FloatVector g0 = FloatVector.fromArray(S, g, at);
            FloatVector g1 = FloatVector.fromArray(S, g, at + 3 * tapStride);
            FloatVector g2 = FloatVector.fromArray(S, g, at + 6 * tapStride);
            FloatVector evenA = g2.fma(FloatVector.broadcast(S, A2), g0);
            FloatVector evenB = g2.fma(FloatVector.broadcast(S, B2), g0);
            FloatVector oddA = g1.mul(A);
            FloatVector oddB = g1.mul(B);
            int to = scratch + j * LANES;
            g0.mul(N0).intoArray(work, to);
            evenA.add(oddA).mul(NA).intoArray(work, to + 3 * LANES);
            evenA.sub(oddA).mul(NA).intoArray(work, to + 6 * LANES);
            evenB.add(oddB).mul(NB).intoArray(work, to + 9 * LANES);
            evenB.sub(oddB).mul(NB).intoArray(work, to + 12 * LANES);
            g2.intoArray(work, to + 15 * LANES);
        }
        for (int i = 0; i < SIDE; i++) {
            int at = scratch + 3 * i * LANES;
            FloatVector g0 = FloatVector.fromArray(S, work, at);
            FloatVector g1 = FloatVector.fromArray(S, work, at + LANES);
            FloatVector g2 = FloatVector.fromArray(S, work, at + 2 * LANES);
            FloatVector evenA = g2.fma(FloatVector.broadcast(S, A2), g0);
            FloatVector evenB = g2.fma(FloatVector.broadcast(S, B2), g0);
            FloatVector oddA = g1.mul(A);
            FloatVector oddB = g1.mul(B);
            int to = uOffset + i * SIDE * pointStride;
            g0.mul(N0).intoArray(u, to);
            evenA.add(oddA).mul(NA).intoArray(u, to + pointStride);
            evenA.sub(oddA).mul(NA).intoArray(u, to + 2 * pointStride);
            evenB.add(oddB).mul(NB).intoArray(u, to + 3 * pointStride);
            evenB.sub(oddB).mul(NB).intoArray(u, to + 4 * pointStride);
            g2.intoArray(u, to + 5 * pointStride);
        }
    }
}
