package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponentials, logarithms and what is made of {@code e^x - 1}, over ranges. {@link Exp} explains the lines that recur.
 */
public final class Exponentials {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();
    private static final int BLOCK = Sums.STEPS * LANES;

    private static final float LN2_HIGH = -Exp.MINUS_LN2_HIGH;
    private static final float LN2_LOW = -Exp.MINUS_LN2_LOW;

    /** Mantissas below sqrt(1/2) count as twice as large, of the exponent below. */
    private static final int SQRT_HALF_BITS = 0x3f3504f3;

    /** Beyond it tanh rounds to 1, and below the other {@code e^x - 1} to -1. */
    private static final float TANH_LIMIT = 10;
    private static final float ELU_LIMIT = -20;

    private Exponentials() {}

    /** {@code y = e^(x - shift)}. */
    public static void exp(float shift, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector u = v.sub(shift);
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
            e = e.blend(Float.POSITIVE_INFINITY, u.compare(VectorOperators.GT, Exp.HIGH))
                    .blend(0, u.compare(VectorOperators.LT, Exp.LOW));
            e.intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = bounded(x[xOffset + i] - shift);
        }
    }

    /** {@code sum e^(x - shift)}, for {@code x <= shift}; floats in blocks, the blocks in double, as in {@link Sums}. */
    public static double sumExp(float shift, float[] x, int xOffset, int length) {
        int body = S.loopBound(length);
        double total = 0;
        for (int i = 0; i < body; ) {
            FloatVector sum = FloatVector.zero(S);
            for (int end = i + Math.min(BLOCK, body - i); i < end; i += LANES) {
                FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
                FloatVector u = v.sub(shift);
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
                e = e.blend(0, u.compare(VectorOperators.LT, Exp.LOW));
                sum = sum.add(e);
            }
            FloatVector eight = LANES > 8 ? sum.add(sum.rearrange(Sums.SWAP_8)) : sum;
            FloatVector four = LANES > 4 ? eight.add(eight.rearrange(Sums.SWAP_4)) : eight;
            FloatVector two = four.add(four.rearrange(Sums.SWAP_2));
            total += two.add(two.rearrange(Sums.SWAP_1)).lane(0);
        }
        for (int i = body; i < length; i++) {
            total += bounded(x[xOffset + i] - shift);
        }
        return total;
    }

    /** {@code dx = dy - sum e^y}, or {@code +=}. */
    public static void logSoftmaxGradInput(float sum, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                           int length, boolean accumulate) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, y, yOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
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
            e = e.blend(Float.POSITIVE_INFINITY, u.compare(VectorOperators.GT, Exp.HIGH))
                    .blend(0, u.compare(VectorOperators.LT, Exp.LOW));
            FloatVector g = d.sub(e.mul(sum));
            if (accumulate) {
                g = g.add(FloatVector.fromArray(S, dx, dxOffset + i));
            }
            g.intoArray(dx, dxOffset + i);
        }
        for (int i = body; i < length; i++) {
            float g = dy[dyOffset + i] - bounded(y[yOffset + i]) * sum;
            dx[dxOffset + i] = accumulate ? g + dx[dxOffset + i] : g;
        }
    }

    /** {@code y = ln x}: with {@code x = 2^n (1 + f)}, {@code n ln 2 + ln(1 + f)}. */
    public static void log(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            // Subnormals have no exponent to take out: make them normal first.
            VectorMask<Float> tiny = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits = v.blend(v.mul(0x1p24f), tiny).reinterpretAsInts();
            IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1);
            FloatVector n = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
            n = n.blend(n.sub(24), tiny);
            FloatVector s = f.div(f.add(2));
            FloatVector z = s.mul(s);
            FloatVector p = z.fma(Log1p.C3, Log1p.C2);
            p = p.fma(z, FloatVector.broadcast(S, Log1p.C1));
            p = p.fma(z, FloatVector.broadcast(S, Log1p.C0));
            FloatVector log1p = p.fma(z.mul(s), s.add(s));
            FloatVector u = n.fma(FloatVector.broadcast(S, LN2_LOW), log1p);
            u = n.fma(FloatVector.broadcast(S, LN2_HIGH), u)
                    .blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0))
                    .blend(Float.NaN, v.compare(VectorOperators.LT, 0))
                    .blend(v, v.compare(VectorOperators.LT, Float.POSITIVE_INFINITY).not()); // infinity and NaN
            u.intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = log(x[xOffset + i]);
        }
    }

    /** {@code y = tanh x = (e^(2x) - 1) / (e^(2x) + 1)}. */
    public static void tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector t = v.abs();
            FloatVector u = t.add(t);
            FloatVector k = u.fma(Exp.LOG2_E, Exp.ROUNDER);
            FloatVector n = k.sub(Exp.ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(S, Exp.MINUS_LN2_HIGH), u);
            r = n.fma(FloatVector.broadcast(S, Exp.MINUS_LN2_LOW), r);
            FloatVector q = r.fma(Exp.C6, Exp.C5);
            q = q.fma(r, FloatVector.broadcast(S, Exp.C4));
            q = q.fma(r, FloatVector.broadcast(S, Exp.C3));
            q = q.fma(r, FloatVector.broadcast(S, Exp.C2));
            q = q.fma(r.mul(r), r);
            // e^u - 1 = 2^n q + (2^n - 1), where nothing cancels
            FloatVector scale = k.reinterpretAsInts().sub(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector e = q.fma(scale, scale.sub(1));
            FloatVector w = e.div(e.add(2)).blend(1, t.compare(VectorOperators.GT, TANH_LIMIT));
            w = w.reinterpretAsInts().or(v.reinterpretAsInts().and(Integer.MIN_VALUE)).reinterpretAsFloats();
            w.intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = tanh(x[xOffset + i]);
        }
    }

    /** {@code tanh(v)}, by the same operations. */
    public static float tanh(float v) {
        float t = Math.abs(v);
        float e = Exp.powerMinus1(t + t);
        return Math.copySign(t > TANH_LIMIT ? 1 : e / (e + 2), v);
    }

    /** {@code y = x < 0 ? alpha (e^(rate x) - 1) : positive x}. */
    public static void elu(float alpha, float rate, float positive, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector u = v.mul(rate);
            FloatVector k = u.fma(Exp.LOG2_E, Exp.ROUNDER);
            FloatVector n = k.sub(Exp.ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(S, Exp.MINUS_LN2_HIGH), u);
            r = n.fma(FloatVector.broadcast(S, Exp.MINUS_LN2_LOW), r);
            FloatVector q = r.fma(Exp.C6, Exp.C5);
            q = q.fma(r, FloatVector.broadcast(S, Exp.C4));
            q = q.fma(r, FloatVector.broadcast(S, Exp.C3));
            q = q.fma(r, FloatVector.broadcast(S, Exp.C2));
            q = q.fma(r.mul(r), r);
            // e^u - 1 = 2^n q + (2^n - 1), where nothing cancels
            FloatVector scale = k.reinterpretAsInts().sub(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector e = q.fma(scale, scale.sub(1)).blend(-1, u.compare(VectorOperators.LT, ELU_LIMIT));
            FloatVector w = v.mul(positive).blend(e.mul(alpha), v.compare(VectorOperators.LT, 0));
            w.intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            float u = v * rate;
            y[yOffset + i] = v < 0 ? alpha * (u < ELU_LIMIT ? -1 : Exp.powerMinus1(u)) : v * positive;
        }
    }

    /** {@code e^u} of one element, for any u. */
    private static float bounded(float u) {
        return u > Exp.HIGH ? Float.POSITIVE_INFINITY : u < Exp.LOW ? 0 : Exp.power(u);
    }

    /** {@code ln v} of one element, as above. */
    private static float log(float v) {
        boolean tiny = v < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(tiny ? v * 0x1p24f : v);
        int exponent = bits - SQRT_HALF_BITS >> 23;
        float n = tiny ? exponent - 24 : exponent;
        float u = Math.fma(n, LN2_HIGH, Math.fma(n, LN2_LOW, Log1p.of(Float.intBitsToFloat(bits - (exponent << 23)) - 1)));
        return !(v < Float.POSITIVE_INFINITY) ? v : v < 0 ? Float.NaN : v == 0 ? Float.NEGATIVE_INFINITY : u;
    }
}
