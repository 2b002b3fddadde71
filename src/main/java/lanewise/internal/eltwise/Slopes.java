package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradients whose slope takes a few operations on x or y, over ranges. At a kink the slope is that of the flat piece; NaN is in
 * no flat piece.
 */
public final class Slopes {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    /** As an argument of CLIP: no number is beyond it. */
    private static final float NO_BOUND = Float.NaN;

    /** A derivative, as a function of v, an element of x or y. */
    private enum Slope {
        /** {@code v <= a || v >= b ? 0 : c}. */
        CLIP,
        /** {@code v < 0 ? a : 1}. */
        LEAKY,
        /** {@code v <= -3 ? 0 : v >= 3 ? 1 : v / 3 + 1/2}. */
        HARD_SWISH,
        /** {@code v}. */
        EXP,
        /** {@code 1 / v}. */
        LOG,
        /** {@code 1 / (2 v)}. */
        SQRT,
        /** {@code v (1 - v)}. */
        SIGMOID,
        /** {@code 1 - v^2}. */
        TANH,
        /** {@code v < 0 ? (v + a) b : c}. */
        ELU
    }

    private Slopes() {}

    /** {@code dx = y <= 0 ? 0 : dy}, or {@code +=}. */
    public static void relu(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                            boolean accumulate) {
        gradInput(Slope.CLIP, 0, NO_BOUND, 1, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = x < 0 ? alpha dy : dy}, or {@code +=}. */
    public static void leakyRelu(float alpha, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                 int length, boolean accumulate) {
        gradInput(Slope.LEAKY, alpha, 0, 0, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = y <= low || y >= high ? 0 : dy}, or {@code +=}; an infinite bound is none. */
    public static void clip(float low, float high, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                            int length, boolean accumulate) {
        gradInput(Slope.CLIP, bound(low), bound(high), 1, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = y <= 0 || y >= 1 ? 0 : alpha dy}, or {@code +=}. */
    public static void hardSigmoid(float alpha, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                   int length, boolean accumulate) {
        gradInput(Slope.CLIP, 0, 1, alpha, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = x <= -3 ? 0 : x >= 3 ? dy : dy (x / 3 + 1/2)}, or {@code +=}. */
    public static void hardSwish(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                 boolean accumulate) {
        gradInput(Slope.HARD_SWISH, 0, 0, 0, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = dy y}, or {@code +=}. */
    public static void exp(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                           boolean accumulate) {
        gradInput(Slope.EXP, 0, 0, 0, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = dy / x}, or {@code +=}. */
    public static void log(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                           boolean accumulate) {
        gradInput(Slope.LOG, 0, 0, 0, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = dy / (2 y)}, or {@code +=}. */
    public static void sqrt(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                            boolean accumulate) {
        gradInput(Slope.SQRT, 0, 0, 0, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = dy y (1 - y)}, or {@code +=}. */
    public static void sigmoid(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                               boolean accumulate) {
        gradInput(Slope.SIGMOID, 0, 0, 0, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = dy (1 - y^2)}, or {@code +=}. */
    public static void tanh(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                            boolean accumulate) {
        gradInput(Slope.TANH, 0, 0, 0, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = x <= alpha ? 0 : dy}, or {@code +=}. */
    public static void thresholdedRelu(float alpha, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                       int length, boolean accumulate) {
        gradInput(Slope.CLIP, alpha, NO_BOUND, 1, x, xOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    /** {@code dx = y < 0 ? dy (y + alpha) factor : positive dy}, or {@code +=}. */
    public static void elu(float alpha, float factor, float positive, float[] y, int yOffset, float[] dy, int dyOffset, float[] dx,
                           int dxOffset, int length, boolean accumulate) {
        gradInput(Slope.ELU, alpha, factor, positive, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }

    private static float bound(float b) {
        return Float.isInfinite(b) ? NO_BOUND : b;
    }

    /**
     * {@code dx = dy slope(v)}, or {@code +=}; a, b and c are the slope's. Whole vectors by a loop for each slope: a switch inside one
     * loop merged vectors of nine kinds and a masked tail, and C2 left them boxed in some runs (NOTES 26). The tail is scalar, by the
     * same operations, so an element's bits do not depend on where it lies.
     */
    private static void gradInput(Slope slope, float a, float b, float c, float[] v, int vOffset, float[] dy, int dyOffset,
                                  float[] dx, int dxOffset, int length, boolean accumulate) {
        int body = S.loopBound(length);
        switch (slope) {
            case CLIP -> clipBody(a, b, c, v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
            case LEAKY -> leakyBody(a, v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
            case HARD_SWISH -> hardSwishBody(v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
            case EXP -> expBody(v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
            case LOG -> logBody(v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
            case SQRT -> sqrtBody(v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
            case SIGMOID -> sigmoidBody(v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
            case TANH -> tanhBody(v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
            case ELU -> eluBody(a, b, c, v, vOffset, dy, dyOffset, dx, dxOffset, body, accumulate);
        }
        for (int i = body; i < length; i++) {
            float g = slope(slope, a, b, c, v[vOffset + i], dy[dyOffset + i]);
            dx[dxOffset + i] = accumulate ? g + dx[dxOffset + i] : g;
        }
    }

    private static float slope(Slope slope, float a, float b, float c, float v, float d) {
        return switch (slope) {
            case CLIP -> v <= a || v >= b ? 0 : d * c;
            case LEAKY -> v < 0 ? d * a : d;
            case HARD_SWISH -> v <= -3 ? 0 : v >= 3 ? d : d * Math.fma(v, 1 / 3f, 0.5f);
            case EXP -> d * v;
            case LOG -> d / v;
            case SQRT -> d / (v + v);
            case SIGMOID -> d * (v * (-v + 1));
            case TANH -> d * Math.fma(-v, v, 1);
            case ELU -> v < 0 ? d * ((v + a) * b) : d * c;
        };
    }

    private static void clipBody(float a, float b, float c, float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                 int body, boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.mul(c).blend(0, u.compare(VectorOperators.LE, a)).blend(0, u.compare(VectorOperators.GE, b));
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }

    private static void leakyBody(float a, float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int body,
                                  boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.blend(d.mul(a), u.compare(VectorOperators.LT, 0));
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }

    private static void hardSwishBody(float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int body,
                                      boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.mul(u.fma(1 / 3f, 0.5f)).blend(0, u.compare(VectorOperators.LE, -3))
                    .blend(d, u.compare(VectorOperators.GE, 3));
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }

    private static void expBody(float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int body,
                                boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.mul(u);
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }

    private static void logBody(float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int body,
                                boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.div(u);
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }

    private static void sqrtBody(float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int body,
                                 boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.div(u.add(u));
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }

    private static void sigmoidBody(float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int body,
                                    boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.mul(u.mul(u.neg().add(1)));
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }

    private static void tanhBody(float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int body,
                                 boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.mul(u.neg().fma(u, FloatVector.broadcast(S, 1)));
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }

    private static void eluBody(float a, float b, float c, float[] v, int vOffset, float[] dy, int dyOffset, float[] dx, int dxOffset,
                                int body, boolean accumulate) {
        for (int i = 0; i < body; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, v, vOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = d.mul(c).blend(d.mul(u.add(a).mul(b)), u.compare(VectorOperators.LT, 0));
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
    }
}
