package lanewise.internal.picture;

/**
 * One axis of a picture that is resized: {@code out(o) = sum over k of weight(o, k) in(first(o) + k)}. Where it shrinks, an output
 * pixel is the mean over the length that it covers; where it grows, it is interpolated between the two nearest centres, with the edge
 * continued. The static methods are the rule, an object is its table for the outputs that are wanted.
 */
public final class Axis {

    private final int in;
    private final int[] first;
    private final double[][] weights;

    private Axis(int in, int out, int from, int count) {
        this.in = in;
        first = new int[count];
        weights = new double[count][];
        for (int i = 0; i < count; i++) {
            int o = from + i;
            first[i] = first(in, out, o);
            weights[i] = new double[taps(in, out, o)];
            for (int k = 0; k < weights[i].length; k++) {
                weights[i][k] = weight(in, out, o, k);
            }
        }
    }

    /** All outputs. */
    public static Axis of(int in, int out) {
        return new Axis(in, out, 0, out);
    }

    /** Of {@code out} outputs the middle {@code count}; if what is cut off is odd, one more at the end. */
    public static Axis middle(int in, int out, int count) {
        return new Axis(in, out, (out - count) / 2, count);
    }

    int in() {
        return in;
    }

    /** How many outputs there are. */
    int count() {
        return first.length;
    }

    int first(int i) {
        return first[i];
    }

    double[] weights(int i) {
        return weights[i];
    }

    static int first(int in, int out, int o) {
        return out <= in ? (int) ((long) o * in / out) : (int) centre(in, out, o);
    }

    static int taps(int in, int out, int o) {
        if (out <= in) {
            long end = (o + 1L) * in;
            return (int) ((end + out - 1) / out) - first(in, out, o);
        }
        double centre = centre(in, out, o);
        return centre == (int) centre ? 1 : 2;
    }

    static double weight(int in, int out, int o, int k) {
        if (out > in) {
            double centre = centre(in, out, o);
            double fraction = centre - (int) centre;
            return k == 0 ? 1 - fraction : fraction;
        }
        // In units of 1 / (in out) of the axis, where all edges are whole numbers.
        long begin = (long) o * in;
        long pixel = (begin / out + k) * out;
        return (double) (Math.min(begin + in, pixel + out) - Math.max(begin, pixel)) / in;
    }

    private static double centre(int in, int out, int o) {
        return Math.clamp((o + 0.5) * in / out - 0.5, 0, in - 1);
    }
}
