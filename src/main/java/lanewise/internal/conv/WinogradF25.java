package lanewise.internal.conv;

import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * F(2, 5) at the points of {@link WinogradF43}, and so with its B':
 *
 * <pre>
 *     | 1/N(0)                        |
 *     | (1, +-a, a2, +-a3, a4) / N(a) |        | 1  1   1   1   1   0 |
 * G = | (1, +-b, b2, +-b3, b4) / N(b) |   A' = | 0  a  -a   b  -b   1 |
 *     | 0  0  0  0  1                 |
 * </pre>
 */
final class WinogradF25 implements WinogradAxis {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private static final float A = WinogradF43.A;
    private static final float B = WinogradF43.B;
    private static final float A2 = WinogradF43.A2;
    private static final float B2 = WinogradF43.B2;
    private static final float N0 = WinogradF43.N0;
    private static final float NA = WinogradF43.NA;
    private static final float NB = WinogradF43.NB;

    @Override
    public int outputs() {
        return 2;
    }

    @Override
    public int taps() {
        return 5;
    }

    @Override
    public void input(float[] d, int dOffset, int dStride, int lines, int dLine, float[] v, int vOffset, int vStride, int vLine) {
        WinogradF43.input6(d, dOffset, dStride, lines, dLine, v, vOffset, vStride, vLine);
    }

    @Override
    public void filter(float[] g, int gOffset, int gStride, int lines, int gLine, float[] u, int uOffset, int uStride, int uLine) {
        for (int l = 0; l < lines; l++) {
            int at = gOffset + l * gLine;
            FloatVector g0 = FloatVector.fromArray(S, g, at);
            FloatVector g1 = FloatVector.fromArray(S, g, at + gStride);
            FloatVector g2 = FloatVector.fromArray(S, g, at + 2 * gStride);
            FloatVector g3 = FloatVector.fromArray(S, g, at + 3 * gStride);
            FloatVector g4 = FloatVector.fromArray(S, g, at + 4 * gStride);
            FloatVector evenA = g4.fma(FloatVector.broadcast(S, A2), g2).fma(FloatVector.broadcast(S, A2), g0);
            FloatVector evenB = g4.fma(FloatVector.broadcast(S, B2), g2).fma(FloatVector.broadcast(S, B2), g0);
            FloatVector oddA = g3.fma(FloatVector.broadcast(S, A2), g1).mul(A);
            FloatVector oddB = g3.fma(FloatVector.broadcast(S, B2), g1).mul(B);
            int to = uOffset + l * uLine;
            g0.mul(N0).intoArray(u, to);
            evenA.add(oddA).mul(NA).intoArray(u, to + uStride);
            evenA.sub(oddA).mul(NA).intoArray(u, to + 2 * uStride);
            evenB.add(oddB).mul(NB).intoArray(u, to + 3 * uStride);
            evenB.sub(oddB).mul(NB).intoArray(u, to + 4 * uStride);
            g4.intoArray(u, to + 5 * uStride);
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
            FloatVector m5 = FloatVector.fromArray(S, m, at + 5 * mStride);
            FloatVector oddA = m1.sub(m2);
            FloatVector oddB = m3.sub(m4);
            int to = yOffset + l * yLine;
            m0.add(m1.add(m2)).add(m3.add(m4)).intoArray(y, to);
            oddA.fma(FloatVector.broadcast(S, A), oddB.fma(FloatVector.broadcast(S, B), m5)).intoArray(y, to + yStride);
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
            y1.fma(FloatVector.broadcast(S, A), y0).intoArray(m, to + mStride);
            y1.fma(FloatVector.broadcast(S, -A), y0).intoArray(m, to + 2 * mStride);
            y1.fma(FloatVector.broadcast(S, B), y0).intoArray(m, to + 3 * mStride);
            y1.fma(FloatVector.broadcast(S, -B), y0).intoArray(m, to + 4 * mStride);
            y1.intoArray(m, to + 5 * mStride);
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
            FloatVector oddA = u1.sub(u2).mul(NA * A);
            FloatVector evenB = u3.add(u4).mul(NB);
            FloatVector oddB = u3.sub(u4).mul(NB * B);
            int to = gOffset + l * gLine;
            u0.fma(FloatVector.broadcast(S, N0), evenA.add(evenB)).intoArray(g, to);
            oddA.add(oddB).intoArray(g, to + gStride);
            evenA.fma(FloatVector.broadcast(S, A2), evenB.mul(B2)).intoArray(g, to + 2 * gStride);
            oddA.fma(FloatVector.broadcast(S, A2), oddB.mul(B2)).intoArray(g, to + 3 * gStride);
            FloatVector last = evenB.fma(FloatVector.broadcast(S, B2 * B2), u5);
            evenA.fma(FloatVector.broadcast(S, A2 * A2), last).intoArray(g, to + 4 * gStride);
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
            FloatVector m5 = FloatVector.fromArray(S, m, at + 5 * mStride);
            FloatVector oddA = m1.sub(m2);
            FloatVector oddB = m3.sub(m4);
            FloatVector y0 = m0.add(m1.add(m2)).add(m3.add(m4)).add(start);
            FloatVector y1 = oddA.fma(FloatVector.broadcast(S, A), oddB.fma(FloatVector.broadcast(S, B), m5)).add(start);
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
