package lanewise.onnx.lower;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import lanewise.kernel.BinaryFunction;
import lanewise.layer.HardSwish;
import lanewise.layer.Layer;
import lanewise.layer.Mish;
import lanewise.kernel.ReduceFunction;
import lanewise.layer.Relu;
import lanewise.layer.Sigmoid;
import lanewise.layer.Softplus;
import lanewise.layer.Softsign;
import lanewise.layer.Tanh;
import lanewise.layer.Unary;
import lanewise.kernel.UnaryFunction;
import lanewise.onnx.fold.Folder;

/** The operators that become layers, each with the inputs that must be constants for it. */
public final class Operators {

    /** The first operator set that is read. */
    public static final int OLDEST = 6;
    /** The last one whose operators are known. */
    public static final int NEWEST = 26;

    private static final int MANY = Integer.MAX_VALUE;
    private static final Map<String, Operator> TABLE = table();

    private Operators() {}

    /**
     * One operator.
     *
     * @param least the fewest inputs
     * @param most the most inputs
     * @param constants the inputs that must be known when the network is made
     * @param lowering makes the layers
     */
    record Operator(int least, int most, Set<Integer> constants, Function<Call, List<Value>> lowering) {}

    private static final class Table {

        private final Map<String, Operator> operators = new TreeMap<>();

        void one(String name, int least, int most, Set<Integer> constants, Function<Call, Value> lowering) {
            several(name, least, most, constants, call -> List.of(lowering.apply(call)));
        }

        void several(String name, int least, int most, Set<Integer> constants, Function<Call, List<Value>> lowering) {
            operators.put(name, new Operator(least, most, constants, lowering));
        }

        void activation(String name, Supplier<Layer> layer) {
            one(name, 1, 1, Set.of(), call -> ActivationOps.plain(call, layer.get()));
        }

        void function(String name, UnaryFunction function) {
            activation(name, () -> new Unary(function));
        }

        void binary(String name, BinaryFunction function) {
            one(name, 2, 2, Set.of(), call -> ArithmeticOps.binary(call, function));
        }

        void many(String name, BinaryFunction function) {
            one(name, 1, MANY, Set.of(), call -> ArithmeticOps.many(call, function));
        }

        void reduce(String name, ReduceFunction function) {
            one(name, 1, 2, Set.of(1), call -> ReduceOps.reduce(call, function));
        }
    }

    private static Map<String, Operator> table() {
        Table table = new Table();
        filters(table);
        normalizations(table);
        activations(table);
        arithmetic(table);
        movements(table);
        return table.operators;
    }

    private static void filters(Table table) {
        table.one("Conv", 2, 3, Set.of(1, 2), ConvOps::conv);
        table.one("ConvTranspose", 2, 3, Set.of(1, 2), ConvOps::transposed);
        table.several("MaxPool", 1, 1, Set.of(), PoolOps::max);
        table.one("AveragePool", 1, 1, Set.of(), PoolOps::average);
        table.one("LpPool", 1, 1, Set.of(), PoolOps::lp);
        table.one("GlobalMaxPool", 1, 1, Set.of(), PoolOps::globalMax);
        table.one("GlobalAveragePool", 1, 1, Set.of(), PoolOps::globalAverage);
        table.one("GlobalLpPool", 1, 1, Set.of(), PoolOps::globalLp);
        table.one("MaxUnpool", 2, 3, Set.of(2), PoolOps::maxUnpool);
        table.one("Gemm", 2, 3, Set.of(), MatrixOps::gemm);
        table.one("MatMul", 2, 2, Set.of(), MatrixOps::matMul);
    }

    private static void normalizations(Table table) {
        table.several("BatchNormalization", 5, 5, Set.of(1, 2, 3, 4), NormOps::batch);
        table.one("InstanceNormalization", 3, 3, Set.of(1, 2), NormOps::instance);
        table.one("GroupNormalization", 3, 3, Set.of(1, 2), NormOps::group);
        table.several("LayerNormalization", 2, 3, Set.of(1, 2), NormOps::layer);
        table.one("LRN", 1, 1, Set.of(), NormOps::localResponse);
        table.several("Dropout", 1, 3, Set.of(1, 2), NormOps::dropout);
        table.one("Softmax", 1, 1, Set.of(), call -> ReduceOps.softmax(call, false));
        table.one("LogSoftmax", 1, 1, Set.of(), call -> ReduceOps.softmax(call, true));
    }

    private static void activations(Table table) {
        table.activation("Relu", Relu::new);
        table.activation("Sigmoid", Sigmoid::new);
        table.activation("Tanh", Tanh::new);
        table.activation("Softplus", Softplus::new);
        table.activation("Softsign", Softsign::new);
        table.activation("HardSwish", HardSwish::new);
        table.activation("Mish", Mish::new);
        table.one("LeakyRelu", 1, 1, Set.of(), ActivationOps::leaky);
        table.one("PRelu", 2, 2, Set.of(1), ActivationOps::prelu);
        table.one("Elu", 1, 1, Set.of(), ActivationOps::elu);
        table.one("Selu", 1, 1, Set.of(), ActivationOps::selu);
        table.one("Celu", 1, 1, Set.of(), ActivationOps::celu);
        table.one("Gelu", 1, 1, Set.of(), ActivationOps::gelu);
        table.one("HardSigmoid", 1, 1, Set.of(), ActivationOps::hardSigmoid);
        table.one("Swish", 1, 1, Set.of(), ActivationOps::swish);
        table.one("ThresholdedRelu", 1, 1, Set.of(), ActivationOps::thresholded);
        table.one("Clip", 1, 3, Set.of(1, 2), ActivationOps::clip);
        table.one("Cast", 1, 1, Set.of(), ActivationOps::cast);
        table.function("Erf", UnaryFunction.ERF);
        table.function("Exp", UnaryFunction.EXP);
        table.function("Log", UnaryFunction.LOG);
        table.function("Sqrt", UnaryFunction.SQRT);
        table.function("Abs", UnaryFunction.ABS);
        table.function("Neg", UnaryFunction.NEGATE);
        table.function("Reciprocal", UnaryFunction.RECIPROCAL);
        table.function("Floor", UnaryFunction.FLOOR);
        table.function("Ceil", UnaryFunction.CEIL);
        table.function("Round", UnaryFunction.ROUND);
        table.function("Sign", UnaryFunction.SIGN);
        table.function("Sin", UnaryFunction.SIN);
        table.function("Cos", UnaryFunction.COS);
    }

    private static void arithmetic(Table table) {
        table.binary("Add", BinaryFunction.ADD);
        table.binary("Sub", BinaryFunction.SUBTRACT);
        table.binary("Mul", BinaryFunction.MULTIPLY);
        table.binary("Div", BinaryFunction.DIVIDE);
        table.one("Pow", 2, 2, Set.of(), ArithmeticOps::power);
        table.many("Sum", BinaryFunction.ADD);
        table.many("Max", BinaryFunction.MAXIMUM);
        table.many("Min", BinaryFunction.MINIMUM);
        table.one("Mean", 1, MANY, Set.of(), ArithmeticOps::mean);
        table.reduce("ReduceMean", ReduceFunction.MEAN);
        table.reduce("ReduceSum", ReduceFunction.SUM);
        table.reduce("ReduceMax", ReduceFunction.MAX);
        table.reduce("ReduceMin", ReduceFunction.MIN);
        table.reduce("ReduceProd", ReduceFunction.PRODUCT);
        table.reduce("ReduceL1", ReduceFunction.L1);
        table.reduce("ReduceL2", ReduceFunction.L2);
        table.reduce("ReduceSumSquare", ReduceFunction.SUM_SQUARE);
        table.reduce("ReduceLogSumExp", ReduceFunction.LOG_SUM_EXP);
        table.one("ReduceLogSum", 1, 2, Set.of(1), ReduceOps::logSum);
    }

    private static void movements(Table table) {
        table.one("Identity", 1, 1, Set.of(), call -> call.value(0));
        table.one("Concat", 1, MANY, Set.of(), MoveOps::concat);
        table.several("Split", 1, 2, Set.of(1), MoveOps::split);
        table.one("Slice", 1, 5, Set.of(1, 2, 3, 4), MoveOps::slice);
        table.one("Pad", 1, 4, Set.of(1, 2, 3), MoveOps::pad);
        table.one("Gather", 2, 2, Set.of(), MoveOps::gather);
        table.one("Tile", 2, 2, Set.of(1), MoveOps::tile);
        table.one("Expand", 2, 2, Set.of(1), MoveOps::expand);
        table.one("Transpose", 1, 1, Set.of(), ShapeOps::transpose);
        table.one("Reshape", 1, 2, Set.of(1), ShapeOps::reshape);
        table.one("Flatten", 1, 1, Set.of(), ShapeOps::flatten);
        table.one("Squeeze", 1, 2, Set.of(1), ShapeOps::squeeze);
        table.one("Unsqueeze", 1, 2, Set.of(1), ShapeOps::unsqueeze);
        table.one("Shape", 1, 1, Set.of(), ShapeOps::shape);
        table.one("Size", 1, 1, Set.of(), ShapeOps::size);
        table.one("Resize", 1, 4, Set.of(1, 2, 3), ResizeOps::resize);
        table.one("Upsample", 1, 2, Set.of(1), ResizeOps::upsample);
        table.one("DepthToSpace", 1, 1, Set.of(), ShapeOps::depthToSpace);
        table.one("SpaceToDepth", 1, 1, Set.of(), ShapeOps::spaceToDepth);
    }

    /** The operator of this name, or null if it does not become a layer. */
    static Operator find(String opType) {
        return TABLE.get(opType);
    }

    /** Whether the operator is known at all, be it on constants only. */
    public static boolean knows(String opType) {
        return TABLE.containsKey(opType) || Folder.knows(opType);
    }

    /** The names of the operators that become layers, sorted. */
    public static Set<String> names() {
        return new TreeSet<>(TABLE.keySet());
    }
}
