package lanewise.onnx.fold;

import java.util.Arrays;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** Operators that reduce axes, or run along one. */
final class ReductionOps {

    private ReductionOps() {}

    /** What a reduction does with one row of elements, which may be empty. */
    private interface Row {
        void reduce(OnnxTensor x, int from, int length, OnnxTensor y, int to);
    }

    static OnnxTensor sum(Call call) {
        return reduce(call, 13, ReductionOps::sumRow);
    }

    static OnnxTensor mean(Call call) {
        return reduce(call, 18, (x, from, length, y, to) -> {
            if (!x.isIntegral()) {
                Elements.set(y, to, sumOf(x, from, length) / length);
                return;
            }
            if (length == 0) {
                throw new IllegalArgumentException("the mean is of 0 integers, must be of at least 1");
            }
            long sum = 0;
            for (int i = from; i < from + length; i++) {
                sum += x.longs()[i];
            }
            Elements.set(y, to, x.type() == ElementType.UINT64 ? Long.divideUnsigned(sum, length) : sum / length);
        });
    }

    static OnnxTensor max(Call call) {
        return reduce(call, 18, (x, from, length, y, to) -> extreme(x, from, length, y, to, 1));
    }

    static OnnxTensor min(Call call) {
        return reduce(call, 18, (x, from, length, y, to) -> extreme(x, from, length, y, to, -1));
    }

    static OnnxTensor prod(Call call) {
        return reduce(call, 18, (x, from, length, y, to) -> {
            long whole = 1;
            double product = 1;
            for (int i = from; i < from + length; i++) {
                if (x.isIntegral()) {
                    whole *= x.longs()[i];
                } else {
                    product *= x.get(i);
                }
            }
            store(y, to, whole, product);
        });
    }

    static OnnxTensor sumSquare(Call call) {
        return reduce(call, 18, (x, from, length, y, to) -> {
            long whole = 0;
            double sum = 0;
            for (int i = from; i < from + length; i++) {
                if (x.isIntegral()) {
                    whole += x.longs()[i] * x.longs()[i];
                } else {
                    sum += x.get(i) * x.get(i);
                }
            }
            store(y, to, whole, sum);
        });
    }

    /** The sum of absolute values. */
    static OnnxTensor l1(Call call) {
        return reduce(call, 18, (x, from, length, y, to) -> {
            long whole = 0;
            double sum = 0;
            for (int i = from; i < from + length; i++) {
                if (x.isIntegral()) {
                    whole += x.type() == ElementType.UINT64 ? x.longs()[i] : Math.abs(x.longs()[i]);
                } else {
                    sum += Math.abs(x.get(i));
                }
            }
            store(y, to, whole, sum);
        });
    }

    /** The root of the sum of squares: what a weight is divided by that was trained with weight normalisation. */
    static OnnxTensor l2(Call call) {
        return reduce(call, 18, (x, from, length, y, to) -> {
            double sum = 0;
            for (int i = from; i < from + length; i++) {
                sum += Elements.get(x, i) * Elements.get(x, i);
            }
            store(y, to, (long) Math.sqrt(sum), Math.sqrt(sum));
        });
    }

    private static void sumRow(OnnxTensor x, int from, int length, OnnxTensor y, int to) {
        long whole = 0;
        for (int i = from; x.isIntegral() && i < from + length; i++) {
            whole += x.longs()[i];
        }
        store(y, to, whole, x.isIntegral() ? 0 : sumOf(x, from, length));
    }

    private static double sumOf(OnnxTensor x, int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += x.get(i);
        }
        return sum;
    }

    private static void store(OnnxTensor y, int to, long whole, double value) {
        if (y.isIntegral()) {
            Elements.set(y, to, whole);
        } else {
            Elements.set(y, to, value);
        }
    }

    /** The largest ({@code sign} 1) or smallest (-1); of nothing, the other end of what the type holds. */
    private static void extreme(OnnxTensor x, int from, int length, OnnxTensor y, int to, int sign) {
        double best = -sign * Double.POSITIVE_INFINITY;
        long whole = x.isIntegral() ? sign > 0 ? lowest(x.type()) : highest(x.type()) : 0;
        for (int i = from; i < from + length; i++) {
            if (x.isIntegral()) {
                long value = x.longs()[i];
                whole = sign * Elements.compare(x.type(), value, whole) > 0 ? value : whole;
            } else {
                best = sign > 0 ? Math.max(best, x.get(i)) : Math.min(best, x.get(i));
            }
        }
        store(y, to, whole, best);
    }

    private static long lowest(ElementType type) {
        return switch (type) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            default -> 0;
        };
    }

    private static long highest(ElementType type) {
        return type == ElementType.BOOL ? 1 : Elements.wrap(type, lowest(type) - 1); // one below the lowest wraps to the highest
    }

    /**
     * Axes are an attribute before opset {@code axesInput}, input 1 from then on; none means all unless {@code
     * noop_with_empty_axes}.
     */
    private static OnnxTensor reduce(Call call, int axesInput, Row row) {
        OnnxTensor x = call.input(0);
        boolean keep = call.flag("keepdims", true);
        boolean none = call.opset() >= axesInput && call.flag("noop_with_empty_axes", false);
        long[] axes = call.attributeOrInput("axes", axesInput, 1);
        if (axes == null || axes.length == 0) {
            axes = none ? new long[0] : Sizes.range(x.rank()); // without axes each element is a row
        }
        boolean[] reduced = Sizes.axes(axes, x.rank());
        return rows(x, reduced, keep, x.type(), row);
    }

    private static OnnxTensor rows(OnnxTensor x, boolean[] reduced, boolean keep, ElementType type, Row row) {
        int rank = x.rank();
        int kept = 0;
        int[] permutation = new int[rank];
        int[] dims = new int[rank];
        int size = 0;
        for (int i = 0; i < rank; i++) {
            if (!reduced[i]) {
                permutation[kept++] = i;
            }
            if (!reduced[i] || keep) {
                dims[size++] = reduced[i] ? 1 : x.dim(i);
            }
        }
        for (int i = 0, next = kept; i < rank; i++) {
            if (reduced[i]) {
                permutation[next++] = i;
            }
        }
        OnnxTensor turned = Views.transpose(x, permutation);
        int length = Sizes.product(turned.dims(), kept, rank);
        OnnxTensor y = Elements.zeros(type, Arrays.copyOf(dims, size));
        for (int i = 0, n = y.size(); i < n; i++) {
            row.reduce(turned, i * length, length, y, i);
        }
        return y;
    }

    /**
     * The index of the largest ({@code sign} 1) or smallest (-1) on an axis, the first or with {@code select_last_index} the last.
     */
    private static OnnxTensor best(Call call, int sign) {
        OnnxTensor x = call.input(0);
        boolean[] reduced = new boolean[x.rank()];
        int axis = Sizes.axis(call.attributes().getInt("axis", 0), x.rank());
        reduced[axis] = true;
        boolean keep = call.flag("keepdims", true);
        boolean last = call.flag("select_last_index", false);
        if (x.dim(axis) == 0) {
            throw new IllegalArgumentException("input is " + x + ", must not be empty on axis " + axis);
        }
        return rows(x, reduced, keep, ElementType.INT64, (row, from, length, y, to) -> {
            int best = 0;
            for (int i = 1; i < length; i++) {
                int order = sign * order(row, from + i, from + best);
                best = order > 0 || last && order == 0 ? i : best;
            }
            y.longs()[to] = best;
        });
    }

    private static int order(OnnxTensor x, int i, int j) {
        if (x.isIntegral()) {
            return Integer.signum(Elements.compare(x.type(), x.longs()[i], x.longs()[j]));
        }
        return x.get(i) > x.get(j) ? 1 : x.get(i) < x.get(j) ? -1 : 0;
    }

    static OnnxTensor argMax(Call call) {
        return best(call, 1);
    }

    static OnnxTensor argMin(Call call) {
        return best(call, -1);
    }

    /** Running sums along an axis, from its end with {@code reverse}, without the element itself with {@code exclusive}. */
    static OnnxTensor cumSum(Call call) {
        OnnxTensor x = call.input(0);
        int axis = Sizes.axis(call.scalar(1, "axis", 0), x.rank());
        boolean exclusive = call.flag("exclusive", false);
        boolean reverse = call.flag("reverse", false);
        OnnxTensor y = Elements.zeros(x.type(), x.dims());
        int n = x.dim(axis);
        int inner = Sizes.product(x.dims(), axis + 1, x.rank());
        int lines = n == 0 ? 0 : x.size() / n;
        for (int line = 0; line < lines; line++) {
            long whole = 0;
            double sum = 0;
            for (int i = 0; i < n; i++) {
                int at = (line / inner * n + (reverse ? n - 1 - i : i)) * inner + line % inner;
                long wholeBefore = whole;
                double before = sum;
                if (x.isIntegral()) {
                    whole += x.longs()[at];
                } else {
                    sum += x.get(at);
                }
                store(y, at, exclusive ? wholeBefore : whole, exclusive ? before : sum);
            }
        }
        return y;
    }
}
