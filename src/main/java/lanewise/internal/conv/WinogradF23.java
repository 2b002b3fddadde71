package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(2, 3) at the points 0, 1, -1 and infinity: for maps so small that larger tiles hang far over their edge.
 *
 * <pre>
 *      | 1  0 -1  0 |       | 1    0    0   |
 * B' = | 0  1  1  0 |   G = | 1/2  1/2  1/2 |   A' = | 1  1  1  0 |
 *      | 0 -1  1  0 |       | 1/2 -1/2  1/2 |        | 0  1 -1  1 |
 *      | 0 -1  0  1 |       | 0    0    1   |
 * </pre>
 */
final class WinogradF23 implements WinogradAxis {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    @Override
    public int outputs() {
        return 2;
    }

    @Override
    public int taps() {
        return 3;
    }

    @Override
    public void input(float[] d, int dOffset, int dStride, int lines, int dLine, float[] v, int vOffset, int vStride, int vLine) {
        for (int l = 0; l < lines; l++) {
            int at = dOffset + l * dLine;
            FloatVector d0 = FloatVector.fromArray(S, d, at);
            FloatVector d1 = FloatVector.fromArray(S, d, at + dStride);
            FloatVector d2 = FloatVector.fromArray(S, d, at + 2 * dStride);
            FloatVector d3 = FloatVector.fromArray(S, d, at + 3 * dStride);
            int to = vOffset + l * vLine;
            d0.sub(d2).intoArray(v, to);
            d1.add(d2).intoArray(v, to + vStride);
            d2.sub(d1).intoArray(v, to + 2 * vStride);
            d3.sub(d1).intoArray(v, to + 3 * vStride);
        }
    }

    @Override
    public void filter(float[] g, int gOffset, int gStride, int lines, int gLine, float[] u, int uOffset, int uStride, int uLine) {
        for (int l = 0; l < lines; l++) {
            int at = gOffset + l * gLine;
            FloatVector g0 = FloatVector.fromArray(S, g, at);
            FloatVector g1 = FloatVector.fromArray(S, g, at + gStride);
            FloatVector g2 = FloatVector.fromArray(S, g, at + 2 * gStride);
            FloatVector even = g0.add(g2);
            int to = uOffset + l * uLine;
            g0.intoArray(u, to);
            even.add(g1).mul(0.5f).intoArray(u, to + uStride);
            even.sub(g1).mul(0.5f).intoArray(u, to + 2 * uStride);
            g2.intoArray(u, to + 3 * uStride);
        }
    }

    @Override
    public void output(float[] m, int mOffset, int mStride, int lines, int mLine, float[] y, int yOffset, int yStride, int yLine) {
        for (int l = 0; l < lines; l++) {
            int at = mOffset + l * mLine;
            FloatVector m0 = FloatVector.fromArray(S, m, at);
            FloatVector m1 = FloatVector.fromArray(S, m, at + mStride);
            FloatVector m2 = FloatVector.fromArray(S, m, at + 2 * mStride);
            FloatVector m3 = FloatVector.fromArray(S, m, at + 3 * mStride);
            int to = yOffset + l * yLine;
            m0.add(m1.add(m2)).intoArray(y, to);
            m1.sub(m2).add(m3).intoArray(y, to + yStride);
        }
    }

    @Override
    public void outputTransposed(float[] y, int yOffset, int yStride, int lines, int yLine,
                                 float[] m, int mOffset, int mStride, int mLine) {
        for (int l = 0; l < lines; l++) {
            int at = yOffset + l * yLine;
            FloatVector y0 = FloatVector.fromArray(S, y, at);
            FloatVector y1 = FloatVector.fromArray(S, y, at + yStride);
            int to = mOffset + l * mLine;
            y0.intoArray(m, to);
            y0.add(y1).intoArray(m, to + mStride);
            y0.sub(y1).intoArray(m, to + 2 * mStride);
            y1.intoArray(m, to + 3 * mStride);
        }
    }

    @Override
    public void filterTransposed(float[] u, int uOffset, int uStride, int lines, int uLine,
                                 float[] g, int gOffset, int gStride, int gLine) {
        for (int l = 0; l < lines; l++) {
            int at = uOffset + l * uLine;
            FloatVector u0 = FloatVector.fromArray(S, u, at);
            FloatVector u1 = FloatVector.fromArray(S, u, at + uStride);
            FloatVector u2 = FloatVector.fromArray(S, u, at + 2 * uStride);
            FloatVector u3 = FloatVector.fromArray(S, u, at + 3 * uStride);
            FloatVector even = u1.add(u2).mul(0.5f);
            int to = gOffset + l * gLine;
            u0.add(even).intoArray(g, to);
            u1.sub(u2).mul(0.5f).intoArray(g, to + gStride);
            even.add(u3).intoArray(g, to + 2 * gStride);
        }
    }

    @Override
    public void finish(float[] m, int mOffset, int mStride, int lines, int mLine, float[] bias, int biasOffset, int biasLine,
                       float[] added, int addedOffset, int addedStride, int addedLine, boolean relu,
                       float[] y, int yOffset, int yStride, int yLine) {
        FloatVector zero = FloatVector.zero(S);
        for (int l = 0; l < lines; l++) {
            int at = mOffset + l * mLine;
            FloatVector start = FloatVector.fromArray(S, bias, biasOffset + l * biasLine);
            FloatVector m0 = FloatVector.fromArray(S, m, at);
            FloatVector m1 = FloatVector.fromArray(S, m, at + mStride);
            FloatVector m2 = FloatVector.fromArray(S, m, at + 2 * mStride);
            FloatVector m3 = FloatVector.fromArray(S, m, at + 3 * mStride);
            FloatVector y0 = m0.add(m1.add(m2)).add(start);
            FloatVector y1 = m1.sub(m2).add(m3).add(start);
            if (added != null) {
                int from = addedOffset + l * addedLine;
                y0 = y0.add(FloatVector.fromArray(S, added, from));
                y1 = y1.add(FloatVector.fromArray(S, added, from + addedStride));
            }
            if (relu) {
                y0 = y0.blend(zero, y0.compare(LT, zero));
                y1 = y1.blend(zero, y1.compare(LT, zero));
            }
            int to = yOffset + l * yLine;
            y0.intoArray(y, to);
            y1.intoArray(y, to + yStride);
        }
    }
}
