package lanewise.layer;

import java.util.Arrays;
import lanewise.internal.Checks;
import lanewise.kernel.GatherPlan;
import lanewise.kernel.Interpolation;

/**
 * One axis of a {@link Resize}: for each place of the output the elements it reads and their weights, in double until the end.
 *
 * @param layer the layer
 * @param axis number of the axis
 * @param size of the input's axis
 */
record ResizeAxis(Resize layer, int axis, int size) {

    /** Beyond it all is the same, and within it a double still tells fractions. */
    private static final double FAR = 1e9;

    private int places() {
        return layer.sizes().get(axis);
    }

    /** Whether the float given as the scale is the ratio of the sizes, rounded. */
    private boolean isRatio() {
        return layer.scales().get(axis) == (float) ((double) places() / size);
    }

    /** The exact ratio if it can be had: a rounded scale moves coordinates off the elements on which they fall. */
    private double scale() {
        return isRatio() ? (double) places() / size : layer.scales().get(axis);
    }

    private boolean crops() {
        return layer.coordinates() == ResizeCoordinates.TF_CROP_AND_RESIZE;
    }

    private double coordinate(int i) {
        double start = crops() ? layer.roi().get(axis) : 0;
        double end = crops() ? layer.roi().get(layer.sizes().size() + axis) : 1;
        double length = isRatio() ? places() : scale() * size;
        double x = layer.coordinates().coordinate(i, scale(), length, size, places(), start, end);
        return Math.clamp(x, -FAR, FAR);
    }

    /** Whether what lies there is made of no element. */
    private boolean isBeyond(double x) {
        return crops() && (x < 0 || x > size - 1);
    }

    /** The nearest element of each place; null if that is the axis as it is. */
    int[] nearest() {
        int[] table = new int[places()];
        for (int i = 0; i < table.length; i++) {
            double x = coordinate(i);
            table[i] = isBeyond(x) ? GatherPlan.FILL : (int) Math.clamp(layer.rounding().round(x), 0.0, size - 1.0);
        }
        return Axes.orWhole(table, size);
    }

    /** The weighted neighbours of each place; null if that is the axis as it is. */
    Interpolation.Taps taps() {
        int[] starts = new int[places() + 1];
        int most = (int) Math.min(2L * reach(), size);
        int[] indices = new int[Checks.product("taps", places(), most)];
        float[] weights = new float[indices.length];
        double[] sums = new double[size];
        int n = 0;
        for (int i = 0; i < places(); i++) {
            double x = coordinate(i);
            if (!isBeyond(x)) {
                int[] range = addNeighbours(x, sums);
                for (int index = range[0]; index <= range[1]; index++) {
                    if (sums[index] != 0) {
                        indices[n] = index;
                        weights[n++] = (float) sums[index];
                        sums[index] = 0;
                    }
                }
            }
            starts[i + 1] = n;
        }
        Interpolation.Taps taps = new Interpolation.Taps(starts, Arrays.copyOf(indices, n), Arrays.copyOf(weights, n));
        return isWhole(taps) ? null : taps;
    }

    private boolean isWhole(Interpolation.Taps taps) {
        boolean whole = taps.indices().length == places() && Axes.isWhole(taps.indices(), size);
        for (int i = 0; whole && i < size; i++) {
            whole = taps.starts()[i] == i && taps.weights()[i] == 1;
        }
        return whole;
    }

    /** How much the kernel is widened, so that a smaller output is a mean of what it stands for. */
    private double narrowing() {
        return layer.antialias() ? Math.min(scale(), 1) : 1;
    }

    /** How many neighbours are read on either side. */
    private int reach() {
        int own = layer.mode() == ResizeMode.LINEAR ? 1 : 2;
        return -(int) Math.floor(-own / narrowing());
    }

    /**
     * Adds the weights of the neighbours of {@code x} to the elements they are, the first and last element standing for those
     * beyond.
     *
     * @return the first and last element with a weight
     */
    private int[] addNeighbours(double x, double[] sums) {
        int reach = reach();
        int first = Math.clamp((long) Math.ceil(x) - reach, -reach, size - reach); // the 2 reach nearest, those of lower numbers first
        double origin = Math.ceil(x) - reach;
        double total = 0;
        double outside = 0;
        for (int k = 0; k < 2 * reach; k++) {
            double weight = weight((origin + k - x) * narrowing());
            total += weight;
            outside += first + k < 0 || first + k >= size ? weight : 0;
        }
        double scale = layer.excludeOutside() ? total - outside : layer.antialias() ? total : 1;
        if (scale == 0) { // far beyond the edge, and what is there does not count
            sums[x < 0 ? 0 : size - 1] = 1;
            return new int[] {0, size - 1};
        }
        for (int k = 0; k < 2 * reach; k++) {
            int index = first + k;
            if (!layer.excludeOutside() || index >= 0 && index < size) {
                sums[Math.clamp(index, 0, size - 1)] += weight((origin + k - x) * narrowing()) / scale;
            }
        }
        return new int[] {Math.clamp(first, 0, size - 1), Math.clamp(first + 2L * reach - 1, 0, size - 1)};
    }

    /** The kernel at a distance. <i>Source:</i> Keys, Cubic convolution interpolation for digital image processing, 1981. */
    private double weight(double distance) {
        double d = Math.abs(distance);
        if (layer.mode() == ResizeMode.LINEAR) {
            return Math.max(1 - d, 0);
        }
        double a = layer.cubicA();
        if (d <= 1) {
            return ((a + 2) * d - (a + 3)) * d * d + 1;
        }
        return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }
}
