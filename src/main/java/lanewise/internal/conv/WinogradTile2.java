package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import lanewise.internal.gemm.Panels;

/**
 * The transforms of F(2x2, 3x3), as {@link WinogradTile4} with 4x4 inputs, 16 points and 2x2 outputs: for maps so small that 4x4
 * tiles hang far over their edge. The points are 0, 1, -1 and infinity:
 *
 * <pre>
 *      | 1  0 -1  0 |       | 1    0    0   |
 * B' = | 0  1  1  0 |   G = | 1/2  1/2  1/2 |   A' = | 1  1  1  0 |
 *      | 0 -1  1  0 |       | 1/2 -1/2  1/2 |        | 0  1 -1  1 |
 *      | 0 -1  0  1 |       | 0    0    1   |
 * </pre>
 */
final class WinogradTile2 {

    static final int SIDE = 4;

    static final int POINTS = SIDE * SIDE;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private WinogradTile2() {}

    /** As {@link WinogradTile4#input}. */
    static void input(float[] d, int dOffset, int rowStride, int columnStride, int channels, float[] v, int vOffset,
                      int pointStride, float[] work, int scratch) {
        for (int channel = 0; channel < channels; channel += LANES) {
            for (int j = 0; j < SIDE; j++) {
                int at = dOffset + channel + j * columnStride;
                FloatVector d0 = FloatVector.fromArray(S, d, at);
                FloatVector d1 = FloatVector.fromArray(S, d, at + rowStride);
                FloatVector d2 = FloatVector.fromArray(S, d, at + 2 * rowStride);
                FloatVector d3 = FloatVector.fromArray(S, d, at + 3 * rowStride);
                int to = scratch + j * LANES;
                d0.sub(d2).intoArray(work, to);
                d1.add(d2).intoArray(work, to + SIDE * LANES);
                d2.sub(d1).intoArray(work, to + 2 * SIDE * LANES);
                d3.sub(d1).intoArray(work, to + 3 * SIDE * LANES);
            }
            int grain = vOffset + channel / Panels.DEPTH * Panels.BLOCK + channel % Panels.DEPTH;
            for (int i = 0; i < SIDE; i++) {
                int at = scratch + i * SIDE * LANES;
                FloatVector d0 = FloatVector.fromArray(S, work, at);
                FloatVector d1 = FloatVector.fromArray(S, work, at + LANES);
                FloatVector d2 = FloatVector.fromArray(S, work, at + 2 * LANES);
                FloatVector d3 = FloatVector.fromArray(S, work, at + 3 * LANES);
                int to = grain + i * SIDE * pointStride;
                d0.sub(d2).intoArray(v, to);
                d1.add(d2).intoArray(v, to + pointStride);
                d2.sub(d1).intoArray(v, to + 2 * pointStride);
                d3.sub(d1).intoArray(v, to + 3 * pointStride);
            }
        }
    }

    /** As {@link WinogradTile4#output}, with 2x2 pixels and a scratch of 8 vectors. */
    static void output(float[] m, int mOffset, int pointStride, int columns, float[] bias, int biasOffset,
                       float[] added, int addedOffset, int addedRow, int addedPixel, boolean relu,
                       float[] y, int yOffset, int rowStride, int columnStride, float[] work, int scratch) {
        for (int k = 0; k < columns; k += LANES) {
            for (int j = 0; j < SIDE; j++) {
                int at = mOffset + j * pointStride + k;
                FloatVector m0 = FloatVector.fromArray(S, m, at);
                FloatVector m1 = FloatVector.fromArray(S, m, at + SIDE * pointStride);
                FloatVector m2 = FloatVector.fromArray(S, m, at + 2 * SIDE * pointStride);
                FloatVector m3 = FloatVector.fromArray(S, m, at + 3 * SIDE * pointStride);
                int to = scratch + j * LANES;
                m0.add(m1.add(m2)).intoArray(work, to);
                m1.sub(m2).add(m3).intoArray(work, to + SIDE * LANES);
            }
            FloatVector zero = FloatVector.zero(S);
            FloatVector start = FloatVector.fromArray(S, bias, biasOffset + k);
            for (int i = 0; i < 2; i++) {
                int at = scratch + i * SIDE * LANES;
                FloatVector m0 = FloatVector.fromArray(S, work, at);
                FloatVector m1 = FloatVector.fromArray(S, work, at + LANES);
                FloatVector m2 = FloatVector.fromArray(S, work, at + 2 * LANES);
                FloatVector m3 = FloatVector.fromArray(S, work, at + 3 * LANES);
                FloatVector y0 = m0.add(m1.add(m2)).add(start);
                FloatVector y1 = m1.sub(m2).add(m3).add(start);
                int to = yOffset + i * rowStride + k;
                if (added != null) {
                    int from = addedOffset + i * addedRow + k;
                    y0 = y0.add(FloatVector.fromArray(S, added, from));
                    y1 = y1.add(FloatVector.fromArray(S, added, from + addedPixel));
                }
                if (relu) {
                    y0 = y0.blend(zero, y0.compare(LT, zero));
                    y1 = y1.blend(zero, y1.compare(LT, zero));
                }
                y0.intoArray(y, to);
                y1.intoArray(y, to + columnStride);
            }
        }
    }

    /** As {@link WinogradTile4#filter}, to 16 points, with a scratch of 12 vectors. */
    static void filter(float[] g, int gOffset, int tapStride, float[] u, int uOffset, int pointStride,
                       float[] work, int scratch) {
        for (int j = 0; j < 3; j++) {
            int at = gOffset + j * tapStride;
            FloatVector g0 = FloatVector.fromArray(S, g, at);
            FloatVector g1 = FloatVector.fromArray(S, g, at + 3 * tapStride);
            FloatVector g2 = FloatVector.fromArray(S, g, at + 6 * tapStride);
            FloatVector even = g0.add(g2);
            int to = scratch + j * LANES;
            g0.intoArray(work, to);
            even.add(g1).mul(0.5f).intoArray(work, to + 3 * LANES);
            even.sub(g1).mul(0.5f).intoArray(work, to + 6 * LANES);
            g2.intoArray(work, to + 9 * LANES);
        }
        for (int i = 0; i < SIDE; i++) {
            int at = scratch + 3 * i * LANES;
            FloatVector g0 = FloatVector.fromArray(S, work, at);
            FloatVector g1 = FloatVector.fromArray(S, work, at + LANES);
            FloatVector g2 = FloatVector.fromArray(S, work, at + 2 * LANES);
            FloatVector even = g0.add(g2);
            int to = uOffset + i * SIDE * pointStride;
            g0.intoArray(u, to);
            even.add(g1).mul(0.5f).intoArray(u, to + pointStride);
            even.sub(g1).mul(0.5f).intoArray(u, to + 2 * pointStride);
            g2.intoArray(u, to + 3 * pointStride);
        }
    }
}
