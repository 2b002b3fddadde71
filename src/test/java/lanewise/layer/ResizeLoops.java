package lanewise.layer;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link Resize} by the definition of ONNX: for each axis a matrix of all weights, each place's neighbours sorted by their distance among the
 * elements and their copies beyond the edges; then all products of all weights.
 */
final class ResizeLoops {

    private final Resize l;
    private final int n;
    private final Shape in;
    /** Of each axis: output places x input elements; a place that is extrapolated has no row. */
    private final double[][][] weights;

    /** {@code absolute} takes the weights without their signs. */
    ResizeLoops(Resize l, int n, Shape in, boolean absolute) {
        this.l = l;
        this.n = n;
        this.in = in;
        weights = new double[in.rank()][][];
        for (int axis = 0; axis < in.rank(); axis++) {
            weights[axis] = new double[l.sizes().get(axis)][];
            for (int i = 0; i < weights[axis].length; i++) {
                double[] row = row(axis, i);
                weights[axis][i] = row != null && absolute ? LayerOracle.abs(row) : row;
            }
        }
    }

    double[] forward(double[] x) {
        int[] out = l.sizes().stream().mapToInt(Integer::intValue).toArray();
        int size = MovementLoops.product(out);
        double[] y = new double[n * size];
        for (int i = 0; i < y.length; i++) {
            int[] to = MovementLoops.place(i % size, out);
            boolean extrapolated = IntStream.range(0, to.length).anyMatch(axis -> weights[axis][to[axis]] == null);
            y[i] = extrapolated ? l.extrapolation() : sum(0, to, x, i / size);
        }
        return y;
    }

    private double sum(int axis, int[] to, double[] x, int at) {
        if (axis == to.length) {
            return x[at];
        }
        double sum = 0;
        for (int j = 0; j < in.dim(axis); j++) {
            double weight = weights[axis][to[axis]][j];
            sum += weight == 0 ? 0 : weight * sum(axis + 1, to, x, at * in.dim(axis) + j);
        }
        return sum;
    }

    private double[] row(int axis, int i) {
        int size = in.dim(axis);
        int outSize = l.sizes().get(axis);
        double scale = l.scales().get(axis);
        scale = Math.abs(scale - (double) outSize / size) < 1e-6 ? (double) outSize / size : scale;
        double length = Math.abs(size * scale - Math.rint(size * scale)) < 1e-9 ? Math.rint(size * scale) : size * scale;
        double x = switch (l.coordinates()) {
            case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
            case HALF_PIXEL_SYMMETRIC -> size / 2.0 * (1 - outSize / length) + (i + 0.5) / scale - 0.5;
            case PYTORCH_HALF_PIXEL -> length == 1 ? 0 : (i + 0.5) / scale - 0.5;
            case ALIGN_CORNERS -> length == 1 ? 0 : i * (size - 1) / (length - 1);
            case ASYMMETRIC -> i / scale;
            case TF_HALF_PIXEL_FOR_NN -> (i + 0.5) / scale;
            case TF_CROP_AND_RESIZE -> {
                double start = l.roi().get(axis);
                double end = l.roi().get(in.rank() + axis);
                yield start * (size - 1) + (length == 1 ? (end - start) * (size - 1) / 2 : i * (end - start) * (size - 1) / (length - 1));
            }
        };
        if (l.coordinates() == ResizeCoordinates.TF_CROP_AND_RESIZE && (x < 0 || x > size - 1)) {
            return null;
        }
        double ratio = x == Math.rint(x) ? 1 : x - Math.floor(x); // from the left neighbour, which lies below x
        double[] coefficients = coefficients(ratio, l.antialias() ? Math.min(scale, 1) : 1);
        int margin = (coefficients.length + 1) / 2;
        List<Integer> neighbours = IntStream.range(-margin, size + margin).boxed()
                .sorted(Comparator.<Integer>comparingDouble(j -> Math.abs(x - j)).thenComparingInt(j -> j))
                .limit(coefficients.length).sorted().toList();
        double total = 0;
        for (int k = 0; k < coefficients.length; k++) {
            if (l.excludeOutside() && (neighbours.get(k) < 0 || neighbours.get(k) >= size)) {
                coefficients[k] = 0;
            }
            total += coefficients[k];
        }
        double[] row = new double[size];
        for (int k = 0; k < coefficients.length; k++) {
            row[Math.clamp(neighbours.get(k), 0, size - 1)] += coefficients[k] / (l.excludeOutside() || l.antialias() ? total : 1);
        }
        return row;
    }

    private double[] coefficients(double ratio, double scale) {
        if (l.mode() == ResizeMode.NEAREST) {
            boolean upper = ratio == 1 || switch (l.rounding()) {
                case FLOOR -> false;
                case CEIL -> true;
                case ROUND_PREFER_FLOOR -> ratio > 0.5;
                case ROUND_PREFER_CEIL -> ratio >= 0.5;
            };
            return upper ? new double[] {0, 1} : new double[] {1, 0};
        }
        boolean cubic = l.mode() == ResizeMode.CUBIC;
        int first = (int) Math.floor(-(cubic ? 2 : 1) / scale) + 1;
        double[] coefficients = new double[2 - 2 * first];
        for (int k = 0; k < coefficients.length; k++) {
            double d = Math.abs(scale * (first + k - ratio));
            double a = l.cubicA();
            coefficients[k] = !cubic ? Math.max(0, 1 - d)
                    : d <= 1 ? (a + 2) * d * d * d - (a + 3) * d * d + 1
                    : d < 2 ? a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a : 0;
        }
        return coefficients;
    }
}
