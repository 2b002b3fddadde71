package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The error function over ranges: near 0 by its series, elsewhere {@code erf(t) = 1 - 2 Phi(-sqrt(2) t)} by the quotient of
 * {@link Gelu}, where at most half of the 1 is taken away. {@link Exp} explains the lines that recur.
 *
 * <p><i>Source:</i> Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.5 for the series.
 */
final class ErrorFunction {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Below it seven terms of the series are enough: the eighth is 1e-9 of the sum. */
    private static final float SMALL = 0.5f;

    /** From here on erf rounds to 1. */
    private static final float LIMIT = 5;

    private static final float SQRT_2 = 1.4142135f;

    /** {@code 2 / sqrt(pi)}, also the slope at 0. */
    private static final float C0 = 1.1283792f;
    private static final float C1 = -C0 / 3;
    private static final float C2 = C0 / 10;
    private static final float C3 = -C0 / 42;
    private static final float C4 = C0 / 216;
    private static final float C5 = -C0 / 1320;
    private static final float C6 = C0 / 9360;

    private ErrorFunction() {}

    /** {@code y = erf(x)}. */
    static void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector z = v.mul(v);
            FloatVector s = z.fma(C6, C5);
            s = s.fma(z, FloatVector.broadcast(S, C4));
            s = s.fma(z, FloatVector.broadcast(S, C3));
            s = s.fma(z, FloatVector.broadcast(S, C2));
            s = s.fma(z, FloatVector.broadcast(S, C1));
            s = s.fma(z, FloatVector.broadcast(S, C0)).mul(v);
            FloatVector a = v.abs();
            a = a.blend(LIMIT, a.compare(VectorOperators.GT, LIMIT));
            FloatVector t = a.mul(SQRT_2);
            FloatVector u = a.mul(a).neg();
            FloatVector k = u.fma(Exp.LOG2_E, Exp.ROUNDER);
            FloatVector n = k.sub(Exp.ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(S, Exp.MINUS_LN2_HIGH), u);
            r = n.fma(FloatVector.broadcast(S, Exp.MINUS_LN2_LOW), r);
            FloatVector q = r.fma(Exp.C6, Exp.C5);
            q = q.fma(r, FloatVector.broadcast(S, Exp.C4));
            q = q.fma(r, FloatVector.broadcast(S, Exp.C3));
            q = q.fma(r, FloatVector.broadcast(S, Exp.C2));
            q = q.fma(r.mul(r), r);
            IntVector bits = k.reinterpretAsInts();
            IntVector half = bits.lanewise(VectorOperators.ASHR, 1);
            FloatVector scale = half.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector e = q.fma(scale, scale).mul(bits.sub(half).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            FloatVector p = t.fma(Gelu.P4, Gelu.P3);
            p = p.fma(t, FloatVector.broadcast(S, Gelu.P2));
            p = p.fma(t, FloatVector.broadcast(S, Gelu.P1));
            p = p.fma(t, FloatVector.broadcast(S, Gelu.P0));
            FloatVector o = t.fma(Gelu.Q5, Gelu.Q4);
            o = o.fma(t, FloatVector.broadcast(S, Gelu.Q3));
            o = o.fma(t, FloatVector.broadcast(S, Gelu.Q2));
            o = o.fma(t, FloatVector.broadcast(S, Gelu.Q1));
            o = o.fma(t, FloatVector.broadcast(S, 1));
            FloatVector c = p.div(o).mul(e);
            FloatVector w = c.fma(FloatVector.broadcast(S, -2), FloatVector.broadcast(S, 1));
            w = w.reinterpretAsInts().or(v.reinterpretAsInts().and(Integer.MIN_VALUE)).reinterpretAsFloats();
            w.blend(s, a.compare(VectorOperators.LT, SMALL)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            float a = Math.abs(v) > LIMIT ? LIMIT : Math.abs(v);
            float w = Math.fma(Gelu.fraction(a * SQRT_2) * Exp.power(-(a * a)), -2, 1);
            y[yOffset + i] = a < SMALL ? series(v) : Math.copySign(w, v);
        }
    }

    private static float series(float v) {
        float z = v * v;
        float s = Math.fma(z, C6, C5);
        s = Math.fma(s, z, C4);
        s = Math.fma(s, z, C3);
        s = Math.fma(s, z, C2);
        s = Math.fma(s, z, C1);
        return Math.fma(s, z, C0) * v;
    }

    /** {@code 2 / sqrt(pi) e^(-x^2)}. */
    static float slope(float v) {
        float u = -v * v;
        return C0 * (u < Exp.LOW ? 0 : Exp.power(u));
    }
}
