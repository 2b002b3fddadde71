package lanewise.internal.eltwise;

/**
 * The constants of {@code ln(1 + f)} for {@code sqrt(1/2) - 1 <= f <= 1}, and how the loops of this package compute it:
 *
 * <pre>
 * s = f / (2 + f),   z = s^2
 * ln(1 + f) = 2 atanh(s) = 2 s + s z P(z)
 * </pre>
 *
 * <p>The polynomial is a minimax fit of the relative error, 0.08 ulp off.
 */
final class Log1p {

    static final float C3 = 0.28012666f;
    static final float C2 = 0.28001678f;
    static final float C1 = 0.40021533f;
    static final float C0 = 0.6666642f;

    private Log1p() {}

    /** {@code ln(1 + f)} of one element: the same operations, the same bits. */
    static float of(float f) {
        float s = f / (f + 2);
        float z = s * s;
        float p = Math.fma(z, C3, C2);
        p = Math.fma(p, z, C1);
        p = Math.fma(p, z, C0);
        return Math.fma(p, z * s, s + s);
    }
}
