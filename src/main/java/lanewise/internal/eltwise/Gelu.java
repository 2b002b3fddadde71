package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * GELU, {@code x Phi(x)} with the normal distribution function Phi, and its gradient, over ranges; by its tail, as in
 * {@link Logistic}.
 *
 * <p>With {@code t = |x|} the tail is {@code c = Phi(-t) = e^(-t^2/2) P(t) / Q(t)}. The quotient is smooth and decreasing, and its
 * minimax fit (0.1 ulp off) has no negative coefficient, so nothing cancels. {@link Exp} explains the lines that recur.
 */
public final class Gelu {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Where c has underflowed to 0. */
    private static final float LIMIT = 16;

    private static final float DENSITY_AT_0 = 0.3989422804f; // 1 / sqrt(2 pi)

    static final float P4 = 0.0041238493f;
    static final float P3 = 0.040683918f;
    static final float P2 = 0.18338533f;
    static final float P1 = 0.4384974f;
    static final float P0 = 0.5f;
    static final float Q5 = 0.01033684f;
    static final float Q4 = 0.101985835f;
    static final float Q3 = 0.46986717f;
    static final float Q2 = 1.2031265f;
    static final float Q1 = 1.6748798f;

    private Gelu() {}

    /** {@code y = x Phi(x)}. */
    public static void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector t = v.abs();
            t = t.blend(LIMIT, t.compare(VectorOperators.GT, LIMIT));
            // exp turns an absolute error into a relative one, so what rounding cuts from -t^2/2 has to come back.
            FloatVector h = t.mul(-0.5f);
            FloatVector u = t.mul(h);
            FloatVector cut = t.fma(h, u.neg());
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
            e = e.fma(cut, e);
            FloatVector p = t.fma(P4, P3);
            p = p.fma(t, FloatVector.broadcast(S, P2));
            p = p.fma(t, FloatVector.broadcast(S, P1));
            p = p.fma(t, FloatVector.broadcast(S, P0));
            FloatVector o = t.fma(Q5, Q4);
            o = o.fma(t, FloatVector.broadcast(S, Q3));
            o = o.fma(t, FloatVector.broadcast(S, Q2));
            o = o.fma(t, FloatVector.broadcast(S, Q1));
            o = o.fma(t, FloatVector.broadcast(S, 1));
            FloatVector c = p.div(o).mul(e);
            FloatVector w = v.blend(0, v.compare(VectorOperators.LT, 0)).sub(t.mul(c));
            w.intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = of(x[xOffset + i]);
        }
    }

    /** The function of one number, by the same operations. */
    public static float of(float v) {
        float t = Math.abs(v) > LIMIT ? LIMIT : Math.abs(v);
        return (v < 0 ? 0 : v) - t * (fraction(t) * density(t));
    }

    /** {@code dx = dy (Phi(x) + x phi(x))}, or {@code +=}. */
    public static void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                 boolean accumulate) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector t = v.abs();
            t = t.blend(LIMIT, t.compare(VectorOperators.GT, LIMIT));
            // exp turns an absolute error into a relative one, so what rounding cuts from -t^2/2 has to come back.
            FloatVector h = t.mul(-0.5f);
            FloatVector u = t.mul(h);
            FloatVector cut = t.fma(h, u.neg());
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
            e = e.fma(cut, e);
            FloatVector p = t.fma(P4, P3);
            p = p.fma(t, FloatVector.broadcast(S, P2));
            p = p.fma(t, FloatVector.broadcast(S, P1));
            p = p.fma(t, FloatVector.broadcast(S, P0));
            FloatVector o = t.fma(Q5, Q4);
            o = o.fma(t, FloatVector.broadcast(S, Q3));
            o = o.fma(t, FloatVector.broadcast(S, Q2));
            o = o.fma(t, FloatVector.broadcast(S, Q1));
            o = o.fma(t, FloatVector.broadcast(S, 1));
            FloatVector c = p.div(o).mul(e);
            FloatVector g = c.sub(t.mul(e).mul(DENSITY_AT_0));
            g = d.mul(g.blend(g.neg().add(1), v.compare(VectorOperators.GE, 0)));
            if (accumulate) {
                g = g.add(FloatVector.fromArray(S, dx, dxOffset + i));
            }
            g.intoArray(dx, dxOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            float t = Math.abs(v) > LIMIT ? LIMIT : Math.abs(v);
            float e = density(t);
            float g = fraction(t) * e - t * e * DENSITY_AT_0;
            g = dy[dyOffset + i] * (v >= 0 ? -g + 1 : g);
            dx[dxOffset + i] = accumulate ? g + dx[dxOffset + i] : g;
        }
    }

    /** {@code e^(-t^2/2)} of one element, as above. */
    private static float density(float t) {
        float h = t * -0.5f;
        float u = t * h;
        float e = Exp.power(u);
        return Math.fma(e, Math.fma(t, h, -u), e);
    }

    /** {@code P(t) / Q(t)} of one element. */
    static float fraction(float t) {
        float p = Math.fma(t, P4, P3);
        p = Math.fma(p, t, P2);
        p = Math.fma(p, t, P1);
        p = Math.fma(p, t, P0);
        float o = Math.fma(t, Q5, Q4);
        o = Math.fma(o, t, Q3);
        o = Math.fma(o, t, Q2);
        o = Math.fma(o, t, Q1);
        o = Math.fma(o, t, 1);
        return p / o;
    }
}
