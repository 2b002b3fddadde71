package lanewise.onnx.fold;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lanewise.onnx.OnnxTensor;
import lanewise.onnx.proto.Attributes;
import lanewise.onnx.proto.NodeProto;

/**
 * Evaluates operators on constants: {@code knows} says which, {@code evaluate} does it, as the operator set of that version
 * defines it. Holds no state; thread-safe.
 */
public final class Folder {

    private static final int MANY = Integer.MAX_VALUE;
    private static final Map<String, Operator> OPERATORS = operators();

    private Folder() {}

    /** An operator with the least and most inputs it takes and the most outputs it has. */
    private record Operator(int least, int most, int outputs, FoldFunction function) {}

    private static Map<String, Operator> operators() {
        Map<String, Operator> table = new HashMap<>();
        one(table, "Constant", 0, 0, CreationOps::constant);
        one(table, "ConstantOfShape", 1, 1, CreationOps::constantOfShape);
        one(table, "Shape", 1, 1, CreationOps::shape);
        one(table, "Size", 1, 1, CreationOps::size);
        one(table, "Range", 3, 3, CreationOps::range);
        one(table, "EyeLike", 1, 1, CreationOps::eyeLike);
        one(table, "OneHot", 3, 3, CreationOps::oneHot);

        one(table, "Identity", 1, 1, call -> call.input(0));
        one(table, "Reshape", 1, 2, ReshapeOps::reshape);
        one(table, "Flatten", 1, 1, ReshapeOps::flatten);
        one(table, "Squeeze", 1, 2, ReshapeOps::squeeze);
        one(table, "Unsqueeze", 1, 2, ReshapeOps::unsqueeze);

        one(table, "Transpose", 1, 1, MovementOps::transpose);
        one(table, "Concat", 1, MANY, MovementOps::concat);
        table.put("Split", new Operator(1, 2, MANY, MovementOps::split));
        one(table, "Slice", 1, 5, MovementOps::slice);
        one(table, "Expand", 2, 2, MovementOps::expand);
        one(table, "Tile", 2, 2, MovementOps::tile);
        one(table, "Trilu", 1, 2, MovementOps::trilu);
        one(table, "Where", 3, 3, MovementOps::where);
        one(table, "Pad", 1, 4, PadOp::pad);

        one(table, "Gather", 2, 2, GatherOps::gather);
        one(table, "GatherElements", 2, 2, GatherOps::gatherElements);
        one(table, "GatherND", 2, 2, GatherOps::gatherNd);
        one(table, "ScatterND", 3, 3, GatherOps::scatterNd);
        one(table, "NonZero", 1, 1, GatherOps::nonZero);

        one(table, "Cast", 1, 1, UnaryOps::cast);
        one(table, "CastLike", 2, 2, UnaryOps::castLike);
        one(table, "Neg", 1, 1, UnaryOps.of(x -> -x, x -> -x));
        one(table, "Abs", 1, 1, UnaryOps::abs);
        one(table, "Sign", 1, 1, UnaryOps::sign);
        one(table, "Not", 1, 1, UnaryOps::not);
        one(table, "Clip", 1, 3, UnaryOps::clip);
        one(table, "LeakyRelu", 1, 1, UnaryOps::leakyRelu);
        one(table, "Relu", 1, 1, UnaryOps.of(x -> Math.max(x, 0), x -> Math.max(x, 0)));
        one(table, "Floor", 1, 1, UnaryOps.of(Math::floor));
        one(table, "Ceil", 1, 1, UnaryOps.of(Math::ceil));
        one(table, "Round", 1, 1, UnaryOps.of(Math::rint));
        one(table, "Sqrt", 1, 1, UnaryOps.of(Math::sqrt));
        one(table, "Exp", 1, 1, UnaryOps.of(Math::exp));
        one(table, "Log", 1, 1, UnaryOps.of(Math::log));
        one(table, "Reciprocal", 1, 1, UnaryOps.of(x -> 1 / x));
        one(table, "Erf", 1, 1, UnaryOps.of(UnaryOps::erf));
        one(table, "Sin", 1, 1, UnaryOps.of(Math::sin));
        one(table, "Cos", 1, 1, UnaryOps.of(Math::cos));
        one(table, "Sigmoid", 1, 1, UnaryOps.of(UnaryOps::sigmoid));
        one(table, "Tanh", 1, 1, UnaryOps.of(Math::tanh));

        one(table, "Add", 2, 2, ArithmeticOps.binary(ArithmeticOps::add));
        one(table, "Sub", 2, 2, ArithmeticOps.binary(ArithmeticOps::sub));
        one(table, "Mul", 2, 2, ArithmeticOps.binary(ArithmeticOps::mul));
        one(table, "Div", 2, 2, ArithmeticOps.binary(ArithmeticOps::div));
        one(table, "Pow", 2, 2, ArithmeticOps.binary(ArithmeticOps::pow));
        one(table, "Mod", 2, 2, ArithmeticOps::mod);
        one(table, "Min", 1, MANY, ArithmeticOps.variadic(ArithmeticOps::min));
        one(table, "Max", 1, MANY, ArithmeticOps.variadic(ArithmeticOps::max));
        one(table, "Sum", 1, MANY, ArithmeticOps.variadic(ArithmeticOps::add));
        one(table, "Mean", 1, MANY, ArithmeticOps::mean);

        one(table, "Equal", 2, 2, LogicOps.comparison(order -> order == 0));
        one(table, "Less", 2, 2, LogicOps.comparison(order -> order < 0));
        one(table, "LessOrEqual", 2, 2, LogicOps.comparison(order -> order <= 0));
        one(table, "Greater", 2, 2, LogicOps.comparison(order -> order > 0));
        one(table, "GreaterOrEqual", 2, 2, LogicOps.comparison(order -> order >= 0));
        one(table, "And", 2, 2, LogicOps.logic((x, y) -> x & y));
        one(table, "Or", 2, 2, LogicOps.logic((x, y) -> x | y));
        one(table, "Xor", 2, 2, LogicOps.logic((x, y) -> x ^ y));

        one(table, "ReduceSum", 1, 2, ReductionOps::sum);
        one(table, "ReduceMean", 1, 2, ReductionOps::mean);
        one(table, "ReduceMax", 1, 2, ReductionOps::max);
        one(table, "ReduceMin", 1, 2, ReductionOps::min);
        one(table, "ReduceProd", 1, 2, ReductionOps::prod);
        one(table, "ReduceL1", 1, 2, ReductionOps::l1);
        one(table, "ReduceL2", 1, 2, ReductionOps::l2);
        one(table, "ReduceSumSquare", 1, 2, ReductionOps::sumSquare);
        one(table, "ArgMax", 1, 1, ReductionOps::argMax);
        one(table, "ArgMin", 1, 1, ReductionOps::argMin);
        one(table, "CumSum", 2, 2, ReductionOps::cumSum);

        one(table, "MatMul", 2, 2, MatrixOps::matMul);
        one(table, "Gemm", 2, 3, MatrixOps::gemm);
        table.put("Dropout", new Operator(1, 3, 2, DropoutOp::dropout));
        return Map.copyOf(table);
    }

    private static void one(Map<String, Operator> table, String name, int least, int most, Function<Call, OnnxTensor> function) {
        table.put(name, new Operator(least, most, 1, call -> List.of(function.apply(call))));
    }

    /** The operators that {@link #evaluate} takes, in alphabetical order. */
    static List<String> names() {
        return OPERATORS.keySet().stream().sorted().toList();
    }

    /** Whether {@link #evaluate} takes this operator of ONNX's own domain. */
    public static boolean knows(String opType) {
        return OPERATORS.containsKey(opType);
    }

    /**
     * The outputs of a node. They may share arrays with the inputs.
     *
     * @param node the node, of an operator that {@link #knows}
     * @param opset the version of ONNX's own operator set
     * @param inputs one value for each input of the node, null where an optional one is left out
     * @param tensors reads the tensors in its attributes
     * @return one value for each output that the node declares
     * @throws IllegalArgumentException if inputs or attributes are not what this version of the operator takes, or the result is
     *         too large for a constant ({@code 2^28} elements or a quarter of the heap)
     * @throws IOException if a tensor cannot be read
     */
    public static List<OnnxTensor> evaluate(NodeProto node, int opset, List<OnnxTensor> inputs, TensorSource tensors)
            throws IOException {
        Operator operator = OPERATORS.get(node.opType());
        if (operator == null) {
            throw new IllegalArgumentException("operator " + node.opType() + " is not evaluated on constants");
        }
        int given = inputs.size();
        while (given > 0 && inputs.get(given - 1) == null) {
            given--;
        }
        if (given < operator.least || given > operator.most) {
            throw new IllegalArgumentException(node.opType() + " has " + given + " inputs, must have " + operator.least
                    + (operator.most == operator.least ? "" : operator.most == MANY ? " or more" : " to " + operator.most));
        }
        for (int i = 0; i < (operator.most == MANY ? given : operator.least); i++) {
            if (inputs.get(i) == null) {
                throw new IllegalArgumentException("input " + i + " of " + node.opType() + " is left out, must be there");
            }
        }
        int declared = node.outputs().size();
        if (declared < 1 || declared > operator.outputs) {
            throw new IllegalArgumentException(node.opType() + " has " + declared + " outputs, must have 1"
                    + (operator.outputs == 1 ? "" : operator.outputs == MANY ? " or more" : " to " + operator.outputs));
        }
        Attributes attributes = new Attributes(node);
        if (opset < 6) {
            attributes.getLongs("consumed_inputs", null); // a hint about memory that early exporters gave
        }
        List<OnnxTensor> results;
        try {
            results = operator.function.apply(new Call(opset, attributes, inputs.subList(0, given), declared, tensors));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (!attributes.unread().isEmpty()) {
            throw new IllegalArgumentException(
                    "attributes " + attributes.unread() + " are unknown to " + node.opType() + " of opset " + opset);
        }
        return results.subList(0, declared);
    }
}
