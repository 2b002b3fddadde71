package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
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

    private static final float P4 = 0.0041238493f;
    private static final float P3 = 0.040683918f;
    private static final float P2 = 0.18338533f;
    private static final float P1 = 0.4384974f;
    private static final float P0 = 0.5f;
    private static final float Q5 = 0.01033684f;
    private static final float Q4 = 0.101985835f;
    private static final float Q3 = 0.46986717f;
    private static final float Q2 = 1.2031265f;
    private static final float Q1 = 1.6748798f;

    private Gelu() {}

    /** {@code y = x Phi(x)}. */
    public static void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        VectorMask<Float> tail = S.indexInRange(body, length);
        for (int i = 0; i < length; i += LANES) {
            boolean full = i < body;
            FloatVector v = full ? FloatVector.fromArray(S, x, xOffset + i) : FloatVector.fromArray(S, x, xOffset + i, tail);
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
            if (full) {
                w.intoArray(y, yOffset + i);
            } else {
                w.intoArray(y, yOffset + i, tail);
            }
        }
    }

    /** {@code dx = dy (Phi(x) + x phi(x))}, or {@code +=}. */
    public static void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                 boolean accumulate) {
        int body = S.loopBound(length);
        VectorMask<Float> tail = S.indexInRange(body, length);
        for (int i = 0; i < length; i += LANES) {
            boolean full = i < body;
            FloatVector v = full ? FloatVector.fromArray(S, x, xOffset + i) : FloatVector.fromArray(S, x, xOffset + i, tail);
            FloatVector d = full ? FloatVector.fromArray(S, dy, dyOffset + i) : FloatVector.fromArray(S, dy, dyOffset + i, tail);
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
                g = g.add(full ? FloatVector.fromArray(S, dx, dxOffset + i) : FloatVector.fromArray(S, dx, dxOffset + i, tail));
            }
            if (full) {
                g.intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i, tail);
            }
        }
    }
}
