package lanewise.onnx.fold;

import java.util.function.BinaryOperator;
import java.util.function.Function;
import lanewise.onnx.ElementType;
import lanewise.onnx.OnnxTensor;

/** Arithmetic of two or more tensors with broadcasting. */
final class ArithmeticOps {

    private ArithmeticOps() {}

    /** An operator of two inputs, {@code B} brought to where opsets before 7 want it. */
    static Function<Call, OnnxTensor> binary(BinaryOperator<OnnxTensor> f) {
        return call -> f.apply(call.input(0), alignedB(call));
    }

    /** An operator of any number of inputs, taken two by two from the left. */
    static Function<Call, OnnxTensor> variadic(BinaryOperator<OnnxTensor> f) {
        return call -> call.inputs().stream().reduce(f).orElseThrow();
    }

    /**
     * Input 1; before opset 7, {@code broadcast=1, axis=k} lines its first axis up with axis {@code k} of input 0 instead of the
     * last with the last.
     */
    static OnnxTensor alignedB(Call call) {
        OnnxTensor a = call.input(0);
        OnnxTensor b = call.input(1);
        if (call.opset() >= 7) {
            return b;
        }
        call.flag("broadcast", false);
        int axis = Sizes.axis(call.attributes().getInt("axis", Math.max(a.rank() - b.rank(), 0)), a.rank() + 1);
        int[] dims = new int[Math.max(a.rank() - axis, b.rank())];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < b.rank() ? b.dim(i) : 1;
        }
        return b.reshaped(dims);
    }

    static OnnxTensor add(OnnxTensor a, OnnxTensor b) {
        return Elements.zip(a, b, Double::sum, Long::sum);
    }

    static OnnxTensor sub(OnnxTensor a, OnnxTensor b) {
        return Elements.zip(a, b, (x, y) -> x - y, (x, y) -> x - y);
    }

    static OnnxTensor mul(OnnxTensor a, OnnxTensor b) {
        return Elements.zip(a, b, (x, y) -> x * y, (x, y) -> x * y);
    }

    /** Integers lose their fraction; a division of an integer by zero is refused. */
    static OnnxTensor div(OnnxTensor a, OnnxTensor b) {
        boolean unsigned = a.type() == ElementType.UINT64;
        return Elements.zip(a, b, (x, y) -> x / y, (x, y) -> unsigned ? Long.divideUnsigned(x, notZero(x, y)) : x / notZero(x, y));
    }

    private static long notZero(long x, long y) {
        if (y == 0) {
            throw new IllegalArgumentException("divisor of " + x + " is 0, must not be 0 for integers");
        }
        return y;
    }

    /** The remainder with the sign of the divisor, or with {@code fmod=1} that of the dividend. */
    static OnnxTensor mod(Call call) {
        boolean truncated = call.flag("fmod", false);
        OnnxTensor a = call.input(0);
        if (!truncated && !a.isIntegral()) {
            throw new IllegalArgumentException("attribute fmod is 0, must be 1 for " + a.type());
        }
        boolean unsigned = a.type() == ElementType.UINT64;
        return Elements.zip(a, call.input(1), (x, y) -> x % y, (x, y) -> {
            notZero(x, y);
            return unsigned ? Long.remainderUnsigned(x, y) : truncated ? x % y : Math.floorMod(x, y);
        });
    }

    /** The type of the result is that of the base. */
    static OnnxTensor pow(OnnxTensor a, OnnxTensor b) {
        if (a.isIntegral() && b.isIntegral()) {
            boolean unsigned = b.type() == ElementType.UINT64;
            OnnxTensor exponents = b.type() == a.type() ? b : OnnxTensor.of(ElementType.INT64, b.longs(), b.dims());
            OnnxTensor bases = exponents == b ? a : OnnxTensor.of(ElementType.INT64, a.longs(), a.dims());
            OnnxTensor y = Elements.zip(bases, exponents, null, (x, n) -> unsigned || n >= 0 ? power(x, n) : inverse(x, n));
            return Elements.convert(y, a.type());
        }
        OnnxTensor x = Elements.convert(a, ElementType.DOUBLE);
        return Elements.convert(Elements.zip(x, Elements.convert(b, ElementType.DOUBLE), Math::pow, null), a.type());
    }

    /** By squaring; wraps as repeated multiplication does. */
    private static long power(long base, long exponent) {
        long result = 1;
        for (long bits = exponent; bits != 0; bits >>>= 1) {
            result *= (bits & 1) == 1 ? base : 1;
            base *= base;
        }
        return result;
    }

    /** An integer to a negative power: 1, -1, or a fraction that becomes 0. */
    private static long inverse(long base, long exponent) {
        if (base == 0) {
            throw new IllegalArgumentException("0 has exponent " + exponent + ", must be at least 0 for integers");
        }
        return base == 1 || base == -1 ? power(base, exponent & 1) : 0;
    }

    static OnnxTensor min(OnnxTensor a, OnnxTensor b) {
        return Elements.zip(a, b, Math::min, (x, y) -> Elements.compare(a.type(), x, y) <= 0 ? x : y);
    }

    static OnnxTensor max(OnnxTensor a, OnnxTensor b) {
        return Elements.zip(a, b, Math::max, (x, y) -> Elements.compare(a.type(), x, y) >= 0 ? x : y);
    }

    /** The sum over all inputs, divided by their number. */
    static OnnxTensor mean(Call call) {
        OnnxTensor sum = call.inputs().stream().reduce(ArithmeticOps::add).orElseThrow();
        return Elements.map(sum, x -> x / call.inputs().size(), null);
    }

    /** The {@code reduction} of a scatter. */
    static OnnxTensor reduce(String reduction, OnnxTensor a, OnnxTensor b) {
        return switch (reduction) {
            case "add" -> add(a, b);
            case "mul" -> mul(a, b);
            case "min" -> min(a, b);
            case "max" -> max(a, b);
            default -> throw new IllegalArgumentException("reduction is " + reduction + ", must be none, add, mul, min or max");
        };
    }
}
