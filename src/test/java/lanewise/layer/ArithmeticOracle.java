package lanewise.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import lanewise.kernel.BinaryFunction;
import lanewise.kernel.ReduceFunction;
import lanewise.kernel.UnaryFunction;

/** The part of {@link LayerOracle} for functions of elements, pairs, axes and matrices; arrays hold the whole batch. */
final class ArithmeticOracle {

    private ArithmeticOracle() {}

    static double[] forward(Layer layer, int n, List<Shape> in, List<double[]> x, List<double[]> parameters) {
        double[] first = x.getFirst();
        return switch (layer) {
            case Binary l -> {
                int rank = Math.max(in.get(0).rank(), in.get(1).rank());
                yield pairs(pair(l.function()), wider(dims(n, in.get(0)), rank), first, wider(dims(n, in.get(1)), rank), x.get(1));
            }
            case BinaryParameter l -> operand(pair(l.function()), n, in.getFirst(), first, l.operand(), parameters.getFirst(),
                    l.operandFirst());
            case PRelu l -> operand(pair(BinaryFunction.PRELU), n, in.getFirst(), first, l.slope(), parameters.getFirst(), false);
            case Reduction l -> reduce(l.function(), l.axes(), n, in.getFirst(), first);
            case Softmax l -> softmax(l.axis(), n, in.getFirst(), first, false);
            case LogSoftmax l -> softmax(l.axis(), n, in.getFirst(), first, true);
            case MatMul l -> product(l, n, in, x);
            default -> {
                DoubleUnaryOperator function = pointwise(layer);
                if (function == null) {
                    throw new AssertionError("no oracle for " + layer);
                }
                yield Arrays.stream(first).map(function).toArray();
            }
        };
    }

    /** A function of single elements, or null. */
    static DoubleUnaryOperator pointwise(Layer layer) {
        return switch (layer) {
            case LeakyRelu l -> v -> v < 0 ? l.alpha() * v : v;
            case Elu l -> v -> v < 0 ? l.alpha() * Math.expm1(v) : v;
            case Selu l -> v -> l.gamma() * (v < 0 ? l.alpha() * Math.expm1(v) : v);
            case Celu l -> v -> v < 0 ? l.alpha() * Math.expm1(v / l.alpha()) : v;
            case Clip l -> v -> Math.min(Math.max(v, l.min()), l.max());
            case ThresholdedRelu l -> v -> v > l.alpha() ? v : 0;
            case Softsign _ -> single(UnaryFunction.SOFTSIGN);
            case Mish _ -> single(UnaryFunction.MISH);
            case HardSigmoid l -> v -> Math.min(Math.max(l.alpha() * v + l.beta(), 0), 1);
            case Silu l -> v -> v / (1 + Math.exp(-l.alpha() * v));
            case Unary l -> single(l.function());
            default -> null;
        };
    }

    static DoubleUnaryOperator single(UnaryFunction function) {
        return switch (function) {
            case ABS -> Math::abs;
            case NEGATE -> v -> -v;
            case RECIPROCAL -> v -> 1 / v;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SQRT -> Math::sqrt;
            case ERF -> lanewise.oracle.ActivationOracle::erf;
            case FLOOR -> Math::floor;
            case CEIL -> Math::ceil;
            case ROUND -> Math::rint;
            case SIGN -> Math::signum;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case SOFTSIGN -> v -> v / (1 + Math.abs(v));
            case MISH -> v -> v * Math.tanh(Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))));
        };
    }

    private static DoubleBinaryOperator pair(BinaryFunction function) {
        return switch (function) {
            case ADD -> (a, b) -> a + b;
            case SUBTRACT -> (a, b) -> a - b;
            case MULTIPLY -> (a, b) -> a * b;
            case DIVIDE -> (a, b) -> a / b;
            case POWER -> Math::pow;
            case MINIMUM -> Math::min;
            case MAXIMUM -> Math::max;
            case PRELU -> (a, b) -> a < 0 ? a * b : a;
        };
    }

    /** What bounds each output and has no minus sign. */
    static double[] majorant(Layer layer, int n, List<Shape> in, List<double[]> x, List<double[]> parameters) {
        List<double[]> sizes = x.stream().map(LayerOracle::abs).toList();
        List<double[]> own = parameters.stream().map(LayerOracle::abs).toList();
        double[] y = LayerOracle.abs(forward(layer, n, in, x, parameters));
        BinaryFunction function = layer instanceof Binary l ? l.function() : layer instanceof BinaryParameter p ? p.function() : null;
        if (layer instanceof MatMul) {
            return forward(layer, n, in, sizes, own);
        }
        if (function == BinaryFunction.SUBTRACT) {
            Layer sum = layer instanceof BinaryParameter p ? new BinaryParameter(BinaryFunction.ADD, p.operand(), p.operandFirst())
                    : new Binary(BinaryFunction.ADD);
            return forward(sum, n, in, sizes, own);
        }
        if (layer instanceof Reduction l && (l.function() == ReduceFunction.SUM || l.function() == ReduceFunction.MEAN)) {
            return forward(layer, n, in, sizes, own);
        }
        for (int i = 0; layer instanceof ActivationLayer && i < y.length; i++) {
            y[i] = Math.max(y[i], sizes.getFirst()[i]);
        }
        for (int i = 0; (layer instanceof LogSoftmax || layer instanceof Reduction) && i < y.length; i++) {
            y[i] += 1;
        }
        return y;
    }

    static int roundings(Layer layer, List<Shape> in) {
        return switch (layer) {
            case ThresholdedRelu _, Clip _ -> 0;
            case ActivationLayer _ -> 4;
            case PRelu _ -> 1;
            case Binary _, BinaryParameter _ -> 2;
            case Reduction l -> 4 + l.axes().stream().mapToInt(axis -> in.getFirst().dim(axis)).reduce(1, (a, b) -> a * b);
            case Softmax l -> 72 + in.getFirst().dim(Math.floorMod(l.axis(), in.getFirst().rank())); // the kernel documents 72 ulp
            case LogSoftmax _ -> 80;
            case MatMul l -> in.getFirst().dim(in.getFirst().rank() - (l.transposeA() ? 2 : 1)) + 2;
            default -> 0;
        };
    }

    /** Whether the data of the layer's tests must be positive. */
    static boolean needsPositive(Layer layer) {
        return switch (layer) {
            case Unary l -> List.of(UnaryFunction.LOG, UnaryFunction.SQRT, UnaryFunction.RECIPROCAL).contains(l.function());
            case Binary l -> needsPositive(l.function());
            case BinaryParameter l -> needsPositive(l.function());
            case Reduction l -> l.function() == ReduceFunction.PRODUCT; // or it is as good as 0
            case Each l -> needsPositive(l.layer());
            default -> false;
        };
    }

    private static boolean needsPositive(BinaryFunction function) {
        return function == BinaryFunction.DIVIDE || function == BinaryFunction.POWER;
    }

    /** Whether all gradients are 0. */
    static boolean isFlat(Layer layer) {
        return layer instanceof Unary l
                && List.of(UnaryFunction.FLOOR, UnaryFunction.CEIL, UnaryFunction.ROUND, UnaryFunction.SIGN).contains(l.function());
    }

    /** Whether the layer has a derivative at these data, {@code distance} around each. */
    static boolean isOffKinks(Layer layer, int n, List<Shape> in, List<double[]> x, List<double[]> parameters, double distance) {
        if (layer instanceof Binary l && isExtreme(l.function())) {
            double[] gap = forward(new Binary(BinaryFunction.SUBTRACT), n, in, x, parameters);
            return Arrays.stream(gap).allMatch(v -> Math.abs(v) > distance);
        }
        if (layer instanceof BinaryParameter l && isExtreme(l.function())) {
            double[] gap = forward(new BinaryParameter(BinaryFunction.SUBTRACT, l.operand(), l.operandFirst()), n, in, x, parameters);
            return Arrays.stream(gap).allMatch(v -> Math.abs(v) > distance);
        }
        return Arrays.stream(x.getFirst()).allMatch(v -> Arrays.stream(kinks(layer)).allMatch(kink -> Math.abs(v - kink) > distance));
    }

    private static boolean isExtreme(BinaryFunction function) {
        return function == BinaryFunction.MINIMUM || function == BinaryFunction.MAXIMUM;
    }

    private static double[] kinks(Layer layer) {
        return switch (layer) {
            case LeakyRelu _, Elu _, Selu _, Celu _, PRelu _ -> new double[] {0};
            case Clip l -> new double[] {l.min(), l.max()};
            case ThresholdedRelu l -> new double[] {l.alpha()};
            case HardSigmoid l -> new double[] {-l.beta() / l.alpha(), (1 - l.beta()) / l.alpha()};
            case Reduction l when l.function() == ReduceFunction.L1 -> new double[] {0};
            case BinaryParameter l when l.function() == BinaryFunction.PRELU -> new double[] {0};
            case Binary l when l.function() == BinaryFunction.PRELU -> new double[] {0};
            case Unary l -> switch (l.function()) {
                case ABS, SIGN -> new double[] {0};
                case FLOOR, CEIL -> steps(0);
                case ROUND -> steps(0.5);
                default -> new double[0];
            };
            default -> new double[0];
        };
    }

    private static double[] steps(double from) {
        double[] steps = new double[21];
        Arrays.setAll(steps, i -> from + i - 10);
        return steps;
    }

    static int[] dims(int n, Shape shape) {
        int[] dims = new int[shape.rank() + 1];
        dims[0] = n;
        for (int i = 0; i < shape.rank(); i++) {
            dims[i + 1] = shape.dim(i);
        }
        return dims;
    }

    private static double[] operand(DoubleBinaryOperator f, int n, Shape in, double[] x, Shape shape, double[] operand, boolean first) {
        int[] dims = wider(dims(n, in), Math.max(in.rank(), shape.rank()));
        int[] own = shape.dims().stream().mapToInt(i -> i).toArray();
        return first ? pairs(f, own, operand, dims, x) : pairs(f, dims, x, own, operand);
    }

    /** A batch of shapes with {@code rank} sizes: ones are put in behind the batch. */
    private static int[] wider(int[] dims, int rank) {
        int[] wider = new int[rank + 1];
        Arrays.fill(wider, 1);
        wider[0] = dims[0];
        System.arraycopy(dims, 1, wider, 2 + rank - dims.length, dims.length - 1);
        return wider;
    }

    /** Every element of the output by its index along each axis. */
    private static double[] pairs(DoubleBinaryOperator f, int[] aDims, double[] a, int[] bDims, double[] b) {
        int rank = Math.max(aDims.length, bDims.length);
        int[] left = padded(aDims, rank);
        int[] right = padded(bDims, rank);
        int[] dims = new int[rank];
        Arrays.setAll(dims, i -> Math.max(left[i], right[i]));
        double[] y = new double[Arrays.stream(dims).reduce(1, (i, j) -> i * j)];
        int[] index = new int[rank];
        for (int at = 0; at < y.length; at++) {
            y[at] = f.applyAsDouble(a[flat(index, left)], b[flat(index, right)]);
            for (int axis = rank - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
                index[axis] = 0;
            }
        }
        return y;
    }

    /** Filled up by ones in front. */
    private static int[] padded(int[] dims, int rank) {
        int[] padded = new int[rank];
        Arrays.fill(padded, 1);
        System.arraycopy(dims, 0, padded, rank - dims.length, dims.length);
        return padded;
    }

    private static int flat(int[] index, int[] dims) {
        int at = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            at = at * dims[axis] + (dims[axis] == 1 ? 0 : index[axis]);
        }
        return at;
    }

    private static double[] reduce(ReduceFunction function, List<Integer> axes, int n, Shape in, double[] x) {
        int[] dims = dims(n, in);
        int[] kept = dims.clone();
        axes.forEach(axis -> kept[axis + 1] = 1);
        List<List<Double>> met = new ArrayList<>();
        for (int i = 0; i < Arrays.stream(kept).reduce(1, (a, b) -> a * b); i++) {
            met.add(new ArrayList<>());
        }
        int[] index = new int[dims.length];
        for (int at = 0; at < x.length; at++) {
            int rest = at;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                index[axis] = rest % dims[axis];
                rest /= dims[axis];
            }
            met.get(flat(index, kept)).add(x[at]);
        }
        return met.stream().mapToDouble(values -> reduce(function, values.stream().mapToDouble(v -> v).toArray())).toArray();
    }

    private static double reduce(ReduceFunction function, double[] v) {
        return switch (function) {
            case MEAN -> Arrays.stream(v).sum() / v.length;
            case SUM -> Arrays.stream(v).sum();
            case MAX -> Arrays.stream(v).max().orElseThrow();
            case MIN -> Arrays.stream(v).min().orElseThrow();
            case PRODUCT -> Arrays.stream(v).reduce(1, (a, b) -> a * b);
            case L1 -> Arrays.stream(v).map(Math::abs).sum();
            case L2 -> Math.sqrt(Arrays.stream(v).map(a -> a * a).sum());
            case SUM_SQUARE -> Arrays.stream(v).map(a -> a * a).sum();
            case LOG_SUM_EXP -> Math.log(Arrays.stream(v).map(Math::exp).sum());
        };
    }

    private static double[] softmax(int axis, int n, Shape in, double[] x, boolean log) {
        List<Integer> along = List.of(Math.floorMod(axis, in.rank()));
        double[] logSums = reduce(ReduceFunction.LOG_SUM_EXP, along, n, in, x);
        int[] kept = dims(n, in);
        kept[along.getFirst() + 1] = 1;
        double[] y = pairs((a, b) -> a - b, dims(n, in), x, kept, logSums);
        return log ? y : Arrays.stream(y).map(Math::exp).toArray();
    }

    private static double[] product(MatMul layer, int n, List<Shape> in, List<double[]> x) {
        int[] a = dims(n, in.get(0));
        int[] b = dims(n, in.get(1));
        int rank = Math.max(a.length, b.length);
        int[] aDims = wider(a, rank - 1);
        int[] bDims = wider(b, rank - 1);
        int[] dims = new int[rank];
        Arrays.setAll(dims, i -> Math.max(aDims[i], bDims[i]));
        dims[rank - 2] = aDims[rank - (layer.transposeA() ? 1 : 2)];
        dims[rank - 1] = bDims[rank - (layer.transposeB() ? 2 : 1)];
        int k = aDims[rank - (layer.transposeA() ? 2 : 1)];
        double[] y = new double[Arrays.stream(dims).reduce(1, (i, j) -> i * j)];
        int[] index = new int[rank];
        for (int at = 0; at < y.length; at++) {
            int rest = at;
            for (int axis = rank - 1; axis >= 0; axis--) {
                index[axis] = rest % dims[axis];
                rest /= dims[axis];
            }
            for (int i = 0; i < k; i++) {
                int[] left = index.clone();
                int[] right = index.clone();
                left[rank - 2] = layer.transposeA() ? i : index[rank - 2];
                left[rank - 1] = layer.transposeA() ? index[rank - 2] : i;
                right[rank - 2] = layer.transposeB() ? index[rank - 1] : i;
                right[rank - 1] = layer.transposeB() ? i : index[rank - 1];
                y[at] += x.get(0)[flat(left, aDims)] * x.get(1)[flat(right, bDims)];
            }
        }
        return y;
    }

    /** The examples that {@link Each} makes of a batch. */
    static int items(Each each, int n, List<Shape> in) {
        int items = n;
        for (int i = 0; i < each.axes(); i++) {
            items *= in.getFirst().dim(i);
        }
        return items;
    }

    /** The shapes of its items. */
    static List<Shape> itemShapes(Each each, List<Shape> in) {
        return in.stream().map(shape -> new Shape(shape.dims().subList(each.axes(), shape.rank()))).toList();
    }
}
