package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(3, 3) at the points a, -a, b, -b and infinity, with a = 3/8 and b = 5/4; without 0 everything is even or odd.
 *
 * <pre>
 *      | -+ab2   -b2   +-a     1  0 |       | (1, +-a, a2) / +-N(a) |        |  1   1   1   1   0 |
 * B' = | -+a2b   -a2   +-b     1  0 |   G = | (1, +-b, b2) / +-N(b) |   A' = |  a  -a   b  -b   0 |
 *      | a2b2     0   -a2-b2   0  1 |       | 0  0  1               |        |  a2  a2  b2  b2  1 |
 * </pre>
 */
final class WinogradF33 implements WinogradAxis {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private static final float A = 0.375f;
    private static final float B = 1.25f;
    private static final float A2 = A * A;
    private static final float B2 = B * B;
    private static final float AB = A2 * B2;
    private static final float SUM = A2 + B2;
    /** N(a) and N(b), inverted; those of -a and -b have the other sign. */
    private static final float NA = (float) (1 / (2.0 * A * (A2 - B2)));
    private static final float NB = (float) (1 / (2.0 * B * (B2 - A2)));

    @Override
    public int outputs() {
        return 3;
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
            FloatVector d4 = FloatVector.fromArray(S, d, at + 4 * dStride);
            FloatVector evenA = d1.fma(FloatVector.broadcast(S, -B2), d3);
            FloatVector oddA = d0.fma(FloatVector.broadcast(S, -B2), d2);
            FloatVector evenB = d1.fma(FloatVector.broadcast(S, -A2), d3);
            FloatVector oddB = d0.fma(FloatVector.broadcast(S, -A2), d2);
            int to = vOffset + l * vLine;
            oddA.fma(FloatVector.broadcast(S, A), evenA).intoArray(v, to);
            oddA.fma(FloatVector.broadcast(S, -A), evenA).intoArray(v, to + vStride);
            oddB.fma(FloatVector.broadcast(S, B), evenB).intoArray(v, to + 2 * vStride);
            oddB.fma(FloatVector.broadcast(S, -B), evenB).intoArray(v, to + 3 * vStride);
            d0.fma(FloatVector.broadcast(S, AB), d2.fma(FloatVector.broadcast(S, -SUM), d4)).intoArray(v, to + 4 * vStride);
        }
    }

    @Override
    public void filter(float[] g, int gOffset, int gStride, int lines, int gLine, float[] u, int uOffset, int uStride, int uLine) {
        for (int l = 0; l < lines; l++) {
            int at = gOffset + l * gLine;
            FloatVector g0 = FloatVector.fromArray(S, g, at);
            FloatVector g1 = FloatVector.fromArray(S, g, at + gStride);
            FloatVector g2 = FloatVector.fromArray(S, g, at + 2 * gStride);
            FloatVector evenA = g2.fma(FloatVector.broadcast(S, A2), g0);
            FloatVector evenB = g2.fma(FloatVector.broadcast(S, B2), g0);
            FloatVector oddA = g1.mul(A);
            FloatVector oddB = g1.mul(B);
            int to = uOffset + l * uLine;
            oddA.add(evenA).mul(NA).intoArray(u, to);
            oddA.sub(evenA).mul(NA).intoArray(u, to + uStride);
            oddB.add(evenB).mul(NB).intoArray(u, to + 2 * uStride);
            oddB.sub(evenB).mul(NB).intoArray(u, to + 3 * uStride);
            g2.intoArray(u, to + 4 * uStride);
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
            FloatVector m4 = FloatVector.fromArray(S, m, at + 4 * mStride);
            FloatVector evenA = m0.add(m1);
            FloatVector oddA = m0.sub(m1);
            FloatVector evenB = m2.add(m3);
            FloatVector oddB = m2.sub(m3);
            int to = yOffset + l * yLine;
            evenA.add(evenB).intoArray(y, to);
            oddA.mul(A).add(oddB.mul(B)).intoArray(y, to + yStride);
            evenA.fma(FloatVector.broadcast(S, A2), evenB.fma(FloatVector.broadcast(S, B2), m4)).intoArray(y, to + 2 * yStride);
        }
    }

    @Override
    public void outputTransposed(float[] y, int yOffset, int yStride, int lines, int yLine,
                                 float[] m, int mOffset, int mStride, int mLine) {
        for (int l = 0; l < lines; l++) {
            int at = yOffset + l * yLine;
            FloatVector y0 = FloatVector.fromArray(S, y, at);
            FloatVector y1 = FloatVector.fromArray(S, y, at + yStride);
            FloatVector y2 = FloatVector.fromArray(S, y, at + 2 * yStride);
            FloatVector evenA = y2.fma(FloatVector.broadcast(S, A2), y0);
            FloatVector oddA = y1.mul(A);
            FloatVector evenB = y2.fma(FloatVector.broadcast(S, B2), y0);
            FloatVector oddB = y1.mul(B);
            int to = mOffset + l * mLine;
            evenA.add(oddA).intoArray(m, to);
            evenA.sub(oddA).intoArray(m, to + mStride);
            evenB.add(oddB).intoArray(m, to + 2 * mStride);
            evenB.sub(oddB).intoArray(m, to + 3 * mStride);
            y2.intoArray(m, to + 4 * mStride);
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
            FloatVector u4 = FloatVector.fromArray(S, u, at + 4 * uStride);
            FloatVector evenA = u0.sub(u1).mul(NA);
            FloatVector oddA = u0.add(u1).mul(NA);
            FloatVector evenB = u2.sub(u3).mul(NB);
            FloatVector oddB = u2.add(u3).mul(NB);
            int to = gOffset + l * gLine;
            evenA.add(evenB).intoArray(g, to);
            oddA.fma(FloatVector.broadcast(S, A), oddB.mul(B)).intoArray(g, to + gStride);
            evenA.fma(FloatVector.broadcast(S, A2), evenB.fma(FloatVector.broadcast(S, B2), u4)).intoArray(g, to + 2 * gStride);
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
            FloatVector m4 = FloatVector.fromArray(S, m, at + 4 * mStride);
            FloatVector evenA = m0.add(m1);
            FloatVector oddA = m0.sub(m1);
            FloatVector evenB = m2.add(m3);
            FloatVector oddB = m2.sub(m3);
            FloatVector y0 = evenA.add(evenB).add(start);
            FloatVector y1 = oddA.fma(FloatVector.broadcast(S, A), oddB.fma(FloatVector.broadcast(S, B), start));
            FloatVector y2 = evenA.fma(FloatVector.broadcast(S, A2), evenB.fma(FloatVector.broadcast(S, B2), m4)).add(start);
            if (added != null) {
                int from = addedOffset + l * addedLine;
                y0 = y0.add(FloatVector.fromArray(S, added, from));
                y1 = y1.add(FloatVector.fromArray(S, added, from + addedStride));
                y2 = y2.add(FloatVector.fromArray(S, added, from + 2 * addedStride));
            }
            if (relu) {
                y0 = y0.blend(zero, y0.compare(LT, zero));
                y1 = y1.blend(zero, y1.compare(LT, zero));
                y2 = y2.blend(zero, y2.compare(LT, zero));
            }
            int to = yOffset + l * yLine;
            y0.intoArray(y, to);
            y1.intoArray(y, to + yStride);
            y2.intoArray(y, to + 2 * yStride);
        }
    }
}
