package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The steps of optimisers, each in one pass over weights, gradients and moments. What happens to an element depends on nothing but
 * its own numbers, so its bits are the same for every vector width and however a range is cut.
 *
 * <p>A moment below the least normal float becomes 0. The filter of a unit that died has a gradient of 0 for thousands of steps;
 * its momentum would shrink to a subnormal number, which no longer shrinks when multiplied by 0.9, and slow every step from then on.
 */
public final class Updates {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private Updates() {}

    /** {@code w -= rate (g + decay w)}. */
    public static void sgd(float rate, float decay, float[] g, float[] w, int offset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            int at = offset + i;
            FloatVector d = FloatVector.fromArray(S, g, at);
            FloatVector x = FloatVector.fromArray(S, w, at);
            d = x.fma(FloatVector.broadcast(S, decay), d);
            x = d.fma(FloatVector.broadcast(S, -rate), x);
            x.intoArray(w, at);
        }
        for (int at = offset + body; at < offset + length; at++) {
            w[at] = Math.fma(Math.fma(w[at], decay, g[at]), -rate, w[at]);
        }
    }

    /** {@code d = g + decay w, v = momentum v + d, w -= rate (ahead ? d + momentum v : v)}. */
    public static void momentum(float rate, float momentum, float decay, boolean ahead, float[] g, float[] v, float[] w, int offset,
                                int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            int at = offset + i;
            FloatVector d = FloatVector.fromArray(S, g, at);
            FloatVector u = FloatVector.fromArray(S, v, at);
            FloatVector x = FloatVector.fromArray(S, w, at);
            d = x.fma(FloatVector.broadcast(S, decay), d);
            u = u.fma(FloatVector.broadcast(S, momentum), d);
            u = u.blend(0, u.abs().compare(VectorOperators.LT, Float.MIN_NORMAL));
            FloatVector step = ahead ? u.fma(FloatVector.broadcast(S, momentum), d) : u;
            x = step.fma(FloatVector.broadcast(S, -rate), x);
            u.intoArray(v, at);
            x.intoArray(w, at);
        }
        for (int at = offset + body; at < offset + length; at++) {
            float d = Math.fma(w[at], decay, g[at]);
            float u = Math.fma(v[at], momentum, d);
            v[at] = Math.abs(u) < Float.MIN_NORMAL ? 0 : u;
            w[at] = Math.fma(ahead ? Math.fma(v[at], momentum, d) : v[at], -rate, w[at]);
        }
    }

    /**
     * {@code d = g + l2 w, m = (1 - a) m + a d, v = (1 - b) v + b d^2, w -= rate m / (scale sqrt(v) + epsilon) + decay w}.
     *
     * <p>{@code (1 - b) v} as {@code v - b v}: so the two factors add up to 1, which {@code 0.999f} and {@code 0.001f} do not.
     */
    public static void adam(float rate, float decay, float l2, float a, float b, float scale, float epsilon, float[] g, float[] m,
                            float[] v, float[] w, int offset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            int at = offset + i;
            FloatVector d = FloatVector.fromArray(S, g, at);
            FloatVector p = FloatVector.fromArray(S, m, at);
            FloatVector q = FloatVector.fromArray(S, v, at);
            FloatVector x = FloatVector.fromArray(S, w, at);
            d = x.fma(FloatVector.broadcast(S, l2), d);
            p = d.fma(FloatVector.broadcast(S, a), p.fma(FloatVector.broadcast(S, -a), p));
            q = d.mul(b).fma(d, q.fma(FloatVector.broadcast(S, -b), q));
            p = p.blend(0, p.abs().compare(VectorOperators.LT, Float.MIN_NORMAL));
            q = q.blend(0, q.compare(VectorOperators.LT, Float.MIN_NORMAL));
            FloatVector direction = p.div(q.sqrt().fma(FloatVector.broadcast(S, scale), FloatVector.broadcast(S, epsilon)));
            x = x.sub(direction.fma(FloatVector.broadcast(S, rate), x.mul(decay)));
            p.intoArray(m, at);
            q.intoArray(v, at);
            x.intoArray(w, at);
        }
        for (int at = offset + body; at < offset + length; at++) {
            float d = Math.fma(w[at], l2, g[at]);
            float p = Math.fma(d, a, Math.fma(m[at], -a, m[at]));
            float q = Math.fma(d * b, d, Math.fma(v[at], -b, v[at]));
            m[at] = Math.abs(p) < Float.MIN_NORMAL ? 0 : p;
            v[at] = q < Float.MIN_NORMAL ? 0 : q;
            float direction = m[at] / Math.fma((float) Math.sqrt(v[at]), scale, epsilon);
            w[at] -= Math.fma(direction, rate, w[at] * decay);
        }
    }
}
