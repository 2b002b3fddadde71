package lanewise.internal.eltwise;

import lanewise.internal.eltwise.Logistic.Unit;

/** {@code x F(alpha x)} with the logistic function F, for any factor: {@link Logistic} has the case of 1. */
public final class Swish {

    /** So much at a time goes through all three passes: it stays in L1. */
    private static final int BLOCK = 1024;

    private Swish() {}

    /** {@code y = x F(alpha x) = silu(alpha x) / alpha}. */
    public static void forward(float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        if (alpha == 1) {
            Logistic.forward(Unit.SILU, x, xOffset, y, yOffset, length);
            return;
        }
        for (int i = 0; i < length; i += BLOCK) {
            int n = Math.min(BLOCK, length - i);
            Arithmetic.scale(alpha, x, xOffset + i, y, yOffset + i, n);
            Logistic.forward(Unit.SILU, y, yOffset + i, y, yOffset + i, n);
            Arithmetic.scale(1 / alpha, y, yOffset + i, y, yOffset + i, n);
        }
    }

    /** {@code dx = dy silu'(alpha x)}, or {@code +=}; by the tail of {@link Logistic}, one by one. */
    public static void gradInput(float alpha, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                 boolean accumulate) {
        if (alpha == 1) {
            Logistic.gradInput(Unit.SILU, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            return;
        }
        for (int i = 0; i < length; i++) {
            float v = alpha * x[xOffset + i];
            float t = Math.abs(v) > Exp.LIMIT ? Exp.LIMIT : Math.abs(v);
            float e = Exp.power(-t);
            float c = e / (e + 1);
            float g = c - t * (c - c * c);
            g = dy[dyOffset + i] * (v >= 0 ? 1 - g : g);
            dx[dxOffset + i] = accumulate ? g + dx[dxOffset + i] : g;
        }
    }
}
