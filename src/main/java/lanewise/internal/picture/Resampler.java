package lanewise.internal.picture;

import java.util.Arrays;
import lanewise.internal.Checks;

/**
 * Resizes a picture that comes row by row, so that a large one need not be there in floats: first along the row, then between the
 * rows. Of a source row only what its output needs is kept, for two rows at a time.
 *
 * <p>Own code, since {@code Graphics2D} rounds to 8 bits at each step, has no mean over areas and skips pixels when it shrinks by
 * more than two.
 */
public final class Resampler {

    private Resampler() {}

    /** The rows of a picture. */
    public interface Rows {

        /** Overwrites {@code to[0, width * channels)} with row {@code y}; called in order, a row now and then twice. */
        void read(int y, float[] to);
    }

    /** Overwrites {@code to[offset, offset + down.count * across.count * channels)}. */
    public static void resize(Rows rows, int channels, Axis down, Axis across, float[] to, int offset) {
        int length = across.count() * channels;
        float[] source = new float[Checks.product("row", across.in(), channels)];
        double[][] kept = new double[2][length]; // neighbouring output rows share one or two source rows, next to each other
        int[] keptRow = {-1, -1};
        double[] sum = new double[length];
        for (int p = 0; p < down.count(); p++) {
            Arrays.fill(sum, 0);
            double[] weights = down.weights(p);
            for (int k = 0; k < weights.length; k++) {
                int y = down.first(p) + k;
                double[] row = kept[y & 1];
                if (keptRow[y & 1] != y) {
                    rows.read(y, source);
                    resizeRow(across, source, channels, row);
                    keptRow[y & 1] = y;
                }
                for (int i = 0; i < length; i++) {
                    sum[i] += weights[k] * row[i];
                }
            }
            for (int i = 0; i < length; i++) {
                to[offset + p * length + i] = (float) sum[i];
            }
        }
    }

    private static void resizeRow(Axis across, float[] source, int channels, double[] to) {
        for (int q = 0; q < across.count(); q++) {
            double[] weights = across.weights(q);
            for (int channel = 0; channel < channels; channel++) {
                double sum = 0;
                for (int k = 0; k < weights.length; k++) {
                    sum += weights[k] * source[(across.first(q) + k) * channels + channel];
                }
                to[q * channels + channel] = sum;
            }
        }
    }
}
