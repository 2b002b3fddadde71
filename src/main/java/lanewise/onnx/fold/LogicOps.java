package lanewise.onnx.fold;

import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** Comparisons and truth values, with broadcasting. */
final class LogicOps {

    private LogicOps() {}

    /** A comparison that {@code holds} for the order of two elements: -1, 0, 1 or, where one is NaN, NaN. */
    static Function<Call, OnnxTensor> comparison(DoublePredicate holds) {
        return call -> {
            OnnxTensor a = call.input(0);
            OnnxTensor b = ArithmeticOps.alignedB(call);
            Elements.sameType(a, b);
            int[] dims = Sizes.broadcast(a.dims(), b.dims());
            OnnxTensor x = Views.expand(a, dims);
            OnnxTensor z = Views.expand(b, dims);
            OnnxTensor y = Elements.zeros(ElementType.BOOL, dims);
            for (int i = 0, n = y.size(); i < n; i++) {
                y.longs()[i] = holds.test(order(x, z, i)) ? 1 : 0;
            }
            return y;
        };
    }

    private static double order(OnnxTensor a, OnnxTensor b, int i) {
        if (a.isIntegral()) {
            return Integer.signum(Elements.compare(a.type(), a.longs()[i], b.longs()[i]));
        }
        double x = a.get(i);
        double y = b.get(i);
        return x < y ? -1 : x > y ? 1 : x == y ? 0 : Double.NaN;
    }

    /** {@code And}, {@code Or}, {@code Xor}. */
    static Function<Call, OnnxTensor> logic(LongBinaryOperator f) {
        return call -> {
            truth(call.input(0));
            truth(call.input(1));
            return Elements.zip(call.input(0), ArithmeticOps.alignedB(call), null, f);
        };
    }

    static void truth(OnnxTensor x) {
        if (x.type() != ElementType.BOOL) {
            throw new IllegalArgumentException("input is " + x + ", must be of type BOOL");
        }
    }
}
