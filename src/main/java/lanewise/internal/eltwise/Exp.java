package lanewise.internal.eltwise;

/**
 * The constants of {@code e^u}, and how the loops of this package compute it:
 *
 * <pre>
 * k = u log2(e), rounded to the integer n in its low bits     n = k - ROUNDER
 * r = u - n ln(2), |r| &lt;= ln(2) / 2
 * q = e^r - 1, a polynomial
 * e^u = (1 + q) 2^floor(n/2) 2^ceil(n/2)
 * </pre>
 *
 * <p>In two factors, because 2^n may be subnormal or 2^128: so the result is rounded once, at the end. It holds for
 * {@code -170 <= u <= 89}; NaN stays NaN. The error is below 1.01 ulp.
 *
 * <p>What is left after the last whole vector goes one by one through {@link #power} or {@link #powerMinus1}, the same
 * operations in the same order, and so the same bits as in a vector; no mask is made that C2 could leave in a box.
 *
 * <p>These lines stand in every loop that needs them, for no loop here passes a vector to a method of ours. C2 stops inlining
 * such methods after 18000 nodes (a vector operation makes some 400, and what the calling method has made counts too), and a
 * vector that goes to a method which is not inlined is boxed: 20 times slower, in one caller and not in the next. The Vector API
 * has an operator EXP, but that calls a native library on some platforms and is slow scalar code on the others.
 *
 * <p><i>Source:</i> J.-M. Muller et al., Handbook of Floating-Point Arithmetic, 2nd ed., 2018, the chapter on elementary
 * functions; the polynomial is a minimax fit of the relative error, 0.05 ulp off.
 */
final class Exp {

    static final float LOG2_E = 1.4426950408889634f;

    /**
     * Added to a float below 2^22, rounds it to an integer n and leaves n + 254 in the low bits: two exponent biases, one for each
     * half of n.
     */
    static final float ROUNDER = 0x1.8p23f + 254;

    /** -ln 2 in two parts; few bits in the first, so that its product with n is exact. */
    static final float MINUS_LN2_HIGH = -0x1.62e4p-1f;
    static final float MINUS_LN2_LOW = -0x1.7f7d1cp-20f;

    static final float C6 = 0.0013814539f;
    static final float C5 = 0.008368745f;
    static final float C4 = 0.04166839f;
    static final float C3 = 0.16666521f;
    static final float C2 = 0.49999994f;

    /** Beyond these, e^u rounds to infinity or 0. */
    static final float HIGH = 89;
    static final float LOW = -104;

    /** Where {@code e^-t} has underflowed to 0, and t is still in range. */
    static final float LIMIT = 128;

    private Exp() {}

    /** {@code e^u}. */
    static float power(float u) {
        float k = Math.fma(u, LOG2_E, ROUNDER);
        float q = reducedMinus1(u, k - ROUNDER);
        int bits = Float.floatToRawIntBits(k);
        int half = bits >> 1;
        float scale = Float.intBitsToFloat(half << 23);
        return Math.fma(q, scale, scale) * Float.intBitsToFloat(bits - half << 23);
    }

    /** {@code e^u - 1 = 2^n q + (2^n - 1)}, where nothing cancels; for {@code |n| < 127}. */
    static float powerMinus1(float u) {
        float k = Math.fma(u, LOG2_E, ROUNDER);
        float scale = Float.intBitsToFloat(Float.floatToRawIntBits(k) - 127 << 23);
        return Math.fma(reducedMinus1(u, k - ROUNDER), scale, scale - 1);
    }

    /** q. */
    private static float reducedMinus1(float u, float n) {
        float r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, u));
        float q = Math.fma(r, C6, C5);
        q = Math.fma(q, r, C4);
        q = Math.fma(q, r, C3);
        q = Math.fma(q, r, C2);
        return Math.fma(q, r * r, r);
    }
}
