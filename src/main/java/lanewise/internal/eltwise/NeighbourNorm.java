package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The steps of local response normalisation on one row of channels, each a plain loop over ranges that stay in L1:
 *
 * <pre>base = bias + scale (sum of neighbours' squares),   y = x base^-beta</pre>
 *
 * <p>Neighbours are found in a copy of the row with room at both ends, where the sum over a window is the sum of shifted loads.
 */
public final class NeighbourNorm {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private NeighbourNorm() {}

    /** {@code y[c] = shift + scale (a[c] + ... + a[c + taps - 1])}; {@code a} has {@code length + taps - 1} elements. */
    public static void windowSums(float[] a, int aOffset, int taps, float scale, float shift, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector sum = FloatVector.zero(S);
            for (int tap = 0; tap < taps; tap++) {
                sum = FloatVector.fromArray(S, a, aOffset + i + tap).add(sum);
            }
            sum.fma(FloatVector.broadcast(S, scale), FloatVector.broadcast(S, shift)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float sum = 0;
            for (int tap = 0; tap < taps; tap++) {
                sum += a[aOffset + i + tap];
            }
            y[yOffset + i] = Math.fma(sum, scale, shift);
        }
    }

    /** {@code y = base^-beta}; fast for the beta of every published network, 3/4, and for 1/2 and 1. */
    public static void power(float[] base, int baseOffset, float beta, float[] y, int yOffset, int length) {
        if (beta == 0.75f) {
            power34(base, baseOffset, y, yOffset, length);
        } else if (beta == 0.5f) {
            power12(base, baseOffset, y, yOffset, length);
        } else if (beta == 1) {
            power1(base, baseOffset, y, yOffset, length);
        } else {
            for (int i = 0; i < length; i++) {
                y[yOffset + i] = (float) Math.pow(base[baseOffset + i], -beta);
            }
        }
    }

    private static void power34(float[] base, int baseOffset, float[] y, int yOffset, int length) {
        FloatVector one = FloatVector.broadcast(S, 1);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector root = FloatVector.fromArray(S, base, baseOffset + i).sqrt();
            one.div(root.mul(root.sqrt())).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float root = (float) Math.sqrt(base[baseOffset + i]);
            y[yOffset + i] = 1 / (root * (float) Math.sqrt(root));
        }
    }

    private static void power12(float[] base, int baseOffset, float[] y, int yOffset, int length) {
        FloatVector one = FloatVector.broadcast(S, 1);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            one.div(FloatVector.fromArray(S, base, baseOffset + i).sqrt()).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = 1 / (float) Math.sqrt(base[baseOffset + i]);
        }
    }

    private static void power1(float[] base, int baseOffset, float[] y, int yOffset, int length) {
        FloatVector one = FloatVector.broadcast(S, 1);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            one.div(FloatVector.fromArray(S, base, baseOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            y[yOffset + i] = 1 / base[baseOffset + i];
        }
    }

    /** {@code y = dy x power / base}: what an output hands to the squares of its window, but for a constant. */
    public static void shares(float[] x, int xOffset, float[] dy, int dyOffset, float[] base, int baseOffset, float[] power,
                              int powerOffset, float[] y, int yOffset, int length) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xOffset + i).mul(FloatVector.fromArray(S, power, powerOffset + i));
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i).mul(v);
            d.div(FloatVector.fromArray(S, base, baseOffset + i)).intoArray(y, yOffset + i);
        }
        for (int i = body; i < length; i++) {
            float v = x[xOffset + i] * power[powerOffset + i];
            y[yOffset + i] = dy[dyOffset + i] * v / base[baseOffset + i];
        }
    }

    /** {@code dx = dy power + x slope}, or {@code +=}. */
    public static void gradInput(float[] x, int xOffset, float[] dy, int dyOffset, float[] power, int powerOffset, float[] slope,
                                 int slopeOffset, float[] dx, int dxOffset, int length, boolean accumulate) {
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i).mul(FloatVector.fromArray(S, power, powerOffset + i));
            FloatVector g = FloatVector.fromArray(S, x, xOffset + i).fma(FloatVector.fromArray(S, slope, slopeOffset + i), d);
            if (accumulate) {
                g.add(FloatVector.fromArray(S, dx, dxOffset + i)).intoArray(dx, dxOffset + i);
            } else {
                g.intoArray(dx, dxOffset + i);
            }
        }
        for (int i = body; i < length; i++) {
            float g = Math.fma(x[xOffset + i], slope[slopeOffset + i], dy[dyOffset + i] * power[powerOffset + i]);
            dx[dxOffset + i] = accumulate ? g + dx[dxOffset + i] : g;
        }
    }
}
