package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(4, 3) at the points 0, a, -a, b, -b and infinity, with a = 5/8 and b = 3/2: exact in float, and the error is half that of the
 * usual 1 and 2.
 *
 * <pre>
 *      | a2b2    0    -a2-b2    0    1  0 |        | 1/N(0)                |        | 1  1   1   1   1   0 |
 *      |  0   -+ab2    -b2    +-a    1  0 |        | (1, +-a, a2) / N(a)   |        | 0  a  -a   b  -b   0 |
 * B' = |  0   -+a2b    -a2    +-b    1  0 |    G = | (1, +-b, b2) / N(b)   |   A' = | 0  a2  a2  b2  b2  0 |
 *      |  0    a2b2     0    -a2-b2  0  1 |        | 0  0  1               |        | 0  a3 -a3  b3 -b3  1 |
 * </pre>
 */
final class WinogradF43 implements WinogradAxis {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    static final float A = 0.625f;
    static final float B = 1.5f;
    static final float A2 = A * A;
    static final float B2 = B * B;
    static final float A3 = A2 * A;
    static final float B3 = B2 * B;
    static final float AB = A2 * B2;
    static final float SUM = A2 + B2;
    /** N(0), N(a) and N(b), inverted. */
    static final float N0 = (float) (1 / ((double) A2 * B2));
    static final float NA = (float) (1 / (2.0 * A2 * (A2 - B2)));
    static final float NB = (float) (1 / (2.0 * B2 * (B2 - A2)));

    @Override
    public int outputs() {
        return 4;
    }

    @Override
    public int taps() {
        return 3;
    }

    @Override
    public void input(float[] d, int dOffset, int dStride, int lines, int dLine, float[] v, int vOffset, int vStride, int vLine) {
        input6(d, dOffset, dStride, lines, dLine, v, vOffset, vStride, vLine);
    }

    /** For every F with these six points: B' is the same. */
    static void input6(float[] d, int dOffset, int dStride, int lines, int dLine, float[] v, int vOffset, int vStride, int vLine) {
        for (int l = 0; l < lines; l++) {
            int at = dOffset + l * dLine;
            FloatVector d0 = FloatVector.fromArray(S, d, at);
            FloatVector d1 = FloatVector.fromArray(S, d, at + dStride);
            FloatVector d2 = FloatVector.fromArray(S, d, at + 2 * dStride);
            FloatVector d3 = FloatVector.fromArray(S, d, at + 3 * dStride);
            FloatVector d4 = FloatVector.fromArray(S, d, at + 4 * dStride);
            FloatVector d5 = FloatVector.fromArray(S, d, at + 5 * dStride);
            FloatVector evenA = d2.fma(FloatVector.broadcast(S, -B2), d4);
            FloatVector oddA = d1.fma(FloatVector.broadcast(S, -B2), d3);
            FloatVector evenB = d2.fma(FloatVector.broadcast(S, -A2), d4);
            FloatVector oddB = d1.fma(FloatVector.broadcast(S, -A2), d3);
            int to = vOffset + l * vLine;
            d0.fma(FloatVector.broadcast(S, AB), d2.fma(FloatVector.broadcast(S, -SUM), d4)).intoArray(v, to);
            oddA.fma(FloatVector.broadcast(S, A), evenA).intoArray(v, to + vStride);
            oddA.fma(FloatVector.broadcast(S, -A), evenA).intoArray(v, to + 2 * vStride);
            oddB.fma(FloatVector.broadcast(S, B), evenB).intoArray(v, to + 3 * vStride);
            oddB.fma(FloatVector.broadcast(S, -B), evenB).intoArray(v, to + 4 * vStride);
            d1.fma(FloatVector.broadcast(S, AB), d3.fma(FloatVector.broadcast(S, -SUM), d5)).intoArray(v, to + 5 * vStride);
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
            g0.mul(N0).intoArray(u, to);
            evenA.add(oddA).mul(NA).intoArray(u, to + uStride);
            evenA.sub(oddA).mul(NA).intoArray(u, to + 2 * uStride);
            evenB.add(oddB).mul(NB).intoArray(u, to + 3 * uStride);
            evenB.sub(oddB).mul(NB).intoArray(u, to + 4 * uStride);
            g2.intoArray(u, to + 5 * uStride);
        }
    }

    @Override
    public void output(float[] m, int mOffset, int mStride, int lines, int mLine, float[] y, int yOffset, int yStride, int yLine) {
        for (int l = 0; l < lines; l++) {
            int at = mOffset + l * mLine;
            FloatVector m1 = FloatVector.fromArray(S, m, at + mStride);
            FloatVector m2 = FloatVector.fromArray(S, m, at + 2 * mStride);
            FloatVector m3 = FloatVector.fromArray(S, m, at + 3 * mStride);
            FloatVector m4 = FloatVector.fromArray(S, m, at + 4 * mStride);
            FloatVector evenA = m1.add(m2);
            FloatVector oddA = m1.sub(m2);
            FloatVector evenB = m3.add(m4);
            FloatVector oddB = m3.sub(m4);
            int to = yOffset + l * yLine;
            FloatVector.fromArray(S, m, at).add(evenA).add(evenB).intoArray(y, to);
            oddA.mul(A).add(oddB.mul(B)).intoArray(y, to + yStride);
            evenA.mul(A2).add(evenB.mul(B2)).intoArray(y, to + 2 * yStride);
            oddA.fma(FloatVector.broadcast(S, A3), oddB.fma(FloatVector.broadcast(S, B3),
                    FloatVector.fromArray(S, m, at + 5 * mStride))).intoArray(y, to + 3 * yStride);
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
            FloatVector y3 = FloatVector.fromArray(S, y, at + 3 * yStride);
            FloatVector evenA = y2.fma(FloatVector.broadcast(S, A2), y0);
            FloatVector oddA = y3.fma(FloatVector.broadcast(S, A3), y1.mul(A));
            FloatVector evenB = y2.fma(FloatVector.broadcast(S, B2), y0);
            FloatVector oddB = y3.fma(FloatVector.broadcast(S, B3), y1.mul(B));
            int to = mOffset + l * mLine;
            y0.intoArray(m, to);
            evenA.add(oddA).intoArray(m, to + mStride);
            evenA.sub(oddA).intoArray(m, to + 2 * mStride);
            evenB.add(oddB).intoArray(m, to + 3 * mStride);
            evenB.sub(oddB).intoArray(m, to + 4 * mStride);
            y3.intoArray(m, to + 5 * mStride);
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
            FloatVector u5 = FloatVector.fromArray(S, u, at + 5 * uStride);
            FloatVector evenA = u1.add(u2).mul(NA);
            FloatVector oddA = u1.sub(u2).mul(NA);
            FloatVector evenB = u3.add(u4).mul(NB);
            FloatVector oddB = u3.sub(u4).mul(NB);
            int to = gOffset + l * gLine;
            u0.fma(FloatVector.broadcast(S, N0), evenA.add(evenB)).intoArray(g, to);
            oddA.fma(FloatVector.broadcast(S, A), oddB.mul(B)).intoArray(g, to + gStride);
            evenA.fma(FloatVector.broadcast(S, A2), evenB.fma(FloatVector.broadcast(S, B2), u5)).intoArray(g, to + 2 * gStride);
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
            FloatVector m1 = FloatVector.fromArray(S, m, at + mStride);
            FloatVector m2 = FloatVector.fromArray(S, m, at + 2 * mStride);
            FloatVector m3 = FloatVector.fromArray(S, m, at + 3 * mStride);
            FloatVector m4 = FloatVector.fromArray(S, m, at + 4 * mStride);
            FloatVector evenA = m1.add(m2);
            FloatVector oddA = m1.sub(m2);
            FloatVector evenB = m3.add(m4);
            FloatVector oddB = m3.sub(m4);
            FloatVector y0 = FloatVector.fromArray(S, m, at).add(evenA).add(evenB).add(start);
            FloatVector y1 = oddA.fma(FloatVector.broadcast(S, A), oddB.fma(FloatVector.broadcast(S, B), start));
            FloatVector y2 = evenA.fma(FloatVector.broadcast(S, A2), evenB.fma(FloatVector.broadcast(S, B2), start));
            FloatVector y3 = oddA.fma(FloatVector.broadcast(S, A3), oddB.fma(FloatVector.broadcast(S, B3),
                    FloatVector.fromArray(S, m, at + 5 * mStride))).add(start);
            if (added != null) {
                int from = addedOffset + l * addedLine;
                y0 = y0.add(FloatVector.fromArray(S, added, from));
                y1 = y1.add(FloatVector.fromArray(S, added, from + addedStride));
                y2 = y2.add(FloatVector.fromArray(S, added, from + 2 * addedStride));
                y3 = y3.add(FloatVector.fromArray(S, added, from + 3 * addedStride));
            }
            if (relu) {
                y0 = y0.blend(zero, y0.compare(LT, zero));
                y1 = y1.blend(zero, y1.compare(LT, zero));
                y2 = y2.blend(zero, y2.compare(LT, zero));
                y3 = y3.blend(zero, y3.compare(LT, zero));
            }
            int to = yOffset + l * yLine;
            y0.intoArray(y, to);
            y1.intoArray(y, to + yStride);
            y2.intoArray(y, to + 2 * yStride);
            y3.intoArray(y, to + 3 * yStride);
        }
    }
}
