package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import lanewise.kernel.UnaryFunction;

/**
 * The loops of each {@link UnaryFunction}. Those that networks use between their layers run in vectors; rounding, signs and waves are
 * plain loops.
 */
public final class UnaryLoops {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** Mish is x from here on, and e^x is still far from overflow. */
    private static final float MISH_HIGH = 20;

    private UnaryLoops() {}

    /** {@code y = function(x)}. */
    public static void forward(UnaryFunction function, float[] x, int xOffset, float[] y, int yOffset, int length) {
        switch (function) {
            case ABS -> abs(x, xOffset, y, yOffset, length);
            case NEGATE -> Arithmetic.scale(-1, x, xOffset, y, yOffset, length);
            case RECIPROCAL -> reciprocal(x, xOffset, y, yOffset, length);
            case EXP -> Exponentials.exp(0, x, xOffset, y, yOffset, length);
            case LOG -> Exponentials.log(x, xOffset, y, yOffset, length);
            case SQRT -> Arithmetic.sqrt(x, xOffset, y, yOffset, length);
            case ERF -> ErrorFunction.forward(x, xOffset, y, yOffset, length);
            case FLOOR -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = (float) Math.floor(x[xOffset + i]);
                }
            }
            case CEIL -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = (float) Math.ceil(x[xOffset + i]);
                }
            }
            case ROUND -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = (float) Math.rint(x[xOffset + i]);
                }
            }
            case SIGN -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = Math.signum(x[xOffset + i]);
                }
            }
            case SIN -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = (float) Math.sin(x[xOffset + i]);
                }
            }
            case COS -> {
                for (int i = 0; i < length; i++) {
                    y[yOffset + i] = (float) Math.cos(x[xOffset + i]);
                }
            }
            case SOFTSIGN -> softsign(x, xOffset, y, yOffset, length);
            case MISH -> mish(x, xOffset, y, yOffset, length);
        }
    }

    /** {@code dx = dy function'(x)}, or {@code +=}; v: y if {@link UnaryFunction#gradInputReadsOutput()}, else x. */
    public static void gradInput(UnaryFunction function, float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                 int length, boolean accumulate) {
        switch (function) {
            case EXP -> Slopes.exp(v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case LOG -> Slopes.log(v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            case SQRT -> Slopes.sqrt(v, vOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
            default -> {
                for (int i = 0; i < length; i++) {
                    float g = dy[dyOffset + i] * slope(function, v[vOffset + i]);
                    dx[dxOffset + i] = accumulate ? g + dx[dxOffset + i] : g;
                }
            }
        }
    }

    private static float slope(UnaryFunction function, float v) {
        return switch (function) {
            case ABS -> Math.signum(v);
            case NEGATE -> -1;
            case RECIPROCAL -> -v * v;
            case FLOOR, CEIL, ROUND, SIGN -> 0;
            case ERF -> ErrorFunction.slope(v);
            case SIN -> (float) Math.cos(v);
            case COS -> (float) -Math.sin(v);
            case SOFTSIGN -> {
                float t = Math.abs(v) + 1;
                yield 1 / t / t;
            }
            case MISH -> mishSlope(v);
            case EXP, LOG, SQRT -> throw new AssertionError(function);
        };
    }

    private static void abs(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector.fromArray(S, x, xOffset + i).abs().intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = Math.abs(x[xOffset + i]);
        }
    }

    private static void reciprocal(float[] x, int xOffset, float[] y, int yOffset, int length) {
        FloatVector one = FloatVector.broadcast(S, 1);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            one.div(FloatVector.fromArray(S, x, xOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = 1 / x[xOffset + i];
        }
    }

    /** {@code y = x / (1 + |x|)}, an infinite x taken for the largest number. */
    private static void softsign(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            v = v.blend(Float.MAX_VALUE, v.compare(VectorOperators.GT, Float.MAX_VALUE));
            v = v.blend(-Float.MAX_VALUE, v.compare(VectorOperators.LT, -Float.MAX_VALUE));
            v.div(v.abs().add(1)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            v = v > Float.MAX_VALUE ? Float.MAX_VALUE : v < -Float.MAX_VALUE ? -Float.MAX_VALUE : v;
            y[yOffset + i] = v / (Math.abs(v) + 1);
        }
    }

    /** With {@code e = e^x}, {@code tanh(ln(1 + e)) = e (e + 2) / (e (e + 2) + 2)}, where nothing cancels. {@link Exp} explains the rest. */
    private static void mish(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i);
            FloatVector low = v.blend(Exp.LOW, v.compare(VectorOperators.LT, Exp.LOW));
            FloatVector u = low.blend(MISH_HIGH, low.compare(VectorOperators.GT, MISH_HIGH));
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
            FloatVector w = e.mul(e.add(2));
            low.mul(w.div(w.add(2))).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i];
            float low = v < Exp.LOW ? Exp.LOW : v;
            float e = Exp.power(low > MISH_HIGH ? MISH_HIGH : low);
            float w = e * (e + 2);
            y[yOffset + i] = low * (w / (w + 2));
        }
    }

    /** {@code t + x (1 - t^2) F(x)} with {@code t = tanh(ln(1 + e^x))} and the logistic function F. */
    private static float mishSlope(float v) {
        float u = v < Exp.LOW ? Exp.LOW : v > MISH_HIGH ? MISH_HIGH : v;
        float e = Exp.power(u);
        float w = e * (e + 2);
        float t = w / (w + 2);
        return Math.fma(u * (2 / (w + 2)) * (1 + t), e / (1 + e), t);
    }
}
