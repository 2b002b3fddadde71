package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The cross-entropy of a logistic unit, from x and the probability t that it should give,
 *
 * <pre>
 * l(x) = -t ln F(x) - (1 - t) ln F(-x) = relu(x) - x t + ln(1 + e^-|x|)
 * l'(x) = F(x) - t
 * </pre>
 *
 * <p>where nothing overflows. {@link Exp} and {@link Log1p} explain the lines that recur.
 */
public final class LogisticLoss {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int BLOCK = Sums.STEPS * LANES;

    private LogisticLoss() {}

    /**
     * {@code sum l(x)}, floats in blocks, the blocks in double, as in {@link Sums}; and {@code dx = scale l'(x)} unless dx is null.
     * All three arrays from 0.
     */
    public static double sum(float scale, float[] x, float[] t, float[] dx, int length) {
        int body = S.loopBound(length);
        double total = 0;
        for (int i = 0; i < body; ) {
            FloatVector sum = FloatVector.zero(S);
            for (int end = i + Math.min(BLOCK, body - i); i < end; i += LANES) {
                FloatVector v = FloatVector.fromArray(S, x, i);
                FloatVector wanted = FloatVector.fromArray(S, t, i);
                FloatVector u = v.abs().neg();
                u = u.blend(-Exp.LIMIT, u.compare(VectorOperators.LT, -Exp.LIMIT));
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
                FloatVector power = half.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
                FloatVector e = q.fma(power, power).mul(bits.sub(half).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
                FloatVector s = e.div(e.add(2));
                FloatVector z = s.mul(s);
                FloatVector p = z.fma(Log1p.C3, Log1p.C2);
                p = p.fma(z, FloatVector.broadcast(S, Log1p.C1));
                p = p.fma(z, FloatVector.broadcast(S, Log1p.C0));
                FloatVector log1p = p.fma(z.mul(s), s.add(s));
                FloatVector relu = v.blend(0, v.compare(VectorOperators.LT, 0));
                FloatVector loss = v.neg().fma(wanted, relu).add(log1p);
                sum = sum.add(loss);
                if (dx != null) {
                    FloatVector f = e.blend(1, v.compare(VectorOperators.GE, 0)).div(e.add(1));
                    FloatVector g = f.sub(wanted).mul(scale);
                    g.intoArray(dx, i);
                }
            }
            FloatVector eight = LANES > 8 ? sum.add(sum.rearrange(Sums.SWAP_8)) : sum;
            FloatVector four = LANES > 4 ? eight.add(eight.rearrange(Sums.SWAP_4)) : eight;
            FloatVector two = four.add(four.rearrange(Sums.SWAP_2));
            total += two.add(two.rearrange(Sums.SWAP_1)).lane(0);
        }
        for (int i = body; i < length; i++) {
            float v = x[i];
            float u = -Math.abs(v);
            float e = Exp.power(u < -Exp.LIMIT ? -Exp.LIMIT : u);
            total += Math.fma(-v, t[i], v < 0 ? 0 : v) + Log1p.of(e);
            if (dx != null) {
                dx[i] = ((v >= 0 ? 1 : e) / (e + 1) - t[i]) * scale;
            }
        }
        return total;
    }
}
