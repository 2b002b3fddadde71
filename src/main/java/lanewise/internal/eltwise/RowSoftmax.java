package lanewise.internal.eltwise;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax, its logarithm and their gradients, for one row.
 */
public final class RowSoftmax {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private RowSoftmax() {}

    /** {@code y = e^(x - max x) / sum e^(x - max x)}. */
    public static void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Exponentials.exp(Extremes.max(x, xOffset, length), x, xOffset, y, yOffset, length);
        float scale = (float) (1 / Sums.sum(y, yOffset, length));
        Arithmetic.scale(scale, y, yOffset, y, yOffset, length);
    }

    /** {@code y = (x - max x) - ln sum e^(x - max x)}. */
    public static void logForward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        float max = Extremes.max(x, xOffset, length);
        float logSum = (float) Math.log(Exponentials.sumExp(max, x, xOffset, length));
        Arithmetic.shift(max, logSum, x, xOffset, y, yOffset, length);
    }

    /** {@code dx = y (dy - sum y dy)}, or {@code +=}. */
    public static void gradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                 boolean accumulate) {
        float mean = (float) Sums.dot(y, yOffset, dy, dyOffset, length);
        int body = S.loopBound(length);
        for (int i = 0; i < body; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, y, yOffset + i);
            FloatVector d = FloatVector.fromArray(S, dy, dyOffset + i);
            FloatVector g = v.mul(d.sub(mean));
            if (accumulate) {
                g = g.add(FloatVector.fromArray(S, dx, dxOffset + i));
            }
            g.intoArray(dx, dxOffset + i);
        }
        for (int i = body; i < length; i++) {
            float g = y[yOffset + i] * (dy[dyOffset + i] - mean);
            dx[dxOffset + i] = accumulate ? g + dx[dxOffset + i] : g;
        }
    }

    /** {@code dx = dy - e^y sum dy}, or {@code +=}, for y of {@link #logForward}. */
    public static void logGradInput(float[] y, int yOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length,
                                    boolean accumulate) {
        float sum = (float) Sums.sum(dy, dyOffset, length);
        Exponentials.logSoftmaxGradInput(sum, y, yOffset, dy, dyOffset, dx, dxOffset, length, accumulate);
    }
}
