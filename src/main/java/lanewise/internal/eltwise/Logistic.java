package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions made of the logistic distribution function F, and their gradients, over ranges.
 *
 * <p>F is symmetric, {@code F(x) = 1 - F(-x)}, so its tail {@code c = F(-|x|)} gives everything, and with it nothing cancels,
 * overflows or is infinity times 0:
 *
 * <pre>
 * x F(x)    = relu(x) - |x| c
 * (x F(x))' = g       for x &lt; 0      g = c - |x| F'(x),   F'(x) = c (1 - c)
 *             1 - g   for x >= 0
 * </pre>
 *
 * <p>The limits at infinity follow, because |x| is bounded where c is 0. {@link Exp} explains the lines that recur.
 */
public final class Logistic {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** {@code u = LINEAR x + CUBIC x^3} of GELU's tanh form; {@code 1 + tanh(u/2) = 2 / (1 + e^-u)}. */
    private static final float LINEAR = 1.5957691216f;
    private static final float CUBIC = 0.044715f * LINEAR;

    /** Where {@code e^-u} has underflowed to 0 and u is still in range. */
    private static final float CUBIC_LIMIT = 11;

    /** A function made of {@code F(x) = 1 / (1 + e^-x)}. */
    public enum Unit {
        /** {@code F(x)}. */
        SIGMOID,
        /** {@code ln(1 + e^x)}. */
        SOFTPLUS,
        /** {@code x F(x)}. */
        SILU,
        /** {@code x F(u(x))}. */
        GELU_TANH
    }

    private Logistic() {}

    /** {@code y = unit(x)}. */
    public static void forward(Unit unit, float[] x, int xOffset, float[] y, int yOffset, int length) {
        boolean cubic = unit == Unit.GELU_TANH;
        float limit = cubic ? CUBIC_LIMIT : Exp.LIMIT;
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector t = v.abs();
            t = t.blend(limit, t.compare(VectorOperators.GT, limit));
            FloatVector u = cubic ? t.mul(t.mul(t).fma(-CUBIC, -LINEAR)) : t.neg();
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
            FloatVector relu = v.blend(0, v.compare(VectorOperators.LT, 0));
            FloatVector w;
            if (unit == Unit.SIGMOID) {
                w = e.blend(1, v.compare(VectorOperators.GE, 0)).div(e.add(1));
            } else if (unit == Unit.SOFTPLUS) {
                FloatVector s = e.div(e.add(2));
                FloatVector z = s.mul(s);
                FloatVector p = z.fma(Log1p.C3, Log1p.C2);
                p = p.fma(z, FloatVector.broadcast(S, Log1p.C1));
                p = p.fma(z, FloatVector.broadcast(S, Log1p.C0));
                FloatVector log1p = p.fma(z.mul(s), s.add(s));
                w = log1p.add(relu);
            } else {
                w = relu.sub(t.mul(e.div(e.add(1))));
            }
            w.intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = of(unit, x[xOffset + i]);
        }
    }

    /** {@code unit(v)}, by the same operations. */
    public static float of(Unit unit, float v) {
        boolean cubic = unit == Unit.GELU_TANH;
        float limit = cubic ? CUBIC_LIMIT : Exp.LIMIT;
        float t = Math.abs(v) > limit ? limit : Math.abs(v);
        float e = Exp.power(cubic ? t * Math.fma(t * t, -CUBIC, -LINEAR) : -t);
        float relu = v < 0 ? 0 : v;
        return switch (unit) {
            case SIGMOID -> (v >= 0 ? 1 : e) / (e + 1);
            case SOFTPLUS -> Log1p.of(e) + relu;
            case SILU, GELU_TANH -> relu - t * (e / (e + 1));
        };
    }

    /** {@code dx = dy unit'(x)}, or {@code +=}; not for SIGMOID, which has {@link Slopes#sigmoid}. */
    public static void gradInput(Unit unit, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                 boolean accumulate) {
        assert unit != Unit.SIGMOID;
        boolean cubic = unit == Unit.GELU_TANH;
        float limit = cubic ? CUBIC_LIMIT : Exp.LIMIT;
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector t = v.abs();
            t = t.blend(limit, t.compare(VectorOperators.GT, limit));
            FloatVector u = cubic ? t.mul(t.mul(t).fma(-CUBIC, -LINEAR)) : t.neg();
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
            FloatVector c = e.div(e.add(1));
            FloatVector g = c;
            if (unit != Unit.SOFTPLUS) {
                FloatVector slope = cubic ? t.mul(t.mul(t).fma(3 * CUBIC, LINEAR)) : t;
                g = c.sub(slope.mul(c.sub(c.mul(c))));
            }
            g = d.mul(g.blend(g.neg().add(1), v.compare(VectorOperators.GE, 0)));
            if (accumulate) {
                g = g.add(FloatVector.fromArray(S, dx, dxOffset + i));
            }
            g.intoArray(dx, dxOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            float t = Math.abs(v) > limit ? limit : Math.abs(v);
            float e = Exp.power(cubic ? t * Math.fma(t * t, -CUBIC, -LINEAR) : -t);
            float c = e / (e + 1);
            float slope = cubic ? t * Math.fma(t * t, 3 * CUBIC, LINEAR) : t;
            float g = unit == Unit.SOFTPLUS ? c : c - slope * (c - c * c);
            g = dy[dyOffset + i] * (v >= 0 ? -g + 1 : g);
            dx[dxOffset + i] = accumulate ? g + dx[dxOffset + i] : g;
        }
    }
}
