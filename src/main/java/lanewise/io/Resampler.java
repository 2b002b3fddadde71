package lanewise.io;

import java.util.Arrays;
import lanewise.internal.Checks;

/**
 * Resizes a picture that comes row by row, so that a large one need not be there in floats: first along the row, then between the
 * rows. Of a source row only what its output needs is kept, for two rows at a time.
 *
 * <p>Own code, since {@code Graphics2D} rounds to 8 bits at each step, has no mean over areas and skips pixels when it shrinks by
 * more than two.
 */
final class Resampler {

    private Resampler() {}

    /** The rows of a picture. */
    interface Rows {

        /** Overwrites {@code to[0, width * channels)} with row {@code y}; called in order, a row now and then twice. */
        void read(int y, float[] to);
    }

    /** Along one axis: out(o) is the sum over k of weights[o][k] in(first[o] + k). */
    private record Axis(int[] first, double[][] weights) {

        static Axis of(int in, int out) {
            var axis = new Axis(new int[out], new double[out][]);
            for (int o = 0; o < out; o++) {
                if (out <= in) {
                    axis.cover(o, in, out);
                } else {
                    axis.interpolate(o, in, out);
                }
            }
            return axis;
        }

        /** In units of 1 / (in out) of the axis, where all edges are whole numbers. */
        private void cover(int o, long in, long out) {
            long begin = o * in;
            long end = begin + in;
            first[o] = (int) (begin / out);
            weights[o] = new double[(int) ((end + out - 1) / out) - first[o]];
            for (int k = 0; k < weights[o].length; k++) {
                long pixel = (first[o] + k) * out;
                weights[o][k] = (double) (Math.min(end, pixel + out) - Math.max(begin, pixel)) / in;
            }
        }

        private void interpolate(int o, int in, int out) {
            double centre = Math.clamp((o + 0.5) * in / out - 0.5, 0, in - 1);
            first[o] = (int) centre;
            double fraction = centre - first[o];
            weights[o] = fraction == 0 ? new double[] {1} : new double[] {1 - fraction, fraction};
        }
    }

    static Picture resize(int inHeight, int inWidth, int channels, Rows rows, int height, int width) {
        Checks.atLeast(height, 1, "height");
        Checks.atLeast(width, 1, "width");
        int length = width * channels;
        float[] values = new float[Checks.product("picture", height, width, channels)];
        Axis across = Axis.of(inWidth, width);
        Axis down = Axis.of(inHeight, height);
        float[] source = new float[Checks.product("row", inWidth, channels)];
        double[][] kept = new double[2][length]; // neighbouring output rows share one or two source rows, next to each other
        int[] keptRow = {-1, -1};
        double[] sum = new double[length];
        for (int p = 0; p < height; p++) {
            Arrays.fill(sum, 0);
            for (int k = 0; k < down.weights[p].length; k++) {
                int y = down.first[p] + k;
                double[] row = kept[y & 1];
                if (keptRow[y & 1] != y) {
                    rows.read(y, source);
                    resizeRow(across, source, channels, row);
                    keptRow[y & 1] = y;
                }
                for (int i = 0; i < length; i++) {
                    sum[i] += down.weights[p][k] * row[i];
                }
            }
            for (int i = 0; i < length; i++) {
                values[p * length + i] = (float) sum[i];
            }
        }
        return new Picture(height, width, channels, values);
    }

    private static void resizeRow(Axis across, float[] source, int channels, double[] to) {
        for (int q = 0; q < across.first.length; q++) {
            double[] weights = across.weights[q];
            for (int channel = 0; channel < channels; channel++) {
                double sum = 0;
                for (int k = 0; k < weights.length; k++) {
                    sum += weights[k] * source[(across.first[q] + k) * channels + channel];
                }
                to[q * channels + channel] = sum;
            }
        }
    }
}
